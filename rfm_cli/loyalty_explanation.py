"""How loyal a customer is, and by what: stored values of customer_loyalty, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rfm_cli import words
from rfm_cli.warehouse import Warehouse

Facts = dict[str, Any]

_MOODS = {"happy": "happy", "unhappy": "unhappy", "unknown": "whether happy is not known"}
_HEALTH = {"good": "good; the next look is due by", "watch": "worth a look by", "act": "act by"}
_PRICES = {
    "full_price": "a full-price buyer",
    "mixed": "sometimes at full price",
    "bargain": "a bargain hunter",
}


def loyalty_facts(warehouse: Warehouse, customer_id: str) -> Facts | None:
    """Read what is stored about the loyalty of a customer.

    Returns:
        The row of customer_loyalty; None when there is none, or the database was built before
        there was such a mart.
    """
    if warehouse.find_relation("customer_loyalty") is None:
        return None
    rows = warehouse.records(
        f"select * from {warehouse.relation('customer_loyalty')} where customer_id = ?",
        [customer_id],
    )
    return rows[0] if rows else None


def loyalty_words(loyalty: Mapping[str, Any]) -> list[str]:
    """Say how loyal a customer is, a sentence a line; what is not known is left out."""
    return [
        f"Loyalty: {loyalty['reasons']}; {_MOODS[loyalty['happiness']]}.",
        *_health_words(loyalty),
        *_tenure_words(loyalty),
        *_price_words(loyalty),
        *_breadth_words(loyalty),
        *_advocacy_words(loyalty),
    ]


def _health_words(loyalty: Mapping[str, Any]) -> list[str]:
    if loyalty["health"] is None:
        return []
    return [
        f"Health of the relationship: {_HEALTH[loyalty['health']]} {loyalty['review_due_date']}."
    ]


def _tenure_words(loyalty: Mapping[str, Any]) -> list[str]:
    if loyalty["tenure_days"] is None:
        return []
    return [
        f"A customer for {words.count(loyalty['tenure_days'], 'day')}, with orders in "
        f"{words.share(loyalty['active_month_share'])} of the months since."
    ]


def _price_words(loyalty: Mapping[str, Any]) -> list[str]:
    if loyalty["full_price_share"] is None:
        return []
    return [
        f"Pays full price for {words.share(loyalty['full_price_share'])} of the value, "
        f"{_PRICES[loyalty['price_habit']]}; {words.share(loyalty['discount_depth'])} off the list "
        "price in all."
    ]


def _breadth_words(loyalty: Mapping[str, Any]) -> list[str]:
    if loyalty["product_line_count"] is None:
        return []
    lines = words.count(loyalty["product_line_count"], "product line")
    # 1 / HHI: with equal shares this is the number of lines itself.
    even = 1 / loyalty["product_concentration"]
    spread = (
        f", as much spread as {even:.1f} equal ones" if loyalty["product_line_count"] > 1 else ""
    )
    return [f"Buys {lines}, most of {loyalty['main_product_line']}{spread}."]


def _advocacy_words(loyalty: Mapping[str, Any]) -> list[str]:
    index = loyalty["advocacy_index"]
    if index is None:
        return []
    signs = []
    if loyalty["promoter_score"] is not None:
        signs.append(f"would recommend us {loyalty['promoter_score']:.0f} of 10")
    if loyalty["review_count"]:
        signs.append(words.count(loyalty["review_count"], "rating") + " as a buyer")
    if loyalty["successful_referral_count"]:
        signs.append(f"brought {words.count(loyalty['successful_referral_count'], 'customer')}")
    return [f"Advocacy {index:.0f} of 100, {loyalty['advocacy_band']}: {', '.join(signs)}."]
