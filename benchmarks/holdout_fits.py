"""Why equal models differ: how likely each tool's estimates make what was known at the cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rfm_cli.ltv.errors import FitRefused
from rfm_cli.ltv.fit import fit_orders, fit_spend, modelled_spend
from rfm_cli.ltv.gamma_gamma import SpendLikelihood
from rfm_cli.ltv.holdout import Holdout
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.parameters import OrderModel

SPEND = "gamma_gamma"
FLAT = "pymc-marketing, flat priors"
# Its priors keep parameters from running off.
_WITH_PRIORS = "pymc-marketing"
# What runs off together where everyone is equally likely to stop, and how far it is followed.
_RUN_OFF = ("a", "b", "s", "beta")
_FOLLOWED = 1000
# A log-likelihood this much lower is the same maximum: a hundredth of what one standard error does.
SAME = 0.005


@dataclass(frozen=True)
class Fit:
    """The estimates of a tool and their log-likelihood, all by the formulas of rfm."""

    model: str
    tool: str
    parameters: Mapping[str, float]
    log_likelihood: float


def own_fit(cut: Holdout, model: OrderModel) -> Fit | None:
    """Fit an order model; None where the data support no fit."""
    try:
        parameters = fit_orders(cut.order_counts(), model).parameters
    except FitRefused:
        return None
    names = ORDER_MODELS[model].parameter_names
    return order_fit(cut, model, "rfm", {name: getattr(parameters, name) for name in names})


def own_spend_fit(cut: Holdout) -> Fit:
    """Fit Gamma-Gamma."""
    spend = fit_spend(cut.spend_counts()).parameters
    return spend_fit(cut, "rfm", {"p": spend.p, "q": spend.q, "v": spend.v})


def order_fit(cut: Holdout, model: OrderModel, tool: str, parameters: Mapping[str, float]) -> Fit:
    """Judge the estimates of an order model."""
    names = ORDER_MODELS[model].parameter_names
    point = np.log([parameters[name] for name in names])
    mean, _, _ = ORDER_MODELS[model].likelihood(cut.order_counts(), 1.0)(point)
    return Fit(model, tool, parameters, mean * cut.customer_count)


def spend_fit(cut: Holdout, tool: str, parameters: Mapping[str, float]) -> Fit:
    """Judge the estimates of Gamma-Gamma."""
    counts = modelled_spend(cut.spend_counts())
    point = np.log([parameters[name] for name in ("p", "q", "v")])
    mean, _, _ = SpendLikelihood(counts)(point)
    return Fit(SPEND, tool, parameters, mean * counts.customer_count)


def fits_table(fits: Sequence[Fit]) -> str:
    """Lay out the estimates, each with its log-likelihood less that of rfm."""
    header = (
        "| model | tool | estimates (weeks) | log-likelihood | less that of rfm |"
        "\n| --- | --- | --- | ---: | ---: |"
    )
    return "\n".join((header, *_lines(fits)))


def _lines(fits: Sequence[Fit]) -> Iterator[str]:
    own = {fit.model: fit.log_likelihood for fit in fits if fit.tool == "rfm"}
    for fit in fits:
        estimates = ", ".join(f"{name} {value:.4g}" for name, value in fit.parameters.items())
        is_compared = fit.tool != "rfm" and fit.model in own
        apart = f"{fit.log_likelihood - own[fit.model]:+.3f}" if is_compared else ""
        yield f"| {fit.model} | {fit.tool} | {estimates} | {fit.log_likelihood:,.3f} | {apart} |"


def is_same(fit: Fit, own: Fit | None) -> bool:
    """Whether a tool found the maximum that rfm found."""
    return own is not None and abs(fit.log_likelihood - own.log_likelihood) <= SAME


def why_apart(fits: Sequence[Fit]) -> list[str]:
    """Say of each peer's fit that is not rfm's maximum what the likelihoods tell about it."""
    own = {fit.model: fit for fit in fits if fit.tool == "rfm"}
    flat = {fit.model: fit for fit in fits if fit.tool == FLAT}
    return [
        f"{fit.tool}, {fit.model}: {_reason(fit, own[fit.model], flat.get(fit.model))}"
        for fit in fits
        if fit.tool not in ("rfm", FLAT) and fit.model in own and not is_same(fit, own[fit.model])
    ]


def no_maximum(cut: Holdout, fits: Sequence[Fit]) -> list[str]:
    """Say of fits that rfm refuses whether there is more to climb than where a peer stopped.

    The parameters of dropout are followed to where everyone is equally likely to stop.
    """
    own = {fit.model for fit in fits if fit.tool == "rfm"}
    lines = []
    for fit in fits:
        if fit.model in own or fit.tool.startswith(_WITH_PRIORS):
            continue
        further = {
            name: value * (_FOLLOWED if name in _RUN_OFF else 1)
            for name, value in fit.parameters.items()
        }
        gain = order_fit(cut, fit.model, fit.tool, further).log_likelihood - fit.log_likelihood
        lines.append(
            f"{fit.tool}, {fit.model}: the log-likelihood is"
            f" {abs(gain):.3f} {'higher' if gain > 0 else 'lower'} where"
            f" {' and '.join(name for name in fit.parameters if name in _RUN_OFF)}"
            f" are {_FOLLOWED:,} times as large"
        )
    return lines


def _reason(fit: Fit, own: Fit, flat: Fit | None) -> str:
    apart = fit.log_likelihood - own.log_likelihood
    if apart > 0:
        return f"its estimates are more likely than those of rfm by {apart:.3f}"
    if flat is None:
        return f"stopped {-apart:.3f} below the maximum of the log-likelihood"
    if is_same(flat, own):
        return (
            f"its priors; {-apart:.3f} below the maximum of the log-likelihood,"
            " which it finds with flat ones"
        )
    return (
        f"{-apart:.3f} below the maximum of the log-likelihood, with flat priors"
        f" {own.log_likelihood - flat.log_likelihood:.3f}"
    )
