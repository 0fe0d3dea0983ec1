"""The results as Markdown, to be read on a terminal and pasted into the README."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from figures import (
    FIT_STEPS,
    MORE_SCORE_STEPS,
    READ_COUNTS,
    SCORE_STEPS,
    first_date,
    further_date,
    own_fit,
    own_score,
)
from measure import Cost
from plan import HISTORY_DATES, Results, pareto_stage
from targets import Verdict

_MODELS = {
    "bg_nbd": ("r", "alpha", "a", "b"),
    "mbg_nbd": ("r", "alpha", "a", "b"),
    "pareto_nbd": ("r", "alpha", "s", "beta"),
    "gamma_gamma": ("p", "q", "v"),
}
_SOURCES = {
    "truth": ("orders",),
    "rfm": ("rfm fit",),
    "lifetimes": ("lifetimes", pareto_stage("lifetimes")),
    "pymc-marketing": ("pymc-marketing", pareto_stage("pymc-marketing")),
}


def as_markdown(results: Results, judged: Sequence[Verdict], machine: Mapping[str, str]) -> str:
    """Lay out costs, parameters and targets of one size."""
    facts = {**machine, **results.versions}
    parts = [
        f"## {results.customer_count:,} customers, {results.order_count:,} orders",
        "\n".join(f"- {name}: {fact}" for name, fact in facts.items()),
        "CPU seconds are user and system time over all threads. Fits and scores are timed within "
        "their process, without its start; memory is the peak of the process until then.",
        _table(("work", "CPU s", "wall s", "peak MiB"), _cost_rows(results)),
        "Estimates (days, money units) from the same customers:",
        _table(("model", "parameter", *_SOURCES), _parameter_rows(results)),
        "\n".join(_score_lines(results)),
        _table(
            ("target", "measured", "result"),
            ((verdict.target, verdict.figures, verdict.word) for verdict in judged),
        ),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(header: Sequence[str], rows: Iterator[Sequence[str]] | list[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cost_rows(results: Results) -> Iterator[Sequence[str]]:
    for work, cost in _costs(results):
        if cost is None:
            continue
        yield (
            work,
            f"{cost.cpu_seconds:,.2f}",
            f"{cost.wall_seconds:,.2f}",
            f"{cost.peak_mib:,.0f}",
        )
    for stage, outcome in results.outcomes.items():
        if outcome.failure:
            yield (f"{stage}: {outcome.failure.replace('|', '/')}", "-", "-", "-")


def _costs(results: Results) -> Iterator[tuple[str, Cost | None]]:
    yield "hand-written DuckDB query: summary and RFM", results.cost("hand-written")
    yield (
        "the same with count(*), each row being an order",
        results.cost("hand-written, each row an order"),
    )
    yield "`rfm run`, one as-of date, Parquet to marts, tests included", results.cost("run")
    yield "- without what 2,000 customers take, nearly all of it the start", first_date(results)
    yield f"`rfm run`, {HISTORY_DATES} history dates more", results.cost("run with history")
    yield "- each further history date", further_date(results)
    yield "rfm: fit BG/NBD and Gamma-Gamma from one row per customer", own_fit(results)
    for step in (READ_COUNTS, "fit BG/NBD", "fit Gamma-Gamma", "fit MBG/NBD", "fit Pareto/NBD"):
        yield f"- {step}", results.cost("rfm fit", step)
    yield (
        "- learn_ltv: both fits, quadrature nodes and intervals",
        results.cost("rfm fit", "learn_ltv"),
    )
    yield (
        "rfm: score everyone (P(alive), 90 and 365 days, order value, 12 and 36 months, interval)",
        own_score(results),
    )
    yield "`rfm backtest`: three cuts, all models and naive rules", results.cost("backtest")
    for peer in ("lifetimes", "pymc-marketing"):
        yield f"{peer}: fit BG/NBD and Gamma-Gamma", results.cost(peer, *FIT_STEPS)
        for step in FIT_STEPS:
            yield f"- {step}", results.cost(peer, step)
        yield "- fit MBG/NBD", results.cost(peer, "fit MBG/NBD")
        yield "- fit Pareto/NBD", results.cost(pareto_stage(peer), "fit Pareto/NBD")
        yield (
            f"{peer}: score everyone (P(alive), 365 days, order value, 12 months)",
            results.cost(peer, *SCORE_STEPS),
        )
        yield (
            f"{peer}: the same and 90 days and 36 months",
            results.cost(peer, *SCORE_STEPS, *MORE_SCORE_STEPS),
        )


def _parameter_rows(results: Results) -> Iterator[Sequence[str]]:
    for model, parameters in _MODELS.items():
        estimates = [
            next((f[model] for f in map(results.facts, stages) if model in f), {})
            for stages in _SOURCES.values()
        ]
        for parameter in parameters:
            yield (
                model,
                parameter,
                *(f"{e[parameter]:.6g}" if parameter in e else "-" for e in estimates),
            )


def _score_lines(results: Results) -> Iterator[str]:
    for peer in ("lifetimes", "pymc-marketing"):
        apart = results.facts(f"scores of {peer}")
        if not apart:
            continue
        without = results.facts(peer)["customers_without_number"]
        worst = ", ".join(
            f"{name} {value:.1e}" for name, value in apart.items() if name != "customer_count"
        )
        yield (
            f"Scores of rfm and {peer} for {apart['customer_count']:,} customers differ by at "
            f"most (in proportion): {worst}; {without:,} customers of {peer} have no number."
        )
