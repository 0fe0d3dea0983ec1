"""Where words go: data to stdout, everything else to stderr, progress only on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from rfm_cli.errors import RfmError


class Reporter(Protocol):
    """What a long step calls while it works."""

    def step(self, label: str) -> None:
        """Start a new step."""

    def advance(self, done: int, total: int, label: str) -> None:
        """Say that `done` of `total` pieces are finished, the last one `label`."""

    def note(self, text: str) -> None:
        """Say something that the reader should know, whatever the verbosity."""


def stdout() -> Console:
    """Return the console for data."""
    from rich.console import Console

    return Console(highlight=False, emoji=False)


def stderr() -> Console:
    """Return the console for everything that is not data."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, emoji=False)


def make_table(*columns: str, left: int = 1) -> Table:
    """Make a table whose first `left` columns are text and whose others are numbers."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for position, column in enumerate(columns):
        made.add_column(column, justify="left" if position < left else "right", no_wrap=True)
    return made


def print_error(error: RfmError) -> None:
    """Print an error in its three parts on stderr."""
    from rich.text import Text

    console = stderr()
    for label, style, text in (
        ("error", "bold red", error.problem),
        ("where", "bold", error.where),
        ("hint", "bold green", error.hint),
    ):
        if text:
            console.print(Text.assemble((f"{label}:", style), " ", text), soft_wrap=True)


def print_json(facts: Mapping[str, Any]) -> None:
    """Print one JSON object on stdout; dates as ISO text, decimals as numbers."""
    sys.stdout.write(json.dumps(facts, indent=2, default=_json_value, ensure_ascii=False) + "\n")


def _json_value(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


class _Quiet:
    """Says nothing but the notes."""

    def __init__(self, *, notes: bool) -> None:
        self._notes = notes

    def step(self, label: str) -> None:
        pass

    def advance(self, done: int, total: int, label: str) -> None:
        pass

    def note(self, text: str) -> None:
        if self._notes:
            stderr().print(text, soft_wrap=True, markup=False)


class _Lines(_Quiet):
    """One plain line per step and per finished piece."""

    _told = 0

    def step(self, label: str) -> None:
        self._told = 0
        stderr().print(label, soft_wrap=True, markup=False)

    def advance(self, done: int, total: int, label: str) -> None:
        if done > self._told:
            self._told = done
            stderr().print(f"  {done}/{total} {label}", soft_wrap=True, markup=False)


class _Bar(_Quiet):
    """One progress bar that lives on stderr while the command works and leaves nothing behind."""

    def __init__(self) -> None:
        super().__init__(notes=True)
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("[dim]{task.fields[label]}"),
            console=stderr(),
            transient=True,
        )
        self._task = self._progress.add_task("", total=None, label="")

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def step(self, label: str) -> None:
        self._progress.reset(self._task, description=label, total=None, label="")

    def advance(self, done: int, total: int, label: str) -> None:
        self._progress.update(self._task, completed=done, total=total, label=label)

    def note(self, text: str) -> None:
        self._progress.console.print(text, soft_wrap=True, markup=False)


@contextmanager
def reporter(*, quiet: bool = False, verbose: bool = False) -> Iterator[Reporter]:
    """Choose the reporter: lines with --verbose, a bar on a terminal, else only the notes."""
    if verbose:
        yield _Lines(notes=True)
    elif quiet or not sys.stderr.isatty():
        yield _Quiet(notes=not quiet)
    else:
        with _Bar() as bar:
            yield bar
