"""A table of orders is read alike everywhere: texts, typed columns, zones, what cannot be read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from comparing import compare
from engines import SERVERS

AMOUNTS = {
    "12.50": "12.50", "-12.50": "-12.50", "12.50-": "-12.50", "(12.50)": "-12.50",
    "(€12.50)": "-12.50", "$1,234.56": "1234.56", "1,234,567.00": "1234567.00",
    "1'234.50": "1234.50", "1\u00a0234.50": "1234.50", "1 234.50": "1234.50", "EUR 5": "5.00",
    "5 EUR": "5.00", "\u22123.10": "-3.10", ".5": "0.50", "7.": "7.00", "  8  ": "8.00",
    "1.005": "1.01", "-1.005": "-1.01", "0": "0.00", "12,50": None, "1,23": None, "1.234.567": None,
    "ten": None, "": None, "1e400": None, "NaN": None, "infinity": None, "--5": None,
    "5,000": "5000.00",
    "99999999999999999": None, "9999999999999999": "9999999999999999.00", "R$ 10": "10.00",
}  # fmt: skip
TIMES = {
    "2024-03-01": "2024-03-01 00:00:00", "2024-3-1": "2024-03-01 00:00:00",
    "2024-03-01 10:20:30": "2024-03-01 10:20:30", "2024-03-01T10:20:30": "2024-03-01 10:20:30",
    "2024-03-01 10:20": "2024-03-01 10:20:00",
    "2024-03-01T10:20:30.123456": "2024-03-01 10:20:30.123456",
    "2024-03-01T10:20:30Z": "2024-03-01 10:20:30", "2024-03-01 10:20:30 UTC": "2024-03-01 10:20:30",
    "2024-03-01T10:20:30+02:00": "2024-03-01 08:20:30",
    "2024-03-01 10:20:30+02": "2024-03-01 08:20:30",
    "2024-03-01 10:20:30 -0330": "2024-03-01 13:50:30",
    "2024-02-29": "2024-02-29 00:00:00", "2023-02-29": None, "2024-04-31": None,
    "2024-13-01": None, "2024-00-10": None, "2024-03-01 25:00:00": None, "01/03/2024": None,
    "20240301": None, "infinity": None, "now": None, "yesterday": None,
    "": None, "5th of May": None,
}  # fmt: skip


def staged(engine, **settings):
    """Build the staging view and what it reads; return its rows by order id, dates in the zone."""
    done = engine.build("--select", "+stg_table__orders", **settings)
    assert done.returncode == 0, done.stdout[-2000:]
    with engine.open() as warehouse:
        relation = warehouse.find_relation("stg_table__orders")
        rows = warehouse.records(f"select * from {relation}")
    return {row["order_id"]: row for row in rows}


def naive(value: datetime | None) -> datetime | None:
    return value and value.replace(tzinfo=None)


@pytest.fixture(scope="module")
def here(every_engine, tmp_path_factory):
    return every_engine.within("reading", tmp_path_factory.mktemp("reading"))


def test_amounts_as_text(here):
    here.load([("c", "2024-01-05", text, str(n)) for n, text in enumerate(AMOUNTS)])
    rows = staged(here)
    for number, (text, wanted) in enumerate(AMOUNTS.items()):
        amount = rows[str(number)]["amount"]
        assert amount == (None if wanted is None else Decimal(wanted)), text
        if wanted is None:
            reason = "amount_missing" if not text else "amount_unreadable"
            assert rows[str(number)]["quarantine_reason"] == reason


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_times_as_text(here, zone):
    here.load([("c", text, "1", str(n)) for n, text in enumerate(TIMES)])
    rows = staged(here, rfm_time_zone=zone, rfm_earliest_order_date="0001-01-01")
    for number, (text, wanted) in enumerate(TIMES.items()):
        found = naive(rows[str(number)]["ordered_at"])
        if wanted is None:
            assert found is None, text
            continue
        utc = datetime.fromisoformat(wanted)
        has_offset = text.endswith(("Z", "UTC")) or "+" in text or text.endswith("-0330")
        if zone != "UTC" and not has_offset:
            utc += timedelta(hours=5)
        assert found == utc, text
        # The date is the date in the zone, whatever the zone of the text.
        local = utc if zone == "UTC" else utc - timedelta(hours=5)
        assert rows[str(number)]["order_date"] == local.date(), text


TYPED = {
    "customer_id": "bigint",
    "ordered_at": "timestamp",
    "amount": "double precision",
    "order_id": "integer",
}
TYPED_ROWS = [
    (7, "2024-03-01 00:30:00", 12.34, 1),
    (7, "2024-03-01 23:30:00", 1.005, 2),
    (7, "2024-07-01 12:00:00.5", -2.675, 3),
    (None, "2024-07-01 12:00:00", 1, 4),
    (8, None, 1, 5),
    (8, "2024-07-01 12:00:00", None, 6),
]


@pytest.mark.parametrize("kind", ["timestamp", "timestamptz", "date"])
def test_typed_columns(here, kind):
    here.load(TYPED_ROWS, {**TYPED, "ordered_at": kind})
    rows = staged(here, rfm_time_zone="Europe/Berlin")
    amounts = [rows[str(n)]["amount"] for n in range(1, 7)]
    expected = [Decimal(text) for text in ("12.34", "1.00", "-2.68", "1.00", "1.00")] + [None]
    assert amounts == expected
    reasons = [rows[str(n)]["quarantine_reason"] for n in range(1, 7)]
    assert reasons == [None] * 3 + ["customer_missing", "date_missing", "amount_missing"]
    assert rows["1"]["source_customer_id"] == "7"
    dates = [rows[str(n)]["order_date"] for n in (1, 2, 3)]
    late = date(2024, 3, 2) if kind == "timestamptz" else date(2024, 3, 1)
    assert dates == [date(2024, 3, 1), late, date(2024, 7, 1)]
    if kind != "timestamptz":  # without a zone: Berlin's, an hour or two before UTC
        assert naive(rows["1"]["ordered_at"]).date() == date(2024, 2, 29)


def test_numbers_that_are_none(here):
    """Infinite and not-a-number amounts, and dates without end, are no orders."""
    if here.name == "spark":
        values, times = ["double('NaN')", "double('inf')", "1e300"], []
    else:
        values = [f"cast('{v}' as double precision)" for v in ("NaN", "infinity", "1e300")]
        times = ["infinity", "-infinity"]
    here.load([("c", "2024-01-05", 1.0, "0")], {**TYPED, "customer_id": "text", "order_id": "text"})
    with here.open() as warehouse:
        for number, value in enumerate(values, start=1):
            when = "cast('2024-01-05' as timestamp)"
            warehouse.query(f"insert into raw.orders select 'c', {when}, {value}, '{number}'")
        for number, time in enumerate(times, start=4):
            warehouse.query(
                f"insert into raw.orders select 'c', cast('{time}' as timestamp), 1, '{number}'"
            )
    rows = staged(here)
    found = {number: row["quarantine_reason"] for number, row in rows.items()}
    assert found.pop("0") is None
    assert {found[str(n)] for n in (1, 2, 3)} == {"amount_unreadable"}
    assert all(found[str(4 + n)] is not None for n in range(len(times)))


def test_a_missing_column_is_named(here):
    here.load([("c", "2024-01-05", "1", "1")])
    done = here.build("--select", "+stg_table__orders", rfm_table_amount="total")
    assert done.returncode != 0
    assert "no column total (setting rfm_table_amount)" in done.stdout
    assert "its columns are customer_id, ordered_at, amount, order_id" in done.stdout
    again = here.rfm("run", "--orders-table", "raw.orders", "--amount", "total", check=False)
    assert again.returncode == 2
    assert 'no column "total"' in again.stderr


MEASURES = ("recency", "frequency", "monetary")
ODD_NAMES = [
    "a",
    "B",
    "b",
    "A",
    "Ä",
    "ä",
    "z",
    "Z",
    "_x",
    "é",
    "e",
    "1",
    "10",
    "9",
    "ß",
    "ss",
    "😀",
]


@pytest.mark.parametrize("name", SERVERS)
def test_ties_are_broken_by_bytes_not_by_language(name, engine_of, tmp_path_factory):
    built = {}
    for engine in (engine_of("duckdb"), engine_of(name)):
        place = engine.within("odd", tmp_path_factory.mktemp("odd"))
        rows = [(who, "2024-01-05", "10", f"o{n}") for n, who in enumerate(ODD_NAMES)]
        rows += [(who, "rubbish", "10", None) for who in ODD_NAMES]
        place.load(rows)
        methods = {f"rfm_{m}_method": "ntile_independent" for m in MEASURES}
        done = place.build(
            "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test", "--select",
            "+customer_rfm", "+quarantined_rows",
            rfm_history_periods=0, **methods,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:]
        built[place.name] = place.marts()
    for mart in ("customer_rfm", "quarantined_rows"):
        comparison = compare(mart, built[name][mart], built["duckdb"][mart])
        assert comparison.rows == len(ODD_NAMES)
        assert not comparison.differences, comparison.differences
