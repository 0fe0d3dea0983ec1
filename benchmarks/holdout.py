"""Forecasts of a published hold-out, beside those of lifetimes on the same split.

    python -m benchmarks.holdout

The CDNOW sample: 2,357 customers, 39 weeks known, 39 weeks held out. Both are judged by the metrics
of `rfm backtest`; naive rules have no peer.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.environments import prepare
from rfm_cli.ltv.backtest import MEASURES
from rfm_cli.ltv.holdout import Holdout
from rfm_cli.ltv.metrics import Metrics, measure
from rfm_cli.ltv.model_forecast import forecast_holdout
from rfm_cli.ltv.naive_rules import RULES

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "unit"))

MODELS = ("pareto_nbd", "mbg_nbd", "bg_nbd")
_STAGE = Path(__file__).parent / "stages" / "lifetimes_holdout.py"


def peer_forecasts(cut: Holdout, folder: Path) -> dict[str, np.ndarray] | str:
    """Let lifetimes forecast; or say why it does not."""
    python, versions = prepare("lifetimes", folder / "install.log")
    if python is None:
        return versions
    history, forecasts = folder / "history.csv", folder / "forecasts.csv"
    columns = (
        cut.repeat_orders,
        cut.first_to_last_days,
        cut.observed_days,
        cut.mean_repeat_amount,
    )
    header = "frequency,recency,T,monetary_value"
    np.savetxt(history, np.column_stack(columns), "%.17g", ",", header=header, comments="")
    subprocess.run([python, _STAGE, history, str(cut.days), forecasts], check=True)
    found = np.genfromtxt(forecasts, delimiter=",", names=True)
    return {name: found[name] for name in found.dtype.names}


def row(about: str, method: str, tool: str, found: Metrics) -> str:
    numbers = (
        f"{found.mean_absolute_error:.4g}",
        f"{found.root_mean_square_error:.4g}",
        f"{100 * found.total_bias:+.1f} %",
        f"{found.gini:.3f}",
        f"{100 * found.calibration_error:.1f} %",
        f"{100 * found.top_share:.1f} %",
        "" if found.interval_coverage is None else f"{100 * found.interval_coverage:.1f} %",
    )
    return f"| {about} | {method} | {tool} | {' | '.join(numbers)} |"


def main() -> None:
    from cdnow_sample import cdnow_sample_split

    (package,) = find_spec("lifetimes").submodule_search_locations
    cut = cdnow_sample_split(Path(package) / "datasets" / "CDNOW_sample.txt")
    with TemporaryDirectory() as folder:
        peer = peer_forecasts(cut, Path(folder))
    print(
        "| of | method | tool | MAE | RMSE | total bias | Gini | deciles off | top 20 % | in 90 % |"
        "\n| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    models = {model: forecast_holdout(cut, model) for model in MODELS}
    rules = {name: rule(cut) for name, rule in RULES.items()}
    for place, about in enumerate(MEASURES):
        actual = cut.actual(about)
        for model, made in models.items():
            bounds = (made.lower, made.upper) if about == "value" else None
            print(row(about, model, "rfm", measure(getattr(made, about), actual, bounds)))
            if not isinstance(peer, str):
                theirs = measure(peer[f"{model}_{about}"], actual)
                print(row(about, model, "lifetimes", theirs))
        for name, forecast in rules.items():
            print(row(about, name, "naive rule", measure(forecast[place], actual)))
    if isinstance(peer, str):
        print(f"\nlifetimes is {peer}")


if __name__ == "__main__":
    main()
