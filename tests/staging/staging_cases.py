"""One good row and one of each defect for the raw tables, and the rows staging makes of them.

Expected rows name the columns that are not null; `why` is the quarantine reason.
"""
# ruff: noqa: E501 - a table reads better in long lines

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

HASH = "0f" * 32
OTHER_HASH = "ab" * 32

RAW: dict[str, list[dict[str, object]]] = {
    "raw_crm.people": [
        {
            "person_id": 1, "given_name": " Ada ", "family_name": "Byron", "email_address": "",
            "mobile": "+44 1", "phone": "020", "street": "1 High St", "zip": "N1", "town": "London",
            "country_code": "gb", "date_of_birth": date(1980, 12, 31),
            "loyalty_card_no": "7700 1234 5678", "created_on": datetime(2024, 3, 31, 1, 30),
            "modified_on": datetime(2024, 4, 1),
        },
        {"person_id": 2, "given_name": "Same"},
        {"person_id": 2, "given_name": "Same "},
        {"person_id": 3, "given_name": "One"},
        {"person_id": 3, "given_name": "Other"},
        {"given_name": "Nobody"},
    ],
    "raw_crm.contacts": [
        {"contact_id": 1, "account_id": "A-000001", "family_name": "Fox", "is_primary": True},
    ],
    "raw_crm.accounts": [
        {
            "account_id": "A-000001", "name": "Acme ", "vat_number": " ", "employees": 12,
            "country_code": "de", "parent_account_id": "A-000009",
        },
    ],
    "raw_crm.consents": [
        {
            "person_id": 1, "channel": "Email", "purpose": "marketing", "status": "granted",
            "recorded_on": datetime(2024, 1, 2, 3),
        },
        {"person_id": 1, "status": "perhaps", "recorded_on": datetime(2024, 1, 2)},
        {"person_id": 1, "status": "granted"},
        {"status": "granted", "recorded_on": datetime(2024, 1, 2)},
    ],
    "raw_crm.preferences": [
        {
            "preference_id": 1, "person_id": 1, "topic": "channel", "value": "email",
            "stated_on": datetime(2024, 1, 2),
        },
    ],
    "raw_shop.web_customers": [
        {
            "uid": "u_1", "email": " A@x.com", "birthday": "31.12.1980", "country": "germany",
            "registered_at": "2024-01-05T10:00:00+01:00", "updated_at": "2024-01-05T10:00:00Z",
        },
        {"uid": "u_2", "birthday": "31.02.1980", "country": "UK"},
        {"uid": "u_3", "birthday": "1.2.1980", "country": "Ruritania"},
        {"uid": "u_4", "birthday": "1980-02-01", "country": "fr"},
    ],
    "raw_shop.guest_checkouts": [
        {
            "checkout_id": "g_1", "full_name": "Bo Li", "email": "b@x.com", "country": "DE",
            "created_at": "2024-01-05T10:00:00-05:00",
        },
    ],
    "raw_shop.orders": [
        {
            "order_no": "W-1", "customer_uid": "u_1", "placed_at": "2024-01-05T23:30:00-02:00",
            "currency": "eur", "total": Decimal("10.50"), "status": "paid",
        },
        {
            "order_no": "W-2", "checkout_id": "g_1", "placed_at": "2024-01-05T10:00:00Z",
            "currency": "USD", "total": Decimal("20.00"), "status": "cancelled",
        },
        {
            "order_no": "W-3", "customer_uid": "u_1", "placed_at": "5th of May",
            "currency": "EUR", "total": Decimal("3.00"), "status": "paid",
        },
        {"order_no": "W-4", "placed_at": "2024-01-05", "currency": "EUR", "total": Decimal("1.00"), "status": "paid"},
        {"order_no": "W-5", "customer_uid": "u_1", "placed_at": "2024-01-05", "currency": "€", "total": Decimal("1.00"), "status": "paid"},
        {"order_no": "W-6", "customer_uid": "u_1", "placed_at": "2024-01-05", "currency": "EUR", "status": "paid"},
        {"order_no": "W-7", "customer_uid": "u_1", "placed_at": "2024-01-05", "currency": "EUR", "total": Decimal("1.00"), "status": "paid"},
        {"order_no": "W-7", "customer_uid": "u_2", "placed_at": "2024-01-05", "currency": "EUR", "total": Decimal("1.00"), "status": "paid"},
        {"order_no": "W-8", "customer_uid": "u_1", "placed_at": "1869-01-05", "currency": "EUR", "total": Decimal("1.00"), "status": "paid"},
        {"customer_uid": "u_1", "placed_at": "2024-01-05", "currency": "EUR", "total": Decimal("1.00"), "status": "paid"},
        {"order_no": "W-9", "customer_uid": "u_1", "placed_at": "2024-01-05", "currency": "EUR", "total": Decimal("1.00"), "status": "lost"},
    ],
    "raw_shop.lines": [
        {"order_no": "W-1", "line_no": 1, "sku": "S1", "quantity": 2, "list_price": Decimal("6"), "line_total": Decimal("10.50")},
        {"order_no": "W-99", "line_no": 1, "sku": "S1", "quantity": 1, "list_price": Decimal("6"), "line_total": Decimal("6")},
        {"order_no": "W-1", "line_no": 2, "sku": "S1", "list_price": Decimal("6"), "line_total": Decimal("6")},
        {"order_no": "W-1", "sku": "S1", "quantity": 1, "line_total": Decimal("6")},
    ],
    "raw_shop.refunds": [
        {"refund_no": "R-1", "order_no": "W-1", "line_no": 1, "refunded_at": "2024-01-09T00:00:00Z", "amount": Decimal("5.25"), "reason": "broken", "restock_cost": Decimal("1")},
        {"refund_no": "R-2", "order_no": "W-1", "refunded_at": "2024-01-09", "amount": Decimal("-5")},
        {"refund_no": "R-3", "order_no": "W-1", "refunded_at": "soon", "amount": Decimal("5")},
    ],
    "raw_shop.products": [
        {"sku": "S1", "title": "Lamp", "category": "light", "list_price": Decimal("6")},
    ],
    "raw_shop.web_events": [
        {"event_id": 1, "uid": "u_1", "occurred_ms": 1704448800123, "event": "view", "sku": "S1"},
        {"event_id": 2, "uid": "u_1", "occurred_ms": 1704448800000, "event": "wishlist", "sku": "S1"},
        {"event_id": 3, "occurred_ms": 1704448800000, "event": "cart"},
        {"event_id": 4, "uid": "u_1", "occurred_ms": 1704448800000, "event": "login"},
        {"event_id": 5, "uid": "u_1", "occurred_ms": 999999999999999999, "event": "view"},
    ],
    "raw_pos.cards": [
        {"card_no": "7700 1234 5678", "holder_first": "Ada", "birth_date": "19801231", "postcode": "N1", "issued_on": date(2024, 7, 1)},
    ],
    "raw_pos.receipts": [
        {"receipt_no": 1, "sold_at": datetime(2024, 7, 1, 12), "card_no": "770012345678", "total_pence": 1999},
        {"receipt_no": 2, "sold_at": datetime(2024, 1, 1, 12), "card_no": "7700 1234 5678", "total_pence": -5},
        {"receipt_no": 3, "sold_at": datetime(2024, 1, 1, 12), "total_pence": 100},
        # Clocks skip from 1 to 2 o'clock, and repeat the hour from 1 o'clock.
        {"receipt_no": 4, "sold_at": datetime(2024, 3, 31, 1, 30), "card_no": "7", "total_pence": 100},
        {"receipt_no": 5, "sold_at": datetime(2024, 10, 27, 1, 30), "card_no": "7", "total_pence": 100},
        {"receipt_no": 6, "sold_at": datetime(2024, 1, 1), "card_no": "7"},
        {"receipt_no": 7, "card_no": "7", "total_pence": 100},
    ],
    "raw_pos.receipt_lines": [
        {"receipt_no": 1, "line_no": 1, "sku": "S1", "quantity": 3, "price_pence": 333},
        {"receipt_no": 1, "line_no": 2, "sku": "S1", "quantity": 3},
    ],
    "raw_finance.debtors": [
        {"debtor_no": 1, "name": "Byron,  Ada", "kind": "person", "country": "Deutschland", "created_on": date(2024, 1, 2)},
        {"debtor_no": 2, "name": "Acme GmbH", "kind": "company", "vat_no": "DE1", "country": "DE", "created_on": date(2024, 1, 2)},
        {"debtor_no": 3, "name": "Cher", "kind": "person"},
        {"debtor_no": 4, "name": "Who", "kind": "ghost"},
    ],
    "raw_finance.invoices": [
        {"invoice_id": "2024/1", "debtor_no": 2, "invoice_date": date(2024, 1, 2), "due_date": date(2024, 2, 1), "gross_amount": 119.0, "currency": "EUR"},
        {"invoice_id": "2024/2", "debtor_no": 1, "invoice_date": date(2024, 1, 5), "due_date": date(2024, 1, 5), "gross_amount": 10.5, "currency": "EUR", "web_order_no": "W-1"},
    ],
    "raw_finance.payments": [
        {"payment_id": 1, "invoice_id": "2024/1", "paid_on": date(2024, 2, 11), "amount": 119.0, "method": "transfer", "status": "paid"},
        {"payment_id": 2, "invoice_id": "2024/2", "amount": 10.5, "method": "card", "status": "failed"},
        {"payment_id": 3, "invoice_id": "2024/9", "paid_on": date(2024, 2, 11), "amount": 1.0, "status": "paid"},
        {"payment_id": 4, "invoice_id": "2024/2", "amount": 1.0, "status": "paid"},
    ],
    "raw_finance.chargebacks": [
        {"chargeback_id": 1, "payment_id": 1, "opened_on": date(2024, 3, 1), "amount": 119.0, "reason": "fraud"},
        {"chargeback_id": 2, "payment_id": 9, "opened_on": date(2024, 3, 1), "amount": 1.0},
    ],
    "raw_finance.exchange_rates": [
        {"currency": "usd", "rate_date": date(2024, 1, 2), "eur_per_unit": 0.91},
        {"currency": "USD", "rate_date": date(2024, 1, 3), "eur_per_unit": 0.0},
    ],
    "raw_accounting.product_costs": [
        {"sku": "S1", "valid_from": date(2024, 1, 1), "unit_cost": Decimal("2.1234"), "currency": "EUR"},
    ],
    "raw_accounting.shipping_costs": [
        {"order_no": "W-1", "carrier": "Post", "cost": Decimal("4.90"), "currency": "EUR"},
        {"order_no": "W-1", "carrier": "Post", "cost": Decimal("4.90"), "currency": "EUR"},
        {"carrier": "Post", "cost": Decimal("4.90"), "currency": "EUR"},
    ],
    "raw_accounting.activity_costs": [
        {"activity": "pick", "driver": "lines", "rate": Decimal("0.3333"), "currency": "EUR", "valid_from": date(2024, 1, 1)},
    ],
    "raw_accounting.ledger": [
        {"period": "2024-01", "account": "4000", "amount": Decimal("1000000.01")},
        {"period": "2024-13", "account": "4000", "amount": Decimal("1")},
    ],
    "raw_support.requesters": [
        {"requester_id": 1, "name": "Ada B", "crm_person_id": 1, "created_at": datetime(2024, 1, 1)},
    ],
    "raw_support.tickets": [
        {"ticket_id": 1, "requester_id": 1, "opened_at": datetime(2024, 1, 1, 20), "closed_at": datetime(2024, 7, 1, 20), "kind": "question", "channel": "phone", "topic": "size", "priority": "low", "handle_minutes": 5, "compensation": Decimal("2.50"), "order_ref": "W-1"},
        {"ticket_id": 2, "requester_id": 1, "opened_at": datetime(2024, 1, 1), "kind": "complaint"},
        {"ticket_id": 3, "requester_id": 1, "opened_at": datetime(2024, 1, 1), "kind": "spam"},
        {"ticket_id": 4, "opened_at": datetime(2024, 1, 1), "kind": "question"},
    ],
    "raw_support.surveys": [
        {"survey_id": 1, "ticket_id": 1, "requester_id": 1, "answered_at": datetime(2024, 1, 2), "instrument": "NPS", "score": 9, "scale_max": 10},
        {"survey_id": 2, "requester_id": 1, "answered_at": datetime(2024, 1, 2), "instrument": "CSAT", "score": 9, "scale_max": 5},
    ],
    "raw_marketing.subscribers": [
        {"subscriber_id": "s1", "email": "a@x.com", "subscribed_at": datetime(2024, 1, 1), "unsubscribed_at": datetime(2024, 6, 1)},
    ],
    "raw_marketing.campaigns": [
        {"campaign_id": "C2024-05", "name": "May", "channel": "email", "offer": "10%", "segment": "all", "starts_on": date(2024, 5, 1), "ends_on": date(2024, 5, 31)},
        {"campaign_id": "C2024-06"},
    ],
    "raw_marketing.sends": [
        {"send_id": 1, "campaign_id": "C2024-05", "subscriber_id": "s1", "sent_at": datetime(2024, 5, 1), "is_control": False, "bounced": False},
        {"send_id": 2, "campaign_id": "C2024-05", "subscriber_id": "s1", "sent_at": datetime(2024, 5, 1), "is_control": True, "bounced": False},
        {"send_id": 3, "campaign_id": "C2024-05", "subscriber_id": "s1", "sent_at": datetime(2024, 5, 1), "is_control": False, "bounced": True},
        {"send_id": 4, "campaign_id": "C2024-05", "subscriber_id": "s1", "sent_at": datetime(2024, 5, 1), "bounced": True},
    ],
    "raw_marketing.opens": [
        {"send_id": 1, "opened_at": datetime(2024, 5, 1, 10)},
        {"send_id": 1, "opened_at": datetime(2024, 5, 1, 10)},
        {"send_id": 9, "opened_at": datetime(2024, 5, 1, 10)},
    ],
    "raw_marketing.clicks": [{"send_id": 1, "clicked_at": datetime(2024, 5, 1, 11)}],
    "raw_marketing.redemptions": [
        {"redemption_id": 1, "send_id": 1, "order_no": "W-1", "redeemed_at": datetime(2024, 5, 2)},
    ],
    "raw_marketing.costs": [
        {"campaign_id": "C2024-05", "cost_date": date(2024, 5, 1), "amount": Decimal("100"), "currency": "EUR"},
    ],
    "raw_marketing.brand_ratings": [
        {"rating_id": 1, "subscriber_id": "s1", "rated_at": datetime(2024, 5, 1), "attribute": "quality", "rating": 7},
        {"rating_id": 2, "subscriber_id": "s1", "rated_at": datetime(2024, 5, 1), "attribute": "quality", "rating": 8},
    ],
    "raw_marketing.referrals": [
        {"referral_id": 1, "referrer_subscriber_id": "s1", "referred_email": "F@x.com", "referred_at": datetime(2024, 5, 1)},
    ],
    "raw_partner.channel_sales": [
        {"partner": "P", "sale_ref": "1", "our_order_no": "W-1", "buyer_email_sha256": HASH.upper(), "buyer_postcode": "N1", "sold_on": "20240131", "amount": "1.234,56", "currency": "EUR", "sku": "S1", "quantity": 1},
        {"partner": "P", "sale_ref": "1", "our_order_no": "W-1", "buyer_email_sha256": HASH.upper(), "buyer_postcode": "N1", "sold_on": "20240131", "amount": "1.234,56", "currency": "EUR", "sku": "S1", "quantity": 1},
        {"partner": "P", "sale_ref": "1", "our_order_no": "W-1", "buyer_email_sha256": HASH, "buyer_postcode": "N1", "sold_on": "20240131", "amount": "5", "currency": "EUR", "sku": "S2", "quantity": 1},
        {"partner": "P", "sale_ref": "2", "our_order_no": "2024/2", "buyer_email_sha256": HASH, "buyer_postcode": "E1", "sold_on": "20240201", "amount": "10,50", "currency": "EUR"},
        {"partner": "P", "sale_ref": "3", "our_order_no": "1", "buyer_email_sha256": HASH, "sold_on": "20230201", "amount": "1", "currency": "GBP"},
        {"partner": "P", "sale_ref": "4", "our_order_no": "?", "buyer_email_sha256": OTHER_HASH, "sold_on": "20230201", "amount": "1", "currency": "GBP"},
        {"partner": "P", "sale_ref": "5", "sold_on": "20230201", "amount": "1", "currency": "GBP"},
        {"partner": "P", "sale_ref": "6", "buyer_email_sha256": "x", "sold_on": "20230230", "amount": "1", "currency": "GBP"},
        {"partner": "P", "sale_ref": "7", "buyer_email_sha256": OTHER_HASH, "sold_on": "20230202", "amount": "1,234.56", "currency": "GBP"},
        {"partner": "Q", "sale_ref": "1", "buyer_email_sha256": OTHER_HASH, "sold_on": "20240202", "amount": "9", "currency": "EUR", "sku": "S1", "quantity": 2},
    ],
    "raw_syndicated.demographics": [
        {"panel_id": "p1", "first_name": "Ada", "last_name": "B", "postcode": "N1", "birth_year": 1980, "age_band": "40-49", "household_size": 2, "has_children": False},
    ],
    "raw_syndicated.postcode_demographics": [
        {"country_code": "gb", "postcode": "N1", "households": 100, "median_income": 40000, "urbanity": "city"},
    ],
    "raw_syndicated.market_research": [
        {"study": "st", "segment": "all", "question": "q", "answer": "a", "share": 0.25, "respondents": 100},
        {"study": "st", "segment": "all", "question": "q", "answer": "b", "share": 25.0},
    ],
}  # fmt: skip

