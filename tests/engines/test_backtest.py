"""A back-test finds the same on every engine, and forecasts are corrected alike."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from comparing import compare
from engines import SERVERS

from rfm_cli.ltv.parameters import BgParameters, SpendParameters
from rfm_cli.ltv.simulate import simulate_orders

pytestmark = pytest.mark.long

MARTS = ("ltv_backtest", "ltv_calibration", "customer_ltv")


def orders() -> list[tuple[object, ...]]:
    """Make customers with refunds on later days, some of them beyond a cut."""
    drawn = simulate_orders(
        BgParameters("mbg_nbd", 0.9, 42.0, 0.6, 2.0), SpendParameters(6.25, 3.74, 15.4), 400,
        acquisition_days=400, total_days=600, seed=4,
    )  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for number, (customer, day, amount) in enumerate(
        zip(drawn.customer, drawn.day, drawn.amount, strict=True)
    ):
        at = date(2022, 1, 1) + timedelta(int(day))
        rows.append((f"c{customer}", str(at), f"{amount:.2f}", f"o{number}"))
        if number % 10 == 0:
            back = at + timedelta(40)
            rows.append((f"c{customer}", str(back), f"{-amount / 2:.2f}", f"o{number}"))
    return rows


@pytest.mark.parametrize("name", SERVERS)
def test_a_back_test_finds_the_same(engine_of, name, tmp_path_factory):
    found = {}
    for engine in (engine_of("duckdb"), engine_of(name)):
        place = engine.within("backtest", tmp_path_factory.mktemp("backtest"))
        place.load(orders())
        place.run("--history", "0")
        done = place.rfm("backtest", "--folds", "2", "--json")
        assert done.returncode == 0, done.stderr
        facts = json.loads(done.stdout)
        assert facts["is_new"] is True
        again = json.loads(place.rfm("backtest", "--folds", "2", "--json").stdout)
        assert (again["run_id"], again["is_new"]) == (facts["run_id"], False)
        # PostgreSQL drops the views of a view that is made anew.
        built = place.build(
            "--exclude-resource-type", "unit_test",
            "--select", "int_ltv__corrected", "int_ltv__forecasts", "customer_ltv",
            rfm_ltv_correction="backtest",
        )  # fmt: skip
        assert built.returncode == 0, built.stdout[-3000:]
        marts = place.marts()
        found[place.name] = facts["run_id"], {mart: marts[mart] for mart in MARTS}
    assert found[name][0] == found["duckdb"][0]
    for mart, rows in found["duckdb"][1].items():
        comparison = compare(mart, found[name][1][mart], rows)
        assert not comparison.differences, comparison.differences[:20]
        assert comparison.rows > 0
