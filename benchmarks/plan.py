"""The stages of one size, in order: what runs, in which environment, and what it is called."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from environments import PEERS, prepare
from measure import Cost, Outcome, run_measured

STAGES = Path(__file__).resolve().parent / "stages"
RFM = Path(sys.executable).parent / "rfm"
HELP_TRIES = 5
HISTORY_DATES = 12
SMALL_CUSTOMERS = 2_000
ORDERS_PER_CUSTOMER = 10.0

# The model that every tool here has, so that all do the same work.
_MODEL = ("--model", "bg_nbd")
_PEER_SCRIPTS = {"lifetimes": "lifetimes_fit_score.py", "pymc-marketing": "pymc_fit_score.py"}
_PARETO_SCRIPTS = {"lifetimes": "lifetimes_pareto.py", "pymc-marketing": "pymc_pareto.py"}
# Pareto/NBD takes the peers a minute for each 100,000 customers, or more.
PEERS_PARETO_MOST_CUSTOMERS = 100_000


def pareto_stage(peer: str) -> str:
    """Name the stage in which a peer fits Pareto/NBD, where it does."""
    return f"Pareto fit of {peer}"


class StageFailedError(Exception):
    """A stage that everything after it needs."""


@dataclass
class Results:
    """Everything measured at one size; figures by stage, facts such as parameters beside."""

    customer_count: int
    order_count: int = 0
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def cost(self, stage: str, *steps: str) -> Cost | None:
        """Return what a stage cost, or its steps together; None where it was not measured."""
        outcome = self.outcomes.get(stage)
        if outcome is None or outcome.failure:
            return None
        if not steps:
            return outcome.cost
        costs = [outcome.steps[step] for step in steps]
        return Cost(
            sum(cost.cpu_seconds for cost in costs),
            sum(cost.wall_seconds for cost in costs),
            max(cost.peak_mib for cost in costs),
        )

    def facts(self, stage: str) -> dict[str, Any]:
        """Return what a stage found out; nothing where it did not come to an end."""
        return self.outcomes[stage].facts if stage in self.outcomes else {}


class Bench:
    """Runs the stages of one size in a folder of its own.

    Args:
        folder: for orders, databases and logs; gigabytes at the large sizes.
        customers: how many to simulate.
        orders_per_customer: on average.
        timeout_seconds: for each stage.
        tell: called with each stage as it starts and ends.
        only_fits: leave out what no peer does: the start, history dates, the back-test.
    """

    def __init__(
        self,
        folder: Path,
        customers: int,
        orders_per_customer: float,
        timeout_seconds: float,
        tell: Callable[[str], None],
        *,
        only_fits: bool = False,
    ) -> None:
        self._folder = folder
        self._orders_per_customer = orders_per_customer
        self._timeout_seconds = timeout_seconds
        self._tell = tell
        self._only_fits = only_fits
        self._logs = folder / "logs"
        self._logs.mkdir(parents=True, exist_ok=True)
        self.results = Results(customers)

    def run(self) -> Results:
        """Run all stages; raises StageFailedError where nothing could follow."""
        if not self._only_fits:
            self._start_up()
        orders = self._folder / "orders.parquet"
        self._orders("orders", self.results.customer_count, orders)
        self.results.order_count = self.results.facts("orders")["order_count"]
        summary = self._hand_written(orders)
        self._rfm(orders)
        for peer in PEERS:
            self._peer(peer, summary)
        # Last, because it adds to the database that scores are compared in.
        if not self._only_fits:
            self._backtest()
        return self.results

    def _start_up(self) -> None:
        for number in range(HELP_TRIES):
            self._stage(f"help {number}", [RFM, "--help"])
        orders = self._folder / "small.parquet"
        self._orders("small orders", SMALL_CUSTOMERS, orders)
        self._rfm_run("small, one date", orders, "--history", "0")
        # As a newcomer would call it.
        self._rfm_run("small", orders, with_model=False)

    def _orders(self, stage: str, customers: int, file: Path) -> None:
        script = ["make_orders.py", str(customers), str(self._orders_per_customer), str(file)]
        self._need(stage, self._script(stage, sys.executable, script))

    def _hand_written(self, orders: Path) -> Path:
        database, summary = self._folder / "hand.duckdb", self._folder / "summary.parquet"
        for stage, count in (
            ("hand-written, each row an order", "count(*)"),
            ("hand-written", "count(distinct order_id)"),
        ):
            database.unlink(missing_ok=True)
            script = ["hand_written.py", str(orders), str(database), count]
            self._need(stage, self._script(stage, sys.executable, script))
        script = ["export_summary.py", str(database), str(summary)]
        self._need("summary", self._script("summary", sys.executable, script))
        return summary

    def _rfm(self, orders: Path) -> None:
        if not self._only_fits:
            self._rfm_run("run with history", orders, "--history", str(HISTORY_DATES))
        database, cache = self._rfm_run("run", orders, "--history", "0")
        for stage, script in (("rfm fit", "rfm_fit.py"), ("rfm score", "rfm_score.py")):
            self._script(stage, sys.executable, [script, str(database), str(cache)])

    def _rfm_run(
        self, stage: str, orders: Path, *options: str, with_model: bool = True
    ) -> tuple[Path, Path]:
        """Run `rfm run` into a new database with a cache of its own; returns both."""
        folder = self._folder / stage.replace(" ", "-").replace(",", "")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        database, cache = folder / "rfm.duckdb", folder / "cache"
        files = ["--orders", str(orders), "--database", str(database)]
        command = [RFM, "run", "--quiet", *files, *options, *(_MODEL if with_model else ())]
        outcome = self._stage(stage, command, environment={"RFM_CACHE_DIR": str(cache)})
        self._need(stage, outcome)
        return database, cache

    def _peer(self, peer: str, summary: Path) -> None:
        self._tell(f"{peer}: environment")
        python, versions = prepare(peer, self._logs / f"{peer}-install.log")
        self.results.versions[peer] = versions
        if python is None:
            self.results.outcomes[peer] = Outcome(Cost(0, 0, 0), failure=versions)
            self._tell(f"{peer}: {versions}")
            return
        scores = self._folder / f"{peer}.parquet"
        if self._script(peer, python, [_PEER_SCRIPTS[peer], str(summary), str(scores)]).failure:
            return
        stage = f"scores of {peer}"
        script = ["compare_scores.py", str(self._run_folder / "rfm.duckdb"), str(scores)]
        self._script(stage, sys.executable, script)
        if self.results.customer_count <= PEERS_PARETO_MOST_CUSTOMERS:
            self._script(pareto_stage(peer), python, [_PARETO_SCRIPTS[peer], str(summary)])

    def _backtest(self) -> None:
        command = [RFM, "backtest", "--quiet", "--database", self._run_folder / "rfm.duckdb"]
        environment = {"RFM_CACHE_DIR": str(self._run_folder / "cache")}
        self._stage("backtest", command, environment=environment)

    @property
    def _run_folder(self) -> Path:
        """Where the run of one as-of date left its database and cache."""
        return self._folder / "run"

    def _script(self, stage: str, python: str | Path, script: Sequence[str]) -> Outcome:
        return self._stage(stage, [python, STAGES / script[0], *script[1:]])

    def _stage(
        self,
        stage: str,
        command: Sequence[str | Path],
        environment: dict[str, str] | None = None,
    ) -> Outcome:
        self._tell(f"{stage} ...")
        outcome = run_measured(
            command,
            self._logs / f"{stage.replace(' ', '-').replace(',', '')}.log",
            environment=environment,
            folder=self._folder,
            timeout_seconds=self._timeout_seconds,
        )
        self.results.outcomes[stage] = outcome
        cost = outcome.cost
        self._tell(
            f"{stage}: {outcome.failure or 'done'}, {cost.cpu_seconds:.1f} CPU s, "
            f"{cost.wall_seconds:.1f} s, {cost.peak_mib:,.0f} MiB"
        )
        return outcome

    def _need(self, stage: str, outcome: Outcome) -> None:
        if outcome.failure:
            raise StageFailedError(f"{stage}: {outcome.failure} (logs in {self._logs})")
