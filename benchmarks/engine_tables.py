"""What engines.py measured, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_ENGINES = ("duckdb", "postgres", "spark")
_COUNTS = {
    "orders": "orders",
    "order_groups": "groups of equal customers (x, t_x, T)",
    "spend_groups": "groups of equal repeat spend",
    "lookup_pairs": "pairs (x, T) that the forecast is computed for",
    "order_counts": "distinct order counts x",
    "highest_order_count": "highest x",
    "longest_observed_days": "longest T, in days",
    "nodes": "learned quadrature nodes",
    "intervals": "learned interval knots",
    "recency_values": "distinct values of recency",
    "monetary_values": "distinct values of money",
    "future_values": "distinct values of future value",
}


def as_markdown(content: Mapping[str, Any]) -> str:
    """Lay out all results: costs, rows, Spark's statements and its longest tasks."""
    results = sorted(
        content["results"].values(),
        key=lambda facts: (facts["customers"], _ENGINES.index(facts["engine"])),
    )
    on_spark = [facts for facts in results if facts["spark"]]
    parts = [
        "## `rfm run` on each engine",
        "\n".join(f"- {name}: {fact}" for name, fact in content["machine"].items()),
        "One as-of date, BG/NBD, tests included; ten orders a customer. The server starts fresh "
        "and the orders are loaded before the clock starts. CPU seconds are user and system time "
        "over all threads. Other work ran on the machine, so wall seconds only show the order of "
        "magnitude.",
        _cost_table(results),
        "Rows between warehouse and Python when learning (`rfm fit --model mbg_nbd`):",
        _learning_table(results),
        "What a run leaves (the same on every engine):",
        _count_table(on_spark or results),
        "The same groups counted in simulations alone (`stages/count_simulated.py`):",
        _simulated_table(content.get("simulated", [])),
        "Spark, all statements of `rfm run`:",
        _spark_table(on_spark),
        "Spark, the statements with the most CPU seconds in tasks:",
        _statement_table(on_spark),
        "Spark, stages that are a single task: one core does them, whatever the cluster has. Such "
        "a stage has too few rows to share out, or its window must see all rows at once.",
        _task_table(on_spark),
        "Spark, mid-rank scores of past and future value in two ways (`stages/rank_by_values.py`):",
        _ranking_table(on_spark),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [list(header), ["---"] * len(header), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(value: float | None, digits: int = 0) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def _cost_table(results: Sequence[Mapping[str, Any]]) -> str:
    header = (
        "customers", "engine", "client CPU s", "server CPU s", "wall s", "client MiB", "server MiB",
        "slowest models (s)",
    )  # fmt: skip
    return _table(
        header,
        (
            (
                _number(facts["customers"]),
                facts["engine"] + (f": {facts['run']['failure']}" * bool(facts["run"]["failure"])),
                _number(facts["run"]["cpu_seconds"]),
                _number(facts["server_cpu_seconds"]),
                _number(facts["run"]["wall_seconds"]),
                _number(facts["run"]["peak_mib"]),
                _number(facts["server_peak_mib"]),
                ", ".join(
                    f"{name} {seconds:.0f}" for name, seconds in list(facts["slowest"].items())[:3]
                ),
            )
            for facts in results
        ),
    )


def _learning_table(results: Sequence[Mapping[str, Any]]) -> str:
    return _table(
        ("customers", "engine", "rows read", "rows written", "client CPU s", "wall s"),
        (
            (
                _number(facts["customers"]),
                facts["engine"],
                _number(facts["travelled"]["rows_read"]),
                _number(facts["travelled"]["rows_written"]),
                _number(facts["fit"]["cpu_seconds"], 1),
                _number(facts["fit"]["wall_seconds"], 1),
            )
            for facts in results
            if facts["travelled"]
        ),
    )


def _count_table(results: Sequence[Mapping[str, Any]]) -> str:
    counted = [facts for facts in results if facts["counts"]]
    return _table(
        ("", *(_number(facts["counts"]["customers"]) + " customers" for facts in counted)),
        (
            (label, *(_number(facts["counts"][name]) for facts in counted))
            for name, label in _COUNTS.items()
        ),
    )


def _spark_table(results: Sequence[Mapping[str, Any]]) -> str:
    return _table(
        ("customers", "stages", "task CPU s", "shuffled MiB", "spilled MiB"),
        (
            (
                _number(facts["customers"]),
                facts["spark"]["stage_count"],
                _number(facts["spark"]["cpu_seconds"]),
                _number(facts["spark"]["shuffle_write_mib"]),
                _number(facts["spark"]["spill_mib"]),
            )
            for facts in results
        ),
    )


def _statement_table(results: Sequence[Mapping[str, Any]], count: int = 8) -> str:
    return _table(
        ("customers", "statement", "task CPU s", "shuffled MiB", "spilled MiB"),
        (
            (
                _number(facts["customers"]),
                name,
                _number(costs["cpu_seconds"], 1),
                _number(costs["shuffle_write_mib"]),
                _number(costs["spill_mib"]),
            )
            for facts in results
            for name, costs in list(facts["spark_statements"].items())[:count]
        ),
    )


def _task_table(results: Sequence[Mapping[str, Any]], count: int = 5) -> str:
    return _table(
        ("customers", "statement", "rows read", "CPU s", "spilled MiB"),
        (
            (
                _number(facts["customers"]),
                stage["statement"],
                _number(stage["longest_task_rows"]),
                _number(stage["longest_task_cpu_seconds"], 1),
                _number(stage["spill_mib"]),
            )
            for facts in results
            for stage in [
                stage for stage in facts["spark_longest_tasks"] if stage["task_count"] == 1
            ][:count]
        ),
    )


def _ranking_table(results: Sequence[Mapping[str, Any]]) -> str:
    return _table(
        ("customers", "way", "CPU s", "CPU s of the longest stage of one task", "shuffled MiB"),
        (
            (
                _number(facts["customers"]),
                name.replace("_", " "),
                _number(costs["cpu_seconds"], 1),
                _number(_longest(facts["ranking"]["stages"], name), 1),
                _number(costs["shuffle_write_mib"]),
            )
            for facts in results
            for name, costs in facts["ranking"]["statements"].items()
        ),
    )


def _longest(stages: Iterable[Mapping[str, Any]], statement: str) -> float:
    return max(
        stage["longest_task_cpu_seconds"]
        for stage in stages
        if stage["statement"] == statement and stage["task_count"] == 1
    )


def _simulated_table(counted: Sequence[Mapping[str, Any]]) -> str:
    names = [name for name in _COUNTS if counted and name in counted[0]]
    return _table(
        ("", *(_number(counts["customers"]) + " customers" for counts in counted)),
        ((_COUNTS[name], *(_number(counts[name]) for counts in counted)) for name in names),
    )
