"""Profit where hardly anything is as usual: nobody earns anything, everybody the same."""

from __future__ import annotations

import pytest
from building import Warehouse
from company_database import project_with

from rfm_cli.errors import CheckFailed, DbtFailed

EQUAL = [(name, "2024-01-05", 10, f"o{name}") for name in "abcd"]
PROFIT = ("+profit_concentration", "+customer_service_balance", "+customer_costs")
REFUNDS_ONLY = ("refunds", "2024-01-06", -8, "r1")


def profit(warehouse) -> tuple:
    [found] = warehouse.rows(
        "select customer_count, total_amount, top_20_share, gini, peak_share,"
        " peak_customer_percent, loss_customer_count, loss_amount"
        " from profit_concentration where measure = 'profit'"
    )
    return found


def test_nobody_is_profitable(orders_file, warehouse):
    """Goods that cost as much as they bring, and somebody who only gave back."""
    warehouse.build(
        *PROFIT,
        **orders_file([*EQUAL, REFUNDS_ONLY]),
        rfm_history_periods=0,
        rfm_profit_goods_cost_shares={"file": 1.0},
    )
    count, total, top, gini, peak, percent, losing, lost = profit(warehouse)
    assert (count, top, gini, peak, percent) == (5, None, None, None, 0)
    assert total <= 0
    assert lost == total
    assert losing <= 1
    assert warehouse.rows(
        "select count(*) from profit_curve where measure = 'profit' and cumulative_share is null"
    ) == [(101,)]
    # Nothing to weigh attention against, and nobody spends more than the others.
    assert warehouse.rows(
        "select distinct profit_share, attention_index, service_balance, is_big_spender"
        " from customer_service_balance"
    ) == [(None, None, None, False)]


def test_everybody_is_equal(orders_file, warehouse):
    warehouse.build(
        *PROFIT,
        **orders_file(EQUAL),
        rfm_history_periods=0,
        rfm_profit_goods_cost_shares={"file": 0.5},
    )
    assert profit(warehouse) == (4, 20, 0.25, 0, 1, 100, 0, 0)
    assert warehouse.rows(
        "select profit_share, service_balance, is_big_spender, reasons"
        " from customer_service_balance group by all"
    ) == [(0.25, None, False, None)]
    # What everybody pays stands out with nobody.
    assert warehouse.rows("select count(*) from customer_costs") == [(0,)]


def test_one_customer_makes_all_the_profit(orders_file, warehouse):
    warehouse.build(
        *PROFIT,
        **orders_file(EQUAL[:1]),
        rfm_history_periods=0,
        rfm_profit_goods_cost_shares={"file": 0.5},
    )
    assert profit(warehouse) == (1, 5, 1, 0, 1, 100, 0, 0)
    assert warehouse.rows(
        "select customer_percent, customer_count, cumulative_share from profit_curve"
        " where measure = 'profit' and customer_percent in (0, 1, 100) order by 1"
    ) == [(0, 0, 0), (1, 1, 1), (100, 1, 1)]


def test_thresholds_the_wrong_way_round_are_said(orders_file, warehouse):
    with pytest.raises(Exception, match="rfm_profit_under_served_index is 400"):
        warehouse.build(
            *PROFIT,
            **orders_file(EQUAL),
            rfm_history_periods=0,
            rfm_profit_goods_cost_shares={"file": 0.5},
            rfm_profit_under_served_index=400,
        )


def test_a_share_of_a_source_without_orders_is_refused(orders_file, warehouse):
    with pytest.raises(DbtFailed, match="names 'till', which offers no orders"):
        warehouse.build(
            *PROFIT,
            **orders_file(EQUAL),
            rfm_history_periods=0,
            rfm_profit_goods_cost_shares={"till": 0.5},
        )


def test_an_activity_on_a_line_its_driver_cannot_cause_is_refused(orders_file, tmp_path):
    project = project_with(tmp_path / "project", {})
    seed = project / "seeds" / "cost_activities.csv"
    seed.write_text(seed.read_text().replace("message,marketing_cost", "message,return_cost"))
    with pytest.raises(CheckFailed, match="goes to a line of the statement that its driver"):
        Warehouse(tmp_path / "rfm.duckdb", project).build(
            "cost_activities",
            **orders_file(EQUAL),
            rfm_history_periods=0,
            rfm_profit_goods_cost_shares={"file": 0.5},
        )
