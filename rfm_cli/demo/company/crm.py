"""The CRM: people, companies and their contacts, what they agreed to and prefer."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np
import pyarrow as pa

from rfm_cli.demo.company import places, rates
from rfm_cli.demo.company.chunk import Batch, Chunk, with_doubles
from rfm_cli.demo.company.clock import DAY, FIRST_DAY, LAST_MOMENT, SECOND, local
from rfm_cli.demo.company.columns import choose, flags, gaps, join, padded, pick, table
from rfm_cli.demo.company.damage import Records, make_records
from rfm_cli.demo.company.finance import vat_numbers
from rfm_cli.demo.company.people import CALLING_CODES, INDUSTRIES
from rfm_cli.demo.company.pos import Cards, with_blanks

_CHANNELS = pa.array(["email", "phone", "post", "sms"])
_TITLES = pa.array(["Purchasing", "Office Manager", "Owner", "Facility Manager", "Accounting"])
_VALUES = (
    pa.array(["email", "phone", "post"]),
    pa.array(["kitchen", "textiles", "lighting", "furniture", "garden"]),
    pa.array(["weekly", "monthly", "never"]),
)


def crm_tables(chunk: Chunk, cards: Cards) -> Generator[Batch, None, np.ndarray]:
    """Write the tables of the CRM.

    Args:
        chunk: the chunk.
        cards: whose numbers the CRM has.

    Returns:
        The person id of each row of the people, 0 for none.
    """
    rng = chunk.streams.of("crm")
    people = chunk.people
    single = np.flatnonzero(flags(rng, rates.CRM_RATE, people.rows) & (people.account < 0))
    who = with_doubles(chunk, "crm", single, rng)
    created, modified = _moments(chunk, who, rng)
    records = make_records(chunk, who, modified, "crm", rng)
    number = chunk.numbers.next("person", len(who), 100_001)
    chunk.truth.record("crm", join("P", pa.array(number).cast(pa.string())), records)
    salutation = choose(people.is_male[who], "Mr", "Ms")
    yield table(
        "raw_crm.people",
        {
            "person_id": number,
            "salutation": gaps(salutation, flags(rng, 0.15, len(who)) | (records.other >= 0)),
            "given_name": records.given,
            "family_name": records.family,
            "email_address": records.email,
            "mobile": records.mobile,
            "phone": records.landline,
            "street": records.street,
            "zip": records.postcode,
            "town": records.town,
            "country_code": pick(places.COUNTRY_CODES, records.country),
            "date_of_birth": np.ma.masked_array(records.birth, records.has_no_birth),
            "loyalty_card_no": _card_numbers(chunk, cards, records, rng),
            "created_on": local(created, "UTC"),
            "modified_on": local(modified, "UTC"),
        },
    )
    yield from _wishes(chunk, number, created, rng)
    yield from _companies(chunk, rng)
    crm_id = np.zeros(people.rows, np.int64)
    crm_id[who] = number
    return crm_id


def _moments(
    chunk: Chunk, who: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw when records were made, some years before the history, and last changed."""
    first = chunk.behaviour.first[who].astype(np.int64)
    years = np.where(flags(rng, 0.35, len(who)), rng.integers(30, 2000, len(who)), 0)
    created = (FIRST_DAY + first - years) * DAY + rng.integers(8, 20, len(who)) * 3600 * SECOND
    created = np.minimum(created, LAST_MOMENT)
    share = rng.random(len(who)) ** 2
    modified = created + ((LAST_MOMENT - created) * share).astype(np.int64) // SECOND * SECOND
    return created, modified


def _card_numbers(
    chunk: Chunk, cards: Cards, records: Records, rng: np.random.Generator
) -> pa.Array:
    """Write the numbers of cards; some are of a card that went to somebody else years ago."""
    who = records.who
    card = np.where(flags(rng, rates.CRM_LOYALTY_RATE, len(who)), cards.first[who], -1)
    if not len(cards.who):
        return pa.nulls(len(who), pa.string())
    other = rng.integers(0, len(cards.who), len(who))
    is_reused = (cards.first[who] < 0) & flags(rng, rates.REISSUED_CARD_RATE, len(who))
    is_reused &= cards.who[other] != who
    chunk.defects["crm", "reused_id"] += int(is_reused.sum())
    card = np.where(is_reused, other, card)
    text = pick(cards.number, np.maximum(card, 0))
    return gaps(choose(flags(rng, 0.5, len(who)), with_blanks(text), text), card < 0)


