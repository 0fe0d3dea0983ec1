"""The demo company: its tables are as documented, agree with each other and with the truth."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from rfm_cli.demo.company import load_company, make_company, rates
from rfm_cli.demo.company.behaviour import make_behaviour, of_segment
from rfm_cli.demo.company.clock import HISTORY_DAYS
from rfm_cli.demo.company.contract import SCHEMAS, arrow_type
from rfm_cli.demo.company.damage import mistyped
from rfm_cli.demo.company.people import make_people
from rfm_cli.demo.company.places import postcode_counts
from rfm_cli.demo.company.settings import COMPANY_SETTINGS
from rfm_cli.demo.company.streams import Streams, scrambled
from rfm_cli.errors import BadInput

DOCS = Path(__file__).parents[2] / "docs"
CUSTOMERS = 4_000


def made(customers, seed=1):
    """Return all tables by name, each put together."""
    parts = {}
    for schema, table, rows in make_company(customers, seed):
        parts.setdefault(f"{schema}.{table}", []).append(rows)
    return {name: pa.concat_tables(batches) for name, batches in parts.items()}


def hashes(tables):
    found = {}
    for name, table in tables.items():
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table.combine_chunks())
        found[name] = hashlib.sha256(sink.getvalue()).hexdigest()
    return found


def database(tables):
    connection = duckdb.connect()
    for schema in {name.split(".")[0] for name in tables}:
        connection.execute(f"create schema {schema}")
    for name, table in tables.items():
        connection.register("rows", table)
        connection.execute(f"create table {name} as select * from rows")
    return connection


@pytest.fixture(scope="module")
def company():
    with database(made(CUSTOMERS)) as connection:
        yield connection


@pytest.fixture(scope="module")
def small_chunks():
    """A company of several chunks: numbers and addresses must go on where the last one ended."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rates, "CHUNK_CUSTOMERS", 400)
        tables = made(1_500)
    with database(tables) as connection:
        yield connection


def one(connection, sql):
    return connection.execute(sql).fetchone()[0]


# What is documented


def documented():
    """Read the columns of each table out of the page: `schema.table` -> [(name, type, gaps)]."""
    found, schema = {}, ""
    for line in (DOCS / "demo-company.md").read_text().splitlines():
        if heading := re.match(r"### (\w+)", line):
            schema = heading[1]
        elif schema and (row := re.match(r"\| (\w+) \| (\w+ \w+.*) \|$", line)):
            columns = re.findall(
                r"(?:^|, )(\w+) (text|bigint|integer|double|boolean|date|timestamp|"
                r"decimal\(\d+,\d+\))(\??)",
                re.sub(r"\((?!\d+,)[^)]*\)", "", row[2]),
            )
            found[f"{schema}.{row[1]}"] = columns
    return found


def test_every_table_is_documented_and_every_documented_table_made():
    assert set(documented()) == set(SCHEMAS) == set(made(50))


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_columns_are_as_documented(name):
    expected = [(column, arrow_type(kind), bool(g)) for column, kind, g in documented()[name]]
    assert [(f.name, f.type, f.nullable) for f in SCHEMAS[name]] == expected


def test_tables_have_the_types_and_gaps_of_the_contract():
    for schema, table, rows in make_company(300, 5):
        rows.validate(full=True)
        assert rows.schema == SCHEMAS[f"{schema}.{table}"]
        for field in rows.schema:
            assert field.nullable or rows[field.name].null_count == 0, f"{table}.{field.name}"


def test_settings_offer_what_the_page_of_sources_says():
    text = (DOCS / "sources.md").read_text().split("## The company's systems")[1]
    rows = re.findall(r"^\| (\w+) \| ([^|]*)\| ([^|]*)\| ([^|]*)\|$", text, re.MULTILINE)
    expected = {}
    for source, people, _, others in rows:
        if source != "source":
            names = re.findall(r"\w+", re.sub(r"\([^)]*\)", "", others))
            expected[source] = {*names, *(["customers"] if people.strip() else [])}
    assert {s: set(e) for s, e in COMPANY_SETTINGS["rfm_sources"].items()} == expected


