"""The order models, by name: all that fitting, forecasting and the learned tables ask of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from rfm_cli.ltv import bg_forecast, nodes, pareto_forecast
from rfm_cli.ltv.bg_nbd import BgLikelihood, bg_starts
from rfm_cli.ltv.counts import FloatArray, OrderCounts
from rfm_cli.ltv.newton import Objective
from rfm_cli.ltv.nodes import NodeTable
from rfm_cli.ltv.parameters import BgModel, BgParameters, OrderModel, ParetoParameters
from rfm_cli.ltv.pareto_nbd import ParetoLikelihood, pareto_starts

P = TypeVar("P", BgParameters, ParetoParameters)


@dataclass(frozen=True)
class Model(Generic[P]):
    """What there is to know of an order model.

    parameter_names        in the order of the estimates
    time_parameters        those in the time unit of the counts
    parameters             makes the parameters of four numbers
    likelihood             of counts, in a time unit (see `ParetoLikelihood`)
    starts                 logs of parameters to climb from, given the mean of x and a guess at r
    node_table             what SQL looks up, for parameters, order counts and how far ahead
    probability_alive      of x, t_x, T
    expected_orders_alive  of x, T, days; arrays that broadcast, given the node table; what-if a
                           `Change` comes about
    staying_probability    the same of the probability to be a customer still
    orders_at_least        chances of numbers of orders, of x, T, numbers, days
    """

    parameter_names: tuple[str, str, str, str]
    time_parameters: tuple[str, ...]
    parameters: Callable[..., P]
    likelihood: Callable[[OrderCounts, float], Objective]
    starts: Callable[[float, float], list[FloatArray]]
    node_table: Callable[..., NodeTable]
    probability_alive: Callable[[P, FloatArray, FloatArray, FloatArray], FloatArray]
    expected_orders_alive: Callable[..., FloatArray]
    staying_probability: Callable[..., FloatArray]
    orders_at_least: Callable[[P, float, FloatArray, FloatArray, float], FloatArray]


def _bg(name: BgModel) -> Model[BgParameters]:
    def likelihood(counts: OrderCounts, time_unit: float) -> BgLikelihood:
        return BgLikelihood(counts, name, time_unit)

    return Model(
        parameter_names=("r", "alpha", "a", "b"),
        time_parameters=("alpha",),
        parameters=partial(BgParameters, name),
        likelihood=likelihood,
        starts=bg_starts,
        node_table=nodes.node_table,
        probability_alive=bg_forecast.probability_alive,
        expected_orders_alive=bg_forecast.expected_orders_alive,
        staying_probability=bg_forecast.staying_probability,
        orders_at_least=bg_forecast.orders_at_least,
    )


_PARETO = Model(
    parameter_names=("r", "alpha", "s", "beta"),
    time_parameters=("alpha", "beta"),
    parameters=ParetoParameters,
    likelihood=ParetoLikelihood,
    starts=pareto_starts,
    node_table=pareto_forecast.node_table,
    probability_alive=pareto_forecast.probability_alive,
    expected_orders_alive=pareto_forecast.expected_orders_alive,
    staying_probability=pareto_forecast.staying_probability,
    orders_at_least=pareto_forecast.orders_at_least,
)

ORDER_MODELS: dict[OrderModel, Model[Any]] = {
    "mbg_nbd": _bg("mbg_nbd"),
    "bg_nbd": _bg("bg_nbd"),
    "pareto_nbd": _PARETO,
}
