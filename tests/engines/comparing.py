"""Marts of two engines beside each other: keys equal, numbers within 1e-9, money to the cent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

RELATIVE = 1e-9

Row = Mapping[str, Any]
# What tells the rows of a mart apart; the first are made wherever there are orders.
KEYS_OF_ORDERS = {
    "allowable_spend": ("customer_id",),
    "best_customer_flow": ("to_as_of_date",),
    "best_customers": ("definition", "customer_id"),
    "best_segments": ("definition", "rfm_segment"),
    "cohort_values": ("cohort_month", "month_number"),
    "customer_loyalty": ("customer_id",),
    "customer_ltv": ("customer_id",),
    "customer_opportunities": ("customer_id",),
    "customer_rfm": ("customer_id",),
    "customer_rfm_history": ("as_of_date", "customer_id"),
    "customer_value": ("customer_id",),
    "customers": ("customer_id",),
    "customers_at_risk": ("customer_id",),
    "excluded_customers": ("customer_id", "reason"),
    "loyalty_summary": ("grouped_by", "group_value"),
    "ltv_backtest": ("cut_date", "measure", "method", "is_corrected"),
    "ltv_calibration": ("cut_date", "measure", "method", "is_corrected", "decile"),
    "ltv_checks": ("check_name",),
    "ltv_drift": ("run_id",),
    "ltv_parameters": ("ltv_group", "model", "parameter"),
    "ltv_segment_totals": ("segment_type", "segment"),
    "orders": ("source_name", "customer_id", "order_id"),
    "profit_concentration": ("measure",),
    "profit_curve": ("measure", "customer_percent"),
    "quarantined_rows": ("source_name", "entity", "row_number"),
    "rfm_segment_moves": ("to_as_of_date", "from_rfm_segment", "to_rfm_segment"),
    "rfm_segment_summary": ("rfm_segment",),
    "rfm_thresholds": ("as_of_date", "measure", "score"),
    "segment_spend": ("rfm_segment",),
    "source_quality": ("source_name", "entity", "check_name", "column_name"),
    "source_summary": ("source_name",),
    "step_up_customers": ("customer_id",),
    "value_cell_summary": ("value_cell",),
    "value_levers": ("scope", "scope_value"),
}
KEYS = {
    **KEYS_OF_ORDERS,
    "customer_attributes": ("customer_id", "attribute"),
    "customer_costs": ("customer_id", "cause"),
    "customer_id_events": ("event_number",),
    "customer_id_redirects": ("old_customer_id",),
    "customer_profit": ("customer_id",),
    "customer_records": ("record_id",),
    "customer_service_balance": ("customer_id",),
    "customer_service_levels": ("customer_id",),
    "identity_links": ("left_record_id", "right_record_id"),
    "identity_review": ("customer_id",),
    "interactions": ("interaction_id",),
    "marketing_spend_split": ("spend_purpose",),
    "need_groups": ("need", "need_value"),
    "order_lines": ("source_name", "order_id", "line_number"),
    "order_profit": ("source_name", "customer_id", "order_id", "currency"),
    "profit_reconciliation": ("period", "account"),
    "profit_statement": ("scope", "scope_value", "statement_line"),
    "customer_next_lines": ("customer_id",),
    "segment_product_lines": ("rfm_segment", "product_line"),
}


@dataclass(frozen=True)
class Comparison:
    """How a mart compares with the same mart of another engine.

    Attributes:
        rows: compared.
        worst: the largest relative difference between two doubles.
        differences: what differs beyond what is allowed, a line each.
    """

    rows: int
    worst: float
    differences: list[str]


def compare(mart: str, found: Iterable[Row], wanted: Iterable[Row]) -> Comparison:
    """Compare a mart row by row, by its key."""
    mine, theirs = _by_key(mart, found), _by_key(mart, wanted)
    differences = [f"{mart} {key} is missing" for key in theirs.keys() - mine.keys()]
    differences += [f"{mart} {key} is too much" for key in mine.keys() - theirs.keys()]
    worst = 0.0
    for key in mine.keys() & theirs.keys():
        if mine[key].keys() != theirs[key].keys():
            differences.append(f"{mart} has columns {list(mine[key])}, not {list(theirs[key])}")
            break
        for column, value in theirs[key].items():
            other = mine[key][column]
            difference = _difference(other, value)
            if difference is None or difference > RELATIVE:
                differences.append(f"{mart} {key} {column}: {other!r}, not {value!r}")
            else:
                worst = max(worst, difference)
    return Comparison(len(mine), worst, differences)


def differing_paths(found: Any, wanted: Any, path: str = "") -> list[str]:
    """List where two values read from JSON differ, as names and numbers with dots between."""
    if isinstance(found, dict) and isinstance(wanted, dict) and found.keys() == wanted.keys():
        pairs = [(name, found[name], wanted[name]) for name in wanted]
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        pairs = [
            (str(number), *pair) for number, pair in enumerate(zip(found, wanted, strict=True))
        ]
    else:
        difference = _difference(found, wanted)
        return [path] if difference is None or difference > RELATIVE else []
    return [
        place
        for name, mine, theirs in pairs
        for place in differing_paths(mine, theirs, f"{path}.{name}".lstrip("."))
    ]


def _by_key(mart: str, rows: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    rows = list(rows)
    keyed = {tuple(row[name] for name in KEYS[mart]): row for row in rows}
    repeated = Counter(tuple(row[name] for name in KEYS[mart]) for row in rows)
    assert len(keyed) == len(rows), (mart, repeated.most_common(3))
    return keyed


def _difference(found: Any, wanted: Any) -> float | None:
    """Return the relative difference of two doubles, 0 for what is equal, None for what is not."""
    if isinstance(found, float) and isinstance(wanted, float):
        return abs(found - wanted) / max(abs(found), abs(wanted)) if found != wanted else 0.0
    if isinstance(found, Decimal | int) and isinstance(wanted, Decimal | int):
        return 0.0 if Decimal(found) == Decimal(wanted) else None
    if isinstance(found, datetime) and isinstance(wanted, datetime):
        return 0.0 if found.replace(tzinfo=None) == wanted.replace(tzinfo=None) else None
    return 0.0 if found == wanted else None
