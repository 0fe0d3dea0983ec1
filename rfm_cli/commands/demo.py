"""`rfm demo`: the whole round on public data, ending in a report."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rfm_cli.commands.options import AsJson, ProjectDir, Quiet, Verbose


class DemoData(StrEnum):
    """The public data sets to choose from."""

    cdnow = "cdnow"
    completejourney = "completejourney"


_DATABASES = {
    DemoData.cdnow: Path("rfm_demo.duckdb"),
    DemoData.completejourney: Path("rfm_demo_completejourney.duckdb"),
}


def demo(
    *,
    data: Annotated[
        DemoData,
        typer.Option(help="23,570 customers of a music shop, or 2,469 households of a grocer."),
    ] = DemoData.cdnow,
    database: Annotated[
        Path | None,
        typer.Option(
            "--database",
            "-d",
            metavar="FILE",
            help="The DuckDB file to make.  "
            "(default: rfm_demo.duckdb, or rfm_demo_completejourney.duckdb)",
        ),
    ] = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Run the whole round on public data and write a report beside the database."""
    from rfm_cli import console
    from rfm_cli.demo.data_sets import demo_orders
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
        reporter.step("Looking at the file")
        orders = demo_orders(data.value)
        file = inspect(orders.path, Wishes())
        print_source(file, reporter)
        variables = {**file.variables(), **orders.settings}
        result = run_round(project, target, variables, reporter, file)
        facts = add_source(summarise(target, result), file)
        page = database.with_suffix(".html")
        write_report(target, page)
    if as_json:
        console.print_json({**facts, "report": str(page.resolve())})
    elif not quiet:
        print_summary(facts)
        console.stdout().print(f"\nThe report: {page.resolve()}", soft_wrap=True, markup=False)
