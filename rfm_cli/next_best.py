"""Whom to call and whom to grow: best customers gone quiet, and who spends less than their like."""

from __future__ import annotations

from typing import Any

from rfm_cli.warehouse import Target, open_warehouse

Facts = dict[str, Any]


def late_list(target: Target, count: int, *, only_new: bool = False) -> Facts:
    """Read the best customers who are silent for longer than usual.

    Args:
        target: the warehouse.
        count: how many at most, those with the most value at risk first.
        only_new: those alone who were not late on the as-of date before.

    Returns:
        customer_count, newly_late_count and value_at_risk_amount of all of them, and the customers.
    """
    with open_warehouse(target) as warehouse:
        at_risk = warehouse.relation("customers_at_risk")
        (late, new, amount) = warehouse.query(
            "select count(*), coalesce(sum(case when is_newly_late then 1 else 0 end), 0), "
            f"coalesce(sum(value_at_risk_amount), 0) from {at_risk}"
        )[0]
        return {
            "customer_count": int(late),
            "newly_late_count": int(new),
            "value_at_risk_amount": amount,
            "customers": warehouse.records(
                "select risk_rank, customer_id, rfm_segment, past_value_amount, "
                "value_at_risk_amount, allowed_amount, usual_gap_days, days_since_last_order, "
                f"late_since_date, is_newly_late from {at_risk} "
                f"{'where is_newly_late ' if only_new else ''}"
                f"order by risk_rank, customer_id limit {int(count)}"
            ),
        }


def opportunity_list(target: Target, count: int) -> Facts:
    """Read who spends less than the best of their segment and would most likely spend more.

    Returns:
        customer_count and opportunity_amount of all of them, and the customers, the largest
        opportunity first.
    """
    with open_warehouse(target) as warehouse:
        opportunities = warehouse.relation("customer_opportunities")
        (customers, amount) = warehouse.query(
            f"select count(*), coalesce(sum(opportunity_amount), 0) from {opportunities}"
        )[0]
        return {
            "customer_count": int(customers),
            "opportunity_amount": amount,
            "customers": warehouse.records(
                "select opportunity_rank, customer_id, rfm_segment, current_amount, "
                "potential_amount, alive_probability, margin_rate, opportunity_amount "
                f"from {opportunities} order by opportunity_rank, customer_id limit {int(count)}"
            ),
        }
