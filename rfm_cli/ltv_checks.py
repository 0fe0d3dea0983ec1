"""Whether the orders are such as the models assume, and how an earlier fit has held, in words."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rfm_cli import words
from rfm_cli.warehouse import Warehouse

Row = Mapping[str, Any]
_HINT = "see what it means: docs/lifetime-value.md"
_MONTHS_NEEDED = 24
# Checks of the fit itself, and the diagnostics they go by.
_OF_THE_FIT = {
    "order_count_spend_correlation": "order_count_spend_correlation",
    "equal_dropout": "is_dropout_equal",
}


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        name: one word.
        is_warning: whether it is worth a warning.
        message: what was found.
        consequence: what a warning means for the values, None without one.
        hint: the next thing to do about a warning.
    """

    name: str
    is_warning: bool
    message: str
    consequence: str | None = None
    hint: str | None = None

    @property
    def text(self) -> str:
        """Message and consequence as sentences."""
        sentence = f"{self.message[0].upper()}{self.message[1:]}."
        return f"{sentence} {self.consequence}" if self.consequence else sentence


def read_checks(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Read the checks of the orders; none of a database that an earlier version built."""
    relation = warehouse.find_relation("ltv_checks")
    return warehouse.records(f"select * from {relation} order by check_name") if relation else []


def read_drift(warehouse: Warehouse) -> dict[str, Any] | None:
    """Read how an earlier fit has held; None where there was none."""
    relation = warehouse.find_relation("ltv_drift")
    rows = warehouse.records(f"select * from {relation}") if relation else []
    return rows[0] if rows else None


def read_diagnostics(warehouse: Warehouse, run_id: str) -> dict[str, float]:
    """Read what checks look at of a fit, by the name of the check."""
    names = ", ".join(f"'{diagnostic}'" for diagnostic in _OF_THE_FIT.values())
    found = dict(
        warehouse.query(
            f"select diagnostic, value from {warehouse.relation('fitted_ltv_diagnostics')} "
            f"where run_id = ? and diagnostic in ({names})",
            [run_id],
        )
    )
    return {check: found[name] for check, name in _OF_THE_FIT.items() if name in found}


def with_diagnostics(
    checks: list[dict[str, Any]], values: Mapping[str, float]
) -> list[dict[str, Any]]:
    """Put what is known of a new fit, which no build has checked yet, into the checks."""
    return [
        {
            **check,
            "check_value": values[check["check_name"]],
            "is_known": True,
            "is_warning": abs(values[check["check_name"]]) > check["check_limit"],
        }
        if check["check_name"] in values
        else check
        for check in checks
    ]


def findings(checks: list[dict[str, Any]], drift: Row | None) -> list[Finding]:
    """Put all that was checked in words."""
    found = [_WORDS[check["check_name"]](check) for check in checks]
    return [*found, _drift(drift)] if drift else found


def _regularity(check: Row) -> Finding:
    number = check["observation_count"]
    if not check["is_known"]:
        customers = words.count(number, "customer")
        return Finding(
            "rhythm", False, f"{customers} with three order days are too few to tell a rhythm"
        )
    told = f"regularity {check['check_value']:.1f}, 1 is chance"
    if not check["is_warning"]:
        return Finding(
            "rhythm", False, f"orders come about as random as the models assume ({told})"
        )
    return Finding(
        "rhythm",
        True,
        f"orders come at regular intervals, as those of subscriptions do ({told})",
        "The models take them to come at random, so they notice late that a customer has left.",
        _HINT,
    )


def _season(check: Row) -> Finding:
    if not check["is_known"]:
        months = words.count(check["observation_count"], "whole month")
        return Finding(
            "season",
            False,
            f"{months} of orders cannot show a season of the year, {_MONTHS_NEEDED} are needed",
        )
    month = month_name[check["calendar_month"]]
    told = f"{check['check_value']:.1f} times the orders of the months around it"
    if not check["is_warning"]:
        return Finding("season", False, f"no season stands out ({month} has {told})")
    return Finding(
        "season",
        True,
        f"{month} has {told}",
        "The models know no season: a time with it brings more than they expect, others less.",
        _HINT,
    )


def _correlation(check: Row) -> Finding:
    if not check["is_known"]:
        return Finding("spend", False, "without a fit nothing is assumed of spend")
    value = check["check_value"]
    told = f"correlation {value:+.2f}"
    if not check["is_warning"]:
        return Finding(
            "spend",
            False,
            f"how much customers spend hardly depends on how often they order ({told})",
        )
    more, few = ("more", "too high") if value > 0 else ("less", "too low")
    return Finding(
        "spend",
        True,
        f"who orders more often spends {more} on an order ({told})",
        f"Gamma-Gamma takes them to be independent: customers of few orders are valued {few}.",
        _HINT,
    )


def _dropout(check: Row) -> Finding:
    if not check["is_known"]:
        return Finding("dropout", False, "without a fit nothing is assumed of who stops ordering")
    if not check["is_warning"]:
        return Finding("dropout", False, "some customers are likelier to stop ordering than others")
    return Finding(
        "dropout",
        True,
        "all customers seem equally likely to stop ordering, and the fit takes them to be",
        "Who is still a customer is told by nothing but the time since the last order, beside how "
        "often they ordered; a longer order history may show more.",
        _HINT,
    )


def _drift(drift: Row) -> Finding:
    made = drift["order_count"]
    bias = drift["order_bias"]
    told = f" ({100 * bias:+.0f} %)" if bias is not None else ""
    message = (
        f"the fit of {drift['fitted_as_of_date']} expected {drift['expected_order_count']:,.0f} "
        f"orders of its customers in {words.count(drift['horizon_days'], 'day')}, "
        f"they made {made:,}{told}"
    )
    if not drift["is_warning"]:
        return Finding("drift", False, message)
    too = "high" if drift["expected_order_count"] > made else "low"
    return Finding(
        "drift",
        True,
        message,
        f"That is more than chance explains; values of such fits were too {too}.",
        "rfm run learns and scores anew"
        if drift["is_current_fit"]
        else "a newer fit scores; see whether it holds",
    )


_WORDS: dict[str, Callable[[Row], Finding]] = {
    "order_regularity": _regularity,
    "season": _season,
    "order_count_spend_correlation": _correlation,
    "equal_dropout": _dropout,
}
