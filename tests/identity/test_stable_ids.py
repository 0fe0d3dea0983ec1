"""Customer ids over several loads: kept, merged, split, redirected, and never without a trace.

Scenarios have ids of their own and share the builds: a load is a build, and a scenario says what it
links in each.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from itertools import pairwise

import pytest
from second_half import SecondHalf, person, rule_link

LOADS = ("2026-01-01", "2026-02-01", "2026-03-01")


@dataclass(frozen=True)
class Scenario:
    """The groups of linked records in each load; a record that is in none is not there."""

    loads: tuple[tuple[str, ...], ...]

    def groups(self, load: int) -> list[list[str]]:
        return [group.split() for group in self.loads[load]]


SCENARIOS = {
    "bridged": Scenario(
        (("crm:a1 crm:a2", "shop:a3"), ("crm:a1 crm:a2 shop:a3",), ("crm:a1 crm:a2 shop:a3",))
    ),
    "loses_one": Scenario(
        (("crm:b1 crm:b2 shop:b3",), ("crm:b1 crm:b2", "shop:b3"), ("crm:b1 crm:b2 shop:b3",))
    ),
    # The anchor leaves: the id stays with the majority.
    "loses_its_anchor": Scenario(
        (("crm:c1 crm:c2 shop:c3",), ("crm:c1", "crm:c2 shop:c3"), ("crm:c1", "crm:c2 shop:c3"))
    ),
    # Two halves: the id stays with the anchor, crm:d1, though crm:d0 has come to the other half.
    "halved": Scenario(
        (
            ("crm:d1 crm:d2",),
            ("crm:d1 crm:d9", "crm:d2 crm:d0"),
            ("crm:d1 crm:d9", "crm:d2 crm:d0"),
        )
    ),
    # A source is empty for one load.
    "comes_back": Scenario((("crm:e1 shop:e2",), ("crm:e1",), ("crm:e1 shop:e2",))),
    # While shop:f3 is away its id is merged into another; it comes back to that one.
    "comes_back_to_another": Scenario(
        (
            ("crm:f1 crm:f2", "shop:f3 shop:f4"),
            ("crm:f1 crm:f2 shop:f4",),
            ("crm:f1 crm:f2 shop:f4", "shop:f3"),
        )
    ),
    # Merged away, and the id that took it is merged away as well.
    "merged_twice": Scenario(
        (
            ("crm:g1", "crm:g2 crm:g3", "crm:g4 crm:g5 crm:g6 crm:g7"),
            ("crm:g1 crm:g2 crm:g3", "crm:g4 crm:g5 crm:g6 crm:g7"),
            ("crm:g1 crm:g2 crm:g3 crm:g4 crm:g5 crm:g6 crm:g7",),
        )
    ),
    # Customers of a system with orders alone, before and after a system with names knows them.
    "orders_only": Scenario(
        (("till:17", "till:18"), ("crm:h1 till:17", "till:18"), ("crm:h1 till:17 till:18",))
    ),
}  # fmt: skip


def minted(anchor: str, generation: int = 0) -> str:
    return "cus_" + hashlib.md5(f"{anchor}:{generation}".encode()).hexdigest()


def load(half: SecondHalf, number: int, shuffle: int | None = None) -> None:
    records, links = [], []
    for scenario in SCENARIOS.values():
        for group in scenario.groups(number):
            records += [person(name) for name in group]
            links += [rule_link(a, b) for a, b in pairwise(group)]
    if shuffle is not None:
        random.Random(shuffle).shuffle(records)
        random.Random(shuffle).shuffle(links)
    half.build(records, links, as_of_date=LOADS[number])


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """Build three loads; gives the ids after each, all events by load and the last state."""
    half = SecondHalf(tmp_path_factory.mktemp("stable_ids"))
    ids = []
    for number in range(3):
        load(half, number)
        ids.append(half.ids())
    return half, ids


def events(half: SecondHalf, load: int, letter: str) -> set[tuple]:
    """Return the events of a load about the ids that records of a scenario ever had."""
    known = {
        customer
        for (customer,) in half.rows(
            "select customer_id from main_intermediate.int_identity__assignments"
            f" where split_part(record_id, ':', 2) like '{letter}%'"
        )
    }
    return {event for event in half.events(LOADS[load]) if event[1] in known}


def test_a_bridge_keeps_the_id_of_more_records(history):
    half, ids = history
    big, small = ids[0]["crm:a1"], ids[0]["shop:a3"]
    assert ids[1]["crm:a1"] == ids[1]["shop:a3"] == big == minted("crm:a1")
    assert events(half, 1, "a") == {("merged_into", small, big, 1)}
    assert half.rows(f"select * from customer_id_redirects where old_customer_id = '{small}'")[0][
        :2
    ] == (small, big)


def test_the_majority_keeps_the_id_and_merged_again_it_is_the_old_one(history):
    half, ids = history
    old, new = ids[0]["crm:b1"], ids[1]["shop:b3"]
    assert ids[1]["crm:b1"] == ids[1]["crm:b2"] == old
    assert new == minted("shop:b3")
    assert events(half, 1, "b") == {("split_from", new, old, 1)}
    assert half.rows(
        "select assignment_number, customer_id, previous_customer_id"
        " from main_intermediate.int_identity__assignments where record_id = 'shop:b3' order by 1"
    ) == [(1, old, None), (2, new, old), (3, old, new)]
    assert {ids[2][name] for name in ("crm:b1", "crm:b2", "shop:b3")} == {old}
    assert events(half, 2, "b") == {("merged_into", new, old, 1)}


def test_an_anchor_that_leaves_gets_a_new_id(history):
    half, ids = history
    assert ids[1]["crm:c2"] == ids[1]["shop:c3"] == ids[0]["crm:c1"] == minted("crm:c1")
    assert ids[1]["crm:c1"] == minted("crm:c1", 1)
    assert events(half, 2, "c") == set()


def test_of_two_halves_the_anchors_keeps_the_id(history):
    _, ids = history
    assert ids[1]["crm:d1"] == ids[0]["crm:d1"]
    assert ids[1]["crm:d2"] == ids[1]["crm:d0"] == minted("crm:d0")


def test_a_record_that_comes_back_has_its_id(history):
    half, ids = history
    assert "shop:e2" not in ids[1]
    assert ids[2] == ids[2] | {"crm:e1": ids[0]["crm:e1"], "shop:e2": ids[0]["crm:e1"]}
    assert events(half, 1, "e") == events(half, 2, "e") == set()


def test_a_record_that_comes_back_finds_where_its_id_went(history):
    half, ids = history
    gone, kept = ids[0]["shop:f3"], ids[0]["crm:f1"]
    assert ids[1]["shop:f4"] == kept
    # Linked with nobody, it is a customer of its own: an id that ended is not given again.
    assert ids[2]["shop:f3"] == minted("shop:f3", 1)
    assert events(half, 2, "f") == {("split_from", ids[2]["shop:f3"], kept, 1)}
    assert ("merged_into", gone, kept, 1) in events(half, 1, "f")


def test_redirects_lead_to_who_it_is_today(history):
    half, ids = history
    today = ids[2]["crm:g1"]
    assert today == ids[0]["crm:g4"]
    redirects = dict(half.rows("select old_customer_id, customer_id from customer_id_redirects"))
    assert redirects[ids[0]["crm:g1"]] == redirects[ids[0]["crm:g2"]] == today
    assert not redirects.keys() & set(ids[2].values())


def test_ids_of_orders_alone_survive(history):
    _, ids = history
    assert ids[0]["till:17"] == ids[1]["crm:h1"] == ids[2]["crm:h1"] == ids[2]["till:18"] == "17"
    assert ids[0]["till:18"] == "18"


def test_shuffled_or_run_again_nothing_happens(history):
    half, ids = history
    marts = ("customer_records", "customer_id_events", "customer_id_redirects", "identity_links")
    before = {mart: half.rows(f"select * from {mart} order by all") for mart in marts}
    for shuffle in (1, None):
        load(half, 2, shuffle)
        assert half.ids() == ids[2]
        assert {mart: half.rows(f"select * from {mart} order by all") for mart in marts} == before
    assert half.rows(
        "select max(assignment_number) from main_intermediate.int_identity__assignments"
    ) == [(3,)]


def test_every_id_is_explained(history):
    """Each id there ever was has begun with an event."""
    half, _ = history
    begun = half.rows(
        "select customer_id, min(event_number) from customer_id_events"
        " where event_type in ('created', 'split_from') group by all"
    )
    every = half.rows(
        "select distinct customer_id from main_intermediate.int_identity__assignments"
    )
    assert {name for name, _ in begun} == {name for (name,) in every}
