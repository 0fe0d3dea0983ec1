"""Whom to call, whom to grow and with what: the late, the opportunities, the next product line."""

from __future__ import annotations

from typing import Any

from rfm_cli.errors import BadInput
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


def next_line_list(target: Target, count: int, line: str | None = None) -> Facts:
    """Read which product line each customer would most profitably be shown next.

    Args:
        target: the warehouse.
        count: how many customers at most, those with the largest expected amount first.
        line: customers of this next line alone.

    Returns:
        product_lines, with customer_count, mean_propensity and expected_amount of each next line,
        and the customers.

    Raises:
        BadInput: no source tells lines of orders, or nobody is to be shown this line.
    """
    with open_warehouse(target) as warehouse:
        next_lines = warehouse.find_relation("customer_next_lines")
        if next_lines is None:
            raise BadInput(
                "what customers buy is not known: there are no lines of orders",
                where=warehouse.where,
                hint="name a source with order_lines and products in rfm_sources "
                "(docs/sources.md) and run again",
            )
        product_lines = warehouse.records(
            "select next_product_line, count(*) as customer_count, "
            "avg(propensity) as mean_propensity, sum(expected_amount) as expected_amount "
            f"from {next_lines} group by next_product_line "
            "order by expected_amount desc, next_product_line"
        )
        known = [str(row["next_product_line"]) for row in product_lines]
        if line is not None and line not in known:
            raise BadInput(
                f"nobody is to be shown the product line {line!r} next",
                where=warehouse.where,
                hint=f"the next lines are {', '.join(known)}",
            )
        return {
            "product_lines": product_lines,
            "customers": warehouse.records(
                "select customer_id, main_product_line, next_product_line, propensity, lift, "
                f"expected_amount from {next_lines} "
                f"{'where next_product_line = ? ' if line is not None else ''}"
                f"order by expected_amount desc, customer_id limit {int(count)}",
                [line] if line is not None else [],
            ),
        }
