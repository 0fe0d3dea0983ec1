"""What the warehouse needs to score each group of customers by its own fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rfm_cli.ltv.counts import OrderCounts, SpendCounts
from rfm_cli.ltv.fit import SPEND_PARAMETERS
from rfm_cli.ltv.group_fits import GroupFits, Pooling, fit_order_groups, fit_spend_groups
from rfm_cli.ltv.intervals import interval_table
from rfm_cli.ltv.learn import (
    EVERYBODY,
    SPEND_MODEL,
    Columns,
    CovarianceRow,
    LtvFit,
    covariance_rows,
)
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.nodes import FAR, NEAR, covered_order_counts
from rfm_cli.ltv.parameters import OrderParameters, SpendParameters

_ORDER_SPREADS = ("order_rate", "order_shape", "dropout", "dropout_shape")
_SPEND_SPREADS = ("spend", "spend_p", "spend_q")


@dataclass(frozen=True, eq=False)
class LtvGroupFit:
    """The fits of all groups, in the shape of the fitted tables (without their run_id).

    parameters   rows of (group, model, parameter, estimate, standard_error or None)
    covariances  as in `LtvFit`, of everybody too
    nodes        columns of `LtvFit.nodes`, and ltv_group; the same of far_nodes
    intervals    columns of `LtvFit.intervals`, and ltv_group
    effects      rows of (model, term, parameter, estimate, standard_error)
    diagnostics  rows of (model, diagnostic, value)
    """

    orders: dict[str, OrderParameters]
    spend: dict[str, SpendParameters]
    parameters: list[tuple[str, str, str, float, float | None]]
    covariances: list[CovarianceRow]
    nodes: dict[str, Any]
    far_nodes: dict[str, Any]
    intervals: dict[str, Any]
    effects: list[tuple[str, str, str, float, float]]
    diagnostics: list[tuple[str, str, float]]


def learn_groups(
    fit: LtvFit,
    orders: Mapping[str, OrderCounts],
    spend: Mapping[str, SpendCounts],
    *,
    pooling: Pooling = "partial",
) -> LtvGroupFit:
    """Fit both models per group, and make the tables that SQL scores the groups with.

    Args:
        fit: the fit of everybody.
        orders: the counts of each group.
        spend: the same of spend; a group without repeat customers may be missing.
        pooling: how groups lean on each other.

    Raises FitRefused where the groups do not settle how they differ.
    """
    none = SpendCounts(np.empty(0), np.empty(0), np.empty(0))
    order_fits = fit_order_groups(fit.orders, orders, pooling)
    spend_fits = fit_spend_groups(
        fit.spend, {group: spend.get(group, none) for group in orders}, pooling
    )
    form = ORDER_MODELS[fit.model]
    order_parameters = {g: form.parameters(*row) for g, row in order_fits.estimates.items()}
    spend_parameters = {g: SpendParameters(*row) for g, row in spend_fits.estimates.items()}
    nodes: list[Columns] = []
    far_nodes: list[Columns] = []
    intervals: list[Columns] = []
    for group, counts in orders.items():
        for reach, tables in ((NEAR, nodes), (FAR, far_nodes)):
            order_counts = covered_order_counts(counts.repeat_orders, reach)
            table = form.node_table(order_parameters[group], order_counts, reach)
            tables.append(table.columns())
        intervals.append(
            interval_table(
                order_parameters[group],
                spend_parameters[group],
                float(counts.repeat_orders.max()),
                float(counts.observed_days.max()),
            ).table_columns()
        )
    return LtvGroupFit(
        orders=order_parameters,
        spend=spend_parameters,
        parameters=[
            *_parameter_rows(fit.model, form.parameter_names, order_fits),
            *_parameter_rows(SPEND_MODEL, SPEND_PARAMETERS, spend_fits),
        ],
        covariances=[
            *_covariance_rows(fit, fit.model, form.parameter_names, order_fits),
            *_covariance_rows(fit, SPEND_MODEL, SPEND_PARAMETERS, spend_fits),
        ],
        nodes=_stacked(list(orders), nodes),
        far_nodes=_stacked(list(orders), far_nodes),
        intervals=_stacked(list(orders), intervals),
        effects=[
            (model, effect.term, effect.parameter, effect.estimate, effect.standard_error)
            for model, fits in ((fit.model, order_fits), (SPEND_MODEL, spend_fits))
            for effect in fits.effects
        ],
        diagnostics=[
            (fit.model, "group_count", float(len(orders))),
            *_spread_rows(fit.model, _ORDER_SPREADS, order_fits),
            *_spread_rows(SPEND_MODEL, _SPEND_SPREADS, spend_fits),
        ],
    )


def _parameter_rows(
    model: str, names: tuple[str, ...], fits: GroupFits
) -> list[tuple[str, str, str, float, float | None]]:
    return [
        (group, model, name, estimate, None if np.isnan(error) else error)
        for group, estimates in fits.estimates.items()
        for name, estimate, error in zip(names, estimates, fits.standard_errors[group], strict=True)
    ]


def _covariance_rows(
    fit: LtvFit, model: str, names: tuple[str, ...], fits: GroupFits
) -> list[CovarianceRow]:
    """Rows of everybody and the groups; groups that have everybody's parameters share theirs.

    Other groups and everybody are taken to be apart: hardly anybody is scored by both.
    """
    everybody = np.array([row[-1] for row in fit.covariances if row[2] == model])
    width, count = len(names), 1 + len(fits.estimates)
    covariances = np.full((count, count, width, width), np.nan)
    covariances[1:, 1:] = fits.covariances
    alike = [0, *(1 + np.flatnonzero(np.isnan(fits.covariances).all(axis=(1, 2, 3))))]
    covariances[np.ix_(alike, alike)] = everybody.reshape(width, width)
    return covariance_rows(model, names, [EVERYBODY, *fits.estimates], covariances)


def _spread_rows(
    model: str, names: tuple[str, ...], fits: GroupFits
) -> list[tuple[str, str, float]]:
    """Say how much groups differ; covariates have effects instead."""
    if not fits.spreads:
        return []
    return [
        (model, f"group_spread_{name}", spread)
        for name, spread in zip(names, fits.spreads, strict=True)
    ]


def _stacked(groups: list[str], tables: list[Columns]) -> dict[str, Any]:
    """Put the tables of the groups below each other."""
    lengths = [len(next(iter(table.values()))) for table in tables]
    names = np.repeat(np.array(groups, dtype=object), lengths)
    columns = {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
    return {"ltv_group": names.tolist(), **columns}
