"""What is found out about a file of orders before dbt reads it."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from rfm_cli.errors import BadInput
from rfm_cli.order_columns import normalise
from rfm_cli.orders_file import OrdersFile, Wishes, inspect

GOOD = "customer_id,ordered_at,amount\na,2024-01-31,10.50\nb,2024-02-01,1\n"


def write(tmp_path: Path, content: str | bytes, name: str = "orders.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def look(tmp_path: Path, content: str | bytes, **wishes: str) -> OrdersFile:
    return inspect(write(tmp_path, content), Wishes(**wishes))


def refusal(tmp_path: Path, content: str | bytes, **wishes: str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        look(tmp_path, content, **wishes)
    return caught.value


def test_plain_csv(tmp_path):
    found = look(tmp_path, GOOD)
    assert found.variables() == {
        "rfm_table_name": "",
        "rfm_file_path": str(tmp_path / "orders.csv"),
        "rfm_file_format": "csv",
        "rfm_file_delimiter": ",",
        "rfm_file_encoding": "utf-8",
        "rfm_file_customer_id": "customer_id",
        "rfm_file_ordered_at": "ordered_at",
        "rfm_file_amount": "amount",
        "rfm_file_order_id": "",
        "rfm_file_date_format": "",
        "rfm_file_decimal_mark": ".",
        "rfm_latest_order_date": found.latest_order_date.isoformat(),
    }
    assert found.row_count == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path, delimiter):
    assert look(tmp_path, GOOD.replace(",", delimiter)).delimiter == delimiter


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("latin-1", "latin-1")],
)
def test_encodings(tmp_path, codec, encoding):
    found = look(tmp_path, GOOD.replace("a,", "äö,").encode(codec))
    assert (found.encoding, found.columns.customer_id) == (encoding, "customer_id")


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends(tmp_path, line_end):
    assert look(tmp_path, GOOD.replace("\n", line_end)).row_count == 2


def test_windows_1252_names_the_way_out(tmp_path):
    error = refusal(tmp_path, GOOD.replace("a,", "€,").encode("cp1252"))
    assert "Windows-1252" in error.problem
    assert "UTF-8" in error.hint


def test_parquet_is_known_by_content(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "orders.csv"
    table = pa.table({"household_id": [1], "sales_value": [1.5], "order_date": [date(2024, 1, 1)]})
    pq.write_table(table, path)
    found = inspect(path, Wishes())
    assert (found.file_format, found.date_format, found.decimal_mark) == ("parquet", "", ".")
    assert found.columns.customer_id == "household_id"


def test_damaged_parquet(tmp_path):
    assert "damaged" in refusal(tmp_path, b"PAR1 and no more").problem


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "Name,Email,Financial Status,Paid at,Subtotal,Total,Created at,Lineitem quantity,Id",
            ("Email", "Paid at|Created at", "Total"),
        ),
        (
            "Order ID,Order Date,Customer ID,Order Total",
            ("Customer ID", "Order Date", "Order Total"),
        ),
        ("id,Amount,Created (UTC),Customer ID", ("Customer ID", "Created (UTC)", "Amount")),
        (
            "household_id,basket_id,transaction_timestamp,sales_value",
            ("household_id", "transaction_timestamp", "sales_value"),
        ),
        ("CustomerID,InvoiceDate,Invoice No,Revenue", ("CustomerID", "InvoiceDate", "Revenue")),
        ("CUSTOMER NUMBER,date,Dollar Value", ("CUSTOMER NUMBER", "date", "Dollar Value")),
        ("Kunden-ID,Bestelldatum,Betrag", ("Kunden-ID", "Bestelldatum", "Betrag")),
    ],
)
def test_headings_of_common_exports(tmp_path, header, expected):
    names = header.split(",")
    customer, dated, amount = expected
    values = {customer: "c1", amount: "12.50", **dict.fromkeys(dated.split("|"), "2024-01-31")}
    content = header + "\n" + ",".join(values.get(name, "x") for name in names) + "\n"
    wishes = {"ordered_at": dated.split("|")[1]} if "|" in dated else {}
    columns = look(tmp_path, content, **wishes).columns
    assert (columns.customer_id, columns.amount) == (customer, amount)
    assert columns.ordered_at in dated.split("|")


def test_order_id_is_found(tmp_path):
    content = "customer_id,order_date,amount,Order Number\na,2024-01-01,1,77\n"
    assert look(tmp_path, content).columns.order_id == "Order Number"


def test_columns_by_content(tmp_path):
    content = "client,bought,worth\na,2024-01-31,10.50\nb,2024-02-01,12.25\n"
    columns = look(tmp_path, content).columns
    assert (columns.customer_id, columns.ordered_at, columns.amount) == (
        "client",
        "bought",
        "worth",
    )


def test_normalised_headings():
    assert normalise("Créated At (UTC)") == "created_at_utc"
    assert normalise("CustomerID") == normalise(" customer-id ") == "customer_id"


def test_ambiguous_column(tmp_path):
    error = refusal(tmp_path, "customer_id,order_date,invoice_date,amount\na,2024-01-01,x,1\n")
    assert "order_date, invoice_date" in error.problem
    assert "--ordered-at" in error.hint


def test_missing_column_names_flag_and_columns(tmp_path):
    error = refusal(tmp_path, "who,ordered_at,amount\na,2024-01-01,1\n")
    assert "who, ordered_at, amount" in error.where
    assert "--customer-id" in error.hint


def test_quantity_and_price_is_no_amount(tmp_path):
    error = refusal(tmp_path, "CustomerID,InvoiceDate,Quantity,UnitPrice\na,2024-01-01,2,3.50\n")
    assert "quantity x unit price" in error.hint


def test_wrong_column_lists_the_closest_first(tmp_path):
    error = refusal(tmp_path, GOOD, amount="amuont")
    assert error.hint.split(": ")[1].startswith("amount")
    assert "--amount" in error.where


def test_column_names_match_in_any_case(tmp_path):
    content = GOOD.replace("customer_id", "Customer Id")
    assert look(tmp_path, content, customer_id="CUSTOMER ID").columns.customer_id == "Customer Id"


def dates(*values: str) -> str:
    return "customer_id;order_date;amount\n" + "".join(f"a;{value};1.00\n" for value in values)


@pytest.mark.parametrize(
    ("values", "date_format"),
    [
        (["2024-01-31", "2024-02-01T10:00:00Z"], ""),
        (["2024-01-31 12:04:33 -0500"], ""),
        (["20240131", "20240201"], "%Y%m%d"),
        (["31/01/2024", "01/02/2024"], "%d/%m/%Y"),
        (["01/31/2024", "02/01/2024"], "%m/%d/%Y"),
        (["31.01.2024"], "%d.%m.%Y"),
        (["31-01-2024"], "%d-%m-%Y"),
        (["2024/01/31"], "%Y/%m/%d"),
        (["31/01/24"], "%d/%m/%y"),
        (["1/31/2024 9:05"], "%m/%d/%Y %H:%M"),
        (["31.01.2024 09:05:00"], "%d.%m.%Y %H:%M:%S"),
        (["31 Jan 2024"], "%d %b %Y"),
        (["Jan 31, 2024"], "%b %d, %Y"),
        (["1/31/2024 9:05 PM"], "%m/%d/%Y %I:%M %p"),
        (["05/05/2024"], "%d/%m/%Y"),
    ],
)
def test_date_formats(tmp_path, values, date_format):
    assert look(tmp_path, dates(*values)).date_format == date_format


def test_a_few_bad_dates_do_not_matter(tmp_path):
    assert look(tmp_path, dates("31/01/2024", "30/01/2024", "soon", "")).date_format == "%d/%m/%Y"


def test_ambiguous_dates(tmp_path):
    error = refusal(tmp_path, dates("01/02/2024", "03/04/2024"))
    assert "%d/%m/%Y" in error.problem
    assert "--date-format" in error.hint
    assert look(tmp_path, dates("01/02/2024"), date_format="%m/%d/%Y").date_format == "%m/%d/%Y"


def test_unreadable_dates_show_three(tmp_path):
    error = refusal(tmp_path, dates("soon", "later", "never", "2024-01-01"))
    assert error.problem.count('"') == 6
    assert "order_date" in error.where


def test_wrong_date_format(tmp_path):
    assert "reads none" in refusal(tmp_path, GOOD, date_format="%d/%m/%Y").problem
    assert "not a date format" in refusal(tmp_path, GOOD, date_format="%Q").problem


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (["1.234,56", "12"], ","),
        (["1,234.56", "12"], "."),
        (["12,50 €", "(3,20)"], ","),
        (["$12.50", "-$3.20"], "."),
        (["1,234"], "."),
        (["100", "200"], "."),
    ],
)
def test_decimal_marks(tmp_path, values, mark):
    content = "customer_id;order_date;amount\n"
    content += "".join(f"a;2024-01-01;{value}\n" for value in values)
    assert look(tmp_path, content).decimal_mark == mark


def test_latest_date_is_the_day_after_the_file_was_written(tmp_path):
    path = write(tmp_path, GOOD)
    os.utime(path, (1_707_000_000, 1_707_000_000))  # 2024-02-03
    assert inspect(path, Wishes()).latest_order_date == date(2024, 2, 4)


def test_an_incredible_file_date_is_ignored(tmp_path):
    path = write(tmp_path, GOOD)
    os.utime(path, (0, 0))
    found = inspect(path, Wishes())
    assert found.latest_order_date is None
    assert "future dates are not checked" in found.notes[0]
    assert found.variables()["rfm_latest_order_date"] == "2200-12-31"


def test_missing_file(tmp_path):
    write(tmp_path, GOOD)
    with pytest.raises(BadInput) as caught:
        inspect(tmp_path / "order.csv", Wishes())
    assert caught.value.hint == "did you mean orders.csv?"


def test_folder(tmp_path):
    with pytest.raises(BadInput, match="folder"):
        inspect(tmp_path, Wishes())


@pytest.mark.parametrize("content", ["", "\n  \n"])
def test_empty_file(tmp_path, content):
    assert "empty" in refusal(tmp_path, content).problem


def test_header_only(tmp_path):
    assert "header and no orders" in refusal(tmp_path, GOOD.splitlines()[0] + "\n").problem


def test_one_column(tmp_path):
    assert "one column" in refusal(tmp_path, "hello\nworld\n").problem


def test_no_header(tmp_path):
    error = refusal(tmp_path, "1,2024-01-01,11.77\n2,2024-01-02,12.00\n")
    assert "first line must hold the names" in error.hint


@pytest.mark.parametrize("extra", [",9", None])
def test_ragged_line(tmp_path, extra):
    bad = "c,2024-01-01,4" + extra if extra else "c,2024-01-01"
    error = refusal(tmp_path, GOOD + bad + "\n")
    assert error.where.endswith("orders.csv, line 4")
    assert "the header has 3" in error.problem


def test_open_quote(tmp_path):
    error = refusal(tmp_path, GOOD + '"c,2024-01-01,4\nd,2024-01-01,5\n')
    assert "never closed" in error.problem


@pytest.mark.parametrize("magic", [b"PK\x03\x04", b"\x1f\x8b\x08", b"\xd0\xcf\x11\xe0"])
def test_other_formats(tmp_path, magic):
    assert refusal(tmp_path, magic + b"rest").hint


def test_a_column_that_is_there_twice(tmp_path):
    error = refusal(tmp_path, "customer_id,amount,Amount,date\na,1,2,2024-01-01\n", amount="Amount")
    assert "more than one column" in error.problem


def test_quotes_in_names(tmp_path):
    content = 'it\'s "me",order_date,amount\na,2024-01-01,1\n'.replace('"me"', "me")
    assert look(tmp_path, content, customer_id="it's me").columns.customer_id == "it's me"