# The same numbers, the same bytes


def test_same_number_and_seed_give_the_same_bytes():
    first, again = hashes(made(700, 3)), hashes(made(700, 3))
    assert first == again
    other = hashes(made(700, 4))
    assert first["raw_crm.people"] != other["raw_crm.people"]


def test_a_batch_is_never_larger_than_a_chunk_makes_it():
    assert rates.CHUNK_CUSTOMERS == 20_000  # another one would make another company


@pytest.mark.parametrize(("customers", "seed"), [(49, 1), (10_000_001, 1), (100, -1)])
def test_sizes_that_are_refused(customers, seed):
    with pytest.raises(BadInput):
        make_company(customers, seed)


@pytest.mark.parametrize("seed", range(3))
def test_the_smallest_company_is_whole(seed):
    tables = made(50, seed)
    assert all(len(tables[f"raw_{t}"]) for t in ("crm.people", "shop.orders", "finance.invoices"))


# Keys and references

KEYS = {
    "raw_crm.people": "person_id",
    "raw_crm.accounts": "account_id",
    "raw_crm.contacts": "contact_id",
    "raw_crm.preferences": "preference_id",
    "raw_shop.web_customers": "uid",
    "raw_shop.guest_checkouts": "checkout_id",
    "raw_shop.orders": "order_no",
    "raw_shop.lines": "order_no, line_no",
    "raw_shop.refunds": "refund_no",
    "raw_shop.products": "sku",
    "raw_shop.web_events": "event_id",
    "raw_pos.cards": "card_no",
    "raw_pos.receipts": "receipt_no",
    "raw_pos.receipt_lines": "receipt_no, line_no",
    "raw_finance.debtors": "debtor_no",
    "raw_finance.invoices": "invoice_id",
    "raw_finance.payments": "payment_id",
    "raw_finance.chargebacks": "chargeback_id",
    "raw_finance.exchange_rates": "currency, rate_date",
    "raw_accounting.product_costs": "sku, valid_from",
    "raw_accounting.shipping_costs": "order_no",
    "raw_accounting.ledger": "period, account",
    "raw_support.requesters": "requester_id",
    "raw_support.tickets": "ticket_id",
    "raw_support.surveys": "survey_id",
    "raw_marketing.subscribers": "subscriber_id",
    "raw_marketing.campaigns": "campaign_id",
    "raw_marketing.sends": "send_id",
    "raw_marketing.redemptions": "redemption_id",
    "raw_marketing.brand_ratings": "rating_id",
    "raw_marketing.referrals": "referral_id",
    "raw_partner.channel_sales": "sale_ref",
    "raw_syndicated.demographics": "panel_id",
    "raw_syndicated.postcode_demographics": "country_code, postcode",
    "truth.truth_people": "person_id",
    "truth.truth_records": "source_name, source_record_id, person_id",
    "truth.truth_sales": "source_name, order_id",
}


@pytest.mark.parametrize("name", KEYS)
def test_keys_are_unique(small_chunks, name):
    rows, keys = small_chunks.execute(
        f"select count(*), count(distinct ({KEYS[name]})) from {name}"
    ).fetchone()
    assert rows == keys > 0 or (rows == 0 and name == "raw_finance.chargebacks")


