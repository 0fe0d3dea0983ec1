"""Measures the same work by pymc-marketing: maximum a posteriori fits, then scores for everyone.

Its own default priors, which weigh little at these sizes. Reading the summary and writing the
scores do not count; compiling the models does. Runs in the environment of the peer.

    python pymc_fit_score.py SUMMARY_FILE SCORES_FILE
"""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pandas as pd
from pymc_marketing.clv import BetaGeoModel, GammaGammaModel, ModifiedBetaGeoModel
from pymc_marketing.clv.models import CLVModel
from stopwatch import Stopwatch

MONTHLY_DISCOUNT_RATE = 1.1 ** (1 / 12) - 1


def main(summary_file: str, scores_file: str) -> None:
    warnings.simplefilter("ignore")
    stopwatch = Stopwatch()
    summary = pd.read_parquet(summary_file)
    again = summary[(summary["frequency"] > 0) & (summary["monetary_value"] > 0)]

    with stopwatch.step("fit BG/NBD"):
        orders = BetaGeoModel()
        orders.fit(summary.drop(columns="monetary_value"), method="map", progressbar=False)
    with stopwatch.step("fit Gamma-Gamma"):
        spend = GammaGammaModel()
        spend.fit(again.drop(columns=["recency", "T"]), method="map", progressbar=False)

    scores = summary[["customer_id"]].copy()
    with stopwatch.step("P(alive)"):
        scores["alive_probability"] = values(orders.expected_probability_alive(summary))
    with stopwatch.step("expected orders, 365 days"):
        scores["expected_orders_365d"] = values(orders.expected_purchases(summary, future_t=365))
    with stopwatch.step("order value"):
        scores["expected_order_value"] = values(spend.expected_customer_spend(summary))
    for months in (12, 36):
        with stopwatch.step(f"discounted value, {months} months"):
            value = spend.expected_customer_lifetime_value(
                transaction_model=orders,
                data=summary,
                future_t=months,
                discount_rate=MONTHLY_DISCOUNT_RATE,
                time_unit="D",
            )
            scores[f"ltv_{months}m_amount"] = values(value)
    with stopwatch.step("expected orders, 90 days"):
        scores["expected_orders_90d"] = values(orders.expected_purchases(summary, future_t=90))
    scores.to_parquet(scores_file)

    with stopwatch.step("fit MBG/NBD"):
        modified = ModifiedBetaGeoModel()
        modified.fit(summary.drop(columns="monetary_value"), method="map", progressbar=False)
    numbers = scores.drop(columns="customer_id").to_numpy(dtype=float)
    stopwatch.report(
        bg_nbd={name: estimate(orders, name) for name in ("r", "alpha", "a", "b")},
        mbg_nbd={name: estimate(modified, name) for name in ("r", "alpha", "a", "b")},
        gamma_gamma={name: estimate(spend, name) for name in ("p", "q", "v")},
        customers_without_number=int((~np.isfinite(numbers)).any(axis=1).sum()),
    )


def values(prediction: object) -> np.ndarray:
    """Drop the dimensions for chains and draws, of which a maximum has one each."""
    return np.asarray(prediction).reshape(-1)


def estimate(model: CLVModel, name: str) -> float:
    return float(np.asarray(model.fit_result[name]).reshape(-1)[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
