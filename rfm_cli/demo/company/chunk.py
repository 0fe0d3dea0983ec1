"""What the systems of a chunk share: its people, its books, numbers that go on, the truth."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from rfm_cli.demo.company import rates
from rfm_cli.demo.company.behaviour import Behaviour
from rfm_cli.demo.company.books import Accounts
from rfm_cli.demo.company.columns import constant, flags
from rfm_cli.demo.company.damage import Defects, Records
from rfm_cli.demo.company.fx import ExchangeRates
from rfm_cli.demo.company.goods import Goods
from rfm_cli.demo.company.people import People
from rfm_cli.demo.company.streams import Streams

Batch = tuple[str, str, pa.Table]


class Numbers:
    """Running numbers of the tables, over all chunks."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def next(self, name: str, count: int, start: int = 1) -> np.ndarray:
        """Take the next numbers of a name.

        Args:
            name: of the series.
            count: how many.
            start: the first of all.
        """
        first = self._next.get(name, start)
        self._next[name] = first + count
        return np.arange(first, first + count)


@dataclass
class Truth:
    """Who the records and sales of the chunk are of; written last.

    Attributes:
        records: source, record ids and truth's person ids.
        sales: source, order ids, person ids (masked for strangers), cents, currencies, and what
            the sale repeats.
    """

    people: People
    records: list[tuple[str, pa.Array, np.ndarray]] = field(default_factory=list)
    sales: list[tuple[str, pa.Array, np.ndarray, np.ndarray, pa.Array, pa.Array]] = field(
        default_factory=list
    )

    def record(self, source: str, ids: pa.Array, records: Records) -> None:
        """Note whose records these are; one of two people has two rows."""
        self.own(source, ids, records.who)
        both = np.flatnonzero(records.other >= 0)
        self.own(source, ids.take(pa.array(both)), records.other[both])

    def own(self, source: str, ids: pa.Array, who: np.ndarray) -> None:
        """Note whose records these are: rows of the people."""
        self.records.append((source, ids, self.people.ids[who]))

    def sale(
        self,
        source: str,
        ids: pa.Array,
        who: np.ndarray,
        cents: np.ndarray,
        currency: pa.Array,
        *,
        repeats: pa.Array | None = None,
    ) -> None:
        """Note sales; strangers are -1."""
        person = np.ma.masked_array(self.people.ids[np.maximum(who, 0)], who < 0)
        repeats = pa.nulls(len(ids), pa.string()) if repeats is None else repeats
        self.sales.append((source, ids, person, cents, currency, repeats))


@dataclass
class Chunk:
    """All that a system needs to know to write its tables."""

    streams: Streams
    people: People
    behaviour: Behaviour
    goods: Goods
    fx: ExchangeRates
    accounts: Accounts
    numbers: Numbers
    truth: Truth
    defects: Defects


def with_doubles(
    chunk: Chunk, system: str, who: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Let a system know some of its people twice: their rows once more at the end.

    Args:
        chunk: where it is counted.
        system: a key of `rates.TWICE_RATES`.
        who: (n) different rows of the people.
        rng: of the system.
    """
    again = who[flags(rng, rates.TWICE_RATES[system], len(who))]
    chunk.defects[system, "person_twice"] += len(again)
    return np.concatenate([who, again])


def first_record(who: np.ndarray, rows: int, doubles_from: int) -> tuple[np.ndarray, np.ndarray]:
    """Find the first and second record of each row of the people, -1 for none.

    Args:
        who: (n) row of each record; those from `doubles_from` on are second ones.
        rows: of the people.
        doubles_from: position.
    """
    first, second = np.full(rows, -1), np.full(rows, -1)
    first[who[:doubles_from]] = np.arange(doubles_from)
    second[who[doubles_from:]] = np.arange(doubles_from, len(who))
    return first, second


def euros(rows: int) -> pa.Array:
    """Return the currency of the books for each row."""
    return constant("EUR", rows)
