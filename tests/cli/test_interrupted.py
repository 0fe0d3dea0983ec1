"""A run that is killed, at any moment, leaves the database as it was; the next run is whole."""

from __future__ import annotations

import signal
import subprocess

import pytest
from cli_helpers import RFM, assert_same_marts

MOMENTS = (
    "Reading orders",
    "  15/",
    "Learning",
    "  60/",
    "Publishing the marts",
)


def kill_at(moment, built, folder):
    """Start the run and kill it as soon as it says where it is."""
    command = [str(RFM), "run", "--orders", str(built.orders), "--verbose"]
    with subprocess.Popen(
        command, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as child:
        for line in child.stderr:
            if line.startswith(moment):
                child.send_signal(signal.SIGKILL)
                break
        child.stderr.read()
    assert child.returncode in (-signal.SIGKILL, 0)


@pytest.fixture(scope="module")
def empty_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("killed")


@pytest.mark.long
def test_killed_again_and_again_then_finished(rfm, built, empty_folder):
    database = empty_folder / "rfm.duckdb"
    for moment in MOMENTS[1:4:2]:
        kill_at(moment, built, empty_folder)
        assert not database.exists()
    done = rfm("run", "--orders", built.orders, cwd=empty_folder)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in empty_folder.iterdir()] == ["rfm.duckdb"]
    assert_same_marts(built.database, database)


def test_killed_over_an_existing_database(rfm, built, tmp_path):
    database = tmp_path / "rfm.duckdb"
    before = built.database.read_bytes()
    database.write_bytes(before)
    for moment in MOMENTS[:-1]:
        kill_at(moment, built, tmp_path)
        assert database.read_bytes() == before, moment
    kill_at(MOMENTS[-1], built, tmp_path)
    # The moment of the rename cannot be aimed at: the old file is there, or the new one.
    assert_same_marts(built.database, database)
    done = rfm("run", "--orders", built.orders, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["rfm.duckdb"]
    assert_same_marts(built.database, database)
