"""All orders of a chunk, however they come: who, when, how much, which way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rfm_cli.demo.company import places, rates
from rfm_cli.demo.company.behaviour import Behaviour, draw_amounts
from rfm_cli.demo.company.clock import moments
from rfm_cli.demo.company.columns import flags
from rfm_cli.demo.company.people import People
from rfm_cli.demo.company.streams import Streams


@dataclass(frozen=True)
class Orders:
    """Orders in time, (n) each.

    Attributes:
        row: who pays: a consumer or a company.
        person: who orders: the consumer or a contact of the company.
        at: moments.
        amount: EUR that were to be spent.
        send: row of the campaign message that brought the order, -1 for none.
        way: one of ACCOUNT, GUEST, STORE, PARTNER, INVOICE (no shop takes part).
        currency: position in `fx.CURRENCIES` for orders of the shop.
    """

    ACCOUNT: ClassVar[int] = 0
    GUEST: ClassVar[int] = 1
    STORE: ClassVar[int] = 2
    PARTNER: ClassVar[int] = 3
    INVOICE: ClassVar[int] = 4

    row: np.ndarray
    person: np.ndarray
    at: np.ndarray
    amount: np.ndarray
    send: np.ndarray
    way: np.ndarray
    currency: np.ndarray

    def some(self, which: np.ndarray) -> Orders:
        """Return some of them, by position or by a flag for each."""
        parts = (self.row, self.person, self.at, self.amount, self.send, self.way, self.currency)
        return Orders(*(part[which] for part in parts))


def make_orders(
    streams: Streams,
    people: People,
    behaviour: Behaviour,
    lifted: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> Orders:
    """Bring the orders of the customers and those of campaigns together.

    Args:
        streams: of the chunk.
        people: of the chunk.
        behaviour: of the people.
        lifted: row, day and message of the orders that campaigns brought.
    """
    rng = streams.of("orders")
    row = np.concatenate([behaviour.order_row, lifted[0]])
    day = np.concatenate([behaviour.order_day, lifted[1]])
    send = np.concatenate([np.full(len(behaviour.order_row), -1), lifted[2]])
    at = moments(rng, day)
    order = np.lexsort((np.arange(len(at)), at))
    row, at, send = row[order], at[order], send[order]
    orders = Orders(
        row,
        _who_orders(rng, people, row),
        at,
        draw_amounts(rng, behaviour, row),
        send,
        _ways(rng, people, behaviour, row, send),
        _currencies(rng, people)[row],
    )
    return orders


def _who_orders(rng: np.random.Generator, people: People, row: np.ndarray) -> np.ndarray:
    staff = np.bincount(people.account[people.is_contact], minlength=people.rows)
    # Contacts stand in the order of their companies, after the consumers.
    start = people.consumers + np.cumsum(staff) - staff
    drawn = start[row] + (staff[row] * rng.random(len(row))).astype(np.int64)
    return np.where(people.is_company[row], drawn, row)


def _ways(
    rng: np.random.Generator,
    people: People,
    behaviour: Behaviour,
    row: np.ndarray,
    send: np.ndarray,
) -> np.ndarray:
    near = places.is_london(people.address.country, people.address.postcode)
    is_british = people.address.country == 0
    # The stores are in London; others come there now and then.
    reach = np.where(near, 1.0, np.where(is_british, 0.35, 0.02))
    segment = behaviour.segment[row]
    store, guest, partner = (
        np.array([getattr(s, way) for s in rates.SEGMENTS])[segment]
        for way in ("store", "guest", "partner")
    )
    chance = rng.random((3, len(row)))
    way = np.where(chance[2] < guest, Orders.GUEST, Orders.ACCOUNT)
    way = np.where(chance[1] < partner, Orders.PARTNER, way)
    way = np.where(chance[0] < store * reach[row], Orders.STORE, way)
    # Coupons are for the shop.
    way = np.where((send >= 0) & (way >= Orders.STORE), Orders.ACCOUNT, way)
    is_web = flags(rng, 0.35, len(row))
    return np.where(people.is_company[row], np.where(is_web, Orders.ACCOUNT, Orders.INVOICE), way)


def _currencies(rng: np.random.Generator, people: People) -> np.ndarray:
    """Let some pay in what they are used to: GBP, USD or PLN; the others in EUR."""
    own = np.array([1, 0, 2, 3, 0, 0])[people.address.country]
    return np.where(flags(rng, 0.4, people.rows), own, 0)
