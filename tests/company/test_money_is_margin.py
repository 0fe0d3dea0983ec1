"""Where costs are known, RFM, past and future value, and what is said of a customer are margins."""

from __future__ import annotations


def test_scores_and_past_value_are_the_margin_of_customers(finished):
    (compared,) = finished.rows(
        """
        select
            count(*),
            count(*) filter (where customer_rfm.monetary_amount = customer_profit.cm3_amount),
            count(*) filter (where customer_value.past_value_amount = customer_profit.cm3_amount)
        from customer_rfm
        inner join customer_profit using (customer_id)
        inner join customer_value using (customer_id)
        """
    )
    assert compared[0] > 300
    assert compared == (compared[0],) * 3
    for mart in ("customer_rfm", "customer_ltv"):
        assert finished.rows(f"select distinct monetary_measure from {mart}") == [("cm3",)], mart


def test_the_history_takes_costs_off_on_the_day_they_moved(finished):
    """Summed up by hand for each date of the history: revenue and costs before it."""
    differing = finished.rows(
        """
        select count(*), count(*) filter (where history.monetary_amount <> moved.profit_amount)
        from customer_rfm_history as history
        inner join (
            select as_of_date, days.customer_id, sum(days.profit_amount) as profit_amount
            from main_intermediate.int_value__customer_days as days
            inner join main_intermediate.int_time__as_of_dates as as_of_dates
                on days.movement_date < as_of_dates.as_of_date
            group by all
        ) as moved using (as_of_date, customer_id)
        """
    )
    assert differing[0][0] > 1000
    assert differing[0][1] == 0


def test_future_value_is_forecast_sales_times_the_margin(finished):
    """Who left nothing so far is expected to lose money, and the more the more they order."""
    (rows,) = finished.rows(
        """
        select
            count(*) filter (where margin_rate < 0),
            count(*) filter (where margin_rate < 0 and ltv_12m_amount > 0),
            count(*) filter (where ltv_lower_amount > ltv_12m_amount and alive_probability > 0.5),
            count(*) filter (where ltv_upper_amount < ltv_lower_amount),
            avg(margin_rate)
        from customer_ltv
        """
    )
    losing, wrong, over, crossed, mean = rows
    assert losing > 10
    assert (wrong, over, crossed) == (0, 0, 0)
    assert 0.1 < mean < 0.5


def test_explain_says_what_a_customer_leaves_and_why(finished):
    (customer,) = finished.rows(
        "select customer_id from customer_service_balance where is_big_spender_low_profit "
        "order by customer_id limit 1"
    )[0]
    told = finished.rfm("explain", customer).stdout
    (profit,) = finished.rows(
        f"select profit_amount, profit_class from customer_profit where customer_id = '{customer}'"
    )
    assert f"net sales {profit[0]:,.2f} are left" in told
    assert ("a loss" if profit[1] == "loss" else "break-even") in told
    assert "Costs: " in told
    assert "Why: " in told
    assert "of contribution margin 3" in told
