"""The registered sources in words and tables that fit 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape

from rfm_cli import words
from rfm_cli.console import make_table, stdout

if TYPE_CHECKING:
    from rich.console import Console

_CHECKS = {
    "row_count": "{entity}: {share} of the rows of the last run are there",
    "validity": "{entity}: {share} of the rows can be used",
    "completeness": "{entity}: {share} have {column}",
    "uniqueness": "{entity}: {share} of the keys ({column}) are different",
    "orphan_rate": "{entity}: {share} point at nothing with {column}",
    "freshness": "{entity}: the newest row is {days} old",
}


def print_registered(facts: dict[str, Any]) -> None:
    """Print the registered sources on stdout."""
    console = stdout()
    as_of = f", as of {facts['as_of_date']}" if facts["as_of_date"] else ""
    _heading(console, f"Registered sources{as_of}")
    table = make_table("Source", "Kind", "Rows", "Usable", "Newest", left=2)
    for source in facts["sources"]:
        rows = source["row_count"]
        days = source["newest_days"]
        table.add_row(
            escape(source["source_name"]),
            escape(source["source_kind"] or "-"),
            "-" if rows is None else f"{rows:,}",
            words.share(source["usable_share"]),
            "-" if days is None else f"{words.count(days, 'day')} ago",
        )
    console.print(table)
    for source in facts["sources"]:
        offered = ", ".join(words.plain(one) for one in source["entities"])
        _say(console, f"{source['source_name']}: {offered}")
    others = [s["source_name"] for s in facts["sources"] if not s["is_registered"]]
    if others:
        _say(console, f"Read by the last run, not in rfm_sources: {', '.join(others)}.")
    if facts["as_of_date"] is None:
        _say(console, "Nothing is measured yet: `rfm run` reads the sources.")
        return
    _print_brought(console, facts["sources"])
    _print_fill(console, facts["sources"])
    _print_problems(console, facts["sources"])


def _print_brought(console: Console, sources: list[dict[str, Any]]) -> None:
    known = [source for source in sources if source["customer_count"] is not None]
    if not known:
        return
    _heading(console, "What each brought")
    table = make_table(
        "Source", "Customers", "Others too", "Only here", "Its sales", "Joined sales"
    )
    for source in known:
        table.add_row(
            escape(source["source_name"]),
            f"{source['customer_count']:,}",
            f"{source['shared_customer_count']:,}",
            f"{source['only_here_customer_count']:,}",
            words.whole_money(source["revenue_amount"]),
            words.whole_money(source["joined_revenue_amount"]),
        )
    console.print(table)
    _say(
        console,
        "Joined sales are those of other sources to customers that this one knows as well.",
    )


def _print_fill(console: Console, sources: list[dict[str, Any]]) -> None:
    columns = ("name", "email", "phone", "postal_code", "birth_date")
    known = [source for source in sources if source["fill"]]
    if not known:
        return
    _heading(console, "How many of its customers a source knows by")
    table = make_table("Source", "Name", "E-mail", "Phone", "Postcode", "Birth date")
    for source in known:
        shares = (words.share(source["fill"].get(column)) for column in columns)
        table.add_row(escape(source["source_name"]), *shares)
    console.print(table)


def _print_problems(console: Console, sources: list[dict[str, Any]]) -> None:
    told = [
        f"{source['source_name']}: the licence ended on {source['expires_date']}"
        for source in sources
        if source["is_licence_expired"]
    ]
    for source in sources:
        told += [f"{source['source_name']}, {in_words(check)}" for check in source["checks"]]
    if not told:
        return
    _heading(console, "Not as good as asked for (seeds/quality_thresholds.csv)")
    for line in told:
        _say(console, f"warning: {line}")


def in_words(check: dict[str, Any]) -> str:
    """Say what a check of source_quality found, and what was asked for."""
    value, threshold = check["value"], check["threshold"]
    is_days = check["check_name"] == "freshness"
    is_most = is_days or check["check_name"] == "orphan_rate"
    found = _CHECKS[check["check_name"]].format(
        entity=words.plain(check["entity"]),
        column=str(check["column_name"]).replace("_", " "),
        share=words.share(value),
        days=words.count(int(value), "day") if is_days else "",
    )
    asked = words.count(int(threshold), "day") if is_days else words.share(threshold)
    return f"{found}; {'at most' if is_most else 'at least'} {asked} asked for"


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(f"[bold]{escape(text)}[/bold]", soft_wrap=True)


def _say(console: Console, text: str) -> None:
    console.print(escape(text))