REFERENCES = [
    ("raw_crm.accounts", "parent_account_id", "raw_crm.accounts", "account_id"),
    ("raw_crm.contacts", "account_id", "raw_crm.accounts", "account_id"),
    ("raw_crm.consents", "person_id", "raw_crm.people", "person_id"),
    ("raw_crm.preferences", "person_id", "raw_crm.people", "person_id"),
    ("raw_shop.orders", "customer_uid", "raw_shop.web_customers", "uid"),
    ("raw_shop.orders", "checkout_id", "raw_shop.guest_checkouts", "checkout_id"),
    ("raw_shop.lines", "order_no", "raw_shop.orders", "order_no"),
    ("raw_shop.lines", "sku", "raw_shop.products", "sku"),
    ("raw_shop.refunds", "order_no", "raw_shop.orders", "order_no"),
    ("raw_shop.web_events", "uid", "raw_shop.web_customers", "uid"),
    ("raw_shop.web_events", "sku", "raw_shop.products", "sku"),
    ("raw_pos.receipt_lines", "receipt_no", "raw_pos.receipts", "receipt_no"),
    ("raw_pos.receipt_lines", "sku", "raw_shop.products", "sku"),
    ("raw_finance.invoices", "debtor_no", "raw_finance.debtors", "debtor_no"),
    ("raw_finance.invoices", "web_order_no", "raw_shop.orders", "order_no"),
    ("raw_finance.payments", "invoice_id", "raw_finance.invoices", "invoice_id"),
    ("raw_finance.chargebacks", "payment_id", "raw_finance.payments", "payment_id"),
    ("raw_accounting.shipping_costs", "order_no", "raw_shop.orders", "order_no"),
    ("raw_support.requesters", "crm_person_id", "raw_crm.people", "person_id"),
    ("raw_support.tickets", "requester_id", "raw_support.requesters", "requester_id"),
    ("raw_support.tickets", "order_ref", "raw_shop.orders", "order_no"),
    ("raw_support.surveys", "ticket_id", "raw_support.tickets", "ticket_id"),
    ("raw_marketing.sends", "subscriber_id", "raw_marketing.subscribers", "subscriber_id"),
    ("raw_marketing.sends", "campaign_id", "raw_marketing.campaigns", "campaign_id"),
    ("raw_marketing.opens", "send_id", "raw_marketing.sends", "send_id"),
    ("raw_marketing.clicks", "send_id", "raw_marketing.opens", "send_id"),
    ("raw_marketing.redemptions", "send_id", "raw_marketing.clicks", "send_id"),
    ("raw_marketing.redemptions", "order_no", "raw_shop.orders", "order_no"),
    ("raw_partner.channel_sales", "our_order_no", "raw_shop.orders", "order_no"),
    ("raw_partner.channel_sales", "sku", "raw_shop.products", "sku"),
    ("truth.truth_records", "person_id", "truth.truth_people", "person_id"),
    ("truth.truth_sales", "person_id", "truth.truth_people", "person_id"),
    ("truth.truth_people", "account_id", "truth.truth_people", "person_id"),
    ("truth.truth_people", "household_id", "truth.truth_people", "person_id"),
]


@pytest.mark.parametrize(("child", "column", "parent", "key"), REFERENCES)
def test_references_lead_somewhere(small_chunks, child, column, parent, key):
    orphans = one(
        small_chunks,
        f"select count(*) from {child} where {column} is not null "
        f"and {column} not in (select {key} from {parent})",
    )
    assert orphans == 0


def test_receipts_name_cards_with_and_without_blanks(company):
    plain, spaced, unknown = company.execute(
        """
        select count(*) filter (card_no not like '% %'), count(*) filter (card_no like '% %'),
            count(*) filter (replace(card_no, ' ', '') not in (
                select replace(card_no, ' ', '') from raw_pos.cards))
        from raw_pos.receipts
        """
    ).fetchone()
    assert plain > 0 and spaced > 0 and unknown == 0


RECORDS = """
    select 'crm' as source_name, 'P' || person_id as source_record_id from raw_crm.people
    union all select 'crm', 'K' || contact_id from raw_crm.contacts
    union all select 'crm', account_id from raw_crm.accounts
    union all select 'shop', uid from raw_shop.web_customers
    union all select 'shop', checkout_id from raw_shop.guest_checkouts
    union all select 'pos', replace(card_no, ' ', '') from raw_pos.cards
    union all select 'finance', cast(debtor_no as varchar) from raw_finance.debtors
    union all select 'support', cast(requester_id as varchar) from raw_support.requesters
    union all select 'marketing', subscriber_id from raw_marketing.subscribers
    union all select distinct 'partner', buyer_email_sha256 from raw_partner.channel_sales
        where buyer_email_sha256 is not null
    union all select 'syndicated', panel_id from raw_syndicated.demographics
"""


