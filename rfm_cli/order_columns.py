"""Which column of a file is the customer, the date, the amount and the order."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rfm_cli.errors import BadInput
from rfm_cli.warehouse.base import quote
from rfm_cli.warehouse.duckdb import first_row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from rfm_cli.orders_file import Wishes

# The names a column goes by, most certain first; names in one row are equally likely, so two of
# them in one file are a question, not an answer. Exports named: Shopify, WooCommerce, Stripe,
# Magento, Square, the UCI retail files, completejourney, CDNOW.
_NAMES: dict[str, tuple[str, ...]] = {
    "customer_id": (
        "customer_id",
        "customer customer_no customer_number customer_key customer_code cust_id custid client_id "
        "household_id household_key member_id user_id buyer_id shopper_id account_id contact_id "
        "loyalty_id card_id kunden_id kundennummer id_client",
        "client user member buyer household cust kunde",
        "customer_email email email_address billing_email e_mail",
    ),
    "ordered_at": (
        "ordered_at",
        "order_date order_datetime order_timestamp order_time date_ordered purchase_date "
        "purchased_at purchase_timestamp transaction_timestamp transaction_date transaction_time "
        "invoice_date sale_date sales_date order_purchase_timestamp date_of_order bestelldatum",
        "created_at created_utc date_created created paid_at order_created_at "
        "processed_at completed_at",
        "date datetime timestamp day time datum fecha",
    ),
    "amount": (
        "amount",
        "order_amount order_total order_value total_amount total_price sales_value sales_amount "
        "net_amount revenue order_total_amount grand_total transaction_amount purchase_amount "
        "invoice_amount payment_value monetary_value dollar_value net_sales",
        "total sales value spend price_paid paid gross_amount betrag umsatz importe montant",
    ),
    "order_id": (
        "order_id",
        "order_no order_number order_key order_code basket_id invoice_no invoice_id "
        "invoice_number invoice transaction_id receipt_id receipt_no ticket_id bestellnummer",
        "order basket receipt charge_id payment_id",
    ),
}
_WORDS = {
    "customer_id": "the customer",
    "ordered_at": "the date of the order",
    "amount": "the amount",
    "order_id": "the order id",
}
# Files whose headings look like these need a column that they do not have.
_QUANTITY = {"quantity", "qty"}
_UNIT_PRICE = {"unit_price", "unitprice", "price", "item_price", "lineitem_price"}
# Decimals that are not what an order came to.
_NOT_MONEY = re.compile(r"price|tax|vat|discount|shipping|cost|fee|rate|percent|weight|lat|lon|lng")
_SAMPLE_ROWS = 10_000
_MOST = 0.95


@dataclass(frozen=True)
class ColumnChoice:
    """The columns to read, spelled as in the file; no order id where there is none."""

    customer_id: str
    ordered_at: str
    amount: str
    order_id: str | None


def flag(role: str) -> str:
    """Name the command line option for a column."""
    return "--" + role.replace("_", "-")


def choose(
    connection: DuckDBPyConnection | None,
    where: Path | str,
    types: Mapping[str, str],
    wishes: Wishes,
) -> ColumnChoice:
    """Take the columns that were asked for, guess the others by name and then by content.

    Args:
        connection: DuckDB with the view file_rows; None for a table, where names must do.
        where: the file or the table, for messages.
        types: the type of each column of the file.
        wishes: the columns that were asked for.

    Raises:
        BadInput: a column does not exist, is missing, or could be one of several.
    """
    chosen: dict[str, str | None] = {role: _wanted(where, role, wishes, types) for role in _NAMES}
    for role in _NAMES:
        if chosen[role] is None:
            free = [name for name in types if name not in chosen.values()]
            chosen[role] = _by_name(where, role, free)
    for role in ("ordered_at", "amount"):
        if chosen[role] is None and connection is not None:
            free = [name for name in types if name not in chosen.values()]
            chosen[role] = _by_content(connection, role, free, types)
    for role in ("customer_id", "ordered_at", "amount"):
        if chosen[role] is None:
            raise _missing(where, role, types)
    return ColumnChoice(
        customer_id=chosen["customer_id"] or "",
        ordered_at=chosen["ordered_at"] or "",
        amount=chosen["amount"] or "",
        order_id=chosen["order_id"],
    )


def normalise(name: str) -> str:
    """Strip a heading of case, accents, spaces and punctuation.

    `Créated At (UTC)` becomes created_at_utc, `CustomerID` and `customerId` become customer_id.
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip().lstrip("\ufeff"))
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def _wanted(where: Path | str, role: str, wishes: Wishes, columns: Iterable[str]) -> str | None:
    wish: str | None = getattr(wishes, role)
    if wish is None:
        return None
    names = list(columns)
    if wish in names:
        return wish
    same = [name for name in names if name.strip().lower() == wish.strip().lower()]
    if same:
        return same[0]
    nearness = {n: difflib.SequenceMatcher(None, n.lower(), wish.lower()).ratio() for n in names}
    names.sort(key=lambda name: -nearness[name])
    raise BadInput(
        f'the file has no column "{wish}"',
        where=f"{where}, {wishes.origin(role)}",
        hint="its columns are, closest first: " + ", ".join(names),
    )


def _by_name(where: Path | str, role: str, free: list[str]) -> str | None:
    normalised = {name: normalise(name) for name in free}
    for tier in _NAMES[role]:
        matches = [name for name in free if normalised[name] in tier.split()]
        if len(matches) == 1:
            return matches[0]
        if matches and role != "order_id":
            raise BadInput(
                f"{_WORDS[role]} could be in any of these columns: {', '.join(matches)}",
                where=str(where),
                hint=f'say which with {flag(role)} "{matches[0]}"',
            )
    return None


def _by_content(
    connection: DuckDBPyConnection, role: str, free: list[str], types: Mapping[str, str]
) -> str | None:
    """Find the only free column whose values are dates, or money with decimals; None if not one."""
    from rfm_cli.order_values import looks_like_dates, looks_like_money

    test = looks_like_dates if role == "ordered_at" else looks_like_money
    sample = f"(select * from file_rows limit {_SAMPLE_ROWS})"
    matches = []
    for name in free:
        if role == "amount" and _NOT_MONEY.search(normalise(name)):
            continue
        (share,) = first_row(
            connection,
            f"select avg(cast({test(quote(name), types[name])} as integer)) "
            f"from {sample} where {quote(name)} is not null",
        )
        if share is not None and share >= _MOST:
            matches.append(name)
    return matches[0] if len(matches) == 1 else None


def _missing(where: Path | str, role: str, types: Mapping[str, str]) -> BadInput:
    found = {normalise(name) for name in types}
    hint = f"say which column it is: {flag(role)} COLUMN"
    if role == "amount" and found & _QUANTITY and found & _UNIT_PRICE:
        hint = "add a column with quantity x unit price to the file, and name it amount"
    elif any(re.fullmatch(r"[\d.,:/ -]+", name) for name in types):
        hint = "the first line must hold the names of the columns"
    return BadInput(
        f"no column of the file is known to be {_WORDS[role]}",
        where=f"{where}; its columns are {', '.join(types)}",
        hint=hint,
    )
