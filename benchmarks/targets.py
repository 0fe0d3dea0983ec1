"""The targets, each with the figures it is judged by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from figures import (
    FIT_STEPS,
    MORE_SCORE_STEPS,
    SCORE_STEPS,
    fastest_help,
    first_date,
    further_date,
    own_fit,
    own_fit_alone,
    own_score,
)
from measure import Cost
from plan import Results

# The targets of speed are for this size; other sizes show the figures.
JUDGED_CUSTOMERS = 1_000_000
# A maximum of the same likelihood has the same parameters; the peer stops a little early.
AGREEMENT = 1e-3

NOT_MEASURED = "not measured"
_RFM_STAGES = ("run", "run with history", "rfm fit", "rfm score", "backtest")


@dataclass(frozen=True)
class Verdict:
    """`is_met` is None where the target is not judged at this size."""

    target: str
    figures: str
    is_met: bool | None

    @property
    def is_measured(self) -> bool:
        """Whether there are figures."""
        return self.figures != NOT_MEASURED

    @property
    def word(self) -> str:
        """Say it in a word."""
        return {True: "PASS", False: "MISSED", None: "not judged at this size"}[self.is_met]


def verdicts(results: Results) -> list[Verdict]:
    """Judge every target; one that could not be measured is missed."""
    return list(_verdicts(results))


def _verdicts(results: Results) -> Iterator[Verdict]:
    is_judged = results.customer_count == JUDGED_CUSTOMERS
    yield _times_faster(
        "fit, data in memory on both sides: at least 30 times faster than lifetimes (CPU)",
        results.cost("lifetimes", *FIT_STEPS),
        own_fit_alone(results),
        30,
        is_judged,
    )
    # Stricter on us: what the warehouse does to group, and the reading, count too.
    yield _times_faster(
        "fit, our grouping and reading counted as well",
        results.cost("lifetimes", *FIT_STEPS),
        own_fit(results),
        30,
        False,
    )
    # The same work: every number of customer_ltv that lifetimes has.
    yield _times_faster(
        "scoring, the same columns: at least 15 times faster than lifetimes (CPU)",
        results.cost("lifetimes", *SCORE_STEPS, *MORE_SCORE_STEPS),
        own_score(results),
        15,
        is_judged,
    )
    yield _run(results.cost("run"), results.cost("hand-written"), is_judged)
    yield _history(first_date(results), further_date(results), is_judged)
    yield _memory(results)
    yield _agreement(results)
    yield _wall("`rfm --help`: under 0.3 s", fastest_help(results), 0.3)
    yield _wall("`rfm run` on 2,000 customers: under 20 s in all", results.cost("small"), 20)


def _times_faster(
    target: str, theirs: Cost | None, ours: Cost | None, wanted: float, is_judged: bool
) -> Verdict:
    if theirs is None or ours is None:
        return Verdict(target, NOT_MEASURED, False if is_judged else None)
    ratio = theirs.cpu_seconds / ours.cpu_seconds
    figures = f"{theirs.cpu_seconds:.2f} s / {ours.cpu_seconds:.2f} s = {ratio:.1f} times"
    return Verdict(target, figures, ratio >= wanted if is_judged else None)


def _run(ours: Cost | None, query: Cost | None, is_judged: bool) -> Verdict:
    target = "`rfm run`, one date: at most 4 times the hand-written query + 10 s (CPU)"
    if ours is None or query is None:
        return Verdict(target, NOT_MEASURED, False if is_judged else None)
    limit = 4 * query.cpu_seconds + 10
    figures = f"{ours.cpu_seconds:.1f} s; 4 * {query.cpu_seconds:.1f} s + 10 s = {limit:.1f} s"
    return Verdict(target, figures, ours.cpu_seconds <= limit if is_judged else None)


def _history(first: Cost | None, further: Cost | None, is_judged: bool) -> Verdict:
    target = "each further history date: at most half of the first without the start (CPU)"
    if first is None or further is None:
        return Verdict(target, NOT_MEASURED, False if is_judged else None)
    figures = f"{further.cpu_seconds:.2f} s; half of {first.cpu_seconds:.2f} s"
    return Verdict(
        target, figures, further.cpu_seconds <= first.cpu_seconds / 2 if is_judged else None
    )


def _memory(results: Results) -> Verdict:
    target = "every stage of rfm: under 8 GiB of memory"
    costs = [results.cost(stage) for stage in _RFM_STAGES]
    if any(cost is None for cost in costs):
        return Verdict(target, NOT_MEASURED, False)
    peak_gib = max(cost.peak_mib for cost in costs if cost) / 1024
    return Verdict(target, f"{peak_gib:.2f} GiB", peak_gib < 8)


def _agreement(results: Results) -> Verdict:
    target = f"BG/NBD and Gamma-Gamma parameters: lifetimes' within {AGREEMENT:g} of the value"
    pairs = [
        (value, results.facts("lifetimes")[model][name])
        for model in ("bg_nbd", "gamma_gamma")
        for name, value in results.facts("rfm fit").get(model, {}).items()
        if model in results.facts("lifetimes")
    ]
    if not pairs:
        return Verdict(target, NOT_MEASURED, False)
    worst = max(abs(theirs / ours - 1) for ours, theirs in pairs)
    return Verdict(target, f"at most {worst:.1e} apart", worst <= AGREEMENT)


def _wall(target: str, cost: Cost | None, limit: float) -> Verdict:
    if cost is None:
        return Verdict(target, NOT_MEASURED, False)
    return Verdict(target, f"{cost.wall_seconds:.2f} s", cost.wall_seconds < limit)
