"""The three engines for the tests, and the table that `make engines` ends with."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import servers
from engines import ENGINES, SERVERS, Engine, golden_rows

_PARITY = pytest.StashKey[dict[tuple[str, str], tuple[int, float]]]()
_SECONDS = pytest.StashKey[dict[str, dict[str, float]]]()
_VERSIONS = pytest.StashKey[dict[str, str]]()
_TOLD = (_PARITY, _SECONDS, _VERSIONS)


def pytest_configure(config):
    for key in _TOLD:
        config.stash[key] = {}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Spark plans each of some hundred models anew, which takes minutes."""
    for item in items:
        if item.get_closest_marker("long_on_spark") and "spark" in _parameters(item.nodeid):
            item.add_marker("long")


def _parameters(nodeid: str) -> list[str]:
    _, _, parameters = nodeid.partition("[")
    return parameters.rstrip("]").split("-")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Spark's tests go to one process, all others to another: each server has one user of `raw`."""
    from xdist.scheduler import LoadScopeScheduling

    class ByServer(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "spark" if "spark" in _parameters(nodeid) else "others"

    return ByServer(config, log)


def pytest_sessionfinish(session):
    """Hand what was measured in a process of its own to the one that tells it."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["told"] = [
            list(session.config.stash[key].items()) for key in _TOLD
        ]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    for key, items in zip(_TOLD, getattr(node, "workeroutput", {}).get("told", ()), strict=False):
        for name, value in items:
            told = node.config.stash[key]
            what = tuple(name) if isinstance(name, list) else name
            told[what] = told.get(what, {}) | value if isinstance(value, dict) else value


@pytest.fixture(scope="session")
def parity(request) -> dict[tuple[str, str], tuple[int, float]]:
    """Where rows compared and worst differences go, by mart and engine."""
    return request.config.stash[_PARITY]


@pytest.fixture(scope="session")
def seconds(request) -> dict[str, dict[str, float]]:
    """Where the times of whole runs go, by what ran and engine."""
    return request.config.stash[_SECONDS]


@pytest.fixture(scope="session")
def postgres_server(request) -> Iterator[servers.Server]:
    # Run by root, PostgreSQL runs as nobody, who may not enter the folders of the tests.
    with tempfile.TemporaryDirectory(prefix="rfm-postgres-") as folder:
        Path(folder).chmod(0o755)
        yield from _serve(request, servers.postgres(Path(folder) / "server"))


@pytest.fixture(scope="session")
def spark_server(request, tmp_path_factory) -> Iterator[servers.Server]:
    folder = tmp_path_factory.mktemp("spark_server") / "server"
    yield from _serve(request, servers.spark(folder))


def _serve(request, starting) -> Iterator[servers.Server]:
    try:
        with starting as server:
            request.config.stash[_VERSIONS][server.target] = (
                f"{server.version}, up in {server.started_seconds:.1f} s"
            )
            yield server
    except servers.ServerMissingError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def engine_of(request, tmp_path_factory) -> Callable[[str], Engine]:
    """Give an engine by name; its server is started when it is first asked for."""

    def give(name: str) -> Engine:
        folder = tmp_path_factory.mktemp(name)
        if name == "duckdb":
            return Engine(name, {}, folder)
        server = request.getfixturevalue(f"{name}_server")
        return Engine(name, dict(server.environment), folder)

    return give


@pytest.fixture(scope="session", params=ENGINES)
def every_engine(request, engine_of) -> Engine:
    """Give each engine in turn; schemas are shared by the session, so take some `within`."""
    return engine_of(request.param)


@pytest.fixture(scope="session", params=SERVERS)
def server_engine(request, engine_of) -> Engine:
    """Give each server in turn."""
    return engine_of(request.param)


@pytest.fixture(scope="session")
def golden_engines(request, engine_of, tmp_path_factory) -> Mapping[str, Engine]:
    """Give each engine with the golden project run on it; it runs when it is first asked for."""

    class Golden(dict):
        def __missing__(self, name: str) -> Engine:
            folder = tmp_path_factory.mktemp(f"golden_{name}")
            engine = engine_of(name).within("golden", folder)
            engine.load(golden_rows())
            engine.run("--history", "3")
            request.config.stash[_SECONDS].setdefault("rfm run", {})[name] = engine.seconds["run"]
            self[name] = engine
            return engine

    return Golden()


def pytest_terminal_summary(terminalreporter, config):
    parity = config.stash[_PARITY]
    names = [name for name in SERVERS if any(engine == name for _, engine in parity)]
    if not names:
        return
    write = terminalreporter.write_line
    write("")
    write("Parity with DuckDB: rows compared, worst relative difference of a double")
    write(f"{'mart':<32}" + "".join(f"{name:>22}" for name in names))
    for mart in sorted({mart for mart, _ in parity}):
        cells = [parity.get((mart, name)) for name in names]
        told = ["-" if cell is None else f"{cell[0]:,} rows {cell[1]:9.1e}" for cell in cells]
        write(f"{mart:<32}" + "".join(f"{text:>22}" for text in told))
    write("")
    write("Seconds on the golden orders (675 rows), and on a company of 150 customers")
    write(f"{'':<22}" + "".join(f"{name:>12}" for name in ENGINES))
    for what, times in sorted(config.stash[_SECONDS].items()):
        told = [f"{times[name]:.1f}" if name in times else "-" for name in ENGINES]
        write(f"{what:<22}" + "".join(f"{text:>12}" for text in told))
    for name, version in config.stash[_VERSIONS].items():
        write(f"{name} {version}")
