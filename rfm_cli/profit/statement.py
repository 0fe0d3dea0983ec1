"""Reads the profit and loss statement, of all customers and of their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from rfm_cli.errors import BadInput
from rfm_cli.profit.needs import missing
from rfm_cli.warehouse import Target, Warehouse, open_warehouse

Facts = dict[str, Any]

LINES = (
    "gross_sales", "discount", "refund", "net_sales", "goods_cost", "cm1", "fulfilment_cost",
    "payment_cost", "return_cost", "cm2", "marketing_cost", "service_cost", "late_payment_cost",
    "cm3",
)  # fmt: skip
# What leads from the margin to the ledger: margin + these two = ledger.
LEDGER_LINES = ("not_in_ledger", "unallocated", "ledger")
MARGINS = ("cm3", "cm2", "cm1", "net_sales")
# What the statement can be parted by: the scope of profit_statement, and without costs a column.
PARTS = {
    "segment": ("rfm_segment", "customer_rfm.rfm_segment"),
    "product-line": ("product_line", "order_lines.product_line"),
    "month": ("month", "orders.order_date"),
    "source": ("source", "orders.source_name"),
}
BY = ("customer", *PARTS)
# Of product lines the statement has sales and goods only; the other costs are a part of their own.
UNPARTED = "not by product line"


def statement(target: Target, by: str | None = None, top: int = 20) -> Facts:
    """Read the statement of all customers, and of each part.

    Args:
        target: a warehouse that a round has filled.
        by: customer or a key of PARTS; None for the whole only.
        top: how many parts to return: the latest months, else those that leave most; of customers
            also as many that leave least.

    Returns:
        as_of_date, has_costs; profit_measure and why it is that; lines (line, amount: null when
        not known); estimated_goods_cost_amount and missing_rate_count; unallocated by account of
        the ledger, and ledger (LEDGER_LINES), None without one; missing (line, needs, unlocks); by,
        part_count and parts (name and the lines of each), of customers the lowest as well, of
        product lines the unparted_cost_amount: costs of orders and customers.

    Raises:
        BadInput: nothing is built yet, or product lines are asked for and no source has them.
        WarehouseUnavailable: the database cannot be read.
    """
    with open_warehouse(target) as warehouse:
        has_costs = warehouse.find_relation("customer_profit") is not None
        stored = _company(warehouse) if has_costs else _company_sales(warehouse)
        lines = {line: stored.get(line) for line in LINES}
        unallocated = _unallocated(warehouse)
        known = {name for name, amount in lines.items() if amount is not None}
        return {
            **_basis(warehouse, has_costs=has_costs),
            "lines": [{"line": line, "amount": amount} for line, amount in lines.items()],
            "unallocated": unallocated,
            "ledger": {line: stored.get(line) for line in LEDGER_LINES} if unallocated else None,
            "missing": missing(known, has_ledger=unallocated is not None),
            "by": by,
            **(_parts(warehouse, by, top, has_costs=has_costs) if by else {}),
        }


def _basis(warehouse: Warehouse, *, has_costs: bool) -> Facts:
    (as_of_date,) = warehouse.query(
        f"select max(as_of_date) from {warehouse.relation('source_summary')}"
    )[0]
    facts: Facts = {"as_of_date": as_of_date, "has_costs": has_costs, **measured(warehouse)}
    if not has_costs:
        return {**facts, "estimated_goods_cost_amount": None, "missing_rate_count": None}
    estimated, missing_rates = warehouse.query(
        "select sum(estimated_goods_cost_amount), sum(missing_rate_count) "
        f"from {warehouse.relation('customer_profit')}"
    )[0]
    return {
        **facts,
        "estimated_goods_cost_amount": estimated,
        "missing_rate_count": int(missing_rates or 0),
    }


def measured(warehouse: Warehouse) -> Facts:
    """Return which money profit is counted in, and why: how much of it is known."""
    measure = warehouse.find_relation("int_profit__measure")
    rows = warehouse.query(f"select profit_measure, reason from {measure}") if measure else []
    name, reason = rows[0] if rows else ("net_revenue", None)
    return {"profit_measure": name, "profit_measure_reason": reason}


def _company(warehouse: Warehouse) -> dict[str, Decimal | None]:
    rows = warehouse.query(
        f"select statement_line, amount from {warehouse.relation('profit_statement')} "
        "where scope = 'company'"
    )
    return {line.removesuffix("_amount"): amount for line, amount in rows}


def _company_sales(warehouse: Warehouse) -> dict[str, Decimal | None]:
    """Without costs there are sales: before refunds, refunds, and what is left."""
    gross, refund, net = warehouse.query(
        "select coalesce(sum(gross_amount), 0), coalesce(sum(refund_amount), 0), "
        f"coalesce(sum(revenue_amount), 0) from {warehouse.relation('orders')}"
    )[0]
    return {"gross_sales": gross, "refund": refund, "net_sales": net}


def _unallocated(warehouse: Warehouse) -> list[Facts] | None:
    reconciliation = warehouse.find_relation("profit_reconciliation")
    if reconciliation is None:
        return None
    rows = warehouse.records(
        "select account, sum(ledger_amount) as ledger_amount, "
        "sum(allocated_amount) as allocated_amount, sum(unallocated_amount) as unallocated_amount "
        f"from {reconciliation} group by account order by account"
    )
    return rows or None


def _parts(warehouse: Warehouse, by: str, top: int, *, has_costs: bool) -> Facts:
    if by == "customer":
        return _customers(warehouse, top, has_costs=has_costs)
    scope, column = PARTS[by]
    if has_costs:
        rows = warehouse.query(
            "select scope_value, statement_line, amount "
            f"from {warehouse.relation('profit_statement')} where scope = ?",
            [scope],
        )
    else:
        rows = [
            (str(name)[:7] if by == "month" else name, line, amount)
            for name, *amounts in _sales_by(warehouse, by, column)
            for line, amount in zip(("gross_sales", "refund", "net_sales"), amounts, strict=True)
        ]
    every = _by_name(rows)
    parts = [part for part in every if part["name"] != UNPARTED]
    if by == "month":
        parts.sort(key=lambda part: str(part["name"]), reverse=True)
    else:
        parts.sort(key=lambda part: (-_deepest(part), str(part["name"])))
    unparted = next((-_deepest(part) for part in every if part["name"] == UNPARTED), None)
    return {"part_count": len(parts), "parts": parts[:top], "unparted_cost_amount": unparted}


def _by_name(rows: Iterable[tuple[str | None, str, Decimal | None]]) -> list[Facts]:
    """Bring the lines of each part together; amounts of one line are added."""
    found: dict[str | None, dict[str, Decimal]] = defaultdict(dict)
    for name, column, amount in rows:
        lines, line = found[name], column.removesuffix("_amount")
        if line in LINES and amount is not None:
            lines[line] = lines.get(line, Decimal(0)) + amount
    return [
        {"name": name, **{line: lines.get(line) for line in LINES}} for name, lines in found.items()
    ]


def _deepest(part: Facts) -> Decimal:
    """Return the deepest margin that is known."""
    return next((part[line] for line in MARGINS if part[line] is not None), Decimal(0))


def _sales_by(warehouse: Warehouse, by: str, column: str) -> list[tuple[Any, ...]]:
    orders = warehouse.relation("orders")
    if by == "product-line":
        lines = warehouse.find_relation("order_lines")
        if lines is None:
            raise BadInput(
                "no source says which products were ordered",
                where=warehouse.where,
                hint="offer order_lines and products (docs/sources.md), or ask --by month",
            )
        return warehouse.query(
            "select product_line, sum(amount), null, sum(amount) "
            f"from {lines} as order_lines group by product_line"
        )
    join = ""
    if by == "segment":
        rfm = warehouse.relation("customer_rfm")
        join = f"left join {rfm} as customer_rfm on orders.customer_id = customer_rfm.customer_id "
    return warehouse.query(
        f"select {column}, sum(orders.gross_amount), sum(orders.refund_amount), "
        f"sum(orders.revenue_amount) from {orders} as orders {join}group by {column}"
    )


def _customers(warehouse: Warehouse, top: int, *, has_costs: bool) -> Facts:
    if has_costs:
        table, earned = warehouse.relation("customer_profit"), "profit_amount"
        columns = ", ".join(f"{line}_amount as {line}" for line in LINES)
    else:
        table, earned = warehouse.relation("customers"), "revenue_amount"
        columns = "revenue_amount as net_sales"
        table = f"(select * from {table} where order_count > 0 or revenue_amount <> 0) as customers"
    (count,) = warehouse.query(f"select count(*) from {table}")[0]
    best, worst = (
        [
            {"name": row["name"], **{line: row.get(line) for line in LINES}}
            for row in warehouse.records(
                f"select customer_id as name, {columns} from {table} "
                f"order by {earned} {direction}, customer_id limit {int(top)}"
            )
        ]
        for direction in ("desc", "asc")
    )
    return {
        "part_count": int(count),
        "parts": best,
        "lowest": worst[: max(0, int(count) - len(best))],
    }
