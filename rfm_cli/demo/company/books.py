"""The books: what customers bring and cost, and the ledger by month."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from rfm_cli.demo.company import rates
from rfm_cli.demo.company.clock import FIRST_DAY, HISTORY_DAYS
from rfm_cli.demo.company.columns import constant, pick, table

_SECOND_YEAR = FIRST_DAY + 366
_MONTHS = np.arange("2024-01", "2026-01", dtype="datetime64[M]")
ACCOUNTS = (
    "4000 revenue", "4900 refunds", "5000 cost of goods", "6100 shipping", "6200 service",
    "6300 marketing", "6400 restocking", "6500 handling",
)  # fmt: skip


def activity_cost(activity: str, day: np.ndarray) -> np.ndarray:
    """Return EUR for one of an activity on days since 1970."""
    base = rates.ACTIVITIES[activity][1]
    later = round(base * rates.SECOND_YEAR_FACTOR, 4)
    return np.where(day >= _SECOND_YEAR, later, base)


class Ledger:
    """Sums by account and month in whole cents, so that the order of adding is nothing."""

    def __init__(self) -> None:
        self._cents = np.zeros((len(ACCOUNTS), len(_MONTHS)), np.int64)

    def add(self, account: str, day: np.ndarray, euros: np.ndarray) -> None:
        """Add amounts to an account, each rounded to the cent.

        Args:
            account: its first four digits.
            day: (n) days since 1970; those outside the history are in no book.
            euros: (n) amounts.
        """
        which = next(i for i, name in enumerate(ACCOUNTS) if name.startswith(account))
        inside = (day >= FIRST_DAY) & (day < FIRST_DAY + HISTORY_DAYS)
        months = day[inside].astype("datetime64[D]").astype("datetime64[M]") - _MONTHS[0]
        cents = np.round(euros[inside] * 100).astype(np.int64)
        np.add.at(self._cents[which], months.astype(int), cents)

    def table(self) -> tuple[str, str, pa.Table]:
        """Write the ledger; costs and refunds are negative."""
        account, month = np.divmod(np.arange(self._cents.size), len(_MONTHS))
        return table(
            "raw_accounting.ledger",
            {
                "period": pick(pa.array(_MONTHS.astype(str)), month),
                "account": pick(pa.array(ACCOUNTS), account),
                "amount": self._cents.ravel(),
            },
        )


class Accounts:
    """What each row of the people brings and costs, EUR.

    Args:
        rows: of the people.
        ledger: where it is booked as well.
    """

    def __init__(self, rows: int, ledger: Ledger) -> None:
        self.margin = np.zeros(rows)
        self.cost = np.zeros(rows)
        self.revenue = np.zeros(rows)
        self._ledger = ledger

    def sell(self, row: np.ndarray, day: np.ndarray, euros: np.ndarray) -> None:
        """Book revenue; rows of -1 are strangers."""
        self._ledger.add("4000", day, euros)
        self._add(self.margin, row, euros)
        self._add(self.revenue, row, euros)

    def refund(self, row: np.ndarray, day: np.ndarray, euros: np.ndarray) -> None:
        """Book money given back, positive."""
        self._ledger.add("4900", day, -euros)
        self._add(self.margin, row, -euros)

    def goods(self, row: np.ndarray, day: np.ndarray, euros: np.ndarray) -> None:
        """Book what goods cost; negative when they come back."""
        self._ledger.add("5000", day, -euros)
        self._add(self.margin, row, -euros)

    def serve(self, account: str, row: np.ndarray, day: np.ndarray, euros: np.ndarray) -> None:
        """Book what serving costs on an account of the ledger."""
        self._ledger.add(account, day, -euros)
        self._add(self.cost, row, euros)

    @staticmethod
    def _add(to: np.ndarray, row: np.ndarray, euros: np.ndarray) -> None:
        known = row >= 0
        to += np.bincount(row[known], euros[known], len(to))


def activity_table() -> tuple[str, str, pa.Table]:
    """Write what activities cost, for each of the two years."""
    names = list(rates.ACTIVITIES)
    base = np.array([rates.ACTIVITIES[name][1] for name in names])
    later = np.round(base * rates.SECOND_YEAR_FACTOR, 4)
    count = len(names)
    until = np.ma.masked_array(
        np.repeat([_SECOND_YEAR - 1, 0], count), np.repeat([False, True], count)
    )
    return table(
        "raw_accounting.activity_costs",
        {
            "activity": pa.array(names * 2),
            "driver": pa.array([rates.ACTIVITIES[name][0] for name in names] * 2),
            "rate": np.round(np.concatenate([base, later]) * 10_000),
            "currency": constant("EUR", 2 * count),
            "valid_from": np.repeat([FIRST_DAY - 31, _SECOND_YEAR], count),
            "valid_to": until,
        },
    )
