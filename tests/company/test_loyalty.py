"""What loyalty says of the company, against its raw tables and its truth."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date

AS_OF = date(2026, 1, 1)
PEOPLE = """
    with people as (
        select source_name || ':' || source_record_id as record_id, min(person_id) as person_id
        from truth.truth_records group by 1 having count(*) = 1
    )
    select customer_id, min(person_id) as person_id
    from customer_records join people using (record_id)
    group by customer_id having min(person_id) = max(person_id)
"""


def test_bargain_hunters_are_found_by_what_they_pay(finished):
    shares = dict(
        finished.rows(
            f"""
            select segment, cast(sum(full_price_amount) / sum(priced_amount) as double)
            from ({PEOPLE}) join truth.truth_people using (person_id)
            join customer_loyalty using (customer_id)
            group by segment
            """
        )
    )
    others = [share for segment, share in shares.items() if segment != "bargain"]
    assert len(others) >= 4
    assert shares["bargain"] < min(others) - 0.2


def test_till_receipts_have_no_list_price(finished):
    """Who only ever bought at a till is no full-price buyer, and no bargain hunter."""
    found = finished.rows(
        """
        select distinct full_price_share, discount_depth, price_habit from customer_loyalty
        where customer_id in (
            select customer_id from order_lines group by customer_id
            having min(source_name) = 'pos' and max(source_name) = 'pos'
        )
        """
    )
    assert found == [(None, None, "unknown")]


def test_open_complaints_are_found(finished):
    wanted = finished.rows(
        """
        select customer_id, count(*)
        from raw_support.tickets
        join customer_records on record_id = 'support:' || requester_id
        join customers using (customer_id)
        where kind = 'complaint' and closed_at is null
        group by customer_id order by customer_id
        """
    )
    found = finished.rows(
        "select customer_id, open_complaint_count from customer_loyalty"
        " where open_complaint_count > 0 order by customer_id"
    )
    assert found == wanted
    assert len(wanted) >= 2
    assert finished.rows(
        "select distinct happiness, health, review_due_date from customer_loyalty"
        " where open_complaint_count > 0"
    ) == [("unhappy", "act", date(2026, 1, 8))]


def test_late_customers_are_late_by_their_own_rhythm(finished):
    """The same rule as a loop over the orders."""
    days = defaultdict(set)
    for customer, day in finished.rows(
        "select customer_id, order_date from orders where not is_refund_only"
    ):
        days[customer].add(day)
    gaps = {who: (max(of) - min(of)).days for who, of in days.items()}
    company = sum(gaps.values()) / sum(len(of) - 1 for of in days.values())
    wanted = {}
    for who, of in days.items():
        own = gaps[who] / (len(of) - 1) if len(of) >= 3 else company
        ratio = (AS_OF - max(of)).days / max(own, 7)
        wanted[who] = "gone" if ratio > 4 else "late" if ratio > 2 else "continuing"
    found = dict(
        finished.rows(
            "select customer_id, continuing from customer_loyalty where continuing is not null"
        )
    )
    assert found == wanted
    assert set(wanted.values()) == {"continuing", "late", "gone"}


def test_customers_who_left_are_gone_more_often(finished):
    rates = dict(
        finished.rows(
            f"""
            select died_on is not null, avg(cast(continuing = 'gone' as int))
            from ({PEOPLE}) join truth.truth_people using (person_id)
            join customer_loyalty using (customer_id)
            where continuing is not null group by 1
            """
        )
    )
    assert rates[True] > 2 * rates[False]


def test_groups_add_up_to_the_revenue_of_all(finished):
    ((revenue, customers),) = finished.rows("select sum(revenue_amount), count(*) from customers")
    groupings = finished.rows(
        "select grouped_by, sum(revenue_amount), sum(customer_count), sum(customer_share)"
        " from loyalty_summary group by grouped_by"
    )
    assert len(groupings) == 3
    for _, amount, count, share in groupings:
        assert (amount, count) == (revenue, customers)
        assert abs(share - 1) < 1e-9


def test_bands_of_advocacy_say_which_profit_is_theirs(finished):
    ((revenue, profit),) = finished.rows(
        "select sum(revenue_amount), sum(profit_amount) from loyalty_summary"
        " where grouped_by = 'advocacy_band'"
    )
    measures = finished.rows(
        "select distinct profit_measure from loyalty_summary where profit_amount is not null"
    )
    assert measures == [("cm3",)]
    assert profit < revenue
    assert finished.rows("select sum(profit_amount) from customer_profit") == [(profit,)]


def test_who_stated_a_need_is_in_the_group_of_it(finished):
    found = dict(
        finished.rows(
            "select need_value, customer_count from need_groups where need = 'stated_category'"
        )
    )
    assert found
    assert finished.rows(
        "select count(distinct customer_id) from interactions"
        " where interaction_type = 'preference' and topic = 'category'"
    ) == [(sum(found.values()),)]
    needs = {need for (need,) in finished.rows("select distinct need from need_groups")}
    assert needs >= {"product_line", "price", "channel", "stated_channel", "stated_frequency"}


def test_explain_says_how_loyal_a_customer_is(finished):
    ((customer,),) = finished.rows(
        "select min(customer_id) from customer_loyalty where open_complaint_count > 0"
        " and full_price_share is not null and product_line_count > 1"
    )
    done = finished.rfm("explain", customer)
    assert done.returncode == 0, done.stderr
    for part in ("open complaint", "act by 2026-01-08", "Pays full price for", "product lines"):
        assert part in done.stdout, part
    facts = json.loads(finished.rfm("explain", customer, "--json").stdout)
    assert facts["loyalty"]["customer_id"] == customer


def test_next_lines_are_those_others_took_up(finished):
    """The same rule as a loop over the customers, on the lines as they were bought."""
    first_bought: dict[str, dict[str, date]] = defaultdict(dict)
    for customer, line, day in finished.rows(
        "select customer_id, product_line, min(order_date) from order_lines"
        " where product_line is not null and amount > 0 and coalesce(quantity, 0) >= 0"
        " group by 1, 2"
    ):
        first_bought[customer][line] = day
    told = finished.rows(
        "select customer_id, main_product_line, next_product_line, propensity, lift"
        " from customer_next_lines"
    )
    assert len(told) > 50
    assert not {customer for customer, *_ in told} & {
        customer for (customer,) in finished.rows("select customer_id from excluded_customers")
    }
    all_lines = {line for lines in first_bought.values() for line in lines}

    def counts(line: str, next_line: str) -> tuple[int, int]:
        without = [
            lines
            for lines in first_bought.values()
            if line in lines and lines.get(next_line, date.max) > lines[line]
        ]
        return sum(next_line in lines for lines in without), len(without)

    for line, next_line in {(row[1], row[2]) for row in told}:
        takers, without = counts(line, next_line)
        pairs = [counts(other, next_line) for other in all_lines - {next_line}]
        usual = sum(pair[0] for pair in pairs) / sum(pair[1] for pair in pairs)
        wanted = (takers + 20 * usual) / (without + 20)
        for customer, main_line, shown, propensity, lift in told:
            if (main_line, shown) == (line, next_line):
                assert shown not in first_bought[customer]
                assert abs(propensity - wanted) < 1e-12
                assert abs(lift - wanted / usual) < 1e-9


def test_next_lines_are_listed(finished):
    done = finished.rfm("best", "next-lines", "--top", "3", "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    stored = finished.rows(
        "select customer_id, next_product_line from customer_next_lines"
        " order by expected_amount desc, customer_id"
    )
    listed = [(row["customer_id"], row["next_product_line"]) for row in facts["customers"]]
    assert listed == stored[:3]
    assert sum(row["customer_count"] for row in facts["product_lines"]) == len(stored)
    line = facts["product_lines"][-1]["next_product_line"]
    told = finished.rfm("best", "next-lines", "--line", line).stdout
    assert next(customer for customer, shown in stored if shown == line) in told
    refused = finished.rfm("best", "next-lines", "--line", "no such line")
    assert refused.returncode == 2
    assert line in refused.stderr
