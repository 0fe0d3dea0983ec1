"""What a process costs: CPU and wall seconds and peak memory, as the kernel counts them.

Children count towards the process that waited for them. This module and whoever imports it stay
small on purpose: a child's peak memory starts at the peak of the process that started it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Cost:
    """CPU seconds are user and system time over all threads; `peak_mib` is resident memory."""

    cpu_seconds: float
    wall_seconds: float
    peak_mib: float


@dataclass(frozen=True)
class Outcome:
    """What a stage cost and said; `failure` is one line, None when all went well.

    A stage may time its own steps and print them (stages/stopwatch.py).
    """

    cost: Cost
    steps: dict[str, Cost] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    failure: str | None = None


def run_measured(
    command: Sequence[str | Path],
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    timeout_seconds: float = 3600,
) -> Outcome:
    """Run a command to its end; its standard error goes to `log`.

    A command that fails or runs out of time is an outcome, not an exception.
    """
    output = log.with_suffix(".out")
    with output.open("wb") as stdout, log.open("wb") as stderr:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=stdout,
            stderr=stderr,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
        is_late = threading.Event()
        timer = threading.Timer(timeout_seconds, _stop, (process.pid, is_late))
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            timer.cancel()
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    cost = Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)
    if is_late.is_set():
        return Outcome(cost, failure=f"stopped after {timeout_seconds:,.0f} s")
    if process.returncode != 0:
        return Outcome(cost, failure=_why(process.returncode, log))
    return _read_report(output, cost)


def _stop(process_id: int, is_late: threading.Event) -> None:
    is_late.set()
    os.killpg(process_id, signal.SIGKILL)


def _why(exit_code: int, log: Path) -> str:
    if exit_code < 0:
        return f"ended by {signal.Signals(-exit_code).name}"
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return f"exit code {exit_code}: {lines[-1][:200] if lines else 'no message'}"


def _read_report(output: Path, cost: Cost) -> Outcome:
    lines = output.read_text(errors="replace").splitlines()
    if not lines or not lines[-1].startswith('{"steps"'):
        return Outcome(cost)
    report = json.loads(lines[-1])
    steps = {name: Cost(**step) for name, step in report["steps"].items()}
    return Outcome(cost, steps, report["facts"])
