"""What lifetimes forecasts for a hold-out: orders and their value, by its three order models.

Runs in the environment of the peer.

    python lifetimes_holdout.py HISTORY.csv PERIODS FORECASTS.csv
"""

from __future__ import annotations

import sys
import warnings

import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter, ModifiedBetaGeoFitter, ParetoNBDFitter

MODELS = {
    "bg_nbd": BetaGeoFitter,
    "mbg_nbd": ModifiedBetaGeoFitter,
    "pareto_nbd": ParetoNBDFitter,
}


def main(history_file: str, periods: str, forecasts_file: str) -> None:
    warnings.simplefilter("ignore")
    known = pd.read_csv(history_file)
    history = (known["frequency"], known["recency"], known["T"])
    again = (known["frequency"] > 0) & (known["monetary_value"] > 0)
    spend = GammaGammaFitter(penalizer_coef=0.0).fit(
        known["frequency"][again], known["monetary_value"][again]
    )
    worth = spend.conditional_expected_average_profit(known["frequency"], known["monetary_value"])
    forecasts = {}
    for name, fitter in MODELS.items():
        model = fitter(penalizer_coef=0.0).fit(*history)
        orders = model.conditional_expected_number_of_purchases_up_to_time(float(periods), *history)
        forecasts[f"{name}_orders"] = orders
        forecasts[f"{name}_value"] = orders * worth
    pd.DataFrame(forecasts).to_csv(forecasts_file, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
