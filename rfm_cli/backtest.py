"""The back-test of a warehouse: cut its orders, judge forecasts, keep and read what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import Any

from rfm_cli.backtest_windows import Window, choose_windows
from rfm_cli.console import Reporter
from rfm_cli.errors import BadInput
from rfm_cli.learn_backtest import BACKTEST_TABLES, EXTRACT, learn_backtest
from rfm_cli.places import working_place
from rfm_cli.warehouse import Target, Warehouse, open_warehouse

Facts = dict[str, Any]

MARTS = ("ltv_backtest", "ltv_calibration")
MODELS = ("mbg_nbd", "bg_nbd", "pareto_nbd")
RULE = (
    "At every cut the methods are ranked on root mean square error, size of the total bias, Gini "
    "and calibration error by deciles; the lowest mean rank wins."
)
# What the methods are compared on, as means over the cuts.
_COMPARED = (
    "root_mean_square_error",
    "total_bias",
    "gini",
    "calibration_error",
    "mean_absolute_error",
    "top_share",
    "interval_coverage",
)


@dataclass(frozen=True)
class Wishes:
    """What is asked for; None and nothing: by the rule of `backtest_windows`."""

    cuts: Sequence[date] = ()
    folds: int = 3
    holdout_days: int | None = None
    models: Sequence[str] = MODELS


def backtest(project_dir: Path, target: Target, wishes: Wishes, reporter: Reporter) -> Facts:
    """Cut the orders at dates in the past, judge every forecast there, and keep the results.

    The scores stay as they are; the marts ltv_backtest and ltv_calibration are replaced.

    Args:
        project_dir: the folder of the dbt project.
        target: a warehouse that `rfm run` made.
        wishes: the cuts and the models.
        reporter: told what is going on.

    Returns:
        The run, its cuts, and by measure (value, orders) the methods, the winner and its margin.

    Raises:
        BadInput: there is nothing to cut, the history is too short, or nobody had ordered by a cut.
        RfmError: anything else that went wrong; the marts are as they were.
    """
    from rfm_cli.dbt import Dbt

    with open_warehouse(target) as warehouse:
        first_order, as_of = _history(warehouse)
    chosen = choose_windows(
        first_order,
        as_of,
        cuts=wishes.cuts,
        folds=wishes.folds,
        holdout_days=wishes.holdout_days,
    )
    windows = [(window, window.earlier(first_order)) for window in chosen]
    with working_place(target) as place:
        reporter.step("Reading the project")
        dbt = Dbt(project_dir, place.target, {**place.variables, **_variables(windows)})
        dbt.parse()
        reporter.step("Cutting the orders")
        dbt.build(select=(EXTRACT, *BACKTEST_TABLES), on_progress=reporter.advance)
        reporter.step("Judging forecasts")
        done = _counter(reporter, len(windows) * len(wishes.models))
        with place.open() as opened, place.errors():
            run = learn_backtest(
                opened,
                dbt.relations(),
                windows=windows,
                models=wishes.models,
                as_of_date=as_of,
                on_progress=done,
            )
        if run is None:
            raise BadInput(
                "nobody had ordered before the first cut",
                where=f"cut {windows[0][0].cut_date}",
                hint="choose a later --cut, or fewer --folds",
            )
        reporter.step("Publishing the results")
        dbt.build(select=("int_ltv__current_backtest", *MARTS), on_progress=reporter.advance)
        place.publish([one for one in dbt.replacements() if one.old in MARTS])
    facts = _results(target)
    return {"run_id": run.run_id, "is_new": run.is_new, "rule": RULE, **facts}


def _history(warehouse: Warehouse) -> tuple[date, date]:
    """Return the date of the first order and the as-of date."""
    (first_order,) = warehouse.query(
        f"select min(order_date) from {warehouse.relation('int_orders__resolved')} "
        "where not is_refund_only"
    )[0]
    as_of = warehouse.query(
        f"select as_of_date from {warehouse.relation('int_time__as_of_dates')} where is_current"
    )
    if first_order is None or not as_of:
        raise BadInput(
            "there are no orders to cut",
            where=warehouse.where,
            hint="load orders with `rfm run --orders FILE`",
        )
    return first_order, as_of[0][0]


def _variables(windows: Sequence[tuple[Window, Window]]) -> Mapping[str, object]:
    wanted = {(one.cut_date.isoformat(), one.holdout_days) for pair in windows for one in pair}
    return {"rfm_ltv_backtest_windows": [list(pair) for pair in sorted(wanted)]}


def _counter(reporter: Reporter, total: int) -> Callable[[str], None]:
    done = -1

    def tell(label: str) -> None:
        nonlocal done
        done += 1
        reporter.advance(done, total, label)

    return tell


def _results(target: Target) -> Facts:
    with open_warehouse(target) as warehouse:
        rows = warehouse.records(
            f"select * from {warehouse.relation(MARTS[0])} order by cut_date, measure, method"
        )
    newest = max(row["cut_date"] for row in rows)
    return {
        "database": target.where,
        "as_of_date": rows[0]["as_of_date"],
        "cuts": _cuts(rows),
        **{measure: _measure_facts(rows, measure) for measure in ("value", "orders")},
        "corrections": _corrections(rows, newest),
        "refusals": [
            {"cut_date": row["cut_date"], "method": row["method"], "reason": row["refusal_reason"]}
            for row in rows
            if row["refusal_reason"] and row["measure"] == "value"
        ],
        "results": [
            {name: value for name, value in row.items() if name not in ("run_id", "as_of_date")}
            for row in rows
        ],
    }


def _cuts(rows: Sequence[Facts]) -> list[Facts]:
    cuts: dict[date, Facts] = {}
    for row in rows:
        cut = cuts.setdefault(
            row["cut_date"],
            {
                "cut_date": row["cut_date"],
                "holdout_days": row["holdout_days"],
                "customer_count": row["customer_count"],
            },
        )
        if row["actual_total"] is not None:
            cut[f"actual_{row['measure']}"] = row["actual_total"]
    return list(cuts.values())


def _measure_facts(rows: Sequence[Facts], measure: str) -> Facts:
    """Bring each method's cuts together, best first, and say by how far the winner wins."""
    about = [row for row in rows if row["measure"] == measure and not row["is_corrected"]]
    names = dict.fromkeys(row["method"] for row in about)
    methods = [_method_facts([row for row in about if row["method"] == name]) for name in names]
    methods.sort(key=lambda one: (one["mean_rank"] is None, one["mean_rank"], one["method"]))
    ranked = [one for one in methods if one["mean_rank"] is not None]
    winner = next((one for one in methods if one["is_winner"]), None)
    model = next((one for one in ranked if one["is_model"]), None)
    naive = next((one for one in ranked if not one["is_model"]), None)
    return {
        "winner": winner and winner["method"],
        "is_model_best": bool(winner and winner["is_model"]),
        "best_model": model and model["method"],
        "best_naive_rule": naive and naive["method"],
        "margin": _margin(model, naive) if model and naive else None,
        "methods": methods,
    }