def test_truth_knows_every_record_and_no_other(company):
    for left, right in (
        (RECORDS, "select source_name, source_record_id from truth.truth_records"),
        ("select source_name, source_record_id from truth.truth_records", RECORDS),
    ):
        assert one(company, f"select count(*) from (({left}) except ({right}))") == 0


SALES = """
    select 'shop' as source_name, order_no as order_id, total as amount, currency,
        cast(null as varchar) as is_duplicate_of
    from raw_shop.orders where status = 'paid'
    union all
    select 'pos', cast(receipt_no as varchar), cast(total_pence / 100.0 as decimal(12, 2)), 'GBP',
        null
    from raw_pos.receipts
    union all
    select 'finance', invoice_id, cast(gross_amount as decimal(12, 2)), currency,
        'shop:' || web_order_no
    from raw_finance.invoices
    union all
    select 'partner', sale_ref,
        cast(replace(replace(amount, '.', ''), ',', '.') as decimal(12, 2)), currency,
        'shop:' || our_order_no
    from raw_partner.channel_sales
"""


def test_truth_knows_every_sale_and_no_other(company):
    truth = "select source_name, order_id, amount, currency, is_duplicate_of from truth.truth_sales"
    assert one(company, f"select count(*) from (({SALES}) except all ({truth}))") == 0
    assert one(company, f"select count(*) from (({truth}) except all ({SALES}))") == 0


def test_a_sale_told_twice_is_of_one_amount(company):
    differ, told_twice = company.execute(
        """
        select count(*) filter (repeats.amount <> sale.amount or repeats.currency <> sale.currency),
            count(*)
        from truth.truth_sales as repeats
        inner join truth.truth_sales as sale on sale.source_name || ':' || sale.order_id
            = repeats.is_duplicate_of
        """
    ).fetchone()
    all_repeats = one(company, "select count(is_duplicate_of) from truth.truth_sales")
    assert differ == 0 and told_twice == all_repeats > 500


# Money


def test_totals_are_lines_less_discount_plus_shipping(company):
    assert (
        one(
            company,
            """
        select count(*) from raw_shop.orders
        inner join (
            select order_no, sum(line_total) as lines, bool_and(line_total = unit_price * quantity)
                as is_exact
            from raw_shop.lines group by order_no
        ) using (order_no)
        where total <> lines - discount_total + shipping or not is_exact or total <= 0
        """,
        )
        == 0
    )
    assert one(company, "select count(distinct order_no) from raw_shop.lines") == one(
        company, "select count(*) from raw_shop.orders"
    )


def test_receipts_are_the_sum_of_their_lines(company):
    assert (
        one(
            company,
            """
        select count(*) from raw_pos.receipts
        full join (
            select receipt_no, sum(quantity * price_pence) as pence from raw_pos.receipt_lines
            group by receipt_no
        ) using (receipt_no)
        where total_pence is distinct from pence
        """,
        )
        == 0
    )


def test_nobody_gets_back_more_than_they_paid_for_goods(company):
    assert (
        one(
            company,
            """
        select count(*) from raw_shop.orders
        inner join (select order_no, sum(amount) as back from raw_shop.refunds group by order_no)
            using (order_no)
        where back > total - shipping or status <> 'paid'
        """,
        )
        == 0
    )


def test_the_ledger_has_the_revenue_of_the_sales(company):
    """Sales that are told twice count once; the ledger takes the rate of the day of the sale."""
    sales = one(
        company,
        """
        select sum(amount * coalesce(eur_per_unit, 1))
        from (
            select total as amount, currency, cast(substring(placed_at, 1, 10) as date) as sold_on
            from raw_shop.orders where status = 'paid'
            union all select total_pence / 100.0, 'GBP', cast(sold_at as date)
                from raw_pos.receipts where total_pence > 0
            union all select gross_amount, currency, invoice_date
                from raw_finance.invoices where web_order_no is null
            union all select cast(replace(replace(amount, '.', ''), ',', '.') as double), currency,
                cast(strptime(sold_on, '%Y%m%d') as date)
                from raw_partner.channel_sales where our_order_no is null
        ) as sold
        asof left join raw_finance.exchange_rates as rates
            on sold.currency = rates.currency and sold.sold_on >= rates.rate_date
        """,
    )
    booked = one(
        company, "select sum(amount) from raw_accounting.ledger where account = '4000 revenue'"
    )
    assert float(booked) == pytest.approx(float(sales), rel=1e-6)


