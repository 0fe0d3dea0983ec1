"""`rfm identity`: the records behind the customers, and the links to look at."""

from __future__ import annotations

from typing import Annotated

import typer

from rfm_cli.commands.options import AsJson, Database, ProjectDir, TargetName

app = typer.Typer(
    help="Look at how records became customers.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command()
def review(
    count: Annotated[
        int, typer.Option("--count", "-n", min=1, help="How many customers to list.")
    ] = 20,
    database: Database = None,
    target: TargetName = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """List the customers whose records may not be one person, the riskiest first."""
    from rich import box
    from rich.table import Table

    from rfm_cli import console, words
    from rfm_cli.identity_review import riskiest_customers
    from rfm_cli.project import find_project
    from rfm_cli.warehouse.targets import find_target

    facts = riskiest_customers(find_target(find_project(project_dir), target, database), count)
    if as_json:
        console.print_json(facts)
        return
    out = console.stdout()
    links = ", ".join(
        f"{number:,} {method.replace('_', ' ')}" for method, number in facts["link_counts"].items()
    )
    out.print(
        f"{words.count(facts['record_count'], 'record')} are "
        f"{words.count(facts['customer_count'], 'customer')}; the largest has "
        f"{words.count(facts['largest_record_count'], 'record')}.",
        f"Links: {links or 'none'}.",
        f"{words.count(facts['review_count'], 'customer')} worth a look, the riskiest first:",
        sep="\n",
        markup=False,
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Customer", no_wrap=True)
    table.add_column("Records", justify="right")
    table.add_column("Why")
    for customer in facts["customers"]:
        reasons = customer["reasons"].replace("_", " ")
        table.add_row(customer["customer_id"], f"{customer['record_count']:,}", reasons)
    out.print(table)
    out.print(
        "See the links of one: rfm explain CUSTOMER. To part or join records for good, "
        "add a line to seeds/identity_decisions.csv and run again.",
        markup=False,
    )


@app.command()
def train(
    database: Database = None,
    target: TargetName = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """Train the model of links anew, on the records that `rfm run` made.

    `rfm run` trains it once and then keeps it: the same two records keep their probability. Train
    it again when systems were added; the next `rfm run` builds customers from the new links.
    """
    from dataclasses import asdict

    from rfm_cli import console, words
    from rfm_cli.project import find_project
    from rfm_cli.round import train_links_again
    from rfm_cli.warehouse.targets import find_target

    project = find_project(project_dir)
    learned = train_links_again(find_target(project, target, database), project)
    if as_json:
        console.print_json(asdict(learned))
        return
    if learned.run.is_accepted:
        text = (
            f"Trained on {words.count(learned.record_count, 'record')}; "
            f"{words.count(learned.link_count, 'link')} found. The next `rfm run` uses them."
        )
    else:
        text = f"The model was not trained: {learned.run.refusal_reason}"
    console.stdout().print(text, soft_wrap=True, markup=False)
