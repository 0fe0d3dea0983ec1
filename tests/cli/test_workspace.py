"""The database is replaced whole or not at all, whoever else is at work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from cli_helpers import query

from rfm_cli import workspace as workspace_module
from rfm_cli.errors import BadInput, WarehouseUnavailable
from rfm_cli.project import cache_folder
from rfm_cli.workspace import Workspace


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create table t as select 1 as x")
        connection.execute("create view v as select * from shop.main.t")
    return path


def change(path, value=2):
    with duckdb.connect(path) as connection:
        connection.execute(f"update t set x = {value}")


def test_publish_replaces_and_leaves_nothing(database):
    with Workspace(database) as workspace:
        change(workspace.path)
        assert query(database, "from v") == [(1,)]
        workspace.publish()
    assert query(database, "from v") == [(2,)]
    assert [p.name for p in database.parent.iterdir()] == ["shop.duckdb"]


def test_a_failure_leaves_the_database_as_it_was(database):
    before = database.read_bytes()
    with pytest.raises(RuntimeError), Workspace(database) as workspace:
        change(workspace.path)
        raise RuntimeError
    assert database.read_bytes() == before
    assert [p.name for p in database.parent.iterdir()] == ["shop.duckdb"]


def test_a_new_database_appears_when_published(tmp_path):
    target = tmp_path / "new.duckdb"
    with Workspace(target) as workspace:
        with duckdb.connect(workspace.path) as connection:
            connection.execute("create table t as select 1 as x")
        assert not target.exists()
        workspace.publish()
    assert query(target, "from t") == [(1,)]


def test_the_leftovers_of_a_killed_run_go(database):
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from rfm_cli.workspace import Workspace\n"
        "with Workspace(Path(sys.argv[1])):\n"
        "    print('in', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(database)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout.readline() == "in\n"
        child.send_signal(signal.SIGKILL)
    assert (database.parent / ".shop.duckdb.rfm").is_dir()
    with Workspace(database) as workspace:
        change(workspace.path)
        workspace.publish()
    assert [p.name for p in database.parent.iterdir()] == ["shop.duckdb"]


HOLDER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read")
print("open", flush=True)
sys.stdin.read()
"""


class Holder:
    """Another process that has the database open."""

    def __init__(self, database, mode):
        self.command = [sys.executable, "-c", HOLDER, str(database), mode]

    def __enter__(self):
        self.child = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.child.stdout.readline() == "open\n"
        return self.child

    def __exit__(self, *_):
        self.child.stdin.close()
        self.child.wait()
        self.child.stdout.close()


def test_a_writer_elsewhere_is_named(database):
    with Holder(database, "write") as writer, pytest.raises(WarehouseUnavailable) as caught:
        Workspace(database).__enter__()
    assert str(writer.pid) in caught.value.problem
    assert "close" in caught.value.hint


def test_readers_elsewhere_are_welcome(database):
    with Holder(database, "read"), Workspace(database) as workspace:
        change(workspace.path)
        workspace.publish()
    assert query(database, "from v") == [(2,)]


def test_nobody_can_start_to_write_during_a_run(database):
    code = "import sys, duckdb; duckdb.connect(sys.argv[1])"
    with Workspace(database):
        done = subprocess.run(
            [sys.executable, "-c", code, str(database)], capture_output=True, text=True, check=False
        )
    assert "Could not set lock" in done.stderr


def test_one_run_at_a_time(database):
    with Workspace(database), pytest.raises(WarehouseUnavailable, match="another rfm run"):
        Workspace(database.parent / "." / database.name).__enter__()


