"""What pymc-marketing forecasts for a hold-out by one order model: orders and their value.

Maximum a posteriori fits. With its own priors, or with flat ones, which show what the priors do.
Runs in the environment of the peer.

    python pymc_holdout.py HISTORY.csv PERIODS bg_nbd|mbg_nbd|pareto_nbd FORECASTS.csv [flat]
"""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pandas as pd
from pymc_extras.prior import Prior
from pymc_marketing.clv import (
    BetaGeoModel,
    GammaGammaModel,
    ModifiedBetaGeoModel,
    ParetoNBDModel,
)
from pymc_marketing.clv.models import CLVModel
from stopwatch import Stopwatch

MODELS = {
    "bg_nbd": (BetaGeoModel, ("r", "alpha", "a", "b")),
    "mbg_nbd": (ModifiedBetaGeoModel, ("r", "alpha", "a", "b")),
    "pareto_nbd": (ParetoNBDModel, ("r", "alpha", "s", "beta")),
}


def main(
    history_file: str, periods: str, name: str, forecasts_file: str, priors: str = "its own"
) -> None:
    warnings.simplefilter("ignore")
    known = pd.read_csv(history_file)
    known["customer_id"] = np.arange(len(known))
    again = known[(known["frequency"] > 0) & (known["monetary_value"] > 0)]
    spend = GammaGammaModel()  # its own priors are flat
    spend.fit(again.drop(columns=["recency", "T"]), method="map", progressbar=False)
    worth = values(spend.expected_customer_spend(known))

    kind, parameters = MODELS[name]
    flat = {parameter: Prior("HalfFlat") for parameter in parameters}
    model = kind(model_config=flat) if priors == "flat" else kind()
    model.fit(known.drop(columns="monetary_value"), method="map", progressbar=False)
    orders = values(model.expected_purchases(known, future_t=float(periods)))
    pd.DataFrame({"orders": orders, "value": orders * worth}).to_csv(forecasts_file, index=False)
    Stopwatch().report(
        orders={parameter: estimate(model, parameter) for parameter in parameters},
        spend={parameter: estimate(spend, parameter) for parameter in ("p", "q", "v")},
    )


def values(prediction: object) -> np.ndarray:
    """Drop the dimensions for chains and draws, of which a maximum has one each."""
    return np.asarray(prediction).reshape(-1)


def estimate(model: CLVModel, name: str) -> float:
    return float(np.asarray(model.fit_result[name]).reshape(-1)[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
