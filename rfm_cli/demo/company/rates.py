"""Every rate the company is made with, in one place."""

from __future__ import annotations

from dataclasses import dataclass

# A chunk is fixed: what is made must not depend on the machine.
CHUNK_CUSTOMERS = 20_000
COMPANY_SHARE = 0.06

# Households of one, two, three and four customers.
HOUSEHOLD_SHARES = (0.66, 0.26, 0.06, 0.02)
PARTNER_RATE = 0.82  # of second members; the others share a flat
CHILD_RATE = 0.8  # of later members
OWN_NAME_RATE = 0.15  # partners who keep theirs
MARRIED_RATE = 0.3  # partners whose wedding some systems have not heard of
JUNIOR_RATE = 0.04  # children called like the parent
MOVED_RATE = 0.14  # households, in the two years or shortly before
FAMILY_EMAIL_RATE = 0.2  # households of several that have one address for all
LANDLINE_RATE = 0.55

# Share of consumers whom a system knows in any case; orders and tickets add others.
CRM_RATE = 0.58
SUBSCRIBER_RATE = 0.6
PANEL_RATE = 0.42
REQUESTER_RATE = 0.22
# Share of records that have a second one of the same person in the same system.
TWICE_RATES = {"crm": 0.03, "shop": 0.04, "pos": 0.03, "support": 0.03, "marketing": 0.03}

SHOP_PHONE = {"international": "+44 20 7946 0000", "national": "020 7946 0000"}
PLACEHOLDER_EMAILS = (
    "info@homegoods.example",
    "noreply@homegoods.example",
    "noreply@noreply.example",
    "info@mail.example",
)

# Share of a system's records that a defect befalls, of those that it can befall: two_people needs
# a partner, shared_email a family address, swapped_birth_date a day of 12 or less, accents_lost
# accents. Old addresses and maiden names come by themselves, from when a record was last touched.
DAMAGE: dict[str, dict[str, float]] = {
    "crm": {
        "two_people": 0.05, "shared_email": 0.5, "nickname": 0.08, "initial": 0.02,
        "typo_given_name": 0.02, "typo_family_name": 0.02, "typo_street": 0.02,
        "typo_postcode": 0.01, "typo_birth_date": 0.01, "swapped_birth_date": 0.02,
        "birth_date_1900": 0.02, "upper_case": 0.03, "lower_case": 0.02, "accents_lost": 0.15,
        "email_plus_tag": 0.02, "email_dots": 0.1, "typo_email": 0.01,
        "placeholder_email": 0.015, "missing_email": 0.18, "placeholder_phone": 0.03,
        "typo_phone": 0.01, "missing_phone": 0.3, "missing_birth_date": 0.35,
        "missing_address": 0.08,
    },
    "crm_contact": {
        "nickname": 0.08, "initial": 0.02, "typo_given_name": 0.02, "typo_family_name": 0.02,
        "upper_case": 0.03, "lower_case": 0.02, "accents_lost": 0.15, "typo_email": 0.01,
        "placeholder_email": 0.015, "missing_email": 0.12, "placeholder_phone": 0.03,
        "typo_phone": 0.01, "missing_phone": 0.3,
    },
    "shop": {
        "two_people": 0.03, "shared_email": 0.5, "nickname": 0.15, "initial": 0.03,
        "typo_given_name": 0.02, "typo_family_name": 0.015, "typo_street": 0.02,
        "typo_postcode": 0.01, "typo_birth_date": 0.01, "swapped_birth_date": 0.03,
        "birth_date_1900": 0.04, "upper_case": 0.03, "lower_case": 0.08, "accents_lost": 0.4,
        "email_plus_tag": 0.05, "email_dots": 0.15, "typo_email": 0.015,
        "typo_phone": 0.01, "missing_phone": 0.45, "missing_birth_date": 0.6,
        "missing_address": 0.05,
    },
    "shop_guest": {
        "two_people": 0.03, "shared_email": 0.5, "nickname": 0.12, "initial": 0.1,
        "typo_given_name": 0.03, "typo_family_name": 0.03, "typo_street": 0.03,
        "typo_postcode": 0.015, "upper_case": 0.03, "lower_case": 0.12, "accents_lost": 0.4,
        "email_plus_tag": 0.04, "email_dots": 0.15, "typo_email": 0.03, "typo_phone": 0.02,
        "missing_phone": 0.5,
    },
    "pos": {
        "two_people": 0.06, "shared_email": 0.5, "nickname": 0.2, "initial": 0.12,
        "typo_given_name": 0.05, "typo_family_name": 0.05, "typo_postcode": 0.02,
        "typo_birth_date": 0.02, "swapped_birth_date": 0.06, "birth_date_1900": 0.08,
        "upper_case": 0.1, "accents_lost": 0.6, "email_dots": 0.1, "typo_email": 0.03,
        "placeholder_email": 0.05, "missing_email": 0.45, "placeholder_phone": 0.1,
        "typo_phone": 0.02, "missing_phone": 0.35, "missing_birth_date": 0.4,
        "missing_name": 0.04,
    },
    "finance": {
        "two_people": 0.04, "nickname": 0.02, "initial": 0.08, "typo_family_name": 0.015,
        "typo_street": 0.02, "typo_postcode": 0.01, "upper_case": 0.15, "accents_lost": 0.3,
        "shared_email": 0.5, "missing_email": 0.35, "missing_phone": 0.6,
    },
    "support": {
        "shared_email": 0.5, "nickname": 0.25, "initial": 0.1, "typo_given_name": 0.03,
        "typo_family_name": 0.04, "lower_case": 0.12, "accents_lost": 0.7,
        "email_plus_tag": 0.02, "email_dots": 0.1, "typo_email": 0.02, "missing_email": 0.15,
        "placeholder_phone": 0.03, "missing_phone": 0.5, "missing_name": 0.12,
    },
    "marketing": {
        "shared_email": 0.5, "nickname": 0.15, "initial": 0.05, "typo_given_name": 0.02,
        "typo_family_name": 0.02, "upper_case": 0.02, "lower_case": 0.1, "accents_lost": 0.5,
        "email_plus_tag": 0.06, "email_dots": 0.15, "typo_email": 0.01, "missing_name": 0.4,
    },
    "syndicated": {
        "nickname": 0.06, "initial": 0.02, "typo_given_name": 0.02, "typo_family_name": 0.03,
        "typo_postcode": 0.02, "accents_lost": 1.0, "missing_birth_date": 0.15,
    },
}  # fmt: skip

