"""Measures the same work by lifetimes: fit BG/NBD and Gamma-Gamma, score everyone.

Reading the summary and writing the scores do not count. Runs in the environment of the peer.

    python lifetimes_fit_score.py SUMMARY_FILE SCORES_FILE
"""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter, ModifiedBetaGeoFitter
from stopwatch import Stopwatch

MONTHLY_DISCOUNT_RATE = 1.1 ** (1 / 12) - 1


def main(summary_file: str, scores_file: str) -> None:
    warnings.simplefilter("ignore")
    stopwatch = Stopwatch()
    summary = pd.read_parquet(summary_file)
    history = (summary["frequency"], summary["recency"], summary["T"])
    money = summary["monetary_value"]
    again = (summary["frequency"] > 0) & (money > 0)

    with stopwatch.step("fit BG/NBD"):
        orders = BetaGeoFitter(penalizer_coef=0.0).fit(*history)
    with stopwatch.step("fit Gamma-Gamma"):
        spend = GammaGammaFitter(penalizer_coef=0.0).fit(summary["frequency"][again], money[again])

    scores = summary[["customer_id"]].copy()
    with stopwatch.step("P(alive)"):
        scores["alive_probability"] = orders.conditional_probability_alive(*history)
    with stopwatch.step("expected orders, 365 days"):
        scores["expected_orders_365d"] = predict(orders, 365, history)
    with stopwatch.step("order value"):
        scores["expected_order_value"] = spend.conditional_expected_average_profit(
            summary["frequency"], money
        )
    for months in (12, 36):
        with stopwatch.step(f"discounted value, {months} months"):
            scores[f"ltv_{months}m_amount"] = spend.customer_lifetime_value(
                orders, *history, money, time=months, discount_rate=MONTHLY_DISCOUNT_RATE, freq="D"
            )
    with stopwatch.step("expected orders, 90 days"):
        scores["expected_orders_90d"] = predict(orders, 90, history)
    scores.to_parquet(scores_file)

    with stopwatch.step("fit MBG/NBD"):
        modified = ModifiedBetaGeoFitter(penalizer_coef=0.0).fit(*history)
    numbers = scores.drop(columns="customer_id").to_numpy(dtype=float)
    stopwatch.report(
        bg_nbd=orders.params_.to_dict(),
        mbg_nbd=modified.params_.to_dict(),
        gamma_gamma=spend.params_.to_dict(),
        customers_without_number=int((~np.isfinite(numbers)).any(axis=1).sum()),
    )


def predict(orders: BetaGeoFitter, days: int, history: tuple[pd.Series, ...]) -> pd.Series:
    return orders.conditional_expected_number_of_purchases_up_to_time(days, *history)


if __name__ == "__main__":
    main(*sys.argv[1:])
