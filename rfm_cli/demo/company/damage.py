"""What a system makes of a person: one record of each, damaged as such systems damage."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rfm_cli.demo.company import family_names, given_names, places, rates
from rfm_cli.demo.company.clock import DAY, FIRST_DAY
from rfm_cli.demo.company.columns import by_group, changed, choose, flags, gaps, join, pick
from rfm_cli.demo.company.people import CALLING_CODES, without_accents

if TYPE_CHECKING:
    from rfm_cli.demo.company.chunk import Chunk

Defects = Counter[tuple[str, str]]

_BIRTH_1900 = int(np.datetime64("1900-01-01").astype(int))
# Keys beside each other, for slips of the finger.
_NEIGHBOURS = dict(
    zip("qwertyuiopasdfghjklzxcvbnm0123456789", "wertyuioiosdfghjkkxcvbnmn1234567898", strict=False)
)
_KEYS = np.arange(0x250, dtype=np.uint32)
for _key, _beside in _NEIGHBOURS.items():
    _KEYS[ord(_key)] = ord(_beside)
    if _key.isalpha():
        _KEYS[ord(_key.upper())] = ord(_beside.upper())


@dataclass
class Records:
    """Records of one system, (n) each; who they are of is the truth.

    Attributes:
        who: rows of the people.
        other: row of a second person in the record, -1 for none.
        birth, has_no_birth: days since 1970, and where they are missing.
        mobile, landline: as written; gaps where they are missing.
    """

    who: np.ndarray
    other: np.ndarray
    given: pa.Array
    family: pa.Array
    email: pa.Array
    mobile: pa.Array
    landline: pa.Array
    street: pa.Array
    postcode: pa.Array
    town: pa.Array
    country: np.ndarray
    birth: np.ndarray
    has_no_birth: np.ndarray

    @property
    def full_name(self) -> pa.Array:
        """Return given and family name with a blank; a gap where the name is missing."""
        return join(self.given, " ", self.family)


def make_records(
    chunk: Chunk, who: np.ndarray, touched: np.ndarray, system: str, rng: np.random.Generator
) -> Records:
    """Write down people as a system knows them.

    Args:
        chunk: its people are written down, and what is done to them is counted by its defects.
        who: (n) rows of people, one for each record.
        touched: (n) moments of the last change; what happened later is not in the record.
        system: a key of `rates.DAMAGE`.
        rng: of the system.
    """
    return _Scribe(chunk, who, touched, system, rng).write()


class _Scribe:
    def __init__(
        self,
        chunk: Chunk,
        who: np.ndarray,
        touched: np.ndarray,
        system: str,
        rng: np.random.Generator,
    ) -> None:
        self.people, self.who, self.rng = chunk.people, who, rng
        self.day = touched // DAY - FIRST_DAY
        self.rates = rates.DAMAGE[system]
        self.system, self.source = system, system.split("_", maxsplit=1)[0]
        self.defects = chunk.defects

    def write(self) -> Records:
        people, who = self.people, self.who
        is_old = people.moved[who] > self.day
        if self.system in rates.WITH_ADDRESS:
            self._count("old_address", is_old)
        now, before = people.address, people.old_address
        postcode, street, number = (
            np.where(is_old, old[who], new[who])
            for old, new in (
                (before.postcode, now.postcode),
                (before.street, now.street),
                (before.number, now.number),
            )
        )
        country = now.country[who]
        given, family, other = self._names()
        missing = self._hit("missing_address")
        street_text = self._typing("street", places.street_texts(country, street, number))
        postcode_text = self._typing("postcode", places.postcode_texts(country, postcode))
        town = places.town_texts(country, postcode)
        mobile, landline = self._phones(country)
        return Records(
            who, other, given, family, self._emails(), mobile, landline,
            gaps(street_text, missing), gaps(postcode_text, missing), gaps(town, missing),
            country, *self._births(),
        )  # fmt: skip

    def _hit(self, defect: str, possible: np.ndarray | bool = True) -> np.ndarray:
        """Draw which records a defect befalls, and count them."""
        hit: np.ndarray = flags(self.rng, self.rates.get(defect, 0.0), len(self.who)) & possible
        self._count(defect, hit)
        return hit

    def _count(self, defect: str, hit: np.ndarray) -> None:
        self.defects[self.source, defect] += int(hit.sum())

    def _typing(self, what: str, texts: pa.Array, possible: np.ndarray | bool = True) -> pa.Array:
        hit = self._hit(f"typo_{what}", possible)
        return changed(texts, hit, lambda some: mistyped(some, self.rng))

    def _names(self) -> tuple[pa.Array, pa.Array, np.ndarray]:
        people, who = self.people, self.who
        # The name of a company is not put together from these.
        real = ~people.is_company[who]
        given = people.given[who]
        text = pick(given_names.GIVEN_NAMES, given)
        is_maiden = (people.wedding[who] > self.day) & (people.maiden[who] != people.family[who])
        self._count("maiden_name", is_maiden)
        family_row = np.where(is_maiden, people.maiden[who], people.family[who])
        family = pick(family_names.FAMILY_NAMES, family_row)

        is_two = self._hit("two_people", (people.partner[who] >= 0) & ~is_maiden & real)
        other = np.where(is_two, people.partner[who], -1)
        is_nick = self._hit("nickname", given_names.HAS_NICKNAME[given] & ~is_two & real)
        nick = [pick(names, given) for names in given_names.NICKNAMES]
        second = flags(self.rng, 0.3, len(who))
        text = choose(is_nick, choose(second, nick[1], nick[0]), text)
        text = self._typing("given_name", text, ~is_two & real)
        dot = choose(flags(self.rng, 0.6, len(who)), ".", "")
        is_initial = self._hit("initial", ~is_two & real)
        text = choose(is_initial, join(pc.utf8_slice_codeunits(text, 0, 1), dot), text)
        both = join(text, " & ", pick(given_names.GIVEN_NAMES, people.given[np.maximum(other, 0)]))
        text = choose(is_two, both, text)
        family = self._typing("family_name", family, real)

        had_accents = pc.or_(
            pc.not_equal(text, without_accents(text)), pc.not_equal(family, without_accents(family))
        ).to_numpy(zero_copy_only=False)
        is_plain = self._hit("accents_lost", had_accents & real)
        is_upper = self._hit("upper_case", real)
        is_lower = self._hit("lower_case", ~is_upper & real)
        is_gone = self._hit("missing_name")
        for hit, change in (
            (is_plain, without_accents),
            (is_upper, pc.utf8_upper),
            (is_lower, pc.utf8_lower),
        ):
            text, family = changed(text, hit, change), changed(family, hit, change)
        return gaps(text, is_gone), gaps(family, is_gone), other

    def _emails(self) -> pa.Array:
        people, who, rng = self.people, self.who, self.rng
        is_shared = self._hit("shared_email", people.has_family_email[who])
        email = choose(is_shared, pick(people.family_email, who), pick(people.email, who))
        is_tagged = self._hit("email_plus_tag", people.account[who] < 0)
        email = changed(email, is_tagged, lambda some: pc.replace_substring(some, "@", "+shop@"))
        # Dots mean nothing at this provider only.
        is_gmail = pc.ends_with(email, "@gmail.com").to_numpy(zero_copy_only=False)
        is_dotted = self._hit("email_dots", is_gmail & ~is_shared)
        email = changed(email, is_dotted, _other_dots)
        is_upper = flags(rng, 0.08, len(who))
        email = changed(email, is_upper, pc.utf8_capitalize)
        email = changed(email, self._hit("typo_email"), lambda some: _mistyped_email(some, rng))
        is_junk = self._hit("placeholder_email")
        junk = pick(
            pa.array(rates.PLACEHOLDER_EMAILS),
            rng.integers(0, len(rates.PLACEHOLDER_EMAILS), len(who)),
        )
        return gaps(choose(is_junk, junk, email), self._hit("missing_email"))

    def _phones(self, country: np.ndarray) -> tuple[pa.Array, pa.Array]:
        people, who, rng = self.people, self.who, self.rng
        digits = self._typing("phone", pick(people.mobile, who))
        mobile = _written_phone(rng, country, digits)
        style = flags(rng, 0.5, len(who))
        junk = choose(style, rates.SHOP_PHONE["international"], rates.SHOP_PHONE["national"])
        # The national way of writing says London to someone in the United Kingdom only.
        junk = choose(country == 0, junk, rates.SHOP_PHONE["international"])
        mobile = choose(self._hit("placeholder_phone"), junk, mobile)
        mobile = gaps(mobile, self._hit("missing_phone"))
        landline = _written_phone(rng, country, pick(people.landline, who))
        has_none = ~people.has_landline[who] | flags(rng, 0.35, len(who))
        if self.system in rates.WITH_LANDLINE:
            self._count("shared_phone", ~has_none & (people.member_count[who] > 1))
        return mobile, gaps(landline, has_none)

    def _births(self) -> tuple[np.ndarray, np.ndarray]:
        birth = self.people.birth[self.who].copy()
        days = birth.astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        day = (days - months).astype(int) + 1
        month = months.astype(int) % 12 + 1
        swapped = ((months - month + day).astype("datetime64[D]") + (month - 1)).astype(np.int64)
        is_swapped = self._hit("swapped_birth_date", (day <= 12) & (day != month))
        birth = np.where(is_swapped, swapped, birth)
        is_typo = self._hit("typo_birth_date", ~is_swapped)
        slip = self.rng.choice([-10, -1, 1, 10, 365, -365, 3652], len(birth))
        birth = np.where(is_typo, birth + slip, birth)
        birth = np.where(self._hit("birth_date_1900"), _BIRTH_1900, birth)
        return birth, self._hit("missing_birth_date")


def mistyped(texts: pa.Array, rng: np.random.Generator) -> pa.Array:
    """Put one typing error in each text: two letters swapped, one left out, doubled or mishit."""
    rows = len(texts)
    letters = np.array(texts.to_pylist(), dtype=str)
    width = max(letters.dtype.itemsize // 4, 2)
    codes = np.zeros((rows, width + 1), np.uint32)
    codes[:, :-1] = letters.astype(f"U{width}").view(np.uint32).reshape(rows, width)
    length = (codes != 0).sum(axis=1)
    # The first letter is seldom wrong: people look at it.
    at = 1 + (rng.random(rows) * np.maximum(length - 2, 1)).astype(np.int64)
    kind = rng.integers(0, 4, rows)
    row, place = np.arange(rows), np.arange(width + 1)
    source = np.tile(place, (rows, 1))
    after = place[None, :] >= at[:, None]
    source = np.where((kind == 0)[:, None] & after, source + 1, source)
    source = np.where((kind == 1)[:, None] & after & (place > 0)[None, :], source - 1, source)
    is_swap = (kind == 2) & (at + 1 < length)
    source[row[is_swap], at[is_swap]] = at[is_swap] + 1
    source[row[is_swap], at[is_swap] + 1] = at[is_swap]
    result = codes[row[:, None], np.minimum(source, width)]
    is_slip = (kind == 3) | ((kind == 2) & ~is_swap)
    hit = result[row, at]
    result[row, at] = np.where(is_slip, _KEYS[np.minimum(hit, len(_KEYS) - 1)], hit)
    return pa.array(np.ascontiguousarray(result).view(f"U{width + 1}").ravel(), pa.string())


def _mistyped_email(emails: pa.Array, rng: np.random.Generator) -> pa.Array:
    parts = pc.split_pattern(emails, "@", max_splits=1)
    return join(mistyped(pc.list_element(parts, 0), rng), "@", pc.list_element(parts, 1))


def _other_dots(emails: pa.Array) -> pa.Array:
    """Leave the dots of a local part out, or put one in where there is none."""
    parts = pc.split_pattern(emails, "@", max_splits=1)
    local = pc.list_element(parts, 0)
    bare = pc.replace_substring(local, ".", "")
    dotted = join(pc.utf8_slice_codeunits(bare, 0, 2), ".", pc.utf8_slice_codeunits(bare, 2))
    return join(pc.if_else(pc.equal(bare, local), dotted, bare), "@", pc.list_element(parts, 1))


def _written_phone(rng: np.random.Generator, country: np.ndarray, digits: pa.Array) -> pa.Array:
    """Write numbers as people do: with the country or without, with blanks, dashes, brackets."""
    rows = len(digits)
    code = pick(CALLING_CODES, country)
    head, tail = pc.utf8_slice_codeunits(digits, 0, 4), pc.utf8_slice_codeunits(digits, 4)
    zero = choose((country == 2) | (country == 3), "", "0")

    def at(*parts: object) -> object:
        def make(rows: np.ndarray) -> pa.Array:
            return join(*(pick(p, rows) if isinstance(p, pa.Array) else p for p in parts))

        return make

    style = rng.choice(6, rows, p=[0.25, 0.3, 0.15, 0.1, 0.1, 0.1])
    makers = [
        at("+", code, " ", head, " ", tail),
        at(zero, digits),
        at("+", code, digits),
        at("00", code, " ", head, "-", tail),
        at("(", zero, head, ") ", tail),
        at(zero, head, " ", tail),
    ]
    return by_group(style, makers)  # type: ignore[arg-type]
