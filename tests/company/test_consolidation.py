"""What a round makes of nine systems, against their raw tables and against the truth."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest
from building import PROJECT

# Each system's money as its raw tables have it, by currency; refunds lower it.
RAW_MONEY = {
    "shop": """
        select currency, sum(amount) from (
            select currency, total as amount from raw_shop.orders
            union all
            select orders.currency, -refunds.amount
            from raw_shop.refunds join raw_shop.orders using (order_no)
        ) group by currency""",
    "pos": "select 'GBP', sum(total_pence) / 100 from raw_pos.receipts",
    "finance": """
        select currency, sum(cast(gross_amount as decimal(18, 2)))
        from raw_finance.invoices group by currency""",
    "partner": """
        select currency,
            sum(cast(replace(replace(amount, '.', ''), ',', '.') as decimal(18, 2)))
        from raw_partner.channel_sales group by currency""",
}
TYPES = {
    "purchase",
    "preference",
    "payment",
    "return",
    "campaign_response",
    "inquiry",
    "survey",
    "brand_perception",
    "complaint",
}


@pytest.mark.parametrize("source", RAW_MONEY)
def test_money_is_in_the_orders_or_listed_as_left_out(finished, source):
    raw = {currency: Decimal(str(amount)) for currency, amount in finished.rows(RAW_MONEY[source])}
    assert len(raw) >= 1
    told = finished.rows(
        f"""
        select currency, sum(amount) from (
            select currency, original_amount as amount from orders where source_name = '{source}'
            union all
            select currency_text, amount from quarantined_rows
            where source_name = '{source}' and entity in ('orders', 'refunds')
        ) group by currency
        """
    )
    assert {currency: amount.quantize(Decimal("0.01")) for currency, amount in told} == {
        currency: amount.quantize(Decimal("0.01")) for currency, amount in raw.items()
    }


def test_every_sale_counts_once(finished):
    """The truth knows which sales are told twice; the marts hold each other one, and no more."""
    wanted = finished.rows(
        """
        select source_name, count(*), sum(amount) from truth.truth_sales as sales
        where is_duplicate_of is null and person_id is not null
            and not exists (
                select 1 from raw_shop.orders
                where sales.source_name = 'shop' and order_no = sales.order_id
                    and status = 'cancelled'
            )
            and not exists (
                select 1 from raw_partner.channel_sales
                where sales.source_name = 'partner' and sale_ref = sales.order_id
                    and buyer_email_sha256 is null
            )
            and not exists (
                select 1 from raw_pos.receipts
                where sales.source_name = 'pos' and cast(receipt_no as varchar) = sales.order_id
                    and card_no is null
            )
        group by source_name order by source_name
        """
    )
    found = finished.rows(
        """
        select source_name, count(*), sum(gross_amount_of_order) from (
            select source_name, order_id, sum(original_amount - coalesce(refunds.amount, 0))
                as gross_amount_of_order
            from orders
            left join (
                select order_no, -sum(amount) as amount from raw_shop.refunds group by order_no
            ) as refunds on source_name = 'shop' and order_id = order_no
            group by source_name, order_id
        ) group by source_name order by source_name
        """
    )
    assert found == wanted


def test_the_timeline_holds_all_types(finished):
    types = {
        kind for (kind,) in finished.rows("select distinct interaction_type from interactions")
    }
    assert types >= TYPES


def test_unknown_types_are_left_out_with_the_reason(finished):
    odd = finished.rows(
        "select count(*) from raw_support.tickets where kind not in ('question', 'complaint')"
    )
    told = finished.rows(
        "select count(*) from quarantined_rows where source_name = 'support'"
        " and quarantine_reason = 'type_unknown'"
    )
    assert told == odd
    assert told[0][0] > 0


def test_every_ticket_and_survey_is_in_the_timeline_or_left_out(finished):
    (raw,) = finished.rows(
        "select (select count(*) from raw_support.tickets)"
        " + (select count(*) from raw_support.surveys)"
    )
    (told,) = finished.rows(
        "select (select count(*) from interactions where source_name = 'support')"
        " + (select count(*) from quarantined_rows"
        " where source_name = 'support' and entity = 'interactions')"
    )
    assert told == raw


def test_customers_are_nearly_always_one_person(finished):
    """Pairs of records that are one customer: at least 97 of 100 are one person, by the truth."""
    ((right, linked, wanted),) = finished.rows(
        """
        with people as (
            select source_name || ':' || source_record_id as record_id, min(person_id) as person_id
            from truth.truth_records group by 1 having count(*) = 1
        ),
        groups as (
            select customer_id, person_id, count(*) as n
            from customer_records join people using (record_id) group by 1, 2
        )
        select
            (select sum(n * (n - 1) / 2) from groups),
            (select sum(n * (n - 1) / 2)
                from (select sum(n) as n from groups group by customer_id)),
            (select sum(n * (n - 1) / 2)
                from (select sum(n) as n from groups group by person_id))
        """
    )
    assert right / linked >= 0.97
    assert right / wanted >= 0.75


def test_learned_links_keep_their_score_and_evidence(finished):
    ((links, scored),) = finished.rows(
        "select count(*), count(*) filter (where evidence is not null and strength is not null)"
        " from identity_links where link_method = 'learned'"
    )
    assert links > 0
    assert scored == links


def test_a_bought_list_makes_no_customers(finished):
    assert finished.rows(
        """
        select count(*) from customers
        where customer_id not in (
            select customer_id from customer_records where source_name <> 'syndicated'
        )
        """
    ) == [(0,)]


def test_explains_two_records_link_by_link(finished):
    ((left, right),) = finished.rows(
        "select left_record_id, right_record_id from identity_links"
        " where veto_reason is null and link_method = 'rule'"
        " order by left_record_id, right_record_id limit 1"
    )
    done = finished.rfm("explain", left, right)
    assert done.returncode == 0, done.stderr
    assert left in done.stdout
    assert right in done.stdout
    assert "one customer by" in done.stdout


def test_explains_a_customer_by_one_of_its_records(finished):
    ((record, customer),) = finished.rows(
        "select record_id, customer_id from customer_records join customers using (customer_id)"
        " where source_name = 'crm' and order_count > 3 order by record_id limit 1"
    )
    done = finished.rfm("explain", record)
    assert done.returncode == 0, done.stderr
    for part in (f"{record} is a record of {customer}", "Who this is", "Best-known values"):
        assert part in done.stdout


def test_explains_whom_only_a_bought_list_names(finished):
    ((record,),) = finished.rows(
        "select min(record_id) from customer_records"
        " where customer_id not in (select customer_id from customers)"
    )
    done = finished.rfm("explain", record)
    assert done.returncode == 0, done.stderr
    assert "is not scored" in done.stdout
    assert record in done.stdout


def test_records_of_two_customers_are_not_explained_away(finished):
    ((left,), (right,)) = finished.rows(
        "select min(record_id) from customer_records group by customer_id order by 1 limit 2"
    )
    done = finished.rfm("explain", left, right)
    assert done.returncode == 2
    assert "no record of this customer" in done.stderr


def test_review_lists_the_riskiest(finished):
    done = finished.rfm("identity", "review", "--json", "--count", "3")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert len(facts["customers"]) == 3
    assert all(customer["reasons"] for customer in facts["customers"])
    assert facts["record_count"] > facts["customer_count"] > 0


def test_no_model_reads_the_truth():
    for path in [*(PROJECT / "models").rglob("*"), *(PROJECT / "macros").rglob("*.sql")]:
        if path.is_file():
            assert not re.search(r"\btruth[_.]", path.read_text()), path
