"""The part of the likelihood that BG/NBD, MBG/NBD and Pareto/NBD share: when the living order.

With x repeat orders in T and a rate ~ Gamma(r, alpha), for a customer alive at T,

    ln L = ln G(r+x) - ln G(r) + r ln alpha - (r+x) ln(alpha+T).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln, polygamma

from rfm_cli.ltv.counts import FloatArray, OrderCounts
from rfm_cli.ltv.newton import Derivatives


class NegativeBinomial:
    """Log-likelihood of (r, alpha), added up over customers, with two derivatives.

    Computed once per distinct x and T, not per group. Times are measured in `time_unit` of those
    of `counts`.
    """

    def __init__(self, counts: OrderCounts, time_unit: float = 1.0) -> None:
        self._size = counts.customer_count
        self.x, self.x_of_group = distinct(counts.repeat_orders)
        self.customers_by_x = np.bincount(self.x_of_group, counts.customers)
        observed, self.observed_of_group = distinct(counts.observed_days)
        self.observed = observed / time_unit
        self.customers_by_observed = np.bincount(self.observed_of_group, counts.customers)
        self._orders_by_observed = np.bincount(
            self.observed_of_group, counts.customers * counts.repeat_orders
        )

    def __call__(self, r: float, alpha: float) -> Derivatives:
        """Return value, gradient (2) and Hessian (2 x 2) by r and alpha themselves."""
        n, size = self.customers_by_x, self._size
        inverse_end = 1 / (alpha + self.observed)
        log_end = np.log(alpha + self.observed)
        exponents = r * self.customers_by_observed + self._orders_by_observed
        value = (
            n @ (gammaln(r + self.x) - gammaln(r)) + size * r * np.log(alpha) - exponents @ log_end
        )
        by_r = (
            n @ (digamma(r + self.x) - digamma(r))
            + size * np.log(alpha)
            - self.customers_by_observed @ log_end
        )
        by_alpha = size * r / alpha - exponents @ inverse_end
        by_r_twice = n @ (polygamma(1, r + self.x) - polygamma(1, r))
        by_both = size / alpha - self.customers_by_observed @ inverse_end
        by_alpha_twice = exponents @ inverse_end**2 - size * r / alpha**2
        hessian = np.array([[by_r_twice, by_both], [by_both, by_alpha_twice]])
        return float(value), np.array([by_r, by_alpha]), hessian


def in_logarithms(size: float, natural: FloatArray, derivatives: Derivatives) -> Derivatives:
    """Turn sums over `size` customers into means, derivatives into those by log-parameters."""
    value, gradient, hessian = derivatives
    gradient = gradient * natural
    hessian = hessian * np.outer(natural, natural) + np.diag(gradient)
    return value / size, gradient / size, hessian / size


def distinct(values: FloatArray) -> tuple[FloatArray, NDArray[np.int32]]:
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
