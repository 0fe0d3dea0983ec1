"""Measures the fit of Pareto/NBD by lifetimes, apart from its other fits because it takes so long.

Reading the summary does not count. Runs in the environment of the peer.

    python lifetimes_pareto.py SUMMARY_FILE
"""

from __future__ import annotations

import sys
import warnings

import pandas as pd
from lifetimes import ParetoNBDFitter
from stopwatch import Stopwatch


def main(summary_file: str) -> None:
    warnings.simplefilter("ignore")
    stopwatch = Stopwatch()
    summary = pd.read_parquet(summary_file)
    with stopwatch.step("fit Pareto/NBD"):
        model = ParetoNBDFitter(penalizer_coef=0.0).fit(
            summary["frequency"], summary["recency"], summary["T"]
        )
    stopwatch.report(pareto_nbd=model.params_.to_dict())


if __name__ == "__main__":
    main(*sys.argv[1:])
