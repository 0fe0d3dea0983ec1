"""Times the steps within a stage; standard library only, so that every environment can use it."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Stopwatch:
    """Collects what each step costs and prints it as the last line of the stage."""

    def __init__(self) -> None:
        self._steps: dict[str, dict[str, float]] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time the block: CPU over all threads of this process; the peak is the one so far."""
        before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        yield
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_SELF)
        self._steps[name] = {
            "cpu_seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            "wall_seconds": wall,
            "peak_mib": after.ru_maxrss / 1024,
        }

    def report(self, **facts: Any) -> None:  # noqa: ANN401 (whatever JSON can hold)
        """Print the steps, and facts such as parameters, for `measure.run_measured`."""
        print(json.dumps({"steps": self._steps, "facts": facts}))
