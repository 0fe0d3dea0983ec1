"""The customers whose records may not be one person: the riskiest first."""

from __future__ import annotations

from typing import Any

from rfm_cli.errors import BadInput
from rfm_cli.warehouse import Target, Warehouse, open_warehouse

Facts = dict[str, Any]


def riskiest_customers(target: Target, count: int) -> Facts:
    """Read the riskiest customers and the numbers of all.

    Args:
        target: the warehouse.
        count: how many customers at most.

    Returns:
        record_count, customer_count, largest_record_count, link_counts (of each method, and of
        links that were not believed), review_count, and the customers.

    Raises:
        BadInput: no source offers records of customers.
    """
    with open_warehouse(target) as warehouse:
        if warehouse.find_relation("identity_review") is None:
            raise BadInput(
                "no records were brought together here",
                where=target.where,
                hint="register a source that offers customers in rfm_sources (docs/sources.md)",
            )
        review = warehouse.relation("identity_review")
        totals = record_totals(warehouse)
        (review_count,) = warehouse.query(f"select count(*) from {review}")[0]
        customers = warehouse.records(
            "select customer_id, risk_rank, record_count, reasons "
            f"from {review} order by risk_rank, customer_id limit {int(count)}"
        )
    return {**totals, "review_count": int(review_count), "customers": customers}


def record_totals(warehouse: Warehouse) -> Facts:
    """Count records, the systems they are from, the customers they are, and links by method.

    Links that were not believed are counted as `not_believed`.
    """
    records = warehouse.relation("customer_records")
    record_count, customer_count, largest = warehouse.query(
        "select coalesce(sum(n), 0), count(*), coalesce(max(n), 0) from "
        f"(select count(*) as n from {records} group by customer_id) as sizes"
    )[0]
    (source_count,) = warehouse.query(f"select count(distinct source_name) from {records}")[0]
    counts = warehouse.query(
        "select case when veto_reason is null then link_method else 'not_believed' end, "
        f"count(*) from {warehouse.relation('identity_links')} group by 1 order by 1"
    )
    return {
        "record_count": int(record_count),
        "source_count": int(source_count),
        "customer_count": int(customer_count),
        "largest_record_count": int(largest),
        "link_counts": dict(counts),
    }
