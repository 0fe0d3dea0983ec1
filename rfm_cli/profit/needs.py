"""What each line of the statement needs, and what it unlocks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

Facts = dict[str, Any]


@dataclass(frozen=True)
class Need:
    """Data that a line of the statement is made of.

    Attributes:
        line: of the statement, as in `profit_statement`.
        entities: of docs/sources.md, or settings, in words.
        unlocks: what is known with them.
    """

    line: str
    entities: str
    unlocks: str


NEEDS = (
    Need(
        "goods_cost",
        "product_costs with order_lines, or the setting rfm_profit_goods_cost_shares",
        "contribution margin 1, what is left of sales when goods are paid",
    ),
    Need(
        "discount",
        "order_lines with list prices",
        "who buys at full price, and whom discounts are given to",
    ),
    Need(
        "fulfilment_cost",
        "shipping_costs, or rates of orders and picks in activity_costs",
        "contribution margin 2, what shipping and handling leave",
    ),
    Need("payment_cost", "payments", "fees and chargebacks"),
    Need(
        "return_cost",
        "refunds, and the rate of a return in activity_costs",
        "what returns cost beyond the money given back",
    ),
    Need(
        "marketing_cost",
        "campaign_events with marketing_costs",
        "contribution margin 3, what a customer leaves after messages and service",
    ),
    Need(
        "service_cost",
        "interactions with handle_minutes, and the rate of a contact_minute",
        "who is over-served, and who spends much and leaves nothing",
    ),
    Need("late_payment_cost", "payments with due dates", "what chasing late payers costs"),
)
LEDGER = Need("ledger", "ledger_entries", "costs that no customer caused, so that all costs add up")


def missing(known_lines: Collection[str], *, has_ledger: bool) -> list[Facts]:
    """List what there is no data of.

    Args:
        known_lines: lines of the statement that have an amount.
        has_ledger: whether the ledger is known.

    Returns:
        Of each the line, what it needs and what that would unlock.
    """
    lacking = [need for need in NEEDS if need.line not in known_lines]
    if not has_ledger:
        lacking.append(LEDGER)
    return [
        {"line": need.line, "needs": need.entities, "unlocks": need.unlocks} for need in lacking
    ]
