"""The three engines for the tests, and the table that `make engines` ends with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import servers
from engines import Engine, golden_rows

ENGINES = ("duckdb", "postgres", "spark")
SERVERS = ("postgres", "spark")
_PARITY = pytest.StashKey[dict[tuple[str, str], tuple[int, float]]]()
_SECONDS = pytest.StashKey[dict[str, dict[str, float]]]()
_VERSIONS = pytest.StashKey[dict[str, str]]()


def pytest_configure(config):
    for key in (_PARITY, _SECONDS, _VERSIONS):
        config.stash[key] = {}


@pytest.fixture(scope="session")
def parity(request) -> dict[tuple[str, str], tuple[int, float]]:
    """Where rows compared and worst differences go, by mart and engine."""
    return request.config.stash[_PARITY]


@pytest.fixture(scope="session")
def seconds(request) -> dict[str, dict[str, float]]:
    """Where the times of whole runs go, by what ran and engine."""
    return request.config.stash[_SECONDS]


@pytest.fixture(scope="session")
def postgres_server(request, tmp_path_factory) -> Iterator[servers.Server]:
    yield from _serve(request, servers.postgres, tmp_path_factory)


@pytest.fixture(scope="session")
def spark_server(request, tmp_path_factory) -> Iterator[servers.Server]:
    yield from _serve(request, servers.spark, tmp_path_factory)


def _serve(request, start, tmp_path_factory) -> Iterator[servers.Server]:
    # A short path of its own that others may enter: a socket and another user live in it.
    parent = tmp_path_factory.mktemp(start.__name__)
    for folder in (parent, parent.parent, parent.parent.parent):
        folder.chmod(0o755)
    try:
        with start(parent / "server") as server:
            request.config.stash[_VERSIONS][server.target] = (
                f"{server.version}, up in {server.started_seconds:.1f} s"
            )
            yield server
    except servers.ServerMissingError as missing:
        pytest.skip(str(missing))


def _engine(name: str, request, folder: Path) -> Engine:
    if name == "duckdb":
        return Engine(name, {}, folder)
    server = request.getfixturevalue(f"{name}_server")
    return Engine(name, dict(server.environment), folder)


@pytest.fixture(scope="session", params=ENGINES)
def every_engine(request, tmp_path_factory) -> Engine:
    """Give each engine in turn; schemas are shared by the session, so take some `within`."""
    return _engine(request.param, request, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="session", params=SERVERS)
def server_engine(request, tmp_path_factory) -> Engine:
    """Give each server in turn."""
    return _engine(request.param, request, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="session")
def postgres_engine(request, tmp_path_factory) -> Engine:
    return _engine("postgres", request, tmp_path_factory.mktemp("postgres_only"))


@pytest.fixture(scope="session")
def spark_engine(request, tmp_path_factory) -> Engine:
    return _engine("spark", request, tmp_path_factory.mktemp("spark_only"))


@pytest.fixture(scope="session")
def duckdb_engine(request, tmp_path_factory) -> Engine:
    return _engine("duckdb", request, tmp_path_factory.mktemp("duckdb_only"))


@pytest.fixture(scope="session")
def golden_engines(request, tmp_path_factory) -> dict[str, Engine]:
    """Make the golden project on each engine that can be had, DuckDB first."""
    made: dict[str, Engine] = {}

    def make(name: str) -> Engine:
        if name not in made:
            folder = tmp_path_factory.mktemp(f"golden_{name}")
            engine = _engine(name, request, folder).within("golden", folder)
            engine.load(golden_rows())
            engine.run("--history", "3")
            request.config.stash[_SECONDS].setdefault("rfm run", {})[name] = engine.seconds["run"]
            made[name] = engine
        return made[name]

    class Lazily(dict):
        def __missing__(self, name):
            return make(name)

    return Lazily()


@pytest.fixture
def clean_folder(tmp_path) -> Iterator[Path]:
    yield tmp_path
    shutil.rmtree(tmp_path, ignore_errors=True)


def pytest_terminal_summary(terminalreporter, config):
    parity = config.stash[_PARITY]
    names = [name for name in SERVERS if any(engine == name for _, engine in parity)]
    if not names:
        return
    write = terminalreporter.write_line
    write("")
    write("Parity with DuckDB: rows compared, worst relative difference of a double")
    write(f"{'mart':<22}" + "".join(f"{name:>22}" for name in names))
    for mart in sorted({mart for mart, _ in parity}):
        cells = [parity.get((mart, name)) for name in names]
        told = ["-" if cell is None else f"{cell[0]:,} rows {cell[1]:9.1e}" for cell in cells]
        write(f"{mart:<22}" + "".join(f"{text:>22}" for text in told))
    write("")
    write("Seconds on the golden orders (675 rows)")
    write(f"{'':<22}" + "".join(f"{name:>12}" for name in ENGINES))
    for what, times in sorted(config.stash[_SECONDS].items()):
        told = [f"{times[name]:.1f}" if name in times else "-" for name in ENGINES]
        write(f"{what:<22}" + "".join(f"{text:>12}" for text in told))
    for name, version in config.stash[_VERSIONS].items():
        write(f"{name} {version}")
