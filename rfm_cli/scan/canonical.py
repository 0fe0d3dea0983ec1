"""The columns of the entities that can be drafted (docs/sources.md), and which roles fill them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A column of an entity.

    Attributes:
        name: the column.
        kind: text, time, date, money, negative_money, integer or double.
        roles: the roles of raw columns that can fill it, best first; `key` is the key of the table.
    """

    name: str
    kind: str
    roles: tuple[str, ...] = ()


def _columns(text: str) -> tuple[Target, ...]:
    """Read `name:kind=role,role`; left out, the kind is text and the role is the name."""
    targets = []
    for word in text.split():
        declared, _, roles = word.partition("=")
        name, _, kind = declared.partition(":")
        named = tuple(role for role in (roles or name).split(",") if role != "-")
        targets.append(Target(name, kind or "text", named))
    return tuple(targets)


ENTITY_COLUMNS: dict[str, tuple[Target, ...]] = {
    "customers": _columns(
        "source_record_id=key full_name first_name last_name email email_sha256 phone other_phone "
        "street postal_code city country_code birth_date:date birth_year:integer loyalty_id "
        "crm_id tax_id account_record_id created_at:time updated_at:time"
    ),
    "accounts": _columns(
        "source_record_id=key company_name=company_name,full_name tax_id website email phone "
        "street postal_code city country_code industry employee_count:integer parent_record_id "
        "created_at:time updated_at:time"
    ),
    "orders": _columns(
        "source_row_number:bigint=- source_path=- source_customer_id=customer_id,loyalty_id,"
        "email_sha256,email order_id ordered_at:time=occurred_at,created_at "
        "order_date:date=- amount:money currency channel same_sale_source=- same_sale_order_id"
    ),
    "order_lines": _columns(
        "order_id line_number:integer product_id quantity:integer list_amount:money=- "
        "discount_amount:money amount:money currency"
    ),
    "refunds": _columns(
        "refund_id=key order_id line_number:integer refunded_at:time=occurred_at,created_at "
        "refund_date:date=- amount:negative_money currency reason restock_cost_amount:money=-"
    ),
    "payments": _columns(
        "payment_id=key order_id source_customer_id=customer_id paid_at:time=occurred_at "
        "due_date:date days_late:integer=- amount:money currency method status"
    ),
    "products": _columns(
        "product_id=key product_name=product_name,full_name product_line list_price_amount:money "
        "currency"
    ),
    "interactions": _columns(
        "interaction_id=key source_customer_id=customer_id,crm_id "
        "occurred_at:time=occurred_at,created_at interaction_type channel topic "
        "reference_id=order_id amount:money currency score:double score_max:double "
        "handle_minutes:integer severity closed_at:time"
    ),
    "consents": _columns(
        "source_customer_id=customer_id channel purpose status "
        "recorded_at:time=occurred_at,created_at"
    ),
    "campaigns": _columns(
        "campaign_id=key campaign_name=full_name channel offer=- segment=- start_date:date "
        "end_date:date"
    ),
    "campaign_events": _columns(
        "event_id=key campaign_id source_customer_id=customer_id occurred_at:time event_type=- "
        "order_id"
    ),
    "marketing_costs": _columns("campaign_id cost_date:date=occurred_at amount:money currency"),
    "shipping_costs": _columns("order_id carrier=- amount:money currency"),
    "exchange_rates": _columns("currency rate_date:date=occurred_at rate:double"),
    "demographics": _columns(
        "source_record_id=key age_band income_band household_size:integer has_children:boolean=- "
        "housing education"
    ),
    "product_costs": _columns(
        "product_id valid_from_date:date=start_date unit_cost_amount:double currency"
    ),
}
# Without these a row is of no use: the column, and the reason that quarantine gives.
NEEDED: dict[str, tuple[tuple[str, str], ...]] = {
    "customers": (("source_record_id", "id_missing"),),
    "accounts": (("source_record_id", "id_missing"),),
    "orders": (
        ("source_customer_id", "customer_missing"),
        ("ordered_at", "date_missing"),
        ("amount", "amount_missing"),
    ),
    "order_lines": (("order_id", "order_missing"),),
    "refunds": (("refunded_at", "date_missing"), ("amount", "amount_missing")),
    "payments": (("payment_id", "id_missing"), ("amount", "amount_missing")),
    "products": (("product_id", "id_missing"),),
    "interactions": (
        ("interaction_id", "id_missing"),
        ("source_customer_id", "customer_missing"),
        ("occurred_at", "date_missing"),
    ),
    "consents": (("source_customer_id", "customer_missing"), ("status", "status_missing")),
    "campaigns": (("campaign_id", "id_missing"),),
    "campaign_events": (("event_id", "id_missing"), ("occurred_at", "date_missing")),
    "marketing_costs": (("amount", "amount_missing"),),
    "product_costs": (("product_id", "id_missing"),),
    "shipping_costs": (("order_id", "order_missing"), ("amount", "amount_missing")),
    "exchange_rates": (("currency", "currency_missing"), ("rate", "rate_missing")),
    "demographics": (("source_record_id", "id_missing"),),
}
# A date in the reporting zone, taken from a time of the same row.
REPORTING_DATES = {"order_date": "ordered_at", "refund_date": "refunded_at"}