# Damage


def share(connection, what, of):
    return one(connection, f"select avg(cast({what} as integer)) from {of}")


@pytest.mark.parametrize(
    ("what", "of", "rate"),
    [
        ("email_address is null", "raw_crm.people", rates.DAMAGE["crm"]["missing_email"]),
        ("street is null", "raw_crm.people", rates.DAMAGE["crm"]["missing_address"]),
        ("birthday is null", "raw_shop.web_customers", rates.DAMAGE["shop"]["missing_birth_date"]),
        ("phone is null", "raw_shop.guest_checkouts", rates.DAMAGE["shop_guest"]["missing_phone"]),
        (
            "birth_date = '19000101'",
            "raw_pos.cards where birth_date is not null",
            rates.DAMAGE["pos"]["birth_date_1900"],
        ),
        ("email like '%+shop@%'", "raw_marketing.subscribers", 0.06 * 0.9),
        ("is_control", "raw_marketing.sends", rates.HELD_OUT_RATE),
        ("status = 'cancelled'", "raw_shop.orders", rates.CANCELLED_RATE),
    ],
)
def test_damage_is_done_at_the_rates(company, what, of, rate):
    rows = one(company, f"select count(*) from {of}")
    assert share(company, what, of) == pytest.approx(rate, abs=4.5 * np.sqrt(rate / rows))


def test_every_defect_of_the_page_is_there(company):
    found = Counter()
    for _, defect, count in company.execute("select * from truth.truth_defects").fetchall():
        found[defect] += count
    expected = {defect for damage in rates.DAMAGE.values() for defect in damage} | {
        "old_address", "maiden_name", "shared_phone", "person_twice", "reused_id",
    }  # fmt: skip
    assert set(found) == expected
    junk = {"info@", "noreply@"}
    emails = company.execute(
        "select email_address from raw_crm.people union all select email from raw_pos.cards"
    ).fetchall()
    assert all(any((e or "").startswith(j) for (e,) in emails) for j in junk)
    numbers = one(company, "select count(*) from raw_pos.cards where phone like '%20 7946 0000'")
    assert numbers > 20


def test_counts_of_defects_are_those_in_the_tables(company):
    def counted(source, defect):
        return one(
            company,
            "select record_count from truth.truth_defects "
            f"where source_name = '{source}' and defect = '{defect}'",
        )

    two = one(
        company,
        """
        select count(*) from (select source_record_id from truth.truth_records
            where source_name = 'crm' group by source_record_id having count(*) = 2)
        """,
    )
    assert counted("crm", "two_people") == two
    shown = one(company, "select count(*) from raw_crm.people where given_name like '% & %'")
    assert shown == two > 10
    twice = one(
        company,
        "select sum(records - 1) from (select count(*) as records from truth.truth_records "
        "where source_name = 'marketing' group by person_id)",
    )
    assert counted("marketing", "person_twice") == twice


def test_a_number_of_a_card_went_to_somebody_else(company):
    foreign = one(
        company,
        """
        select count(*) from raw_crm.people
        inner join truth.truth_records as mine
            on mine.source_name = 'crm' and mine.source_record_id = 'P' || people.person_id
        where loyalty_card_no is not null and not exists (
            select 1 from truth.truth_records as card
            where card.source_name = 'pos' and card.person_id = mine.person_id
                and card.source_record_id = replace(loyalty_card_no, ' ', '')
        ) and given_name not like '% & %'
        """,
    )
    counted = one(
        company, "select record_count from truth.truth_defects where defect = 'reused_id'"
    )
    assert 0 < foreign <= counted


