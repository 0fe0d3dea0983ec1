"""A small company with tables of three systems, made by hand, whose columns are known."""

from __future__ import annotations

from pathlib import Path

import duckdb

SOURCES = """\
      office: [customers]
      till: [customers, orders]
      web: [customers, order_lines, orders, products, refunds]
"""
_TABLES = {
    "raw_office.people": """
        select i as person_id, 'Ann' || chr((97 + i % 7)::integer) as given_name,
            'Lee' || chr((97 + i % 20)::integer) as family_name,
            case when i % 4 <> 0 then 'p' || i || '@example.com' end as email_address,
            case when i % 3 = 0 then '+49 151 ' || (1000000 + i) end as mobile,
            lpad((10000 + i)::varchar, 5, '0') as zip, 'DE' as country_code,
            date '1950-01-01' + (i * 37 % 18000)::integer as date_of_birth,
            timestamp '2023-01-01' + to_days((i % 300)::integer) as created_on
        from range(1, 201) t(i)""",
    "raw_till.cards": """
        select '7700 ' || lpad(i::varchar, 4, '0') as card_no, 'Bob' as holder_first,
            'Ray' || chr((97 + i % 20)::integer) as holder_last, 'SW1A 1AA' as postcode,
            '+44 7911 ' || (100000 + i) as contact, '19801231' as birth_date
        from range(1, 101) t(i)""",
    "raw_till.receipts": """
        select i as receipt_no, timestamp '2024-01-01 10:00' + to_hours(i::integer) as sold_at,
            '7700 ' || lpad((1 + i % 100)::varchar, 4, '0') as card_no,
            (100 * i % 9000) as total_pence
        from range(1, 401) t(i)""",
    "raw_web.accounts_of_people": """
        select 'u_' || i as uid, 'p' || i || '@example.com' as contact,
            'Ann' || chr((97 + i % 7)::integer) as vorname,
            'Lee' || chr((97 + i % 20)::integer) as nachname,
            '31.12.1980' as geburtsdatum, '10115' as plz
        from range(1, 151) t(i)""",
    "raw_web.bestellungen": """
        select 'W-' || i as bestellnummer, 'u_' || (1 + i % 150) as kundennummer,
            strftime(timestamp '2024-01-01' + to_hours((i * 3)::integer),
                '%Y-%m-%dT%H:%M:%S+01:00') as bestelldatum,
            'EUR' as waehrung, (10 + i % 90)::decimal(12, 2) as betrag
        from range(1, 601) t(i)""",
    "raw_web.lines": """
        select 'W-' || (1 + i % 600) as order_no, 1 + (i // 600)::integer as line_no,
            'SKU' || i % 40 as sku, 1 as quantity, 9::decimal(12, 2) as line_total
        from range(0, 1200) t(i)""",
    "raw_web.refunds": """
        select 'R-' || i as refund_no, 'W-' || i as order_no,
            '2024-03-01T10:00:00+02:00' as refunded_at, 5::decimal(12, 2) as amount
        from range(1, 21) t(i)""",
    "raw_web.products": """
        select 'SKU' || i as sku, 'Lamp ' || i as title, 'Light' as category
        from range(0, 40) t(i)""",
}


def make_raw_company(database: Path) -> Path:
    """Write the tables into a DuckDB file."""
    with duckdb.connect(database) as connection:
        for name, sql in _TABLES.items():
            connection.execute(f"create schema if not exists {name.split('.')[0]}")
            connection.execute(f"create or replace table {name} as {sql}")
    return database
