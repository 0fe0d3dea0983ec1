"""Countries, postcodes, towns and streets; a postcode is a number that has a text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from rfm_cli.demo.company.columns import by_group, join, padded, pick
from rfm_cli.demo.company.streams import scrambled

COUNTRIES = ("GB", "DE", "US", "PL", "FR", "AT")
COUNTRY_SHARES = (0.42, 0.25, 0.13, 0.11, 0.05, 0.04)
COUNTRY_CODES = pa.array(COUNTRIES)
# How a shop without a list lets people write it.
COUNTRY_WORDINGS = tuple(
    pa.array(words)
    for words in (
        ("United Kingdom", "Germany", "United States", "Poland", "France", "Austria"),
        ("UK", "Deutschland", "USA", "Polska", "FR", "Österreich"),
    )
)
# Language of the names by country: en, de, pl, fr, hi.
LANGUAGE_SHARES = np.array(
    [
        [0.85, 0.02, 0.04, 0.02, 0.07],
        [0.02, 0.90, 0.05, 0.02, 0.01],
        [0.80, 0.07, 0.04, 0.03, 0.06],
        [0.01, 0.02, 0.96, 0.00, 0.01],
        [0.03, 0.03, 0.03, 0.90, 0.01],
        [0.01, 0.93, 0.04, 0.01, 0.01],
    ]
)
# Customers for one postcode while the company is small, and how many a country has at most.
_CUSTOMERS_PER_POSTCODE = np.array([4, 8, 6, 6, 8, 8])
_POSTCODES = np.array([1_700_000, 8_200, 41_000, 22_000, 6_300, 2_500])

_GB_AREAS = [
    "E",
    "N",
    "NW",
    "SE",
    "SW",
    "W",
    "EC",
    "WC",
    "BR",
    "CR",
    "M",
    "B",
    "LS",
    "BS",
    "S",
    "L",
    "NE",
    "CF",
    "G",
    "EH",
    "OX",
    "CB",
    "BN",
    "RG",
]
_GB_LETTERS = pa.array(list("ABDEFGHJLNPQRSTUWXYZ"))
LONDON_AREAS = 8
_TOWNS = (
    "London London London London London London London London Bromley Croydon Manchester "
    "Birmingham Leeds Bristol Sheffield Liverpool Newcastle Cardiff Glasgow Edinburgh Oxford "
    "Cambridge Brighton Reading",
    "Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf Leipzig Dresden Hannover Nürnberg "
    "Bremen Münster Augsburg Lübeck Göttingen Würzburg Jena",
    "Boston Newark Albany Hartford Baltimore Richmond Raleigh Columbus Dayton Austin Denver Tucson "
    "Portland Oakland Fresno",
    "Warszawa Kraków Łódź Wrocław Poznań Gdańsk Szczecin Lublin Białystok Katowice Toruń Kielce",
    "Paris Lyon Marseille Toulouse Nantes Lille Rennes Dijon Orléans",
    "Wien Graz Linz Salzburg Innsbruck Klagenfurt",
)
_town_lists = [pa.array(towns.split()) for towns in _TOWNS]

_STREETS = {
    "en": "High Church Victoria Park Station Mill Queens Kings Albert Grove Chestnut Windsor York "
    "Manor Alexandra Springfield Oak Maple Cedar Lake Hill Washington Lincoln Elm Orchard Bridge",
    "de": "Haupt Bahnhof Garten Schul Berg Linden Kirch Wald Ring Goethe Schiller Mozart Rosen "
    "Birken Wiesen Mühlen Burg Post Amsel Feld",
    "pl": "Polna Leśna Słoneczna Krótka Szkolna Ogrodowa Lipowa Brzozowa Łąkowa Kwiatowa Kościelna "
    "Sosnowa Parkowa Kolejowa Mickiewicza",
    "fr": "Gares Écoles Lilas Roses Tilleuls Moulins Jardins Fontaines Marronniers Acacias Vignes",
}
_street_lists = {language: pa.array(names.split()) for language, names in _STREETS.items()}
_GB_KINDS = pa.array(["Road", "Street", "Avenue", "Lane", "Close", "Gardens"])
_US_KINDS = pa.array(["St", "Ave", "Dr", "Blvd", "Ln", "Ct"])
_DE_KINDS = pa.array(["straße", "weg", "allee", "platz"])


def postcode_counts(customers: int) -> np.ndarray:
    """Return how many postcodes of each country have customers at all, (6)."""
    there = np.array(COUNTRY_SHARES) * customers / _CUSTOMERS_PER_POSTCODE
    counts: np.ndarray = np.clip(np.ceil(there).astype(np.int64), 5, _POSTCODES)
    return counts


def draw_postcodes(rng: np.random.Generator, country: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Draw postcodes, the first more often than the last."""
    drawn: np.ndarray = (counts[country] * rng.random(len(country)) ** 1.25).astype(np.int64)
    return drawn


