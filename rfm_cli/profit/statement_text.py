"""The statement in words and tables that fit 80 columns."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from rfm_cli import words
from rfm_cli.console import make_table, stdout
from rfm_cli.profit.printing import heading, measure_words, print_missing, say
from rfm_cli.profit.statement import MARGINS

if TYPE_CHECKING:
    from rich.console import Console

Facts = dict[str, Any]

LINE_NAMES = {
    "gross_sales": "Sales at list price",
    "discount": "- discounts",
    "refund": "- refunds",
    "net_sales": "Net sales",
    "goods_cost": "- goods",
    "cm1": "Contribution margin 1",
    "fulfilment_cost": "- shipping and handling",
    "payment_cost": "- fees and chargebacks",
    "return_cost": "- handling of returns",
    "cm2": "Contribution margin 2",
    "marketing_cost": "- messages and campaigns",
    "service_cost": "- service",
    "late_payment_cost": "- late payment",
    "cm3": "Contribution margin 3",
}
SUMS = ("net_sales", "cm1", "cm2", "cm3")
# Taken off, though stored as positive amounts.
_TAKEN = {name for name, label in LINE_NAMES.items() if label.startswith("-")} - {"refund"}
_PART_NAMES = {
    "customer": "Customer",
    "segment": "Segment",
    "product-line": "Product line",
    "month": "Month",
    "source": "Source",
}


def print_statement(facts: Facts) -> None:
    """Print the statement on stdout."""
    console = stdout()
    heading(console, f"Profit and loss, all customers as of {facts['as_of_date']}")
    say(console, measure_words("profit", facts["profit_measure"], facts["profit_measure_reason"]))
    lines = {line["line"]: line["amount"] for line in facts["lines"]}
    if not facts["has_costs"]:
        lines = {name: lines[name] for name in ("gross_sales", "refund", "net_sales")}
    _print_lines(console, lines, has_costs=facts["has_costs"])
    _print_estimates(console, facts, lines)
    _print_unallocated(console, facts["unallocated"], facts["ledger"], lines)
    if facts["by"]:
        _print_parts(console, facts)
    print_missing(console, facts["missing"], has_costs=facts["has_costs"])


def _print_lines(console: Console, lines: Facts, *, has_costs: bool) -> None:
    rows = make_table("", "Amount", "Of net sales")
    net = lines["net_sales"]
    for name, amount in lines.items():
        label = LINE_NAMES[name]
        if name == "gross_sales" and not has_costs:
            label = "Sales before refunds"
        signed = -amount if amount is not None and name in _TAKEN else amount
        style = "bold" if name in SUMS else None
        rows.add_row(label, _known(signed), _of_sales(signed, net), style=style)
    console.print(rows)


def _print_estimates(console: Console, facts: Facts, lines: Facts) -> None:
    estimated, goods = facts["estimated_goods_cost_amount"], lines.get("goods_cost")
    if estimated:
        part = f" ({words.share(float(estimated / goods))} of the cost of goods)" if goods else ""
        say(
            console,
            f"Estimated: {words.money(estimated)} of goods{part}, where no cost is known.",
        )
    if facts["missing_rate_count"]:
        number = words.count(facts["missing_rate_count"], "event")
        say(console, f"Not priced: {number} on days without a rate.")


def _print_unallocated(
    console: Console, unallocated: list[Facts] | None, ledger: Facts | None, lines: Facts
) -> None:
    if unallocated is None or ledger is None:
        return
    heading(console, "Against the ledger, months that are over")
    rows = make_table("Account", "Ledger", "By customers", "Nobody's")
    for row in unallocated:
        rows.add_row(
            escape(str(row["account"])),
            words.money(row["ledger_amount"]),
            words.money(row["allocated_amount"]),
            words.money(row["unallocated_amount"]),
        )
    console.print(rows)
    say(console, "Nobody's: not caused by any customer we know. It is in no margin above.")
    margin = next(lines[line] for line in MARGINS if lines[line] is not None)
    say(
        console,
        f"Margin {words.money(margin)} + {words.money(ledger['not_in_ledger'])} on no account "
        f"+ {words.money(ledger['unallocated'])} nobody's = {words.money(ledger['ledger'])} of the "
        "ledger.",
    )


def _print_parts(console: Console, facts: Facts) -> None:
    name = _PART_NAMES[facts["by"]]
    heading(console, f"By {name.lower()}")
    unparted = facts.get("unparted_cost_amount")
    sums = SUMS if unparted is None else ("net_sales", "cm1")
    _print_part_table(console, name, facts["parts"], sums)
    if unparted:
        say(
            console,
            f"Costs of orders and customers are no product line's: {words.money(unparted)}.",
        )
    rest = facts["part_count"] - len(facts["parts"])
    lowest = facts.get("lowest")
    if lowest:
        say(console, "Those who leave least:")
        _print_part_table(console, name, lowest, sums)
        rest -= len(lowest)
    if rest > 0:
        say(console, f"{rest:,} more: --top shows them.")


def _print_part_table(
    console: Console, name: str, parts: list[Facts], wanted: tuple[str, ...]
) -> None:
    sums = [line for line in wanted if any(part[line] is not None for part in parts)]
    # Ids of customers are long: no cents and no margin beside them.
    is_customer = name == _PART_NAMES["customer"]
    has_margin = len(sums) > 1 and not is_customer
    rows = make_table(name, *(_short(line) for line in sums), *(["Margin"] if has_margin else []))
    for part in parts:
        cells = [
            f"{part[line]:,.0f}"
            if is_customer and part[line] is not None
            else words.whole_money(part[line])
            for line in sums
        ]
        if has_margin:
            cells.append(_of_sales(part[sums[-1]], part["net_sales"]))
        rows.add_row(escape(str(part["name"] or "unknown")), *cells)
    console.print(rows)


def _known(amount: Decimal | None) -> str:
    return "not known" if amount is None else words.money(amount)


def _of_sales(amount: Decimal | None, net: Decimal | None) -> str:
    return "" if amount is None or net is None or net <= 0 else words.share(float(amount / net))


def _short(line: str) -> str:
    return "Net sales" if line == "net_sales" else line.upper()
