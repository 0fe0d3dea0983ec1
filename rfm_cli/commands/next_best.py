"""`rfm best late`, `opportunities` and `next-lines`: whom to call, whom to grow, and with what."""

from __future__ import annotations

from typing import Annotated

import typer

from rfm_cli.commands.best import Count
from rfm_cli.commands.options import AsJson, Database, ProjectDir, TargetName


def late(
    *,
    only_new: Annotated[
        bool, typer.Option("--new", help="Only those who were not late the last time.")
    ] = False,
    top: Count = 20,
    database: Database = None,
    target: TargetName = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """List the best customers who are silent for longer than usual: call them first."""
    from rfm_cli import console, words
    from rfm_cli.next_best import late_list
    from rfm_cli.project import find_project
    from rfm_cli.warehouse.targets import find_target

    facts = late_list(
        find_target(find_project(project_dir), target, database), top, only_new=only_new
    )
    if as_json:
        console.print_json(facts)
        return
    out = console.stdout()
    out.print(
        f"{words.count(facts['customer_count'], 'best customer')} silent for longer than usual, "
        f"{facts['newly_late_count']:,} of them newly; "
        f"{words.money(facts['value_at_risk_amount'])} at risk.",
        markup=False,
    )
    if facts["customers"]:
        table = console.make_table("Customer", "Silent", "Usual", "Late since", "At risk")
        for row in facts["customers"]:
            table.add_row(
                row["customer_id"],
                f"{row['days_since_last_order']:,} d",
                f"{row['usual_gap_days']:,.0f} d",
                str(row["late_since_date"]),
                words.money(row["value_at_risk_amount"]),
            )
        out.print(table)
    out.print(
        "All of them, and what may be spent on each: rfm export customers_at_risk.", markup=False
    )


def opportunities(
    *,
    top: Count = 20,
    database: Database = None,
    target: TargetName = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """List who spends less than the best of their segment, the largest opportunity first."""
    from rfm_cli import console, words
    from rfm_cli.next_best import opportunity_list
    from rfm_cli.project import find_project
    from rfm_cli.warehouse.targets import find_target

    facts = opportunity_list(find_target(find_project(project_dir), target, database), top)
    if as_json:
        console.print_json(facts)
        return
    out = console.stdout()
    out.print(
        f"{words.count(facts['customer_count'], 'customer')} below the best of their segment; "
        f"the gaps are worth {words.money(facts['opportunity_amount'])}.",
        markup=False,
    )
    if facts["customers"]:
        table = console.make_table("Customer", "Spends", "Could", "Buys", "Worth")
        for row in facts["customers"]:
            table.add_row(
                row["customer_id"],
                words.money(row["current_amount"]),
                words.money(row["potential_amount"]),
                words.share(row["alive_probability"]),
                words.money(row["opportunity_amount"]),
            )
        out.print(table)
    out.print(
        "Worth: the gap x the probability that they still buy (Buys) x the margin. "
        "All of them: rfm export customer_opportunities.",
        markup=False,
    )


def next_lines(
    *,
    line: Annotated[
        str | None,
        typer.Option("--line", metavar="NAME", help="Customers to be shown this line alone."),
    ] = None,
    top: Count = 20,
    database: Database = None,
    target: TargetName = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """List which product line to show whom next, the largest expected amount first."""
    from rfm_cli import console, words
    from rfm_cli.next_best import next_line_list
    from rfm_cli.project import find_project
    from rfm_cli.warehouse.targets import find_target

    facts = next_line_list(find_target(find_project(project_dir), target, database), top, line)
    if as_json:
        console.print_json(facts)
        return
    out = console.stdout()
    lines = console.make_table("Next line", "Customers", "Takes it up", "Expected")
    for row in facts["product_lines"]:
        lines.add_row(
            row["next_product_line"],
            f"{row['customer_count']:,}",
            words.share(row["mean_propensity"]),
            words.money(row["expected_amount"]),
        )
    out.print(lines)
    customers = console.make_table("Customer", "Show next", "Takes it up", "Expected", left=2)
    for row in facts["customers"]:
        customers.add_row(
            row["customer_id"],
            row["next_product_line"],
            words.share(row["propensity"]),
            words.money(row["expected_amount"]),
        )
    out.print(customers)
    out.print(
        "Takes it up: of customers who bought the line first, the share that bought the next one "
        "later. All of them: rfm export customer_next_lines.",
        markup=False,
    )
