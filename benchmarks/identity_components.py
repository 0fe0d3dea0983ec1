"""Measures how long it takes to bring linked records together; prints the table.

    python benchmarks/identity_components.py [--graphs chain,hub,million] [--whole]

Graphs: a chain of 100,000 records in ascending ids, a hub that 100,000 records are linked to, a
million records with 770,000 links, ten million with 7.7 million. --whole measures all models from
the links to the golden record on a million records of 200,000 persons instead. On DuckDB, in a
folder of its own that is removed.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "identity"), str(ROOT / "tests" / "integration")]

from second_half import AS_OF_DATE, SecondHalf  # noqa: E402

# Links of numbered records: (number of records, query of left_number, right_number).
SHORT_CHAINS = (
    "select n as left_number, n + 1 as right_number from numbers where hash(n) % 100 < 77"
)
GRAPHS = {
    "chain": (100_000, "select n as left_number, n + 1 as right_number from numbers"),
    "hub": (100_001, "select 1 as left_number, n as right_number from numbers where n > 1"),
    "million": (1_000_000, SHORT_CHAINS),
    "ten_million": (10_000_000, SHORT_CHAINS),
}
# Five records of a person, each in one system; two of five are told apart by what they lack.
PERSON = """
    select 'crm:' || lpad(cast(n as text), 9, '0') as record_id, 'crm' as source_name,
        lpad(cast(n as text), 9, '0') as source_record_id, 'person' as entity_type,
        'First' || n // 5 % 1000 as first_name, 'Last' || n // 5 % 7777 as last_name,
        'First' || n // 5 % 1000 || ' Last' || n // 5 % 7777 as full_name,
        case when n % 5 < 4 then 'p' || n // 5 || '@example.com' end as email,
        case when n % 5 > 1 then '+4479' || lpad(cast(n // 5 as text), 8, '0') end as phone,
        n % 97 || ' High Street' as street, 'AB' || n // 5 % 999 as postal_code,
        'Town' as city, 'GB' as country_code,
        case when n % 5 = 2 then date '1950-01-01' + cast(n // 5 % 20000 as integer) end
            as birth_date,
        10 * (1 + n % 5) as source_priority,
        timestamp '2020-01-01' + to_hours(cast(n % 40000 as integer)) as updated_at,
        -- One person in a hundred shares everything with somebody of another first name.
        case when n % 500 = 3 then 'somebody' else 'first' || n // 5 % 1000 end as given_name_key,
        true as is_given_name_full, 'last' || n // 5 % 7777 as family_name_key
    from numbers
"""


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how records are brought together.")
    parser.add_argument("--graphs", default="chain,hub,million", metavar="NAME,NAME")
    parser.add_argument("--whole", action="store_true", help="all models of the second half")
    return parser.parse_args()


def load_graph(half: SecondHalf, name: str) -> tuple[int, int]:
    """Fill the raw tables; returns how many records and links there are."""
    count, links = GRAPHS[name]
    with duckdb.connect(half.database) as connection:
        # Numbers that ids do not follow, except in the chain.
        key = "lpad(cast({0} as text), 9, '0')" if name == "chain" else "md5(cast({0} as text))"
        connection.execute(
            f"create temp table numbers as select range as n from range(1, {count} + 1)"
        )
        connection.execute(
            f"insert into raw.records (record_id, entity_type)"
            f" select 'crm:' || {key.format('n')}, 'person' from numbers"
        )
        connection.execute(
            "insert into raw.rule_links"
            " select 'crm:' || least(a, b), 'crm:' || greatest(a, b), 'email', 'email', 90 from"
            f" (select {key.format('left_number')} as a, {key.format('right_number')} as b"
            f" from ({links}) where right_number <= {count})"
        )
        (edges,) = connection.execute("select count(*) from raw.rule_links").fetchone() or (0,)
    return count, int(edges)


def load_people(half: SecondHalf) -> tuple[int, int]:
    with duckdb.connect(half.database) as connection:
        connection.execute("create temp table numbers as select range as n from range(1000000)")
        connection.execute(f"insert into raw.records by name {PERSON}")
        connection.execute(
            "insert into raw.rule_links"
            " select a.record_id, b.record_id, 'email_name', 'email ' || a.email, 90"
            " from raw.records a join raw.records b on a.email = b.email"
            " and a.record_id < b.record_id"
            " union all select a.record_id, b.record_id, 'phone_name', 'phone ' || a.phone, 85"
            " from raw.records a join raw.records b on a.phone = b.phone"
            " and a.record_id < b.record_id"
        )
        (links,) = connection.execute("select count(*) from raw.rule_links").fetchone() or (0,)
    return 1_000_000, int(links)


def measure(
    folder: Path, load: Callable[[SecondHalf], tuple[int, int]], *select: str
) -> tuple[tuple[int, int], float, dict[str, float], float]:
    """Build the models; returns counts, seconds in all and by model, the peak so far in MiB."""
    half = SecondHalf(folder)
    half.load({"as_of_dates": [{"as_of_date": AS_OF_DATE, "is_current": True}]})
    counts = load(half)
    began = time.monotonic()
    done = half.dbt("build", "--exclude-resource-type", "test", *select)
    seconds = time.monotonic() - began
    if done.returncode:
        raise SystemExit(done.stdout[-2000:])
    results = json.loads((half.folder / "target" / "run_results.json").read_text())["results"]
    models = {r["unique_id"].split(".")[-1]: float(r["execution_time"]) for r in results}
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return counts, seconds, models, peak


def main() -> None:
    arguments = parse()
    with tempfile.TemporaryDirectory(prefix="rfm-identity-") as place:
        if arguments.whole:
            counts, seconds, models, peak = measure(Path(place) / "whole", load_people)
            print(f"{counts[0]:,} records, {counts[1]:,} links: {seconds:.1f} s, {peak:,.0f} MiB\n")
            print("| model | seconds |\n| --- | ---: |")
            for name, took in sorted(models.items(), key=lambda item: -item[1]):
                print(f"| {name} | {took:.1f} |")
            return
        print(
            "| graph | records | links | seconds | peak MiB |\n| --- | ---: | ---: | ---: | ---: |"
        )
        for name in arguments.graphs.split(","):
            counts, _, models, peak = measure(
                Path(place) / name,
                lambda half, name=name: load_graph(half, name),
                "--select",
                "+int_identity__components",
            )
            took = models["int_identity__components"]
            print(
                f"| {name} | {counts[0]:,} | {counts[1]:,} | {took:.1f} | {peak:,.0f} |", flush=True
            )


if __name__ == "__main__":
    main()
