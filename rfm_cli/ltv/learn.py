"""Everything the warehouse needs to score customers, learned from its grouped counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rfm_cli.ltv.counts import FloatArray, OrderCounts, SpendCounts
from rfm_cli.ltv.fit import (
    MIN_REPEAT_CUSTOMERS,
    SPEND_PARAMETERS,
    FitQuality,
    fit_orders,
    fit_spend,
    modelled_spend,
    order_count_spend_correlation,
)
from rfm_cli.ltv.intervals import interval_table
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.nodes import FAR, NEAR, covered_order_counts
from rfm_cli.ltv.parameters import OrderModel, OrderParameters, SpendParameters

Columns = dict[str, NDArray[np.float64] | NDArray[np.int64]]
CovarianceRow = tuple[str, str, str, str, str, float]
SPEND_MODEL = "gamma_gamma"
EVERYBODY = ""


@dataclass(frozen=True, eq=False)
class LtvFit:
    """One accepted fit, in the shape of the fitted tables (without their run_id).

    parameters   rows of (model, parameter, estimate, standard_error); days and money units
    covariances  rows of (group, other group, model, parameter, other parameter, covariance) of the
                 log-parameters; everybody is the group ''
    nodes        columns repeat_order_count, node_number, dropout_probability, weight; no rows where
                 the model has a closed form
    far_nodes    the same for sums without end
    intervals    columns repeat_order_count, observed_days, tail_probability, value_ratio
    diagnostics  rows of (model, diagnostic, value)
    """

    model: OrderModel
    orders: OrderParameters
    spend: SpendParameters
    parameters: list[tuple[str, str, float, float]]
    covariances: list[CovarianceRow]
    nodes: Columns
    far_nodes: Columns
    intervals: Columns
    diagnostics: list[tuple[str, str, float]]


def learn_ltv(
    orders: OrderCounts,
    spend: SpendCounts,
    *,
    model: OrderModel = "mbg_nbd",
    min_repeat_customers: int = MIN_REPEAT_CUSTOMERS,
) -> LtvFit:
    """Fit the order model and Gamma-Gamma, and make the tables that SQL scores with.

    Raises FitRefused where the data support no fit, ValueError for an unknown model.
    """
    if model not in ORDER_MODELS:
        raise ValueError(f"model: {model!r} is none of {', '.join(ORDER_MODELS)}")
    order_fit = fit_orders(orders, model, min_repeat_customers=min_repeat_customers)
    spend_fit = fit_spend(spend, min_repeat_customers=min_repeat_customers)
    nodes, far_nodes = (
        ORDER_MODELS[model].node_table(
            order_fit.parameters, covered_order_counts(orders.repeat_orders, reach), reach
        )
        for reach in (NEAR, FAR)
    )
    intervals = interval_table(
        order_fit.parameters,
        spend_fit.parameters,
        float(orders.repeat_orders.max()),
        float(orders.observed_days.max()),
    )
    return LtvFit(
        model=model,
        orders=order_fit.parameters,
        spend=spend_fit.parameters,
        parameters=[
            *_parameter_rows(
                model,
                ORDER_MODELS[model].parameter_names,
                order_fit.parameters,
                order_fit.quality,
            ),
            *_parameter_rows(
                SPEND_MODEL, SPEND_PARAMETERS, spend_fit.parameters, spend_fit.quality
            ),
        ],
        covariances=[
            *covariance_rows(
                model,
                ORDER_MODELS[model].parameter_names,
                [EVERYBODY],
                np.array([[order_fit.quality.covariance]]),
            ),
            *covariance_rows(
                SPEND_MODEL,
                SPEND_PARAMETERS,
                [EVERYBODY],
                np.array([[spend_fit.quality.covariance]]),
            ),
        ],
        nodes=nodes.columns(),
        far_nodes=far_nodes.columns(),
        intervals=intervals.table_columns(),
        diagnostics=[
            *_quality_rows(model, order_fit.quality),
            (model, "customer_count", orders.customer_count),
            (model, "repeat_customer_count", orders.repeat_customer_count),
            (model, "is_dropout_equal", float(order_fit.is_dropout_equal)),
            (model, "max_node_error", nodes.max_error),
            (model, "max_far_node_error", far_nodes.max_error),
            *_quality_rows(SPEND_MODEL, spend_fit.quality),
            (SPEND_MODEL, "customer_count", spend.customer_count - spend_fit.left_out_count),
            (SPEND_MODEL, "left_out_count", spend_fit.left_out_count),
            (
                SPEND_MODEL,
                "order_count_spend_correlation",
                order_count_spend_correlation(modelled_spend(spend)),
            ),
        ],
    )


def covariance_rows(
    model: str,
    names: Sequence[str],
    groups: Sequence[str],
    covariances: FloatArray,
) -> list[CovarianceRow]:
    """Rows of (group, other group, model, parameter, other parameter, covariance).

    Of covariances groups x groups x parameters x parameters; what is not a number has no row.
    """
    return [
        (group, other, model, name, other_name, float(covariances[g, h, i, j]))
        for g, group in enumerate(groups)
        for h, other in enumerate(groups)
        for i, name in enumerate(names)
        for j, other_name in enumerate(names)
        if np.isfinite(covariances[g, h, i, j])
    ]


def _parameter_rows(
    model: str,
    names: tuple[str, ...],
    parameters: OrderParameters | SpendParameters,
    quality: FitQuality,
) -> list[tuple[str, str, float, float]]:
    return [
        (model, name, getattr(parameters, name), error)
        for name, error in zip(names, quality.standard_errors, strict=True)
    ]


def _quality_rows(model: str, quality: FitQuality) -> list[tuple[str, str, float]]:
    return [
        (model, "log_likelihood", quality.log_likelihood),
        (model, "gradient_norm", quality.gradient_norm),
        (model, "evaluation_count", float(quality.evaluation_count)),
    ]