# Systems whose records have an address, or a landline beside the mobile.
WITH_ADDRESS = frozenset({"crm", "shop", "shop_guest", "pos", "finance", "syndicated"})
WITH_LANDLINE = frozenset({"crm"})


@dataclass(frozen=True)
class Segment:
    """How customers of one kind behave.

    Attributes:
        share: of the consumers.
        shape, days: order rates are Gamma(shape, 1/days) a day.
        stay: (a, b) of the Beta of leaving after an order (MBG/NBD), or None.
        life: (shape, days) of the Gamma of death rates (Pareto/NBD), or None.
        spend: p, q, v of the gamma-gamma of an order's amount in EUR.
        bargain, returns: probability that a line is reduced, or comes back.
        tickets: a day.
        store, guest, partner: of their orders, probability of each way; stores are in London only.
    """

    name: str
    share: float
    shape: float
    days: float
    stay: tuple[float, float] | None
    life: tuple[float, float] | None
    spend: tuple[float, float, float]
    bargain: float
    returns: float
    tickets: float
    store: float
    guest: float
    partner: float


SEGMENTS = (
    Segment(
        "loyal", 0.15, 2.4, 95, stay=(0.8, 14), life=None, spend=(6, 5, 52),
        bargain=0.1, returns=0.04, tickets=0.0012, store=0.7, guest=0.05, partner=0.05,
    ),
    Segment(
        "regular", 0.34, 1.5, 160, stay=(0.9, 6), life=None, spend=(5, 4.5, 48),
        bargain=0.15, returns=0.06, tickets=0.0010, store=0.6, guest=0.15, partner=0.1,
    ),
    Segment(
        "occasional", 0.30, 1.0, 230, stay=(1.0, 4), life=None, spend=(4, 4, 52),
        bargain=0.2, returns=0.07, tickets=0.0007, store=0.5, guest=0.35, partner=0.15,
    ),
    Segment(
        "bargain", 0.13, 1.2, 115, stay=None, life=(1.2, 320), spend=(4, 5, 40),
        bargain=0.7, returns=0.14, tickets=0.0016, store=0.4, guest=0.25, partner=0.25,
    ),
    Segment(
        "one_off", 0.08, 0.5, 300, stay=(3.0, 2), life=None, spend=(3, 3.5, 60),
        bargain=0.1, returns=0.10, tickets=0.0006, store=0.3, guest=0.6, partner=0.2,
    ),
    Segment(
        "business", 0.0, 2.2, 100, stay=(0.6, 16), life=None, spend=(5, 3.5, 180),
        bargain=0.1, returns=0.03, tickets=0.0022, store=0.0, guest=0.0, partner=0.0,
    ),
)  # fmt: skip
SEGMENT_NAMES = tuple(segment.name for segment in SEGMENTS)
BUSINESS = len(SEGMENTS) - 1

# What income and household size do to rate and value; the means over all customers stay.
INCOME_ON_RATE, INCOME_ON_VALUE = 0.25, 0.3
MEMBER_ON_RATE = 0.08
LEARN_SHARE = 0.45  # customers won in the first LEARN_DAYS; the others evenly over the history
LEARN_DAYS = 240

LOSS_MAKER_RATE = 0.08  # send things back, write tickets, buy reduced goods
OVER_SERVED_RATE = 0.05  # small customers with long calls and express for nothing
HOLLOW_RATE = 0.03  # big spenders who buy reduced goods of little margin and return them

WALK_IN_RATE = 0.12  # receipts of strangers, beside those of customers
FORGOTTEN_CARD_RATE = 0.08
CANCELLED_RATE = 0.03
INVOICE_RATE = 0.25  # consumers who pay the shop's invoices
PARTNER_KNOWN_RATE = 0.35  # partner sales that our shop shipped
HELD_OUT_RATE = 0.1
REISSUED_CARD_RATE = 0.02
CRM_LOYALTY_RATE = 0.5  # card holders whose number the CRM has

# Driver and EUR for one, for what serving a customer costs; the second year costs more.
ACTIVITIES = {
    "order": ("order", 1.80),
    "pick": ("order line", 0.65),
    "return": ("refund", 6.50),
    "contact_minute": ("minute", 0.85),
    "late_payment": ("payment after its due date", 4.00),
    "campaign_contact": ("message sent", 0.08),
}
SECOND_YEAR_FACTOR = 1.05
