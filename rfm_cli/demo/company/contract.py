"""What each raw table holds: the columns of docs/demo-company.md as Arrow types."""

from __future__ import annotations

import re
from types import MappingProxyType

import pyarrow as pa

_TYPES = {
    "text": pa.string(),
    "bigint": pa.int64(),
    "integer": pa.int32(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}

# `?` marks columns with gaps.
_COLUMNS = {
    "raw_crm.people": """person_id bigint, salutation text?, given_name text, family_name text,
        email_address text?, mobile text?, phone text?, street text?, zip text?, town text?,
        country_code text, date_of_birth date?, loyalty_card_no text?, created_on timestamp,
        modified_on timestamp""",
    "raw_crm.accounts": """account_id text, name text, vat_number text?, website text?,
        industry text?, employees integer?, parent_account_id text?, street text, zip text,
        town text, country_code text, created_on timestamp, modified_on timestamp""",
    "raw_crm.contacts": """contact_id bigint, account_id text, given_name text, family_name text,
        email_address text?, phone text?, job_title text?, is_primary boolean,
        created_on timestamp, modified_on timestamp""",
    "raw_crm.consents": """person_id bigint, channel text, purpose text, status text,
        recorded_on timestamp""",
    "raw_crm.preferences": """preference_id bigint, person_id bigint, topic text, value text,
        stated_on timestamp""",
    "raw_shop.web_customers": """uid text, email text, first_name text?, last_name text?,
        phone text?, birthday text?, address_line text?, postal_code text?, city text?,
        country text, registered_at text, updated_at text""",
    "raw_shop.guest_checkouts": """checkout_id text, email text, full_name text, phone text?,
        address_line text, postal_code text, city text, country text, created_at text""",
    "raw_shop.orders": """order_no text, customer_uid text?, checkout_id text?, placed_at text,
        currency text, total decimal(12,2), shipping decimal(12,2),
        discount_total decimal(12,2), coupon_code text?, status text""",
    "raw_shop.lines": """order_no text, line_no integer, sku text, quantity integer,
        list_price decimal(12,2), unit_price decimal(12,2), line_total decimal(12,2)""",
    "raw_shop.refunds": """refund_no text, order_no text, line_no integer?, refunded_at text,
        amount decimal(12,2), reason text, restock_cost decimal(12,2)""",
    "raw_shop.products": """sku text, title text, category text, list_price decimal(12,2)""",
    "raw_shop.web_events": """event_id bigint, uid text?, occurred_ms bigint, event text,
        sku text?""",
    "raw_pos.cards": """card_no text, holder_first text?, holder_last text?, postcode text?,
        phone text?, email text?, birth_date text?, issued_on date""",
    "raw_pos.receipts": """receipt_no bigint, store_id integer, till_no integer,
        sold_at timestamp, card_no text?, total_pence bigint""",
    "raw_pos.receipt_lines": """receipt_no bigint, line_no integer, sku text, quantity integer,
        price_pence bigint""",
    "raw_finance.debtors": """debtor_no bigint, name text, kind text, vat_no text?, street text,
        zip text, city text, country text, email text?, phone text?, created_on date""",
    "raw_finance.invoices": """invoice_id text, debtor_no bigint, invoice_date date,
        due_date date, gross_amount double, currency text, web_order_no text?,
        ordered_by text?""",
    "raw_finance.payments": """payment_id bigint, invoice_id text, paid_on date?, amount double,
        method text, status text""",
    "raw_finance.chargebacks": """chargeback_id bigint, payment_id bigint, opened_on date,
        amount double, reason text""",
    "raw_finance.exchange_rates": """currency text, rate_date date, eur_per_unit double""",
    "raw_accounting.product_costs": """sku text, valid_from date, unit_cost decimal(12,4),
        currency text""",
    "raw_accounting.shipping_costs": """order_no text, carrier text, cost decimal(12,2),
        currency text""",
    "raw_accounting.activity_costs": """activity text, driver text, rate decimal(12,4),
        currency text, valid_from date, valid_to date?""",
    "raw_accounting.ledger": """period text, account text, amount decimal(14,2)""",
    "raw_support.requesters": """requester_id bigint, name text?, email text?, phone text?,
        crm_person_id bigint?, created_at timestamp""",
    "raw_support.tickets": """ticket_id bigint, requester_id bigint, opened_at timestamp,
        closed_at timestamp?, kind text, channel text, topic text, priority text,
        handle_minutes integer?, compensation decimal(10,2)?, order_ref text?""",
    "raw_support.surveys": """survey_id bigint, ticket_id bigint?, requester_id bigint,
        answered_at timestamp, instrument text, score integer, scale_max integer""",
    "raw_marketing.subscribers": """subscriber_id text, email text, first_name text?,
        last_name text?, signup_source text, subscribed_at timestamp,
        unsubscribed_at timestamp?""",
    "raw_marketing.campaigns": """campaign_id text, name text, channel text, offer text,
        segment text, starts_on date, ends_on date""",
    "raw_marketing.sends": """send_id bigint, campaign_id text, subscriber_id text,
        sent_at timestamp, is_control boolean, bounced boolean""",
    "raw_marketing.opens": "send_id bigint, opened_at timestamp",
    "raw_marketing.clicks": "send_id bigint, clicked_at timestamp",
    "raw_marketing.redemptions": """redemption_id bigint, send_id bigint, order_no text,
        redeemed_at timestamp""",
    "raw_marketing.costs": """campaign_id text, cost_date date, amount decimal(12,2),
        currency text""",
    "raw_marketing.brand_ratings": """rating_id bigint, subscriber_id text, rated_at timestamp,
        attribute text, rating integer""",
    "raw_marketing.referrals": """referral_id bigint, referrer_subscriber_id text,
        referred_email text, referred_at timestamp""",
    "raw_partner.channel_sales": """partner text, sale_ref text, our_order_no text?,
        buyer_email_sha256 text?, buyer_postcode text?, sold_on text, amount text,
        currency text, sku text, quantity integer""",
    "raw_syndicated.demographics": """panel_id text, first_name text, last_name text,
        postcode text, birth_year integer?, age_band text, income_band text,
        household_size integer, has_children boolean, housing text, education text""",
    "raw_syndicated.postcode_demographics": """country_code text, postcode text,
        households integer, median_income integer, urbanity text""",
    "raw_syndicated.market_research": """study text, segment text, question text, answer text,
        share double, respondents integer""",
    "truth.truth_people": """person_id bigint, household_id bigint, account_id bigint?,
        entity_type text, given_name text?, family_name text, birth_date date?, segment text,
        order_rate double, died_on date?, mean_order_amount double, cost_to_serve double,
        is_loss_maker boolean, is_over_served boolean, is_hollow boolean""",
    "truth.truth_records": "source_name text, source_record_id text, person_id bigint",
    "truth.truth_sales": """source_name text, order_id text, person_id bigint?,
        amount decimal(12,2), currency text, is_duplicate_of text?""",
    "truth.truth_campaign_lift": "campaign_id text, segment text, lift double",
    "truth.truth_defects": "source_name text, defect text, record_count bigint",
}


def arrow_type(name: str) -> pa.DataType:
    """Return the Arrow type of a type of the contract, such as `decimal(12,2)`."""
    decimal = re.fullmatch(r"decimal\((\d+),(\d+)\)", name)
    return pa.decimal128(int(decimal[1]), int(decimal[2])) if decimal else _TYPES[name]


def _schema(columns: str) -> pa.Schema:
    fields = re.findall(r"(\w+) (\w+(?:\(\d+,\d+\))?)(\??)", columns)
    return pa.schema([pa.field(name, arrow_type(kind), bool(gaps)) for name, kind, gaps in fields])


# `schema.table` -> its columns; in the order in which they are made known to a warehouse.
SCHEMAS: MappingProxyType[str, pa.Schema] = MappingProxyType(
    {name: _schema(columns) for name, columns in _COLUMNS.items()}
)
