"""Reads what the audit is about from the marts: fill, counts of customers, demographics."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from rfm_cli.warehouse import Warehouse

Facts = dict[str, Any]
UNKNOWN = "Unknown"
AGE_BANDS = ((0, "under 18"), (18, "18-24"), (25, "25-34"), (35, "35-44"), (45, "45-54"),
             (55, "55-64"), (65, "65 and over"))  # fmt: skip
_OLDEST = 115
_MOST_VALUES = 8
_DAYS_APART = 366


def fill_of(
    warehouse: Warehouse, entities: Mapping[str, list[str]]
) -> tuple[dict[str, int], dict[str, float]]:
    """Return the rows of each entity, and the share of its rows that have each column.

    Args:
        warehouse: the results of a run.
        entities: the entities of each registered source.

    Returns:
        Rows by entity, and shares by `entity.column`, over all sources.
    """
    quality = warehouse.find_relation("source_quality")
    if quality is None or not _is_measured_closely(warehouse, quality):
        return _fill_of_orders(warehouse, entities)
    rows: dict[str, int] = {}
    for entity, count in warehouse.query(
        f"select entity, sum(row_count) from {quality} "
        "where check_name = 'row_count' group by entity"
    ):
        rows[entity] = int(count)
    shares = {
        f"{entity}.{column}": float(share)
        for entity, column, share in warehouse.query(
            "select entity, column_name, sum(value * row_count) / sum(row_count) "
            f"from {quality} where check_name = 'completeness' and value is not null "
            "and row_count > 0 group by entity, column_name"
        )
    }
    if rows.get("orders"):
        shares["orders.amount"] = _usable_share(warehouse)
    return rows, shares


def _is_measured_closely(warehouse: Warehouse, quality: str) -> bool:
    """Whether more than rows is known of some entity, as of all registered systems."""
    return bool(warehouse.query(f"select 1 from {quality} where check_name = 'validity' limit 1"))


def _fill_of_orders(
    warehouse: Warehouse, entities: Mapping[str, list[str]]
) -> tuple[dict[str, int], dict[str, float]]:
    """Look at orders alone: what can be used has a customer, a date and an amount."""
    (count,) = warehouse.query(
        f"select coalesce(sum(row_count), 0) from {warehouse.relation('source_summary')}"
    )[0]
    rows = {"orders": int(count)} if any("orders" in one for one in entities.values()) else {}
    if not count:
        return rows, {}
    usable = _usable_share(warehouse)
    shares = {"orders.source_customer_id": usable, "orders.amount": usable}
    (numbered, orders) = warehouse.query(
        "select coalesce(sum(case when has_order_id then 1 else 0 end), 0), count(*) "
        f"from {warehouse.relation('int_orders__resolved')}"
    )[0]
    shares["orders.order_id"] = numbered / orders if orders else 0.0
    return rows, shares


def _usable_share(warehouse: Warehouse) -> float:
    usable, rows = warehouse.query(
        "select coalesce(sum(usable_row_count), 0), coalesce(sum(row_count), 0) "
        f"from {warehouse.relation('source_summary')}"
    )[0]
    return float(usable / rows) if rows else 0.0


def sizes(warehouse: Warehouse) -> Facts:
    """Return the customers with orders, those with several, and the days of history."""
    customers, repeat, first, last = warehouse.query(
        "select count(*), coalesce(sum(case when order_count > 1 then 1 else 0 end), 0), "
        "min(first_order_date), max(last_order_date) "
        f"from {warehouse.relation('customers')} where order_count > 0"
    )[0]
    days = (last - first).days if first and last else 0
    return {"customers": int(customers), "repeat_customers": int(repeat), "days": days}


def customer_counts(warehouse: Warehouse, active_days: int) -> Facts | None:
    """Count customers and how their number moved since a date about a year before.

    A customer is active when the last order is at most `active_days` old. Opening and closing are
    the active ones at both dates; new ones had their first order between them, reactivated ones
    were known and not active before, lapsed ones are no longer active. So opening + new +
    reactivated - lapsed = closing. Ids that were merged since count as who they are today.

    Args:
        warehouse: the results of a run.
        active_days: how old the last order of an active customer may be.

    Returns:
        The counts, and customers by source where records are known; None before the first run.
    """
    history = warehouse.relation("customer_rfm_history")
    dates = [
        row[0] for row in warehouse.query(f"select distinct as_of_date from {history} order by 1")
    ]
    if not dates:
        return None
    closing = dates[-1]
    earlier = [one for one in dates[:-1] if one >= closing - timedelta(days=_DAYS_APART)]
    opening = earlier[0] if earlier else None
    total, never = warehouse.query(
        "select count(*), coalesce(sum(case when order_count = 0 then 1 else 0 end), 0) "
        f"from {warehouse.relation('customers')}"
    )[0]
    facts: Facts = {
        "as_of_date": closing,
        "opening_date": opening,
        "active_days": active_days,
        "total": int(total),
        "never_bought": int(never),
        "by_source": _by_source(warehouse),
    }
    moves = _moves(warehouse, history, opening, closing, active_days)
    inactive = facts["total"] - facts["never_bought"] - moves["closing"]
    return {**facts, **moves, "inactive": inactive}


def _moves(
    warehouse: Warehouse, history: str, opening: date | None, closing: date, active_days: int
) -> Facts:
    redirects = warehouse.find_relation("customer_id_redirects")
    then_id = "h.customer_id"
    join = ""
    if redirects is not None:
        then_id = "coalesce(r.customer_id, h.customer_id)"
        join = f"left join {redirects} r on h.customer_id = r.old_customer_id "
    # Without an earlier date everyone is new.
    opens = opening or closing
    then_rows = (
        f"select {then_id} as customer_id, max(h.last_order_date) as last_order_date "
        f"from {history} h {join}where h.as_of_date = ? and ? = 1 group by {then_id}"
    )
    active_from = closing - timedelta(days=active_days)
    was_active_from = opens - timedelta(days=active_days)
    first = "now_rows.first_order_date"
    row = warehouse.query(
        "select "
        "coalesce(sum(case when was = 1 then 1 else 0 end), 0), "
        "coalesce(sum(case when was = 0 and is_now = 1 and is_new = 1 then 1 else 0 end), 0), "
        "coalesce(sum(case when was = 0 and is_now = 1 and is_new = 0 then 1 else 0 end), 0), "
        "coalesce(sum(case when was = 1 and is_now = 0 then 1 else 0 end), 0), "
        "coalesce(sum(case when is_now = 1 then 1 else 0 end), 0) from (select "
        "case when then_rows.last_order_date >= ? then 1 else 0 end as was, "
        "case when now_rows.last_order_date >= ? then 1 else 0 end as is_now, "
        f"case when ? = 0 or {first} >= ? then 1 else 0 end as is_new "
        f"from (select customer_id, first_order_date, last_order_date from {history} "
        "where as_of_date = ?) as now_rows "
        f"full outer join ({then_rows}) as then_rows "
        "on now_rows.customer_id = then_rows.customer_id) as compared",
        [
            was_active_from,
            active_from,
            int(opening is not None),
            opens,
            closing,
            opens,
            int(opening is not None),
        ],
    )[0]
    names = ("opening", "new", "reactivated", "lapsed", "closing")
    return {name: int(count) for name, count in zip(names, row, strict=True)}


def _by_source(warehouse: Warehouse) -> dict[str, int]:
    records = warehouse.find_relation("customer_records")
    if records is None:
        return {}
    rows = warehouse.query(
        f"select r.source_name, count(distinct r.customer_id) from {records} r "
        f"inner join {warehouse.relation('customers')} c on r.customer_id = c.customer_id "
        "group by r.source_name order by r.source_name"
    )
    return {name: int(count) for name, count in rows}


def demographics(warehouse: Warehouse) -> dict[str, list[Facts]]:
    """Return how customers are spread over age, country, kind and industry, the unknown included.

    Returns:
        For each attribute its classes with counts and shares that add up to 1.
    """
    relation = warehouse.relation("customers")
    columns = warehouse.columns(relation)
    rows = warehouse.query(f"select max(as_of_date), count(*) from {relation}")[0]
    as_of, total = rows[0], int(rows[1])
    if not total:
        return {}
    found = {}
    if "birth_date" in columns:
        found["age"] = _ages(warehouse, relation, as_of)
    for name in ("country_code", "entity_type"):
        if name in columns:
            found[name] = dict(
                warehouse.query(
                    f"select coalesce({name}, '{UNKNOWN}'), count(*) from {relation} group by 1"
                )
            )
    demographic = _of_demographics(warehouse, total)
    return {name: _spread(counts, total) for name, counts in {**found, **demographic}.items()}


def _ages(warehouse: Warehouse, relation: str, as_of: date) -> dict[str, int]:
    """Count by age at the as-of date, from years of birth: ages in sources grow old themselves."""
    counts: dict[str, int] = {}
    for day, count in warehouse.query(
        f"select birth_date, count(*) from {relation} group by birth_date"
    ):
        band = UNKNOWN
        if day is not None:
            age = as_of.year - day.year - ((as_of.month, as_of.day) < (day.month, day.day))
            if 0 <= age <= _OLDEST:
                band = [name for least, name in AGE_BANDS if least <= age][-1]
        counts[band] = counts.get(band, 0) + count
    return counts


def _of_demographics(warehouse: Warehouse, total: int) -> dict[str, dict[str, int]]:
    """Count customers by what bought demographics and company records say of them."""
    records = warehouse.find_relation("customer_records")
    if records is None:
        return {}
    # Whom a bought list alone names is no customer.
    customers = warehouse.relation("customers")
    found: dict[str, dict[str, int]] = {}
    for relation_end, entity, names in (
        ("__demographics", "demographics", ("income_band", "education")),
        ("__accounts", "accounts", ("industry",)),
    ):
        for source in sorted(_sources_of(warehouse, records)):
            relation = warehouse.find_relation(f"stg_{source}{relation_end}")
            if relation is None:
                continue
            kind = "and r.entity_type = 'company' " if entity == "accounts" else ""
            for name in names:
                rows = warehouse.query(
                    f"select value, count(*) from (select r.customer_id, min(s.{name}) as value "
                    f"from {records} r inner join {relation} s "
                    "on r.source_record_id = s.source_record_id "
                    f"inner join {customers} c on r.customer_id = c.customer_id "
                    f"where r.source_name = ? {kind}and s.{name} is not null "
                    "group by r.customer_id) as told group by value",
                    [source],
                )
                if rows and name not in found:
                    found[name] = {value: int(count) for value, count in rows}
                    found[name][UNKNOWN] = total - sum(found[name].values())
    return found


def _sources_of(warehouse: Warehouse, records: str) -> set[str]:
    return {row[0] for row in warehouse.query(f"select distinct source_name from {records}")}


def _spread(counts: dict[str, int], total: int) -> list[Facts]:
    """Order classes by size, small ones together as `other`, the unknown last."""
    known = sorted(
        ((name, count) for name, count in counts.items() if name != UNKNOWN),
        key=lambda one: (-one[1], one[0]),
    )
    shown, rest = known[:_MOST_VALUES], known[_MOST_VALUES:]
    if rest:
        shown.append(("other", sum(count for _, count in rest)))
    shown.append((UNKNOWN, counts.get(UNKNOWN, 0)))
    return [
        {"class": name, "customer_count": int(count), "customer_share": count / total}
        for name, count in shown
    ]
