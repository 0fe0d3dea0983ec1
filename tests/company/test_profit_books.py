# ruff: noqa: E501 (statements of SQL)
"""Profit of the company: every sum agrees with every other one, the ledger and the truth."""

from __future__ import annotations

from decimal import Decimal

import pytest

LINES = (
    "gross_sales_amount", "discount_amount", "refund_amount", "net_sales_amount", "goods_cost_amount",
    "cm1_amount", "fulfilment_cost_amount", "payment_cost_amount", "return_cost_amount", "cm2_amount",
    "marketing_cost_amount", "service_cost_amount", "late_payment_cost_amount", "cm3_amount",
)  # fmt: skip


def sums(company, table: str, columns) -> list[Decimal]:
    (row,) = company.rows(
        f"select {', '.join(f'sum({column})' for column in columns)} from {table}"
    )
    return list(row)


def statement(company, scope: str) -> list[Decimal]:
    found = dict(
        company.rows(
            f"select statement_line, sum(amount) from profit_statement where scope = '{scope}' group by 1"
        )
    )
    return [found[line] for line in LINES]


def test_customers_and_the_rest_are_the_ledger_to_the_cent(finished):
    ledger = {
        (period, account): amount
        for period, account, amount in finished.rows(
            "select period, account, sum(amount) from raw_accounting.ledger group by 1, 2"
        )
    }
    found = finished.rows(
        "select period, account, ledger_amount, allocated_amount, unallocated_amount from profit_reconciliation"
    )
    assert {(period, account): amount for period, account, amount, _, _ in found} == ledger
    assert all(allocated + rest == amount for _, _, amount, allocated, rest in found)


def test_marketing_spend_is_split_to_the_cent(finished):
    (told,) = finished.rows("select sum(amount), count(*) from raw_marketing.costs")
    (split,) = finished.rows(
        "select sum(spend_amount), sum(spend_share), count(*) from marketing_spend_split"
    )
    assert split == (told[0], pytest.approx(1), 3)
    assert told[1] > 0


def test_cohorts_hold_all_customers_and_their_money(finished):
    customers = finished.rows(
        "select count(*), sum(revenue_amount) from customers where first_order_date is not null"
    )
    assert (
        finished.rows(
            "select sum(customer_count) filter (where month_number = 0), sum(revenue_amount)"
            " from cohort_values"
        )
        == customers
    )


def test_orders_customers_and_the_statement_agree_to_the_cent(finished):
    customers = sums(finished, "customer_profit", LINES)
    assert all(amount is not None for amount in customers)
    assert statement(finished, "company") == customers
    assert sums(finished, "order_profit", LINES[:10]) == customers[:10]
    gross, discount, refunds, net, goods, cm1 = customers[:6]
    assert gross - discount + refunds == net
    assert net - goods == cm1


@pytest.mark.parametrize(
    "scope", ["rfm_segment", "product_line", "month", "source", "profit_class"]
)
def test_the_values_of_a_scope_add_up_to_the_company(finished, scope):
    assert statement(finished, scope) == statement(finished, "company")


def test_net_sales_are_the_revenue_of_the_marts(finished):
    assert finished.rows(
        "select count(*) from orders full join order_profit using (source_name, customer_id, order_id)"
        " where orders.revenue_amount is distinct from order_profit.net_sales_amount"
        " or orders.cm2_amount is distinct from order_profit.cm2_amount"
    ) == [(0,)]


def test_what_moved_by_day_is_what_customers_cost(finished):
    assert finished.rows(
        "select count(*) from customer_profit full join"
        " (select customer_id, sum(cm1_cost_amount) as cm1, sum(cm2_cost_amount) as cm2, sum(cm3_cost_amount) as cm3"
        " from main_intermediate.int_profit__customer_days group by 1) as days using (customer_id)"
        " where net_sales_amount - coalesce(cm1, 0) is distinct from cm1_amount"
        " or net_sales_amount - coalesce(cm2, 0) is distinct from cm2_amount"
        " or net_sales_amount - coalesce(cm3, 0) is distinct from cm3_amount"
    ) == [(0,)]