def test_some_people_are_in_five_systems_or_more(company):
    systems = Counter(
        dict(
            company.execute(
                """
                select systems, count(*) from (
                    select count(distinct source_name) as systems from truth.truth_records
                    group by person_id
                ) group by systems
                """
            ).fetchall()
        )
    )
    assert sum(count for systems_, count in systems.items() if systems_ >= 5) > 0.1 * CUSTOMERS


def test_one_household_in_three_has_two_customers_or_more(company):
    several = one(
        company,
        """
        select avg(cast(members > 1 as integer)) from (
            select count(*) as members from truth.truth_people
            where account_id is null group by household_id
        )
        """,
    )
    assert several == pytest.approx(1 - rates.HOUSEHOLD_SHARES[0], abs=0.04)


def test_hashes_of_partners_are_of_addresses_of_the_person(company):
    """SHA-256 of the trimmed, lower-case address: the same person's subscription has it."""
    matches = one(
        company,
        """
        select count(*) from truth.truth_records as buyer
        inner join truth.truth_records as reader
            on reader.person_id = buyer.person_id and reader.source_name = 'marketing'
        inner join raw_marketing.subscribers on subscriber_id = reader.source_record_id
        where buyer.source_name = 'partner' and sha256(lower(email)) = buyer.source_record_id
        """,
    )
    assert matches > 100


def test_typing_errors_change_every_name_a_little():
    names = ["Margaret", "Łukasz", "König", "Jo", "x"] * 200
    typed = mistyped(pa.array(names), Streams(1, 0).of("typing")).to_pylist()
    assert {len(b) - len(a) for a, b in zip(names, typed, strict=True)} == {-1, 0, 1}
    long = [(a, b) for a, b in zip(names, typed, strict=True) if len(a) > 2]
    assert sum(a != b for a, b in long) > 0.9 * len(long)
    assert all(b and "\0" not in b for b in typed)


def test_scrambling_is_one_to_one():
    assert len(np.unique(scrambled(np.arange(1 << 16), 16))) == 1 << 16


# Behaviour


@pytest.fixture(scope="module")
def crowd():
    people = make_people(Streams(7, 0), 0, 60_000, postcode_counts(60_000), 1)
    return people, make_behaviour(Streams(7, 0), people)


@pytest.mark.parametrize("segment", range(len(rates.SEGMENTS)))
def test_repeat_orders_are_those_of_the_model(crowd, segment):
    """Given the rates that were drawn, the mean over dropout is known (MBG/NBD, Pareto/NBD)."""
    people, behaviour = crowd
    mine = (behaviour.segment == segment) & ~people.is_contact
    orders = np.bincount(behaviour.order_row, minlength=people.rows)[mine]
    rate, time = behaviour.rate[mine], (HISTORY_DAYS - behaviour.first)[mine]
    parameters = rates.SEGMENTS[segment]
    levels = (np.arange(400) + 0.5) / 400
    rng = np.random.default_rng(1)
    if parameters.stay:
        # An order is followed by another with (1-p), the first one included.
        p = np.quantile(np.clip(rng.beta(*parameters.stay, 200_000), 1e-6, 1), levels)
        expected = [
            ((1 - p) * (1 - np.exp(-r * p * t)) / p).mean() for r, t in zip(rate, time, strict=True)
        ]
    else:
        shape, days = parameters.life
        mu = np.quantile(rng.gamma(shape, 1 / days, 200_000), levels)
        expected = [
            (r / mu * (1 - np.exp(-mu * t))).mean() for r, t in zip(rate, time, strict=True)
        ]
    error = (orders - 1).std() / np.sqrt(mine.sum())
    assert (orders - 1).mean() == pytest.approx(np.mean(expected), abs=4 * error)


@pytest.mark.parametrize("segment", range(len(rates.SEGMENTS) - 1))
def test_demographics_leave_the_mean_rate_as_it_is(crowd, segment):
    people, behaviour = crowd
    mine = (behaviour.segment == segment) & ~people.is_contact
    mean = of_segment("shape")[segment] / of_segment("days")[segment]
    assert behaviour.rate[mine].mean() == pytest.approx(mean, rel=0.08)


