"""Sales of several systems judged together: what counts, where, and what a refund takes back."""

from __future__ import annotations

import pytest
from identity_project import build_identity

CUSTOMERS = {
    # Two records of one person: the shop knows Ann twice.
    "shop": [
        {"source_record_id": "ann", "first_name": "Ann", "email": "ann@lee.example"},
        {"source_record_id": "ann2", "first_name": "Ann", "email": "ann@lee.example"},
        {"source_record_id": "bob", "first_name": "Bob", "email": "bob@bauer.example"},
    ],
    "partner": [
        {"source_record_id": "b1", "first_name": "Ann", "email": "ann@lee.example"},
        {"source_record_id": "b2", "first_name": "Bob", "email": "bob@bauer.example"},
    ],
}
RATES = """currency,rate_date,rate
USD,2025-12-01,0.5
"""


def sale(order_id, customer, day, amount, currency="EUR", told=None, told_in="shop"):
    return {
        "source_customer_id": customer,
        "order_id": order_id,
        "ordered_at": f"{day} 12:00:00",
        "order_date": day,
        "amount": amount,
        "currency": currency,
        "same_sale_source": told and told_in,
        "same_sale_order_id": told,
    }


def refund(number, order_id, day, amount, currency=None):
    return {
        "refund_id": number,
        "order_id": order_id,
        "refunded_at": f"{day} 12:00:00",
        "refund_date": day,
        "amount": -amount,
        "currency": currency,
    }


SHOP = [
    sale("known", "ann", "2025-12-01", 10),
    sale("nobodys", "who", "2025-12-01", 20),
    sale("no-rate", "bob", "2025-11-01", 40, "USD"),
    sale("anns", "ann", "2025-12-02", 50),
    sale("anns", "ann2", "2025-12-02", 60),
    sale("two-moneys", "bob", "2025-12-01", 100, "USD"),
    sale("twin", "ann", "2025-12-07", 8, told="twin", told_in="partner"),
    sale("itself", "bob", "2025-12-07", 9, told="itself"),
    sale("great", "bob", "2025-12-08", 9_000_000_000_000_000, "USD"),
    sale("last", "bob", "2025-12-31", 1),
]
PARTNER = [
    sale("p1", "b1", "2025-12-01", 10, told="known"),
    sale("p2", "b2", "2025-12-01", 20, told="nobodys"),
    sale("both", "b1", "2025-12-03", 5),
    sale("both", "b2", "2025-12-03", 7),
    sale("mixed", "b2", "2025-12-04", 3),
    sale("twin", "b1", "2025-12-07", 8, told="twin"),
    sale("mixed", "b2", "2025-12-04", 4, "USD"),
]
REFUNDS = [
    refund("r1", "no-rate", "2025-12-05", 40),
    refund("r2", "anns", "2025-12-06", 15),
    refund("r3", "nobodys", "2025-12-06", 20),
    refund("r4", "two-moneys", "2025-12-03", 10, "USD"),
    refund("r5", "two-moneys", "2025-12-05", 30, "EUR"),
]

# As of 2026-01-01 nobody knows yet that the second will be settled.
COMPLAINTS = [
    {
        "interaction_id": f"ticket:{number}",
        "source_customer_id": "bob",
        "occurred_at": "2025-12-30 12:00:00",
        "interaction_type": "complaint",
        "closed_at": f"{closed} 12:00:00",
    }
    for number, closed in ((1, "2025-12-31"), (2, "2026-01-01"))
]


@pytest.fixture(scope="module")
def sales(tmp_path_factory):
    return build_identity(
        tmp_path_factory.mktemp("sales"),
        CUSTOMERS,
        orders={"shop": SHOP, "partner": PARTNER},
        refunds={"shop": REFUNDS},
        interactions={"shop": COMPLAINTS},
        seeds={"exchange_rates": RATES},
        select=("+interactions", "+int_orders__by_customer", "+source_summary"),
        rfm_currency="EUR",
        rfm_currency_rate_max_age_days=31,
    )


def reasons(sales, entity):
    return dict(
        sales.rows(
            "select distinct order_id, quarantine_reason from main_intermediate.int_orders__judged "
            f"where entity = '{entity}'"
        )
    )


def test_a_sale_that_does_not_count_elsewhere_counts_where_it_is_told(sales):
    told = reasons(sales, "orders")
    assert told["p1"] == "same_sale_elsewhere"
    assert told["nobodys"] == "customer_unknown"
    assert told["p2"] is None


def test_of_two_sales_that_name_each_other_one_counts(sales):
    assert sales.rows(
        "select source_name, quarantine_reason from main_intermediate.int_orders__judged "
        "where order_id = 'twin' order by source_name"
    ) == [("partner", None), ("shop", "same_sale_elsewhere")]
    assert reasons(sales, "orders")["itself"] is None


def test_a_refund_of_an_order_that_is_left_out_takes_nothing_back(sales):
    assert reasons(sales, "orders")["no-rate"] == "rate_missing"
    told = reasons(sales, "refunds")
    assert told["no-rate"] == told["nobodys"] == "order_left_out"


def test_a_refund_of_an_order_of_two_records_is_their_customers(sales):
    (total,) = sales.rows(
        "select sum(revenue_amount) from main_intermediate.int_orders__resolved "
        "where order_id = 'anns'"
    )
    assert total == (95,)


def test_an_order_in_two_currencies_moves_money_once(sales):
    """100 USD at 0.5, less 10 USD two days later; 30 EUR given back are an order of their own."""
    assert sales.rows(
        "select currency, order_date, revenue_amount from main_intermediate.int_orders__resolved "
        "where order_id = 'two-moneys' order by currency"
    ) == sales.rows(
        "values ('EUR', date '2025-12-05', -30.00::decimal(18, 2)),"
        " ('USD', date '2025-12-01', 45.00::decimal(18, 2))"
    )
    assert sales.rows(
        "select movement_date, amount from main_intermediate.int_orders__other_day_amounts "
        "where order_id = 'two-moneys'"
    ) == sales.rows("values (date '2025-12-03', -5.00::decimal(18, 2))")


def test_the_greatest_amount_is_counted_in_the_other_currency(sales):
    assert sales.rows(
        "select revenue_amount, original_amount from main_intermediate.int_orders__resolved "
        "where order_id = 'great'"
    ) == sales.rows("values (4500000000000000.00, 9000000000000000.00)")


def test_orders_that_share_a_number_are_interactions_of_their_own(sales):
    assert sales.rows(
        "select count(*), count(distinct interaction_id), sum(amount) from main.interactions "
        "where reference_id in ('both', 'mixed') and interaction_type = 'purchase'"
    ) == sales.rows("values (4, 4, 17.00::decimal(18, 2))")


def test_what_is_settled_later_is_open_and_has_no_end_yet(sales):
    assert sales.rows(
        "select is_open_complaint, closed_at is null from main.interactions "
        "where interaction_type = 'complaint' order by interaction_id"
    ) == [(False, False), (True, True)]
