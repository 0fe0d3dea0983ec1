"""Who there is: households, companies and their contacts, as they really are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rfm_cli.demo.company import family_names, given_names, places, rates
from rfm_cli.demo.company.clock import FIRST_DAY, HISTORY_DAYS
from rfm_cli.demo.company.columns import by_group, choose, flags, join, padded, pick, within
from rfm_cli.demo.company.streams import Streams, scrambled

_PROVIDERS = tuple(
    pa.array(names.split())
    for names in (
        "gmail.com mail.example post.example inbox.example hello.example",
        "gmail.com briefkasten.example post-amt.example mail.example netz.example",
        "gmail.com mail.example usmail.example inbox.example hello.example",
        "gmail.com poczta.example list.example mail.example skrzynka.example",
        "gmail.com courrier.example boite.example mail.example",
        "gmail.com briefkasten.example postfach.example mail.example",
    )
)
# The lowest number of each country, national digits.
_MOBILES = np.array([74e8, 151e8, 917e7, 5e8, 6e8, 664e8]).astype(np.int64)
_LANDLINES = np.array([20e8, 30e8, 212e7, 22e7, 14e7, 1e8]).astype(np.int64)
CALLING_CODES = pa.array(["44", "49", "1", "48", "33", "43"])
_NEVER = -9999
_TRADES = pa.array(
    [
        "Interiors",
        "Hotels",
        "Catering",
        "Offices",
        "Property",
        "Clinics",
        "Studios",
        "Restaurants",
        "Logistics",
    ]
)
_FORMS = pa.array(["Ltd", "GmbH", "Inc.", "Sp. z o.o.", "SARL", "GmbH"])
INDUSTRIES = pa.array(
    ["hospitality", "healthcare", "retail", "construction", "education", "real_estate", "services"]
)


@dataclass(frozen=True)
class Address:
    """Where someone lives: positions of `places`, (n) each."""

    country: np.ndarray
    postcode: np.ndarray
    street: np.ndarray
    number: np.ndarray


@dataclass(frozen=True)
class People:
    """Consumers, then contacts of companies, then companies: one row each, (n) all.

    Attributes:
        first_id: truth's id of the first row; the others follow.
        consumers, contacts: how many rows are of these kinds; the rest are companies.
        account: row of the company of a contact or a company, -1 for consumers.
        household: row of the first member.
        member_count: customers in the household.
        partner: row of the partner, -1 without one.
        given, family, maiden: positions in the lists of names; maiden may be family.
        wedding, moved: days of the history, -9999 for never.
        birth: days since 1970.
        address, old_address: the old one is the same for who never moved.
        email, family_email, mobile, landline: phones are national digits with no trunk zero.
        has_family_email, has_landline: whether the household has them.
        income: standardised, about normal.
    """

    first_id: int
    consumers: int
    contacts: int
    account: np.ndarray
    household: np.ndarray
    member_count: np.ndarray
    partner: np.ndarray
    is_male: np.ndarray
    given: np.ndarray
    family: np.ndarray
    maiden: np.ndarray
    wedding: np.ndarray
    birth: np.ndarray
    moved: np.ndarray
    address: Address
    old_address: Address
    email: pa.Array
    family_email: pa.Array
    has_family_email: np.ndarray
    mobile: pa.Array
    landline: pa.Array
    has_landline: np.ndarray
    income: np.ndarray
    company_name: pa.Array
    website: pa.Array

    @property
    def rows(self) -> int:
        """Return how many people and companies there are."""
        return len(self.account)

    @property
    def ids(self) -> np.ndarray:
        """Return truth's ids, (n)."""
        return self.first_id + np.arange(self.rows)

    @property
    def is_company(self) -> np.ndarray:
        """Return which rows are companies, (n)."""
        found: np.ndarray = np.arange(self.rows) >= self.consumers + self.contacts
        return found

    @property
    def is_contact(self) -> np.ndarray:
        """Return which rows are contacts, (n)."""
        found: np.ndarray = (self.account >= 0) & ~self.is_company
        return found


