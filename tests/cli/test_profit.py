"""`rfm pnl` and `rfm whale`: with orders alone, with costs, and where nobody earns anything."""

from __future__ import annotations

import json
from decimal import Decimal

import duckdb
import pytest
from cli_helpers import query, write_orders

from rfm_cli.profit.needs import NEEDS, missing
from rfm_cli.profit.statement import BY, LINES
from rfm_cli.profit.whale_text import concentration_words

# Of three customers; the company knows no discounts and no fees.
PROFITS = {
    "maker": {"gross_sales": 200, "refund": 0, "net_sales": 200, "goods_cost": 80, "cm1": 120,
              "fulfilment_cost": 10, "return_cost": 0, "cm2": 110, "marketing_cost": 1,
              "service_cost": 0, "late_payment_cost": 0, "cm3": 109},
    "taker": {"gross_sales": 100, "refund": -40, "net_sales": 60, "goods_cost": 70, "cm1": -10,
              "fulfilment_cost": 10, "return_cost": 8, "cm2": -28, "marketing_cost": 1,
              "service_cost": 20, "late_payment_cost": 0, "cm3": -49},
    "small": {"gross_sales": 10, "refund": 0, "net_sales": 10, "goods_cost": 5, "cm1": 5,
              "fulfilment_cost": 2, "return_cost": 0, "cm2": 3, "marketing_cost": 1,
              "service_cost": 0, "late_payment_cost": 0, "cm3": 2},
}  # fmt: skip


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def costed(tmp_path_factory):
    """A database with the marts of profit, made by hand."""
    path = tmp_path_factory.mktemp("costed") / "rfm.duckdb"
    day = "date '2025-01-01' as as_of_date"
    statement, profits = [], []
    sums: dict[str, int] = {}
    for customer, lines in PROFITS.items():
        columns = ", ".join(
            f"{lines.get(line, 'null')}::decimal(18,2) as {line}_amount" for line in LINES
        )
        kind = "loss" if lines["cm3"] < 0 else "profitable"
        profits.append(
            f"select {day}, '{customer}' as customer_id, {columns}, 'cm3' as profit_measure,"
            f" {lines['cm3']}::decimal(18,2) as profit_amount, '{kind}' as profit_class,"
            " 3 as missing_rate_count, 5::decimal(18,2) as estimated_goods_cost_amount"
        )
        for line, amount in lines.items():
            sums[line] = sums.get(line, 0) + amount
    bridge = {"not_in_ledger": 4, "unallocated": 6, "ledger": 72}
    values = {"company": {"company": sums | bridge}}
    values |= {"month": {"2024-12": PROFITS["maker"], "2024-11": PROFITS["taker"]}}
    values |= {"rfm_segment": {"Champions": PROFITS["maker"], "Lost": PROFITS["taker"]}}
    lamps = {"net_sales": 270, "goods_cost": 155, "cm1": 115, "cm2": 115, "cm3": 115}
    rest = {"net_sales": 0, "goods_cost": 0, "cm1": 0, "cm2": -30, "cm3": -53}
    values |= {"product_line": {"Lamps": lamps, "not by product line": rest}}
    for scope, parts in values.items():
        for part, lines in parts.items():
            statement += [
                f"select {day}, '{scope}' as scope, '{part}' as scope_value,"
                f" '{line}_amount' as statement_line,"
                f" {lines.get(line, 'null')}::decimal(18,2) as amount"
                for line in [*LINES, *(line for line in lines if line not in LINES)]
            ]
    curve = [
        f"select {day}, 'profit' as measure, 'cm3' as profit_measure, {percent} as"
        f" customer_percent, {n} as customer_count, {amount}::decimal(18,2) as cumulative_amount,"
        f" {amount / 62} as cumulative_share"
        for percent in range(101)
        for n in [-(-percent * 3 // 100)]
        for amount in [(0, 109, 111, 62)[n]]
    ]
    tables = {
        "source_summary": f"select {day}",
        "int_profit__measure": "select 'cm3' as profit_measure, 'goods cost is known' as reason",
        "customer_profit": " union all ".join(profits),
        "profit_statement": " union all ".join(statement),
        "profit_reconciliation": (
            "select '2024-12' as period, '6300 marketing' as account, 9::decimal(18,2) as"
            " ledger_amount, 3::decimal(18,2) as allocated_amount, 6::decimal(18,2) as"
            " unallocated_amount"
        ),
        "profit_curve": " union all ".join(curve),
        "profit_concentration": (
            f"select {day}, 'profit' as measure, 'cm3' as profit_measure, 3 as customer_count,"
            " 62::decimal(18,2) as total_amount, 1.758 as top_10_share, 1.758 as top_20_share,"
            " 1.79 as top_50_share, 1.699 as gini, 1.79 as peak_share,"
            " 66.7 as peak_customer_percent, 1 as loss_customer_count,"
            " -49::decimal(18,2) as loss_amount"
        ),
        "customer_costs": (
            f"select {day}, 'taker' as customer_id, 'returns' as cause, 48::decimal(18,2) as"
            " amount, 30::decimal(18,2) as excess_amount, 0.48 as share_of_sales, 0.9 as percentile"
        ),
        "customer_service_balance": " union all ".join(
            f"select {day}, '{customer}' as customer_id, {index}::double as attention_index,"
            f" '{balance}' as service_balance, {is_big} as is_big_spender_low_profit,"
            f" {reasons} as reasons"
            for customer, index, balance, is_big, reasons in (
                ("maker", 40, "under_served", False, "'0 % of the attention'"),
                ("taker", 350, "over_served", True, "'returns: 48 % of sales'"),
                ("small", 90, "balanced", False, "null"),
            )
        ),
    }
    with duckdb.connect(path) as connection:
        for name, sql in tables.items():
            connection.execute(f"create table {name} as {sql}")
    return path


def test_the_statement_of_all_customers_adds_up(rfm, costed):
    done = rfm("pnl", "--database", costed, "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    lines = {line["line"]: line["amount"] for line in facts["lines"]}
    assert list(lines) == list(LINES)
    assert (lines["net_sales"], lines["cm1"], lines["cm2"], lines["cm3"]) == (270, 115, 85, 62)
    assert lines["discount"] is None
    assert facts["profit_measure"] == "cm3"
    assert (facts["estimated_goods_cost_amount"], facts["missing_rate_count"]) == (15, 9)
    assert facts["unallocated"][0]["unallocated_amount"] == 6
    assert [need["line"] for need in facts["missing"]] == ["discount", "payment_cost"]


def test_the_statement_in_words_names_measure_estimates_and_what_nobody_caused(rfm, costed):
    text = flat(rfm("pnl", "--database", costed).stdout)
    assert "Profit here is contribution margin 3" in text
    assert "messages and service): goods cost is known." in text
    assert "Contribution margin 3 62.00 23.0 %" in text
    assert "- discounts not known" in text
    assert "- goods -155.00" in text
    assert "Estimated: 15.00 of goods (9.7 % of the cost of goods)" in text
    assert "Not priced: 9 events" in text
    assert "6300 marketing 9.00 3.00 6.00" in text
    assert "Margin 62.00 + 4.00 on no account + 6.00 nobody's = 72.00 of the ledger." in text
    assert "payments: fees and chargebacks" in text
    assert "profit_reconciliation" not in text


def test_parts_are_ordered_by_what_they_leave_and_months_by_time(rfm, costed):
    def names(*options: str) -> list[str]:
        done = rfm("pnl", "--database", costed, "--json", *options)
        assert done.returncode == 0, done.stderr
        return [part["name"] for part in json.loads(done.stdout)["parts"]]

    assert names("--by", "segment") == ["Champions", "Lost"]
    assert names("--by", "month") == ["2024-12", "2024-11"]
    assert names("--by", "month", "--top", "1") == ["2024-12"]
    assert names("--by", "product-line") == ["Lamps"]
    assert names("--by", "customer") == ["maker", "small", "taker"]


def test_product_lines_have_goods_and_the_other_costs_are_named(rfm, costed):
    text = flat(rfm("pnl", "--database", costed, "--by", "product-line").stdout)
    assert "Product line Net sales CM1 Margin" in text
    assert "Lamps 270.00 115.00 42.6 %" in text
    assert "Costs of orders and customers are no product line's: 53.00." in text


def test_customers_who_leave_most_and_least(rfm, costed):
    done = rfm("pnl", "--database", costed, "--by", "customer", "--top", "1", "--json")
    facts = json.loads(done.stdout)
    assert [part["name"] for part in facts["parts"]] == ["maker"]
    assert [(part["name"], part["cm3"]) for part in facts["lowest"]] == [("taker", -49)]
    text = flat(rfm("pnl", "--database", costed, "--by", "customer", "--top", "1").stdout)
    assert "maker 200 120 110 109" in text
    assert "Those who leave least:" in text
    assert "taker 60 -10 -28 -49" in text
    assert "1 more: --top shows them." in text


def test_the_whale_names_makers_and_takers(rfm, costed):
    done = rfm("whale", "--database", costed, "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert [len(measure["points"]) for measure in facts["measures"]] == [101]
    kinds = facts["kinds"]
    assert {kind: one["count"] for kind, one in kinds.items()} == {
        "loss_makers": 1,
        "big_spenders_low_profit": 1,
        "over_served": 1,
        "under_served": 1,
    }
    assert kinds["loss_makers"]["customers"][0]["causes"][0]["cause"] == "returns"
    text = flat(rfm("whale", "--database", costed).stdout)
    assert "3 customers, profit 62.00. The best 10 % bring 175.8 %" in text
    assert "The peak is 179.0 %, by the best 66.7 %; 1 customer below zero: -49.00." in text
    assert "taker: net sales 60.00, profit -49.00; beyond the usual: returns 48.00 (48.0 %)" in text
    assert "taker: net sales 60.00, profit -49.00; returns: 48 % of sales" in text
    assert "█" in text
    assert "VIP" not in text


@pytest.mark.parametrize("part", BY)
def test_with_orders_alone_the_statement_is_of_sales(rfm, built, part):
    done = rfm("pnl", "--database", built.database, "--by", part, "--json")
    if part == "product-line":
        assert done.returncode == 2
        assert "no source says which products were ordered" in done.stderr
        return
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    [(revenue,)] = query(built.database, "select sum(revenue_amount) from customers")
    lines = {line["line"]: line["amount"] for line in facts["lines"]}
    assert lines["net_sales"] == float(revenue)
    assert lines["cm1"] is None
    assert {need["line"] for need in facts["missing"]} == {n.line for n in NEEDS} | {"ledger"}
    if part != "customer":
        whole = json.loads(
            rfm("pnl", "--database", built.database, "--by", part, "--top", "99", "--json").stdout
        )
        assert sum(p["net_sales"] for p in whole["parts"]) == pytest.approx(float(revenue))


def test_with_orders_alone_it_says_what_is_missing_and_what_it_would_unlock(rfm, built):
    text = flat(rfm("pnl", "--database", built.database).stdout)
    assert "Profit here is net revenue." in text
    assert "No source says what anything costs" in text
    for need in NEEDS:
        assert f"{need.entities}: {need.unlocks}" in text


def test_with_orders_alone_the_whale_tells_the_concentration_of_revenue(rfm, built):
    facts = json.loads(rfm("whale", "--database", built.database, "--json").stdout)
    assert [measure["measure"] for measure in facts["measures"]] == ["revenue"]
    assert facts["kinds"] is None
    [(share,)] = query(built.database, "select top_20_share from profit_concentration")
    text = flat(rfm("whale", "--database", built.database).stdout)
    assert f"the best 20 % {100 * share:.1f} %" in text
    assert "Who brings the revenue" in text


@pytest.mark.long
def test_everybody_equal_beside_a_refund_without_an_order(rfm, tmp_path):
    """Four who bring the same, and one who only gave back: the curve is a line, then falls."""
    rows = [(name, "2024-01-05", 10, f"o{name}") for name in "abcd"]
    rows.append(("refunds", "2024-01-06", -8, "r1"))
    orders = write_orders(tmp_path / "orders.csv", rows)
    done = rfm("run", "--orders", orders, "--database", "e.duckdb", "--quiet", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    [found] = query(
        tmp_path / "e.duckdb",
        "select customer_count, total_amount, top_20_share, peak_share, peak_customer_percent,"
        " loss_customer_count, loss_amount, gini from profit_concentration",
    )
    assert found[:7] == (5, 32, 0.3125, 1.25, 80, 1, -8)
    # Four of the ten pairs are 18 apart: 2 * 72 / 25 over twice the mean of 6.4.
    assert found[7] == pytest.approx(0.45)
    curve = query(
        tmp_path / "e.duckdb",
        "select cumulative_amount from profit_curve where customer_percent % 20 = 0"
        " order by customer_percent",
    )
    assert curve == [(0,), (10,), (20,), (30,), (40,), (32,)]
    assert "The peak is 125.0 %" in flat(rfm("whale", "-d", "e.duckdb", cwd=tmp_path).stdout)


@pytest.mark.long
def test_one_customer_whose_refunds_are_larger_than_the_orders(rfm, tmp_path):
    rows = [("only", "2024-01-05", 10, "o1"), ("only", "2024-01-06", -30, "o1")]
    orders = write_orders(tmp_path / "orders.csv", rows)
    done = rfm("run", "--orders", orders, "--database", "o.duckdb", "--quiet", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert query(
        tmp_path / "o.duckdb",
        "select customer_count, total_amount, top_10_share, top_20_share, top_50_share, gini,"
        " peak_share, peak_customer_percent, loss_customer_count, loss_amount"
        " from profit_concentration",
    ) == [(1, -20, None, None, None, None, None, 0, 1, -20)]
    assert query(
        tmp_path / "o.duckdb",
        "select count(*), count(cumulative_share), min(cumulative_amount) from profit_curve",
    ) == [(101, 0, -20)]
    done = rfm("whale", "--database", "o.duckdb", cwd=tmp_path)
    assert "nobody earns us anything" in flat(done.stdout)
    done = rfm("pnl", "--database", "o.duckdb", "--by", "customer", cwd=tmp_path)
    assert "only -20" in flat(done.stdout)


def test_losses_larger_than_earnings_are_said_without_shares():
    row = {
        "measure": "profit",
        "customer_count": 3,
        "total_amount": Decimal(-7),
        "top_10_share": None,
        "top_20_share": None,
        "top_50_share": None,
        "gini": None,
        "peak_share": None,
        "peak_customer_percent": 100 / 3,
        "loss_customer_count": 2,
        "loss_amount": Decimal(-9),
    }
    [said] = concentration_words(row)
    assert said == (
        "3 customers, profit -7.00: 33.3 % of the customers earn us something, and there is nothing"
        " to have a share of. 2 customers below zero: -9.00."
    )


def test_each_line_that_is_not_known_has_what_it_needs():
    assert missing({need.line for need in NEEDS}, has_ledger=True) == []
    assert [need["line"] for need in missing(LINES, has_ledger=False)] == ["ledger"]
    assert {need.line for need in NEEDS} <= set(LINES)
