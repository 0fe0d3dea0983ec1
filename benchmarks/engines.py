"""Measures `rfm run` on DuckDB, PostgreSQL and Spark at rising sizes; prints the tables.

    python benchmarks/engines.py [--sizes 100000,1000000] [--engines duckdb,postgres,spark]
    python benchmarks/engines.py --simulate 20000000,100000000

Results of single sizes and engines are kept in results/engines.json, so that a run for some of
them replaces these and leaves the others. Only light imports here (see measure.py).
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from engine_run import ENGINES, SPARK_MEMORY, EngineBench, EngineRun, RunFailedError
from engine_tables import as_markdown
from machine import machine_facts
from measure import run_measured
from spark_stages import COMMAND, totals

SIZES = (100_000, 1_000_000, 5_000_000)
ORDERS_PER_CUSTOMER = 10
HERE = Path(__file__).resolve().parent
WORK = HERE.parent / ".rfm_benchmarks" / "engines"
RESULTS = HERE / "results"
KEPT_MODELS = 12
KEPT_STAGES = 20


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure rfm on each engine at rising sizes.")
    parser.add_argument("--sizes", default=",".join(str(size) for size in SIZES), metavar="N,N")
    parser.add_argument("--engines", default=",".join(ENGINES), metavar="NAME,NAME")
    parser.add_argument(
        "--simulate",
        metavar="N,N",
        help="only count groups of equal customers, in simulations of these sizes",
    )
    parser.add_argument(
        "--step-timeout", type=float, default=7200, metavar="SECONDS", help="for each step"
    )
    return parser.parse_args()


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def make_orders(customers: int) -> Path:
    """Make the orders of a size once; the file stays for the next run."""
    file = WORK / f"orders-{customers}.parquet"
    if not file.exists():
        script = HERE / "stages" / "make_orders.py"
        command = [sys.executable, script, customers, ORDERS_PER_CUSTOMER, file]
        outcome = run_measured([str(part) for part in command], WORK / "make_orders.log")
        if outcome.failure:
            raise RunFailedError(f"orders: {outcome.failure}")
    return file


def as_facts(run: EngineRun) -> dict[str, Any]:
    """Reduce what was measured to what is worth keeping."""
    statements = {stage.statement for stage in run.stages}
    by_statement = {
        name: totals(stage for stage in run.stages if stage.statement == name)
        for name in statements
    }
    ranking = {
        name: totals(stage for stage in run.ranking_stages if stage.statement == name)
        for name in sorted({stage.statement for stage in run.ranking_stages})
    }
    heaviest = sorted(run.stages, key=lambda stage: -stage.longest_task_cpu_seconds)
    return {
        "engine": run.engine,
        "customers": run.customers,
        "run": asdict(run.run.cost) | {"failure": run.run.failure},
        "fit": asdict(run.fit.cost) | {"failure": run.fit.failure} if run.fit else None,
        "server_cpu_seconds": run.server_cpu_seconds,
        "server_fit_cpu_seconds": run.server_fit_cpu_seconds,
        "server_peak_mib": run.server_peak_mib,
        "counts": run.counts,
        "travelled": run.travelled,
        "slowest": dict(list(run.models.items())[:KEPT_MODELS]),
        "spark": totals(run.stages) if run.stages else None,
        "largest_result_mib": max(
            (stage.result_mib for stage in run.stages if stage.statement == COMMAND), default=None
        ),
        "spark_statements": dict(
            sorted(by_statement.items(), key=lambda item: -item[1]["cpu_seconds"])[:KEPT_STAGES]
        ),
        "spark_longest_tasks": [rounded(asdict(stage)) for stage in heaviest[:KEPT_STAGES]],
        "ranking": {
            **run.ranking,
            "statements": ranking,
            "stages": [rounded(asdict(stage)) for stage in run.ranking_stages],
        },
    }


def rounded(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        name: round(fact, 3) if isinstance(fact, float) else fact for name, fact in facts.items()
    }


def keep(facts: dict[str, Any]) -> None:
    """Put the result of one engine and size into engines.json."""
    content = kept()
    packages = {name: version(name) for name in ("dbt-postgres", "dbt-spark", "pyspark")}
    content["machine"] = machine_facts() | {
        "engines": ", ".join(f"{name} {number}" for name, number in packages.items()),
        "Spark": f"local[2], one Java process with a heap of {SPARK_MEMORY}",
    }
    content["results"][f"{facts['engine']} {facts['customers']}"] = facts
    write(content)


def kept() -> dict[str, Any]:
    file = RESULTS / "engines.json"
    return json.loads(file.read_text()) if file.exists() else {"results": {}, "machine": {}}


def write(content: dict[str, Any]) -> None:
    (RESULTS / "engines.json").write_text(json.dumps(content, indent=1) + "\n")
    (RESULTS / "engines.md").write_text(as_markdown(content))


def simulate(sizes: str) -> str | None:
    """Count groups in simulations and keep the counts; returns why it failed, if it did."""
    log = WORK / "simulate.log"
    script = HERE / "stages" / "count_simulated.py"
    outcome = run_measured([sys.executable, script, sizes], log, timeout_seconds=36_000)
    if outcome.failure is None:
        lines = log.with_suffix(".out").read_text().splitlines()
        content = kept()
        counted = {counts["customers"]: counts for counts in content.get("simulated", [])}
        counted |= {counts["customers"]: counts for counts in map(json.loads, lines)}
        write(content | {"simulated": [counted[size] for size in sorted(counted)]})
    return outcome.failure


def main() -> int:
    arguments = parse()
    WORK.mkdir(parents=True, exist_ok=True)
    if arguments.simulate:
        failure = simulate(arguments.simulate)
        print(failure or (RESULTS / "engines.md").read_text())
        return int(failure is not None)
    is_failed = False
    for size in (int(text) for text in arguments.sizes.split(",")):
        orders = make_orders(size)
        for engine in arguments.engines.split(","):
            tell(f"{engine}, {size:,} customers ...")
            bench = EngineBench(
                WORK / f"{engine}-{size}", engine, orders, arguments.step_timeout, tell
            )
            try:
                run = bench.measure(size)
            except RunFailedError as failure:
                tell(f"stopped: {failure}")
                is_failed = True
                continue
            is_failed |= run.run.failure is not None
            keep(as_facts(run))
    print((RESULTS / "engines.md").read_text())
    return int(is_failed)


if __name__ == "__main__":
    sys.exit(main())
