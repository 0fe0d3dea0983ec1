"""A runner for the real command, and one database built with it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from cli_helpers import RFM, Built, ordinary_orders, write_orders

Run = Callable[..., subprocess.CompletedProcess]


@pytest.fixture(scope="session")
def rfm() -> Run:
    """Run the command as a user does: `rfm("run", "--orders", path, cwd=folder)`."""

    def run(*arguments: object, **options: Any) -> subprocess.CompletedProcess:
        command = [str(RFM), *(str(argument) for argument in arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=300, check=False, **options
        )

    return run


@pytest.fixture(scope="session")
def built(rfm: Run, tmp_path_factory) -> Built:
    source = tmp_path_factory.mktemp("source")
    orders = write_orders(source / "orders.csv", ordinary_orders())
    folder = tmp_path_factory.mktemp("built")
    done = rfm("run", "--orders", orders, "--database", "rfm.duckdb", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    return Built(folder, orders, folder / "rfm.duckdb", facts, done.stderr)
