"""Log-likelihood of BG/NBD and MBG/NBD on grouped counts.

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
from scipy.special import digamma, gammaln, polygamma

from rfm_cli.ltv.counts import FloatArray, OrderCounts
from rfm_cli.ltv.negative_binomial import NegativeBinomial, distinct, in_logarithms
from rfm_cli.ltv.newton import Derivatives
from rfm_cli.ltv.parameters import BgModel, dropout_chances

_BLOCK = 8_192  # groups worked on at a time: intermediate results stay in the cache


class BgLikelihood:
    """Mean log-likelihood per customer of (ln r, ln alpha, ln a, ln b), with two derivatives.

    What depends on x, t_x or T alone is computed once per distinct value. Only the log-odds d
    joins them, group by group. Times are measured in `time_unit` of those of `counts`.
    """

    def __init__(self, counts: OrderCounts, model: BgModel, time_unit: float = 1.0) -> None:
        self._size = counts.customer_count
        self._alive = NegativeBinomial(counts, time_unit)
        self._y = dropout_chances(model, self._alive.x)
        # Without a chance to drop out (BG/NBD, x = 0) there is no d.
        mortal = self._y[self._alive.x_of_group] > 0
        last, self._last_of_group = distinct(counts.first_to_last_days[mortal])
        self._last = last / time_unit
        self._x_of_group = self._alive.x_of_group[mortal]
        self._observed_of_group = self._alive.observed_of_group[mortal]
        self._customers = counts.customers[mortal]

    def __call__(self, log_parameters: FloatArray) -> Derivatives:
        """Return value, gradient (4) and Hessian (4 x 4)."""
        natural = np.exp(log_parameters)
        value, gradient, hessian = self._mixture_part(*natural)
        for part, place in (
            (self._alive(*natural[:2]), slice(0, 2)),
            (self._dropout_part(*natural[2:]), slice(2, 4)),
        ):
            value += part[0]
            gradient[place] += part[1]
            hessian[place, place] += part[2]
        return in_logarithms(self._size, natural, (value, gradient, hessian))

    def _dropout_part(self, a: float, b: float) -> Derivatives:
        """Add up staying on at every chance: ln B(a, b+y) - ln B(a, b)."""
        n, y = self._alive.customers_by_x, self._y
        value = n @ (gammaln(a + b) - gammaln(a + b + y) + gammaln(b + y) - gammaln(b))
        by_both = n @ (digamma(a + b) - digamma(a + b + y))
        by_b = n @ (digamma(b + y) - digamma(b))
        by_both_twice = n @ (polygamma(1, a + b) - polygamma(1, a + b + y))
        by_b_twice = n @ (polygamma(1, b + y) - polygamma(1, b))
        gradient = np.array([by_both, by_both + by_b])
        hessian = np.array(
            [[by_both_twice, by_both_twice], [by_both_twice, by_both_twice + by_b_twice]]
        )
        return float(value), gradient, hessian

    def _mixture_part(self, r: float, alpha: float, a: float, b: float) -> Derivatives:
        """Add up the chance of having dropped out after the last order: ln(1 + e^d)."""
        observed = self._alive.observed
        log_end, log_last = np.log(alpha + observed), np.log(alpha + self._last)
        inverse_end, inverse_last = 1 / (alpha + observed), 1 / (alpha + self._last)
        shape = r + self._alive.x
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


def bg_starts(mean: float, r: float) -> list[FloatArray]:
    """Return logs of r, alpha, a, b: mild, hardly any and polarised dropout.

    `mean` is that of x, `r` that of a negative binomial with the mean and variance of x over one
    unit of time, the mean of T.
    """
    alpha = r / mean
    return [
        np.log([r, alpha, 0.8, 2.5]),
        np.log([1.0, 1 / mean, 0.2, 2.0]),
        np.log([1.5 * r, alpha, 0.2, 0.4]),
    ]
