"""The back-test: at each cut every method forecasts what came after it, and is compared with it.

A correction shown at a cut was learned on hold-outs that had ended by then. The one that is kept
for scoring has seen all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from rfm_cli.ltv.correction import Correction, learn_correction
from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.errors import FitRefused
from rfm_cli.ltv.holdout import Holdout
from rfm_cli.ltv.metrics import Decile, Metrics, deciles, measure
from rfm_cli.ltv.model_forecast import ModelForecast, forecast_holdout
from rfm_cli.ltv.naive_rules import CELL_RULE, RULES, Forecast, rfm_cell
from rfm_cli.ltv.parameters import OrderModel
from rfm_cli.ltv.verdict import Verdict, judge

MEASURES = ("orders", "value")


@dataclass(frozen=True, eq=False)
class Result:
    """One method at one cut; without metrics, `refusal_reason` says why."""

    cut_date: date
    holdout_days: int
    measure: str
    method: str
    is_model: bool
    is_corrected: bool
    customer_count: int
    metrics: Metrics | None
    deciles: list[Decile]
    refusal_reason: str | None = None


@dataclass(frozen=True, eq=False)
class Backtest:
    """All results, who won by measure, and the corrections of models by (model, measure)."""

    results: list[Result]
    verdicts: dict[str, Verdict]
    corrections: dict[tuple[str, str], Correction]


@dataclass(frozen=True, eq=False)
class _Forecasted:
    cut: Holdout
    forecast: ModelForecast

    def columns(self, about: str) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return what is expected in a year, in the hold-out, and what came."""
        made = self.forecast
        if about == "orders":
            return made.yearly_orders, made.orders, self.cut.future_orders
        return made.yearly_value, made.value, self.cut.future_amount


def run_backtest(
    cuts: Sequence[tuple[Holdout, Holdout]],
    models: Sequence[OrderModel],
    on_progress: Callable[[str], None] = lambda _: None,
) -> Backtest:
    """Judge the models and the naive rules.

    Args:
        cuts: in order of time, each with an earlier one that RFM cells are learned on, whose
            hold-out had ended by the cut.
        models: the order models to fit.
        on_progress: told what is done next.
    """
    results: list[Result] = []
    forecasts: dict[str, list[_Forecasted]] = {model: [] for model in models}
    for cut, earlier in cuts:
        for model in models:
            on_progress(f"{model} at {cut.cut_date}")
            results += _model_results(cut, model, forecasts[model])
        results += _rule_results(cut, earlier)
    return Backtest(results, _verdicts(results), _corrections(forecasts))


def _model_results(cut: Holdout, model: OrderModel, before: list[_Forecasted]) -> list[Result]:
    try:
        made = forecast_holdout(cut, model)
    except FitRefused as refused:
        return [_refused(cut, about, model, True, refused.reason) for about in MEASURES]
    known = [one for one in before if _end(one.cut) <= cut.cut_date]
    now = _Forecasted(cut, made)
    results = []
    for about in MEASURES:
        yearly, predicted, actual = now.columns(about)
        bounds = (made.lower, made.upper) if about == "value" else None
        results.append(
            _compared(cut, about, model, predicted, actual, bounds=bounds, is_model=True)
        )
        correction = _learned(known, about)
        if correction is not None:
            factor = correction.factor(yearly)
            corrected = None if bounds is None else (made.lower * factor, made.upper * factor)
            results.append(
                _compared(
                    cut, about, model, predicted * factor, actual, bounds=corrected,
                    is_model=True, is_corrected=True,
                )
            )  # fmt: skip
    before.append(now)
    return results


def _rule_results(cut: Holdout, earlier: Holdout) -> list[Result]:
    results = []
    for name, rule in RULES.items():
        results += _pair(cut, name, rule(cut))
    try:
        results += _pair(cut, CELL_RULE, rfm_cell(cut, earlier))
    except FitRefused as refused:
        results += [_refused(cut, about, CELL_RULE, False, refused.reason) for about in MEASURES]
    return results


def _pair(cut: Holdout, name: str, forecast: Forecast) -> list[Result]:
    return [
        _compared(cut, about, name, predicted, cut.actual(about))
        for about, predicted in zip(MEASURES, forecast, strict=True)
    ]


def _compared(
    cut: Holdout,
    about: str,
    method: str,
    predicted: FloatArray,
    actual: FloatArray,
    *,
    bounds: tuple[FloatArray, FloatArray] | None = None,
    is_model: bool = False,
    is_corrected: bool = False,
) -> Result:
    return Result(
        cut.cut_date, cut.days, about, method, is_model, is_corrected,
        cut.customer_count, measure(predicted, actual, bounds), deciles(predicted, actual),
    )  # fmt: skip


def _refused(cut: Holdout, about: str, method: str, is_model: bool, reason: str) -> Result:
    return Result(
        cut.cut_date, cut.days, about, method, is_model, False,
        cut.customer_count, None, [], reason,
    )  # fmt: skip


def _verdicts(results: list[Result]) -> dict[str, Verdict]:
    """Judge forecasts as they were made; corrected ones exist at later cuts only."""
    dates = sorted({result.cut_date for result in results})
    return {
        about: judge(
            [
                {
                    result.method: result.metrics
                    for result in results
                    if result.cut_date == day
                    and result.measure == about
                    and not result.is_corrected
                    and result.metrics is not None
                }
                for day in dates
            ]
        )
        for about in MEASURES
    }


def _corrections(forecasts: dict[str, list[_Forecasted]]) -> dict[tuple[str, str], Correction]:
    learned = {
        (model, about): _learned(made, about)
        for model, made in forecasts.items()
        for about in MEASURES
    }
    return {key: correction for key, correction in learned.items() if correction is not None}


def _learned(known: list[_Forecasted], about: str) -> Correction | None:
    """Learn from all hold-outs together; None where there are too few customers."""
    if not known:
        return None
    columns = zip(*(one.columns(about) for one in known), strict=True)
    try:
        return learn_correction(*(np.concatenate(parts) for parts in columns))
    except FitRefused:
        return None


def _end(cut: Holdout) -> date:
    return cut.cut_date + timedelta(days=cut.days)
