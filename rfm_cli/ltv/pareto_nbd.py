"""Log-likelihood of Pareto/NBD on grouped counts.

Schmittlein, Morrison & Colombo (1987), "Counting your customers"; the likelihood as in Fader &
Hardie (2005), "A note on deriving the Pareto/NBD model". Written for log space, with x repeat
orders and t_x, T in days,

    ln L = ln G(r+x) - ln G(r) + r ln alpha - (r+x) ln(alpha+T)
         + s ln beta - s ln(beta+T) + ln(1 + e^d),

where d is the log-odds that the customer has dropped out (`departures.py`).
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from rfm_cli.ltv.counts import FloatArray, OrderCounts
from rfm_cli.ltv.departures import departures
from rfm_cli.ltv.negative_binomial import NegativeBinomial, in_logarithms
from rfm_cli.ltv.newton import Derivatives

_BLOCK = 512  # groups worked on at a time: intermediate results stay in the cache


class ParetoLikelihood:
    """Mean log-likelihood per customer of (ln r, ln alpha, ln s, ln beta), with two derivatives.

    Times are measured in `time_unit` of those of `counts`.
    """

    def __init__(self, counts: OrderCounts, time_unit: float = 1.0) -> None:
        self._size = counts.customer_count
        self._alive = NegativeBinomial(counts, time_unit)
        self._x = counts.repeat_orders
        self._last = counts.first_to_last_days / time_unit
        self._observed = counts.observed_days / time_unit
        self._customers = counts.customers

    def __call__(self, log_parameters: FloatArray) -> Derivatives:
        """Return value, gradient (4) and Hessian (4 x 4)."""
        natural = np.exp(log_parameters)
        value, gradient, hessian = self._mixture_part(*natural)
        for part, place in (
            (self._alive(*natural[:2]), slice(0, 2)),
            (self._stay_part(*natural[2:]), slice(2, 4)),
        ):
            value += part[0]
            gradient[place] += part[1]
            hessian[place, place] += part[2]
        return in_logarithms(self._size, natural, (value, gradient, hessian))

    def _stay_part(self, s: float, beta: float) -> Derivatives:
        """Add up staying until T: s ln beta - s ln(beta+T)."""
        n, size = self._alive.customers_by_observed, self._size
        inverse_end = 1 / (beta + self._alive.observed)
        by_s = size * np.log(beta) - n @ np.log(beta + self._alive.observed)
        by_both = size / beta - n @ inverse_end
        by_beta_twice = s * (n @ inverse_end**2 - size / beta**2)
        hessian = np.array([[0.0, by_both], [by_both, by_beta_twice]])
        return float(s * by_s), np.array([by_s, s * by_both]), hessian

    def _mixture_part(self, r: float, alpha: float, s: float, beta: float) -> Derivatives:
        """Add up the chance of having dropped out after the last order: ln(1 + e^d)."""
        value, gradient, hessian = 0.0, np.zeros(4), np.zeros((4, 4))
        for start in range(0, len(self._customers), _BLOCK):
            block = slice(start, start + _BLOCK)
            n, x = self._customers[block], self._x[block]
            last, observed = self._last[block], self._observed[block]
            nodes = departures((r, alpha, s, beta), x, last, observed)
            value += float(n @ np.logaddexp(0, nodes.log_odds))
            dead = expit(nodes.log_odds)  # probability
            n_dead = n * dead

            # Slopes by r, alpha, s, beta of the log integrand of D at each node. Those of d are
            # their mean, and its curvature is the mean of theirs plus the variance of the slopes.
            end, stay = alpha + observed, beta + observed
            order_inverse, dropout_inverse = 1 / nodes.order_end, 1 / nodes.dropout_end
            slopes = np.empty((4, *nodes.weights.shape))
            np.subtract(np.log(end / (alpha + last)), nodes.order_growth, out=slopes[0])
            np.subtract(1 / end, order_inverse, out=slopes[1])
            rate_slope = np.einsum("ng,ng->g", slopes[1], nodes.weights)
            slopes[1] *= r + x
            np.subtract(1 / s + np.log(stay / (beta + last)), nodes.dropout_growth, out=slopes[2])
            np.subtract(s / stay, (s + 1) * dropout_inverse, out=slopes[3])
            mean = np.einsum("kng,ng->kg", slopes, nodes.weights)
            gradient += mean @ n_dead
            hessian -= (mean * (n_dead * dead)) @ mean.T
            slopes *= np.sqrt(nodes.weights * n_dead)
            flat = slopes.reshape(4, -1)
            hessian += flat @ flat.T

            order_squares = np.einsum("ng,ng,ng->g", order_inverse, order_inverse, nodes.weights)
            dropout_means = np.einsum("ng,ng->g", dropout_inverse, nodes.weights)
            dropout_squares = np.einsum(
                "ng,ng,ng->g", dropout_inverse, dropout_inverse, nodes.weights
            )
            hessian[0, 1] += n_dead @ rate_slope
            hessian[1, 0] += n_dead @ rate_slope
            hessian[1, 1] += (n_dead * (r + x)) @ (order_squares - 1 / end**2)
            hessian[2, 2] -= n_dead.sum() / s**2
            hessian[2, 3] += n_dead @ (1 / stay - dropout_means)
            hessian[3, 2] += n_dead @ (1 / stay - dropout_means)
            hessian[3, 3] += n_dead @ ((s + 1) * dropout_squares - s / stay**2)
        return value, gradient, hessian


def pareto_starts(mean: float, r: float) -> list[FloatArray]:
    """Return logs of r, alpha, s, beta: mild, hardly any and polarised dropout.

    `mean` is that of x, `r` that of a negative binomial with the mean and variance of x over one
    unit of time, the mean of T.
    """
    alpha = r / mean
    return [
        np.log([r, alpha, 0.6, 0.6]),
        np.log([1.0, 1 / mean, 0.2, 2.0]),
        np.log([1.5 * r, alpha, 0.3, 0.05]),
    ]
