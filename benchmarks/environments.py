"""The peers, each in an environment of its own with pinned versions (peers/requirements-*.txt)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PEERS = ("lifetimes", "pymc-marketing")
_HERE = Path(__file__).resolve().parent
_FOLDER = _HERE.parent / ".venv-peers"


def prepare(peer: str, log: Path) -> tuple[Path | None, str]:
    """Install a peer unless it is there already.

    Returns:
        Its Python and its versions; or None and the reason, one line, why it is not installed.
    """
    requirements = _HERE / "peers" / f"requirements-{peer}.txt"
    pins = requirements.read_text()
    python = _FOLDER / peer / "bin" / "python"
    installed = _FOLDER / peer / "installed.txt"
    if not installed.is_file() or installed.read_text() != pins:
        with log.open("w") as output:
            for command in (
                [sys.executable, "-m", "venv", "--clear", str(_FOLDER / peer)],
                [str(python), "-m", "pip", "install", "--requirement", str(requirements)],
            ):
                if subprocess.run(command, stdout=output, stderr=output, check=False).returncode:
                    return None, f"not installed: {_last_line(log)}"
        installed.write_text(pins)
    return python, ", ".join(line.replace("==", " ") for line in pins.split())


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text().splitlines() if line.startswith("ERROR")]
    return lines[-1].removeprefix("ERROR: ")[:200] if lines else f"see {log.name}"
