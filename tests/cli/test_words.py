"""Sentences for customers and settings that the ordinary database does not have."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rfm_cli import words
from rfm_cli.explanation import _ltv_words, _orders_counted, _per_order, _threshold_words
from rfm_cli.summary_text import print_summary

LTV = {
    "ltv_method": "mbg_nbd",
    "alive_probability": 0.04,
    "expected_orders_90d": 0.1,
    "expected_orders_365d": 0.4,
    "expected_order_value": Decimal("60.00"),
    "ltv_12m_amount": Decimal("23.94"),
    "ltv_36m_amount": Decimal("40.00"),
    "ltv_lower_amount": Decimal("0.00"),
    "ltv_upper_amount": Decimal("0.00"),
}


def test_a_mean_above_its_interval_is_explained():
    text = " ".join(_ltv_words(LTV, group=None))
    assert "most likely nothing in 12 months, 23.94 is the average" in text
    assert "between" not in text


def test_an_interval_is_told():
    text = " ".join(_ltv_words({**LTV, "ltv_upper_amount": Decimal("80.00")}, group=None))
    assert "23.94 in 12 months, with 90 % certainty between 0.00 and 80.00" in text


def test_what_all_customers_bring_is_told_with_its_interval():
    all_of_them = {
        "ltv_12m_amount": Decimal("30295.40"),
        "ltv_12m_lower_amount": Decimal("28100.00"),
        "ltv_12m_upper_amount": Decimal("32400.00"),
        "ltv_36m_amount": Decimal("74967.00"),
        "ltv_residual_amount": Decimal("120000.00"),
        "is_residual_beyond_history": False,
    }
    assert words.totals_in_words(all_of_them) == (
        "All customers together are expected to bring 30,295 in 12 months, with 90 % certainty"
        " between 28,100 and 32,400; 74,967 in 36 months. All that is still to come: 120,000."
    )
    far = words.totals_in_words(all_of_them | {"is_residual_beyond_history": True})
    assert far.endswith("come: 120,000, most of it farther ahead than orders look back.")
    unsure = dict.fromkeys(("ltv_12m_lower_amount", "ltv_12m_upper_amount", "ltv_residual_amount"))
    assert words.totals_in_words(all_of_them | unsure) == (
        "All customers together are expected to bring 30,295 in 12 months; 74,967 in 36 months."
    )


def test_a_window_is_told():
    rfm = {"frequency": 2, "first_order_date": date(2023, 1, 2)}
    assert _orders_counted({"order_count": 2}, rfm) == "2 orders since 2023-01-02"
    assert _orders_counted({"order_count": 9}, rfm) == "2 orders counted, of 9 in all"


def test_a_mean_is_no_total():
    customer = {
        "order_count": 2,
        "revenue_amount": Decimal(30),
        "mean_order_amount": Decimal(15),
    }
    assert _per_order(customer, {"frequency": 2, "monetary_amount": Decimal(15)}) == " per order"
    assert _per_order(customer, {"frequency": 2, "monetary_amount": Decimal(30)}) == ""
    assert _per_order(customer, {"frequency": 1, "monetary_amount": Decimal(15)}) == ""


def test_groups_of_equal_size_have_no_start():
    threshold = {
        "score": 4,
        "score_method": "ntile_independent",
        "starts_at_value": Decimal(3),
        "lowest_value": Decimal(3),
        "highest_value": Decimal(7),
    }
    assert (
        _threshold_words("frequency", threshold)
        == "Score 4 went to customers with 3 to 7 orders; equals rank by id."
    )
    told = _threshold_words("monetary", {**threshold, "highest_value": Decimal(3)})
    assert told == "Score 4 went to customers with 3.00; equals rank by id."
    told = _threshold_words("frequency", {**threshold, "score_method": "thresholds"})
    assert told == "Score 4 starts at 3 orders."


def test_when_customers_stop_depends_on_the_model():
    parameters = {"r": 1, "alpha": 40, "a": 1, "b": 9}
    for method, when in (("bg_nbd", "After a repeat order"), ("mbg_nbd", "After an order")):
        lines = words.fit_in_words({"method": method, "parameters": parameters})
        assert lines[1] == f"{when} 10.0 % stop for good."
    parameters = {"r": 1, "alpha": 40, "s": 2, "beta": 365}
    lines = words.fit_in_words({"method": "pareto_nbd", "parameters": parameters})
    assert lines[1] == "Within a year of the first order 75.0 % stop for good."


def test_scores_nobody_has(built, capsys):
    print_summary({**built.facts, "scores_used": {"frequency": 4, "recency": 5}})
    assert "Not every score has customers: frequency uses 4 of 5." in capsys.readouterr().out
