"""A person is erased: from every table, from the bytes of the file, and from every later run."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
from decimal import Decimal

import duckdb
import pytest
from cli_helpers import RFM, ordinary_orders, query, write_orders

from rfm_cli.erasure.columns import (
    CUSTOMER_COLUMNS,
    CUSTOMER_OR_RECORD_COLUMNS,
    NAMING_CUSTOMER_COLUMNS,
    NAMING_RECORD_COLUMNS,
    RECORD_COLUMNS,
    SOURCE_COLUMNS,
)
from rfm_cli.erasure.tombstones import tombstone_of

# An id that would be an e-mail address, and orders of theirs that cannot be read.
GONE = "erin.gone@example.com"
OF_GONE = [
    (GONE, "2023-03-01", "10.50", "gone-1"),
    (GONE, "2023-05-02", "20.25", "gone-2"),
    (GONE, "2023-05-03", "unreadable-amount", "gone-3"),
    (GONE, "unreadable-date", "5.00", "gone-4"),
    # The newest order of all: the as-of date is theirs, and stays when they go.
    (GONE, "2024-02-10", "30.00", "gone-5"),
]
NEVER = "only.bad@example.com"
OF_NEVER = [(NEVER, "never-a-date", "5", "bad-1")]
ERASED = [*OF_GONE, *OF_NEVER]
TRACES = (GONE, "gone-1", "gone-2", "gone-5", "unreadable-amount", "unreadable-date", NEVER)
OTHERS = ordinary_orders(60)


@pytest.fixture(scope="module")
def before(rfm, tmp_path_factory):
    """Give a folder with orders and the database of them."""
    folder = tmp_path_factory.mktemp("before")
    write_orders(folder / "orders.csv", [*OTHERS, *ERASED])
    run(rfm, folder)
    return folder


@pytest.fixture
def folder(before, tmp_path):
    """Give a copy of the folder to change."""
    shutil.copytree(before, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture(scope="module")
def after(rfm, before, tmp_path_factory):
    """Give a folder in which two people were erased and the same orders were loaded again."""
    folder = tmp_path_factory.mktemp("after")
    shutil.copytree(before, folder, dirs_exist_ok=True)
    environment = os.environ | {"RFM_CACHE_DIR": str(folder / "cache")}
    for customer in (GONE, NEVER):
        forget(rfm, folder, customer, env=environment)
    run(rfm, folder, env=environment)
    return folder


def forget(rfm, folder, customer=GONE, **options):
    arguments = ("--yes", "--json", "--database", "rfm.duckdb")
    done = rfm("forget", customer, *arguments, cwd=folder, **options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def run(rfm, folder, *arguments, **options):
    done = rfm("run", "--orders", "orders.csv", *arguments, cwd=folder, **options)
    assert done.returncode == 0, done.stderr


def traces(folder) -> list[str]:
    content = (folder / "rfm.duckdb").read_bytes()
    return [text for text in TRACES if text.encode() in content]


def structure(database):
    """Return all that is not rows: tables with constraints, views, indexes, storage version."""
    return (
        query(
            database,
            "select schema_name, table_name, sql from duckdb_tables() order by 1, 2",
        ),
        query(
            database,
            "select schema_name, view_name, sql from duckdb_views() where not internal "
            "order by 1, 2",
        ),
        query(database, "select index_name, sql from duckdb_indexes() order by 1"),
        query(database, "select tags from duckdb_databases() where database_name = 'rfm'"),
    )


def test_no_byte_is_left_and_the_file_is_as_good_as_before(rfm, folder):
    assert traces(folder) == list(TRACES)
    was = structure(folder / "rfm.duckdb")
    facts = forget(rfm, folder)
    assert traces(folder) == [NEVER]
    assert structure(folder / "rfm.duckdb") == was
    assert {"customers", "customer_rfm_history", "stg_file__orders"} <= facts["removed_rows"].keys()
    assert facts["tombstone_count"] == 3  # the key in each of two sources, and the customer id
    assert {"source_name": "file", "source_record_id": GONE} in facts["records_to_erase_in_sources"]
    # Someone of whom only rows are there that could not be used.
    facts = forget(rfm, folder, NEVER)
    assert facts["removed_rows"] == {"quarantined_rows": 1, "stg_file__orders": 1}
    assert traces(folder) == []
    assert sorted(path.name for path in folder.iterdir()) == ["orders.csv", "rfm.duckdb"]


def test_every_table_with_rows_of_a_customer_is_covered(before):
    """A column that names a customer or a record is in the list, and what is in it is found."""
    known = {
        *CUSTOMER_COLUMNS,
        *RECORD_COLUMNS,
        *CUSTOMER_OR_RECORD_COLUMNS,
        *SOURCE_COLUMNS,
        *NAMING_CUSTOMER_COLUMNS,
        *NAMING_RECORD_COLUMNS,
    }
    columns = query(
        before / "rfm.duckdb",
        "select table_schema, table_name, column_name from information_schema.columns "
        "join information_schema.tables using (table_catalog, table_schema, table_name) "
        "where table_type = 'BASE TABLE' and data_type = 'VARCHAR'",
    )
    named = {column for _, _, column in columns if "customer_id" in column or "record_id" in column}
    assert named
    assert named <= known
    for schema, table, column in columns:
        count = query(
            before / "rfm.duckdb",
            f'select count(*) from {schema}.{table} where "{column}" like ?',
            [f"%{GONE}%"],
        )[0][0]
        if count and column not in {"order_id", "order_id_text"}:
            assert column in known, (table, column)


def test_the_next_run_does_not_bring_them_back(before, after):
    assert traces(after) == []
    newest = "select max(as_of_date), count(*) from customer_rfm_history group by as_of_date"
    for sql in ("select max(as_of_date) from customers", f"select max(1) from ({newest})"):
        assert query(after / "rfm.duckdb", sql) == query(before / "rfm.duckdb", sql)
    left_out = query(
        after / "rfm.duckdb",
        "select customer_id_text, order_id_text, ordered_at_text, amount_text, row_number "
        "from quarantined_rows where quarantine_reason = 'customer_erased' order by row_number",
    )
    assert {texts[:4] for texts in left_out} == {(None,) * 4}
    # The rows to erase in the file are named by their numbers.
    first = len(OTHERS) + 1
    assert [row[4] for row in left_out] == list(range(first, first + len(ERASED)))


def test_money_is_conserved(after):
    counted = query(
        after / "rfm.duckdb",
        "select quarantine_reason, sum(row_count), sum(amount) "
        "from main_intermediate.int_orders__row_counts group by 1 order by 1 nulls last",
    )
    kept = sum(Decimal(str(row[2])) for row in OTHERS)
    of_erased = Decimal("10.50") + Decimal("20.25") + Decimal("5.00") + Decimal("30.00") + 5
    assert counted == [("customer_erased", len(ERASED), of_erased), (None, len(OTHERS), kept)]
    assert query(after / "rfm.duckdb", "select sum(revenue_amount) from orders") == [(kept,)]
    rows = query(
        after / "rfm.duckdb", "select row_count, quarantined_row_count from source_summary"
    )
    assert rows == [(len(OTHERS) + len(ERASED), len(ERASED))]


@pytest.mark.long
def test_the_others_are_as_if_the_erased_had_never_been(rfm, after, tmp_path):
    write_orders(tmp_path / "orders.csv", OTHERS)
    run(rfm, tmp_path, "--as-of", "2024-02-11")
    for name in ("customers", "customer_rfm", "customer_value", "orders"):
        sql = f"select * from {name} order by all"
        assert query(after / "rfm.duckdb", sql) == query(tmp_path / "rfm.duckdb", sql), name


def test_one_salt_that_only_its_table_holds(after):
    (salt,), *more = query(after / "rfm.duckdb", "select salt from main_fitted.fitted_erasure_salt")
    assert not more
    kept = query(
        after / "rfm.duckdb", "select tombstone_type, tombstone from main_fitted.fitted_erasures"
    )
    # The sources file and table, and the id, for each of the two.
    assert len(kept) == len(set(kept)) == 6
    assert ("record", tombstone_of(salt, "record", f"file:{GONE}")) in kept
    files = [path for path in (after / "cache").rglob("*") if path.is_file()]
    assert {".sql", ".log"} <= {path.suffix for path in files}
    for path in files:
        for secret in (salt, GONE, NEVER):
            assert secret.encode() not in path.read_bytes(), path


def test_twice_says_so(rfm, folder):
    forget(rfm, folder)
    salted = query(folder / "rfm.duckdb", "select * from main_fitted.fitted_erasures order by all")
    # By the id of the customer and by the key of the record.
    for customer in (GONE, f"file:{GONE}"):
        facts = forget(rfm, folder, customer)
        assert facts["was_erased_before"]
        assert (facts["removed_row_count"], facts["tombstone_count"]) == (0, 0)
    assert salted == query(
        folder / "rfm.duckdb", "select * from main_fitted.fitted_erasures order by all"
    )
    done = rfm("forget", GONE, "--yes", cwd=folder)
    assert "was erased before; nothing was left to remove" in done.stdout


def test_an_unknown_customer_is_refused_with_the_closest(rfm, folder):
    content = (folder / "rfm.duckdb").read_bytes()
    done = rfm("forget", "c000", "--yes", cwd=folder)
    assert done.returncode == 2
    assert 'there is no customer "c000"' in done.stderr
    assert "the closest ids are c0000, c0001, c0002" in done.stderr
    assert (folder / "rfm.duckdb").read_bytes() == content


def test_without_a_terminal_yes_is_required(rfm, folder):
    content = (folder / "rfm.duckdb").read_bytes()
    done = rfm("forget", GONE, cwd=folder, stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert "add --yes if it is meant" in done.stderr
    assert (folder / "rfm.duckdb").read_bytes() == content


@pytest.mark.parametrize(("answer", "code", "is_left"), [(b"n\n", 1, True), (b"y\n", 0, False)])
def test_on_a_terminal_it_asks(folder, answer, code, is_left):
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [str(RFM), "forget", GONE],
        cwd=folder,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        os.write(ours, answer)
        _, said = child.communicate(timeout=120)
    os.close(ours)
    os.close(theirs)
    assert child.returncode == code
    assert b"It cannot be undone" in said
    assert (GONE in traces(folder)) is is_left


def test_users_own_tables_stay(rfm, folder):
    with duckdb.connect(folder / "rfm.duckdb") as connection:
        connection.execute("create table newsletter as select ? as customer_id", [GONE])
        connection.execute("create schema raw")
        connection.execute("create table raw.people as select ? as customer_id", [GONE])
    facts = forget(rfm, folder)
    assert not {"newsletter", "people"} & facts["removed_rows"].keys()
    for table in ("newsletter", "raw.people"):
        assert query(folder / "rfm.duckdb", f"select customer_id from {table}") == [(GONE,)]


def test_lines_of_seeds_that_name_the_person_are_listed(rfm, folder):
    shutil.rmtree(folder / "mine", ignore_errors=True)
    assert rfm("init", "mine", cwd=folder).returncode == 0
    seeds = folder / "mine" / "seeds"
    (seeds / "identity_decisions.csv").write_text(
        "decision_type,left_record_id,right_record_id,reason,decided_on,revoked_on\n"
        "force_split,file:someone,file:else,,2024-01-01,\n"
        f"force_link,file:{GONE},file:c0001,said so,2024-01-01,\n"
    )
    (seeds / "customer_exclusions.csv").write_text(
        "customer_or_record_id,reason,reason_text,valid_from_date,valid_to_date\n"
        f" {GONE} ,legal,Writes letters,,\n"
        "c0001,legal,,,\n"
        f"file:{GONE},legal,,,\n"
    )
    done = rfm("forget", GONE, "--yes", "--project-dir", "mine", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["seed_lines_to_remove"] == {
        "seeds/identity_decisions.csv": [3],
        "seeds/customer_exclusions.csv": [2, 4],
    }


@pytest.mark.long
def test_killed_at_any_moment_then_completed(rfm, folder, before):
    """A kill leaves the file as it was or the erased one; asked again, it is done."""
    was = (before / "rfm.duckdb").read_bytes()
    for seconds in (0.3, 0.6, 0.9, 1.2, 1.6, 2.0):
        shutil.copy(before / "rfm.duckdb", folder / "rfm.duckdb")
        with subprocess.Popen(
            [str(RFM), "forget", GONE, "--yes"],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as child:
            try:
                child.wait(seconds)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
        content = (folder / "rfm.duckdb").read_bytes()
        assert content == was or GONE not in traces(folder), seconds
        forget(rfm, folder)
        assert traces(folder) == [NEVER]
        assert sorted(path.name for path in folder.iterdir()) == ["orders.csv", "rfm.duckdb"]
