"""The only place that calls dbt: parse once, build a part of the project, say what failed.

dbt's own face for Python is `dbtRunner`; importing it takes seconds, so it happens in here.
"""

from __future__ import annotations

import json
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

from rfm_cli.disk import disk_full, means_disk_full
from rfm_cli.errors import BadInput, CheckFailed, DbtFailed, RfmError, WarehouseUnavailable
from rfm_cli.manifests import Manifests
from rfm_cli.places import NEXT, Replacement
from rfm_cli.project import cache_folder, cache_key
from rfm_cli.warehouse import Target
from rfm_cli.warehouse.refusals import server_refusal, spark_cause

# (pieces done, pieces in all, what is being built or was built last)
OnProgress = Callable[[int, int, str], None]

_LOCATION_LINE = re.compile(r"^\s*(LINE \d+:.*|\^+|compiled code at .*)$", re.IGNORECASE)
_ERROR_PREAMBLE = re.compile(r"^(Runtime|Database|Compilation|Parsing) Error( in \w+ .*)?$")


@contextmanager
def _heeding_interrupts() -> Iterator[None]:
    """Let a Ctrl-C count even if the code within swallows it, as dbt does at some moments."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = False

    def note(*_: object) -> None:
        nonlocal came
        came = True
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


class _Node(Protocol):
    name: str
    resource_type: str
    original_file_path: str
    description: str
    compiled_path: str | None


class _NodeResult(Protocol):
    node: _Node
    status: str
    message: str | None
    failures: int | None


class _Outcome(Protocol):
    success: bool
    result: Any
    exception: BaseException | None


class _Event(Protocol):
    info: Any
    data: Any


@dataclass(frozen=True)
class Warned:
    """A data test that only warns, and did."""

    test: str
    claim: str
    row_count: int


class Dbt:
    """One dbt project with its settings, working on one warehouse.

    Args:
        project_dir: the folder of dbt_project.yml; nothing is written there.
        target: the warehouse that dbt builds in.
        variables: the vars of the project to override.
    """

    def __init__(
        self,
        project_dir: Path,
        target: Target,
        variables: Mapping[str, object],
    ) -> None:
        self._project_dir = project_dir
        self._target = target
        self._cache = (
            cache_folder() / "dbt" / cache_key(project_dir, target.database or target.where)
        )
        self._common = [
            "--project-dir", str(project_dir),
            "--profiles-dir", str(project_dir),
            "--target", target.name,
            "--target-path", str(self._cache / "target"),
            "--log-path", str(self._cache / "logs"),
            "--vars", json.dumps(_verbatim(variables), sort_keys=True),
        ]  # fmt: skip
        self._manifests = Manifests(project_dir, target, variables)
        self._manifest: Any = None
        if target.database is not None:
            os.environ["RFM_DUCKDB_PATH"] = str(target.database)
        os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
        # Writing the whole manifest after each build takes seconds, and nobody reads it.
        os.environ.setdefault("DBT_WRITE_JSON", "false")

    @property
    def log_file(self) -> Path:
        """Where dbt writes every detail."""
        return self._cache / "logs" / "dbt.log"

    def parse(self) -> None:
        """Read the project, or recall it; `build` and `relations` use what was read.

        Raises:
            DbtFailed: the project cannot be read.
        """
        self._manifest = self._manifests.find()
        if self._manifest is None:
            self._manifest = self._invoke(["parse"], []).result
            self._manifests.keep(self._manifest)

    def relations(self) -> dict[str, str]:
        """Return the relation of every model and seed, by name: `"db"."schema"."table"`."""
        self._need_manifest()
        return {
            node.name: node.relation_name
            for node in self._manifest.nodes.values()
            if node.resource_type in ("model", "seed") and node.relation_name
        }

    def replacements(self) -> list[Replacement]:
        """Return the marts that are built beside the old ones."""
        self._need_manifest()
        return [
            Replacement(node.schema, node.alias, node.alias.removesuffix(NEXT))
            for node in self._manifest.nodes.values()
            if node.resource_type == "model" and node.alias.endswith(NEXT)
        ]

    def build(
        self,
        *,
        select: Sequence[str] = (),
        exclude: Sequence[str] = (),
        on_progress: OnProgress | None = None,
    ) -> list[Warned]:
        """Build the selected part of the project, tests included, unit tests not.

        Returns:
            The tests that warned.

        Raises:
            DbtFailed: a model could not be built, or nothing was selected.
            CheckFailed: a data test found rows that break its claim.
            WarehouseUnavailable: the disk is full or the database cannot be used.
        """
        self._need_manifest()
        arguments = ["build", "--indirect-selection", "cautious"]
        arguments += ["--exclude-resource-type", "unit_test"]
        if select:
            arguments += ["--select", *select]
        if exclude:
            arguments += ["--exclude", *exclude]
        callbacks = [_progress_callback(on_progress)] if on_progress else []
        outcome = self._invoke(arguments, callbacks)
        results: list[_NodeResult] = (
            list(outcome.result.results) if outcome.result is not None else []
        )
        self._raise_failures(results)
        if not outcome.success:
            raise DbtFailed("dbt failed without saying why", where=str(self.log_file))
        return [
            Warned(r.node.name, _claim(r.node), int(r.failures or 0))
            for r in results
            if str(r.status) == "warn"
        ]

    def _need_manifest(self) -> None:
        if self._manifest is None:
            self.parse()

    def _invoke(self, arguments: list[str], callbacks: list[Callable[[_Event], None]]) -> _Outcome:
        from dbt.cli.main import dbtRunner

        # `--log-level none` keeps stdout for data; everything is in the log file.
        quiet = [
            "--no-print", "--no-use-colors", "--quiet",
            "--log-level", "none", "--log-level-file", "debug",
            "--warn-error-options", '{"error": ["NoNodesForSelectionCriteria"]}',
        ]  # fmt: skip
        runner = dbtRunner(manifest=self._manifest, callbacks=cast(Any, callbacks))
        try:
            with _heeding_interrupts():
                outcome = runner.invoke([*quiet, *arguments, *self._common])
        finally:
            if self._target.engine == "duckdb":
                # dbt keeps the database open, and with it the lock on the file.
                from dbt.adapters.duckdb.connections import DuckDBConnectionManager

                cast(Any, DuckDBConnectionManager).close_all_connections()
        if outcome.exception is not None:
            raise self._error_of(outcome.exception) from outcome.exception
        return cast(_Outcome, outcome)

    def _error_of(self, exception: BaseException) -> BaseException:
        if isinstance(exception, KeyboardInterrupt | SystemExit):
            return exception
        message = str(exception)
        known = self._known_error(message)
        if known is not None:
            return known
        if "Could not set lock" in message or "Conflicting lock" in message:
            return WarehouseUnavailable(
                "another program holds the database", where=self._trim(message), hint="close it"
            )
        if "Required var" in message or "env_var" in message or "Env var" in message:
            return BadInput(self._trim(message), where=str(self._project_dir))
        return DbtFailed(
            f"dbt stopped: {self._trim(message)}",
            where=str(self._project_dir),
            hint=f"every detail is in {self.log_file}",
        )

    def _raise_failures(self, results: Sequence[_NodeResult]) -> None:
        broken = [r for r in results if str(r.status) in ("error", "runtime error")]
        for result in broken:
            known = self._known_error(result.message or "")
            if known is not None:
                raise known
        if broken:
            raise self._model_failed(broken[0], len(broken) - 1)
        failed = [r for r in results if str(r.status) == "fail"]
        if failed:
            raise _test_failed(failed[0], len(failed) - 1)

    def _model_failed(self, result: _NodeResult, other_count: int) -> RfmError:
        node = result.node
        more = f", and {other_count} more" if other_count else ""
        message = self._trim(result.message or "no message")
        return DbtFailed(
            f"{node.resource_type} {node.name} could not be built{more}: {message}",
            where=str(self._project_dir / node.original_file_path),
            hint=f"the SQL as it ran and every detail are in {self.log_file}",
        )

    def _known_error(self, message: str) -> RfmError | None:
        """Find out whether it is the warehouse that dbt stumbled over."""
        if self._target.database is None:
            return server_refusal(self._target, message)
        return disk_full(self._target.database) if means_disk_full(message) else None

    def _trim(self, message: str) -> str:
        return _trim(spark_cause(message) if self._target.engine == "spark" else message)


def _progress_callback(on_progress: OnProgress) -> Callable[[_Event], None]:
    total = 0
    done = 0

    def callback(event: _Event) -> None:
        nonlocal total, done
        if event.info.name == "LogStartLine":
            total = event.data.total
            on_progress(done, total, event.data.node_info.node_name)
        elif event.info.name == "NodeFinished" and total:
            done += 1
            on_progress(done, total, event.data.node_info.node_name)

    return callback


def _test_failed(result: _NodeResult, other_count: int) -> RfmError:
    more = f", and {other_count} more tests failed" if other_count else ""
    rows = "1 row breaks" if result.failures == 1 else f"{result.failures or 0:,} rows break"
    return CheckFailed(
        f"data test {result.node.name} failed: {rows} the claim{_colon(_claim(result.node))}{more}",
        where=str(result.node.original_file_path),
        hint=f"the SQL that finds them is {result.node.compiled_path}; "
        "the marts were left as they were",
    )


def _verbatim(variables: Mapping[str, object]) -> dict[str, object]:
    """Write texts so that they come out of `var()` as they are.

    dbt renders the text of a var as a template; a heading or a file name is no template, and what
    is not plain would not survive the YAML that `--vars` is read as either.
    """
    return {
        name: _literal(value) if isinstance(value, str) else value
        for name, value in variables.items()
    }


def _literal(text: str) -> str:
    if text.isprintable() and not set(text) & {"{", "}"} and all(c <= "\uffff" for c in text):
        return text
    escaped = text.encode("unicode_escape").decode("ascii")
    for character, code in (("'", "\\'"), ("{", "\\x7b"), ("}", "\\x7d")):
        escaped = escaped.replace(character, code)
    return "{{ '" + escaped + "' }}"


def _colon(text: str) -> str:
    return f' "{text}"' if text else ""


def _claim(node: _Node) -> str:
    """Return what a test claims, in its description's words, on one line."""
    return " ".join((node.description or "").split()).rstrip(".")


def _trim(message: str, length: int = 400) -> str:
    """Leave out the parts of dbt's and DuckDB's messages that repeat what we say."""
    lines = [line.strip() for line in str(message).splitlines()]
    told = [
        line
        for line in lines
        if line and not _LOCATION_LINE.match(line) and not _ERROR_PREAMBLE.match(line)
    ]
    text = " ".join(told) or " ".join(lines)
    return text if len(text) <= length else text[: length - 1] + "…"
