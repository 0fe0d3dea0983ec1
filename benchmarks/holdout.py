"""Forecasts of published hold-outs, beside those of the peers on the same split.

    python -m benchmarks.holdout [--limit-seconds 600]

CDNOW (the sample that papers use, and all of it) and Complete Journey. Every tool gets the same
summary, all are judged by the metrics of `rfm backtest`; naive rules have no peer. Writes
results/holdout.md and ends with exit code 1 where rfm is behind a peer with the same model.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.holdout_data import DATA_SETS, DataSet
from benchmarks.holdout_fits import (
    FLAT,
    Fit,
    fits_table,
    is_same,
    no_maximum,
    order_fit,
    own_fit,
    own_spend_fit,
    spend_fit,
    why_apart,
)
from benchmarks.holdout_peers import SCRIPTS, Peer
from benchmarks.holdout_tables import OWN, Row, behind, table, tally, without_forecast
from rfm_cli.ltv.backtest import MEASURES
from rfm_cli.ltv.errors import FitRefused
from rfm_cli.ltv.holdout import Holdout
from rfm_cli.ltv.metrics import measure
from rfm_cli.ltv.model_forecast import forecast_holdout
from rfm_cli.ltv.naive_rules import RULES
from rfm_cli.ltv.parameters import OrderModel

MODELS: tuple[OrderModel, ...] = ("pareto_nbd", "mbg_nbd", "bg_nbd")
RESULTS = Path(__file__).parent / "results" / "holdout.md"
INTRODUCTION = """# Published hold-outs

    python -m benchmarks.holdout

The models of rfm and of its peers, fitted to the same summary of what was known at a cut, judged on
what came by the metrics of `rfm backtest`
([what they mean](../../docs/lifetime-value.md#the-back-test)). Orders of one day are one, times are
in weeks. Every tool has its own defaults: lifetimes without a penalty, pymc-marketing at the
maximum a posteriori with its own priors. Equal models at the maximum of the likelihood make equal
forecasts; no peer has the 90 % interval. `last_third` is the last third of as many weeks, times
three; `hiatus` means as long a silence.
"""


@dataclass
class Judged:
    """All that was found on one data set."""

    data: DataSet
    cut: Holdout
    rows: list[Row] = field(default_factory=list)
    fits: list[Fit] = field(default_factory=list)

    def sections(self) -> Iterator[str]:
        """Say it in Markdown."""
        cut = self.cut
        yield f"## {self.data.name}"
        yield (
            f"{self.data.about}; {cut.customer_count:,} customers,"
            f" {cut.repeat_orders.sum():,.0f} repeat orders known,"
            f" {cut.future_orders.sum():,.0f} orders of {cut.future_amount.sum():,.0f} held out."
        )
        yield table(sorted(self.rows, key=lambda row: MEASURES.index(row.about)))
        yield "\n".join(f"- {line}" for line in without_forecast(self.rows))
        yield "Figures of rfm beside those of the same model, as printed:"
        yield "\n".join(f"- {line}" for line in tally(self.rows))
        found = behind(self.rows)
        yield "Where rfm is behind:" + (" nowhere." if not found else "")
        yield "\n".join(f"- {line}" for line in found)
        yield "Estimates, and how likely they make what was known:"
        yield fits_table(self.fits)
        reasons = [*why_apart(self.fits), *no_maximum(cut, self.fits)]
        yield "\n".join(f"- {line}" for line in reasons)


def judge(data: DataSet, peers: list[Peer], folder: Path, limit_seconds: float) -> Judged:
    """Let every tool forecast one data set."""
    cut = data.split()
    found = Judged(data, cut)
    spend_fits: dict[str, Fit] = {OWN: own_spend_fit(cut)}
    for model in MODELS:
        own = own_fit(cut, model)
        _judge_own(found, model)
        if own:
            found.fits.append(own)
        for peer in peers:
            tell(f"{data.name}: {peer.name}, {model}")
            made = peer.forecast(cut, model, folder, limit_seconds)
            if isinstance(made, str):
                found.rows += [Row(about, model, peer.name, made) for about in MEASURES]
                continue
            for about in MEASURES:
                metrics = measure(getattr(made, about), cut.actual(about))
                found.rows.append(Row(about, model, peer.name, metrics))
            fit = order_fit(cut, model, peer.name, made.order_parameters)
            spend_fits[peer.name] = spend_fit(cut, peer.name, made.spend_parameters)
            found.fits.append(fit)
            if own and peer.name in FLAT and not is_same(fit, own):
                flat = peer.forecast(cut, model, folder, limit_seconds, "flat")
                if not isinstance(flat, str):
                    found.fits.append(order_fit(cut, model, FLAT, flat.order_parameters))
    found.fits += spend_fits.values()
    for name, rule in RULES.items():
        for about, forecast in zip(MEASURES, rule(cut), strict=True):
            found.rows.append(Row(about, name, "naive rule", measure(forecast, cut.actual(about))))
    return found


def _judge_own(found: Judged, model: OrderModel) -> None:
    cut = found.cut
    try:
        made = forecast_holdout(cut, model)
    except FitRefused as refused:
        found.rows += [Row(about, model, OWN, refused.reason) for about in MEASURES]
        return
    for about in MEASURES:
        bounds = (made.lower, made.upper) if about == "value" else None
        metrics = measure(getattr(made, about), cut.actual(about), bounds)
        found.rows.append(Row(about, model, OWN, metrics))


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Judge forecasts of published hold-outs.")
    parser.add_argument(
        "--limit-seconds", type=float, default=600, metavar="S", help="for each fit of a peer"
    )
    arguments = parser.parse_args()
    with TemporaryDirectory() as place:
        folder = Path(place)
        peers = [Peer.install(name, folder) for name in SCRIPTS]
        results = [judge(data, peers, folder, arguments.limit_seconds) for data in DATA_SETS]
    parts = [
        INTRODUCTION.rstrip(),
        "\n".join(f"- {peer.name}: {peer.versions}" for peer in peers),
        *(section for found in results for section in found.sections() if section),
    ]
    RESULTS.write_text("\n\n".join(parts) + "\n")
    print(RESULTS.read_text())
    return int(any(behind(found.rows) for found in results))


if __name__ == "__main__":
    sys.exit(main())
