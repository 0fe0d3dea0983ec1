"""What a full or forbidden disk looks like, whoever meets it first: us, DuckDB or dbt."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rfm_cli.errors import BadInput, RfmError, WarehouseUnavailable

_FULL = re.compile(
    r"no space left|file too large|could not write|failed to write|disk quota|disk is full",
    re.IGNORECASE,
)
_FULL_CODES = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def means_disk_full(message: str) -> bool:
    """Whether an error message says that the disk is full."""
    return _FULL.search(message) is not None


def refuse_same_file(database: Path | None, output: Path) -> None:
    """Refuse to write what is read from a database over it.

    Raises:
        BadInput: both are one file, under this name or another.
    """
    if database and output.exists() and database.exists() and output.samefile(database):
        raise BadInput(
            "the output is the database itself",
            where=str(output),
            hint="name another file with --output",
        )


def disk_full(database: Path) -> WarehouseUnavailable:
    """Make the error for a full disk, with what is free and what a run takes."""
    free = shutil.disk_usage(database.parent).free
    size = database.stat().st_size if database.exists() else 0
    return WarehouseUnavailable(
        f"the disk is full, or files may not grow further: {_megabytes(free)} are free",
        where=str(database.parent),
        hint=f"a run needs a few times the size of the database (now {_megabytes(size)}): "
        "free some space and run the command again; the database was left as it was",
    )


@contextmanager
def disk_errors(path: Path, *, what: str = "database") -> Iterator[None]:
    """Turn errors of the file system and of DuckDB's writing into ours.

    Args:
        path: the file that is written.
        what: what the file is.

    Raises:
        WarehouseUnavailable: the disk is full, or the folder cannot be written.
    """
    try:
        yield
    except RfmError:
        raise
    except Exception as error:
        if means_disk_full(str(error)) or getattr(error, "errno", None) in _FULL_CODES:
            raise (disk_full(path) if what == "database" else _no_room(path, what)) from error
        if isinstance(error, OSError):
            option = "--database" if what == "database" else "--output"
            raise WarehouseUnavailable(
                f"the folder of the {what} cannot be written: {error.strerror or error}",
                where=str(path.parent),
                hint=f"choose another {option}, or give yourself the permission to write there",
            ) from error
        raise


def _no_room(path: Path, what: str) -> WarehouseUnavailable:
    free = shutil.disk_usage(path.parent).free
    return WarehouseUnavailable(
        f"the disk is full, or files may not grow further: {_megabytes(free)} are free",
        where=str(path.parent),
        hint=f"free some space, or write the {what} to another disk with --output",
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
