"""Looks through all tables of a place: what each is, what its columns hold, whom it knows."""

from __future__ import annotations

from dataclasses import dataclass

from rfm_cli.console import Reporter
from rfm_cli.errors import BadInput, RfmError
from rfm_cli.scan.entities import Guess, guess_entity
from rfm_cli.scan.overlap import find_overlap
from rfm_cli.scan.places import ScanPlace, Table
from rfm_cli.scan.profile import Profile, profile_table
from rfm_cli.scan.roles import find_roles


@dataclass(frozen=True)
class Finding:
    """What was found out about a table.

    Attributes:
        table: which.
        profile: what was counted in it.
        roles: the column for each role.
        guess: the entity and the key.
        overlap: share of its e-mails, phones and ids that known records have.
    """

    table: Table
    profile: Profile
    roles: dict[str, str]
    guess: Guess
    overlap: dict[str, float]

    @property
    def date_range(self) -> tuple[str | None, str | None]:
        """The first and the last date of its rows as ISO text."""
        for role in ("occurred_at", "created_at", "start_date"):
            if role in self.roles:
                column = self.profile.column(self.roles[role])
                return column.low, column.high
        return None, None


def scan(place: ScanPlace, reporter: Reporter) -> list[Finding]:
    """Look through the tables of a place.

    Raises:
        BadInput: there is no table.
        WarehouseUnavailable: a table cannot be read.
    """
    if not place.tables:
        raise BadInput(
            "there are no tables to look at",
            where=place.warehouse.where,
            hint="load the raw tables into a schema of their own, such as raw_shop",
        )
    findings = []
    for done, table in enumerate(place.tables):
        reporter.advance(done, len(place.tables), table.name)
        try:
            profile = profile_table(place.warehouse, place.engine, table.relation)
        except RfmError as error:
            reporter.note(f"{table.schema}.{table.name} is left out: {error.problem}")
            continue
        roles = find_roles(profile.columns)
        guess = guess_entity(table.name, profile, roles)
        overlap = find_overlap(place, table.relation, roles) if guess.entity else {}
        findings.append(Finding(table, profile, roles, guess, overlap))
    reporter.advance(len(place.tables), len(place.tables), "done")
    return findings
