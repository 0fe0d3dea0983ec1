"""What a full or forbidden disk looks like, whoever meets it first: us, DuckDB or dbt."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rfm_cli.errors import RfmError, WarehouseUnavailable

_FULL = re.compile(
    r"no space left|file too large|could not write|failed to write|disk quota|disk is full",
    re.IGNORECASE,
)
_FULL_CODES = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def means_disk_full(message: str) -> bool:
    """Whether an error message says that the disk is full."""
    return _FULL.search(message) is not None


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
def disk_errors(database: Path) -> Iterator[None]:
    """Turn errors of the file system and of DuckDB's writing into ours.

    Raises:
        WarehouseUnavailable: the disk is full, or the folder cannot be written.
    """
    try:
        yield
    except RfmError:
        raise
    except Exception as error:
        if means_disk_full(str(error)) or getattr(error, "errno", None) in _FULL_CODES:
            raise disk_full(database) from error
        if isinstance(error, OSError):
            raise WarehouseUnavailable(
                f"the folder of the database cannot be written: {error.strerror or error}",
                where=str(database.parent),
                hint="choose another --database, or give yourself the permission to write there",
            ) from error
        raise


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
