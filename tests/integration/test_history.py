"""The history: a finished date stays as it was known, unless it is restated."""

from __future__ import annotations

from datetime import date

import pytest

from rfm_cli.errors import CheckFailed, DbtFailed

EARLY = [
    ("a", date(2024, 1, 10), 10, "1"),
    ("b", date(2024, 1, 20), 20, "2"),
    ("a", date(2024, 2, 10), 30, "3"),
    ("c", date(2024, 3, 15), 40, "4"),
]
# Came late: an order of January that was not there when February began.
LATE = ("d", date(2024, 1, 25), 500, "5")

# The history and the marts made of it.
HISTORY = ("+customer_rfm", "+rfm_segment_moves", "+rfm_segment_summary", "+customers")


def january(warehouse):
    return warehouse.rows(
        "select customer_id, monetary_amount from customer_rfm_history"
        " where as_of_date = '2024-02-01' order by 1"
    )


def test_a_finished_date_stays_as_it_was_known(warehouse, orders_file):
    warehouse.build(*HISTORY, **orders_file(EARLY))
    known = january(warehouse)
    assert known == [("a", 10), ("b", 20)]
    warehouse.build(*HISTORY, **orders_file([*EARLY, LATE]))
    assert january(warehouse) == known
    # The current date is not finished: it knows the late order.
    assert warehouse.rows("select count(*) from customer_rfm") == [(4,)]


def test_restating_computes_finished_dates_anew(warehouse, orders_file):
    warehouse.build(*HISTORY, **orders_file(EARLY))
    warehouse.build(*HISTORY, **orders_file([*EARLY, LATE]), rfm_restate=True)
    assert january(warehouse) == [("a", 10), ("b", 20), ("d", 500)]


def test_only_missing_dates_are_computed(warehouse, orders_file):
    settings = orders_file(EARLY)
    warehouse.build(*HISTORY, **settings)
    warehouse.build(*HISTORY, **settings, rfm_as_of_date="2024-05-02")
    pending = warehouse.rows(
        "select as_of_date from main_intermediate.int_time__as_of_dates where is_pending order by 1"
    )
    assert pending == [(date(2024, 4, 1),), (date(2024, 5, 1),), (date(2024, 5, 2),)]
    dates = warehouse.rows("select distinct as_of_date from customer_rfm_history order by 1")
    # 16 March was the current date of the first build; it stays a snapshot of its own.
    assert [row[0].isoformat() for row in dates] == [
        "2024-02-01",
        "2024-03-01",
        "2024-03-16",
        "2024-04-01",
        "2024-05-01",
        "2024-05-02",
    ]
    assert warehouse.rows("select distinct as_of_date from customer_rfm") == [(date(2024, 5, 2),)]


def test_an_as_of_date_in_the_past_keeps_later_history(warehouse, orders_file):
    settings = orders_file(EARLY)
    warehouse.build(*HISTORY, **settings)
    before = warehouse.rows("select * from customer_rfm_history order by all")
    warehouse.build(*HISTORY, **settings, rfm_as_of_date="2024-02-15")
    assert warehouse.rows("select distinct as_of_date from customer_rfm") == [(date(2024, 2, 15),)]
    kept = warehouse.rows(
        "select * from customer_rfm_history where as_of_date <> '2024-02-15' order by all"
    )
    assert kept == before


def test_moves_balance(warehouse, orders_file):
    """Those on the later date = those on the earlier + new - gone, for each pair of dates."""
    warehouse.build(*HISTORY, **orders_file(EARLY))
    moved = warehouse.rows(
        "select to_as_of_date, sum(customer_count) from rfm_segment_moves"
        " where to_rfm_segment <> 'No order in the window' group by 1 order by 1"
    )
    counted = warehouse.rows(
        "select as_of_date, count(*) from customer_rfm_history"
        " where as_of_date > (select min(as_of_date) from customer_rfm_history)"
        " group by 1 order by 1"
    )
    assert [(day, int(count)) for day, count in moved] == counted


# dbt reads the whole project to refuse one.
WRONG_SETTINGS = [
    ("rfm_monetary_thresholds", [100, 50, 20, 10], "give four values, rising"),
    ("rfm_monetary_aggregate", "median", "use sum or mean"),
    ("rfm_value_grid", "diagonal", "use independent or nested"),
    ("rfm_ltv_orders", "weekly", "use count or merge"),
    ("rfm_monetary_measure", "profit", "use auto, net_revenue, cm1, cm2 or cm3"),
    ("rfm_monetary_measure", "cm1", "no source offers costs"),
    ("rfm_ltv_annual_discount_rate", -0.1, "must be 0 or more"),
]


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("rfm_cadence", "fortnight", "use day, week, month or quarter"),
        ("rfm_recency_method", "quintile", "use one of midrank"),
        *(pytest.param(*case, marks=pytest.mark.long) for case in WRONG_SETTINGS),
    ],
)
def test_a_wrong_setting_is_named(warehouse, orders_file, setting, value, words):
    extra = {"rfm_monetary_method": "thresholds"} if "thresholds" in setting else {}
    with pytest.raises(DbtFailed) as failure:
        warehouse.build(**orders_file(EARLY), **{setting: value}, **extra)
    assert words in str(failure.value)


def test_a_segment_map_with_a_hole_is_refused(warehouse, orders_file):
    with pytest.raises(CheckFailed) as failure:
        warehouse.build("rfm_segments", **orders_file(EARLY), rfm_segment_map="forgotten")
    assert "segment" in str(failure.value)


def test_a_date_that_loses_its_customers_is_emptied(warehouse, orders_file):
    warehouse.build(*HISTORY, **orders_file([("a", date(2024, 1, 10), 1, "1")]))
    assert warehouse.rows("select count(*) from customer_rfm") == [(1,)]
    warehouse.build(*HISTORY, **orders_file([("a", date(2024, 1, 10), -1, "1")]))
    assert warehouse.rows("select count(*) from customer_rfm") == [(0,)]
    assert warehouse.rows("select count(*) from rfm_segment_summary") == [(0,)]


def test_going_back_to_a_finished_date_does_not_rewrite_it(warehouse, orders_file):
    warehouse.build(*HISTORY, **orders_file(EARLY))
    known = january(warehouse)
    warehouse.build(*HISTORY, **orders_file([*EARLY, LATE]), rfm_as_of_date="2024-02-01")
    assert january(warehouse) == known
    # What is not history shows the orders as they are now.
    assert warehouse.rows("select count(*) from customers") == [(3,)]
    warehouse.build(
        *HISTORY, **orders_file([*EARLY, LATE]), rfm_as_of_date="2024-02-01", rfm_restate=True
    )
    assert january(warehouse) == [*known, ("d", 500)]