def test_a_write_ahead_log_is_folded_in(database):
    code = (
        "import os, sys, duckdb\n"
        "connection = duckdb.connect(sys.argv[1])\n"
        "connection.execute('update t set x = 5')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(database)], check=False)
    assert database.with_name("shop.duckdb.wal").exists()
    with Workspace(database) as workspace:
        assert query(workspace.path, "from t") == [(5,)]
        workspace.publish()
    assert query(database, "from t") == [(5,)]
    assert [p.name for p in database.parent.iterdir()] == ["shop.duckdb"]


def test_a_link_stays_a_link(database, tmp_path_factory):
    link = tmp_path_factory.mktemp("links") / "shop.duckdb"
    link.symlink_to(database)
    with Workspace(link) as workspace:
        change(workspace.path)
        workspace.publish()
    assert link.is_symlink()
    assert query(link, "from v") == [(2,)]


def test_permissions_stay(database):
    database.chmod(0o640)
    with Workspace(database) as workspace:
        workspace.publish()
    assert database.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("content", [b"", b"this is no database", b"PAR1" * 1000])
def test_no_database(tmp_path, content):
    path = tmp_path / "x.duckdb"
    path.write_bytes(content)
    with pytest.raises(WarehouseUnavailable, match="not a DuckDB database"):
        Workspace(path).__enter__()
    assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["x.duckdb"]


def test_a_damaged_database(database):
    content = database.read_bytes()
    database.write_bytes(content[:5000] + b"\0" * 3000)
    with pytest.raises(WarehouseUnavailable):
        Workspace(database).__enter__()


def test_missing_folder(tmp_path):
    with pytest.raises(BadInput, match="folder of the database does not exist"):
        Workspace(tmp_path / "no" / "x.duckdb").__enter__()


def test_folder_instead_of_file(tmp_path):
    with pytest.raises(BadInput, match="is a folder"):
        Workspace(tmp_path).__enter__()


def test_folder_that_may_not_be_written(tmp_path, monkeypatch):
    make = Path.mkdir

    def refuse(path, *arguments, **options):
        if path.suffix == ".rfm":
            raise PermissionError(13, "Permission denied")
        make(path, *arguments, **options)

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with pytest.raises(WarehouseUnavailable, match="cannot be written"):
        Workspace(tmp_path / "x.duckdb").__enter__()


def test_runs_with_other_caches_meet_at_the_lock(database, tmp_path_factory):
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from rfm_cli.workspace import Workspace\n"
        "Workspace(Path(sys.argv[1])).__enter__()\n"
    )
    elsewhere = {**os.environ, "RFM_CACHE_DIR": str(tmp_path_factory.mktemp("elsewhere"))}
    with Workspace(database) as workspace:
        command = [sys.executable, "-c", code, str(database)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=elsewhere)
        assert "another rfm run" in done.stderr
        assert query(workspace.path, "from t") == [(1,)]
        workspace.publish()
    assert [p.name for p in database.parent.iterdir()] == ["shop.duckdb"]


def test_many_runs_at_once_get_in_one_after_the_other(database):
    code = (
        "import sys, duckdb\n"
        "from pathlib import Path\n"
        "from rfm_cli.errors import WarehouseUnavailable\n"
        "from rfm_cli.workspace import Workspace\n"
        "done = 0\n"
        "while done < 15:\n"
        "    try:\n"
        "        with Workspace(Path(sys.argv[1])) as workspace:\n"
        "            with duckdb.connect(workspace.path) as connection:\n"
        "                connection.execute('update t set x = x + 1')\n"
        "            workspace.publish()\n"
        "        done += 1\n"
        "    except WarehouseUnavailable:\n"
        "        pass\n"
    )
    command = [sys.executable, "-c", code, str(database)]
    runs = [subprocess.Popen(command) for _ in range(3)]
    assert [run.wait(timeout=120) for run in runs] == [0, 0, 0]
    assert query(database, "from t") == [(46,)]
    assert [p.name for p in database.parent.iterdir()] == ["shop.duckdb"]


def test_a_lock_on_a_file_that_is_gone_is_worth_nothing(database, monkeypatch):
    """The run before leaves between the opening of the lock and the locking."""
    first = Workspace(database).__enter__()
    lock = workspace_module.fcntl.flock

    def leave_then_lock(handle, how):
        monkeypatch.undo()
        first.__exit__()
        lock(handle, how)

    monkeypatch.setattr("rfm_cli.workspace.fcntl.flock", leave_then_lock)
    with Workspace(database), pytest.raises(WarehouseUnavailable, match="another rfm run"):
        Workspace(database).__enter__()
    assert [p.name for p in database.parent.iterdir()] == ["shop.duckdb"]


def test_a_log_without_its_database(tmp_path):
    (tmp_path / "shop.duckdb.wal").write_bytes(b"old")
    with pytest.raises(WarehouseUnavailable, match="write-ahead log"):
        Workspace(tmp_path / "shop.duckdb").__enter__()
    assert [p.name for p in tmp_path.iterdir()] == ["shop.duckdb.wal"]


@pytest.mark.parametrize(
    "name",
    [
        *("a#b.duckdb", "a?b.duckdb", "a;b.duckdb", 'a"b.duckdb', "a#b/x.duckdb"),
        *("main.db", "TEMP.db", "system.duckdb", "main_intermediate.duckdb"),
    ],
)
def test_names_that_no_database_can_have(tmp_path, name):
    target = tmp_path / name
    target.parent.mkdir(exist_ok=True)
    with pytest.raises(BadInput, match="cannot"):
        Workspace(target).__enter__()
    assert not target.exists()


def test_a_relative_cache_stays_where_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RFM_CACHE_DIR", "cache")
    assert cache_folder() == tmp_path / "cache"
