"""Maximum likelihood for all models: scaling, starts, refusals in words, standard errors."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from rfm_cli.ltv.counts import FloatArray, OrderCounts, SpendCounts
from rfm_cli.ltv.errors import FitRefused
from rfm_cli.ltv.gamma_gamma import SpendLikelihood
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.newton import Maximum, NoMaximumError, Objective, hold_last, maximise
from rfm_cli.ltv.parameters import OrderModel, OrderParameters, SpendParameters

# A dozen repeat customers for each of four parameters. In simulations with a mean dropout
# probability of .24, eight fits in ten put it between .15 and .36 at 50 repeat customers, and
# between .19 and .30 at 200; one in twelve ended at a bound at 50, none at 200.
MIN_REPEAT_CUSTOMERS = 50

# From here on a climb on a part of the groups finds the neighbourhood first. Data of this size
# have one maximum; small data, which can have two, are climbed from every start.
_MANY_GROUPS = 50_000
_PART = 16

SPEND_PARAMETERS = ("p", "q", "v")
_EQUAL_SPEND = 1e-9  # relative spread of mean order amounts below which they are all equal

# Where everyone seems equally likely to stop, b, or beta in mean T, is held at e^9. Dropout then
# differs between customers by less than their data can tell, and the log-likelihood of 2,432
# households (Complete Journey) is within 0.001 of that at the bound.
_EQUAL_DROPOUT = 9.0

_WHAT_A_BOUND_MEANS = {
    ("r", -1): "nearly all repeat orders come from very few customers",
    ("r", +1): "all customers seem to order at the same pace",
    ("alpha", -1): "repeat orders come at once or never",
    ("alpha", +1): "all customers seem to order at the same pace",
    ("a", -1): "hardly any customer seems to stop ordering",
    ("a", +1): "all customers seem equally likely to stop ordering",
    ("b", -1): "customers seem to stop at once or never",
    ("b", +1): "all customers seem equally likely to stop ordering",
    ("s", -1): "hardly any customer seems to stop ordering",
    ("s", +1): "all customers seem equally likely to stop ordering",
    ("beta", -1): "customers seem to stop at once or never",
    ("beta", +1): "all customers seem equally likely to stop ordering",
    ("p", -1): "the order amounts of each customer vary without measure",
    ("p", +1): "each customer seems to spend the same on every order",
    ("q", -1): "a few customers spend so much that there is no meaningful average",
    ("q", +1): "all customers seem to spend alike",
    ("v", -1): "the order amounts have no common scale",
    ("v", +1): "the order amounts have no common scale",
}


@dataclass(frozen=True)
class FitQuality:
    """How good a maximum is.

    `standard_errors` (Laplace) are in the order and the units of the parameters; `covariance` is
    that of the log-parameters, row by row. `gradient_norm` is the largest slope of the mean
    log-likelihood per customer along a log-parameter.
    """

    standard_errors: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    log_likelihood: float
    gradient_norm: float
    evaluation_count: int


@dataclass(frozen=True)
class OrderFit:
    """A fitted order model.

    With `is_dropout_equal` all customers seem equally likely to stop: the last parameter, which
    would run off to infinity, is held, and has no standard error (0).
    """

    parameters: OrderParameters
    quality: FitQuality
    is_dropout_equal: bool = False


@dataclass(frozen=True)
class SpendFit:
    """A fitted spend model; `left_out_count` customers have no positive repeat amount."""

    parameters: SpendParameters
    quality: FitQuality
    left_out_count: float


def fit_orders(
    counts: OrderCounts,
    model: OrderModel = "mbg_nbd",
    *,
    min_repeat_customers: int = MIN_REPEAT_CUSTOMERS,
) -> OrderFit:
    """Fit an order model in the time unit of `counts`. Raises FitRefused."""
    _require_repeat_customers(counts, min_repeat_customers)
    form = ORDER_MODELS[model]
    scale = _mean(counts.observed_days, counts.customers)
    rough = form.likelihood(counts.part(_PART), scale) if _is_large(counts) else None
    likelihood, starts = form.likelihood(counts, scale), form.starts(*_rough_rate(counts))
    is_dropout_equal = False
    try:
        maximum = _maximise(likelihood, rough, starts)
    except NoMaximumError as failure:
        equal = _with_equal_dropout(likelihood, starts) if _runs_off(failure) else None
        if equal is None:
            raise _refusal(failure, form.parameter_names) from failure
        maximum, is_dropout_equal = equal, True
    units = [scale if name in form.time_parameters else 1.0 for name in form.parameter_names]
    estimates = np.exp(maximum.point) * np.array(units)
    # Each repeat order has a density per unit of time.
    densities = float(counts.customers @ counts.repeat_orders)
    return OrderFit(
        parameters=form.parameters(*estimates.tolist()),
        quality=_quality(
            maximum, estimates, counts.customer_count, -densities * float(np.log(scale))
        ),
        is_dropout_equal=is_dropout_equal,
    )


def fit_spend(counts: SpendCounts, *, min_repeat_customers: int = MIN_REPEAT_CUSTOMERS) -> SpendFit:
    """Fit Gamma-Gamma in the money unit of `counts`. Raises FitRefused.

    Customers whose repeat orders add up to nothing or less are left out: the model knows positive
    amounts only.
    """
    positive = modelled_spend(counts)
    if positive.customer_count < max(1, min_repeat_customers):
        raise FitRefused(
            f"Only {positive.customer_count:,.0f} repeat customers have a positive order amount;"
            f" at least {min_repeat_customers:,} are needed to learn what customers spend."
            " Load a longer order history, and check that amounts are not all zero or negative."
        )
    means = positive.mean_amount
    if means.max() - means.min() <= _EQUAL_SPEND * means.max():
        raise FitRefused(
            "All repeat customers spend the same amount per order, so there are no differences in"
            " spend to learn. Future value is then the number of orders times that amount."
        )
    scale = _mean(means, positive.customers)
    scaled = SpendCounts(positive.repeat_orders, positive.repeat_amount / scale, positive.customers)
    rough = SpendLikelihood(scaled.part(_PART)) if _is_large(scaled) else None
    try:
        maximum = _maximise(SpendLikelihood(scaled), rough, _spend_starts())
    except NoMaximumError as failure:
        raise _refusal(failure, SPEND_PARAMETERS) from failure
    estimates = np.exp(maximum.point) * np.array([1.0, 1.0, scale])
    p, q, v = estimates.tolist()
    if q <= 1:
        raise FitRefused(
            f"A few customers spend so much that the average order amount has no limit (q = {q:.3g}"
            ", which must be above 1). Check for wholesale customers and mistyped amounts."
        )
    return SpendFit(
        parameters=SpendParameters(p, q, v),
        quality=_quality(
            maximum,
            estimates,
            positive.customer_count,
            -positive.customer_count * float(np.log(scale)),
        ),
        left_out_count=counts.customer_count - positive.customer_count,
    )


def modelled_spend(counts: SpendCounts) -> SpendCounts:
    """Leave out customers whom Gamma-Gamma cannot describe."""
    return counts.select(counts.repeat_amount > 0)


def order_count_spend_correlation(counts: SpendCounts) -> float:
    """Correlation between repeat orders and mean amount per order among repeat customers.

    Gamma-Gamma assumes none; beyond +-0.3 its estimates deserve a warning. 0 where one of the two
    does not vary.
    """
    x, m, n = counts.repeat_orders, counts.mean_amount, counts.customers
    if not len(n):
        return 0.0
    x, m = x - _mean(x, n), m - _mean(m, n)
    x, m = x / (np.abs(x).max() or 1), m / (np.abs(m).max() or 1)
    spread = float(np.sqrt(_mean(x * x, n) * _mean(m * m, n)))
    return float(np.clip(_mean(x * m, n) / spread, -1, 1)) if spread > 0 else 0.0


def _require_repeat_customers(counts: OrderCounts, minimum: int) -> None:
    if not len(counts.customers):
        raise FitRefused("There are no customers with an order before the as-of date.")
    repeat_customers = counts.repeat_customer_count
    if repeat_customers == 0:
        raise FitRefused(
            "No customer has ordered a second time, so there is nothing to learn about when"
            " customers come back. Check that the customer ids are the same from order to order."
        )
    if repeat_customers < minimum:
        raise FitRefused(
            f"Only {repeat_customers:,.0f} customers have ordered a second time; at least"
            f" {minimum:,} are needed to learn when customers come back."
            " Load a longer order history."
        )
    if not counts.observed_days.max() > 0:
        raise FitRefused(
            "All orders lie on the as-of date, so no time has passed in which customers could"
            " have come back. Choose a later as-of date."
        )


def _maximise(likelihood: Objective, rough: Objective | None, starts: list[FloatArray]) -> Maximum:
    if rough is not None:
        # Without a maximum nearby, the search from every start decides.
        with suppress(NoMaximumError):
            return maximise(likelihood, [maximise(rough, starts).point])
    return maximise(likelihood, starts)


def _refusal(failure: NoMaximumError, names: tuple[str, ...]) -> FitRefused:
    if not failure.bounds_hit:
        return FitRefused(
            "The search for the best parameters did not come to an end, so these orders do not"
            " settle them. Load a longer order history."
        )
    coordinate, side = failure.bounds_hit[0]
    name = names[coordinate]
    return FitRefused(
        f"The best parameters lie at a bound ({name} runs off to"
        f" {'zero' if side < 0 else 'infinity'}): {_WHAT_A_BOUND_MEANS[name, side]}."
        " The model cannot use such data; a longer order history may help."
    )


def _runs_off(failure: NoMaximumError) -> bool:
    """Whether it is the parameters of dropout, and to infinity: all are equally likely to stop."""
    return bool(failure.bounds_hit) and all(
        coordinate >= 2 and side > 0 for coordinate, side in failure.bounds_hit
    )


def _with_equal_dropout(likelihood: Objective, starts: list[FloatArray]) -> Maximum | None:
    """Find the maximum with the last parameter held; None where there is none on the way out."""
    held_starts = [np.array([*start[:2], start[2] - start[3] + _EQUAL_DROPOUT]) for start in starts]
    try:
        found = maximise(hold_last(likelihood, _EQUAL_DROPOUT), held_starts)
    except NoMaximumError:
        return None
    point = np.append(found.point, _EQUAL_DROPOUT)
    _, gradient, _ = likelihood(point)
    return replace(found, point=point) if gradient[-1] > 0 else None


def _is_large(counts: OrderCounts | SpendCounts) -> bool:
    return len(counts.customers) > _MANY_GROUPS


def _rough_rate(counts: OrderCounts) -> tuple[float, float]:
    """Return the mean of x and the r of a negative binomial with its mean and variance.

    The unit of time is the mean of T, and dropout is left to Newton.
    """
    mean = _mean(counts.repeat_orders, counts.customers)
    variance = _mean((counts.repeat_orders - mean) ** 2, counts.customers)
    return mean, float(np.clip(mean**2 / max(variance - mean, 1e-9), 0.05, 20))


def _spend_starts() -> list[FloatArray]:
    """Return logs of p, q, v with the mean amount p v / (q - 1) at 1."""
    return [np.log([p, 3.5, 2.5 / p]) for p in (1.5, 6.0, 40.0)]


def _quality(
    maximum: Maximum, estimates: FloatArray, customers: float, unit_change: float
) -> FitQuality:
    covariance = np.zeros((len(estimates), len(estimates)))  # of the log-parameters
    free = slice(0, len(maximum.hessian))
    covariance[free, free] = np.linalg.inv(-maximum.hessian * customers)
    return FitQuality(
        standard_errors=tuple((estimates * np.sqrt(np.diag(covariance))).tolist()),
        covariance=tuple(map(tuple, covariance.tolist())),
        log_likelihood=maximum.value * customers + unit_change,
        gradient_norm=maximum.gradient_norm,
        evaluation_count=maximum.evaluation_count,
    )


def _mean(values: FloatArray, weights: FloatArray) -> float:
    return float(weights @ values / weights.sum())
