"""Loads that follow each other: the same again, in another order, with a system more."""

from __future__ import annotations

import pytest

from rfm_cli.demo.company.settings import COMPANY_SETTINGS

# Counts of this load against the last one.
OF_LOADS = ("source_quality",)
IDS = "select record_id, customer_id from customer_records order by record_id"
EVENTS = "select * from customer_id_events order by event_number"


def test_the_same_records_in_another_order_keep_ids_and_make_no_events(company):
    ids, events = company.rows(IDS), company.rows(EVENTS)
    tables = company.rows(
        "select table_schema, table_name from information_schema.tables"
        " where table_schema like 'raw%'"
    )
    assert len(tables) > 30
    company.change(
        *(
            f"create or replace table {schema}.{name} as select * from {schema}.{name}"
            " order by hash(rowid)"
            for schema, name in tables
        )
    )
    done = company.run()
    assert done.returncode == 0, done.stderr
    assert company.rows(IDS) == ids
    assert company.rows(EVENTS) == events


@pytest.mark.long
def test_building_twice_changes_nothing(fresh_company):
    """Every mart is the same after another run, links and customers worth a look included."""
    company = fresh_company("twice")
    first, second = None, None
    for _ in range(2):
        done = company.run()
        assert done.returncode == 0, done.stderr
        first, second = second, company.marts(but=OF_LOADS)
    assert len(second) > 20
    assert second["identity_links"]
    for name, rows in second.items():
        assert first[name] == rows, name


@pytest.mark.long
def test_a_system_more_changes_no_id_of_customers_it_does_not_touch(fresh_company):
    sources = {name: list(of) for name, of in COMPANY_SETTINGS["rfm_sources"].items()}
    fewer = {name: of for name, of in sources.items() if name not in ("support", "pos")}
    company = fresh_company("company")
    done = company.run(rfm_sources=fewer)
    assert done.returncode == 0, done.stderr
    before = dict(company.rows(IDS))
    done = company.run(rfm_sources=sources)
    assert done.returncode == 0, done.stderr
    after = dict(company.rows(IDS))
    assert set(after) > set(before)
    added = {customer for record, customer in after.items() if record not in before}
    moved = {old: after[record] for record, old in before.items() if after[record] != old}
    # An id changed only where a new record brought two customers together or parted one.
    redirected = dict(
        company.rows("select old_customer_id, customer_id from customer_id_redirects")
    )
    touched = added | {before[record] for record in before if after[record] in added}
    assert all(old in touched or redirected.get(old) in added for old in moved)
    untouched = [record for record in before if after[record] not in added]
    assert len(untouched) > 50
    assert all(after[record] == before[record] for record in untouched)
