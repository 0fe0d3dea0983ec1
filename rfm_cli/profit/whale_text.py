"""Who makes the profit, in words and tables that fit 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rfm_cli import words
from rfm_cli.console import make_table, stdout
from rfm_cli.profit.printing import heading, measure_words, print_missing, say

if TYPE_CHECKING:
    from rich.console import Console

Facts = dict[str, Any]

_KINDS = {
    "loss_makers": "Losing money",
    "big_spenders_low_profit": "Spending much, leaving nothing",
    "over_served": "Over-served, more attention than they leave",
    "under_served": "Under-served, less attention than they leave",
}
_STEPS = (1, 5, *range(10, 101, 10))
_BAR_WIDTH = 24
_CAUSES = 3


def print_whale(facts: Facts) -> None:
    """Print who makes the profit on stdout."""
    console = stdout()
    if not facts["measures"]:
        say(console, "There are no customers yet.")
    for measure in facts["measures"]:
        is_profit = measure["measure"] == "profit"
        _print_measure(console, measure, facts["profit_measure_reason"] if is_profit else None)
    if facts["kinds"] is not None:
        for kind, label in _KINDS.items():
            _print_kind(console, facts["kinds"][kind], label)
    print_missing(console, facts["missing"], has_costs=facts["kinds"] is not None)


def _print_measure(console: Console, measure: Facts, reason: str | None) -> None:
    name = measure["measure"]
    heading(console, f"Who brings the {name}, as of {measure['as_of_date']}")
    say(console, measure_words(name, measure["profit_measure"], reason))
    for sentence in concentration_words(measure):
        say(console, sentence)
    if measure["peak_share"] is None:
        return
    rows = make_table("Best customers", "Customers", name.capitalize(), "Share")
    rows.add_column("", justify="left", no_wrap=True)
    points = {point["customer_percent"]: point for point in measure["points"]}
    highest = max(point["cumulative_share"] for point in points.values())
    for percent in _STEPS:
        point = points[percent]
        rows.add_row(
            f"{percent} %",
            f"{point['customer_count']:,}",
            words.whole_money(point["cumulative_amount"]),
            words.share(point["cumulative_share"]),
            "█" * round(_BAR_WIDTH * max(0.0, point["cumulative_share"]) / highest),
        )
    console.print(rows)


def concentration_words(measure: Facts) -> list[str]:
    """Say a row of profit_concentration in sentences."""
    name, total = measure["measure"], words.money(measure["total_amount"])
    customers = words.count(measure["customer_count"], "customer")
    losses = measure["loss_customer_count"]
    if measure["peak_share"] is None:
        earning = "nobody earns us anything"
        if measure["peak_customer_percent"] > 0:
            earning = f"{measure['peak_customer_percent']:.1f} % of the customers earn us something"
        return [
            f"{customers}, {name} {total}: {earning}, and there is nothing to have a share of. "
            f"{words.count(losses, 'customer')} below zero: {words.money(measure['loss_amount'])}."
        ]
    said = [
        f"{customers}, {name} {total}. The best 10 % bring {words.share(measure['top_10_share'])}, "
        f"the best 20 % {words.share(measure['top_20_share'])}, "
        f"the better half {words.share(measure['top_50_share'])}.",
    ]
    if losses:
        said.append(
            f"The peak is {words.share(measure['peak_share'])}, by the best "
            f"{measure['peak_customer_percent']:.1f} %; {words.count(losses, 'customer')} "
            f"below zero: {words.money(measure['loss_amount'])}."
        )
    said.append(
        f"Gini {measure['gini']:.2f}: 0 when all bring the same, 1 when one brings everything, "
        "more with large losses."
    )
    return said


def _print_kind(console: Console, kind: Facts, label: str) -> None:
    heading(
        console,
        f"{label}: {words.count(kind['count'], 'customer')}, profit {words.money(kind['amount'])}",
    )
    for customer in kind["customers"]:
        say(
            console,
            f"{customer['customer_id']}: net sales {words.money(customer['net_sales_amount'])}, "
            f"profit {words.money(customer['profit_amount'])}; {_why(customer)}",
        )


def _why(customer: Facts) -> str:
    if "causes" not in customer:
        return str(customer["reasons"] or "")
    told = [
        f"{cause['cause'].replace('_', ' ')} {words.money(cause['amount'])}"
        + (f" ({words.share(cause['share_of_sales'])})" if cause["share_of_sales"] else "")
        for cause in customer["causes"][:_CAUSES]
    ]
    return "beyond the usual: " + ", ".join(told) if told else "no cost stands out"
