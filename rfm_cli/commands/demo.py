"""`rfm demo`: the whole round on public data or on a made-up company, ending in a report."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rfm_cli.commands.options import AsJson, ProjectDir, Quiet, Verbose


class DemoData(StrEnum):
    """The data sets to choose from."""

    cdnow = "cdnow"
    completejourney = "completejourney"
    company = "company"


_DATABASES = {
    DemoData.cdnow: Path("rfm_demo.duckdb"),
    DemoData.completejourney: Path("rfm_demo_completejourney.duckdb"),
    DemoData.company: Path("rfm_demo_company.duckdb"),
}


def demo(
    *,
    data: Annotated[
        DemoData,
        typer.Option(
            help="23,570 customers of a music shop, 2,469 households of a grocer, "
            "or a made-up company of nine systems."
        ),
    ] = DemoData.cdnow,
    customers: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="How many customers the company has, from 50 on.  (default: 10000)",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            metavar="S",
            help="Another company for each number.  (default: 1)",
            show_default=False,
        ),
    ] = None,
    database: Annotated[
        Path | None,
        typer.Option(
            "--database",
            "-d",
            metavar="FILE",
            help="The DuckDB file to make.  "
            "(default: rfm_demo.duckdb, or rfm_demo_ and the name of the data)",
        ),
    ] = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Run the whole round on demo data and write a report beside the database."""
    from rfm_cli import console
    from rfm_cli.demo.data_sets import demo_data
    from rfm_cli.orders_file import Wishes, inspect
    from rfm_cli.project import find_project
    from rfm_cli.report.page import write_report
    from rfm_cli.round import run_round
    from rfm_cli.summary import add_source, summarise
    from rfm_cli.summary_text import print_source, print_summary
    from rfm_cli.warehouse.targets import find_target

    # Each data set has a history of its own.
    database = database or _DATABASES[data]
    project = find_project(project_dir)
    target = find_target(project, "duckdb", database)
    with console.reporter(quiet=quiet or as_json, verbose=verbose) as reporter:
        reporter.step("Preparing the data")
        found = demo_data(data.value, target.path, customers, seed)
        file = inspect(found.path, Wishes()) if found.path else None
        if file is not None:
            print_source(file, reporter)
        variables = {**(file.variables() if file else {}), **found.settings}
        result = run_round(project, target, variables, reporter, file)
        facts = add_source(summarise(target, result), file)
        page = database.with_suffix(".html")
        write_report(target, page)
    if as_json:
        console.print_json({**facts, "report": str(page.resolve())})
    elif not quiet:
        print_summary(facts)
        console.stdout().print(f"\nThe report: {page.resolve()}", soft_wrap=True, markup=False)
