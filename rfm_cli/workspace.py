"""The database file is replaced whole or not at all.

A run works on a copy in a folder beside the database and puts it in place with one rename, so a
reader sees the old file or the new one, and a failure or a kill leaves the old one as it was.
The copy keeps the file's name, because DuckDB names the catalog after it and views hold that name.
"""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from rfm_cli.disk import disk_errors
from rfm_cli.errors import BadInput, WarehouseUnavailable
from rfm_cli.project import cache_folder, cache_key
from rfm_cli.warehouse.duckdb import connect

_CHUNK_BYTES = 8 << 20


class Workspace:
    """A working copy of a database file; use it with `with`, and `publish` when all went well.

    Args:
        database: the file to replace; it may not exist yet.

    Raises:
        BadInput: the folder of the file does not exist, or the file is a folder.
        WarehouseUnavailable: another run or a writer has the file, it is no database, its folder
            cannot be written, or the disk is full.
    """

    def __init__(self, database: Path) -> None:
        self.database = database.absolute()
        # A link is followed, so that the file it names is replaced and the link stays.
        self._real = Path(os.path.realpath(database))
        self._folder = self._real.parent / f".{self._real.name}.rfm"
        self.path = self._folder / self.database.name
        self._held = ExitStack()
        self._existed = False
        self._published = False

    def __enter__(self) -> Workspace:
        try:
            self._prepare()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def publish(self) -> None:
        """Put the working copy in the place of the database.

        Raises:
            WarehouseUnavailable: the disk is full, or a file appeared meanwhile.
        """
        # Opening and closing for writing folds a write-ahead log into the file.
        with disk_errors(self.database):
            connect(self.path, read_only=False).close()
        if not self._existed and self._real.exists():
            raise WarehouseUnavailable(
                "another program made the database during the run",
                where=str(self.database),
                hint="run the command again",
            )
        with disk_errors(self.database):
            if self._existed:
                shutil.copymode(self._real, self.path)
            _sync(self.path)
            self.path.replace(self._real)
            _sync(self._real.parent)
        self._published = True

    def _prepare(self) -> None:
        self._check_place()
        self._lock()
        self._existed = self._real.exists()
        with disk_errors(self.database):
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir()
        if self._existed:
            self._copy()

    def _check_place(self) -> None:
        if self._real.is_dir():
            raise BadInput(
                "the database is a folder", where=str(self.database), hint="name a file in it"
            )
        if not self._real.parent.is_dir():
            raise BadInput(
                "the folder of the database does not exist",
                where=str(self._real.parent),
                hint="make the folder, or choose another --database",
            )

    def _lock(self) -> None:
        from filelock import FileLock, Timeout

        locks = cache_folder() / "locks"
        locks.mkdir(exist_ok=True)
        lock = FileLock(locks / f"{cache_key(self._real)}.lock")
        try:
            self._held.enter_context(lock.acquire(timeout=0))
        except Timeout as error:
            raise WarehouseUnavailable(
                "another rfm run is using the database",
                where=str(self.database),
                hint="wait until it has finished and run the command again",
            ) from error

    def _copy(self) -> None:
        """Copy the file while nobody can write to it.

        POSIX drops a process's locks on a file as soon as it closes any handle of that file, so
        the handle that is copied from stays open as long as the connection that holds the lock.
        """
        if self._real.with_name(self._real.name + ".wal").exists():
            # A program died while it wrote; opening folds what it had committed into the file.
            connect(self._real, read_only=False).close()
        self._held.callback(connect(self._real, read_only=True).close)
        source: IO[bytes] = self._held.enter_context(self._real.open("rb"))
        with disk_errors(self.database), self.path.open("wb") as copy:
            shutil.copyfileobj(source, copy, _CHUNK_BYTES)

    def _leave(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._held.close()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
