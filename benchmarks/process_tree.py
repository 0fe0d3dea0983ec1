"""What a server costs while something works on it: CPU seconds and memory of all its processes."""

from __future__ import annotations

import os
import threading
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(root: int) -> float:
    """Return the CPU seconds of a process, its children, and those of them that have ended."""
    ticks = 0
    for process_id in _tree(root):
        fields = _fields(process_id)
        # Own user and system time, and that of the children waited for.
        ticks += sum(int(value) for value in fields[11:15])
    return ticks / _TICKS


class PeakMemory:
    """Looks at a server every few seconds; memory that processes share counts once.

    Attributes:
        mib: the most it held while the block ran.
    """

    def __init__(self, root: int, every_seconds: float = 5.0) -> None:
        self._root = root
        self._every_seconds = every_seconds
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.mib = 0.0

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            held = sum(_proportional_kib(process_id) for process_id in _tree(self._root))
            self.mib = max(self.mib, held / 1024)
            if self._is_over.wait(self._every_seconds):
                return


def _tree(root: int) -> list[int]:
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            fields = _fields(int(folder.name))
            if fields:
                parents[int(folder.name)] = int(fields[1])
    tree = [root]
    for process_id in tree:
        tree += [child for child, parent in parents.items() if parent == process_id]
    return tree


def _fields(process_id: int) -> list[str]:
    """Return what follows the name in /proc/<id>/stat; nothing when the process is gone."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _proportional_kib(process_id: int) -> int:
    try:
        lines = Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
