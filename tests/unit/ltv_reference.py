"""The models as the papers write them, in arbitrary precision: slow, plain, and independent."""

from __future__ import annotations

import mpmath as mp

from rfm_cli.ltv.parameters import OrderParameters


def order_log_likelihood(model, log_parameters, histories):
    """Sum over (x, t_x, T, customers); Fader et al. (2005) eq. 6, Batislam et al. (2007) eq. 5."""
    r, alpha, a, b = (mp.exp(v) for v in log_parameters)
    total = mp.mpf(0)
    for history in histories:
        x, t_x, observed, customers = (mp.mpf(float(value)) for value in history)
        rate = mp.gamma(r + x) * alpha**r / mp.gamma(r)
        if model == "bg_nbd":
            likelihood = mp.beta(a, b + x) / mp.beta(a, b) * rate * (alpha + observed) ** -(r + x)
            if x > 0:
                likelihood += (
                    mp.beta(a + 1, b + x - 1) / mp.beta(a, b) * rate * (alpha + t_x) ** -(r + x)
                )
        else:
            likelihood = (
                mp.beta(a, b + x + 1) * (alpha + observed) ** -(r + x)
                + mp.beta(a + 1, b + x) * (alpha + t_x) ** -(r + x)
            ) * (rate / mp.beta(a, b))
        total += customers * mp.log(likelihood)
    return total


def spend_log_likelihood(log_parameters, groups):
    """Sum over (x, total amount, customers); Fader & Hardie (2013), eq. 1a, in the mean m."""
    p, q, v = (mp.exp(w) for w in log_parameters)
    total = mp.mpf(0)
    for group in groups:
        x, amount, customers = (mp.mpf(float(value)) for value in group)
        m = amount / x
        likelihood = (
            mp.gamma(p * x + q)
            / (mp.gamma(p * x) * mp.gamma(q))
            * v**q
            * m ** (p * x - 1)
            * x ** (p * x)
            / (v + m * x) ** (p * x + q)
        )
        total += customers * mp.log(likelihood)
    return total


def orders_of_the_living(parameters: OrderParameters, x, observed, days) -> float:
    """Take the closed form with Gauss's 2F1 (Fader, Hardie & Lee 2005, eq. 10, without P(alive)).

    At a = 1 it is 0/0 with a finite limit; a is then moved by 1e-30.
    """
    with mp.workdps(80):
        nudge = mp.mpf(10) ** -30
        a = mp.mpf(parameters.a) + (nudge if parameters.a == 1 else 0)
        b = mp.mpf(parameters.b) + x + (1 if parameters.model == "mbg_nbd" else 0)
        if mp.isint(a + b) and a + b <= 1:
            a += nudge
        k = mp.mpf(parameters.r) + x
        z = mp.mpf(days) / (mp.mpf(parameters.alpha) + observed)
        tail = mp.hyp2f1(k, b, a + b - 1, z / (1 + z)) * (1 + z) ** -k
        return float((a + b - 1) / (a - 1) * (1 - tail))
