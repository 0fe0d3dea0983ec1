"""What is said where the orders do not suit the models, and where there is no fit."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from cli_helpers import query, write_orders
from degenerate_orders import SHOPS

from rfm_cli import words
from rfm_cli.ltv.parameters import BgParameters, SpendParameters
from rfm_cli.ltv.simulate import simulate_orders
from rfm_cli.ltv_checks import findings, with_diagnostics

START = date(2023, 1, 1)

CHECK = {
    "as_of_date": date(2024, 1, 1),
    "calendar_month": None,
    "observation_count": 70,
    "check_value": 1.0,
    "check_limit": 1.5,
    "standard_errors": 0.0,
    "is_known": True,
    "is_warning": False,
}
DRIFT = {
    "fitted_as_of_date": date(2023, 10, 1),
    "horizon_days": 92,
    "order_count": 900,
    "expected_order_count": 1234.4,
    "order_bias": 0.3716,
    "is_current_fit": True,
    "is_warning": True,
}


def said(name: str, **changes: object) -> str:
    (found,) = findings([{**CHECK, "check_name": name, **changes}], None)
    assert found.is_warning == changes.get("is_warning", False)
    assert (found.hint is not None) == found.is_warning
    return found.text


@pytest.mark.parametrize(
    ("name", "changes", "text"),
    [
        ("order_regularity", {}, "about as random as the models assume (regularity 1.0"),
        ("order_regularity", {"is_known": False}, "70 customers with three order days are too few"),
        ("order_regularity", {"check_value": 8.3, "is_warning": True}, "at regular intervals"),
        ("season", {"calendar_month": 5}, "No season stands out (May has 1.0 times"),
        ("season", {"is_known": False}, "70 whole months of orders cannot show a season"),
        (
            "season",
            {"calendar_month": 12, "check_value": 2.6, "is_warning": True},
            "December has 2.6 times the orders of the months around it. The models know no season",
        ),
        ("order_count_spend_correlation", {}, "hardly depends on how often they order"),
        ("order_count_spend_correlation", {"is_known": False}, "Without a fit"),
        (
            "order_count_spend_correlation",
            {"check_value": 0.4, "is_warning": True},
            "customers of few orders are valued too high",
        ),
        (
            "order_count_spend_correlation",
            {"check_value": -0.4, "is_warning": True},
            "spends less on an order (correlation -0.40)",
        ),
        ("equal_dropout", {"check_value": 0.0}, "likelier to stop ordering than others"),
        ("equal_dropout", {"is_known": False}, "Without a fit nothing is assumed of who stops"),
        (
            "equal_dropout",
            {"is_warning": True},
            "equally likely to stop ordering, and the fit takes them to be. Who is still",
        ),
    ],
)
def test_checks_in_words(name, changes, text):
    assert text in said(name, **changes)


def test_drift_in_words():
    (found,) = findings([], DRIFT)
    assert found.text == (
        "The fit of 2023-10-01 expected 1,234 orders of its customers in 92 days, they made 900"
        " (+37 %). That is more than chance explains; values of such fits were too high."
    )
    assert found.hint == "rfm run learns and scores anew"
    (found,) = findings([], {**DRIFT, "order_count": 0, "order_bias": None, "is_warning": False})
    assert found.text.endswith("they made 0.")


def test_a_new_fit_brings_its_own_diagnostics():
    checks = [
        {**CHECK, "check_name": "order_count_spend_correlation", "check_limit": 0.3},
        {**CHECK, "check_name": "equal_dropout", "check_limit": 0.0, "is_known": False},
    ]
    spend, dropout = with_diagnostics(
        checks, {"order_count_spend_correlation": -0.31, "equal_dropout": 0.0}
    )
    assert (spend["check_value"], spend["is_warning"]) == (-0.31, True)
    assert (dropout["is_known"], dropout["is_warning"]) == (True, False)
    assert with_diagnostics(checks, {}) == checks


def test_the_baseline_says_from_when_on_a_model_takes_over():
    lines = words.baseline_in_words(
        {"repeat_customer_count": 1, "needed_repeat_customer_count": 50}
    )
    assert lines[1] == ("A model takes over from 50 customers with a second order on; there is 1.")
    refused = {"repeat_customer_count": 70, "needed_repeat_customer_count": 50}
    assert words.baseline_in_words(refused)[1] == "A model takes over once its fit is accepted."


def test_subscriptions_are_warned_about_everywhere(rfm, tmp_path: Path):
    orders = write_orders(tmp_path / "orders.csv", SHOPS["subscriptions"]())
    done = rfm("run", "--orders", orders, "--database", "x.duckdb", "--history", 0, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Method: the baseline, simple rates instead of a model" in done.stdout
    assert "A model takes over once its fit is accepted." in done.stdout
    told = " ".join(done.stdout.split())
    assert "warning: Orders come at regular intervals, as those of subscriptions do" in told
    fit = rfm("fit", "--database", "x.duckdb", "--json", cwd=tmp_path)
    assert json.loads(fit.stdout)["warnings"][0].startswith("Orders come at regular intervals")
    check = rfm("check", "--database", "x.duckdb", "--json", cwd=tmp_path)
    (rhythm,) = [c for c in json.loads(check.stdout)["checks"] if c["name"] == "rhythm"]
    assert rhythm["result"] == "warn"
    report = rfm("report", "--database", "x.duckdb", "--output", "x.html", cwd=tmp_path)
    assert report.returncode == 0, report.stderr
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "Warning: Orders come at regular intervals" in page
    assert "Method: the baseline" in page


@pytest.mark.long
def test_customers_who_seem_equally_likely_to_stop_are_valued_and_warned_about(rfm, tmp_path: Path):
    drawn = simulate_orders(
        BgParameters("mbg_nbd", 2.0, 40.0, 3000.0, 27_000.0), SpendParameters(6.0, 4.0, 15.0), 1500,
        acquisition_days=200, total_days=400, seed=3,
    )  # fmt: skip
    rows = [
        (f"c{customer}", (START + timedelta(int(day))).isoformat(), f"{amount:.2f}", f"o{number}")
        for number, (customer, day, amount) in enumerate(
            zip(drawn.customer, drawn.day, drawn.amount, strict=True)
        )
    ]
    orders = write_orders(tmp_path / "orders.csv", rows)
    until = ("--as-of", START + timedelta(400), "--history", 0, "--database", "x.duckdb")
    done = rfm("run", "--orders", orders, *until, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = " ".join(done.stdout.split())
    assert "warning: All customers seem equally likely to stop ordering" in told
    methods = query(tmp_path / "x.duckdb", "select distinct ltv_method from customer_ltv")
    assert methods == [("mbg_nbd",)]
    (dropout,) = query(
        tmp_path / "x.duckdb",
        "select sum(estimate) filter (where parameter = 'a') / sum(estimate), count(standard_error)"
        " from ltv_parameters where parameter in ('a', 'b')",
    )
    assert dropout == (pytest.approx(0.1, abs=0.01), 1)
    (total,) = query(
        tmp_path / "x.duckdb",
        "select own_standard_error, parameter_standard_error from ltv_segment_totals"
        " where segment_type = 'company'",
    )
    assert min(total) > 0
