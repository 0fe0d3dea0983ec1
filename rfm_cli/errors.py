"""What can go wrong, said in three parts: the problem, the place, the next thing to do."""

from __future__ import annotations

from typing import ClassVar


class RfmError(Exception):
    """A problem that the person at the keyboard can act on.

    Args:
        problem: what is wrong, one sentence without a full stop.
        where: the file, row, column, setting or model it concerns.
        hint: the next thing to do.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, problem: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.where = where
        self.hint = hint


class CheckFailed(RfmError):  # noqa: N818 (named for what happened)
    """A data test or a check did not hold."""

    exit_code = 1


class BadInput(RfmError):  # noqa: N818 (named for what happened)
    """The command, a setting or a file cannot be used as it is."""

    exit_code = 2


class DbtFailed(RfmError):  # noqa: N818 (named for what happened)
    """dbt could not parse the project or build a model."""

    exit_code = 3


class WarehouseUnavailable(RfmError):  # noqa: N818 (named for what happened)
    """The database is locked, missing, broken, or its disk is full."""

    exit_code = 4
