"""An as-of date in the past knows nothing of what came later, in any system."""

from __future__ import annotations

import pytest

AS_OF = "2025-07-01"
# Rows of the day after are left in, whatever the zone of a system: nobody may know them either.
LATER = "2025-07-02"
# By table, when its rows came to be.
TIMES = {
    "raw_crm.people": "created_on",
    "raw_crm.accounts": "created_on",
    "raw_crm.contacts": "created_on",
    "raw_crm.consents": "recorded_on",
    "raw_crm.preferences": "stated_on",
    "raw_shop.web_customers": "cast(registered_at as timestamptz)",
    "raw_shop.guest_checkouts": "cast(created_at as timestamptz)",
    "raw_shop.orders": "cast(placed_at as timestamptz)",
    "raw_shop.refunds": "cast(refunded_at as timestamptz)",
    "raw_shop.web_events": "make_timestamp(occurred_ms * 1000)",
    "raw_pos.cards": "issued_on",
    "raw_pos.receipts": "sold_at",
    "raw_finance.debtors": "created_on",
    "raw_finance.invoices": "invoice_date",
    "raw_finance.payments": "coalesce(paid_on, date '2000-01-01')",
    "raw_finance.chargebacks": "opened_on",
    "raw_finance.exchange_rates": "rate_date",
    "raw_support.requesters": "created_at",
    "raw_support.tickets": "opened_at",
    "raw_support.surveys": "answered_at",
    "raw_marketing.subscribers": "subscribed_at",
    "raw_marketing.sends": "sent_at",
    "raw_marketing.opens": "opened_at",
    "raw_marketing.clicks": "clicked_at",
    "raw_marketing.redemptions": "redeemed_at",
    "raw_marketing.brand_ratings": "rated_at",
    "raw_marketing.referrals": "referred_at",
    "raw_partner.channel_sales": "strptime(sold_on, '%Y%m%d')",
}
LINES = (
    "delete from raw_shop.lines where order_no not in (select order_no from raw_shop.orders)",
    "delete from raw_pos.receipt_lines where receipt_no not in"
    " (select receipt_no from raw_pos.receipts)",
)
# What the data of later days may show in: counts of what was read.
OF_SOURCES = ("quarantined_rows", "source_summary", "source_quality")


@pytest.mark.long
def test_what_came_later_changes_nothing(fresh_company):
    whole, cut = fresh_company("whole"), fresh_company("cut")
    cut.change(
        *(f"delete from {table} where {time} >= '{LATER}'" for table, time in TIMES.items()), *LINES
    )
    for company in (whole, cut):
        done = company.run(rfm_as_of_date=AS_OF, rfm_identity_learn="off")
        assert done.returncode == 0, done.stderr
    found, wanted = whole.marts(but=OF_SOURCES), cut.marts(but=OF_SOURCES)
    assert set(found) == set(wanted)
    assert len(found["customers"]) > 100
    for name, rows in wanted.items():
        assert found[name] == rows, name
