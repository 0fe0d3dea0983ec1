"""Names that look like templates or patterns are names."""

from __future__ import annotations

import json
import os

import duckdb
import pytest

from rfm_cli.dbt import _verbatim
from rfm_cli.orders_file import Wishes, inspect

TEXTS = [
    "plain",
    "{{ 7*7 }}",
    "it's {{ 7*7 }}.csv",
    "{% raw %} {# gone #}",
    'back\\slash "quoted" {',
    "\t",
    "ends with a line\n",
    "\u00e9t\u00e9 \U0001f600 {",
]


@pytest.mark.parametrize("text", TEXTS)
def test_dbt_gets_texts_as_they_are(text):
    from dbt.config.utils import parse_cli_yaml_string
    from dbt.context.base import Var

    handed = json.dumps(_verbatim({"name": text}))
    assert Var({}, parse_cli_yaml_string(handed, "vars"))("name") == text


@pytest.mark.parametrize("name", ["orders[1].csv", "orders?.csv", "a*.csv"])
def test_a_pattern_is_one_file(tmp_path, name):
    row = "customer_id,ordered_at,amount\na,2024-01-31,10.50\n"
    (tmp_path / name).write_text(row)
    for other in ("orders1.csv", "ab.csv"):
        (tmp_path / other).write_text(row + "b,2024-01-31,10.50\n")
    found = inspect(tmp_path / name, Wishes())
    assert found.row_count == 1
    with duckdb.connect() as connection:
        scan = "select count(*) from read_csv(?)"
        assert connection.execute(scan, [found.variables()["rfm_file_path"]]).fetchall() == [(1,)]


def test_a_file_and_a_heading_that_look_like_templates(rfm, tmp_path):
    orders = tmp_path / "it's {{ 7*7 }} [1].csv"
    orders.write_text("{{ 7*7 }},ordered_at,amount\na,2024-01-31,10.50\n")
    done = rfm("run", "--orders", orders, "--customer-id", "{{ 7*7 }}", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.long
def test_dates_without_end_are_left_out(rfm, tmp_path):
    orders = tmp_path / "orders.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (from (values ('a', date '2024-01-01', 5), ('b', 'infinity'::date, 5), "
            "('c', '-infinity'::date, 5)) t(customer_id, ordered_at, amount)) "
            f"to '{orders}' (format parquet)"
        )
    os.utime(orders, (0, 0))
    done = rfm("run", "--orders", orders, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    left_out = json.loads(done.stdout)["rows"]["quarantined"]
    assert left_out == {"date_unreadable": 2}
