"""What Spark's web interface says about the stages of a run, by the statement they belong to.

dbt writes the name of the model into a comment before its SQL; that comment is how a stage finds
its model. Other statements are those of the `rfm` command itself.
"""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

COMMAND = "the rfm command"
_MIB = 2**20
_NODE = re.compile(r'"node_id": "(model|test|seed)\.rfm\.([^"]+)"')


@dataclass(frozen=True)
class Stage:
    """One stage; a task is what one core does without the others.

    Attributes:
        statement: the dbt model or test it is part of, else COMMAND.
        longest_task_cpu_seconds: of the task with the most CPU time.
        longest_task_rows: rows that one task read from a shuffle, at most.
        spill_mib: what sorts and buffers wrote to disk for want of memory.
        peak_memory_mib: what sorts, buffers and aggregates of its tasks held, at most.
        result_mib: what the tasks handed to the driver; for a query the rows it answers with.
    """

    statement: str
    task_count: int
    cpu_seconds: float
    task_seconds: float
    input_mib: float
    shuffle_read_mib: float
    shuffle_read_rows: int
    shuffle_write_mib: float
    spill_mib: float
    peak_memory_mib: float
    result_mib: float
    longest_task_cpu_seconds: float
    longest_task_seconds: float
    longest_task_rows: int


def read_stages(web: str) -> list[Stage]:
    """Return the stages that ran, of the one application that the web interface is of."""
    applications = f"{web}/api/v1/applications"
    identifier = _get(applications)[0]["id"]
    stages = _get(f"{applications}/{identifier}/stages?withSummaries=true&quantiles=1.0")
    return [_stage(stage) for stage in stages if stage["status"] in ("COMPLETE", "FAILED")]


def totals(stages: Iterable[Stage]) -> dict[str, float]:
    """Add up the stages of a run or of a statement."""
    stages = list(stages)
    sums = ("cpu_seconds", "input_mib", "shuffle_write_mib", "shuffle_read_mib", "spill_mib")
    return {
        "stage_count": len(stages),
        **{name: round(sum(getattr(stage, name) for stage in stages), 3) for name in sums},
    }


def _get(address: str) -> Any:  # noqa: ANN401 (JSON)
    with urllib.request.urlopen(address) as answer:
        return json.load(answer)


def _stage(stage: dict[str, Any]) -> Stage:
    most = stage.get("taskMetricsDistributions") or {}
    return Stage(
        statement=_statement(stage.get("description", "")),
        task_count=stage["numCompleteTasks"],
        cpu_seconds=stage["executorCpuTime"] / 1e9,
        task_seconds=stage["executorRunTime"] / 1e3,
        input_mib=stage["inputBytes"] / _MIB,
        shuffle_read_mib=stage["shuffleReadBytes"] / _MIB,
        shuffle_read_rows=stage["shuffleReadRecords"],
        shuffle_write_mib=stage["shuffleWriteBytes"] / _MIB,
        spill_mib=stage["diskBytesSpilled"] / _MIB,
        peak_memory_mib=stage["peakExecutionMemory"] / _MIB,
        result_mib=stage["resultSize"] / _MIB,
        longest_task_cpu_seconds=_last(most.get("executorCpuTime")) / 1e9,
        longest_task_seconds=_last(most.get("executorRunTime")) / 1e3,
        longest_task_rows=int(_last(most.get("shuffleReadMetrics", {}).get("readRecords"))),
    )


def _last(quantiles: list[float] | None) -> float:
    return quantiles[-1] if quantiles else 0.0


def _statement(description: str) -> str:
    found = _NODE.search(description)
    if found is None:
        return COMMAND
    kind, name = found.groups()
    return name if kind != "test" else f"test {name.split('.')[0]}"
