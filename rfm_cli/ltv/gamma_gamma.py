"""Log-likelihood of the Gamma-Gamma model of spend on grouped counts.

Fader & Hardie (2013), "The Gamma-Gamma model of monetary value", equation 1a. With x repeat
orders of total amount s (mean m = s / x),

    ln L = ln G(px+q) - ln G(px) - ln G(q) + q ln v + px ln s - (px+q) ln(v+s) - ln m.
"""

from __future__ import annotations

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from rfm_cli.ltv.counts import FloatArray, SpendCounts
from rfm_cli.ltv.newton import Derivatives


class SpendLikelihood:
    """Mean log-likelihood per customer of (ln p, ln q, ln v), with two derivatives.

    All amounts must be positive. What depends on x alone is computed once per distinct x.
    """

    def __init__(self, counts: SpendCounts) -> None:
        n = counts.customers
        self._size = counts.customer_count
        self._x, x_of_group = np.unique(counts.repeat_orders, return_inverse=True)
        self._customers_by_x = np.bincount(x_of_group, n)
        self._customers = n
        self._orders = n * counts.repeat_orders
        self._amount = counts.repeat_amount
        self._sum_order_logs = float(self._orders @ np.log(counts.repeat_amount))
        self._sum_mean_logs = float(n @ np.log(counts.mean_amount))

    def __call__(self, log_parameters: FloatArray) -> Derivatives:
        """Return value, gradient (3) and Hessian (3 x 3)."""
        natural = np.exp(log_parameters)
        p, q, v = natural
        n, x, size = self._customers_by_x, self._x, self._size
        px = p * x
        total = v + self._amount
        log_total = np.log(total)
        inverse = 1 / total
        by_customer = np.array([self._customers @ log_total, self._customers @ inverse])
        by_order = np.array([self._orders @ log_total, self._orders @ inverse])
        inverse *= inverse
        curvature = (p * self._orders + q * self._customers) @ inverse

        value = (
            n @ (gammaln(px + q) - gammaln(px) - gammaln(q))
            + size * q * np.log(v)
            + p * self._sum_order_logs
            - p * by_order[0]
            - q * by_customer[0]
            - self._sum_mean_logs
        )
        first = digamma(px + q)
        gradient = np.array(
            [
                (n * x) @ (first - digamma(px)) + self._sum_order_logs - by_order[0],
                n @ (first - digamma(q)) + size * np.log(v) - by_customer[0],
                size * q / v - p * by_order[1] - q * by_customer[1],
            ]
        )
        second = polygamma(1, px + q)
        p_p = (n * x**2) @ (second - polygamma(1, px))
        p_q = (n * x) @ second
        q_q = n @ (second - polygamma(1, q))
        p_v = -by_order[1]
        q_v = size / v - by_customer[1]
        v_v = curvature - size * q / v**2
        hessian = np.array([[p_p, p_q, p_v], [p_q, q_q, q_v], [p_v, q_v, v_v]])
        # From p, q, v to their logarithms.
        gradient *= natural
        hessian = hessian * np.outer(natural, natural) + np.diag(gradient)
        return float(value) / size, gradient / size, hessian / size