def test_the_last_margin_and_the_rest_make_up_the_ledger(finished):
    lines = dict(
        finished.rows("select statement_line, amount from profit_statement where scope = 'company'")
    )
    rest = lines["not_in_ledger_amount"] + lines["unallocated_amount"]
    assert lines["cm3_amount"] + rest == lines["ledger_amount"]
    # The books have no account for money that was paid and taken back.
    assert lines["not_in_ledger_amount"] == lines["payment_cost_amount"]


def test_what_nobody_is_known_to_have_caused_is_what_strangers_caused(finished):
    rest = dict(
        finished.rows(
            "select substr(account, 1, 4), sum(unallocated_amount) from profit_reconciliation group by 1"
        )
    )
    # Every parcel is of an order of the shop, and the shop knows its customers.
    assert rest["6100"] == rest["6400"] == 0
    ((strangers, count),) = finished.rows(
        "select sum(round(amount * coalesce(rate, 1), 2)), count(*) from main_intermediate.int_orders__judged as judged"
        " left join main_intermediate.int_money__rates as rates on judged.currency = rates.currency and order_date = rate_date"
        " where quarantine_reason = 'customer_missing' and amount > 0 and same_sale_source is null"
    )
    # Half cents are rounded sale by sale in the books, too.
    assert abs(rest["4000"] - strangers) <= Decimal("0.01") * count
    shares = dict(
        finished.rows(
            "select substr(account, 1, 4), sum(allocated_amount) / sum(ledger_amount) from profit_reconciliation group by 1"
        )
    )
    print({account: round(share, 4) for account, share in shares.items()})
    assert all(0.95 < share < 1.01 for share in shares.values())


def test_customers_whose_identity_is_exact_cost_what_they_cost(finished):
    ((count, correlation, error),) = finished.rows(
        """
        with records as (
            select customer_id, person_id from customer_records
            inner join truth.truth_records using (source_name, source_record_id)
        ),
        exact as (
            select customer_id, min(person_id) as person_id from records
            where person_id in (select person_id from records group by 1 having count(distinct customer_id) = 1)
            group by 1 having count(distinct person_id) = 1
        ),
        costs as (
            -- bills of campaigns and chargebacks are in the ledger or nowhere, not in the truth
            select cost_to_serve, fulfilment_cost_amount + return_cost_amount + service_cost_amount
                + late_payment_cost_amount + coalesce(marketing_activities_amount, 0) as found
            from exact
            inner join truth.truth_people using (person_id)
            inner join customer_profit using (customer_id)
            inner join main_intermediate.int_profit__customers using (customer_id)
            where cost_to_serve > 0 and account_id is null
        )
        select count(*), corr(found, cost_to_serve), median(abs(found - cost_to_serve) / cost_to_serve) from costs
        """
    )
    print(f"{count} customers, correlation {correlation:.4f}, median relative error {error:.5f}")
    assert count > 200
    assert correlation > 0.99
    assert error < 0.005


