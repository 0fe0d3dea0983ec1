"""Measures the maximum a posteriori fit of Pareto/NBD by pymc-marketing, default priors.

Reading the summary does not count; compiling the model does. Runs in the environment of the peer.

    python pymc_pareto.py SUMMARY_FILE
"""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pandas as pd
from pymc_marketing.clv import ParetoNBDModel
from stopwatch import Stopwatch


def main(summary_file: str) -> None:
    warnings.simplefilter("ignore")
    stopwatch = Stopwatch()
    summary = pd.read_parquet(summary_file).drop(columns="monetary_value")
    with stopwatch.step("fit Pareto/NBD"):
        model = ParetoNBDModel()
        model.fit(summary, method="map", progressbar=False)
    stopwatch.report(
        pareto_nbd={
            name: float(np.asarray(model.fit_result[name]).reshape(-1)[0])
            for name in ("r", "alpha", "s", "beta")
        }
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
