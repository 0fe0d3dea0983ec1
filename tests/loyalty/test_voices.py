"""What customers say and whom they bring, in systems of a few rows."""

from __future__ import annotations

import pytest
from identity_project import build_identity

LOYALTY = ("+customer_loyalty", "+loyalty_summary")
CUSTOMERS = {
    "shop": [
        {"source_record_id": name, "first_name": name, "email": f"{name}@lee.example"}
        for name in ("ann", "bob", "cid", "dora")
    ]
}


def order(number, customer, day, amount=10):
    return {
        "source_customer_id": customer,
        "order_id": number,
        "ordered_at": f"{day} 12:00:00",
        "order_date": day,
        "amount": amount,
        "currency": "EUR",
    }


def said(number, customer, day, kind, **more):
    return {
        "interaction_id": number,
        "source_customer_id": customer,
        "occurred_at": f"{day} 12:00:00",
        "interaction_type": kind,
        **more,
    }


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    import hashlib

    def address(name):
        return hashlib.sha256(f"{name}@lee.example".encode()).hexdigest()

    return build_identity(
        tmp_path_factory.mktemp("voices"),
        CUSTOMERS,
        orders={
            "shop": [
                order("1", "ann", "2025-01-10", 500),
                order("2", "bob", "2025-03-10", 40),
                order("3", "cid", "2025-01-01", 30),
                order("4", "ann", "2025-12-31", 7),
            ]
        },
        interactions={
            "shop": [
                # Ann brought Bob; Cid was a customer before; she named herself, and somebody
                # nobody knows.
                said("r1", "ann", "2025-02-01", "referral", reference_id=address("bob")),
                said("r2", "ann", "2025-02-02", "referral", reference_id=address("bob")),
                said("r3", "ann", "2025-02-03", "referral", reference_id=address("cid")),
                said("r4", "ann", "2025-02-04", "referral", reference_id=address("ann")),
                said("r5", "ann", "2025-02-05", "referral", reference_id=address("zoe")),
                # Bob praised us before he had bought anything, and after.
                said("b1", "bob", "2025-03-01", "brand_perception", score=7, score_max=7),
                said("b2", "bob", "2025-04-01", "brand_perception", score=6, score_max=7),
                # Cid's complaint is closed on the as-of date: on it, it is open. Dora never bought.
                said("c1", "cid", "2025-12-01", "complaint", closed_at="2026-01-01 00:00:00"),
                said("c2", "cid", "2025-12-02", "complaint", closed_at="2025-12-31 23:00:00"),
                said("d1", "dora", "2025-12-02", "survey", topic="NPS", score=5, score_max=5),
                # What comes on the as-of date does not exist yet.
                said("d2", "dora", "2026-01-01", "survey", topic="NPS", score=0, score_max=5),
                said("a1", "ann", "2026-01-01", "complaint"),
            ]
        },
        select=LOYALTY,
    )


def facts(warehouse, columns):
    """Return the columns of customer_loyalty by first name."""
    rows = warehouse.rows(
        f"select lower(first_name), {columns} from customer_loyalty"
        " join customers using (customer_id)"
    )
    return {name: tuple(values) for name, *values in rows}


def test_a_referral_counts_once_the_other_became_a_customer(warehouse):
    found = facts(warehouse, "referral_count, successful_referral_count, advocacy_index")
    assert found["ann"] == (3, 1, 100.0)
    assert found["cid"] == (0, 0, None)


def test_what_somebody_brought_is_not_theirs_as_well(warehouse):
    """Revenue of all groups is the revenue of all customers, once."""
    assert dict(
        warehouse.rows("select grouped_by, sum(revenue_amount) from loyalty_summary group by 1")
    ) == dict.fromkeys(("loyalty_cell", "advocacy_band", "health"), 577)
    bands = dict(
        warehouse.rows(
            "select group_value, revenue_amount from loyalty_summary"
            " where grouped_by = 'advocacy_band'"
        )
    )
    assert bands == {"advocate": 547, "unknown": 30}


def test_ratings_count_from_the_first_order_on(warehouse):
    assert facts(warehouse, "review_count, advocacy_index")["bob"] == (1, 100.0)


def test_answers_and_complaints_of_the_as_of_date_do_not_exist(warehouse):
    found = facts(warehouse, "open_complaint_count, happiness, health, promoter_score")
    assert found["cid"] == (1, "unhappy", "act", None)
    assert found["ann"] == (0, "unknown", "good", None)
    assert found["dora"] == (0, "happy", None, 10.0)


def test_what_no_source_offers_is_unknown(warehouse):
    columns = (
        "full_price_share, full_price_unit_share, discount_depth, product_line_count,"
        " product_concentration, failed_payment_count"
    )
    assert set(facts(warehouse, columns).values()) == {(None,) * 6}