_ORDER = {"currency": "EUR", "channel": "web"}
_JAN_5 = {"ordered_at": datetime(2024, 1, 5), "order_date": date(2024, 1, 5)}
_TOLD = {"ordered_at_text": "2024-01-05", "amount_text": "1.00"}
_ONE = _ORDER | _JAN_5 | _TOLD | {"amount": Decimal("1.00")}
_SHIPPED = {"order_id": "W-1", "carrier": "Post", "amount": Decimal("4.90"), "currency": "EUR"}

STAGED: Mapping[str, Sequence[Mapping[str, object]]] = {
    "stg_crm__customers": [
        {
            "source_record_id": "P1", "first_name": "Ada", "last_name": "Byron", "phone": "+44 1",
            "other_phone": "020", "street": "1 High St", "postal_code": "N1", "city": "London",
            "country_code": "GB", "birth_date": date(1980, 12, 31), "loyalty_id": "770012345678",
            "crm_id": "P1", "created_at": datetime(2024, 3, 31, 1, 30),
            "updated_at": datetime(2024, 4, 1),
        },
        {"source_record_id": "P2", "first_name": "Same", "crm_id": "P2"},
        {"source_record_id": "P3", "first_name": "One", "crm_id": "P3"},
        {"source_record_id": "P3", "first_name": "Other", "crm_id": "P3"},
        {"first_name": "Nobody", "why": "key_missing"},
        {
            "source_record_id": "K1", "last_name": "Fox", "crm_id": "K1",
            "account_record_id": "A-000001",
        },
    ],
    "stg_crm__accounts": [
        {
            "source_record_id": "A-000001", "company_name": "Acme", "country_code": "DE",
            "employee_count": 12, "parent_record_id": "A-000009",
        },
    ],
    "stg_crm__consents": [
        {
            "source_customer_id": "P1", "channel": "email", "purpose": "marketing",
            "status": "granted", "recorded_at": datetime(2024, 1, 2, 3),
        },
        {"source_customer_id": "P1", "status": "perhaps", "recorded_at": datetime(2024, 1, 2), "why": "status_unknown"},
        {"source_customer_id": "P1", "status": "granted", "why": "date_missing"},
        {"status": "granted", "recorded_at": datetime(2024, 1, 2), "why": "customer_missing"},
    ],
    "stg_crm__interactions": [
        {
            "interaction_id": "preference:1", "source_customer_id": "P1", "topic": "channel",
            "reference_id": "email", "interaction_type": "preference",
            "occurred_at": datetime(2024, 1, 2),
        },
    ],
    "stg_shop__customers": [
        {
            "source_record_id": "u_1", "email": "A@x.com", "birth_date": date(1980, 12, 31),
            "country_code": "DE", "created_at": datetime(2024, 1, 5, 9),
            "updated_at": datetime(2024, 1, 5, 10),
        },
        {"source_record_id": "u_2", "country_code": "GB"},
        {"source_record_id": "u_3", "birth_date": date(1980, 2, 1)},
        {"source_record_id": "u_4", "birth_date": date(1980, 2, 1), "country_code": "FR"},
        {
            "source_record_id": "g_1", "full_name": "Bo Li", "email": "b@x.com",
            "country_code": "DE", "created_at": datetime(2024, 1, 5, 15),
        },
    ],
    "stg_shop__orders": [
        _ORDER | {
            "source_customer_id": "u_1", "order_id": "W-1", "order_date": date(2024, 1, 6),
            "ordered_at": datetime(2024, 1, 6, 1, 30), "amount": Decimal("10.50"),
        },
        {
            "source_customer_id": "g_1", "order_id": "W-2", "order_date": date(2024, 1, 5),
            "ordered_at": datetime(2024, 1, 5, 10), "amount": Decimal("20.00"), "currency": "USD",
            "channel": "web", "ordered_at_text": "2024-01-05T10:00:00Z", "amount_text": "20.00",
            "why": "cancelled",
        },
        _ORDER | {
            "source_customer_id": "u_1", "order_id": "W-3", "amount": Decimal("3.00"),
            "ordered_at_text": "5th of May", "amount_text": "3.00", "why": "date_unreadable",
        },
        _ONE | {"order_id": "W-4", "why": "customer_missing"},
        _ONE | {"source_customer_id": "u_1", "order_id": "W-5", "currency": "€", "why": "currency_unknown"},
        _ORDER | _JAN_5 | {"source_customer_id": "u_1", "order_id": "W-6", "ordered_at_text": "2024-01-05", "why": "amount_missing"},
        _ONE | {"source_customer_id": "u_1", "order_id": "W-7", "why": "key_duplicate"},
        _ONE | {"source_customer_id": "u_2", "order_id": "W-7", "why": "key_duplicate"},
        _ONE | {
            "source_customer_id": "u_1", "order_id": "W-8", "ordered_at": datetime(1869, 1, 5),
            "order_date": date(1869, 1, 5), "ordered_at_text": "1869-01-05", "why": "date_too_early",
        },
        _ONE | {"source_customer_id": "u_1", "why": "key_missing"},
        _ONE | {"source_customer_id": "u_1", "order_id": "W-9", "why": "status_unknown"},
    ],
    "stg_shop__order_lines": [
        {
            "order_id": "W-1", "line_number": 1, "product_id": "S1", "quantity": 2, "currency": "EUR",
            "list_amount": Decimal("12.00"), "discount_amount": Decimal("1.50"), "amount": Decimal("10.50"),
        },
        {
            "order_id": "W-99", "line_number": 1, "product_id": "S1", "quantity": 1, "list_amount": Decimal("6.00"),
            "discount_amount": Decimal("0.00"), "amount": Decimal("6.00"), "why": "order_unknown",
        },
        {
            "order_id": "W-1", "line_number": 2, "product_id": "S1", "amount": Decimal("6.00"),
            "currency": "EUR", "why": "quantity_missing",
        },
        {
            "order_id": "W-1", "product_id": "S1", "quantity": 1, "amount": Decimal("6.00"),
            "currency": "EUR", "why": "key_missing",
        },
    ],
    "stg_shop__refunds": [
        {
            "refund_id": "R-1", "order_id": "W-1", "line_number": 1, "refunded_at": datetime(2024, 1, 9),
            "refund_date": date(2024, 1, 9), "amount": Decimal("-5.25"), "currency": "EUR", "reason": "broken",
            "restock_cost_amount": Decimal("1.00"),
        },
        {
            "refund_id": "R-2", "order_id": "W-1", "refunded_at": datetime(2024, 1, 9), "currency": "EUR",
            "refund_date": date(2024, 1, 9), "amount": Decimal("5.00"), "why": "amount_negative",
        },
        {
            "refund_id": "R-3", "order_id": "W-1", "amount": Decimal("-5.00"), "currency": "EUR",
            "why": "date_unreadable",
        },
    ],
    "stg_shop__products": [
        {
            "product_id": "S1", "product_name": "Lamp", "product_line": "light", "currency": "EUR",
            "list_price_amount": Decimal("6.00"),
        },
    ],
    "stg_shop__interactions": [
        {
            "interaction_id": "web_event:1", "source_customer_id": "u_1", "interaction_type": "visit",
            "occurred_at": datetime(2024, 1, 5, 10, 0, 0, 123000), "channel": "web", "topic": "view", "reference_id": "S1",
        },
        {
            "interaction_id": "web_event:2", "source_customer_id": "u_1", "interaction_type": "preference",
            "occurred_at": datetime(2024, 1, 5, 10), "channel": "web", "topic": "wishlist", "reference_id": "S1",
        },
        {
            "interaction_id": "web_event:3", "interaction_type": "visit", "topic": "cart",
            "occurred_at": datetime(2024, 1, 5, 10), "channel": "web", "why": "customer_missing",
        },
        {
            "interaction_id": "web_event:4", "source_customer_id": "u_1", "interaction_type": "login", "topic": "login",
            "occurred_at": datetime(2024, 1, 5, 10), "channel": "web", "why": "type_unknown",
        },
        {
            "interaction_id": "web_event:5", "source_customer_id": "u_1", "interaction_type": "visit", "topic": "view",
            "channel": "web", "why": "date_unreadable",
        },
    ],
    "stg_pos__customers": [
        {
            "source_record_id": "770012345678", "loyalty_id": "770012345678", "first_name": "Ada",
            "birth_date": date(1980, 12, 31), "postal_code": "N1",
            "created_at": datetime(2024, 6, 30, 23),
        },
    ],
    "stg_pos__orders": [
        {
            "source_customer_id": customer, "order_id": number, "ordered_at": at, "order_date": at and at.date(),
            "amount": amount and Decimal(amount), "currency": "GBP", "channel": "store", "why": why,
            "ordered_at_text": text, "amount_text": pence,
        }
        for number, customer, at, amount, why, text, pence in [
            ("1", "770012345678", datetime(2024, 7, 1, 11), "19.99", None, None, None),
            ("2", "770012345678", datetime(2024, 1, 1, 12), "-0.05", None, None, None),
            ("3", None, datetime(2024, 1, 1, 12), "1.00", "customer_missing", "2024-01-01 12:00:00", "100"),
            ("4", "7", datetime(2024, 3, 31, 1, 30), "1.00", None, None, None),
            ("5", "7", datetime(2024, 10, 27, 1, 30), "1.00", None, None, None),
            ("6", "7", datetime(2024, 1, 1), None, "amount_missing", "2024-01-01 00:00:00", None),
            ("7", "7", None, "1.00", "date_missing", None, "100"),
        ]
    ],
    "stg_pos__order_lines": [
        {
            "order_id": "1", "line_number": 1, "product_id": "S1", "quantity": 3,
            "amount": Decimal("9.99"), "currency": "GBP",
        },
        {
            "order_id": "1", "line_number": 2, "product_id": "S1", "quantity": 3,
            "currency": "GBP", "why": "amount_missing",
        },
    ],
    "stg_finance__customers": [
        {
            "source_record_id": "1", "full_name": "Ada Byron", "first_name": "Ada", "last_name": "Byron",
            "country_code": "DE", "created_at": datetime(2024, 1, 2),
        },
        {"source_record_id": "3", "full_name": "Cher"},
        {"source_record_id": "4", "full_name": "Who", "why": "type_unknown"},
    ],
    "stg_finance__accounts": [
        {
            "source_record_id": "2", "company_name": "Acme GmbH", "tax_id": "DE1", "country_code": "DE",
            "created_at": datetime(2024, 1, 2),
        },
    ],
    "stg_finance__orders": [
        {
            "source_customer_id": "2", "order_id": "2024/1", "ordered_at": datetime(2024, 1, 2),
            "order_date": date(2024, 1, 2), "amount": Decimal("119.00"), "currency": "EUR", "channel": "invoice",
        },
        {
            "source_customer_id": "1", "order_id": "2024/2", "ordered_at": datetime(2024, 1, 5),
            "order_date": date(2024, 1, 5), "amount": Decimal("10.50"), "currency": "EUR", "channel": "invoice",
            "same_sale_source": "shop", "same_sale_order_id": "W-1",
        },
    ],
    "stg_finance__payments": [
        {
            "payment_id": "1", "order_id": "2024/1", "source_customer_id": "2", "paid_at": datetime(2024, 2, 11),
            "due_date": date(2024, 2, 1), "days_late": 10, "amount": Decimal("119.00"), "currency": "EUR",
            "method": "transfer", "status": "paid",
        },
        {
            "payment_id": "2", "order_id": "2024/2", "source_customer_id": "1", "due_date": date(2024, 1, 5),
            "amount": Decimal("10.50"), "currency": "EUR", "method": "card", "status": "failed",
        },
        {
            "payment_id": "3", "order_id": "2024/9", "paid_at": datetime(2024, 2, 11), "amount": Decimal("1.00"),
            "status": "paid", "why": "order_unknown",
        },
        {
            "payment_id": "4", "order_id": "2024/2", "source_customer_id": "1", "due_date": date(2024, 1, 5),
            "amount": Decimal("1.00"), "currency": "EUR", "status": "paid", "why": "date_missing",
        },
        {
            "payment_id": "chargeback:1", "order_id": "2024/1", "source_customer_id": "2",
            "paid_at": datetime(2024, 3, 1), "due_date": date(2024, 2, 1), "amount": Decimal("-119.00"),
            "currency": "EUR", "status": "charged_back",
        },
        {
            "payment_id": "chargeback:2", "paid_at": datetime(2024, 3, 1), "amount": Decimal("-1.00"),
            "status": "charged_back", "why": "payment_unknown",
        },
    ],
    "stg_finance__exchange_rates": [
        {"currency": "USD", "rate_date": date(2024, 1, 2), "rate": Decimal("0.91000000")},
        {"currency": "USD", "rate_date": date(2024, 1, 3), "rate": Decimal("0E-8"), "why": "amount_negative"},
    ],
    "stg_accounting__product_costs": [
        {
            "product_id": "S1", "valid_from_date": date(2024, 1, 1), "currency": "EUR",
            "unit_cost_amount": Decimal("2.12340000"),
        },
    ],
    "stg_accounting__shipping_costs": [
        _SHIPPED,
        _SHIPPED,
        _SHIPPED | {"order_id": None, "why": "order_missing"},
    ],
    "stg_accounting__activity_costs": [
        {
            "activity": "pick", "driver": "lines", "rate_amount": Decimal("0.33330000"), "currency": "EUR",
            "valid_from_date": date(2024, 1, 1),
        },
    ],
    "stg_accounting__ledger_entries": [
        {"period": "2024-01", "account": "4000", "amount": Decimal("1000000.01")},
        {"period": "2024-13", "account": "4000", "amount": Decimal("1.00"), "why": "date_unreadable"},
    ],
    "stg_support__customers": [
        {
            "source_record_id": "1", "full_name": "Ada B", "crm_id": "P1",
            "created_at": datetime(2024, 1, 1, 5),
        },
    ],
    "stg_support__interactions": [
        {
            "interaction_id": "ticket:1", "source_customer_id": "1", "occurred_at": datetime(2024, 1, 2, 1),
            "interaction_type": "inquiry", "channel": "phone", "topic": "size", "reference_id": "W-1",
            "amount": Decimal("2.50"), "currency": "EUR", "handle_minutes": 5, "severity": "low",
            "closed_at": datetime(2024, 7, 2),
        },
        {
            "interaction_id": "ticket:2", "source_customer_id": "1", "occurred_at": datetime(2024, 1, 1, 5),
            "interaction_type": "complaint",
        },
        {
            "interaction_id": "ticket:3", "source_customer_id": "1", "occurred_at": datetime(2024, 1, 1, 5),
            "interaction_type": "spam", "why": "type_unknown",
        },
        {
            "interaction_id": "ticket:4", "occurred_at": datetime(2024, 1, 1, 5),
            "interaction_type": "inquiry", "why": "customer_missing",
        },
        {
            "interaction_id": "survey:1", "source_customer_id": "1", "occurred_at": datetime(2024, 1, 2, 5),
            "interaction_type": "survey", "topic": "NPS", "reference_id": "1", "score": 9, "score_max": 10,
        },
        {
            "interaction_id": "survey:2", "source_customer_id": "1", "occurred_at": datetime(2024, 1, 2, 5),
            "interaction_type": "survey", "topic": "CSAT", "score": 9, "score_max": 5,
            "why": "score_out_of_range",
        },
    ],
    "stg_marketing__customers": [
        {"source_record_id": "s1", "email": "a@x.com", "created_at": datetime(2024, 1, 1)},
    ],
    "stg_marketing__campaigns": [
        {
            "campaign_id": "C2024-05", "campaign_name": "May", "channel": "email", "offer": "10%",
            "segment": "all", "start_date": date(2024, 5, 1), "end_date": date(2024, 5, 31),
        },
        {"campaign_id": "C2024-06", "why": "date_missing"},
    ],
    "stg_marketing__campaign_events": [
        {
            "event_id": event, "campaign_id": campaign, "source_customer_id": subscriber,
            "occurred_at": at, "event_type": type, "order_id": order, "why": why,
        }
        for event, campaign, subscriber, at, type, order, why in [
            ("send:1", "C2024-05", "s1", datetime(2024, 5, 1), "sent", None, None),
            ("send:2", "C2024-05", "s1", datetime(2024, 5, 1), "held_out", None, None),
            ("send:3", "C2024-05", "s1", datetime(2024, 5, 1), "bounced", None, None),
            ("send:4", "C2024-05", "s1", datetime(2024, 5, 1), "bounced", None, "flag_missing"),
            ("opened:1:2024-05-01 10:00:00", "C2024-05", "s1", datetime(2024, 5, 1, 10), "opened", None, None),
            ("opened:9:2024-05-01 10:00:00", None, None, datetime(2024, 5, 1, 10), "opened", None, "send_unknown"),
            ("clicked:1:2024-05-01 11:00:00", "C2024-05", "s1", datetime(2024, 5, 1, 11), "clicked", None, None),
            ("redemption:1", "C2024-05", "s1", datetime(2024, 5, 2), "redeemed", "W-1", None),
            ("unsubscribed:s1", None, "s1", datetime(2024, 6, 1), "unsubscribed", None, None),
        ]
    ],
    "stg_marketing__marketing_costs": [
        {"campaign_id": "C2024-05", "cost_date": date(2024, 5, 1), "amount": Decimal("100.00"), "currency": "EUR"},
    ],
    "stg_marketing__interactions": [
        {
            "interaction_id": "brand_rating:1", "source_customer_id": "s1", "occurred_at": datetime(2024, 5, 1),
            "interaction_type": "brand_perception", "topic": "quality", "score": 7, "score_max": 7,
        },
        {
            "interaction_id": "brand_rating:2", "source_customer_id": "s1", "occurred_at": datetime(2024, 5, 1),
            "interaction_type": "brand_perception", "topic": "quality", "score": 8, "score_max": 7,
            "why": "score_out_of_range",
        },
        {
            "interaction_id": "referral:1", "source_customer_id": "s1", "occurred_at": datetime(2024, 5, 1),
            "interaction_type": "referral", "reference_id": hashlib.sha256(b"f@x.com").hexdigest(),
        },
    ],
    "stg_partner__customers": [
        {"source_record_id": HASH, "email_sha256": HASH, "created_at": datetime(2023, 2, 1)},
        {"source_record_id": OTHER_HASH, "email_sha256": OTHER_HASH, "created_at": datetime(2023, 2, 1)},
        {"source_record_id": "x", "email_sha256": "x", "why": "key_unreadable"},
    ],
    "stg_partner__order_lines": [
        {
            "order_id": "P:1", "line_number": 1, "product_id": "S1", "quantity": 1,
            "amount": Decimal("1234.56"), "currency": "EUR",
        },
        {
            "order_id": "P:1", "line_number": 2, "product_id": "S2", "quantity": 1,
            "amount": Decimal("5.00"), "currency": "EUR",
        },
        *(
            {
                "order_id": f"P:{number}", "line_number": 1, "amount": amount and Decimal(amount),
                "currency": currency, "why": "quantity_missing",
            }
            for number, amount, currency in [
                ("2", "10.50", "EUR"), ("3", "1.00", "GBP"), ("4", "1.00", "GBP"),
                ("5", "1.00", "GBP"), ("6", "1.00", "GBP"), ("7", None, "GBP"),
            ]
        ),
        # another partner's first sale
        {
            "order_id": "Q:1", "line_number": 1, "product_id": "S1", "quantity": 2,
            "amount": Decimal("9.00"), "currency": "EUR",
        },
    ],
    "stg_partner__orders": [
        {
            "source_customer_id": buyer, "order_id": number, "ordered_at": at, "order_date": at and at.date(),
            "amount": amount and Decimal(amount), "currency": currency, "channel": "partner",
            "same_sale_source": source, "same_sale_order_id": own, "why": why,
            "ordered_at_text": text, "amount_text": told,
        }
        for number, buyer, at, amount, currency, source, own, why, text, told in [
            ("P:1", HASH, datetime(2024, 1, 31), "1234.56", "EUR", "shop", "W-1", None, None, None),
            ("P:1", HASH, datetime(2024, 1, 31), "5.00", "EUR", "shop", "W-1", None, None, None),
            ("P:2", HASH, datetime(2024, 2, 1), "10.50", "EUR", "finance", "2024/2", None, None, None),
            ("P:3", HASH, datetime(2023, 2, 1), "1.00", "GBP", "pos", "1", None, None, None),
            ("P:4", OTHER_HASH, datetime(2023, 2, 1), "1.00", "GBP", None, "?", "reference_unknown", "20230201", "1"),
            ("P:5", None, datetime(2023, 2, 1), "1.00", "GBP", None, None, "customer_missing", "20230201", "1"),
            ("P:6", "x", None, "1.00", "GBP", None, None, "date_unreadable", "20230230", "1"),
            ("P:7", OTHER_HASH, datetime(2023, 2, 2), None, "GBP", None, None, "amount_unreadable", "20230202", "1,234.56"),
            ("Q:1", OTHER_HASH, datetime(2024, 2, 2), "9.00", "EUR", None, None, None, None, None),
        ]
    ],
    "stg_syndicated__customers": [
        {
            "source_record_id": "p1", "first_name": "Ada", "last_name": "B", "postal_code": "N1",
            "birth_year": 1980,
        },
    ],
    "stg_syndicated__demographics": [
        {"source_record_id": "p1", "age_band": "40-49", "household_size": 2, "has_children": False},
    ],
    "stg_syndicated__area_demographics": [
        {
            "country_code": "GB", "postal_code": "N1", "household_count": 100,
            "median_income_amount": Decimal("40000.00"), "urbanity": "city",
        },
    ],
    "stg_syndicated__market_research": [
        {
            "study": "st", "segment": "all", "question": "q", "answer": "a", "answer_share": 0.25,
            "respondent_count": 100,
        },
        {
            "study": "st", "segment": "all", "question": "q", "answer": "b", "answer_share": 25.0,
            "why": "share_out_of_range",
        },
    ],
}  # fmt: skip


def as_text(value: object) -> object:
    """Write a value as a text export does; nothing stays nothing."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def differences(model: str, found: Sequence[Mapping[str, object]]) -> list[str]:
    """Say which rows of a model are missing or too much, a line each."""
    wanted = []
    for row in STAGED[model]:
        told = {("quarantine_reason" if name == "why" else name): v for name, v in row.items()}
        wanted.append(_shown(told))
    unexpected = []
    for row in found:
        shown = _shown(row)
        if shown in wanted:
            wanted.remove(shown)
        else:
            unexpected.append(f"{model} has {shown}")
    return [*unexpected, *(f"{model} lacks {row}" for row in wanted)]


def _shown(row: Mapping[str, object]) -> dict[str, str]:
    values = {
        name: value.replace(tzinfo=None) if isinstance(value, datetime) else value
        for name, value in row.items()
        if value is not None
    }
    return {name: str(value) for name, value in sorted(values.items())}
