"""The lists of best customers on a database that a run made."""

from __future__ import annotations

import json
from decimal import Decimal

import duckdb
import pytest
from cli_helpers import query


@pytest.fixture
def best(rfm, built):
    def run(*arguments):
        return rfm("best", *arguments, "--database", built.database)

    return run


@pytest.mark.parametrize("definition", ["lifetime_value", "revenue_ever", "longest_tenure"])
def test_list_says_what_is_stored(best, built, definition):
    done = best("list", "--definition", definition, "--top", "7", "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    stored = query(
        built.database,
        "select rank, customer_id, cast(measure_value as double), reasons from best_customers"
        " where definition = ? order by rank, customer_id",
        [definition],
    )
    assert facts["definition"] == definition
    assert facts["customer_count"] == len(stored) > 7
    assert [tuple(row.values()) for row in facts["customers"]] == stored[:7]


def test_list_is_by_the_definition_of_the_project(best):
    done = best("list", "--top", "2")
    assert done.returncode == 0, done.stderr
    assert "best customers by lifetime value as of" in done.stdout
    assert "number 1 of 400 by expected value" in " ".join(done.stdout.split())
    assert "Best segments: Champions" in done.stdout


def test_nobody_is_best_by_profit_without_costs(best):
    done = best("list", "--definition", "profit_ever")
    assert done.returncode == 2
    assert 'nobody is best by "profit_ever"' in done.stderr
    assert "a source with costs" in " ".join(done.stderr.split())


def test_overlaps_add_up(best, built):
    done = best("compare", "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    lists = {
        name: {customer for (customer,) in rows}
        for name in facts["lists"]
        for rows in [
            query(
                built.database,
                "select customer_id from best_customers where definition = ?",
                [name],
            )
        ]
    }
    assert len(facts["pairs"]) == 6
    for pair in facts["pairs"]:
        left, right = lists[pair["left"]], lists[pair["right"]]
        assert pair["both_count"] == len(left & right)
        assert pair["both_count"] + pair["left_only_count"] == facts["lists"][pair["left"]]
        assert pair["both_count"] + pair["right_only_count"] == facts["lists"][pair["right"]]
        assert pair["jaccard"] == pytest.approx(len(left & right) / len(left | right))
    movers = facts["movers"]["revenue_ever_only"]
    only = lists["revenue_ever"] - lists["lifetime_value"]
    assert movers["customer_count"] == len(only) > 0
    assert {row["customer_id"] for row in movers["customers"]} <= only
    words = best("compare").stdout
    assert f"not by lifetime value: {len(only)} customer" in words


def test_who_is_excluded_is_told_with_the_reason(rfm, built, tmp_path):
    copy = tmp_path / "rfm.duckdb"
    copy.write_bytes(built.database.read_bytes())
    with duckdb.connect(copy) as connection:
        connection.execute(
            "insert into excluded_customers values"
            " ('2024-01-01', 'c0001', 'employee', 'says the office'),"
            " ('2024-01-01', 'c0001', 'chargeback', '1 chargeback'),"
            " ('2024-01-01', 'c0002', 'employee', 'says the office')"
        )
    done = rfm("best", "excluded", "--database", copy, "--top", "1", "--json")
    assert json.loads(done.stdout) == {
        "excluded_count": 2,
        "reasons": {"employee": 2, "chargeback": 1},
        "customers": [{"customer_id": "c0001", "reason": "chargeback", "evidence": "1 chargeback"}],
    }
    words = rfm("best", "excluded", "--database", copy).stdout
    assert "2 customers excluded (employee 2, chargeback 1)." in words
    assert "says the office" in words


def test_excluding_nobody_is_no_error(best):
    done = best("excluded")
    assert done.returncode == 0, done.stderr
    assert "0 customers excluded." in done.stdout


@pytest.mark.long
def test_who_takes_the_step_is_a_score_higher(rfm, built, tmp_path):
    customer, target, gap, cell = query(
        built.database,
        "select customer_id, target, money_gap_amount, value_cell from step_up_customers"
        " order by money_gap_amount desc, customer_id",
    )[0]
    (value, score) = query(
        built.database,
        "select past_value_amount, past_score from customer_value where customer_id = ?",
        [customer],
    )[0]
    assert value + gap == target
    assert cell.startswith(f"P{score}")
    orders = tmp_path / "orders.csv"
    # A cent more: who only draws level shares a rank with the last one there.
    orders.write_text(
        built.orders.read_text() + f"{customer},2023-12-31,{gap + Decimal('0.01')},step\n"
    )
    done = rfm("run", "--orders", orders, "--database", tmp_path / "step.duckdb", "--quiet")
    assert done.returncode == 0, done.stderr
    (after,) = query(
        tmp_path / "step.duckdb",
        "select past_score from customer_value where customer_id = ?",
        [customer],
    )[0]
    assert after == score + 1


def test_late_customers_are_those_of_the_mart(best, built):
    done = best("late", "--top", "3", "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    stored = query(
        built.database,
        "select customer_id, is_newly_late, value_at_risk_amount from customers_at_risk"
        " order by risk_rank, customer_id",
    )
    assert facts["customer_count"] == len(stored) > 0
    assert facts["newly_late_count"] == sum(is_new for _, is_new, _ in stored)
    assert Decimal(str(facts["value_at_risk_amount"])) == sum(amount for *_, amount in stored)
    assert [row["customer_id"] for row in facts["customers"]] == [row[0] for row in stored[:3]]
    new = json.loads(best("late", "--new", "--json").stdout)
    assert {row["customer_id"] for row in new["customers"]} == {
        customer for customer, is_new, _ in stored if is_new
    }
    told = best("late").stdout
    assert f"{len(stored)} best customer" in told
    assert stored[0][0] in told


def test_opportunities_are_those_of_the_mart(best, built):
    done = best("opportunities", "--top", "3", "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    stored = query(
        built.database,
        "select customer_id, potential_amount - current_amount, opportunity_amount"
        " from customer_opportunities order by opportunity_rank, customer_id",
    )
    assert facts["customer_count"] == len(stored) > 3
    assert [row["customer_id"] for row in facts["customers"]] == [row[0] for row in stored[:3]]
    assert all(0 < worth <= gap for _, gap, worth in stored)
    assert Decimal(str(facts["opportunity_amount"])) == sum(worth for *_, worth in stored)
    assert stored[0][0] in best("opportunities").stdout


def test_next_lines_need_lines_of_orders(best):
    refused = best("next-lines")
    assert refused.returncode == 2
    assert "there are no lines of orders" in refused.stderr
    assert "rfm_sources" in refused.stderr
