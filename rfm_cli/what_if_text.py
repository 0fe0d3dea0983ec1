"""The answer of `rfm what-if` as it is printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rfm_cli import console, words


def print_what_if(facts: Mapping[str, Any]) -> None:
    """Print the question in a sentence and a table of segments."""
    out = console.stdout()
    out.print(_question(facts), soft_wrap=True, markup=False)
    table = console.make_table("segment", "customers", "36 months", "more", "stay", "then")
    rows = [*facts["segments"], {"segment": "everybody", "is_changed": True, **facts["company"]}]
    for row in rows:
        table.add_row(*_cells(row))
    out.print(table)
    out.print(
        "Value of 36 months as it is, and how much more it would be (12 months: --json); stay: of "
        "the living, who is still a customer in a year.",
        "The change begins on the as-of date: whoever has left stays away. What it costs to bring "
        "it about is not in it.",
        sep="\n",
        soft_wrap=True,
        markup=False,
    )


def _question(facts: Mapping[str, Any]) -> str:
    changes = [
        f"{name} {100 * (factor - 1):+g} %"
        for name, factor in (
            ("orders of a living customer", facts["order_rate_factor"]),
            ("chance to leave", facts["dropout_factor"]),
            ("margin of an order", facts["margin_factor"]),
        )
        if factor != 1
    ]
    named = [row["segment"] for row in facts["segments"] if row["is_changed"]]
    whose = "" if len(named) == len(facts["segments"]) else f", of {', '.join(named)} only"
    return f"From now on: {', '.join(changes)}{whose}."


def _cells(row: Mapping[str, Any]) -> list[str]:
    living = row["living_customer_count"]
    cells = [words.plain(row["segment"]), f"{row['customer_count']:,}"]
    amount = row["ltv_36m_amount"]
    cells += [f"{amount:,.0f}", f"{row['changed_ltv_36m_amount'] - amount:,.0f}"]
    for name in ("staying_count", "changed_staying_count"):
        cells.append(words.share(row[name] / living if living else None))
    return cells
