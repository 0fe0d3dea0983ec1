"""The audit in words that fit 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich import box
from rich.markup import escape
from rich.table import Table

from rfm_cli import words
from rfm_cli.console import stdout

if TYPE_CHECKING:
    from rich.console import Console

_GRADES = {
    "A": "everything is there",
    "B": "most is there",
    "C": "the main things are there",
    "D": "a part can be answered",
    "E": "little can be answered",
    "F": "hardly anything can be answered",
}
_ATTRIBUTES = {"country_code": "Country", "entity_type": "Kind", "income_band": "Income"}


def print_audit(facts: dict[str, Any]) -> None:
    """Print the audit on stdout."""
    console = stdout()
    console.print()
    console.print(
        f"[bold]Grade {facts['grade']}[/bold]: {_GRADES[facts['grade']]} "
        f"({facts['score']} of 100 points)"
    )
    for question in facts["questions"]:
        console.print(escape(f"  {question['grade']}  {question['text']}"))
    _print_missing(console, facts["missing"])
    _print_modules(console, facts["modules"])
    if facts["customers"] is not None:
        _print_counts(console, facts["customers"])
    _print_demographics(console, facts["demographics"])


def _print_missing(console: Console, missing: list[dict[str, Any]]) -> None:
    if not missing:
        return
    _heading(console, "What is missing, and what it would unlock")
    for need in missing:
        thin = ""
        if need["status"] == "thin":
            asked = words.share(need["least_share"])
            thin = f" (only {words.share(need['share'])} have it; {asked} would do)"
        _say(console, f"{need['name']}{thin}: {need['unlocks']}")


def _print_modules(console: Console, modules: list[dict[str, Any]]) -> None:
    _heading(console, "What can be used")
    for module in modules:
        if module["status"] == "ok":
            _say(console, f"{module['module']}: yes")
            continue
        if module["missing_entities"]:
            lacking = ", ".join(words.plain(one) for one in module["missing_entities"])
            why = f"no, there are no {lacking}"
        else:
            why = f"with care, there are only {' and '.join(module['short_of'])}"
        _say(console, f"{module['module']}: {why} ({module['consequence']})")


def _print_counts(console: Console, counts: dict[str, Any]) -> None:
    _heading(console, f"How many customers, as of {counts['as_of_date']}")
    _say(
        console,
        f"{words.count(counts['total'], 'customer')}: {counts['closing']:,} are active (ordered "
        f"within {words.count(counts['active_days'], 'day')}), {counts['inactive']:,} no longer, "
        f"{counts['never_bought']:,} never bought.",
    )
    since = f"since {counts['opening_date']}" if counts["opening_date"] else "so far"
    _say(
        console,
        f"Active {since}: {counts['opening']:,} + {counts['new']:,} new + "
        f"{counts['reactivated']:,} reactivated - {counts['lapsed']:,} lapsed = "
        f"{counts['closing']:,}.",
    )
    if counts["by_source"]:
        told = ", ".join(f"{name} {count:,}" for name, count in counts["by_source"].items())
        _say(console, f"Known by source: {told}. One customer may be known by several.")


def _print_demographics(console: Console, spread: dict[str, list[dict[str, Any]]]) -> None:
    for name, classes in spread.items():
        title = _ATTRIBUTES.get(name, words.plain(name).capitalize())
        _heading(console, title)
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        table.add_column(title)
        table.add_column("Customers", justify="right")
        table.add_column("Share", justify="right")
        percents = whole_percents([one["customer_count"] for one in classes])
        for one, percent in zip(classes, percents, strict=True):
            count = f"{one['customer_count']:,}"
            table.add_row(escape(str(one["class"])), count, f"{percent:.1f} %")
        console.print(table)


def whole_percents(counts: list[int]) -> list[float]:
    """Return percentages with one decimal that add up to 100: the largest remainders go up."""
    total = sum(counts)
    if not total:
        return [0.0 for _ in counts]
    tenths = [1000 * count // total for count in counts]
    remainders = sorted(range(len(counts)), key=lambda i: (-(1000 * counts[i] % total), i))
    for i in remainders[: 1000 - sum(tenths)]:
        tenths[i] += 1
    return [tenth / 10 for tenth in tenths]


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(f"[bold]{escape(text)}[/bold]", soft_wrap=True)


def _say(console: Console, text: str) -> None:
    console.print(escape(text))
