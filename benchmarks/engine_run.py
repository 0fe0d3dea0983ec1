"""One engine at one size: start it, load orders, run and fit, and read off what that cost."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measure import Outcome, run_measured
from process_tree import PeakMemory, cpu_seconds
from spark_stages import Stage, read_stages

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "tests" / "engines"))
import servers  # noqa: E402 (the servers that the tests use)

RFM = Path(sys.executable).parent / "rfm"
ENGINES = ("duckdb", "postgres", "spark")
SPARK_MEMORY = "8g"
# What dbt's log says of a model, test or seed that is done, with seconds.
_DONE = re.compile(r"\d+ of \d+ (?:OK|PASS|WARN).*? (\S+) \.* *\[.* in ([\d.]+)s\]")


class RunFailedError(Exception):
    """A step that everything after it needs; the message says which, and why."""


@dataclass
class EngineRun:
    """What was measured.

    Attributes:
        run: the client: `rfm run` with dbt in it. On DuckDB the engine too.
        fit: the client of a further `rfm fit`, with the other order model.
        server_cpu_seconds: of the server while `rfm run` ran; None on DuckDB.
        server_fit_cpu_seconds: the same for `rfm fit`.
        counts: what the run left, from stages/count_groups.py.
        travelled: the rows that `rfm fit` read and wrote.
        models: seconds by model or test, those of two at a time overlapping.
        stages: Spark's, of `rfm run` only.
        ranking: two ways to rank, from stages/rank_by_values.py, and the stages of both.
    """

    engine: str
    customers: int
    run: Outcome
    fit: Outcome | None = None
    server_cpu_seconds: float | None = None
    server_fit_cpu_seconds: float | None = None
    server_peak_mib: float | None = None
    counts: dict[str, int] = field(default_factory=dict)
    travelled: dict[str, int] = field(default_factory=dict)
    models: dict[str, float] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    ranking: dict[str, Any] = field(default_factory=dict)
    ranking_stages: list[Stage] = field(default_factory=list)


class EngineBench:
    """Runs one engine at one size in a folder of its own, and removes the folder.

    Args:
        folder: to be made; may grow to some ten times the file.
        engine: one of ENGINES.
        orders: the Parquet file.
        tell: called with each step as it ends.
    """

    def __init__(
        self,
        folder: Path,
        engine: str,
        orders: Path,
        timeout_seconds: float,
        tell: Callable[[str], None],
    ) -> None:
        self._folder = folder
        self._engine = engine
        self._orders = orders
        self._timeout_seconds = timeout_seconds
        self._tell = tell
        self._database = folder / "rfm.duckdb"
        self._environment: dict[str, str] = {"RFM_CACHE_DIR": str(folder / "cache")}

    def measure(self, customers: int) -> EngineRun:
        """Measure it; raises RunFailedError when nothing could be."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(mode=0o755)
        try:
            with self._server() as server:
                return self._measure(customers, server)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def _server(self) -> Iterator[servers.Server | None]:
        folder = self._folder / "server"
        if self._engine == "duckdb":
            yield None
        elif self._engine == "postgres":
            with servers.postgres(folder) as server:
                yield server
        else:
            with servers.spark(folder, memory=SPARK_MEMORY, is_large=True) as server:
                yield server

    def _measure(self, customers: int, server: servers.Server | None) -> EngineRun:
        if server is not None:
            self._environment |= dict(server.environment)
            self._script("load_orders", self._engine, self._orders, self._folder / "orders")
        run = self._run(customers, server)
        if run.run.failure:
            return run
        run.counts = self._script("count_groups", *self._place()).facts
        before = cpu_seconds(server.process_id) if server else 0.0
        run.fit = self._rfm("fit", "--model", "mbg_nbd", "--json")
        if server is not None:
            run.server_fit_cpu_seconds = cpu_seconds(server.process_id) - before
        if run.fit.failure is None:
            facts = json.loads((self._folder / "fit.out").read_text())
            run.travelled = {name: facts[name] for name in ("rows_read", "rows_written")}
        if server is not None and self._engine == "spark":
            ranked = self._script("rank_by_values")
            run.ranking = {name: cost.wall_seconds for name, cost in ranked.steps.items()}
            run.ranking |= ranked.facts
            run.ranking_stages = [
                stage
                for stage in read_stages(server.options["web"])
                if stage.statement.startswith("rank_")
            ]
        return run

    def _run(self, customers: int, server: servers.Server | None) -> EngineRun:
        options = ["--history", "0", "--model", "bg_nbd", "--json"]
        if server is None:
            outcome = self._rfm("run", "--orders", str(self._orders), *options)
            return EngineRun(self._engine, customers, outcome, models=self._model_seconds())
        before = cpu_seconds(server.process_id)
        with PeakMemory(server.process_id) as memory:
            outcome = self._rfm("run", "--orders-table", "raw.orders", *options)
        run = EngineRun(self._engine, customers, outcome, models=self._model_seconds())
        run.server_cpu_seconds = cpu_seconds(server.process_id) - before
        run.server_peak_mib = memory.mib
        if self._engine == "spark":
            run.stages = read_stages(server.options["web"])
        return run

    def _place(self) -> list[str]:
        return [self._engine, *([str(self._database)] if self._engine == "duckdb" else [])]

    def _rfm(self, command: str, *options: str) -> Outcome:
        where = ["--target", self._engine]
        if self._engine == "duckdb":
            where += ["--database", str(self._database)]
        return self._step(command, [RFM, command, *where, *options])

    def _script(self, name: str, *arguments: str | Path) -> Outcome:
        script = HERE / "stages" / f"{name}.py"
        outcome = self._step(name, [sys.executable, script, *arguments])
        if outcome.failure:
            raise RunFailedError(f"{self._engine}, {name}: {outcome.failure}")
        return outcome

    def _step(self, name: str, command: list[str | Path]) -> Outcome:
        outcome = run_measured(
            command,
            self._folder / f"{name}.log",
            environment=self._environment,
            folder=self._folder,
            timeout_seconds=self._timeout_seconds,
        )
        said = outcome.failure or "done"
        self._tell(f"{self._engine}, {name}: {said}, {outcome.cost.wall_seconds:.1f} s")
        return outcome

    def _model_seconds(self) -> dict[str, float]:
        seconds: dict[str, float] = {}
        for log in (self._folder / "cache" / "dbt").glob("*/logs/dbt.log"):
            for name, taken in _DONE.findall(log.read_text(errors="replace")):
                short = name.rpartition(".")[2].removesuffix("__next")
                seconds[short] = max(seconds.get(short, 0.0), float(taken))
        return slowest_first(seconds)


def slowest_first(seconds: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(seconds.items(), key=lambda item: -item[1]))
