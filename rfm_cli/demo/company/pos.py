"""The stores in London: loyalty cards, and receipts with a card or without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rfm_cli.demo.company import places, rates
from rfm_cli.demo.company.books import activity_cost
from rfm_cli.demo.company.chunk import Batch, Chunk, first_record, with_doubles
from rfm_cli.demo.company.clock import DAY, FIRST_DAY, LAST_MOMENT, dates, local, local_day
from rfm_cli.demo.company.columns import constant, flags, gaps, join, padded, pick, table
from rfm_cli.demo.company.damage import make_records
from rfm_cli.demo.company.fx import PRICE_FACTORS
from rfm_cli.demo.company.goods import Lines
from rfm_cli.demo.company.orders import Orders
from rfm_cli.demo.company.streams import scrambled

ZONE = "Europe/London"
_STORES = 12
_POUND = 1


@dataclass(frozen=True)
class Cards:
    """The loyalty cards of a chunk.

    Attributes:
        who: (n) row of the people for each card; second cards come last.
        number: without blanks.
        issued: (n) moments.
        first, second: (rows of the people) positions of their cards, -1 for none.
    """

    who: np.ndarray
    number: pa.Array
    issued: np.ndarray
    first: np.ndarray
    second: np.ndarray


def make_cards(chunk: Chunk, orders: Orders) -> Cards:
    """Give a card to most who buy in stores, and to some who live near them."""
    rng = chunk.streams.of("cards")
    people = chunk.people
    has_card = np.zeros(people.rows, bool)
    has_card[orders.person[orders.way == Orders.STORE]] = True
    has_card &= flags(rng, 0.9, people.rows)
    near = places.is_london(people.address.country, people.address.postcode)
    has_card |= near & (people.account < 0) & flags(rng, 0.1, people.rows)
    single = np.flatnonzero(has_card)
    who = with_doubles(chunk, "pos", single, rng)
    digits = scrambled(chunk.numbers.next("card", len(who)), 26).astype(np.int64)
    first_at = np.full(people.rows, LAST_MOMENT)
    np.minimum.at(first_at, orders.person, orders.at)
    issued = first_at[who] - rng.integers(0, 900, len(who)) * DAY * flags(rng, 0.4, len(who))
    first, second = first_record(who, people.rows, len(single))
    return Cards(who, join("7700", padded(digits, 8)), issued, first, second)


def pos_tables(
    chunk: Chunk, orders: Orders, lines: Lines, cards: Cards, all_orders: Orders
) -> Iterator[Batch]:
    """Write cards, receipts and their lines.

    Args:
        chunk: the chunk.
        orders: those of the stores, in time.
        lines: of all orders of the chunk.
        cards: of the chunk.
        all_orders: of the chunk.
    """
    rng = chunk.streams.of("pos")
    yield _cards(chunk, cards, rng)
    is_store = np.flatnonzero(all_orders.way == Orders.STORE)
    place = np.full(len(all_orders.row), -1)
    place[is_store] = np.arange(len(is_store))
    order = place[lines.order]
    mine = order >= 0
    order = order[mine]
    count = len(orders.row)

    has_card = (cards.first[orders.person] >= 0) & ~flags(rng, rates.FORGOTTEN_CARD_RATE, count)
    is_second = (cards.second[orders.person] >= 0) & flags(rng, 0.5, count)
    card = np.where(is_second, cards.second[orders.person], cards.first[orders.person])
    card = np.where(has_card, card, -1)
    # Strangers buy what customers buy: each repeats the basket of one at another time.
    strangers = np.flatnonzero(flags(rng, rates.WALK_IN_RATE, count))
    back = np.flatnonzero(flags(rng, _return_chance(chunk, orders.row), count))
    base = np.concatenate([np.arange(count), strangers, back])
    kind = np.repeat([0, 1, 2], [count, len(strangers), len(back)])
    shift = rng.integers(-20, 21, len(base)) * (kind == 1) + rng.integers(3, 29, len(base)) * (
        kind == 2
    )
    at = orders.at[base] + shift * DAY
    keep = (at >= FIRST_DAY * DAY) & (at <= LAST_MOMENT)
    base, kind, at = base[keep], kind[keep], at[keep]
    in_time = np.argsort(at, kind="stable")
    base, kind, at = base[in_time], kind[in_time], at[in_time]

    number = chunk.numbers.next("receipt", len(base), 500_001)
    # Lines of a receipt are those of its basket.
    starts = np.searchsorted(order, np.arange(count))
    sizes = np.bincount(order, minlength=count)
    per = sizes[base]
    receipt = np.repeat(np.arange(len(base)), per)
    within = np.arange(len(receipt)) - np.repeat(np.cumsum(per) - per, per)
    line = starts[base][receipt] + within
    product = lines.product[mine][line]
    price = chunk.goods.cents[product] * PRICE_FACTORS[_POUND]
    price = np.round(price * (1 - lines.reduction[mine][line])).astype(np.int64)
    quantity = lines.quantity[mine][line] * np.where(kind == 2, -1, 1)[receipt]
    pence = np.bincount(receipt, price * quantity, len(base)).astype(np.int64)

    row = np.where(kind == 1, -1, orders.person[base])
    card = np.where(kind == 1, -1, card[base])
    chunk.truth.sale(
        "pos", pa.array(number).cast(pa.string()), row, pence, constant("GBP", len(base))
    )
    _book(chunk, row, at, pence, (receipt, product, quantity))
    shown = _written(cards.number, card, rng)
    yield table(
        "raw_pos.receipts",
        {
            "receipt_no": number,
            "store_id": rng.integers(1, _STORES + 1, len(base)),
            "till_no": rng.integers(1, 6, len(base)),
            "sold_at": local(at, ZONE),
            "card_no": shown,
            "total_pence": pence,
        },
    )
    yield table(
        "raw_pos.receipt_lines",
        {
            "receipt_no": number[receipt],
            "line_no": within + 1,
            "sku": pick(chunk.goods.sku, product),
            "quantity": quantity,
            "price_pence": price,
        },
    )


def _return_chance(chunk: Chunk, row: np.ndarray) -> np.ndarray:
    behaviour = chunk.behaviour
    chance = np.array([s.returns for s in rates.SEGMENTS])[behaviour.segment[row]] * 0.5
    raised: np.ndarray = chance * np.where(behaviour.is_loss_maker[row], 4.0, 1.0)
    return raised


def _book(
    chunk: Chunk,
    row: np.ndarray,
    at: np.ndarray,
    pence: np.ndarray,
    lines: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    receipt, product, quantity = lines
    day = local_day(at, ZONE)
    euros = chunk.fx.to_eur(pence, np.full(len(row), _POUND), day)
    accounts = chunk.accounts
    is_back = pence < 0
    accounts.sell(row[~is_back], day[~is_back], euros[~is_back])
    accounts.refund(row[is_back], day[is_back], -euros[is_back])
    accounts.goods(
        row[receipt], day[receipt], chunk.goods.cost_at(product, day[receipt]) * quantity
    )
    accounts.serve("6500", row[~is_back], day[~is_back], activity_cost("order", day[~is_back]))
    accounts.serve("6500", row[is_back], day[is_back], activity_cost("return", day[is_back]))


def _written(numbers: pa.Array, card: np.ndarray, rng: np.random.Generator) -> pa.Array:
    """Write card numbers on receipts with blanks or without; a gap for -1."""
    if not len(numbers):
        return pa.nulls(len(card), pa.string())
    text = pick(numbers, np.maximum(card, 0))
    has_blanks = pa.array(flags(rng, 0.5, len(card)))
    return gaps(pc.if_else(has_blanks, with_blanks(text), text), card < 0)


def with_blanks(numbers: pa.Array) -> pa.Array:
    """Write card numbers in groups of four."""
    parts = [pc.utf8_slice_codeunits(numbers, at, at + 4) for at in (0, 4, 8)]
    return join(parts[0], " ", parts[1], " ", parts[2])


def _cards(chunk: Chunk, cards: Cards, rng: np.random.Generator) -> Batch:
    touched = np.clip(cards.issued, None, LAST_MOMENT)
    records = make_records(chunk, cards.who, touched, "pos", rng)
    chunk.truth.record("pos", cards.number, records)
    return table(
        "raw_pos.cards",
        {
            "card_no": with_blanks(cards.number),
            "holder_first": records.given,
            "holder_last": records.family,
            "postcode": records.postcode,
            "phone": records.mobile,
            "email": records.email,
            "birth_date": gaps(dates(records.birth, "%Y%m%d"), records.has_no_birth),
            "issued_on": local_day(touched, ZONE),
        },
    )
