"""The same links make the same clusters, ids, events and golden records on every engine."""

from __future__ import annotations

import random
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from engines import TIMEOUT_SECONDS, Engine
from second_half import TABLES, SecondHalf, person, rule_link

pytestmark = pytest.mark.long

RELATIONS = {
    "customer_records": "record_id, customer_id, assigned_date",
    "customer_id_events": (
        "event_number, as_of_date, event_type, customer_id, other_customer_id, record_count"
    ),
    "customer_id_redirects": "old_customer_id, customer_id, as_of_date",
    "identity_links": "left_record_id, right_record_id, customer_id, link_method, veto_reason",
    "identity_review": "customer_id, risk_rank, record_count, reasons",
    "customer_attributes": "customer_id, attribute, value, source_name, record_id",
    "int_identity__clusters": (
        "record_id, cluster_id, component_id, is_reclustered, quarantine_reason"
    ),
    "int_identity__cannot_links": "left_record_id, right_record_id, veto_reason",
}  # fmt: skip
# Letters that languages sort differently.
LETTERS = ["a", "B", "é", "Z", "_", "1", "ß"]


def adversarial(seed: int) -> tuple[list[dict], list[dict]]:
    """Return records and links: tangled graphs full of conflicts, a chain, a hub, one too large."""
    dice = random.Random(seed)
    # The same records in each load, linked otherwise.
    fixed = random.Random(7)
    records, links = [], []
    for graph in range(40):
        size = fixed.randint(2, 12)
        names = [f"crm:{fixed.choice(LETTERS)}{graph}-{n}" for n in range(size)]
        for name in names:
            records.append(
                person(
                    name,
                    first_name=fixed.choice([None, "Ann", "Tom", "Élodie"]),
                    last_name=fixed.choice(["Lee", "Ng"]),
                    tax_id=fixed.choice([None, None, "111111", "222222"]),
                    email=fixed.choice([None, "a@x.com", "b@x.com"]),
                    phone=fixed.choice([None, "+447911123456", "+442079460000"]),
                    other_phone=fixed.choice([None, "+447911000000"]),
                    birth_date=fixed.choice([None, None, "1980-01-02", "1990-12-31"]),
                    updated_at=fixed.choice([None, "2025-01-01 00:00:00", "2025-06-01 00:00:00"]),
                    source_priority=fixed.choice([10, 20]),
                )
            )
        pairs = {tuple(sorted(dice.sample(names, 2), key=str.encode)) for _ in range(2 * size)}
        links += [rule_link(a, b, dice.choice([60, 85, 90])) for a, b in sorted(pairs)]
    chain = [f"shop:c{n:03}" for n in range(300)]
    hub = [f"till:{n}" for n in range(60)]
    large = [f"shop:l{n:03}" for n in range(520)]
    records += [person(name) for name in [*chain, *hub, *large]]
    for way in (chain, large):
        links += [rule_link(a, b) for a, b in pairwise(way)]
    links += [rule_link(hub[0], name) for name in hub[1:]]
    return records, links


def load(engine: Engine, seed: int, as_of_date: str) -> None:
    records, links = adversarial(seed)
    given = {
        "records": records,
        "rule_links": links,
        "as_of_dates": [{"as_of_date": as_of_date, "is_current": True}],
        "suppressed": [{"identifier_type": "email", "identifier_value": "b@x.com"}],
    }
    for table, columns in TABLES.items():
        rows = [[row.get(column) for column in columns] for row in given.get(table, [])]
        engine.load(rows, columns, f"raw.{table}")


def build(engine: Engine, half: SecondHalf) -> None:
    done = subprocess.run(
        half.command("build", target=engine.name),
        env=engine.variables(RFM_DUCKDB_PATH=str(engine.database)),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def relations(engine: Engine) -> dict[str, list[tuple]]:
    found = {}
    with engine.open() as warehouse:
        for name, columns in RELATIONS.items():
            rows = warehouse.query(f"select {columns} from {warehouse.relation(name)}")
            found[name] = sorted(
                (tuple(None if v is None else str(v) for v in row) for row in rows), key=repr
            )
    return found


def both_loads(engine: Engine, folder: Path) -> dict[str, list[tuple]]:
    half = SecondHalf(folder / "half")
    for seed, as_of_date in ((1, "2026-01-01"), (2, "2026-02-01")):
        load(engine, seed, as_of_date)
        build(engine, half)
    return relations(engine)


@pytest.fixture(scope="module")
def on_duckdb(engine_of, tmp_path_factory) -> dict[str, list[tuple]]:
    folder = tmp_path_factory.mktemp("identity_duckdb")
    return both_loads(engine_of("duckdb").within("identity", folder), folder)


def test_identity_is_the_same_on_every_engine(server_engine, on_duckdb, tmp_path):
    found = both_loads(server_engine.within("identity", tmp_path), tmp_path)
    assert any(row[2] == "merged_into" for row in on_duckdb["customer_id_events"])
    assert any(row[2] == "split_from" for row in on_duckdb["customer_id_events"])
    assert sum(row[4] is not None for row in on_duckdb["int_identity__clusters"]) == 520
    assert len(on_duckdb["int_identity__cannot_links"]) > 100
    for name, rows in on_duckdb.items():
        assert found[name] == rows, name