@pytest.mark.long
def test_costs_as_they_come_are_left_out_each_with_its_reason(company):
    """Rates that contradict each other, costs of no order, other currencies, refunds beyond the order."""
    ((card,),) = company.rows(
        "select min(card_no) from raw_pos.cards where replace(card_no, ' ', '') not in"
        " (select replace(card_no, ' ', '') from raw_pos.receipts where card_no is not null)"
    )
    ((order,),) = company.rows("select min(order_no) from raw_shop.orders where status = 'paid'")
    company.change(
        # one negative, two that overlap, one with days of nobody, one of an activity nobody counts
        "update raw_accounting.activity_costs set rate = -1 where activity = 'campaign_contact' and valid_to is null",
        "update raw_accounting.activity_costs set valid_to = null where activity = 'return'",
        "update raw_accounting.activity_costs set valid_to = '2024-06-30' where activity = 'order' and valid_to is not null",
        "update raw_accounting.activity_costs set activity = 'singing' where activity = 'late_payment'",
        "insert into raw_accounting.shipping_costs values ('W-0000000', 'x', 10, 'EUR')",
        f"insert into raw_accounting.shipping_costs values ('{order}', 'x', 10, 'USD'), ('{order}', 'x', 10, 'XXX')",
        "insert into raw_accounting.product_costs select sku, '2025-06-01', -1, 'EUR' from raw_shop.products limit 1",
        "insert into raw_shop.refunds by name select 'R-900001' as refund_no,"
        f" '{order}' as order_no, '2025-12-01T10:00:00+01:00' as refunded_at, 99999 as amount, 'late' as reason, 0 as restock_cost",
        "insert into raw_pos.receipts by name select 99999999 as receipt_no, 1 as store_id, 1 as till_no,"
        f" timestamp '2025-06-01 10:00:00' as sold_at, '{card}' as card_no, -5000 as total_pence",
    )
    done = company.run()
    assert done.returncode == 0, done.stderr
    left_out = {
        (entity, reason): count
        for entity, reason, count in company.rows(
            "select entity, quarantine_reason, count(*) from quarantined_rows where entity like '%_costs' group by 1, 2"
        )
    }
    assert left_out == {
        ("activity_costs", "rate_negative"): 1,
        ("activity_costs", "rate_overlaps"): 2,
        ("activity_costs", "activity_unknown"): 2,
        ("shipping_costs", "order_unknown"): 1,
        ("shipping_costs", "currency_unknown"): 1,
        ("product_costs", "amount_negative"): 1,
    }
    # No rate of returns or late payments is left: returns are what restocking costs, late payments nothing known.
    assert company.rows(
        "select sum(late_payment_cost_amount), sum(return_cost_amount) = (select sum(restock_cost) from raw_shop.refunds)"
        " from customer_profit"
    ) == [(None, True)]
    ((orders, unpriced, known),) = company.rows(
        "select count(*), sum(fulfilment_missing_count), count(fulfilment_activities_amount)"
        " from main_intermediate.int_profit__orders where order_date between '2024-07-01' and '2024-12-31' and not is_refund_only"
    )
    assert (unpriced, known) == (orders, company.rows(
        "select count(*) from order_profit where source_name = 'shop' and refund_amount <= 0"
        " and order_date between '2024-07-01' and '2024-12-31' and order_id in (select order_no from raw_shop.lines)"
    )[0][0])  # fmt: skip
    assert company.rows("select sum(missing_rate_count) > 0 from customer_profit") == [(True,)]
    # A refund beyond the order makes a loss; a customer of refunds only has no margin rate.
    assert company.rows(
        f"select net_sales_amount < 0, cm1_amount < net_sales_amount from order_profit where order_id = '{order}'"
    ) == [(True, True)]
    ((net, rate, kind),) = company.rows(
        "select net_sales_amount, margin_rate, profit_class from customer_profit where customer_id ="
        " (select customer_id from order_profit where order_id = '99999999')"
    )
    assert net < 0 or rate is not None
    assert net >= 0 or (rate, kind) == (None, "loss")
    ((carried,),) = company.rows(
        f"select shipping_amount from main_intermediate.int_profit__orders where order_id = '{order}'"
    )
    ((before,),) = company.rows(
        f"select sum(cost) from raw_accounting.shipping_costs where order_no = '{order}' and currency = 'EUR'"
    )
    assert Decimal(7) < carried - before < Decimal(11)
    for scope in ("rfm_segment", "product_line", "month", "source", "profit_class"):
        assert statement(company, scope) == statement(company, "company")


def test_what_segments_buy_is_net_revenue_to_the_cent(finished):
    assert finished.rows(
        "select rfm_segment, sum(revenue_amount) from segment_product_lines group by 1 order by 1"
    ) == finished.rows(
        "select coalesce(rfm_segment, 'No order in the window'), sum(revenue_amount) from orders"
        " left join customer_rfm using (customer_id) group by 1 having sum(revenue_amount) <> 0 order by 1"
    )


def test_explain_says_what_service_the_tier_gets(finished):
    ((customer,),) = finished.rows(
        "select min(customer_id) from customer_profit where profit_tier = 1"
    )
    done = finished.rfm("explain", customer)
    assert done.returncode == 0, done.stderr
    words = " ".join(done.stdout.split())
    assert "Service of tier 1: an answer within 4 hours, goods back within 60 days, free" in words
