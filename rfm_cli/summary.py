"""What a round came to: the facts of the marts as one dict, printed in words or as JSON."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from rfm_cli.group_facts import group_fits
from rfm_cli.identity_review import record_totals
from rfm_cli.ltv_checks import findings, read_checks, read_drift
from rfm_cli.orders_file import OrdersFile
from rfm_cli.orders_table import OrdersTable
from rfm_cli.warehouse import Target, Warehouse, open_warehouse

if TYPE_CHECKING:
    from rfm_cli.round import RoundResult

BEST_COUNT = 5
SCORES = 5
_PARAMETERS = ("r", "alpha", "a", "b", "s", "beta", "p", "q", "v")

Facts = dict[str, Any]


def summarise(target: Target, result: RoundResult | None = None) -> Facts:
    """Read the facts of a warehouse.

    Args:
        target: a warehouse that a round has filled.
        result: what the round said, when there was one just now.

    Raises:
        BadInput: the database lacks a mart.
        WarehouseUnavailable: the database cannot be read.
    """
    with open_warehouse(target) as warehouse:
        facts = {
            "database": str(target.path.resolve()) if target.database else target.where,
            "target": target.name,
            "engine": target.engine,
            **_totals(warehouse),
            "records": (
                record_totals(warehouse) if warehouse.find_relation("customer_records") else None
            ),
            "rows": _rows(warehouse),
            "scores_used": _scores_used(warehouse),
            "tie_dependence": _tie_dependence(warehouse),
            "dates_with_other_settings": _dates_with_other_settings(warehouse),
            "segments": _segments(warehouse),
            "value_cells": _value_cells(warehouse),
            "ltv": _ltv(warehouse),
            "best_customers": _best_customers(warehouse),
        }
    if result is not None:
        facts["learned"] = _learned(result)
        facts["warnings"] = [
            {"test": w.test, "claim": w.claim, "row_count": w.row_count} for w in result.warnings
        ]
    return facts


def add_source(facts: Facts, orders: OrdersFile | OrdersTable | None) -> Facts:
    """Add how the orders were read."""
    if orders is None:
        return facts
    of_orders = _file_facts(orders) if isinstance(orders, OrdersFile) else _table_facts(orders)
    return {"source": of_orders, **facts}


def _table_facts(table: OrdersTable) -> Facts:
    return {"table": table.name, "columns": asdict(table.columns)}


def _file_facts(file: OrdersFile) -> Facts:
    return {
        "path": str(file.path),
        "format": file.file_format,
        "delimiter": file.delimiter if file.file_format == "csv" else None,
        "encoding": file.encoding if file.file_format == "csv" else None,
        "row_count": file.row_count,
        "columns": asdict(file.columns),
        "date_format": file.date_format or "iso",
        "decimal_mark": file.decimal_mark,
        "latest_order_date": file.latest_order_date,
        "notes": list(file.notes),
    }


def _totals(warehouse: Warehouse) -> Facts:
    customers = warehouse.relation("customers")
    rfm = warehouse.relation("customer_rfm")
    sources = warehouse.relation("source_summary")
    (as_of,) = warehouse.query(f"select max(as_of_date) from {sources}")[0]
    count, silent, orders, revenue, first, last = warehouse.query(
        "select count(*), count(*) filter (where order_count = 0), coalesce(sum(order_count), 0), "
        "coalesce(sum(revenue_amount), 0), "
        f"min(first_order_date), max(last_order_date) from {customers}"
    )[0]
    measures = warehouse.query(f"select distinct monetary_measure from {rfm} order by 1")
    return {
        "as_of_date": as_of,
        "first_order_date": first,
        "last_order_date": last,
        "customer_count": count,
        "without_order_count": silent,
        "order_count": int(orders),
        "revenue_amount": revenue,
        "monetary_measure": ", ".join(row[0] for row in measures),
    }


def _rows(warehouse: Warehouse) -> Facts:
    sources = warehouse.relation("source_summary")
    rows, usable, left_out, not_yet = warehouse.query(
        "select sum(row_count), sum(usable_row_count), sum(quarantined_row_count), "
        f"sum(not_yet_row_count) from {sources}"
    )[0]
    quarantined = warehouse.relation("quarantined_rows")
    reasons = warehouse.query(
        f"select quarantine_reason, count(*) from {quarantined} "
        "where entity in ('orders', 'refunds') group by quarantine_reason order by 2 desc, 1"
    )
    others = warehouse.records(
        f"select entity, quarantine_reason, count(*) as row_count from {quarantined} "
        "where entity not in ('orders', 'refunds') "
        "group by entity, quarantine_reason order by entity, row_count desc, quarantine_reason"
    )
    return {
        "row_count": int(rows or 0),
        "usable_row_count": int(usable or 0),
        "quarantined_row_count": int(left_out or 0),
        "not_yet_row_count": int(not_yet or 0),
        "quarantined": dict(reasons),
        "quarantined_elsewhere": others,
    }


def _scores_used(warehouse: Warehouse) -> dict[str, int]:
    """Count the scores that somebody has; few distinct values leave some of the five empty."""
    rows = warehouse.query(
        "select measure, count(*) filter (where customer_count > 0) "
        f"from {warehouse.relation('rfm_thresholds')} "
        f"where as_of_date = (select max(as_of_date) from {warehouse.relation('customer_rfm')}) "
        "group by measure order by 1"
    )
    return dict(rows)


def _tie_dependence(warehouse: Warehouse) -> dict[str, float]:
    """Give the measures for which the tie-break decided scores, with the share of customers."""
    rows = warehouse.query(
        "select measure, max(tie_dependence_share) "
        f"from {warehouse.relation('rfm_thresholds')} "
        f"where as_of_date = (select max(as_of_date) from {warehouse.relation('customer_rfm')}) "
        "and tie_dependence_share > 0 group by measure order by 1"
    )
    return dict(rows)


def _dates_with_other_settings(warehouse: Warehouse) -> list[date]:
    """Give the dates of the history that were scored with other settings than the current one."""
    history, current = (
        warehouse.relation(name) for name in ("customer_rfm_history", "customer_rfm")
    )
    rows = warehouse.query(
        f"select distinct as_of_date from {history} "
        f"where settings_hash not in (select settings_hash from {current}) order by 1"
    )
    return [row[0] for row in rows]


def _segments(warehouse: Warehouse) -> list[Facts]:
    return warehouse.records(
        "select segments.rfm_segment, segments.customer_count, segments.customer_share, "
        "segments.monetary_amount, segments.monetary_share, segments.mean_recency_days, "
        "totals.ltv_12m_amount, totals.lower_amount as ltv_12m_lower_amount, "
        "totals.upper_amount as ltv_12m_upper_amount "
        f"from {warehouse.relation('rfm_segment_summary')} as segments "
        f"left join {warehouse.relation('ltv_segment_totals')} as totals "
        "on totals.segment_type = 'rfm_segment' and segments.rfm_segment = totals.segment "
        "order by segments.monetary_amount desc, segments.rfm_segment"
    )


def _value_cells(warehouse: Warehouse) -> list[Facts]:
    return warehouse.records(
        "select value_cell, past_score, future_score, customer_count, past_value_amount, "
        f"future_value_amount, value_strategy from {warehouse.relation('value_cell_summary')} "
        "order by past_score desc, future_score desc"
    )


def _ltv(warehouse: Warehouse) -> Facts:
    # Of values to the end that some customers do not have there is no sum.
    method, year, three_years, residual, far = warehouse.query(
        "select min(ltv_method), sum(ltv_12m_amount), sum(ltv_36m_amount), "
        "case when count(ltv_residual_amount) = count(*) then sum(ltv_residual_amount) end, "
        "sum(case when ltv_residual_reason = 'beyond_history' then ltv_residual_amount end) "
        f"from {warehouse.relation('customer_ltv')}"
    )[0]
    intervals = warehouse.query(
        f"select lower_amount, upper_amount from {warehouse.relation('ltv_segment_totals')} "
        "where segment_type = 'company'"
    )
    lower, upper = intervals[0] if intervals else (None, None)
    checks, drift = read_checks(warehouse), read_drift(warehouse)
    facts: Facts = {
        "method": method,
        "ltv_12m_amount": year,
        "ltv_12m_lower_amount": lower,
        "ltv_12m_upper_amount": upper,
        "ltv_36m_amount": three_years,
        "ltv_residual_amount": residual,
        "is_residual_beyond_history": bool(residual and far and far > residual / 2),
        "checks": checks,
        "drift": drift,
        "warnings": [found.text for found in findings(checks, drift) if found.is_warning],
    }
    fits = warehouse.records(f"select * from {warehouse.relation('int_ltv__current_fit')}")
    if not fits or method == "baseline":
        return {**facts, **_why_baseline(warehouse)}
    fit = fits[0]
    return {
        **facts,
        "run_id": fit["run_id"],
        "fitted_as_of_date": fit["fitted_as_of_date"],
        "parameters": {n: fit[n] for n in _PARAMETERS if fit.get(n) is not None},
        "groups": group_fits(warehouse),
    }


def _why_baseline(warehouse: Warehouse) -> Facts:
    """Say how far the data are from a fit."""
    from rfm_cli.ltv.fit import MIN_REPEAT_CUSTOMERS

    refused = warehouse.query(
        "select repeat_customer_count, refusal_reason "
        f"from {warehouse.relation('fitted_runs')} where topic = 'ltv' and not is_accepted "
        "order by run_number desc limit 1"
    )
    repeaters, reason = refused[0] if refused else (None, None)
    return {
        "repeat_customer_count": repeaters,
        "needed_repeat_customer_count": MIN_REPEAT_CUSTOMERS,
        "refusal_reason": reason,
    }


def _best_customers(warehouse: Warehouse) -> list[Facts]:
    return warehouse.records(
        "select rank, customer_id, measure_value, reasons "
        f"from {warehouse.relation('best_customers')} where definition = 'lifetime_value' "
        f"order by rank, customer_id limit {BEST_COUNT}"
    )


def _learned(result: RoundResult) -> Facts | None:
    run = result.learned
    if run is None:
        return None
    return {
        "run_id": run.run_id,
        "model": run.model,
        "is_accepted": run.is_accepted,
        "refusal_reason": run.refusal_reason,
        "is_new": run.is_new,
    }
