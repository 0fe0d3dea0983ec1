"""How many of the planted loss makers, over-served customers and big spenders the marts find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Companies are left out: their orders are those of their contacts. A customer is whoever most of
# its records are of; big spenders of the truth are the highest fifth by sales less refunds.
_CUSTOMERS = """
create or replace temp table planted_customers as
with

    owned as (
        select customer_id, person_id, count(*) as record_count
        from customer_records
        inner join truth.truth_records using (source_name, source_record_id)
        group by all
    ),

    owners as (
        select customer_id, arg_max(person_id, (record_count, -person_id)) as person_id
        from owned group by customer_id
    )

select people.*, profit_class, service_balance, attention_index, is_big_spender_low_profit
from customer_service_balance
inner join customer_profit using (customer_id)
inner join owners using (customer_id)
inner join planted_people as people using (person_id)
"""
_PEOPLE = """
create or replace temp table planted_people as
with

    rates as (
        select currency, avg(eur_per_unit) as rate from raw_finance.exchange_rates group by currency
        union all select 'EUR', 1
    ),

    refunds as (
        select 'shop' as source_name, order_no as order_id, sum(amount) as refunded
        from raw_shop.refunds group by order_no
    ),

    spent as (
        select person_id, sum((amount - coalesce(refunded, 0)) * rate) as amount
        from truth.truth_sales
        inner join rates using (currency)
        left join refunds using (source_name, order_id)
        where is_duplicate_of is null group by person_id
    ),

    big_spenders as (
        select person_id from spent qualify percent_rank() over (order by amount) >= 0.8
    )

select
    person_id,
    is_loss_maker,
    is_over_served,
    is_hollow,
    is_over_served or is_loss_maker as is_too_costly,
    is_loss_maker and big_spenders.person_id is not null as is_big_loss_maker,
    is_hollow and big_spenders.person_id is not null as is_big_hollow
from truth.truth_people
left join big_spenders using (person_id)
where entity_type = 'person' and account_id is null
"""
# What the marts say, what the truth calls it, and whether that is all who are meant.
_CASES = (
    ("loss makers", "profit_class = 'loss'", "is_loss_maker", True),
    ("over-served, as planted", "service_balance = 'over_served'", "is_over_served", True),
    ("over-served, planted or loss makers", "service_balance = 'over_served'", "is_too_costly",
     True),
    ("big spenders who leave nothing", "is_big_spender_low_profit", "is_big_loss_maker", True),
    ("hollow big spenders among them", "is_big_spender_low_profit", "is_big_hollow", False),
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """How well one kind of customer is found.

    Attributes:
        kind: what was looked for.
        found_count: customers that the marts name.
        planted_count: persons of the truth.
        precision: share of those named who are of the kind; None where only a part is meant.
        recall: share of the persons of the truth of whom a customer is named.
    """

    kind: str
    found_count: int
    planted_count: int
    precision: float | None
    recall: float | None


def find_planted(connection: DuckDBPyConnection) -> list[Found]:
    """Hold the marts of profit against the truth.

    Args:
        connection: to a database of the company that a round has filled.
    """
    connection.execute(_PEOPLE)
    connection.execute(_CUSTOMERS)
    found = []
    for kind, named, planted, is_whole in _CASES:
        count, right = _numbers(
            connection, f"select count(*), count(*) filter ({planted}) from planted_customers"
            f" where {named}"
        )  # fmt: skip
        wanted, met = _numbers(
            connection, f"""
            select count(*), count(*) filter (person_id in (
                select person_id from planted_customers where {named}))
            from planted_people where {planted}"""
        )  # fmt: skip
        precision = right / count if is_whole and count else None
        found.append(Found(kind, count, wanted, precision, met / wanted if wanted else None))
    return found


def _numbers(connection: DuckDBPyConnection, sql: str) -> tuple[int, int]:
    row = connection.execute(sql).fetchone()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))
