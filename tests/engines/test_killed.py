"""A run that is killed on a server leaves the marts as they were; the next run completes it."""

from __future__ import annotations

import signal
import subprocess

import pytest
from comparing import compare
from engines import Engine, golden_rows

pytestmark = pytest.mark.long

ORDERS = golden_rows()
# New orders that change every mart.
MORE = [("new", "2024-04-02", "500.00", "new1"), ("c001", "2024-04-03", "75.00", "new2")]
HISTORY = ("--history", "3")


def kill_at(engine: Engine, moment: str) -> None:
    """Start the run and kill it as soon as it says where it is."""
    command = engine.command("run", "--orders-table", "raw.orders", "--verbose", *HISTORY)
    with subprocess.Popen(
        command,
        cwd=engine.folder,
        env=engine.variables(),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as child:
        reached = False
        for line in child.stderr:
            if line.startswith(moment):
                reached = True
                child.send_signal(signal.SIGKILL)
                break
        child.stderr.read()
    assert reached, moment
    assert child.returncode == -signal.SIGKILL


def assert_same(found: dict, wanted: dict, but: tuple[str, ...] = ()) -> None:
    assert sorted(found) == sorted(wanted)
    for mart, rows in wanted.items():
        if mart not in but:
            assert not compare(mart, found[mart], rows).differences, mart


@pytest.fixture(scope="module")
def killed(server_engine, tmp_path_factory) -> Engine:
    return server_engine.within("killed", tmp_path_factory.mktemp("killed"))


def test_killed_before_there_was_anything(killed, golden_engines):
    killed.load(ORDERS)
    for moment in ("  25/", "Learning"):
        kill_at(killed, moment)
        with killed.open() as warehouse:
            assert "customer_rfm" not in warehouse.marts()
    killed.run(*HISTORY)
    assert_same(killed.marts(), golden_engines[killed.name].marts())


def test_killed_over_what_was_there(killed):
    before = killed.marts()
    runs = killed.rows("select count(*) from killed_fitted.fitted_runs")
    killed.load([*ORDERS, *MORE])
    kill_at(killed, "Learning")
    assert killed.rows("select count(*) from killed_fitted.fitted_runs") == runs
    assert_same(killed.marts(), before)
    kill_at(killed, "  60/")
    # The history is filled in place: its newest date may be the new one, the finished ones are
    # as they were.
    after = killed.marts()
    assert_same(after, before, but=("customer_rfm_history",))
    newest = max(row["as_of_date"] for row in before["customer_rfm_history"])
    kept, wanted = (
        [row for row in marts["customer_rfm_history"] if row["as_of_date"] < newest]
        for marts in (after, before)
    )
    assert wanted
    assert not compare("customer_rfm_history", kept, wanted).differences

    kill_at(killed, "Publishing")
    killed.run(*HISTORY)
    # As a run that nothing happened to.
    whole = killed.within("unharmed", killed.folder)
    whole.run(*HISTORY)
    here, there = killed.marts(), whole.marts()
    assert_same(here, there)
    assert {row["customer_id"] for row in here["customers"]} >= {"new", "c001"}


def test_two_runs_at_once_are_refused(engine_of, tmp_path_factory):
    engine = engine_of("postgres").within("at_once", tmp_path_factory.mktemp("at_once"))
    engine.load(ORDERS)
    from rfm_cli.warehouse.postgres import PostgresWarehouse

    with PostgresWarehouse(engine.target) as holder:
        assert holder.try_lock("at_once")
        done = engine.rfm("run", "--orders-table", "raw.orders", check=False)
    assert done.returncode == 4
    assert "another rfm run is using the schema" in done.stderr