def test_income_tells_something_of_value(crowd):
    people, behaviour = crowd
    consumers = people.account < 0
    income, value = people.income[consumers], np.log(behaviour.mean_amount[consumers])
    assert 0.2 < np.corrcoef(income, value)[0, 1] < 0.8


def test_nobody_orders_after_leaving(crowd):
    _, behaviour = crowd
    assert (behaviour.order_day <= behaviour.died[behaviour.order_row] + 1e-9).all()


def test_campaigns_lift_those_who_were_sent_one():
    """Redemptions come from lifted orders only: as many as the lift predicts, none held out."""
    with database(made(20_000, 2)) as connection:
        held_out, redeemed, expected = connection.execute(
            """
            select count(redemption_id) filter (is_control), count(redemption_id),
                sum(order_rate * 14 * lift) filter (
                    not is_control and not bounced and order_rate > 0)
            from raw_marketing.sends
            left join raw_marketing.redemptions using (send_id)
            inner join truth.truth_records on source_name = 'marketing'
                and source_record_id = subscriber_id
            inner join truth.truth_people using (person_id)
            inner join truth.truth_campaign_lift using (campaign_id, segment)
            """
        ).fetchone()
    assert held_out == 0
    # Some had left already or were no customers yet, and a part of the orders is cancelled.
    assert 0.4 * expected < redeemed < expected


def test_some_cost_more_than_they_bring(company):
    losing, served, hollow, not_losing = company.execute(
        """
        select avg(cast(is_loss_maker as integer)), avg(cast(is_over_served as integer)),
            avg(cast(is_hollow as integer)), count(*) filter (is_hollow and not is_loss_maker)
        from truth.truth_people where account_id is null
        """
    ).fetchone()
    assert 0.08 < losing < 0.4
    assert 0.01 < served < 0.06
    assert 0.01 < hollow < 0.04
    assert not_losing == 0


# Loading


def test_loading_twice_writes_once_and_another_seed_replaces(tmp_path):
    path = tmp_path / "company.duckdb"
    assert load_company(path, 60, 1) is True
    assert load_company(path, 60, 1) is False
    with duckdb.connect(path) as connection:
        before = connection.execute("select * from raw_crm.people").fetchall()
        connection.execute("create table kept as select 1")
    assert load_company(path, 60, 2) is True
    with duckdb.connect(path) as connection:
        assert connection.execute("select * from raw_crm.people").fetchall() != before
        assert one(connection, "select count(*) from kept") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["company.duckdb"]


def test_an_interrupted_load_leaves_the_old_tables(tmp_path, monkeypatch):
    path = tmp_path / "company.duckdb"
    load_company(path, 60, 1)
    before = path.read_bytes()

    def breaks(customers, seed):
        yield from list(make_company(customers, seed))[:20]
        raise KeyboardInterrupt

    monkeypatch.setattr("rfm_cli.demo.company.load.make_company", breaks)
    with pytest.raises(KeyboardInterrupt):
        load_company(path, 80, 1)
    assert path.read_bytes() == before


def test_raw_tables_of_somebody_else_are_left_alone(tmp_path):
    path = tmp_path / "ours.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create schema raw_shop")
        connection.execute("create table raw_shop.orders as select 1 as order_no")
    with pytest.raises(BadInput, match="made-up company"):
        load_company(path, 60, 1)
    with duckdb.connect(path, read_only=True) as connection:
        assert connection.execute("select order_no from raw_shop.orders").fetchall() == [(1,)]


def test_loaded_tables_are_those_that_were_made(tmp_path):
    path = tmp_path / "company.duckdb"
    load_company(path, 80, 1)
    tables = made(80, 1)
    with duckdb.connect(path, read_only=True) as connection:
        for name, table in tables.items():
            loaded = connection.sql(f"select * from {name}").to_arrow_table()
            assert loaded.to_pylist() == table.to_pylist(), name
