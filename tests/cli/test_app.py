"""The front door: help, version, exit codes, and what errors look like."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest
from cli_helpers import RFM

from rfm_cli import __version__
from rfm_cli.dbt import _heeding_interrupts
from rfm_cli.errors import (
    BadInput,
    CheckFailed,
    DbtFailed,
    RfmError,
    WarehouseUnavailable,
)

HEAVY = ("dbt", "duckdb", "scipy", "numpy", "pyarrow", "jinja2", "yaml")
COMMANDS = (
    "run", "demo", "explain", "report", "export", "fit", "backtest", "forget", "check", "init",
)  # fmt: skip


def python(code: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, **options
    )


def test_help_imports_nothing_heavy():
    done = python(
        "import sys\n"
        "from rfm_cli.app import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    assert done.stderr.strip() == "[]"


def test_help_names_every_command(rfm):
    done = rfm("--help")
    assert done.returncode == 0
    for command in COMMANDS:
        assert command in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(rfm, command):
    done = rfm(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")


def test_version(rfm):
    assert rfm("--version").stdout == f"rfm {__version__}\n"


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["run", "--nonsense"], ["run", "--as-of", "soon"], ["explain"]]
)
def test_bad_usage_exits_2(rfm, arguments):
    done = rfm(*arguments)
    assert (done.returncode, done.stdout) == (2, "")


def test_exit_codes_of_errors():
    codes = [e.exit_code for e in (CheckFailed, BadInput, DbtFailed, WarehouseUnavailable)]
    assert codes == [1, 2, 3, 4]
    assert all(issubclass(e, RfmError) for e in (CheckFailed, BadInput, DbtFailed))


def test_an_error_has_three_parts_on_stderr(rfm, tmp_path):
    done = rfm("run", "--orders", tmp_path / "none.csv", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["error", "where", "hint"]


def raising(debug: bool) -> subprocess.CompletedProcess:
    return python(
        "import os, sys\n"
        f"os.environ['RFM_DEBUG'] = {'1' if debug else ''!r}\n"
        "import rfm_cli.health\n"
        "def broken(*_):\n    raise ZeroDivisionError('by zero')\n"
        "rfm_cli.health.run_checks = broken\n"
        "sys.argv = ['rfm', 'check']\n"
        "from rfm_cli.app import main\n"
        "main()"
    )


def test_an_unexpected_error_is_one_line_and_a_hint():
    done = raising(debug=False)
    assert done.returncode == 70
    assert done.stderr.startswith("error: ZeroDivisionError: by zero\nhint:")
    assert "Traceback" not in done.stderr


def test_debug_shows_the_traceback():
    assert "Traceback" in raising(debug=True).stderr


def test_ctrl_c_exits_130_and_leaves_nothing(built, tmp_path):
    command = [str(RFM), "run", "--orders", str(built.orders), "--verbose"]
    with subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as child:
        for line in child.stderr:
            if line.startswith("Reading orders"):
                time.sleep(0.5)
                child.send_signal(signal.SIGINT)
                break
        rest = child.stderr.read()
    assert child.returncode == 130, rest
    assert "Traceback" not in rest
    assert rest.splitlines()[-1].startswith("interrupted")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_that_is_swallowed_counts_afterwards():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), _heeding_interrupts(), suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
