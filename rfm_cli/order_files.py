"""Which files the orders are in: one, all of a folder, or those that match a pattern."""

from __future__ import annotations

import difflib
import glob
import re
from dataclasses import dataclass
from pathlib import Path

from rfm_cli.errors import BadInput

_ENDINGS = (".parquet", ".csv")


@dataclass(frozen=True)
class Files:
    """The files of one source of orders.

    Attributes:
        named: what the user named.
        files: the files, in order; at least one.
        pattern: what DuckDB reads them by.
    """

    named: Path
    files: tuple[Path, ...]
    pattern: str

    @property
    def are_several(self) -> bool:
        """Whether a folder or a pattern was named, though it may hold one file only."""
        return self.files != (self.named,)


def find_files(named: Path) -> Files:
    """Find the files that a path, a folder or a pattern names.

    Raises:
        BadInput: there are none, or a folder holds files of two formats.
    """
    if named.is_dir():
        return _in_folder(named)
    if not named.exists() and glob.has_magic(str(named)):
        files = tuple(sorted(Path(p) for p in glob.glob(str(named), recursive=True)))  # noqa: PTH207
        files = tuple(path for path in files if path.is_file())
        if not files:
            raise BadInput("no file matches the pattern", where=str(named), hint="correct --orders")
        return Files(named, files, str(named))
    if not named.exists():
        raise BadInput(
            "the file of orders does not exist", where=str(named), hint=_similar_files(named)
        )
    return Files(named, (named,), one_file(named))


def one_file(path: Path) -> str:
    """Write a path so that DuckDB reads this file, not those that it matches as a pattern."""
    return re.sub(r"([\[*?])", r"[\1]", str(path))


def _in_folder(folder: Path) -> Files:
    found = {
        ending: tuple(sorted(p for p in folder.rglob(f"*{ending}") if p.is_file()))
        for ending in _ENDINGS
    }
    kinds = [ending for ending in _ENDINGS if found[ending]]
    if len(kinds) == 1:
        return Files(folder, found[kinds[0]], f"{one_file(folder)}/**/*{kinds[0]}")
    if kinds:
        raise BadInput(
            "the folder of orders holds both CSV and Parquet files",
            where=str(folder),
            hint=f'name those of one kind with a pattern: --orders "{folder}/*.parquet"',
        )
    raise BadInput(
        "the folder of orders holds no .csv and no .parquet file",
        where=str(folder),
        hint="name a file, a folder or a pattern of files",
    )


def _similar_files(path: Path) -> str:
    names = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
    close = difflib.get_close_matches(path.name, names, n=3)
    return f"did you mean {', '.join(close)}?" if close else "check the spelling of --orders"
