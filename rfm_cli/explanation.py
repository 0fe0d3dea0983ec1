"""Why a customer has these scores, this segment and this value: stored values, in plain words."""

from __future__ import annotations

from typing import Any

from rfm_cli import words
from rfm_cli.errors import BadInput
from rfm_cli.group_facts import group_in_words, group_of
from rfm_cli.identity_explanation import (
    current_customer,
    identity_facts,
    identity_words,
    link_path,
    path_words,
)
from rfm_cli.loyalty_explanation import loyalty_facts, loyalty_words
from rfm_cli.profit_explanation import profit_facts, profit_words
from rfm_cli.warehouse import Target, Warehouse, open_warehouse

Facts = dict[str, Any]

_MEASURES = ("recency", "frequency", "monetary")


def explain_customer(target: Target, customer_id: str) -> Facts:
    """Read all that is stored about a customer.

    Args:
        target: the warehouse.
        customer_id: the id; where records were brought together also an earlier id or a record.

    Returns:
        The rows of the marts: customer, rfm, thresholds, ltv, value, best, profit, loyalty; most
        of a customer without an order are None, and all of somebody who has records but is not
        scored. ltv_group is the group whose fit scores the customer, '' for that of all, None
        where there are no groups. identity has the records and links, None where the customer is
        whoever the one source says.

    Raises:
        BadInput: no such customer.
        WarehouseUnavailable: the database cannot be read.
    """
    with open_warehouse(target) as warehouse:
        asked, (customer_id, found_by) = customer_id, current_customer(warehouse, customer_id)
        customer = _row(warehouse, "customers", customer_id)
        identity = identity_facts(warehouse, customer_id)
        if customer is None and not (identity and identity["records"]):
            raise unknown_customer(warehouse, asked)
        rfm = _row(warehouse, "customer_rfm", customer_id)
        value = _row(warehouse, "customer_value", customer_id)
        return {
            "customer_id": customer_id,
            "found_by": found_by,
            "customer": customer,
            "identity": identity,
            "rfm": rfm,
            "thresholds": _thresholds(warehouse, rfm) if rfm else {},
            "ltv": _row(warehouse, "customer_ltv", customer_id),
            "ltv_group": group_of(warehouse, customer_id),
            "value": value and {**value, **_strategy(warehouse, value["value_cell"])},
            "best": warehouse.records(
                "select definition, rank, measure_value, reasons "
                f"from {warehouse.relation('best_customers')} where customer_id = ? "
                "order by rank, definition",
                [customer_id],
            ),
            "profit": profit_facts(warehouse, customer_id),
            "loyalty": loyalty_facts(warehouse, customer_id),
        }


def explain_records(target: Target, record: str, other_record: str) -> tuple[Facts, list[str]]:
    """Say why two records are one customer.

    Returns:
        The customer_id and the links from one record to the other, and the same in words.

    Raises:
        BadInput: they are not, or no records were brought together.
    """
    with open_warehouse(target) as warehouse:
        customer_id, _ = current_customer(warehouse, record)
        identity = identity_facts(warehouse, customer_id)
    if identity is None:
        raise BadInput(
            "no records were brought together here",
            where=target.where,
            hint="register a source that offers customers in rfm_sources (docs/sources.md)",
        )
    path = link_path(identity, record, other_record)
    return {"customer_id": customer_id, "links": path}, path_words(record, other_record, path)


def in_words(facts: Facts) -> list[str]:
    """Say the facts in sentences, one a line."""
    lines = [f"{facts['found_by']}.", ""] if facts["found_by"] else []
    lines += _value_and_scores(facts)
    if facts["profit"]:
        lines += ["", *profit_words(facts["profit"])]
    if facts["loyalty"]:
        lines += ["", *loyalty_words(facts["loyalty"])]
    if facts["identity"]:
        lines += ["", *identity_words(facts["identity"])]
    return lines


