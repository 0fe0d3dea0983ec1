# ruff: noqa: E501 (statements of SQL)
"""Sources as they come: each defect is a named error or a row left out with the reason."""

from __future__ import annotations

import pytest

MARTS = "select count(*), sum(revenue_amount), max(as_of_date) from customers"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("drop table raw_shop.refunds", ["raw_shop.refunds", "shop"]),
        ("alter table raw_shop.orders drop column total", ["raw_shop.orders", "total"]),
        ("alter table raw_crm.people rename person_id to personid", ["person_id", "personid"]),
        ("drop schema raw_support cascade", ["raw_support", "support"]),
    ],
)
def test_what_is_missing_is_named_and_the_marts_stay(company, change, words):
    before = company.rows(MARTS)
    company.change(change)
    done = company.run()
    assert done.returncode == 2
    for word in [*words, "hint:"]:
        assert word in done.stderr
    assert company.rows(MARTS) == before


@pytest.mark.parametrize(
    "change",
    [
        "delete from raw_shop.orders where hash(order_no) % 10 < 6",
        "delete from raw_support.tickets",
    ],
)
def test_a_source_that_shrinks_overnight_stops_the_run(company, change):
    before = company.rows(MARTS)
    company.change(change)
    done = company.run()
    assert done.returncode == 1, done.stderr
    assert ("shop" if "shop" in change else "support") in done.stderr
    assert company.rows(MARTS) == before


@pytest.mark.long
def test_defects_are_left_out_each_with_its_reason(company):
    company.change(
        # a type changed, with values that cannot be read
        "alter table raw_shop.orders alter total type varchar",
        "update raw_shop.orders set total = 'lots' where order_no = "
        "(select min(order_no) from raw_shop.orders where status = 'paid')",
        # an order of nobody the shop knows; lines and a refund of no order
        "insert into raw_shop.orders by name select 'W-9000001' as order_no, 'u_nobody' as "
        "customer_uid, '2025-03-01T10:00:00+01:00' as placed_at, 'EUR' as currency, '10.00' as total, "
        "0 as shipping, 0 as discount_total, 'paid' as status",
        "insert into raw_shop.lines by name select 'W-9000002' as order_no, 1 as line_no, 'X' as sku, "
        "1 as quantity, 5 as list_price, 5 as unit_price, 5 as line_total",
        "insert into raw_shop.refunds by name select 'R-900001' as refund_no, 'W-9000003' as order_no, "
        "'2025-03-01T10:00:00+01:00' as refunded_at, 5 as amount, 'late' as reason, "
        "0 as restock_cost",
        # currencies: one that nobody publishes, one that is none, one without a rate for the day
        "insert into raw_shop.orders by name select 'W-9000004' as order_no, customer_uid, "
        "'2025-03-01T10:00:00+01:00' as placed_at, 'XAU' as currency, '10.00' as total, 0 as shipping, "
        "0 as discount_total, 'paid' as status from raw_shop.orders "
        "where customer_uid is not null order by order_no limit 1",
        "insert into raw_shop.orders by name select 'W-9000005' as order_no, customer_uid, "
        "'2019-03-01T10:00:00+01:00' as placed_at, 'USD' as currency, '10.00' as total, 0 as shipping, "
        "0 as discount_total, 'paid' as status from raw_shop.orders "
        "where customer_uid is not null order by order_no limit 1",
        # an id given to two people
        "insert into raw_crm.people by name select person_id, 'Zbigniew' as given_name, "
        "'Zawadzki' as family_name, 'zz@example.org' as email_address, date '1931-01-01' as "
        "date_of_birth, country_code, created_on, modified_on from raw_crm.people "
        "where given_name not ilike 'z%' order by person_id limit 1",
        # a key used twice with different rows
        "insert into raw_support.tickets by name select * replace ('duplicate' as topic) "
        "from raw_support.tickets where kind = 'question' order by ticket_id limit 1",
    )
    done = company.run()
    assert done.returncode == 0, done.stderr
    found = {
        (source, entity, reason)
        for source, entity, reason in company.rows(
            "select distinct source_name, entity, quarantine_reason from quarantined_rows"
        )
    }
    assert found >= {
        ("shop", "orders", "amount_unreadable"),
        ("shop", "orders", "customer_unknown"),
        ("shop", "order_lines", "order_unknown"),
        ("shop", "refunds", "order_unknown"),
        ("shop", "orders", "currency_unknown"),
        ("shop", "orders", "rate_missing"),
        ("crm", "customers", "record_id_reused"),
        ("support", "interactions", "key_duplicate"),
    }
