"""What a back-test found, in words and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from rfm_cli import console, words

Facts = Mapping[str, Any]

_RULE_NAMES = {
    "last_period": "same as last period",
    "last_third": "last third, scaled up",
    "mean_rate": "own mean rate",
    "hiatus": "own rate unless silent",
    "past_value": "past value again",
    "rfm_cell": "mean of RFM cell",
}
_MEASURES = {"value": "Money", "orders": "Orders"}


def print_backtest(facts: Facts) -> None:
    """Print who won, by how far, and all methods."""
    out = console.stdout()
    dates = ", ".join(f"{cut['cut_date']}" for cut in facts["cuts"])
    newest = facts["cuts"][-1]
    out.print(
        f"Back-test as of {facts['as_of_date']}: forecasts made at {dates} and compared with the "
        f"{newest['holdout_days']} days after; {words.count(newest['customer_count'], 'customer')} "
        "at the last cut.",
        facts["rule"],
        soft_wrap=True,
        markup=False,
        sep="\n",
    )
    for measure in _MEASURES:
        out.print(f"\n{verdict_in_words(facts, measure)}", soft_wrap=True, markup=False)
        out.print(_methods_table(facts[measure]["methods"], with_interval=measure == "value"))
    out.print(
        "Error: root mean square error per customer. Total: how far the sum of the forecasts was"
        " off. Gini: how well customers are ranked, 1 is perfect. Deciles: how far tenths of the"
        " customers were off. Top 20: what the top 20 % by forecast brought of everything. In 90 %:"
        " customers within their interval. Means over the cuts; each cut is in ltv_backtest.",
        soft_wrap=True,
        markup=False,
    )
    for line in _refusals(facts["refusals"]):
        out.print(line, soft_wrap=True, markup=False)
    if facts["corrections"]:
        out.print(
            f"\nCorrected by what earlier hold-outs had shown, at {newest['cut_date']}"
            " (rfm_ltv_correction: backtest scores so):",
            soft_wrap=True,
            markup=False,
        )
        out.print(_corrections_table(facts["corrections"]))


def verdict_in_words(facts: Facts, measure: str) -> str:
    """Say which method forecasts best and how far models and naive rules are apart."""
    found = facts[measure]
    about = _MEASURES[measure]
    if found["winner"] is None:
        return f"{about}: no method could forecast at every cut."
    if found["best_model"] is None:
        return (
            f"{about}: no model could be fitted at every cut; of the naive rules"
            f' "{method_name(found["winner"])}" forecasts best.'
        )
    model = method_name(found["best_model"])
    if found["best_naive_rule"] is None:
        return f"{about}: {model} forecasts best; no naive rule could forecast at every cut."
    naive = f'"{method_name(found["best_naive_rule"])}"'
    distance = _distance(found["margin"])
    if found["is_model_best"]:
        return f"{about}: {model} forecasts best. Against the best naive rule, {naive}: {distance}."
    return (
        f"{about}: no model beats the naive rule {naive} on these orders. {model} against it:"
        f" {distance}."
    )


def method_name(method: str) -> str:
    """Write a method in words."""
    return words.MODEL_NAMES.get(method) or _RULE_NAMES[method]


def _distance(margin: Facts) -> str:
    parts = []
    share = margin["root_mean_square_error_share"]
    if share is not None:
        parts.append(f"error {words.share(abs(share))} {'smaller' if share >= 0 else 'larger'}")
    for name, about, better, worse in (
        ("total_bias", "total", "nearer", "farther off"),
        ("calibration_error", "deciles", "nearer", "farther off"),
    ):
        if margin[name] is not None:
            side = better if margin[name] >= 0 else worse
            parts.append(f"{about} {100 * abs(margin[name]):.1f} points {side}")
    if margin["gini"] is not None:
        parts.append(f"Gini {margin['gini']:+.3f}")
    return ", ".join(parts)


def _methods_table(methods: Sequence[Facts], *, with_interval: bool) -> Table:
    table = _table("Method", "Rank", "Error", "Total", "Gini", "Deciles", "Top 20")
    if with_interval:
        table.add_column("In 90 %", justify="right", no_wrap=True)
    for one in methods:
        cells = [
            method_name(one["method"]) + (" *" if one["is_winner"] else ""),
            "-" if one["mean_rank"] is None else f"{one['mean_rank']:.1f}",
            _number(one["root_mean_square_error"]),
            words.share(one["total_bias"]),
            "-" if one["gini"] is None else f"{one['gini']:.3f}",
            words.share(one["calibration_error"]),
            words.share(one["top_share"]),
        ]
        if with_interval:
            cells.append(words.share(one["interval_coverage"]))
        table.add_row(*cells)
    return table


def _corrections_table(corrections: Sequence[Facts]) -> Table:
    table = _table("Model", "Of", "Error", "then", "Total", "then", "Deciles", "then")
    for one in corrections:
        pairs = [
            (_number(one[f"root_mean_square_error_{when}"]) for when in ("before", "after")),
            (_signed(one[f"total_bias_{when}"]) for when in ("before", "after")),
            (words.share(one[f"calibration_error_{when}"]) for when in ("before", "after")),
        ]
        cells = [cell for pair in pairs for cell in pair]
        table.add_row(method_name(one["method"]), _MEASURES[one["measure"]].lower(), *cells)
    return table


def _table(*names: str) -> Table:
    table = console.make_table(*names)
    table.collapse_padding = True  # so many numbers fit 80 columns
    return table


def _refusals(refusals: Sequence[Facts]) -> list[str]:
    return [
        f"{method_name(one['method'])} could not forecast at {one['cut_date']}: {one['reason']}"
        for one in refusals
    ]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.3f}" if abs(value) < 100 else f"{value:,.1f}"


def _signed(part: float | None) -> str:
    return "-" if part is None else f"{100 * part:+.1f} %"