def _value_and_scores(facts: Facts) -> list[str]:
    customer = facts["customer"]
    if customer is None:
        return [
            f"{facts['customer_id']} is not scored: the account this person orders for is, or only"
            " a bought list names them."
        ]
    if not customer["order_count"]:
        orders = "no order"
        if customer["revenue_amount"]:
            orders += f", only refunds ({words.money(customer['revenue_amount'])})"
        return [
            f"Customer {facts['customer_id']} as of {customer['as_of_date']}: {orders}."
            " Scores and value need an order."
        ]
    lines: list[str] = []
    if facts["rfm"]:
        lines += _rfm_words(facts["customer"], facts["rfm"], facts["thresholds"])
    if facts["ltv"]:
        lines += ["", *_ltv_words(facts["ltv"], facts["ltv_group"])]
    if facts["value"]:
        lines += ["", *_value_words(facts["value"])]
    lines += ["", *_best_words(facts["best"])]
    return lines


def _row(warehouse: Warehouse, mart: str, customer_id: str) -> Facts | None:
    rows = warehouse.records(
        f"select * from {warehouse.relation(mart)} where customer_id = ?", [customer_id]
    )
    return rows[0] if rows else None


def _thresholds(warehouse: Warehouse, rfm: Facts) -> dict[str, Facts]:
    """Find the row of rfm_thresholds that made each of the three scores."""
    rows = warehouse.records(
        "select measure, score, score_method, starts_at_value, lowest_value, highest_value, "
        f"customer_count from {warehouse.relation('rfm_thresholds')} where as_of_date = ? "
        "order by measure, score",
        [rfm["as_of_date"]],
    )
    return {
        row["measure"]: row for row in rows if row["score"] == rfm.get(f"{row['measure']}_score")
    }


def _strategy(warehouse: Warehouse, value_cell: str) -> Facts:
    rows = warehouse.records(
        f"select strategy_aim from {warehouse.relation('value_cell_summary')} where value_cell = ?",
        [value_cell],
    )
    return rows[0] if rows else {"strategy_aim": None}


def unknown_customer(warehouse: Warehouse, customer_id: str) -> BadInput:
    """Make the error for an id that no customer has, naming the closest ones."""
    close = warehouse.nearest(warehouse.relation("customers"), "customer_id", customer_id, 3)
    names = ", ".join(close)
    return BadInput(
        f'there is no customer "{customer_id}"',
        where=warehouse.where,
        hint=f"the closest ids are {names}" if names else "the database holds no customers",
    )


def _rfm_words(customer: Facts, rfm: Facts, thresholds: dict[str, Facts]) -> list[str]:
    measure = words.MEASURE_NAMES.get(rfm["monetary_measure"], rfm["monetary_measure"])
    days = words.count(rfm["recency_days"], "day")
    lines = [
        f"Customer {customer['customer_id']} as of {rfm['as_of_date']}: "
        f"{rfm['rfm_segment']}, RFM {rfm['rfm_code']}",
        "",
        f"Recency {rfm['recency_score']} of 5: the last order was {days} ago, "
        f"on {rfm['last_order_date']}.",
        f"Frequency {rfm['frequency_score']} of 5: {_orders_counted(customer, rfm)}.",
        f"Money {rfm['monetary_score']} of 5: {words.money(rfm['monetary_amount'])} of {measure}"
        f"{_per_order(customer, rfm)}.",
    ]
    for position, name in enumerate(_MEASURES, start=2):
        if name in thresholds:
            lines[position] += " " + _threshold_words(name, thresholds[name])
    return lines


def _orders_counted(customer: Facts, rfm: Facts) -> str:
    """Say the orders that count: all since the first one, or those in the window of the scores."""
    orders = words.count(rfm["frequency"], "order")
    if rfm["frequency"] == customer["order_count"]:
        return f"{orders} since {rfm['first_order_date']}"
    return f"{orders} counted, of {customer['order_count']:,} in all"


