"""Where a back-test cuts the orders.

Without dates of your own, hold-outs lie one after the other up to the as-of date, each as long as
the time before the first of them: the history is divided into one part more than there are cuts,
of at most `longest` days. So every calibration window is at least as long as its hold-out, and
each hold-out ends where the next one begins.

Each cut has an earlier one, at most half of its calibration window before it, whose hold-out ends
at the cut: what is learned from outcomes (RFM cells) is learned there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rfm_cli.errors import BadInput

LONGEST_HOLDOUT_DAYS = 365
SHORTEST_HOLDOUT_DAYS = 30


@dataclass(frozen=True)
class Window:
    """A cut and the days after it that forecasts are compared with."""

    cut_date: date
    holdout_days: int

    def earlier(self, first_order: date) -> Window:
        """Return the window whose hold-out ends at the cut."""
        days = min(self.holdout_days, (self.cut_date - first_order).days // 2)
        return Window(self.cut_date - timedelta(days=days), days)


def choose_windows(
    first_order: date,
    as_of: date,
    *,
    cuts: Sequence[date] = (),
    folds: int = 3,
    holdout_days: int | None = None,
) -> list[Window]:
    """Choose the cuts, in order of time.

    Args:
        first_order: the date of the first order.
        as_of: orders from this date on do not exist yet.
        cuts: the cuts asked for; none: `folds` of them by the rule.
        folds: how many, where no cuts are asked for.
        holdout_days: the length of every hold-out; None: as long as the history allows, at most
            LONGEST_HOLDOUT_DAYS.

    Raises:
        BadInput: the history is too short, or a cut does not leave enough days before or after.
    """
    if cuts:
        return _at(sorted(set(cuts)), first_order, as_of, holdout_days)
    history = (as_of - first_order).days
    most = history // (folds + 1)
    days = min(LONGEST_HOLDOUT_DAYS, most) if holdout_days is None else holdout_days
    if days > most or days < SHORTEST_HOLDOUT_DAYS:
        raise _too_short(history, folds, days, holdout_days)
    return [Window(as_of - timedelta(days=days * back), days) for back in range(folds, 0, -1)]


def _at(
    cuts: Sequence[date], first_order: date, as_of: date, holdout_days: int | None
) -> list[Window]:
    most = min((as_of - cuts[-1]).days, (cuts[0] - first_order).days)
    days = min(LONGEST_HOLDOUT_DAYS, most) if holdout_days is None else holdout_days
    for cut in cuts:
        before, after = (cut - first_order).days, (as_of - cut).days
        if min(before, after) < max(days, SHORTEST_HOLDOUT_DAYS):
            raise BadInput(
                f"the cut leaves {max(before, 0):,} days of orders before and"
                f" {max(after, 0):,} after, and needs"
                f" {max(days, SHORTEST_HOLDOUT_DAYS):,} of either",
                where=f"--cut {cut}",
                hint=f"the orders are of {first_order} to {as_of - timedelta(days=1)}; choose a"
                " cut further inside, or fewer --holdout-days"
                f" (at least {SHORTEST_HOLDOUT_DAYS})",
            )
    return [Window(cut, days) for cut in cuts]


def _too_short(history: int, folds: int, days: int, asked: int | None) -> BadInput:
    if asked is not None and asked < SHORTEST_HOLDOUT_DAYS:
        return BadInput(
            f"a hold-out of {asked} days is too short to judge forecasts by",
            where=f"--holdout-days {asked}",
            hint=f"use at least {SHORTEST_HOLDOUT_DAYS}",
        )
    wanted = max(days, SHORTEST_HOLDOUT_DAYS)
    possible = history // wanted - 1
    hint = f"load orders of at least {2 * SHORTEST_HOLDOUT_DAYS} days"
    if possible >= 1:
        hint = f"use --folds {possible}, or fewer --holdout-days"
    elif history >= 2 * SHORTEST_HOLDOUT_DAYS:
        hint = f"use --folds 1 and at most --holdout-days {history // 2}"
    return BadInput(
        f"the orders of {history:,} days are too few for {folds} hold-outs of {wanted:,} days"
        " with as many days before the first",
        where="rfm backtest",
        hint=hint,
    )
