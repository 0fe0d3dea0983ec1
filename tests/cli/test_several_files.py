"""Orders in several files: a folder, or a pattern; rows are found again by file and number."""

from __future__ import annotations

import json

import duckdb
import pytest
from cli_helpers import ordinary_orders, query, write_orders

MARTS = ("customer_rfm", "customer_ltv", "customers")


def parts(folder, rows, count=3):
    folder.mkdir()
    for number in range(count):
        write_orders(folder / f"part{number}.csv", rows[number::count])
    return folder


def run(rfm, orders, database, *options):
    done = rfm("run", "--orders", orders, "--database", database, "--json", *options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def same(one, other):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        for mart in MARTS:
            differing = connection.execute(
                f"select count(*) from (select * from one.{mart} except select * from other.{mart})"
            ).fetchall()
            assert differing == [(0,)], mart


def test_a_folder_of_csv_files_is_one_source(rfm, built, tmp_path):
    rows = ordinary_orders()
    folder = parts(tmp_path / "orders [2024]", rows)
    (folder / "part2.csv").open("a").write("nobody,rubbish,1,x\n")
    facts = run(rfm, folder, tmp_path / "rfm.duckdb")
    assert facts["source"]["row_count"] == len(rows) + 1
    same(built.database, tmp_path / "rfm.duckdb")
    path, number = query(
        tmp_path / "rfm.duckdb", "select source_path, row_number from quarantined_rows"
    )[0]
    assert path == str(folder / "part2.csv")
    assert number == len(rows[2::3]) + 1


@pytest.mark.long
def test_a_pattern_of_parquet_files_is_one_source(rfm, built, tmp_path):
    folder = tmp_path / "lake"
    for month in ("2023", "2024"):
        (folder / f"year={month}").mkdir(parents=True)
    whole = duckdb.from_csv_auto(str(built.orders))
    duckdb.sql("from whole where ordered_at < '2023-09-01'").write_parquet(
        str(folder / "year=2023" / "a.parquet")
    )
    duckdb.sql("from whole where ordered_at >= '2023-09-01'").write_parquet(
        str(folder / "year=2024" / "b.parquet")
    )
    assert whole
    run(rfm, f"{folder}/**/*.parquet", tmp_path / "pattern.duckdb")
    run(rfm, folder, tmp_path / "folder.duckdb")
    same(built.database, tmp_path / "pattern.duckdb")
    same(built.database, tmp_path / "folder.duckdb")


def test_files_that_do_not_fit_together_are_named(rfm, tmp_path):
    folder = parts(tmp_path / "orders", ordinary_orders(customers=5))
    (folder / "part9.csv").write_text("customer,day\na,2024-01-01\n")
    done = rfm("run", "--orders", folder, "--database", tmp_path / "x.duckdb")
    assert done.returncode == 2
    assert "part9.csv" in done.stderr
    assert "not laid out as part0.csv" in done.stderr
    (folder / "part9.csv").write_text("")
    done = rfm("run", "--orders", folder, "--database", tmp_path / "x.duckdb")
    assert done.returncode == 2
    assert "is empty" in done.stderr
    (folder / "part9.csv").unlink()
    (folder / "more.parquet").write_bytes(b"PAR1")
    done = rfm("run", "--orders", folder, "--database", tmp_path / "x.duckdb")
    assert "both CSV and Parquet" in done.stderr
    done = rfm("run", "--orders", f"{folder}/*.txt", "--database", tmp_path / "x.duckdb")
    assert "no file matches the pattern" in done.stderr
    (tmp_path / "empty").mkdir()
    done = rfm("run", "--orders", tmp_path / "empty", "--database", tmp_path / "x.duckdb")
    assert "holds no .csv and no .parquet file" in done.stderr
    assert not (tmp_path / "x.duckdb").exists()
