"""Where a back-test cuts the orders, and what it refuses."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rfm_cli.backtest_windows import LONGEST_HOLDOUT_DAYS, Window, choose_windows
from rfm_cli.errors import BadInput

FIRST = date(2020, 1, 1)


def after(days: int) -> date:
    return FIRST + timedelta(days=days)


def test_a_long_history_is_held_out_by_the_year():
    assert choose_windows(FIRST, after(2000)) == [
        Window(after(905), 365),
        Window(after(1270), 365),
        Window(after(1635), 365),
    ]


def test_a_short_history_is_divided_evenly():
    assert choose_windows(FIRST, after(400)) == [
        Window(after(100), 100),
        Window(after(200), 100),
        Window(after(300), 100),
    ]
    assert choose_windows(FIRST, after(400), folds=1) == [Window(after(200), 200)]


def test_cuts_of_ones_own_share_one_length():
    found = choose_windows(FIRST, after(500), cuts=[after(300), after(200), after(200)])
    assert found == [Window(after(200), 200), Window(after(300), 200)]
    asked = choose_windows(FIRST, after(500), cuts=[after(300)], holdout_days=60)
    assert asked == [Window(after(300), 60)]


def test_the_earlier_window_ends_at_the_cut():
    assert Window(after(300), 100).earlier(FIRST) == Window(after(200), 100)
    assert Window(after(100), 100).earlier(FIRST) == Window(after(50), 50)


@given(st.integers(60, 5000), st.integers(1, 6))
def test_every_cut_has_as_many_days_before_as_it_holds_out(history, folds):
    try:
        found = choose_windows(FIRST, after(history), folds=folds)
    except BadInput:
        assert history < 30 * (folds + 1)
        return
    assert len(found) == folds
    assert found[-1].cut_date + timedelta(days=found[-1].holdout_days) == after(history)
    for one, following in pairwise(found):
        assert one.cut_date + timedelta(days=one.holdout_days) == following.cut_date
    for one in found:
        assert 30 <= one.holdout_days <= LONGEST_HOLDOUT_DAYS
        assert (one.cut_date - FIRST).days >= one.holdout_days
        earlier = one.earlier(FIRST)
        assert earlier.cut_date > FIRST
        assert earlier.cut_date + timedelta(days=earlier.holdout_days) == one.cut_date


@pytest.mark.parametrize(
    ("history", "options", "hint"),
    [
        (59, {}, "load orders of at least 60 days"),
        (90, {}, "use --folds 2"),
        (70, {"holdout_days": 50}, "use --folds 1 and at most --holdout-days 35"),
        (400, {"holdout_days": 29}, "use at least 30"),
        (400, {"cuts": [after(20)]}, "choose a cut further inside"),
        (400, {"cuts": [after(390)]}, "choose a cut further inside"),
        (400, {"cuts": [after(-5)]}, "choose a cut further inside"),
        (400, {"cuts": [after(300)], "holdout_days": 150}, "choose a cut further inside"),
    ],
)
def test_a_refusal_names_the_next_step(history, options, hint):
    with pytest.raises(BadInput) as refused:
        choose_windows(FIRST, after(history), **options)
    assert hint in refused.value.hint
