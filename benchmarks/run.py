"""Measures rfm beside lifetimes, pymc-marketing and a hand-written query; prints the tables.

    python benchmarks/run.py [--size small|100k|1m|5m|all] [--customers N] [--only-fits]

Ends with exit code 1 when a target is missed. Only light imports here (see measure.py).
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from machine import machine_facts
from plan import ORDERS_PER_CUSTOMER, Bench, Results, StageFailedError
from tables import as_markdown
from targets import Verdict, verdicts

SIZES = {"small": 20_000, "100k": 100_000, "1m": 1_000_000, "5m": 5_000_000}
PUBLISHED = ("100k", "1m", "5m")
HERE = Path(__file__).resolve().parent
WORK = HERE.parent / ".rfm_benchmarks"
RESULTS = HERE / "results"


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure rfm with the usual tools beside it.")
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--size",
        choices=[*SIZES, "all"],
        default="all",
        help="small tries the harness; all: 100k, 1m, 5m",
    )
    size.add_argument("--customers", type=int, metavar="N", help="a size of your own")
    parser.add_argument(
        "--orders-per-customer", type=float, default=ORDERS_PER_CUSTOMER, metavar="N"
    )
    parser.add_argument(
        "--only-fits",
        action="store_true",
        help="fits and scores, theirs and ours; no history dates, no back-test",
    )
    parser.add_argument(
        "--stage-timeout", type=float, default=3600, metavar="SECONDS", help="for each stage"
    )
    return parser.parse_args()


def chosen_sizes(arguments: argparse.Namespace) -> dict[str, int]:
    if arguments.customers:
        return {f"{arguments.customers}": arguments.customers}
    names = PUBLISHED if arguments.size == "all" else (arguments.size,)
    return {name: SIZES[name] for name in names}


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def write(name: str, results: Results, judged: list[Verdict]) -> str:
    """Write <name>.json and .md, those of the published sizes to results/; returns the Markdown."""
    machine = machine_facts()
    markdown = as_markdown(results, judged, machine)
    folder = RESULTS if name in PUBLISHED else WORK / name
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.md").write_text(markdown)
    content = {
        "machine": machine,
        "results": asdict(results),
        "targets": [asdict(verdict) for verdict in judged],
    }
    (folder / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
    return markdown


def main() -> int:
    arguments = parse()
    is_missed = False
    for name, customers in chosen_sizes(arguments).items():
        bench = Bench(
            WORK / name,
            customers,
            arguments.orders_per_customer,
            arguments.stage_timeout,
            tell,
            only_fits=arguments.only_fits,
        )
        try:
            results = bench.run()
        except StageFailedError as failure:
            tell(f"stopped: {failure}")
            return 1
        judged = verdicts(results)
        if arguments.only_fits:
            judged = [verdict for verdict in judged if verdict.is_measured]
        print(write(name, results, judged), flush=True)
        is_missed |= any(verdict.is_met is False for verdict in judged)
    return int(is_missed)


if __name__ == "__main__":
    sys.exit(main())
