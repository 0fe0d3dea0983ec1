"""Log-likelihood and fit of BG/NBD and MBG/NBD on grouped counts.

BG/NBD: Fader, Hardie & Lee (2005), "Counting your customers the easy way", equation 6.
MBG/NBD: Batislam, Denizel & Filiztekin (2007), equation 5. Written for log space, with
x repeat orders, y chances to drop out (x or x + 1), and t_x, T in days,

    ln L = ln G(r+x) - ln G(r) + r ln alpha - (r+x) ln(alpha+T)
         + ln B(a, b+y) - ln B(a, b) + ln(1 + [y>0] e^d),
    d    = ln a - ln(b+y-1) + (r+x) (ln(alpha+T) - ln(alpha+t_x)),

where d is the log-odds that the customer has dropped out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln, polygamma

from rfm_cli.ltv.counts import FloatArray, OrderCounts
from rfm_cli.ltv.newton import Derivatives
from rfm_cli.ltv.parameters import OrderModel, dropout_chances

_BLOCK = 8_192  # groups worked on at a time: intermediate results stay in the cache


class OrderLikelihood:
    """Mean log-likelihood per customer of (ln r, ln alpha, ln a, ln b), with two derivatives.

    What depends on x, t_x or T alone is computed once per distinct value. Only the log-odds d
    joins them, group by group. Times are measured in `time_unit` of those of `counts`.
    """

    def __init__(self, counts: OrderCounts, model: OrderModel, time_unit: float = 1.0) -> None:
        self._size = counts.customer_count
        self._x, x_of_group = _distinct(counts.repeat_orders)
        self._y = dropout_chances(model, self._x)
        self._customers_by_x = np.bincount(x_of_group, counts.customers)
        observed, observed_of_group = _distinct(counts.observed_days)
        self._observed = observed / time_unit
        self._customers_by_observed = np.bincount(observed_of_group, counts.customers)
        self._orders_by_observed = np.bincount(
            observed_of_group, counts.customers * counts.repeat_orders
        )
        # Without a chance to drop out (BG/NBD, x = 0) there is no d.
        mortal = self._y[x_of_group] > 0
        last, self._last_of_group = _distinct(counts.first_to_last_days[mortal])
        self._last = last / time_unit
        self._x_of_group = x_of_group[mortal]
        self._observed_of_group = observed_of_group[mortal]
        self._customers = counts.customers[mortal]

    def __call__(self, log_parameters: FloatArray) -> Derivatives:
        """Return value, gradient (4) and Hessian (4 x 4)."""
        natural = np.exp(log_parameters)
        value, gradient, hessian = 0.0, np.zeros(4), np.zeros((4, 4))
        for part in (self._order_part, self._dropout_part, self._mixture_part):
            part_value, part_gradient, part_hessian = part(*natural)
            value += part_value
            gradient += part_gradient
            hessian += part_hessian
        # From r, alpha, a, b to their logarithms.
        gradient *= natural
        hessian = hessian * np.outer(natural, natural) + np.diag(gradient)
        return value / self._size, gradient / self._size, hessian / self._size

    def _order_part(self, r: float, alpha: float, a: float, b: float) -> Derivatives:
        """Add up the negative binomial: ln G(r+x) - ln G(r) + r ln alpha - (r+x) ln(alpha+T)."""
        n, size = self._customers_by_x, self._size
        end = alpha + self._observed
        log_end = np.log(end)
        exponents = r * self._customers_by_observed + self._orders_by_observed
        value = (
            n @ (gammaln(r + self._x) - gammaln(r)) + size * r * np.log(alpha) - exponents @ log_end
        )
        gradient = np.zeros(4)
        gradient[0] = (
            n @ (digamma(r + self._x) - digamma(r))
            + size * np.log(alpha)
            - self._customers_by_observed @ log_end
        )
        gradient[1] = size * r / alpha - exponents @ (1 / end)
        hessian = np.zeros((4, 4))
        hessian[0, 0] = n @ (polygamma(1, r + self._x) - polygamma(1, r))
        hessian[0, 1] = hessian[1, 0] = size / alpha - self._customers_by_observed @ (1 / end)
        hessian[1, 1] = exponents @ (1 / end**2) - size * r / alpha**2
        return float(value), gradient, hessian

    def _dropout_part(self, r: float, alpha: float, a: float, b: float) -> Derivatives:
        """Add up staying on at every chance: ln B(a, b+y) - ln B(a, b)."""
        n, y = self._customers_by_x, self._y
        value = n @ (gammaln(a + b) - gammaln(a + b + y) + gammaln(b + y) - gammaln(b))
        by_both = n @ (digamma(a + b) - digamma(a + b + y))
        by_b = n @ (digamma(b + y) - digamma(b))
        by_both_twice = n @ (polygamma(1, a + b) - polygamma(1, a + b + y))
        by_b_twice = n @ (polygamma(1, b + y) - polygamma(1, b))
        gradient = np.array([0.0, 0.0, by_both, by_both + by_b])
        hessian = np.zeros((4, 4))
        hessian[2:, 2:] = by_both_twice
        hessian[3, 3] += by_b_twice
        return float(value), gradient, hessian

    def _mixture_part(self, r: float, alpha: float, a: float, b: float) -> Derivatives:
        """Add up the chance of having dropped out after the last order: ln(1 + e^d)."""
        log_end, log_last = np.log(alpha + self._observed), np.log(alpha + self._last)
        inverse_end, inverse_last = 1 / (alpha + self._observed), 1 / (alpha + self._last)
        shape = r + self._x
        survived = b + np.maximum(self._y, 1) - 1  # y = 0 is never looked up
        inverse_b = 1 / survived
        log_odds = np.log(a) - np.log(survived)

        value, gradient, hessian = 0.0, np.zeros(4), np.zeros((4, 4))
        for start in range(0, len(self._customers), _BLOCK):
            block = slice(start, start + _BLOCK)
            n = self._customers[block]
            x = self._x_of_group[block]
            end = self._observed_of_group[block]
            last = self._last_of_group[block]
            slopes = np.empty((4, len(n)))  # of d, by r, alpha, a, b
            np.subtract(log_end[end], log_last[last], out=slopes[0])
            end_slope = inverse_end[end]
            last_slope = inverse_last[last]
            rate_slope = end_slope - last_slope
            k = shape[x]
            np.multiply(k, rate_slope, out=slopes[1])
            slopes[2] = 1 / a
            np.negative(inverse_b[x], out=slopes[3])
            d = log_odds[x] + k * slopes[0]
            small = np.exp(-np.abs(d))
            value += float(n @ (np.maximum(d, 0) + np.log1p(small)))
            dead = np.where(d >= 0, 1.0, small) / (1 + small)  # probability
            n_dead = n * dead
            gradient += slopes @ n_dead
            hessian += (slopes * (n_dead * (1 - dead))) @ slopes.T
            hessian[0, 1] += n_dead @ rate_slope
            hessian[1, 1] -= (n_dead * slopes[1]) @ (end_slope + last_slope)
            hessian[2, 2] -= n_dead.sum() / a**2
            hessian[3, 3] += n_dead @ slopes[3] ** 2
        hessian[1, 0] = hessian[0, 1]
        return value, gradient, hessian


def _distinct(values: FloatArray) -> tuple[FloatArray, NDArray[np.int32]]:
    """Return the distinct values, ascending, and where among them each value is.

    Whole numbers that are not too large (days, order counts) are looked up in a table instead of
    sorted, which is several times faster.
    """
    highest = values.max(initial=0.0)
    if highest <= 10 * len(values) and (values == np.floor(values)).all():
        whole = values.astype(np.int64)
        seen = np.zeros(int(highest) + 1, dtype=bool)
        seen[whole] = True
        position = np.cumsum(seen, dtype=np.int32) - 1
        return np.flatnonzero(seen).astype(np.float64), position[whole]
    distinct, position_of_value = np.unique(values, return_inverse=True)
    return distinct, position_of_value.astype(np.int32)
