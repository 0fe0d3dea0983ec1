"""The models as the papers write them, in arbitrary precision: slow, plain, and independent."""

from __future__ import annotations

import mpmath as mp

from rfm_cli.ltv.parameters import BgParameters, ParetoParameters


def order_log_likelihood(model, log_parameters, histories):
    """Sum over (x, t_x, T, customers); Fader et al. (2005) eq. 6, Batislam et al. (2007) eq. 5."""
    if model == "pareto_nbd":
        return _pareto_log_likelihood(log_parameters, histories)
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


def _pareto_log_likelihood(log_parameters, histories):
    r, alpha, s, beta = (mp.exp(v) for v in log_parameters)
    total = mp.mpf(0)
    for history in histories:
        x, t_x, observed, customers = (mp.mpf(float(value)) for value in history)
        stayed = 1 / ((alpha + observed) ** (r + x) * (beta + observed) ** s)
        left = _departed(r, alpha, s, beta, x, t_x, observed)
        rate = mp.gamma(r + x) * alpha**r * beta**s / mp.gamma(r)
        total += customers * mp.log(rate * (stayed + left))
    return total


def _departed(r, alpha, s, beta, x, t_x, observed):
    """Take s/(r+s+x) A_0 of Fader & Hardie (2005), with Gauss's 2F1 and a case each way."""
    total = r + s + x
    if alpha >= beta:
        largest, second = alpha, s + 1
    else:
        largest, second = beta, r + x

    def term(time):
        z = abs(alpha - beta) / (largest + time)
        return mp.hyp2f1(total, second, total + 1, z) / (largest + time) ** total

    return s / total * (term(t_x) - term(observed))


def pareto_alive(parameters: ParetoParameters, x, t_x, observed):
    """P(alive), by the closed form; a number of mpmath."""
    with mp.workdps(60):
        values = (parameters.r, parameters.alpha, parameters.s, parameters.beta)
        r, alpha, s, beta, x, t_x, observed = (mp.mpf(v) for v in (*values, x, t_x, observed))
        left = _departed(r, alpha, s, beta, x, t_x, observed)
        return 1 / (1 + left * (alpha + observed) ** (r + x) * (beta + observed) ** s)


def pareto_living_orders(parameters: ParetoParameters, x, observed, days):
    """Take Schmittlein et al. (1987), eq. 22, without P(alive); a number of mpmath."""
    with mp.workdps(60):
        values = (parameters.r, parameters.alpha, parameters.s, parameters.beta)
        r, alpha, s, beta = (mp.mpf(v) for v in values)
        left = beta + mp.mpf(observed)
        growth = mp.log((left + mp.mpf(days)) / left)
        stayed = growth if s == 1 else -mp.expm1((1 - s) * growth) / (s - 1)
        return (r + x) / (alpha + mp.mpf(observed)) * left * stayed


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


def orders_of_the_living(parameters: BgParameters, x, observed, days) -> float:
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


def mean_living_orders(order, x, observed, days):
    """Integrate the orders given a dropout probability over its Beta: G of BG/NBD and MBG/NBD."""
    with mp.workdps(30):
        a = mp.mpf(order.a)
        b = mp.mpf(order.b) + x + (1 if order.model == "mbg_nbd" else 0)
        shape = mp.mpf(order.r) + x
        z = mp.mpf(days) / (mp.mpf(order.alpha) + observed)
        scale = -mp.log(mp.beta(a, b))
        mean = a / (a + b)
        spread = mp.sqrt(mean * (1 - mean) / (a + b + 1))

        def weighted(p):
            density = mp.exp(scale + (a - 1) * mp.log(p) + (b - 1) * mp.log1p(-p))
            return density * (1 - (1 + p * z) ** -shape) / p

        ends = max(mp.mpf(0), mean - 40 * spread), min(mp.mpf(1), mean + 40 * spread)
        return mp.quad(weighted, [ends[0], mean, ends[1]])
