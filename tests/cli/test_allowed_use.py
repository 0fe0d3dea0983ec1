"""An export that breaks what a source allows is refused, or leaves its rows out."""

from __future__ import annotations

import csv
import io
import shutil

import duckdb
import pytest

from rfm_cli.registered import may_be_exported


@pytest.fixture
def database(built, tmp_path):
    path = shutil.copyfile(built.database, tmp_path / "rfm.duckdb")
    with duckdb.connect(path) as connection:
        connection.execute(
            "create or replace table main_seeds.source_register as from (values"
            " ('crm', 'own', 'own data', 'all', false),"
            " ('partner', 'partner', 'partner agreement', 'analytics', false),"
            " ('panel', 'syndicated', null, 'all', true))"
            " t(source_name, source_kind, licence, allowed_use, is_aggregate_only)"
        )
        connection.execute(
            "create or replace table customer_attributes as from (values"
            " ('c1', 'email', 'a@example.com', 'crm'), ('c2', 'email', 'b@example.com', 'partner'),"
            " ('c3', 'age', '40', 'panel')) t(customer_id, attribute, value, source_name)"
        )
    return path


def test_an_export_that_breaks_the_agreement_is_refused(rfm, database):
    done = rfm("export", "customer_attributes", "--database", database)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "customer_attributes holds data that may not leave the warehouse" in done.stderr
    assert "partner: its data may be used for analytics (partner agreement)" in done.stderr
    assert "panel: its data may be used for all, as sums only" in done.stderr
    assert "--allowed-only" in done.stderr


def test_rows_that_may_not_leave_are_left_out_when_asked(rfm, database):
    done = rfm("export", "customer_attributes", "--database", database, "--allowed-only")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["source_name"] for row in rows] == ["crm"]


def test_a_table_with_values_of_the_source_is_refused_too(rfm, database):
    done = rfm("export", "customers", "--database", database)
    assert done.returncode == 2
    assert "customers holds data that may not leave the warehouse" in done.stderr


def test_tables_without_rows_of_the_source_are_exported(rfm, database):
    for table in ("orders", "customer_rfm", "best_customers", "source_summary"):
        done = rfm("export", table, "--database", database)
        assert done.returncode == 0, done.stderr


def test_the_agreement_may_allow_it(rfm, database):
    with duckdb.connect(database) as connection:
        connection.execute(
            "update main_seeds.source_register set allowed_use = 'export',"
            " is_aggregate_only = false"
        )
    done = rfm("export", "customer_attributes", "--database", database)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("use", "is_aggregate_only", "may"),
    [
        ("all", False, True),
        ("all", True, False),
        ("export", False, True),
        ("analytics", False, False),
        (None, False, False),
    ],
)
def test_what_the_register_allows(use, is_aggregate_only, may):
    assert may_be_exported(use, is_aggregate_only=is_aggregate_only) is may
