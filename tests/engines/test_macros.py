"""Macros whose SQL differs between engines say the same everywhere."""

from __future__ import annotations

import json
import subprocess

import pytest
from engines import DBT, PROJECT, TIMEOUT_SECONDS

ZONE = "Europe/Berlin"

# An expression, and what it is as text.
EXPRESSIONS = {
    # 2 to the power of -2000 is too small for a double.
    "case when {{ power_of(double_literal(2), '-2000') }} = 0 then 'none' end": "none",
    "case when abs({{ power_of(double_literal(1.5), '-3') }} - {{ double_literal(8 / 27) }})"
    " < 1e-15 then 'ok' end": "ok",
    "{{ double_to_money(double_literal(1.005)) }}": "1.00",
    "{{ double_to_money(double_literal(0.125)) }}": "0.13",
    "{{ double_to_money(double_literal(-2.675)) }}": "-2.68",
    "{{ double_to_money(double_literal(12345678901.23)) }}": "12345678901.23",
    "{{ divide_money('cast(-0.05 as decimal(18, 2))', '2') }}": "-0.03",
    "{{ divide_money('cast(9000000000000000 as decimal(18, 2))', '2') }}": "4500000000000000.00",
    "{{ replace_pattern(\"'a1b2'\", '([0-9])', '<1>') }}": "a1b2",
    "{{ replace_pattern(\"'a1b2'\", '[0-9]', '-') }}": "a-b-",
    "case when {{ matches_pattern(\"'12'\", '^[0-9]+$') }} then 'yes' else 'no' end": "yes",
    "case when {{ matches_pattern(\"'1x'\", '^[0-9]+$') }} then 'yes' else 'no' end": "no",
    "cast({{ to_reporting_date(time('2024-03-01 23:30:00')) }} as {{ dbt.type_string() }})": (
        "2024-03-02"
    ),
    "cast({{ local_to_utc(time('2024-07-01 12:00:00')) }} as {{ dbt.type_string() }})": (
        "2024-07-01 10:00:00"
    ),
    # The hour that clocks skip: an hour later it is the same moment.
    "cast({{ local_to_utc(time('2024-03-31 02:30:00')) }} as {{ dbt.type_string() }})": (
        "2024-03-31 01:30:00"
    ),
    # The hour that clocks repeat: the second is meant.
    "cast({{ local_to_utc(time('2024-10-27 02:30:00')) }} as {{ dbt.type_string() }})": (
        "2024-10-27 01:30:00"
    ),
    "cast({{ local_to_utc(time('2024-07-01 12:00:00'), 'America/New_York') }}"
    " as {{ dbt.type_string() }})": "2024-07-01 16:00:00",
    "{{ replace_pattern(\"'31.12.1980'\", '^([0-9]+)[.]([0-9]+)[.]([0-9]+)$', '<3>-<2>-<1>') }}": (
        "1980-12-31"
    ),
    "cast({{ parse_date(\"'31.12.1980'\", 'text', 'dd.mm.yyyy') }} as {{ dbt.type_string() }})": (
        "1980-12-31"
    ),
    "cast({{ parse_date('19801231', 'number', 'yyyymmdd') }} as {{ dbt.type_string() }})": (
        "1980-12-31"
    ),
    "case when {{ parse_date(\"'20230230'\", 'text', 'yyyymmdd') }} is null"
    " then 'none' end": "none",
    "cast({{ parse_epoch_ms('1704448800123') }} as {{ dbt.type_string() }})": (
        "2024-01-05 10:00:00.123"
    ),
    "case when {{ parse_epoch_ms('999999999999999999') }} is null then 'none' end": "none",
    "cast({{ pence_to_money('-1999') }} as {{ dbt.type_string() }})": "-19.99",
    "case when {{ pence_to_money(\"'19.99'\") }} is null then 'none' end": "none",
    "cast({{ parse_integer(\"'17.0'\") }} as {{ dbt.type_string() }})": "17",
    "case when {{ parse_integer(\"'17.5'\") }} is null then 'none' end": "none",
    "cast({{ parse_rate(\"'2.12345'\", 'text') }} as {{ dbt.type_string() }})": "2.12345000",
    "{{ clean_key(\"'17.0'\") }}": "17",
    "{{ clean_compact(\"' 7700 1234 '\") }}": "77001234",
    "case when {{ parse_boolean(\"'T'\") }} then 'yes' end": "yes",
}


def evaluate(engine, expressions, **settings) -> list[object]:
    """Let dbt render and run one query; macros are written as in models."""
    columns = ", ".join(f"{text} as c{n}" for n, text in enumerate(expressions))
    columns = columns.replace("time('", "\"cast('").replace("')) }}", "' as timestamp)\") }}")
    columns = columns.replace("'), '", "' as timestamp)\", '")
    done = subprocess.run(
        [
            str(DBT), "--quiet", "show", "--inline", f"select {columns}", "--output", "json",
            "--log-format", "text", "--profiles-dir", str(PROJECT), "--project-dir", str(PROJECT),
            "--target", engine.name, "--target-path", str(engine.folder / "target"),
            "--log-path", str(engine.folder / "logs"), "--vars", json.dumps(settings),
        ],
        env=engine.variables(RFM_DUCKDB_PATH=str(engine.database)),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    (row,) = json.loads(done.stdout[done.stdout.index("{") :])["show"]
    return [row[f"c{n}"] for n in range(len(expressions))]


@pytest.fixture(scope="module")
def place(every_engine, tmp_path_factory):
    return every_engine.within("macros", tmp_path_factory.mktemp("macros"))


def test_expressions(place):
    found = evaluate(place, EXPRESSIONS, rfm_time_zone=ZONE)
    for (expression, wanted), value in zip(EXPRESSIONS.items(), found, strict=True):
        text = f"{value:.2f}" if isinstance(value, float | int) else str(value)
        assert text == wanted, expression


def test_texts_are_sorted_by_bytes(place):
    names = ["a", "B", "b", "A", "é", "Z", "1", "_"]
    values = ", ".join(f"('{name}')" for name in names)
    order = "row_number() over (order by {{ byte_order('name') }})"
    places = f"(select name, {order} as place from (values {values}) as v(name)) as t"
    found = evaluate(
        place, [f"(select max(place) from {places} where name = '{name}')" for name in names]
    )
    assert sorted(names, key=lambda name: found[names.index(name)]) == sorted(names, key=str.encode)


def test_doubles_are_added_in_the_order_asked_for(place):
    """A great number, its negative and 1 give 1 only when the 1 is added last."""
    rows = "(values (1, cast(1e16 as {{ type_double() }})), (2, 1), (3, -1e16)) as v(place, amount)"
    asked = ["place", "case when place = 2 then 9 else place end"]
    found = evaluate(
        place, [f"(select {{{{ ordered_sum('amount', '{by}') }}}} from {rows})" for by in asked]
    )
    assert found == [0, 1]
