"""The facts of a round in words and tables that fit 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape

from rfm_cli import words
from rfm_cli.console import Reporter, make_table, stdout
from rfm_cli.group_facts import groups_in_words
from rfm_cli.orders_file import OrdersFile
from rfm_cli.orders_table import OrdersTable
from rfm_cli.summary import SCORES, Facts
from rfm_cli.warehouse.targets import DEFAULT_DATABASE

if TYPE_CHECKING:
    from rich.console import Console


_NO_ORDER_ID = "none, so orders of one day are one order"


def print_source(orders: OrdersFile | OrdersTable, reporter: Reporter) -> None:
    """Say how the orders are read, before the long part begins."""
    if isinstance(orders, OrdersFile):
        _print_file(orders, reporter)
    else:
        _print_table(orders, reporter)


def _print_table(table: OrdersTable, reporter: Reporter) -> None:
    columns = table.columns
    reporter.note(f"{table.name}: a table of the warehouse")
    reporter.note(
        f"  customer {columns.customer_id} | date {columns.ordered_at} | amount {columns.amount}"
        f" | order id {columns.order_id or _NO_ORDER_ID}"
    )


def _print_file(file: OrdersFile, reporter: Reporter) -> None:
    columns = file.columns
    order_id = columns.order_id or _NO_ORDER_ID
    kind = "Parquet" if file.file_format == "parquet" else "CSV"
    dates = file.date_format or ("ISO" if file.file_format == "csv" else "typed")
    reporter.note(f"{file.path.name}: {kind}, {words.count(file.row_count, 'row')}")
    reporter.note(
        f"  customer {columns.customer_id} | date {columns.ordered_at} ({dates}) | "
        f"amount {columns.amount} (decimal {file.decimal_mark}) | order id {order_id}"
    )
    for note in file.notes:
        reporter.note(f"  note: {note}")


def print_summary(facts: Facts) -> None:
    """Print what a round came to on stdout."""
    console = stdout()
    _print_totals(console, facts)
    _print_segments(console, facts)
    _print_grid(console, facts)
    _print_ltv(console, facts)
    _print_best(console, facts)
    _print_next(console, facts)


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(f"[bold]{escape(text)}[/bold]", soft_wrap=True)


def _say(console: Console, text: str) -> None:
    console.print(escape(text))


def _print_totals(console: Console, facts: Facts) -> None:
    rows = facts["rows"]
    _heading(console, f"Customers as of {facts['as_of_date']}")
    records = facts["records"]
    if records:
        people = words.count(records["customer_count"], "person or company", "people and companies")
        _say(
            console,
            f"{words.count(records['record_count'], 'record')} of "
            f"{words.count(records['source_count'], 'system')} are {people}.",
        )
    silent = facts["without_order_count"]
    without = f" ({silent:,} without an order)" if silent else ""
    _say(
        console,
        f"{words.count(facts['customer_count'], 'customer')}{without}, "
        f"{words.count(facts['order_count'], 'order')} from {facts['first_order_date']} to "
        f"{facts['last_order_date']}, revenue {words.money(facts['revenue_amount'])}.",
    )
    measure = words.MEASURE_NAMES.get(facts["monetary_measure"], facts["monetary_measure"])
    _say(console, f"Money is measured as {measure}.")
    used = rows["usable_row_count"] - rows["not_yet_row_count"]
    _say(console, f"{words.count(used, 'row')} of orders used of {rows['row_count']:,}.")
    if rows["not_yet_row_count"]:
        _say(
            console,
            f"{words.count(rows['not_yet_row_count'], 'row')} not yet: dated on or after the "
            "as-of date.",
        )
    for code, number in rows["quarantined"].items():
        _say(console, f"{words.count(number, 'row')} left out: {words.reason(code)} ({code}).")
    for other in rows["quarantined_elsewhere"]:
        of_entity = f"{words.count(other['row_count'], 'row')} of {words.plain(other['entity'])}"
        code = other["quarantine_reason"]
        _say(console, f"{of_entity} left out: {words.reason(code)} ({code}).")
    if rows["quarantined"] or rows["quarantined_elsewhere"]:
        _say(console, "See them with: rfm export quarantined_rows")
    for warning in facts.get("warnings", []):
        claim = warning["claim"] or warning["test"]
        _say(console, f"warning: {words.count(warning['row_count'], 'row')} against: {claim}")


def _print_segments(console: Console, facts: Facts) -> None:
    _heading(console, "Segments")
    money = "Revenue" if facts["monetary_measure"] == "net_revenue" else "Profit"
    table = make_table("Segment", "Customers", "Share", money, "Share", "Last order")
    for segment in facts["segments"]:
        days = round(segment["mean_recency_days"])
        table.add_row(
            escape(str(segment["rfm_segment"])),
            f"{segment['customer_count']:,}",
            words.share(segment["customer_share"]),
            words.whole_money(segment["monetary_amount"]),
            words.share(segment["monetary_share"]),
            f"{words.count(days, 'day')} ago",
        )
    console.print(table)
    few = {m: n for m, n in facts["scores_used"].items() if n < SCORES}
    if few:
        told = ", ".join(f"{measure} uses {number} of {SCORES}" for measure, number in few.items())
        _say(console, f"Not every score has customers: {told}.")
    for measure, share in facts["tie_dependence"].items():
        _say(
            console,
            f"Ties: for {100 * share:.1f} % of the customers the id decided the {measure} score,"
            " because others with the same value have another one.",
        )
    if facts["dates_with_other_settings"]:
        dates = words.count(len(facts["dates_with_other_settings"]), "earlier date")
        _say(
            console,
            f"Scored with other settings: {dates} of the history."
            " `rfm run --restate` computes the history anew.",
        )


def _print_grid(console: Console, facts: Facts) -> None:
    _heading(console, "Customers by past value (rows) and future value (columns), 5 is best")
    cells = {(c["past_score"], c["future_score"]): c for c in facts["value_cells"]}
    scores = range(SCORES, 0, -1)
    table = make_table("", *(f"F{score}" for score in scores))
    for past in scores:
        numbers = [_grid_cell(cells.get((past, future))) for future in scores]
        table.add_row(f"P{past}", *numbers)
    console.print(table)
    strategies: dict[str, int] = {}
    for cell in facts["value_cells"]:
        name = cell["value_strategy"]
        strategies[name] = strategies.get(name, 0) + cell["customer_count"]
    told = ", ".join(f"{name.replace('_', ' ')} {n:,}" for name, n in strategies.items())
    _say(console, f"Strategies: {told}.")


def _grid_cell(cell: dict[str, Any] | None) -> str:
    return f"{cell['customer_count']:,}" if cell and cell["customer_count"] else "."


def _print_ltv(console: Console, facts: Facts) -> None:
    _heading(console, "Lifetime value")
    ltv = facts["ltv"]
    method = words.MODEL_NAMES.get(ltv["method"], ltv["method"])
    if "parameters" in ltv:
        _say(console, f"Method: {method}, fitted as of {ltv['fitted_as_of_date']}.")
        for line in (*words.fit_in_words(ltv), *groups_in_words(ltv["groups"])):
            _say(console, line)
    else:
        for line in words.baseline_in_words(ltv):
            _say(console, line)
    learned = facts.get("learned")
    if learned and learned["refusal_reason"]:
        what = "No fits of groups" if learned["is_accepted"] else "No new fit"
        _say(console, f"{what}: {learned['refusal_reason']}")
    _say(console, words.totals_in_words(ltv))
    for warning in ltv["warnings"]:
        _say(console, f"warning: {warning}")


def _print_best(console: Console, facts: Facts) -> None:
    _heading(console, "Best customers by lifetime value")
    if not facts["best_customers"]:
        _say(console, "Nobody has a value above zero.")
    for best in facts["best_customers"]:
        _say(console, f"{best['customer_id']}: {best['reasons']}")


def _print_next(console: Console, facts: Facts) -> None:
    _heading(console, f"Everything is in {facts['database']}")
    is_file = facts["engine"] == "duckdb"
    here = facts["database"] == str(DEFAULT_DATABASE.resolve())
    option = f" --database {facts['database']}" if is_file else f" --target {facts['target']}"
    option = "" if here else option
    best = facts["best_customers"]
    who = best[0]["customer_id"] if best else "CUSTOMER"
    for command in (f"explain {who}", "report", "export best_customers"):
        console.print(escape(f"  rfm {command}{option}"), soft_wrap=True)
