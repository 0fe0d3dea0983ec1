"""`rfm best`: who the best customers are, how far definitions agree, and who is left out."""

from __future__ import annotations

from typing import Annotated

import typer

from rfm_cli.commands.options import AsJson, Database, ProjectDir, TargetName

app = typer.Typer(
    help="Look at the best customers, by every definition.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Count = Annotated[
    int, typer.Option("--top", "-n", min=1, metavar="N", help="How many customers to list.")
]


@app.command("list")
def list_best(
    *,
    definition: Annotated[
        str | None,
        typer.Option(
            "--definition",
            metavar="NAME",
            help="By what: lifetime_value, revenue_this_year, revenue_ever, longest_tenure, and "
            "with costs profit_this_year, profit_ever.  (default: rfm_best_definition)",
            show_default=False,
        ),
    ] = None,
    top: Count = 20,
    database: Database = None,
    target: TargetName = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """List the best customers with the reasons."""
    from rich import box
    from rich.table import Table

    from rfm_cli import console, words
    from rfm_cli.best_lists import best_list
    from rfm_cli.project import find_project, project_settings
    from rfm_cli.warehouse.targets import find_target

    project = find_project(project_dir)
    wanted = definition or str(
        project_settings(project).get("rfm_best_definition", "lifetime_value")
    )
    facts = best_list(find_target(project, target, database), wanted, top)
    if as_json:
        console.print_json(facts)
        return
    out = console.stdout()
    out.print(
        f"{words.count(facts['customer_count'], 'best customer')} by {words.plain(wanted)} as of "
        f"{facts['as_of_date']}; {words.count(facts['excluded_count'], 'customer')} excluded.",
        markup=False,
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Rank", justify="right")
    table.add_column("Customer", no_wrap=True)
    table.add_column("Why")
    for row in facts["customers"]:
        table.add_row(f"{row['rank']:,}", row["customer_id"], row["reasons"])
    out.print(table)
    if facts["segments"]:
        names = ", ".join(
            f"{row['rfm_segment']} ({words.share(row['measure_share'])})"
            for row in facts["segments"]
        )
        out.print(f"Best segments: {names}.", markup=False)


@app.command()
def compare(
    *,
    top: Count = 10,
    database: Database = None,
    target: TargetName = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """Say how far the definitions of a best customer agree, and who moves between them."""
    from rich import box
    from rich.table import Table

    from rfm_cli import console, words
    from rfm_cli.best_lists import compare_lists
    from rfm_cli.project import find_project
    from rfm_cli.warehouse.targets import find_target

    facts = compare_lists(find_target(find_project(project_dir), target, database), top)
    if as_json:
        console.print_json(facts)
        return
    out = console.stdout()
    sizes = "; ".join(f"{words.plain(name)} {number:,}" for name, number in facts["lists"].items())
    out.print(f"Customers on the lists: {sizes or 'none'}.", markup=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("One list")
    table.add_column("Another")
    for name in ("On both", "First only", "Second only", "Agree"):
        table.add_column(name, justify="right")
    for pair in facts["pairs"]:
        table.add_row(
            words.plain(pair["left"]),
            words.plain(pair["right"]),
            f"{pair['both_count']:,}",
            f"{pair['left_only_count']:,}",
            f"{pair['right_only_count']:,}",
            words.share(pair["jaccard"]),
        )
    out.print(table)
    out.print("Agree: customers on both lists, of those on either (Jaccard).", markup=False)
    for movers in facts["movers"].values():
        out.print(
            f"\nBest by {words.plain(movers['on'])} and not by {words.plain(movers['not_on'])}: "
            f"{words.count(movers['customer_count'], 'customer')}.",
            markup=False,
        )
        for row in movers["customers"]:
            out.print(
                f"  {row['customer_id']}: number {row['rank']:,} with "
                f"{words.money(row['measure_value'])}",
                markup=False,
            )


@app.command()
def excluded(
    *,
    top: Count = 20,
    database: Database = None,
    target: TargetName = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """List the customers who are on no list of best customers, and why."""
    from rich import box
    from rich.table import Table

    from rfm_cli import console, words
    from rfm_cli.best_lists import excluded_list
    from rfm_cli.project import find_project
    from rfm_cli.warehouse.targets import find_target

    facts = excluded_list(find_target(find_project(project_dir), target, database), top)
    if as_json:
        console.print_json(facts)
        return
    out = console.stdout()
    reasons = ", ".join(
        f"{words.plain(reason)} {number:,}" for reason, number in facts["reasons"].items()
    )
    out.print(
        f"{words.count(facts['excluded_count'], 'customer')} excluded"
        f"{f' ({reasons})' if reasons else ''}.",
        markup=False,
    )
    if facts["customers"]:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        table.add_column("Customer", no_wrap=True)
        table.add_column("Reason")
        table.add_column("How it is known")
        for row in facts["customers"]:
            table.add_row(row["customer_id"], words.plain(row["reason"]), row["evidence"])
        out.print(table)
    out.print(
        "All of them: rfm export excluded_customers. Add or end one in "
        "seeds/customer_exclusions.csv and run again; the setting rfm_best_exclusions says which "
        "reasons count.",
        markup=False,
    )
