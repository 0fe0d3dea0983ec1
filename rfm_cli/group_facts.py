"""Groups of customers with a fit of their own: the facts, and the same in words."""

from __future__ import annotations

from typing import Any

from rfm_cli.warehouse import Warehouse

EVERYBODY = ""  # the group of the fit of everybody


def group_fits(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Read r and alpha of each group of the current fit; none where everybody shares one fit."""
    fits = warehouse.find_relation("int_ltv__group_fits")
    if fits is None:
        return []
    return warehouse.records(
        f"select ltv_group, r, alpha from {fits} where ltv_group <> ? order by ltv_group",
        [EVERYBODY],
    )


def group_of(warehouse: Warehouse, customer_id: str) -> str | None:
    """Find the group whose fit scores a customer.

    Returns:
        The group; '' where the fit does not know the customer's; None where there are no groups.
    """
    known = {fit["ltv_group"] for fit in group_fits(warehouse)}
    groups = warehouse.find_relation("int_ltv__customer_groups")
    if not known or groups is None:
        return None
    rows = warehouse.query(f"select ltv_group from {groups} where customer_id = ?", [customer_id])
    return rows[0][0] if rows and rows[0][0] in known else EVERYBODY


def groups_in_words(groups: list[dict[str, Any]]) -> list[str]:
    """Say that groups have fits of their own, and how far they lie apart."""
    if not groups:
        return []
    paces = sorted((fit["alpha"] / fit["r"], fit["ltv_group"]) for fit in groups)
    (fast, quickest), (slow, slowest) = paces[0], paces[-1]
    return [
        f"Each of {len(groups)} groups of customers has a fit of its own, leaning on the others:"
        f" an active customer of {quickest} orders once every {fast:,.0f} days on average,"
        f" one of {slowest} every {slow:,.0f}."
    ]


def group_in_words(group: str | None) -> str:
    """Say whose fit scores a customer, to follow the name of the model."""
    if group is None:
        return ""
    if group == EVERYBODY:
        return ", by the fit of all customers: the fit does not know the customer's group"
    return f", by the fit of the group {group}"
