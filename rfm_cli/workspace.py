"""The database file is replaced whole or not at all.

A run works on a copy in a folder beside the database and puts it in place with one rename, so a
reader sees the old file or the new one, and a failure or a kill leaves the old one as it was.
The copy keeps the file's name, because DuckDB names the catalog after it and views hold that name.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

from rfm_cli.disk import disk_errors
from rfm_cli.errors import BadInput, WarehouseUnavailable
from rfm_cli.warehouse.duckdb import connect, rewrite

_CHUNK_BYTES = 8 << 20
_LOCK_NAME = "lock"
# Names that DuckDB or the project needs for something else than the catalog of the file.
_TAKEN = re.compile(
    r"main(_(staging|intermediate|fitted|seeds))?|temp|system|information_schema|pg_catalog",
    re.IGNORECASE,
)


class Workspace:
    """A working copy of a database file; use it with `with`, and `publish` when all went well.

    Args:
        database: the file to replace; it may not exist yet.

    Raises:
        BadInput: the folder of the file does not exist, the file is a folder, or its name cannot
            be the name of a database.
        WarehouseUnavailable: another run or a writer has the file, it is no database, only its
            write-ahead log is there, its folder cannot be written, or the disk is full.
    """

    def __init__(self, database: Path) -> None:
        self.database = database.absolute()
        # A link is followed, so that the file it names is replaced and the link stays.
        self._real = Path(os.path.realpath(database))
        self._folder = self._real.parent / f".{self._real.name}.rfm"
        self.path = self._folder / self.database.name
        self._held = ExitStack()
        self._is_ours = False
        self._existed = False

    def __enter__(self) -> Workspace:
        try:
            self._prepare()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def rewrite(self) -> None:
        """Write the working copy anew, so that nothing of what was deleted in it is left.

        Raises:
            WarehouseUnavailable: the disk is full.
        """
        fresh = self._folder / "fresh"
        with disk_errors(self.database):
            rewrite(self.path, fresh)
            fresh.replace(self.path)

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

    def _prepare(self) -> None:
        self._check_place()
        with disk_errors(self.database):
            self._lock()
            _empty(self._folder)
        self._existed = self._real.exists()
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
        odd = set("#?") & set(str(self.path)) or set(';"') & set(self.path.name)
        if odd:
            raise BadInput(
                f"the database cannot have {' and '.join(sorted(odd))} in its name or folder",
                where=str(self.path if self.database == self._real else self._real),
                hint="choose another --database",
            )
        if _TAKEN.fullmatch(self.path.stem):
            raise BadInput(
                f"the database cannot be named {self.path.stem}: DuckDB uses the name otherwise",
                where=str(self.database),
                hint="choose another --database, such as rfm.duckdb",
            )
        log = self._real.with_name(self._real.name + ".wal")
        if log.exists() and not self._real.exists():
            raise WarehouseUnavailable(
                "there is a write-ahead log of a database that is not there",
                where=str(log),
                hint="put the database back, or move this file away",
            )

    def _lock(self) -> None:
        """Make the work folder and hold the lock of the file in it; a dead run holds none.

        The lock lies in the folder and not in a cache, so that all users meet at it. Who leaves
        removes the file while holding its lock: a lock won on a file that is no longer in its
        place is worth nothing, and the next try makes a new one. (The lock of `filelock` does not
        tell which file it is on.)
        """
        while not self._is_ours:
            self._folder.mkdir(exist_ok=True)
            try:
                handle = os.open(self._folder / _LOCK_NAME, os.O_CREAT | os.O_RDWR, 0o666)
            except FileNotFoundError:
                continue  # another run has just removed the folder
            except PermissionError as error:
                raise WarehouseUnavailable(
                    "another user is working on the database, or was and left this folder",
                    where=str(self._folder),
                    hint="wait; if nobody is at work, have its owner remove it",
                ) from error
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                os.close(handle)
                raise WarehouseUnavailable(
                    "another rfm run is using the database",
                    where=str(self.database),
                    hint="wait until it has finished and run the command again",
                ) from error
            if _is_in_place(handle, self._folder / _LOCK_NAME):
                self._held.callback(os.close, handle)
                self._is_ours = True
            else:
                os.close(handle)

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
        with self._held:
            if self._is_ours:
                self._is_ours = False
                _empty(self._folder)
                (self._folder / _LOCK_NAME).unlink(missing_ok=True)
                # From here on the folder may be another run's: it goes only if it is empty.
                with suppress(OSError):
                    self._folder.rmdir()


def _empty(folder: Path) -> None:
    """Remove what is in a work folder, but not its lock."""
    for path in folder.iterdir():
        if path.name == _LOCK_NAME:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _is_in_place(handle: int, path: Path) -> bool:
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    held = os.fstat(handle)
    return (held.st_dev, held.st_ino) == (there.st_dev, there.st_ino)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
