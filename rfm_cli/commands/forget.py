"""`rfm forget`: erase a person from everything rfm stored, and keep it so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rfm_cli.commands.options import AsJson, Database, ProjectDir, TargetName

if TYPE_CHECKING:
    from rfm_cli.erasure import Person


def forget(
    *,
    customer: Annotated[
        str,
        typer.Argument(
            metavar="CUSTOMER", help="The id of a customer, or the key of a record (source:id)."
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    database: Database = None,
    target: TargetName = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """Erase a person from every table, and leave them out of every later run.

    Salted hashes of what the sources know the person by are kept, nothing else. The source
    systems, earlier exports, reports and backups are yours to clean.
    """
    import sys

    from rfm_cli import console
    from rfm_cli.erasure import forget as erase
    from rfm_cli.erasure.words import as_facts, in_words
    from rfm_cli.errors import BadInput
    from rfm_cli.project import find_project
    from rfm_cli.warehouse.targets import find_target

    if not yes and not sys.stdin.isatty():
        raise BadInput(
            "an erasure cannot be undone, and there is no terminal to ask at",
            hint="add --yes if it is meant",
        )

    def confirm(person: Person) -> None:
        if not yes:
            records = ", ".join(person.record_ids) or "no record"
            typer.confirm(
                f"Erase {person.customer_ids[0]} ({records})? It cannot be undone",
                abort=True,
                err=True,
            )

    project = find_project(project_dir)
    erasure = erase(project, find_target(project, target, database), customer, confirm)
    if as_json:
        console.print_json(as_facts(erasure))
        return
    for line in in_words(erasure):
        console.stdout().print(line, markup=False, soft_wrap=True)
