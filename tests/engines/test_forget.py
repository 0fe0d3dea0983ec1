"""A person is erased on every engine: from all tables, and from what later runs read."""

from __future__ import annotations

import json

import pytest
from comparing import compare
from engines import golden_rows

from rfm_cli.erasure.forget import find_rows, model_names
from rfm_cli.erasure.person import Person
from rfm_cli.erasure.tombstones import keep_tombstones, make_salt, tombstones_of
from rfm_cli.project import find_project

pytestmark = pytest.mark.long

GONE = "gone.person@example.com"
OF_GONE = [
    (GONE, "2024-01-05", "10.00", "gone-1"),
    (GONE, "2024-02-05", "20.50", "gone-2"),
    (GONE, "not a date", "1.00", "gone-3"),
]
ORDERS = golden_rows()
HISTORY = ("--history", "2")
PERSON = Person([GONE], [f"table:{GONE}"])


def all_rows(engine):
    """Return where rows of the person are stored, by table."""
    with engine.open() as warehouse:
        found = find_rows(warehouse, model_names(find_project()), PERSON)
    return {one.table.name: one.row_count for one in found if one.row_count}


def ask(engine):
    return json.loads(engine.rfm("forget", GONE, "--yes", "--json").stdout)


def left_out(engine):
    schema = engine.target.schema
    return engine.rows(
        "select customer_id_text, order_id_text, amount_text, count(*) "
        f"from {schema}.quarantined_rows where quarantine_reason = 'customer_erased' "
        "group by customer_id_text, order_id_text, amount_text"
    )


def stored_files(engine) -> list[bytes]:
    """Return the contents of the files behind PostgreSQL's tables, as root may read them."""
    with engine.open() as warehouse:
        folder = warehouse.query("select current_setting('data_directory')")[0][0]
        warehouse.query("checkpoint")
        paths = [
            warehouse.query(f"select pg_relation_filepath('{table.relation}')")[0][0]
            for table in warehouse.stored_tables()
        ]
    from pathlib import Path

    return [(Path(folder) / path).read_bytes() for path in paths]


@pytest.fixture(scope="module")
def engine(server_engine, tmp_path_factory):
    engine = server_engine.within("forgetting", tmp_path_factory.mktemp("forgetting"))
    engine.load([*ORDERS, *OF_GONE])
    engine.run(*HISTORY)
    return engine


def test_erased_from_every_table_and_kept_out(engine, golden_engines):
    before = all_rows(engine)
    assert {"customers", "customer_rfm_history", "orders", "quarantined_rows"} <= before.keys()
    others = engine.rows("select count(*) from forgetting.customer_rfm_history")
    of_gone = before["customer_rfm_history"]
    # An erasure that was cut short has written its tombstones, and perhaps emptied some tables.
    with engine.open() as warehouse:
        keep_tombstones(warehouse, None, tombstones_of(make_salt(warehouse), PERSON))
        first, *_ = (
            one
            for one in find_rows(warehouse, model_names(find_project()), PERSON)
            if one.condition and one.row_count
        )
        warehouse.delete_rows(first.table, first.condition.sql, first.condition.parameters)
    facts = ask(engine)
    assert facts["notes"] == []
    assert facts["removed_rows"] == {n: c for n, c in before.items() if n != first.table.name}
    assert all_rows(engine) == {}
    left = engine.rows("select count(*) from forgetting.customer_rfm_history")
    assert left[0][0] == others[0][0] - (
        0 if first.table.name == "customer_rfm_history" else of_gone
    )
    if engine.name == "postgres":
        contents = stored_files(engine)
        assert len(contents) > 20
        assert not any(GONE.encode() in content for content in contents)

    engine.run(*HISTORY)
    assert all_rows(engine) == {}
    assert left_out(engine) == [(None, None, None, len(OF_GONE))]
    here, golden = engine.marts(), golden_engines["duckdb"].marts()
    for mart in ("customers", "customer_rfm", "customer_value", "orders"):
        assert not compare(mart, here[mart], golden[mart]).differences, mart
    again = ask(engine)
    assert again["was_erased_before"]
    assert again["removed_rows"] == {}
    assert again["tombstone_count"] == 0
    with engine.open() as warehouse:
        salts = warehouse.query("select salt from forgetting_fitted.fitted_erasure_salt")
    assert len(salts) == 1
    assert len(salts[0][0]) == 64


def test_a_column_that_names_someone_is_cleared(engine):
    """Rows of others stay, in the order of their columns, without the name."""
    from rfm_cli.warehouse.base import StoredTable

    engine.load(
        [("a", "x"), ("b", "y"), ("c", None)],
        {"customer_id": "text", "account_id": "text"},
        "forgetting.named",
    )
    with engine.open() as warehouse:
        table = next(one for one in warehouse.stored_tables() if one.name == "named")
        assert isinstance(table, StoredTable)
        warehouse.clear_column(table, "account_id", "coalesce(account_id, '') in (?)", ["x"])
        rows = warehouse.query("select customer_id, account_id from forgetting.named order by 1")
        warehouse.query("drop table forgetting.named")
    assert rows == [("a", None), ("b", "y"), ("c", None)]


def test_a_table_put_aside_by_a_killed_command_is_put_back(engine):
    if engine.name != "spark":
        pytest.skip("only Spark puts tables aside")
    with engine.open() as warehouse:
        warehouse.query(
            "alter table forgetting.customer_rfm_history "
            "rename to forgetting.customer_rfm_history__old"
        )
    with engine.open() as warehouse:
        names = [table.name for table in warehouse.stored_tables()]
    assert "customer_rfm_history" in names
    assert "customer_rfm_history__old" not in names