def make_people(
    streams: Streams, chunk: int, customers: int, postcodes: np.ndarray, first_id: int
) -> People:
    """Draw the people of a chunk.

    Args:
        streams: of the chunk.
        chunk: its number.
        customers: consumers and companies in it.
        postcodes: (6) how many of each country are in use.
        first_id: truth's id of the first.
    """
    rng = streams.of("people")
    companies = round(customers * rates.COMPANY_SHARE)
    consumers = customers - companies
    staff = 1 + np.minimum(rng.poisson(0.9, companies), 5)
    contacts = int(staff.sum())
    rows = consumers + contacts + companies

    sizes = _household_sizes(rng, consumers, contacts + companies)
    position = within(sizes)
    head = np.arange(rows) - position
    members = np.repeat(sizes, sizes)

    chance = rng.random(rows)
    is_partner = (position == 1) & (chance < rates.PARTNER_RATE)
    is_child = (position >= 2) & (chance < rates.CHILD_RATE)
    is_kin = is_partner | is_child

    country = rng.choice(len(places.COUNTRIES), rows, p=places.COUNTRY_SHARES)[head]
    language = _languages(rng, country)
    language = np.where(is_kin, language[head], language)
    is_male = flags(rng, 0.48, rows)
    is_male = np.where(is_partner & ~flags(rng, 0.05, rows), ~is_male[head], is_male)
    birth = _births(rng, rows, head, is_partner, is_child)
    year = birth.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    given = given_names.draw_given_names(rng, language, is_male, year)
    is_junior = is_child & (is_male == is_male[head]) & flags(rng, rates.JUNIOR_RATE, rows)
    given = np.where(is_junior, given[head], given)

    own = family_names.draw_family_names(rng, language)
    family, maiden, wedding = _family_names(rng, own, head, is_partner, is_child)
    # Polish women have forms of their own, at the end of the list.
    family, maiden = (names + family_names.COUNT * ~is_male for names in (family, maiden))

    address = _addresses(rng, country, head, postcodes)
    moved = np.where(
        flags(rng, rates.MOVED_RATE, rows), rng.integers(-300, HISTORY_DAYS, rows), _NEVER
    )[head]
    old = _old_addresses(address, _addresses(rng, country, head, postcodes), moved)

    # A company is named after a family and knows its contacts by their addresses.
    is_company = np.arange(rows) >= consumers + contacts
    first_company = consumers + contacts
    account = np.full(rows, -1)
    account[consumers:first_company] = first_company + np.repeat(np.arange(companies), staff)
    account[first_company:] = np.arange(first_company, rows)
    serial = first_id + np.arange(rows)
    name, website = _companies(rng, own, country, serial)
    partner = _partners(is_partner, head)

    local, tail = _email_parts(rng, given, maiden, year, country)
    # Chunks are told apart by a number, which no name ends in.
    private = join(local, f"_c{chunk}" if chunk else "", "@", tail)
    at_work = _unique_at_work(given, family, account, serial, website)
    email = choose(account >= 0, at_work, private)
    email = choose(is_company, join("office@", website), email)
    family_email = join(
        "family.",
        _plain(pick(family_names.FAMILY_NAMES, family[head] % family_names.COUNT)),
        pa.array(serial[head]).cast(pa.string()),
        "@",
        pick(tail, head),
    )
    has_family_email = ((members > 1) & flags(rng, rates.FAMILY_EMAIL_RATE, rows))[head]

    # Addresses of contacts and companies are those of the company.
    at = np.where(account >= 0, account, np.arange(rows))
    address, old = (
        Address(a.country[at], a.postcode[at], a.street[at], a.number[at]) for a in (address, old)
    )
    income = 0.8 * rng.standard_normal(rows)[head] + 1.04 * places.wealth(
        address.country, address.postcode
    )
    return People(
        first_id, consumers, contacts, account, head, members, partner, is_male, given, family,
        maiden, wedding, birth, moved[at], address, old, email, family_email, has_family_email,
        _mobiles(address.country, serial), _landlines(address.country, serial[at][head]),
        (flags(rng, rates.LANDLINE_RATE, rows)[head] | (account >= 0)), income, name, website,
    )  # fmt: skip


