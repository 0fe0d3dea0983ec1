"""Which entity a table is: told by its name and by what its columns hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rfm_cli.order_columns import normalise
from rfm_cli.scan.profile import Profile

_CONTACT = ("email", "email_sha256", "phone", "street", "postal_code", "birth_date")
_PERSON = ("first_name", "last_name", "full_name")
_LEAST = 3


@dataclass(frozen=True)
class _Rule:
    """What speaks for an entity: words in the name of the table, and roles of columns.

    Attributes:
        words: each counts three; whole words, singular or plural.
        roles: each counts one.
        needs: groups of roles, one of each group is needed.
        key: roles that can name a row.
    """

    words: str
    roles: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...]
    key: tuple[str, ...] = ()


_RULES: dict[str, _Rule] = {
    "customers": _Rule(
        "customer client kunde kunden person people user subscriber member contact buyer card "
        "requester debtor checkout cliente klient",
        (*_PERSON, *_CONTACT, "loyalty_id", "created_at"),
        ((*_PERSON, *_CONTACT),),
        ("customer_id", "loyalty_id", "account_record_id"),
    ),
    "accounts": _Rule(
        "account company companies firma firmen organisation organization",
        ("company_name", "website", "industry", "employee_count", "tax_id", "parent_record_id"),
        (("company_name", "full_name"),),
        ("account_record_id", "customer_id"),
    ),
    "orders": _Rule(
        "order invoice receipt sale bestellung bestellungen rechnung rechnungen bon commande "
        "facture pedido transaction purchase",
        ("amount", "occurred_at", "order_id", "customer_id", "currency"),
        (("amount",), ("occurred_at", "created_at")),
        ("order_id",),
    ),
    "order_lines": _Rule(
        "line item position positionen",
        ("order_id", "line_number", "product_id", "quantity", "list_price_amount"),
        (("order_id",), ("product_id", "line_number")),
    ),
    "refunds": _Rule(
        "refund return credit retoure retouren gutschrift gutschriften remboursement",
        ("refund_id", "order_id", "amount", "occurred_at", "reason"),
        (("refund_id",), ("amount",)),
        ("refund_id",),
    ),
    "payments": _Rule(
        "payment zahlung zahlungen paiement pago",
        ("payment_id", "order_id", "amount", "occurred_at", "method", "status", "due_date"),
        (("payment_id", "method"), ("amount",)),
        ("payment_id",),
    ),
    "products": _Rule(
        "product article artikel item produit producto sku",
        ("product_id", "product_name", "full_name", "product_line", "list_price_amount"),
        (("product_id",), ("product_name", "full_name", "product_line")),
        ("product_id",),
    ),
    "interactions": _Rule(
        "ticket event interaction call visit survey review complaint preference rating referral "
        "case",
        ("interaction_id", "customer_id", "occurred_at", "interaction_type", "topic", "score",
         "handle_minutes", "severity", "closed_at"),
        (("interaction_id", "interaction_type"), ("occurred_at", "created_at")),
        ("interaction_id",),
    ),
    "consents": _Rule(
        "consent opt_in permission einwilligung einwilligungen",
        ("customer_id", "channel", "purpose", "status", "occurred_at"),
        (("customer_id",), ("status",), ("channel", "purpose")),
    ),
    "campaigns": _Rule(
        "campaign kampagne kampagnen",
        ("campaign_id", "full_name", "channel", "start_date", "end_date"),
        (("campaign_id",), ("start_date",)),
        ("campaign_id",),
    ),
    "campaign_events": _Rule(
        "send open click redemption bounce",
        ("campaign_event_id", "campaign_id", "customer_id", "occurred_at"),
        (("campaign_event_id",), ("occurred_at",)),
        ("campaign_event_id",),
    ),
    "marketing_costs": _Rule(
        "spend cost",
        ("campaign_id", "amount", "occurred_at", "currency"),
        (("campaign_id",), ("amount",), ("occurred_at",)),
    ),
    "shipping_costs": _Rule(
        "shipping freight versand",
        ("order_id", "amount", "currency"),
        (("order_id",), ("amount",)),
    ),
    "exchange_rates": _Rule(
        "exchange fx rate kurs wechselkurs",
        ("currency", "occurred_at", "rate"),
        (("currency",), ("rate",), ("occurred_at",)),
    ),
    "demographics": _Rule(
        "demographic panel",
        ("age_band", "income_band", "household_size", "housing", "education"),
        (("age_band", "income_band"),),
        ("customer_id",),
    ),
    "product_costs": _Rule(
        "cost",
        ("product_id", "unit_cost_amount", "start_date", "currency"),
        (("product_id",), ("unit_cost_amount",)),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Guess:
    """What a table seems to be.

    Attributes:
        entity: the entity; None when nothing speaks for one.
        key: the column that names a row; None when no column does.
        points: how much speaks for it; under 5 little does.
    """

    entity: str | None
    key: str | None
    points: int = 0


def guess_entity(name: str, profile: Profile, roles: Mapping[str, str]) -> Guess:
    """Guess the entity of a table and its key.

    Args:
        name: the name of the table, without its schema.
        profile: what was counted in it.
        roles: what its columns hold (`find_roles`).
    """
    words = set(normalise(name).split("_"))
    words |= {re.sub(r"s$", "", word) for word in words}
    best = Guess(None, None)
    for entity, rule in _RULES.items():
        if not all(any(role in roles for role in group) for group in rule.needs):
            continue
        key = _key(profile, roles, rule.key)
        points = sum(role in roles for role in rule.roles)
        points += 3 * len(words & set(rule.words.split()))
        points += _key_points(entity, profile, roles, key)
        if points >= _LEAST and points > best.points:
            best = Guess(entity, key, points)
    return best if best.entity else Guess(None, profile.unique[0] if profile.unique else None)


def _key(profile: Profile, roles: Mapping[str, str], wanted: tuple[str, ...]) -> str | None:
    named = [roles[role] for role in wanted if role in roles]
    return next((name for name in named if name in profile.unique), named[0] if named else None)


def _key_points(entity: str, profile: Profile, roles: Mapping[str, str], key: str | None) -> int:
    """Weigh whose row it is: an order id names the row of an order, and repeats in its lines."""
    if entity == "order_lines":
        return -3 if roles["order_id"] in profile.unique else 2
    if key is not None and key in profile.unique:
        # A row of a customer is named by the customer, not by an order or a ticket.
        others = {"order_id", "refund_id", "payment_id", "interaction_id", "campaign_event_id"}
        is_of_another = any(roles.get(role) in profile.unique for role in others)
        return -3 if entity == "customers" and is_of_another else 2
    if entity == "customers" and any(role in roles for role in ("order_id", "amount")):
        return -4
    return 0
