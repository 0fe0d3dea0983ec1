"""What a customer leaves and costs: stored values of customer_profit, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rfm_cli import words
from rfm_cli.warehouse import Warehouse

Facts = dict[str, Any]

_COSTS = {
    "goods_cost_amount": "goods",
    "fulfilment_cost_amount": "shipping and handling",
    "payment_cost_amount": "fees and chargebacks",
    "return_cost_amount": "handling of returns",
    "marketing_cost_amount": "messages and campaigns",
    "service_cost_amount": "service",
    "late_payment_cost_amount": "late payment",
}
_CLASSES = {"loss": "a loss", "break_even": "break-even", "profitable": "profitable"}
_BALANCES = {"over_served": "Over-served", "under_served": "Under-served"}


def profit_facts(warehouse: Warehouse, customer_id: str) -> Facts | None:
    """Read what a customer leaves, and what they get for it.

    Returns:
        The row of customer_profit and, under `balance` and `service`, those of
        customer_service_balance (None without an order) and customer_service_levels (None without
        a tier); None where no costs are known.
    """
    profit, balance, service = (
        _row(warehouse, mart, customer_id)
        for mart in ("customer_profit", "customer_service_balance", "customer_service_levels")
    )
    return profit and {**profit, "balance": balance, "service": service}


def profit_words(profit: Mapping[str, Any]) -> list[str]:
    """Say what a customer leaves, a sentence a line; what is not known is named."""
    measure = words.MEASURE_NAMES.get(profit["profit_measure"], profit["profit_measure"])
    kind = _CLASSES.get(profit["profit_class"], "not known")
    rate = profit["margin_rate"]
    of_sales = "" if rate is None else f", {words.share(rate)} of it"
    held = ", held for now" if profit["is_profit_tier_held"] else ""
    lines = [
        f"Profit: of {words.money(profit['net_sales_amount'])} net sales "
        f"{words.money(profit['profit_amount'])} are left{of_sales} ({measure}): {kind}, "
        f"tier {profit['profit_tier']} of 5{held}.",
        *_cost_words(profit),
    ]
    balance = profit["balance"]
    if balance and balance["service_balance"] in _BALANCES:
        lines.append(f"{_BALANCES[balance['service_balance']]}.")
    if balance and balance["reasons"]:
        lines.append(f"Why: {balance['reasons']}.")
    if profit["service"]:
        lines.append(_service_words(profit["service"]))
    return lines


def _service_words(service: Mapping[str, Any]) -> str:
    told = [f"goods back within {words.count(service['return_days'], 'day')}"]
    if service["response_hours"] is not None:
        told.insert(0, f"an answer within {words.count(service['response_hours'], 'hour')}")
    amount = service["free_shipping_from_amount"]
    if amount is not None:
        told.append(f"free shipping from {words.money(amount)}" if amount else "free shipping")
    return f"Service of tier {service['profit_tier']}: {', '.join(told)}."


def _cost_words(profit: Mapping[str, Any]) -> list[str]:
    known = {name: profit[column] for column, name in _COSTS.items() if profit[column]}
    unknown = [name for column, name in _COSTS.items() if profit[column] is None]
    told = ", ".join(
        f"{name} {words.money(amount)}"
        for name, amount in sorted(known.items(), key=lambda one: -one[1])
    )
    lines = [f"Costs: {told}."] if told else []
    if profit["estimated_goods_cost_amount"]:
        estimated = words.money(profit["estimated_goods_cost_amount"])
        lines.append(f"Of the goods {estimated} are estimated: their cost is not known.")
    if unknown:
        lines.append(f"Not known: {', '.join(unknown)}.")
    return lines


def _row(warehouse: Warehouse, mart: str, customer_id: str) -> Facts | None:
    if warehouse.find_relation(mart) is None:
        return None
    rows = warehouse.records(
        f"select * from {warehouse.relation(mart)} where customer_id = ?", [customer_id]
    )
    return rows[0] if rows else None
