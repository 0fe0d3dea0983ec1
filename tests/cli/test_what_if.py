"""`rfm what-if`: a change of orders, dropout or margin, and what it is worth."""

from __future__ import annotations

import json

import pytest
from cli_helpers import ordinary_orders, query, write_orders


def answer(rfm, built, *arguments):
    done = rfm("what-if", "--database", built.database, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_margin_scales_every_value(rfm, built):
    facts = answer(rfm, built, "--margin", "25")
    stored = dict(
        query(
            built.database,
            "select rfm_segment, sum(ltv_36m_amount) from customer_ltv"
            " join customer_rfm using (customer_id) group by 1",
        )
    )
    assert {row["segment"] for row in facts["segments"]} == set(stored)
    for row in facts["segments"]:
        assert row["ltv_36m_amount"] == pytest.approx(float(stored[row["segment"]]), abs=1e-6)
        for months in (12, 36):
            changed = row[f"changed_ltv_{months}m_amount"]
            assert changed == pytest.approx(1.25 * row[f"ltv_{months}m_amount"], rel=1e-12)
        assert row["changed_staying_count"] == row["staying_count"]


def test_one_segment_alone_changes(rfm, built):
    facts = answer(rfm, built, "--dropout", "-20", "--segment", "champions")
    for row in facts["segments"]:
        gained = row["changed_ltv_36m_amount"] - row["ltv_36m_amount"]
        stays = row["changed_staying_count"] - row["staying_count"]
        assert row["is_changed"] is (row["segment"] == "Champions")
        assert (gained > 0) is (stays > 0) is row["is_changed"]
    company = facts["company"]
    assert [(company["customer_count"],)] == query(
        built.database, "select count(*) from customer_ltv"
    )
    assert company["changed_ltv_12m_amount"] > company["ltv_12m_amount"]


def test_it_is_said_in_words(rfm, built):
    done = rfm("what-if", "--database", built.database, "--order-rate", "10", "--dropout", "-5")
    assert done.returncode == 0, done.stderr
    assert "From now on: orders of a living customer +10 %, chance to leave -5 %." in done.stdout
    assert "everybody" in done.stdout
    assert "…" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "nothing changes"),
        (("--margin", "1", "--segment", "Nobody"), "no customer is in the rfm_segment 'Nobody'"),
        (("--order-rate", "-100"), "Invalid value for '--order-rate'"),
    ],
)
def test_what_cannot_be_asked(rfm, built, arguments, message):
    done = rfm("what-if", "--database", built.database, *arguments)
    assert done.returncode == 2
    assert message in done.stderr


@pytest.mark.long
def test_the_baseline_cannot_be_asked(rfm, tmp_path):
    orders = write_orders(tmp_path / "few.csv", ordinary_orders(20))
    database = tmp_path / "few.duckdb"
    assert rfm("run", "--orders", orders, "--database", database).returncode == 0
    done = rfm("what-if", "--database", database, "--margin", "10")
    assert done.returncode == 2
    assert "baseline" in done.stderr
