"""Only counts and learned numbers travel between a server and Python."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta

import pytest

pytestmark = pytest.mark.long
CUSTOMERS = 20_000


def many_orders() -> list[tuple[object, ...]]:
    """Make customers who order on Sundays for round amounts, so that many have one history."""
    draw = random.Random(11)
    rows = []
    for customer in range(CUSTOMERS):
        day = date(2023, 1, 1) + timedelta(days=7 * draw.randrange(8))
        pace, price = draw.gammavariate(1.2, 1 / 8), draw.choice([1, 2, 4])
        while day < date(2023, 7, 1):
            amount = f"{10 * price * draw.choice([1, 2])}.00"
            rows.append((f"c{customer}", day.isoformat(), amount, f"o{len(rows)}"))
            if draw.random() < 0.3:
                break
            day += timedelta(days=7 * (1 + int(draw.expovariate(pace + 1e-3))))
    return rows


@pytest.fixture(scope="module")
def filled(server_engine, tmp_path_factory):
    engine = server_engine.within("travel", tmp_path_factory.mktemp("travel"))
    engine.load(many_orders())
    done = engine.build(
        "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test",
        "--select", "+int_ltv__order_counts", "+int_ltv__spend_counts", "path:models/fitted",
        rfm_history_periods=0,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    return engine


def test_no_customer_travels(filled):
    groups = sum(
        filled.rows(f"select count(*) from travel_intermediate.int_ltv__{name}_counts")[0][0]
        for name in ("order", "spend")
    )
    learned = json.loads(filled.rfm("fit", "--json").stdout)
    tables = ("parameters", "nodes", "intervals", "diagnostics")
    stored = sum(
        filled.rows(f"select count(*) from travel_fitted.fitted_ltv_{name}")[0][0]
        for name in tables
    )
    # The groups, and the number of the last run; the learned rows, and the row of the run.
    assert learned["rows_read"] == groups + 1
    assert learned["rows_written"] == stored + 1 > 1
    assert groups < CUSTOMERS / 10
    again = json.loads(filled.rfm("fit", "--json").stdout)
    assert (again["run_id"], again["is_new"]) == (learned["run_id"], False)
    assert again["rows_written"] == 0


def test_learning_reads_nothing_but_counts(filled, request):
    """PostgreSQL itself says so: a role that may read nothing else can learn."""
    if filled.name != "postgres":
        pytest.skip("Spark's Thrift server without a security manager has no privileges")
    with filled.open() as warehouse:
        for statement in (
            "create role learner login password 'learner'",
            "grant usage on schema travel_intermediate, travel_fitted to learner",
            "grant select on travel_intermediate.int_ltv__order_counts, "
            "travel_intermediate.int_ltv__spend_counts to learner",
            "grant select, insert, delete on all tables in schema travel_fitted to learner",
            "delete from travel_fitted.fitted_runs",
        ):
            warehouse.query(statement)
    from dataclasses import replace

    learner = replace(
        filled, environment={**filled.environment, "PGUSER": "learner", "PGPASSWORD": "learner"}
    )
    learned = json.loads(learner.rfm("fit", "--json").stdout)
    assert learned["is_new"]
    assert learned["is_accepted"], learned["refusal_reason"]
    denied = learner.rfm("explain", "c1", check=False)
    assert denied.returncode in (2, 4)


def test_a_run_put_again_leaves_no_double(filled):
    """What a killed run left of itself is overwritten when the same data are learned again."""
    with filled.open() as warehouse:
        relation = warehouse.relation("fitted_ltv_parameters")
        rows = warehouse.reader(relation).read_all()
        run_id = rows["run_id"][0].as_py()
        mine = rows.filter([value == run_id for value in rows["run_id"].to_pylist()])
        warehouse.replace_run(relation, run_id, mine.slice(0, 2))
        assert warehouse.query(f"select count(*) from {relation}") == [(2,)]
        warehouse.replace_run(relation, run_id, mine)
        warehouse.replace_run(relation, run_id, mine)
        back = warehouse.reader(relation).read_all().select(mine.column_names)
    order = [("model", "ascending"), ("parameter", "ascending")]
    assert back.sort_by(order).to_pylist() == mine.sort_by(order).to_pylist()
