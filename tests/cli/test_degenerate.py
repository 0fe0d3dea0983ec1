"""`rfm run` ends well whatever the orders are: finite values, and words where there is no fit."""

from __future__ import annotations

import json
import math

import pytest
from cli_helpers import query, write_orders
from degenerate_orders import SHOPS

from rfm_cli.ltv.models import ORDER_MODELS

FITTED = {
    "thousands_of_orders",
    "ten_years",
    "amounts_with_a_heavy_tail",
    "more_refunded_than_bought",
}
CASES = [
    *((shop, "mbg_nbd") for shop in SHOPS),
    *(("ten_years", model) for model in ORDER_MODELS if model != "mbg_nbd"),
]
# Of each kind of end one: nobody to learn from, a refusal, a fit.
FEW = {"one_customer", "nobody_comes_back", "more_refunded_than_bought"}


@pytest.mark.parametrize(
    ("shop", "model"),
    [pytest.param(*case, marks=() if case[0] in FEW else pytest.mark.long) for case in CASES],
)
def test_any_shop_gets_finite_values(rfm, tmp_path, shop, model):
    orders = write_orders(tmp_path / "orders.csv", SHOPS[shop]())
    run = ("run", "--orders", orders, "--database", "x.duckdb", "--history", 0, "--json")
    done = rfm(*run, "--model", model, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    learned = facts["learned"]
    if learned is not None:
        assert learned["is_accepted"] == (shop in FITTED), learned["refusal_reason"]
        assert learned["is_accepted"] or learned["refusal_reason"].endswith(".")
    rows = query(
        tmp_path / "x.duckdb",
        "select ltv_method, alive_probability, expected_orders_90d, expected_orders_365d,"
        " expected_order_value, margin_rate, ltv_12m_amount, ltv_36m_amount from customer_ltv",
    )
    assert rows or learned is None
    for method, *numbers in rows:
        assert method == (model if shop in FITTED else "baseline")
        assert all(number is not None and math.isfinite(number) for number in numbers)
        assert all(number >= 0 for number in numbers)