def _household_sizes(rng: np.random.Generator, consumers: int, others: int) -> np.ndarray:
    """Let consumers share households; contacts and companies are households of their own."""
    sizes = rng.choice([1, 2, 3, 4], consumers, p=rates.HOUSEHOLD_SHARES)
    sizes = sizes[: np.searchsorted(np.cumsum(sizes), consumers) + 1]
    sizes[-1] -= sizes.sum() - consumers
    return np.concatenate([sizes, np.ones(others, np.int64)])


def _partners(is_partner: np.ndarray, head: np.ndarray) -> np.ndarray:
    """Name the partner of both of a couple, -1 for who has none."""
    partner = np.full(len(head), -1)
    partner[is_partner] = head[is_partner]
    partner[head[is_partner]] = np.flatnonzero(is_partner)
    return partner


def _languages(rng: np.random.Generator, country: np.ndarray) -> np.ndarray:
    steps = np.cumsum(places.LANGUAGE_SHARES, axis=1)[country, :-1]
    drawn: np.ndarray = (rng.random(len(country))[:, None] >= steps).sum(axis=1)
    return drawn


def _births(
    rng: np.random.Generator,
    rows: int,
    head: np.ndarray,
    is_partner: np.ndarray,
    is_child: np.ndarray,
) -> np.ndarray:
    """Draw days of birth; everyone is of age at the end of the history."""
    last = FIRST_DAY + HISTORY_DAYS - 18 * 366
    age_days = (18 + 70 * rng.beta(1.7, 2.4, rows)) * 365.25
    birth = FIRST_DAY + HISTORY_DAYS - age_days.astype(np.int64)
    partners = birth[head] + rng.normal(500, 1500, rows).astype(np.int64)
    children = birth[head] + rng.integers(20 * 365, 38 * 365, rows)
    birth = np.where(is_partner, partners, np.where(is_child, children, birth))
    return np.minimum(birth, last - rng.integers(0, 1500, rows))


def _addresses(
    rng: np.random.Generator, country: np.ndarray, head: np.ndarray, postcodes: np.ndarray
) -> Address:
    rows = len(country)
    return Address(
        country,
        places.draw_postcodes(rng, country, postcodes)[head],
        rng.integers(0, 10_000, rows)[head],
        (1 + 140 * rng.random(rows) ** 1.5).astype(np.int64)[head],
    )


