"""What is written in a file is what is scored: dates, money, and every row."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest


def staged(warehouse, path: Path, **variables):
    warehouse.build("+stg_file__orders", rfm_file_path=str(path), **variables)
    return warehouse.rows(
        "select order_id, ordered_at, order_date, amount, quarantine_reason"
        " from main_staging.stg_file__orders order by source_row_number"
    )


def write(path: Path, column: str, values: list[str]) -> Path:
    """One row per value of the column, everything else ordinary; the value is quoted."""
    rows = {"ordered_at": "2024-01-05", "amount": "1.00"}
    lines = ["customer_id;ordered_at;amount;order_id"]
    for number, value in enumerate(values):
        row = rows | {column: '"' + value.replace('"', '""') + '"'}
        lines.append(f"c{number % 3};{row['ordered_at']};{row['amount']};{number}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


POINT = {
    "12.50": "12.50",
    "1234": "1234.00",
    "1,234.50": "1234.50",
    "1 234.50": "1234.50",
    "1\u00a0234.50": "1234.50",
    "1'234.50": "1234.50",
    "$12.50": "12.50",
    "-$12.50": "-12.50",
    "$-12.50": "-12.50",
    "12.50 EUR": "12.50",
    "USD 12.50": "12.50",
    "R$ 5.00": "5.00",
    "7.00 kr": "7.00",
    "(12.50)": "-12.50",
    "12.50-": "-12.50",
    "\u22125.00": "-5.00",
    ".5": "0.50",
    "12,50": None,
    "1234,567": None,
    "abc12": None,
    "ten": None,
    "1.2.3": None,
    "-": None,
}
COMMA = {
    "12,50": "12.50",
    "1.234,50": "1234.50",
    "1\u202f234,50": "1234.50",
    "€ 12,50": "12.50",
    "-12,50 €": "-12.50",
    "1.234.567": "1234567.00",
    "1.50": None,
    "1.5": None,
}


@pytest.mark.parametrize(("mark", "amounts"), [(".", POINT), (",", COMMA)])
def test_amounts_are_read_or_left_out_never_guessed(warehouse, tmp_path, mark, amounts):
    rows = staged(
        warehouse,
        write(tmp_path / "orders.csv", "amount", list(amounts)),
        rfm_file_delimiter=";",
        rfm_file_order_id="order_id",
        rfm_file_decimal_mark=mark,
    )
    found = {text: row[3] for text, row in zip(amounts, rows, strict=True)}
    assert found == {text: wanted and Decimal(wanted) for text, wanted in amounts.items()}
    reasons = {text for text, row in zip(amounts, rows, strict=True) if row[4]}
    assert reasons == {text for text, wanted in amounts.items() if wanted is None}


TIMES = {
    "2024-01-31": "2024-01-30 23:00:00",
    "2024-01-31 23:30:00": "2024-01-31 22:30:00",
    "2024-01-31T23:30:00Z": "2024-01-31 23:30:00",
    "2024-01-31 23:30:00Z ": "2024-01-31 23:30:00",
    "2024-01-31 23:30:00 UTC": "2024-01-31 23:30:00",
    "2024-01-31 12:04:33 -0500": "2024-01-31 17:04:33",
    "2024-01-31 12:04:33 -05:00": "2024-01-31 17:04:33",
    "2024-01-31T12:04:33.5+05:30": "2024-01-31 06:34:33.500000",
    "infinity": None,
    "epoch": None,
    "tomorrow": None,
}


def test_times_with_an_offset_are_instants_others_are_local(warehouse, tmp_path):
    """In Berlin, an hour ahead of UTC in winter."""
    rows = staged(
        warehouse,
        write(tmp_path / "orders.csv", "ordered_at", list(TIMES)),
        rfm_file_delimiter=";",
        rfm_file_order_id="order_id",
        rfm_time_zone="Europe/Berlin",
    )
    found = {text: row[1] for text, row in zip(TIMES, rows, strict=True)}
    wanted = {text: at and datetime.fromisoformat(at) for text, at in TIMES.items()}
    assert found == wanted
    dates = {text: row[2].isoformat() for text, row in zip(TIMES, rows, strict=True) if row[2]}
    assert dates["2024-01-31 23:30:00"] == "2024-01-31"
    assert dates["2024-01-31T23:30:00Z"] == "2024-02-01"


def test_in_utc_times_without_an_offset_are_utc(warehouse, tmp_path):
    """The default zone has a shorter way of reading; it must read the same."""
    rows = staged(
        warehouse,
        write(tmp_path / "orders.csv", "ordered_at", list(TIMES)),
        rfm_file_delimiter=";",
        rfm_file_order_id="order_id",
    )
    local = {
        "2024-01-31": "2024-01-31 00:00:00",
        "2024-01-31 23:30:00": "2024-01-31 23:30:00",
    }
    wanted = [at and datetime.fromisoformat(at) for at in (TIMES | local).values()]
    assert [row[1] for row in rows] == wanted


def test_a_format_with_an_offset_is_an_instant(warehouse, tmp_path):
    rows = staged(
        warehouse,
        write(tmp_path / "orders.csv", "ordered_at", ["31/01/2024 23:30 +0000"]),
        rfm_file_delimiter=";",
        rfm_file_order_id="order_id",
        rfm_file_date_format="%d/%m/%Y %H:%M %z",
        rfm_time_zone="Europe/Berlin",
    )
    assert rows[0][1:3] == (datetime(2024, 1, 31, 23, 30), datetime(2024, 2, 1).date())


def test_typed_instants_and_local_times(warehouse, tmp_path):
    path = tmp_path / "orders.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 'a' as customer_id, 1 as amount, '1' as order_id,"
            " timestamptz '2024-01-31 23:30:00+00' as ordered_at)"
            f" to '{path}' (format parquet)"
        )
    rows = staged(
        warehouse,
        path,
        rfm_file_format="parquet",
        rfm_file_order_id="order_id",
        rfm_time_zone="Europe/Berlin",
    )
    assert rows[0][1:3] == (datetime(2024, 1, 31, 23, 30), datetime(2024, 2, 1).date())


def test_rows_that_begin_with_a_hash_are_rows(warehouse, tmp_path):
    path = tmp_path / "orders.csv"
    lines = ["customer_id,ordered_at,amount,order_id"]
    lines += [f"c{n},2024-01-02,1.00,#{1000 + n}" for n in range(30)]
    lines += [f"#web{n},2024-01-02,1.00,#{1030 + n}" for n in range(30)]
    path.write_text("\n".join(lines) + "\n")
    assert len(staged(warehouse, path, rfm_file_order_id="order_id")) == 60