def _per_order(customer: Facts, rfm: Facts) -> str:
    """Say that the amount is a mean, where the whole history shows it."""
    amount = rfm["monetary_amount"]
    is_mean = amount == customer["mean_order_amount"] != customer["revenue_amount"]
    return " per order" if is_mean and rfm["frequency"] == customer["order_count"] else ""


def _threshold_words(measure: str, threshold: Facts) -> str:
    score, start = threshold["score"], threshold["starts_at_value"]
    if str(threshold["score_method"]).startswith("ntile"):
        # Groups of equal size: customers with the same value may be in two of them.
        return f"Score {score} went to {_range_words(measure, threshold)}; equals rank by id."
    if measure == "recency":
        return f"Score {score} goes to customers with at most {words.count(int(start), 'day')}."
    if measure == "frequency":
        return f"Score {score} starts at {words.count(int(start), 'order')}."
    return f"Score {score} starts at {words.money(start)}."


def _range_words(measure: str, threshold: Facts) -> str:
    low, high = threshold["lowest_value"], threshold["highest_value"]
    start = "" if low == high else f"{words.money(low) if measure == 'monetary' else int(low)} to "
    if measure == "monetary":
        return f"customers with {start}{words.money(high)}"
    unit = "day" if measure == "recency" else "order"
    return f"customers with {start}{words.count(int(high), unit)}"


def _ltv_words(ltv: Facts, group: str | None) -> list[str]:
    method = words.MODEL_NAMES.get(ltv["ltv_method"], ltv["ltv_method"])
    lines = []
    if ltv["alive_probability"] is not None:
        lines.append(
            f"Still a customer with a probability of {words.share(ltv['alive_probability'])}."
        )
    lines += [
        f"Expected: {ltv['expected_orders_90d']:.2f} orders in the next 90 days, "
        f"{ltv['expected_orders_365d']:.2f} in the next 365, "
        f"{words.money(ltv['expected_order_value'])} each.",
        f"Lifetime value: {_year_words(ltv)}; {words.money(ltv['ltv_36m_amount'])} in 36 months.",
        *_total_words(ltv),
        f"Computed with {method}{group_in_words(group)}.",
    ]
    return lines


def _total_words(ltv: Facts) -> list[str]:
    """Say what past and future come to; nothing where there is no value to the end."""
    residual = ltv.get("ltv_residual_amount")  # not in marts of an earlier version
    if residual is None:
        return []
    far = (
        ", more than half of it farther ahead than orders look back"
        if ltv["ltv_residual_reason"] == "beyond_history"
        else ""
    )
    return [
        f"All that is still to come: {words.money(residual)}{far}; "
        f"with the past {words.money(ltv['ltv_total_amount'])}."
    ]


def _year_words(ltv: Facts) -> str:
    """Say the value of 12 months; the mean lies above the interval where hardly anybody returns."""
    mean, lower, upper = (
        ltv[name] for name in ("ltv_12m_amount", "ltv_lower_amount", "ltv_upper_amount")
    )
    if lower is None or upper is None:
        return f"{words.money(mean)} in 12 months"
    if upper <= 0 < mean:
        return (
            f"most likely nothing in 12 months, {words.money(mean)} is the average,"
            " owed to the few who return"
        )
    between = f"with 90 % certainty between {words.money(lower)} and {words.money(upper)}"
    return f"{words.money(mean)} in 12 months, {between}"


def _value_words(value: Facts) -> list[str]:
    strategy = words.plain(value["value_strategy"])
    aim = f" {value['strategy_aim']}." if value["strategy_aim"] else ""
    return [
        f"Past value {words.money(value['past_value_amount'])}: score {value['past_score']} of 5.",
        f"Future value {words.money(value['future_value_amount'])}: "
        f"score {value['future_score']} of 5.",
        f"Cell {value['value_cell']}, strategy: {strategy}.{aim}",
    ]


def _best_words(best: list[Facts]) -> list[str]:
    if not best:
        return ["On no list of best customers."]
    lists = [f"  {row['definition'].replace('_', ' ')}: {row['reasons']}" for row in best]
    return ["On these lists of best customers:", *lists]
