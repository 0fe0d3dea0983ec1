"""Extrapolates the measurements on Spark to sizes nobody measured; prints a table.

    python benchmarks/predict.py [--sizes 100000000,1000000000]

What is assumed: the customers stay as they were simulated, ten orders each within three years.
Then work on orders and customers grows in proportion, a sort in one task with N log N, and the
groups of equal customers with the last exponent that was counted, which only falls: an upper bound.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from math import log
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results" / "engines.json"
SINGLE_TASKS = ("customer_rfm_history", "customer_value", "best_customers")
GROUPS = ("order_groups", "spend_groups", "lookup_pairs")


def through(first: Mapping[str, Any], last: Mapping[str, Any], figure: Callable) -> Callable:
    """Return the line through the figures of two sizes, as a function of customers."""
    sizes = first["customers"], last["customers"]
    slope = (figure(last) - figure(first)) / (sizes[1] - sizes[0])
    return lambda customers: figure(last) + slope * (customers - sizes[1])


def single_task(facts: Mapping[str, Any], statement: str) -> tuple[int, float]:
    """Return rows and CPU seconds of the statement's stage in which one task reads them all."""
    stage = max(
        (
            stage
            for stage in facts["spark_longest_tasks"]
            if stage["statement"] == statement and stage["task_count"] == 1
        ),
        key=lambda stage: stage["longest_task_cpu_seconds"],
    )
    return stage["longest_task_rows"], stage["longest_task_cpu_seconds"]


def sorted_in_one_task(facts: Mapping[str, Any], statement: str, customers: int) -> float:
    """Return the CPU seconds of that task at another size: seconds per row and log of the rows."""
    rows, seconds = single_task(facts, statement)
    wanted = rows * customers / facts["customers"]
    return seconds * wanted * log(wanted) / (rows * log(rows))


def groups_at(counted: list[Mapping[str, int]], name: str, customers: int) -> float:
    """Return how many groups were counted, or the power law through the last two sizes."""
    for counts in counted:
        if counts["customers"] == customers:
            return counts[name]
    before, last = counted[-2:]
    exponent = log(last[name] / before[name]) / log(last["customers"] / before["customers"])
    return last[name] * (customers / last["customers"]) ** exponent


def predictions(content: Mapping[str, Any], sizes: list[int]) -> list[tuple[str, list[float]]]:
    spark = sorted(
        (facts for facts in content["results"].values() if facts["engine"] == "spark"),
        key=lambda facts: facts["customers"],
    )
    first, last = spark[-2:]
    cpu = through(first, last, lambda facts: facts["server_cpu_seconds"])
    shuffle = through(first, last, lambda facts: facts["spark"]["shuffle_write_mib"])
    counted = content["simulated"]
    rows: list[tuple[str, list[float]]] = [
        ("core hours of the server", [cpu(size) / 3600 for size in sizes]),
        ("shuffled, GiB", [shuffle(size) / 1024 for size in sizes]),
    ]
    for statement in SINGLE_TASKS:
        minutes = [sorted_in_one_task(last, statement, size) / 60 for size in sizes]
        rows.append((f"CPU minutes of the one task of {statement}", minutes))
    for name in GROUPS:
        rows.append((name.replace("_", " "), [groups_at(counted, name, size) for size in sizes]))
    read = [sum(groups_at(counted, name, size) for name in GROUPS[:2]) for size in sizes]
    rows.append(("rows read by Python", read))
    per_row = (last["fit"]["cpu_seconds"] - first["fit"]["cpu_seconds"]) / (
        last["travelled"]["rows_read"] - first["travelled"]["rows_read"]
    )
    minutes = [(last["fit"]["cpu_seconds"] + per_row * count) / 60 for count in read]
    rows.append(("CPU minutes of Python, reading and fitting", minutes))
    result = last["largest_result_mib"] / last["counts"]["order_groups"]
    groups = [groups_at(counted, "order_groups", size) for size in sizes]
    rows.append(("largest answer through the driver, MiB", [result * count for count in groups]))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description="Extrapolate the measurements on Spark.")
    parser.add_argument("--sizes", default="100000000,1000000000", metavar="N,N")
    sizes = [int(size) for size in parser.parse_args().sizes.split(",")]
    print("| | " + " | ".join(f"{size:,} customers" for size in sizes) + " |")
    print("| --- |" + " --- |" * len(sizes))
    for label, values in predictions(json.loads(RESULTS.read_text()), sizes):
        figures = (f"{value:,.1f}" if value < 1000 else f"{value:,.0f}" for value in values)
        print(f"| {label} | {' | '.join(figures)} |")


if __name__ == "__main__":
    main()