def _method_facts(rows: Sequence[Facts]) -> Facts:
    first = rows[0]
    means = {
        name: fmean(abs(row[name]) if name == "total_bias" else row[name] for row in known)
        if (known := [row for row in rows if row[name] is not None])
        else None
        for name in _COMPARED
    }
    return {
        "method": first["method"],
        "is_model": first["is_model"],
        "is_winner": any(row["is_winner"] for row in rows),
        "mean_rank": first["mean_rank"],
        **means,
    }


def _margin(model: Facts, naive: Facts) -> Facts:
    """How much better the best model is than the best naive rule; below 0: how much worse.

    The error as a share of the rule's; the others as differences.
    """
    margin: Facts = {}
    error, other = model["root_mean_square_error"], naive["root_mean_square_error"]
    margin["root_mean_square_error_share"] = 1 - error / other if other else None
    for name, is_less_better in (("total_bias", 1), ("gini", -1), ("calibration_error", 1)):
        mine, theirs = model[name], naive[name]
        known = mine is not None and theirs is not None
        margin[name] = is_less_better * (theirs - mine) if known else None
    return margin


def _corrections(rows: Sequence[Facts], newest: date) -> list[Facts]:
    """Set forecasts of the newest cut beside themselves as corrected by what was known then."""
    at_newest = [row for row in rows if row["cut_date"] == newest and row["is_model"]]
    before = {(row["measure"], row["method"]): row for row in at_newest if not row["is_corrected"]}
    return [
        {
            "cut_date": newest,
            "measure": row["measure"],
            "method": row["method"],
            **{
                f"{name}_{when}": one[name]
                for name in ("root_mean_square_error", "total_bias", "calibration_error")
                for when, one in (
                    ("before", before[row["measure"], row["method"]]),
                    ("after", row),
                )
            },
        }
        for row in at_newest
        if row["is_corrected"]
    ]
