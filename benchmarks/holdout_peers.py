"""What the peers forecast for a hold-out, each model in a process of its own with a time limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.environments import prepare
from benchmarks.measure import run_measured
from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.holdout import Holdout
from rfm_cli.ltv.parameters import OrderModel

SCRIPTS = {"lifetimes": "lifetimes_holdout.py", "pymc-marketing": "pymc_holdout.py"}
_STAGES = Path(__file__).parent / "stages"


@dataclass(frozen=True, eq=False)
class PeerForecast:
    """One entry per customer, and the estimates by name that they come from."""

    orders: FloatArray
    value: FloatArray
    order_parameters: dict[str, float]
    spend_parameters: dict[str, float]


@dataclass(frozen=True)
class Peer:
    """A tool in its own environment; without `python`, `versions` says why it is not there."""

    name: str
    python: Path | None
    versions: str

    @classmethod
    def install(cls, name: str, folder: Path) -> Peer:
        """Install a peer unless it is there already."""
        return cls(name, *prepare(name, folder / f"{name}-install.log"))

    def forecast(
        self,
        cut: Holdout,
        model: OrderModel,
        folder: Path,
        limit_seconds: float,
        *options: str,
    ) -> PeerForecast | str:
        """Let the peer fit and forecast; or say in a line why there is no forecast."""
        if self.python is None:
            return self.versions
        history, forecasts = folder / "history.csv", folder / "forecasts.csv"
        _write_history(cut, history)
        script = (_STAGES / SCRIPTS[self.name], history, str(cut.days), model, forecasts)
        log = folder / f"{self.name}.log"
        outcome = run_measured([self.python, *script, *options], log, timeout_seconds=limit_seconds)
        if outcome.failure:
            return outcome.failure
        found = np.genfromtxt(forecasts, delimiter=",", names=True)
        missing = int((~np.isfinite(found["orders"]) | ~np.isfinite(found["value"])).sum())
        if missing:
            return f"no number for {missing:,} of {cut.customer_count:,} customers"
        return PeerForecast(
            found["orders"], found["value"], outcome.facts["orders"], outcome.facts["spend"]
        )


def _write_history(cut: Holdout, file: Path) -> None:
    columns: Sequence[FloatArray] = (
        cut.repeat_orders,
        cut.first_to_last_days,
        cut.observed_days,
        cut.mean_repeat_amount,
    )
    header = "frequency,recency,T,monetary_value"
    np.savetxt(file, np.column_stack(columns), "%.17g", ",", header=header, comments="")
