"""What value would be if customers ordered more often, left less readily or left more margin.

Value is P(alive) times discounted orders of the living times what an order leaves; a change from
now on touches the last two only. Discounted orders depend on (x, T) and the fit, so customers are
summed up by these and each sum is scaled by the orders after the change over those before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rfm_cli.errors import BadInput
from rfm_cli.warehouse import Target, Warehouse, open_warehouse

if TYPE_CHECKING:
    import pyarrow as pa

    from rfm_cli.ltv.parameters import OrderModel, OrderParameters

SEGMENTS = {"rfm_segment": "customer_rfm", "value_cell": "customer_value"}


@dataclass(frozen=True)
class Question:
    """A change: factors on order rate, dropout and margin; of some segments, or of all."""

    segment_by: str
    segments: Sequence[str]
    order_rate: float
    dropout: float
    margin: float


def what_if(target: Target, question: Question, annual_rate: float) -> dict[str, Any]:
    """Return each segment's value before and after the change, and the company's.

    Raises:
        BadInput: there is no such segment, or no fit to ask.
    """
    with open_warehouse(target) as warehouse:
        fits = _read_fits(warehouse)
        if not fits:
            raise BadInput(
                "values come from the baseline, which does not know how orders would change",
                where=target.where,
                hint="load a longer history until `rfm run` fits a model",
            )
        sums = _read_sums(warehouse, question.segment_by)
    question = replace(question, segments=_known_segments(question, sums))
    segments = _by_segment(sums, fits, question, annual_rate)
    return {
        "segment_by": question.segment_by,
        "order_rate_factor": question.order_rate,
        "dropout_factor": question.dropout,
        "margin_factor": question.margin,
        "annual_discount_rate": annual_rate,
        "segments": segments,
        "company": _company(segments),
    }


def _known_segments(question: Question, sums: pa.Table) -> list[str]:
    """Return the names of the segments asked for as the warehouse spells them."""
    known = {str(name).casefold(): str(name) for name in sums["segment"].to_pylist()}
    for name in question.segments:
        if name.casefold() not in known:
            raise BadInput(
                f"no customer is in the {question.segment_by} '{name}'",
                where="--segment",
                hint=f"use {', '.join(sorted(known.values()))}",
            )
    return [known[name.casefold()] for name in question.segments]


def _read_fits(warehouse: Warehouse) -> dict[str, OrderParameters]:
    """Read the parameters of the current fit, by group; '' is everybody."""
    from rfm_cli.ltv.models import ORDER_MODELS

    fits: dict[str, OrderParameters] = {}
    for row in warehouse.records(f"select * from {warehouse.relation('int_ltv__group_fits')}"):
        model: OrderModel = row["model"]
        form = ORDER_MODELS[model]
        fits[row["ltv_group"]] = form.parameters(*(float(row[n]) for n in form.parameter_names))
    return fits


def _read_sums(warehouse: Warehouse, segment_by: str) -> pa.Table:
    relations = {
        name: warehouse.relation(name)
        for name in ("customer_ltv", "int_ltv__customer_fits", SEGMENTS[segment_by])
    }
    return warehouse.reader(
        f"""(
            select
                segments.{segment_by} as segment,
                fits.fit_group,
                fits.repeat_order_count,
                fits.observed_days,
                count(*) as customer_count,
                sum(ltv.alive_probability) as alive_count,
                sum(ltv.ltv_12m_amount) as ltv_12m_amount,
                sum(ltv.ltv_36m_amount) as ltv_36m_amount
            from {relations["customer_ltv"]} as ltv
            inner join {relations["int_ltv__customer_fits"]} as fits
                on ltv.customer_id = fits.customer_id
            inner join {relations[SEGMENTS[segment_by]]} as segments
                on ltv.customer_id = segments.customer_id
            group by
                segments.{segment_by}, fits.fit_group, fits.repeat_order_count, fits.observed_days
        )"""
    ).read_all()


def _by_segment(
    sums: pa.Table, fits: Mapping[str, OrderParameters], question: Question, annual_rate: float
) -> list[dict[str, Any]]:
    """Add the sums up by segment, as they are and as they would be."""
    import numpy as np

    from rfm_cli.ltv.change import AS_IS, Change
    from rfm_cli.ltv.changed_orders import changed_orders

    columns = {name: np.asarray(sums[name].to_pylist()) for name in sums.column_names}
    history = (
        columns["fit_group"],
        columns["repeat_order_count"].astype(float),
        columns["observed_days"].astype(float),
    )
    before, after = (
        changed_orders(fits, *history, change=change, annual_rate=annual_rate)
        for change in (AS_IS, Change(question.order_rate, question.dropout))
    )
    alive = columns["alive_count"].astype(float)
    rows = []
    for segment in sorted(set(columns["segment"].tolist())):
        here = columns["segment"] == segment
        is_changed = not question.segments or segment in question.segments
        row: dict[str, Any] = {
            "segment": segment,
            "is_changed": is_changed,
            "customer_count": int(columns["customer_count"][here].sum()),
            "living_customer_count": float(alive[here].sum()),
            "staying_count": float(alive[here] @ before.staying[here]),
            "changed_staying_count": float(
                alive[here] @ (after if is_changed else before).staying[here]
            ),
        }
        for months in before.orders:
            amounts = columns[f"ltv_{months}m_amount"][here].astype(float)
            factors = after.orders[months][here] / before.orders[months][here] * question.margin
            row[f"ltv_{months}m_amount"] = float(amounts.sum())
            row[f"changed_ltv_{months}m_amount"] = float(
                amounts @ factors if is_changed else amounts.sum()
            )
        rows.append(row)
    return rows


def _company(segments: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        name: sum(row[name] for row in segments)
        for name in segments[0]
        if name not in ("segment", "is_changed")
    }
