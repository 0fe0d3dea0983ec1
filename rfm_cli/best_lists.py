"""The lists of best customers: one of them, how far they agree, and who is on none."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from rfm_cli.errors import BadInput
from rfm_cli.warehouse import Target, Warehouse, open_warehouse

Facts = dict[str, Any]

# The lists that movers are told between: by spend, and by the first of these that there is.
_SPEND = "revenue_ever"
_EARNINGS = ("profit_ever", "lifetime_value")


def best_list(target: Target, definition: str, count: int) -> Facts:
    """Read the best customers by one definition.

    Args:
        target: the warehouse.
        definition: a definition of best_customers.
        count: how many at most; who ties with the last one is left out.

    Returns:
        as_of_date, definition, customer_count (on the whole list), excluded_count, the segments
        that are best by it, and the customers.

    Raises:
        BadInput: no customer is best by this definition; those there are are named.
    """
    with open_warehouse(target) as warehouse:
        counts = _counts(warehouse)
        if definition not in counts:
            raise BadInput(
                f'nobody is best by "{definition}"',
                where=target.where,
                hint=f"there are lists by {', '.join(counts) or 'nothing'}; a list needs values "
                "above zero, and one by profit a source with costs",
            )
        best = warehouse.relation("best_customers")
        customers = warehouse.records(
            f"select as_of_date, rank, customer_id, measure_value, reasons from {best} "
            f"where definition = ? order by rank, customer_id limit {int(count)}",
            [definition],
        )
        return {
            "as_of_date": customers[0]["as_of_date"],
            "definition": definition,
            "customer_count": counts[definition],
            "excluded_count": _excluded_count(warehouse),
            "segments": _segments(warehouse, definition),
            "customers": [
                {name: value for name, value in row.items() if name != "as_of_date"}
                for row in customers
            ],
        }


def compare_lists(target: Target, count: int) -> Facts:
    """Say how far the definitions of a best customer agree.

    Args:
        target: the warehouse.
        count: how many movers of each kind at most.

    Returns:
        lists (customers on each), pairs (customers on both lists, on one only, and Jaccard: both
        of either), movers between the list by spend and the one by earnings (profit where costs
        are known, else lifetime value), and the best segments of each definition.
    """
    with open_warehouse(target) as warehouse:
        counts = _counts(warehouse)
        best = warehouse.relation("best_customers")
        shared = {
            (left, right): int(number)
            for left, right, number in warehouse.query(
                f"select one.definition, other.definition, count(*) from {best} as one "
                f"inner join {best} as other on one.customer_id = other.customer_id "
                "and one.definition <> other.definition group by one.definition, other.definition"
            )
        }
        pairs = [
            _pair(left, right, counts, shared.get((left, right), 0))
            for left, right in combinations(sorted(counts), 2)
        ]
        earnings = next((name for name in _EARNINGS if name in counts), None)
        movers = {}
        if earnings is not None and _SPEND in counts:
            movers = {
                f"{_SPEND}_only": _movers(warehouse, _SPEND, earnings, count),
                f"{earnings}_only": _movers(warehouse, earnings, _SPEND, count),
            }
        return {
            "lists": counts,
            "pairs": pairs,
            "movers": movers,
            "segments": {name: _segments(warehouse, name) for name in counts},
        }


def excluded_list(target: Target, count: int) -> Facts:
    """Read who is on no list, and why.

    Returns:
        excluded_count, reasons (customers of each), and the first customers with their evidence.
    """
    with open_warehouse(target) as warehouse:
        excluded = warehouse.relation("excluded_customers")
        reasons = warehouse.query(
            f"select reason, count(*) from {excluded} group by reason order by 2 desc, 1"
        )
        return {
            "excluded_count": _excluded_count(warehouse),
            "reasons": {reason: int(number) for reason, number in reasons},
            "customers": warehouse.records(
                f"select customer_id, reason, evidence from {excluded} "
                f"order by customer_id, reason limit {int(count)}"
            ),
        }


def _counts(warehouse: Warehouse) -> dict[str, int]:
    rows = warehouse.query(
        f"select definition, count(*) from {warehouse.relation('best_customers')} "
        "group by definition order by definition"
    )
    return {definition: int(number) for definition, number in rows}


def _excluded_count(warehouse: Warehouse) -> int:
    (row,) = warehouse.query(
        f"select count(distinct customer_id) from {warehouse.relation('excluded_customers')}"
    )
    return int(row[0])


def _segments(warehouse: Warehouse, definition: str) -> list[Facts]:
    return warehouse.records(
        "select rank, rfm_segment, customer_count, measure_value, measure_share "
        f"from {warehouse.relation('best_segments')} where definition = ? "
        "order by rank, rfm_segment",
        [definition],
    )


def _pair(left: str, right: str, counts: dict[str, int], both: int) -> Facts:
    either = counts[left] + counts[right] - both
    return {
        "left": left,
        "right": right,
        "both_count": both,
        "left_only_count": counts[left] - both,
        "right_only_count": counts[right] - both,
        "jaccard": both / either,
    }


def _movers(warehouse: Warehouse, on: str, not_on: str, count: int) -> Facts:
    best = warehouse.relation("best_customers")
    only = (
        f"from {best} as best where best.definition = ? and not exists (select 1 from {best} as "
        "other where other.customer_id = best.customer_id and other.definition = ?)"
    )
    (row,) = warehouse.query(f"select count(*) {only}", [on, not_on])
    return {
        "on": on,
        "not_on": not_on,
        "customer_count": int(row[0]),
        "customers": warehouse.records(
            f"select best.customer_id, best.rank, best.measure_value {only} "
            f"order by best.rank, best.customer_id limit {int(count)}",
            [on, not_on],
        ),
    }
