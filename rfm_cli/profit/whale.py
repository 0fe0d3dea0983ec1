"""Reads who makes the profit, who eats it, and whose attention is out of proportion."""

from __future__ import annotations

from typing import Any

from rfm_cli.profit.needs import missing
from rfm_cli.profit.statement import LINES, measured
from rfm_cli.warehouse import Target, Warehouse, open_warehouse

Facts = dict[str, Any]


def whale(target: Target, top: int = 5) -> Facts:
    """Read concentration and the customers to look at.

    Args:
        target: a warehouse that a round has filled.
        top: how many customers of each kind to return.

    Returns:
        as_of_date; profit_measure and why it is that; measures: of each the row of
        profit_concentration and its points of the curve, profit first; kinds: loss_makers,
        big_spenders_low_profit, over_served, under_served, each with count, amount (what they earn)
        and customers (of loss makers also causes: the costs that stand out), None without costs;
        missing: what the statement lacks.

    Raises:
        BadInput: nothing is built yet.
        WarehouseUnavailable: the database cannot be read.
    """
    with open_warehouse(target) as warehouse:
        measures = warehouse.records(
            f"select * from {warehouse.relation('profit_concentration')} order by measure"
        )
        for measure in measures:
            measure["points"] = warehouse.records(
                "select customer_percent, customer_count, cumulative_amount, cumulative_share "
                f"from {warehouse.relation('profit_curve')} where measure = ? "
                "order by customer_percent",
                [measure["measure"]],
            )
        has_costs = warehouse.find_relation("customer_service_balance") is not None
        return {
            "as_of_date": measures[0]["as_of_date"] if measures else None,
            **measured(warehouse),
            "measures": measures,
            "kinds": _kinds(warehouse, top) if has_costs else None,
            "missing": missing(
                _known_lines(warehouse) if has_costs else set(),
                has_ledger=warehouse.find_relation("profit_reconciliation") is not None,
            ),
        }


def _known_lines(warehouse: Warehouse) -> set[str]:
    """Name the lines that customers have amounts of."""
    counts = ", ".join(f"count({line}_amount)" for line in LINES)
    row = warehouse.query(f"select {counts} from {warehouse.relation('customer_profit')}")[0]
    return {line for line, count in zip(LINES, row, strict=True) if count}


def _kinds(warehouse: Warehouse, top: int) -> Facts:
    conditions = {
        "loss_makers": ("profit_class = 'loss'", "profit_amount"),
        "big_spenders_low_profit": ("is_big_spender_low_profit", "profit_amount"),
        "over_served": ("service_balance = 'over_served'", "attention_index desc"),
        "under_served": ("service_balance = 'under_served'", "attention_index"),
    }
    rows = (
        f"{warehouse.relation('customer_profit')} as profit "
        f"inner join {warehouse.relation('customer_service_balance')} as balance "
        "on profit.customer_id = balance.customer_id"
    )
    kinds = {}
    for kind, (condition, order) in conditions.items():
        count, amount = warehouse.query(
            f"select count(*), coalesce(sum(profit_amount), 0) from {rows} where {condition}"
        )[0]
        customers = warehouse.records(
            "select profit.customer_id, net_sales_amount, profit_amount, attention_index, reasons "
            f"from {rows} where {condition} order by {order}, profit.customer_id limit {int(top)}"
        )
        kinds[kind] = {"count": int(count), "amount": amount, "customers": customers}
    _add_causes(warehouse, kinds["loss_makers"]["customers"])
    return kinds


def _add_causes(warehouse: Warehouse, customers: list[Facts]) -> None:
    """Add the costs that stand out, the largest beyond the average first."""
    costs = warehouse.relation("customer_costs")
    for customer in customers:
        customer["causes"] = warehouse.records(
            "select cause, amount, excess_amount, share_of_sales, percentile "
            f"from {costs} where customer_id = ? and excess_amount > 0 "
            "order by excess_amount desc, cause",
            [customer["customer_id"]],
        )
