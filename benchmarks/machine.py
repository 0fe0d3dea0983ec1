"""What the figures were taken on: the machine and the versions, no names of either."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path

OWN_PACKAGES = ("rfm", "duckdb", "dbt-core", "dbt-duckdb", "numpy", "scipy", "pyarrow")


def machine_facts() -> dict[str, str]:
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "machine": f"{os.cpu_count()} cores ({_processor()}), {memory_gib:.0f} GiB memory, "
        f"{platform.system()}",
        # With more to do than cores, wall seconds mean little, and CPU seconds rise.
        "load": f"{os.getloadavg()[2]:.1f} on average in the 15 minutes before the end",
        "pace": f"{_pace():.2f} CPU s for ten million additions in Python, after the stages",
        "Python": platform.python_version(),
        "rfm": ", ".join(f"{name} {version(name)}" for name in OWN_PACKAGES),
    }


def _pace() -> float:
    """Time a fixed piece of work, so that runs on a busier or slower machine can be told apart."""
    start, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number
    return time.process_time() - start


def _processor() -> str:
    """Return the kind of processor; Linux says it in a file, others in `platform`."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
