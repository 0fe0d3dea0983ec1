"""Loyalty from customer, date and amount alone, and what is said about settings that cannot be."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from building import PROJECT, Warehouse

from rfm_cli.dbt import Dbt
from rfm_cli.errors import RfmError
from rfm_cli.warehouse.targets import duckdb_target

# As of 2024-07-01. weekly and monthly were last here a month before; sender sent most back.
ORDERS = [
    *(("weekly", date(2024, 5, day), 10) for day in (4, 11, 18, 25)),
    ("weekly", date(2024, 6, 1), 10),
    *(("monthly", date(2024, month, 1), 10) for month in (2, 3, 4, 5, 6)),
    ("sender", date(2024, 6, 20), 100),
    ("sender", date(2024, 6, 25), -60),
    ("once", date(2024, 6, 30), 5),
    ("refunded", date(2024, 6, 30), -5),
]


def settings(path, rows) -> dict[str, str]:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["customer_id", "ordered_at", "amount", "order_id"])
        writer.writerows((who, day, amount, who + str(day.month)) for who, day, amount in rows)
    return {"rfm_file_path": str(path), "rfm_file_order_id": "order_id"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    by_day = settings(folder / "orders.csv", ORDERS) | {"rfm_file_order_id": ""}
    return Warehouse(folder / "rfm.duckdb").build(**by_day)


def column(warehouse, name):
    return dict(warehouse.rows(f"select customer_id, {name} from customer_loyalty"))


def test_late_is_told_by_the_own_rhythm(warehouse):
    silent = column(warehouse, "days_since_last_order")
    assert silent["weekly"] == silent["monthly"] == 30
    assert column(warehouse, "usual_gap_days")["weekly"] == 7
    assert column(warehouse, "continuing") == {
        "weekly": "gone",
        "monthly": "continuing",
        "sender": "continuing",
        "once": "continuing",
        "refunded": None,
    }


def test_what_came_back_is_told_without_any_survey(warehouse):
    assert column(warehouse, "happiness")["monthly"] == "unknown"
    health = column(warehouse, "health")
    assert (health["monthly"], health["weekly"], health["refunded"]) == ("good", None, None)


def test_nothing_else_is_made_up(warehouse):
    ((nothing,),) = warehouse.rows(
        "select count(*) from customer_loyalty where coalesce(full_price_share, discount_depth,"
        " product_concentration, advocacy_index, promoter_score, satisfaction_share) is not null"
        " or coalesce(review_count, referral_count, open_complaint_count, failed_payment_count,"
        " product_line_count) is not null"
    )
    assert nothing == 0
    assert "need_groups" not in warehouse.marts()


def test_groups_add_up_to_all(warehouse):
    assert warehouse.rows(
        "select grouped_by, sum(customer_count), sum(revenue_amount), sum(profit_amount),"
        " min(profit_measure) from loyalty_summary group by 1 order by 1"
    ) == [
        (grouping, 5, 140, 140, "net_revenue")
        for grouping in ("advocacy_band", "health", "loyalty_cell")
    ]


# dbt reads the whole project to refuse one.
WRONG_SETTINGS = [
    ("rfm_loyalty_own_rhythm_orders", 1),
    ("rfm_loyalty_advocacy_weights", {"promoter": 0, "review": 0, "referral": 0}),
    ("rfm_loyalty_advocacy_weights", {"promoter": 1, "review": -1, "referral": 1}),
    ("rfm_loyalty_advocacy_weights", {"promoter": 1}),
    ("rfm_loyalty_advocacy_bands", [70, 30]),
    ("rfm_loyalty_price_bands", [0.4]),
    ("rfm_loyalty_review_days", {"act": 1, "watch": 2}),
]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("rfm_loyalty_late_gaps", 4),
        ("rfm_loyalty_happy_score", 0.5),
        *(pytest.param(*case, marks=pytest.mark.long) for case in WRONG_SETTINGS),
    ],
)
def test_a_setting_that_cannot_be_is_named(tmp_path, setting, value):
    dbt = Dbt(PROJECT, duckdb_target(tmp_path / "rfm.duckdb"), {setting: value})
    with pytest.raises(RfmError) as caught:
        dbt.parse()
    assert setting in str(caught.value) + str(caught.value.hint)
