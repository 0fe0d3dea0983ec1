"""Bought data: a panel of persons, facts of postcodes, a study of the market."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from rfm_cli.demo.company import places, rates
from rfm_cli.demo.company.chunk import Batch, Chunk
from rfm_cli.demo.company.clock import LAST_MOMENT
from rfm_cli.demo.company.columns import flags, join, padded, pick, table
from rfm_cli.demo.company.damage import make_records
from rfm_cli.demo.company.streams import Streams

_AGE_BANDS = pa.array(["18-24", "25-34", "35-44", "45-54", "55-64", "65+"])
INCOME_BANDS = pa.array(["under 20k", "20k-35k", "35k-55k", "55k-85k", "over 85k"])
_HOUSING = pa.array(["rented", "owned"])
_EDUCATION = pa.array(["school", "vocational", "degree", "postgraduate"])
_URBANITY = pa.array(["rural", "town", "city"])
_BATCH_POSTCODES = 100_000
_QUESTIONS = {
    "Where do you buy home goods?": (("online", 0.46), ("in stores", 0.38), ("both alike", 0.16)),
    "What matters most?": (("price", 0.41), ("quality", 0.36), ("service", 0.12), ("style", 0.11)),
    "Would you recommend your shop?": (("yes", 0.54), ("perhaps", 0.31), ("no", 0.15)),
}


def panel_table(chunk: Chunk) -> Batch:
    """Write what a panel knows of persons: income is what moves their orders, in bands."""
    rng = chunk.streams.of("panel")
    people = chunk.people
    who = np.flatnonzero(flags(rng, rates.PANEL_RATE, people.rows) & (people.account < 0))
    count = len(who)
    # The panel was asked a year ago or so.
    asked = np.full(count, LAST_MOMENT) - rng.integers(100, 700, count) * 86_400_000_000
    records = make_records(chunk, who, asked, "syndicated", rng)
    ids = join("P-", padded(chunk.numbers.next("panel", count), 8))
    chunk.truth.record("syndicated", ids, records)
    year = records.birth.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    age = (
        2025 - people.birth[who].astype("datetime64[D]").astype("datetime64[Y]").astype(int) - 1970
    )
    told = people.income[who] + rng.normal(0, 0.25, count)
    has_children = flags(rng, np.where((age > 27) & (age < 55), 0.5, 0.08), count)
    size = people.member_count[who] + has_children * rng.integers(1, 3, count)
    return table(
        "raw_syndicated.demographics",
        {
            "panel_id": ids,
            "first_name": records.given,
            "last_name": records.family,
            "postcode": records.postcode,
            "birth_year": np.ma.masked_array(year.astype(np.int32), records.has_no_birth),
            "age_band": pick(_AGE_BANDS, np.searchsorted([25, 35, 45, 55, 65], age, "right")),
            "income_band": pick(INCOME_BANDS, np.searchsorted([-1.2, -0.4, 0.4, 1.2], told)),
            "household_size": size,
            "has_children": pa.array(has_children),
            "housing": pick(
                _HOUSING, flags(rng, np.clip(0.45 + 0.2 * told, 0.05, 0.95), count) * 1
            ),
            "education": pick(
                _EDUCATION,
                np.clip(np.round(1.4 + 0.6 * told + rng.normal(0, 0.7, count)), 0, 3).astype(
                    np.int64
                ),
            ),
        },
    )


def area_tables(streams: Streams, postcodes: np.ndarray) -> Iterator[Batch]:
    """Write the postcodes in use, and the study.

    Args:
        streams: of the whole company.
        postcodes: (6) how many of each country are in use.
    """
    country = np.repeat(np.arange(len(postcodes)), postcodes)
    postcode = np.concatenate([np.arange(count) for count in postcodes])
    for start in range(0, len(country), _BATCH_POSTCODES):
        batch = slice(start, start + _BATCH_POSTCODES)
        yield _area_table(streams, start, country[batch], postcode[batch])
    rows = [
        (segment, question, answer, share)
        for segment in rates.SEGMENT_NAMES[:-1]
        for question, answers in _QUESTIONS.items()
        for answer, share in answers
    ]
    rng = streams.of("study")
    drawn = np.array([share for *_, share in rows]) * np.exp(rng.normal(0, 0.15, len(rows)))
    group = np.unique([a + b for a, b, *_ in rows], return_inverse=True)[1]
    shares = np.round(drawn / np.bincount(group, drawn)[group], 4)
    yield table(
        "raw_syndicated.market_research",
        {
            "study": pa.repeat(pa.scalar("Home goods 2025"), len(rows)),
            "segment": pa.array([row[0] for row in rows]),
            "question": pa.array([row[1] for row in rows]),
            "answer": pa.array([row[2] for row in rows]),
            "share": shares,
            "respondents": rng.integers(300, 900, group.max() + 1)[group],
        },
    )


def _area_table(streams: Streams, start: int, country: np.ndarray, postcode: np.ndarray) -> Batch:
    rng = streams.of(f"areas from {start}")
    wealth = places.wealth(country, postcode)
    # A postcode of the United Kingdom is a street, elsewhere a part of a town.
    usual = np.array([18, 5500, 3800, 1200, 4500, 2400])[country]
    income = 34_000 * np.exp(0.45 * wealth) * np.array([1.05, 1.0, 1.3, 0.55, 0.95, 1.02])[country]
    return table(
        "raw_syndicated.postcode_demographics",
        {
            "country_code": pick(places.COUNTRY_CODES, country),
            "postcode": places.postcode_texts(country, postcode),
            "households": np.ceil(usual * np.exp(rng.normal(0, 0.4, len(country)))).astype(
                np.int32
            ),
            "median_income": (np.round(income / 100) * 100).astype(np.int32),
            "urbanity": pick(_URBANITY, rng.choice(3, len(country), p=[0.2, 0.35, 0.45])),
        },
    )
