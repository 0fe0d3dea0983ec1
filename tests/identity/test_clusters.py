"""Components and clusters are those of a plain union-find, on any graph."""

from __future__ import annotations

import random
import signal
import subprocess

import clustering_reference
import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from second_half import SecondHalf, person, rule_link

STRENGTHS = (60, 85, 90, 95)
# Further apart than a typing error.
TAX_IDS = (None, None, "111111", "222222", "333333")


def rows_of(half: SecondHalf, column: str) -> dict[str, str]:
    model = {"component_id": "components", "cluster_id": "clusters"}[column]
    return dict(
        half.rows(f"select record_id, {column} from main_intermediate.int_identity__{model}")
    )


@pytest.fixture(scope="module")
def half(tmp_path_factory) -> SecondHalf:
    return SecondHalf(tmp_path_factory.mktemp("clusters"))


@st.composite
def graphs(draw) -> list[tuple[list[str | None], list[tuple[int, int, int]]]]:
    """Draw disjoint graphs: tax ids of their records, and links (left, right, strength)."""
    sizes = draw(st.lists(st.integers(2, 14), min_size=20, max_size=40))
    graphs = []
    for size in sizes:
        tax_ids = draw(st.lists(st.sampled_from(TAX_IDS), min_size=size, max_size=size))
        ends = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
        pairs = draw(st.sets(ends.filter(lambda pair: pair[0] < pair[1]), max_size=3 * size))
        strengths = draw(
            st.lists(st.sampled_from(STRENGTHS), min_size=len(pairs), max_size=len(pairs))
        )
        graphs.append((tax_ids, [(*p, s) for p, s in zip(sorted(pairs), strengths, strict=True)]))
    return graphs


@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=graphs())
def test_any_graphs(half, drawn):
    # Ids in an order that has nothing to do with the graphs.
    shuffled = random.Random(4)
    records, links = {}, []
    for tax_ids, edges in drawn:
        names = [f"crm:{shuffled.getrandbits(40):x}" for _ in tax_ids]
        records |= dict(zip(names, tax_ids, strict=True))
        for left, right, strength in edges:
            first, second = sorted((names[left], names[right]), key=str.encode)
            links.append((first, second, float(strength)))
    half.database.unlink(missing_ok=True)
    half.build(
        [person(name, tax_id=tax_id) for name, tax_id in records.items()],
        [rule_link(*link) for link in links],
    )
    vetoed = {(None, None)} | {
        (left, right)
        for left, right, _ in links
        if records[left] and records[right] and records[left] != records[right]
    }
    allowed = [link for link in links if link[:2] not in vetoed]
    assert rows_of(half, "component_id") == clustering_reference.components(
        records, [link[:2] for link in allowed]
    )
    assert rows_of(half, "cluster_id") == clustering_reference.clusters(records, allowed)


def load_chain(half: SecondHalf, length: int) -> None:
    half.load({"as_of_dates": [{"as_of_date": "2026-01-01", "is_current": True}]})
    with duckdb.connect(half.database) as connection:
        connection.execute(
            "insert into raw.records (record_id, source_name, source_record_id, entity_type,"
            " source_priority) select 'crm:' || lpad(cast(range as text), 7, '0'), 'crm',"
            f" lpad(cast(range as text), 7, '0'), 'person', 10 from range({length})"
        )
        connection.execute(
            "insert into raw.rule_links select record_id, next_id, 'email', 'email', 90 from"
            " (select record_id, lead(record_id) over (order by record_id) as next_id"
            " from raw.records) where next_id is not null"
        )


def test_a_chain_of_100_000_records_is_one_component(tmp_path):
    half = SecondHalf(tmp_path)
    load_chain(half, 100_000)
    done = half.dbt("build", "--select", "+int_identity__components")
    assert done.returncode == 0, done.stdout[-2000:]
    assert half.rows(
        "select count(*), min(component_id), max(component_id)"
        " from main_intermediate.int_identity__components"
    ) == [(100_000, "crm:0000000", "crm:0000000")]
    assert half.rows(
        "select count(*) from information_schema.tables where contains(table_name, '__edges')"
    ) == [(0,)]


def test_a_component_too_large_is_taken_apart_and_said(tmp_path):
    half = SecondHalf(tmp_path)
    records = [person(f"crm:{n}") for n in range(7)]
    links = [rule_link("crm:0", f"crm:{n}") for n in range(1, 5)] + [rule_link("crm:5", "crm:6")]
    half.build(records, links, rfm_identity_max_component=4)
    assert half.customers() == {
        *(frozenset({f"crm:{n}"}) for n in range(5)),
        frozenset({"crm:5", "crm:6"}),
    }
    reviewed = half.rows("select reasons from identity_review where reasons like '%too_large%'")
    assert len(reviewed) == 5


def test_killed_in_the_middle_of_the_rounds(tmp_path):
    """The next run ends well and leaves no working table behind."""
    half = SecondHalf(tmp_path)
    load_chain(half, 300_000)
    command = half.command("build", "--select", "+int_identity__components", "--log-level", "debug")
    with subprocess.Popen(
        command, env=half.environment(), stdout=subprocess.PIPE, text=True
    ) as child:
        reached = False
        for line in child.stdout:
            if "int_identity__components__edges_3" in line:
                reached = True
                child.send_signal(signal.SIGKILL)
                break
        child.stdout.read()
    assert reached
    left = half.rows(
        "select table_name from information_schema.tables"
        " where table_name like 'int_identity__components__%'"
    )
    assert left
    # What an even longer run would have left.
    with duckdb.connect(half.database) as connection:
        connection.execute(
            "create table main_intermediate.int_identity__components__edges_59 as select 1 as n"
        )
    load_chain(half, 1000)
    done = half.dbt("build", "--select", "+int_identity__components")
    assert done.returncode == 0, done.stdout[-2000:]
    assert (
        half.rows(
            "select table_name from information_schema.tables"
            " where table_name like 'int_identity__components_%'"
        )
        == []
    )
    assert set(rows_of(half, "component_id").values()) == {"crm:0000000"}
