"""Which stages and steps make up a figure; the table and the targets use the same ones."""

from __future__ import annotations

from measure import Cost
from plan import HELP_TRIES, HISTORY_DATES, Results

READ_COUNTS = "group equal customers and read the counts"
FIT_STEPS = ("fit BG/NBD", "fit Gamma-Gamma")
# The numbers of customer_ltv that the peers can compute, all but the interval; the first four are
# what their users ask for.
SCORE_STEPS = (
    "P(alive)",
    "expected orders, 365 days",
    "order value",
    "discounted value, 12 months",
)
MORE_SCORE_STEPS = ("discounted value, 36 months", "expected orders, 90 days")
OWN_SCORE_STEPS = (
    "int_ltv__expected_orders",
    "int_ltv__lookup",
    "customer_ltv",
    "close the database",
)


def own_fit(results: Results) -> Cost | None:
    """From one row per customer to the parameters of BG/NBD and Gamma-Gamma."""
    return results.cost("rfm fit", READ_COUNTS, *FIT_STEPS)


def own_fit_alone(results: Results) -> Cost | None:
    """From grouped counts in memory to the parameters, as the peers start from a summary."""
    return results.cost("rfm fit", *FIT_STEPS)


def own_score(results: Results) -> Cost | None:
    """Score everyone, and write the table."""
    return results.cost("rfm score", *OWN_SCORE_STEPS)


def first_date(results: Results) -> Cost | None:
    """Compute the first as-of date: `rfm run` without the start, which 2,000 customers show."""
    return _difference(results.cost("run"), results.cost("small, one date"), 1)


def further_date(results: Results) -> Cost | None:
    """Compute one further as-of date of the history, on average."""
    return _difference(results.cost("run with history"), results.cost("run"), HISTORY_DATES)


def fastest_help(results: Results) -> Cost | None:
    """Answer `rfm --help`, the best of some tries."""
    costs = [results.cost(f"help {number}") for number in range(HELP_TRIES)]
    return min((cost for cost in costs if cost), key=lambda c: c.wall_seconds, default=None)


def _difference(longer: Cost | None, shorter: Cost | None, parts: int) -> Cost | None:
    if longer is None or shorter is None:
        return None
    return Cost(
        (longer.cpu_seconds - shorter.cpu_seconds) / parts,
        (longer.wall_seconds - shorter.wall_seconds) / parts,
        longer.peak_mib,
    )
