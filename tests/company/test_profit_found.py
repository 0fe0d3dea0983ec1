"""Loss makers, over-served customers and hollow big spenders that were planted are found."""

from __future__ import annotations

import duckdb
import pytest

from rfm_cli.demo.company.planted import Found, find_planted


@pytest.fixture(scope="module")
def found(finished) -> dict[str, Found]:
    with duckdb.connect(finished.database, read_only=True) as connection:
        return {one.kind: one for one in find_planted(connection)}


def test_loss_makers_are_found(found):
    losing = found["loss makers"]
    assert losing.planted_count > 50
    assert losing.precision > 0.8
    assert losing.recall > 0.75


def test_over_served_customers_are_found(found):
    """They are few, and loss makers get more attention than they leave as well."""
    served = found["over-served, as planted"]
    assert served.planted_count >= 10
    assert served.recall > 0.4
    assert served.precision > 3 * served.planted_count / 400
    assert found["over-served, planted or loss makers"].precision > 0.7


def test_big_spenders_who_leave_nothing_are_found(found):
    big = found["big spenders who leave nothing"]
    assert big.planted_count > 0
    assert big.precision >= 0.5
    assert big.recall >= 0.5


def test_a_planted_over_served_customer_is_at_the_top_of_the_list(finished):
    tops = finished.rows(
        """
        select is_over_served from (
            select person_id, attention_index from customer_service_balance
            inner join customer_records using (customer_id)
            inner join truth.truth_records using (source_name, source_record_id)
            where service_balance = 'over_served'
            group by all
        )
        inner join truth.truth_people using (person_id)
        order by attention_index desc limit 10
        """
    )
    assert (True,) in tops


def test_reasons_of_big_spenders_are_causes_and_never_an_offer(finished):
    rows = finished.rows(
        "select reasons from customer_service_balance where is_big_spender_low_profit"
    )
    assert rows
    for (reasons,) in rows:
        assert "% of" in reasons or "no cost stands out" in reasons
        assert "VIP" not in reasons


def test_the_curve_ends_at_the_profit_of_all_who_bought(finished):
    assert finished.rows(
        "select sum(profit_amount) from customer_profit"
        " where order_count > 0 or net_sales_amount <> 0 or refund_amount <> 0"
    ) == finished.rows(
        "select cumulative_amount from profit_curve"
        " where measure = 'profit' and customer_percent = 100"
    )
    [(share, highest)] = finished.rows(
        "select max(cumulative_share) filter (customer_percent = 100), max(cumulative_share)"
        " from profit_curve where measure = 'profit'"
    )
    assert share == pytest.approx(1)
    assert highest > 1


def test_causes_and_profit_are_the_sales_at_list_price(finished):
    """Where profit is the third margin: gross sales less all causes is what is left."""
    assert finished.rows(
        """
        select count(*) from customer_profit
        where gross_sales_amount - coalesce(discount_amount, 0) + refund_amount
            - coalesce(goods_cost_amount, 0) - coalesce(fulfilment_cost_amount, 0)
            - coalesce(payment_cost_amount, 0) - coalesce(return_cost_amount, 0)
            - coalesce(marketing_cost_amount, 0) - coalesce(service_cost_amount, 0)
            - coalesce(late_payment_cost_amount, 0) <> cm3_amount
        """
    ) == [(0,)]
