"""`rfm sources`: what is registered and what it brought; `rfm sources scan` proposes more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rfm_cli.commands.options import AsJson, Database, ProjectDir, Quiet, TargetName

app = typer.Typer(invoke_without_command=True)


@app.callback()
def sources(
    context: typer.Context,
    *,
    database: Database = None,
    target: TargetName = None,
    project_dir: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Show the registered sources, how good they are and what each brought.

    `rfm sources scan` looks through tables or files and proposes new ones.
    """
    if context.invoked_subcommand is not None:
        return
    from rfm_cli import console
    from rfm_cli.project import find_project
    from rfm_cli.registered import registered_facts
    from rfm_cli.registered_text import print_registered
    from rfm_cli.warehouse.targets import find_target

    project = find_project(project_dir)
    facts = registered_facts(project, find_target(project, target, database))
    if as_json:
        console.print_json(facts)
    else:
        print_registered(facts)


@app.command()
def scan(
    what: Annotated[
        Path | None,
        typer.Argument(
            metavar="DB-OR-FOLDER",
            help="A DuckDB file, or a folder of CSV and Parquet files.  "
            "(default: the tables of the target)",
            show_default=False,
        ),
    ] = None,
    *,
    write: Annotated[
        Path | None,
        typer.Option(
            "--write",
            metavar="DIR",
            help="Write what is proposed as staging models below DIR; replaces nothing.",
        ),
    ] = None,
    database: Database = None,
    target: TargetName = None,
    project_dir: ProjectDir = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Look through tables or files: what each is, which column is what, whom it knows already.

    Values are counted and compared in the database, as hashes where they are personal; none is
    printed.
    """
    from rfm_cli import console
    from rfm_cli.errors import BadInput
    from rfm_cli.project import find_project
    from rfm_cli.scan.drafts import write_drafts
    from rfm_cli.scan.facts import print_scan, scan_facts
    from rfm_cli.scan.places import open_place
    from rfm_cli.scan.scan import scan as look
    from rfm_cli.warehouse.targets import find_target

    if what is not None and not what.exists():
        raise BadInput(
            "there is nothing to scan",
            where=str(what),
            hint="name a DuckDB file or a folder of CSV and Parquet files",
        )
    project = find_project(project_dir)
    warehouse = find_target(project, target, database)
    with console.reporter(quiet=quiet or as_json) as reporter, open_place(what, warehouse) as place:
        reporter.step("Looking through tables")
        findings = look(place, reporter)
    written = write_drafts(findings, write) if write is not None else []
    if as_json:
        console.print_json(scan_facts(findings, written))
    elif not quiet:
        print_scan(findings, written, str(project / "dbt_project.yml"))
