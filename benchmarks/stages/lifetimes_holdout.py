"""What lifetimes forecasts for a hold-out by one order model: orders and their value.

Runs in the environment of the peer.

    python lifetimes_holdout.py HISTORY.csv PERIODS bg_nbd|mbg_nbd|pareto_nbd FORECASTS.csv
"""

from __future__ import annotations

import sys
import warnings

import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter, ModifiedBetaGeoFitter, ParetoNBDFitter
from stopwatch import Stopwatch

MODELS = {
    "bg_nbd": BetaGeoFitter,
    "mbg_nbd": ModifiedBetaGeoFitter,
    "pareto_nbd": ParetoNBDFitter,
}


def main(history_file: str, periods: str, name: str, forecasts_file: str) -> None:
    warnings.simplefilter("ignore")
    known = pd.read_csv(history_file)
    history = (known["frequency"], known["recency"], known["T"])
    again = (known["frequency"] > 0) & (known["monetary_value"] > 0)
    spend = GammaGammaFitter(penalizer_coef=0.0).fit(
        known["frequency"][again], known["monetary_value"][again]
    )
    worth = spend.conditional_expected_average_profit(known["frequency"], known["monetary_value"])
    model = MODELS[name](penalizer_coef=0.0).fit(*history)
    orders = model.conditional_expected_number_of_purchases_up_to_time(float(periods), *history)
    pd.DataFrame({"orders": orders, "value": orders * worth}).to_csv(forecasts_file, index=False)
    Stopwatch().report(orders=model.params_.to_dict(), spend=spend.params_.to_dict())


if __name__ == "__main__":
    main(*sys.argv[1:])