def _family_names(
    rng: np.random.Generator,
    own: np.ndarray,
    head: np.ndarray,
    is_partner: np.ndarray,
    is_child: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Let most of a family have one name; return names now, names before, days of weddings."""
    rows = len(own)
    takes_name = is_child | (is_partner & ~flags(rng, rates.OWN_NAME_RATE, rows))
    family = np.where(takes_name, own[head], own)
    is_wed = takes_name & is_partner & flags(rng, rates.MARRIED_RATE, rows)
    wedding = np.where(is_wed, rng.integers(-1000, HISTORY_DAYS, rows), _NEVER)
    return family, np.where(is_wed, own, family), wedding


def _old_addresses(now: Address, before: Address, moved: np.ndarray) -> Address:
    """Take the address before for those who moved at all."""
    stays = moved == _NEVER
    return Address(
        now.country,
        np.where(stays, now.postcode, before.postcode),
        np.where(stays, now.street, before.street),
        np.where(stays, now.number, before.number),
    )


def _plain(texts: pa.Array) -> pa.Array:
    """Write names as addresses do: small letters from a to z only."""
    return pc.replace_substring_regex(without_accents(pc.utf8_lower(texts)), "[^a-z0-9.]", "")


def without_accents(texts: pa.Array) -> pa.Array:
    """Write names on a keyboard that has no accents."""
    for letter, plain in (("ß", "ss"), ("ł", "l"), ("Ł", "L")):
        texts = pc.replace_substring(texts, letter, plain)
    return pc.replace_substring_regex(pc.utf8_normalize(texts, "NFKD"), r"\p{Mn}", "")


_given_plain = _plain(given_names.GIVEN_NAMES)
_family_plain = _plain(family_names.FAMILY_NAMES)


def _email_parts(
    rng: np.random.Generator,
    given: np.ndarray,
    family: np.ndarray,
    year: np.ndarray,
    country: np.ndarray,
) -> tuple[pa.Array, pa.Array]:
    """Make parts of addresses that differ within the chunk, dots left out."""
    rows = len(given)
    first, last = pick(_given_plain, given), pick(_family_plain, family)
    initial = pc.utf8_slice_codeunits(first, 0, 1)
    short_year = padded(year % 100, 2)
    local = by_group(
        rng.integers(0, 5, rows),
        [
            lambda at: join(pick(first, at), ".", pick(last, at)),
            lambda at: join(pick(first, at), pick(last, at), pick(short_year, at)),
            lambda at: join(pick(initial, at), ".", pick(last, at), pick(short_year, at)),
            lambda at: join(pick(first, at), ".", pick(last, at), pick(short_year, at)),
            lambda at: join(pick(last, at), ".", pick(first, at)),
        ],
    )
    provider = rng.integers(0, 12, rows)
    tail = by_group(
        country,
        [partial(_provider, names, provider) for names in _PROVIDERS],
    )
    keys = join(pc.replace_substring(local, ".", ""), "@", tail).dictionary_encode()
    codes = keys.indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    repeat = np.empty(rows, np.int64)
    repeat[order] = within(np.bincount(codes))
    # `_` never comes from a name, so that no number of one name ends another.
    suffix = choose(repeat == 0, "", join("_", pa.array(repeat).cast(pa.string())))
    return join(local, suffix), tail


def _provider(names: pa.Array, drawn: np.ndarray, at: np.ndarray) -> pa.Array:
    """Choose providers: half of the people are with the first one."""
    return pick(names, np.maximum(drawn[at] - 6, 0) % len(names))


def _unique_at_work(
    given: np.ndarray,
    family: np.ndarray,
    account: np.ndarray,
    serial: np.ndarray,
    website: pa.Array,
) -> pa.Array:
    rows = np.arange(len(given))
    first, last = pick(_given_plain, given), pick(_family_plain, family)
    key = (account * 10_000 + given) * 10_000 + family
    _, first_row = np.unique(key, return_index=True)
    twice = np.ones(len(rows), bool)
    twice[first_row] = False
    suffix = choose(twice, pa.array(serial).cast(pa.string()), "")
    domain = pick(website, np.where(account >= 0, account, rows))
    return join(first, ".", last, suffix, "@", domain)


def _companies(
    rng: np.random.Generator, family: np.ndarray, country: np.ndarray, serial: np.ndarray
) -> tuple[pa.Array, pa.Array]:
    """Name companies and their sites; two may have one name, never one site."""
    rows = len(family)
    founder = pick(family_names.FAMILY_NAMES, family)
    trade = pick(_TRADES, rng.integers(0, len(_TRADES), rows))
    name = join(founder, " ", trade, " ", pick(_FORMS, country))
    slug = join(pick(_family_plain, family), "-", pc.utf8_lower(trade))
    return name, join(slug, "-", pa.array(serial).cast(pa.string()), ".example")


def _mobiles(country: np.ndarray, serial: np.ndarray) -> pa.Array:
    """Give everyone a number of their own: national digits without the trunk zero."""
    mixed = scrambled(serial, 26).astype(np.int64)
    return _numbers(country, mixed, _MOBILES)


def _landlines(country: np.ndarray, serial: np.ndarray) -> pa.Array:
    mixed = scrambled(serial + (1 << 25), 26).astype(np.int64)
    return _numbers(country, mixed, _LANDLINES)


def _numbers(country: np.ndarray, mixed: np.ndarray, first: np.ndarray) -> pa.Array:
    # No exchange of North America begins with 0 or 1, so its seven digits start at two million.
    american = mixed // 8_000_000 * 10_000_000 + 2_000_000 + mixed % 8_000_000
    digits = first[country] + np.where(country == 2, american, mixed)
    return pa.array(digits).cast(pa.string())