def postcode_texts(country: np.ndarray, postcode: np.ndarray) -> pa.Array:
    """Write postcodes as their countries do."""
    return by_group(
        country,
        [
            lambda at: _british(postcode[at]),
            lambda at: padded(1_067 + 11 * postcode[at], 5),
            lambda at: padded(10_001 + 2 * postcode[at], 5),
            lambda at: _polish(2 + 4 * postcode[at]),
            lambda at: padded(1_000 + 15 * postcode[at], 5),
            lambda at: padded(1_010 + 3 * postcode[at], 4),
        ],
    )


def _british(postcode: np.ndarray) -> pa.Array:
    area, turn = postcode % len(_GB_AREAS), postcode // len(_GB_AREAS)
    district, sector = turn % 20 + 1, turn // 20 % 9 + 1
    letters = (turn // 180 + 31 * area + 47 * district + 61 * sector) % 400
    return join(
        pick(pa.array(_GB_AREAS), area),
        pa.array(district).cast(pa.string()),
        " ",
        pa.array(sector).cast(pa.string()),
        pick(_GB_LETTERS, letters // 20),
        pick(_GB_LETTERS, letters % 20),
    )


def _polish(number: np.ndarray) -> pa.Array:
    return join(padded(number // 1000, 2), "-", padded(number % 1000, 3))


def town_texts(country: np.ndarray, postcode: np.ndarray) -> pa.Array:
    """Name the towns of postcodes."""

    def maker(which: int) -> object:
        towns = _town_lists[which]
        step = 1 if which == 0 else 6
        return lambda at: pick(towns, postcode[at] // step % len(towns))

    return by_group(country, [maker(which) for which in range(len(COUNTRIES))])  # type: ignore[misc]


def is_london(country: np.ndarray, postcode: np.ndarray) -> np.ndarray:
    """Say whether the stores are near."""
    near: np.ndarray = (country == 0) & (postcode % len(_GB_AREAS) < LONDON_AREAS)
    return near


def wealth(country: np.ndarray, postcode: np.ndarray) -> np.ndarray:
    """Return how rich a postcode is, from -1 to 1: it is the same in every table."""
    mixed = scrambled(postcode * len(COUNTRIES) + country + 1, 40).astype(np.float64)
    return 2 * mixed / 2.0**40 - 1


def street_texts(country: np.ndarray, street: np.ndarray, number: np.ndarray) -> pa.Array:
    """Write street and house number as the countries do.

    Args:
        country: (n) positions in COUNTRIES.
        street: (n) any whole numbers.
        number: (n) house numbers.
    """
    house = pa.array(number).cast(pa.string())

    def name(language: str, at: np.ndarray) -> pa.Array:
        names = _street_lists[language]
        return pick(names, street[at] % len(names))

    def kind(kinds: pa.Array, at: np.ndarray) -> pa.Array:
        return pick(kinds, street[at] // 100 % len(kinds))

    def german(at: np.ndarray) -> pa.Array:
        return join(name("de", at), kind(_DE_KINDS, at), " ", pick(house, at))

    return by_group(
        country,
        [
            lambda at: join(pick(house, at), " ", name("en", at), " ", kind(_GB_KINDS, at)),
            german,
            lambda at: join(pick(house, at), " ", name("en", at), " ", kind(_US_KINDS, at)),
            lambda at: join("ul. ", name("pl", at), " ", pick(house, at)),
            lambda at: join(pick(house, at), " rue des ", name("fr", at)),
            german,
        ],
    )