def _wishes(
    chunk: Chunk, number: np.ndarray, created: np.ndarray, rng: np.random.Generator
) -> Iterator[Batch]:
    person = np.repeat(np.arange(len(number)), 4)
    channel = np.tile(np.arange(4), len(number))
    asked = flags(rng, np.array([0.85, 0.35, 0.5, 0.2])[channel], len(person))
    person, channel = person[asked], channel[asked]
    # Who withdraws has granted before: the same channel once more, later.
    back = np.flatnonzero(flags(rng, 0.12, len(person)))
    of = np.concatenate([np.arange(len(person)), back])
    is_back = np.arange(len(of)) >= len(person)
    at = created[person[of]]
    later = at + ((LAST_MOMENT - at) * rng.random(len(of))).astype(np.int64) // SECOND * SECOND
    is_no = ~is_back & flags(rng, 0.15, len(of))
    yield table(
        "raw_crm.consents",
        {
            "person_id": number[person[of]],
            "channel": pick(_CHANNELS, channel[of]),
            "purpose": choose(flags(rng, 0.2, len(person))[of], "profiling", "marketing"),
            "status": choose(is_no | is_back, "withdrawn", "granted"),
            "recorded_on": local(np.where(is_back, later, at), "UTC"),
        },
    )
    person = np.flatnonzero(flags(rng, 0.3, len(number)))
    topic = rng.integers(0, 3, len(person))
    which = rng.random(len(person))
    values = [pick(v, (which * len(v)).astype(np.int64)) for v in _VALUES]
    value = choose(topic == 0, values[0], choose(topic == 1, values[1], values[2]))
    at = created[person]
    at = at + ((LAST_MOMENT - at) * rng.random(len(at))).astype(np.int64) // SECOND * SECOND
    yield table(
        "raw_crm.preferences",
        {
            "preference_id": chunk.numbers.next("preference", len(person)),
            "person_id": number[person],
            "topic": pick(pa.array(["channel", "category", "frequency"]), topic),
            "value": value,
            "stated_on": local(at, "UTC"),
        },
    )


def _companies(chunk: Chunk, rng: np.random.Generator) -> Iterator[Batch]:
    people = chunk.people
    who = np.flatnonzero(people.is_company)
    count = len(who)
    ids = join("A-", padded(chunk.numbers.next("account", count), 6))
    created, modified = _moments(chunk, who, rng)
    chunk.truth.own("crm", ids, who)
    # A parent stands before its daughters, so that nobody owns itself.
    parent = (np.arange(count) * rng.random(count)).astype(np.int64)
    has_parent = flags(rng, 0.12, count) & (np.arange(count) > 0)
    address = people.address
    place = address.country[who], address.postcode[who]
    yield table(
        "raw_crm.accounts",
        {
            "account_id": ids,
            "name": pick(people.company_name, who),
            "vat_number": gaps(vat_numbers(chunk, who), flags(rng, 0.25, count)),
            "website": gaps(join("www.", pick(people.website, who)), flags(rng, 0.2, count)),
            "industry": gaps(
                pick(INDUSTRIES, rng.integers(0, len(INDUSTRIES), count)), flags(rng, 0.1, count)
            ),
            "employees": np.ma.masked_array(
                np.ceil(np.exp(rng.normal(3, 1.2, count))).astype(np.int32), flags(rng, 0.2, count)
            ),
            "parent_account_id": gaps(pick(ids, parent), ~has_parent),
            "street": places.street_texts(place[0], address.street[who], address.number[who]),
            "zip": places.postcode_texts(*place),
            "town": places.town_texts(*place),
            "country_code": pick(places.COUNTRY_CODES, place[0]),
            "created_on": local(created, "UTC"),
            "modified_on": local(modified, "UTC"),
        },
    )
    staff = np.flatnonzero(people.is_contact)
    created, modified = _moments(chunk, people.account[staff], rng)
    records = make_records(chunk, staff, modified, "crm_contact", rng)
    number = chunk.numbers.next("contact", len(staff), 300_001)
    chunk.truth.record("crm", join("K", pa.array(number).cast(pa.string())), records)
    account = people.account[staff]
    is_first = np.diff(account, prepend=-1) != 0
    desk = join("+", pick(CALLING_CODES, records.country), pick(people.landline, staff))
    yield table(
        "raw_crm.contacts",
        {
            "contact_id": number,
            "account_id": pick(ids, account - who[0]) if count else pa.array([], pa.string()),
            "given_name": records.given,
            "family_name": records.family,
            "email_address": records.email,
            "phone": choose(flags(rng, 0.4, len(staff)), desk, records.mobile),
            "job_title": gaps(
                pick(_TITLES, rng.integers(0, len(_TITLES), len(staff))),
                flags(rng, 0.3, len(staff)),
            ),
            "is_primary": pa.array(is_first),
            "created_on": local(created, "UTC"),
            "modified_on": local(modified, "UTC"),
        },
    )
