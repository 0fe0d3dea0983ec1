"""The whole company, a chunk of customers at a time, so that memory does not grow with it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rfm_cli.demo.company import campaigns, places, rates
from rfm_cli.demo.company.behaviour import make_behaviour
from rfm_cli.demo.company.books import Accounts, Ledger, activity_table
from rfm_cli.demo.company.chunk import Batch, Chunk, Numbers, Truth, with_doubles
from rfm_cli.demo.company.columns import flags
from rfm_cli.demo.company.crm import crm_tables
from rfm_cli.demo.company.damage import Defects
from rfm_cli.demo.company.finance import finance_tables
from rfm_cli.demo.company.fx import ExchangeRates
from rfm_cli.demo.company.goods import goods_tables, make_goods, make_lines
from rfm_cli.demo.company.marketing import make_audience, marketing_tables
from rfm_cli.demo.company.orders import Orders, make_orders
from rfm_cli.demo.company.partner import partner_tables
from rfm_cli.demo.company.people import make_people
from rfm_cli.demo.company.pos import make_cards, pos_tables
from rfm_cli.demo.company.shop import ShopSales, shop_tables
from rfm_cli.demo.company.streams import Streams
from rfm_cli.demo.company.support import support_tables
from rfm_cli.demo.company.syndicated import area_tables, panel_table
from rfm_cli.demo.company.truth import defect_table, truth_tables
from rfm_cli.errors import BadInput

FEWEST_CUSTOMERS = 50
MOST_CUSTOMERS = 10_000_000


def make_company(customers: int, seed: int) -> Iterator[Batch]:
    """Make a company whose truth is known.

    Args:
        customers: consumers and companies that order; contacts of companies come on top.
        seed: not negative; the same numbers give the same tables, byte for byte.

    Yields:
        Schema, table and rows; all tables of docs/demo-company.md, some in several batches.

    Raises:
        BadInput: too few or too many customers, or a negative seed.
    """
    check_size(customers, seed)
    return _batches(customers, seed)


def check_size(customers: int, seed: int) -> None:
    """Refuse what no company can be made of.

    Raises:
        BadInput: too few or too many customers, or a negative seed.
    """
    if not FEWEST_CUSTOMERS <= customers <= MOST_CUSTOMERS:
        raise BadInput(
            f"the demo company has {FEWEST_CUSTOMERS} to {MOST_CUSTOMERS:,} customers",
            where=f"--customers {customers}",
        )
    if seed < 0:
        raise BadInput("a seed is not negative", where=f"--seed {seed}")


def _batches(customers: int, seed: int) -> Iterator[Batch]:
    once = Streams(seed, -1)
    goods, fx, ledger = make_goods(once), ExchangeRates(once), Ledger()
    numbers, defects = Numbers(), Defects()
    postcodes = places.postcode_counts(customers)
    yield from goods_tables(goods, once)
    yield fx.table()
    yield activity_table()
    yield from campaigns.campaign_tables(customers, ledger)
    yield from area_tables(once, postcodes)
    first_id = 1
    for number, start in enumerate(range(0, customers, rates.CHUNK_CUSTOMERS)):
        streams = Streams(seed, number)
        size = min(rates.CHUNK_CUSTOMERS, customers - start)
        people = make_people(streams, number, size, postcodes, first_id)
        first_id += people.rows
        chunk = Chunk(
            streams,
            people,
            make_behaviour(streams, people),
            goods,
            fx,
            Accounts(people.rows, ledger),
            numbers,
            Truth(people),
            defects,
        )
        yield from _chunk_batches(chunk)
    yield ledger.table()
    yield defect_table(defects)


def _chunk_batches(chunk: Chunk) -> Iterator[Batch]:
    """Write all systems of a chunk: what one says of an order, the next ones refer to."""
    people, behaviour, streams = chunk.people, chunk.behaviour, chunk.streams
    rng = streams.of("subscribers")
    reads = flags(rng, rates.SUBSCRIBER_RATE, people.rows) & ~people.is_company
    subscribers = with_doubles(chunk, "marketing", np.flatnonzero(reads), rng)
    audience = make_audience(streams, people, behaviour, subscribers)
    orders = make_orders(streams, people, behaviour, audience.lifted)
    lines = make_lines(streams, chunk.goods, behaviour, orders)

    in_shop = np.flatnonzero(orders.way <= Orders.GUEST)
    in_store, of_partner, billed = (
        np.flatnonzero(orders.way == way) for way in (Orders.STORE, Orders.PARTNER, Orders.INVOICE)
    )
    sales: list[ShopSales] = []
    yield from shop_tables(chunk, orders.some(in_shop), lines, in_shop, sales)
    shop = sales[0]
    cards = make_cards(chunk, orders)
    yield from pos_tables(chunk, orders.some(in_store), lines, cards, orders)
    yield from partner_tables(chunk, orders.some(of_partner), lines, orders, shop)
    by_line = np.round(chunk.goods.cents[lines.product] * (1 - lines.reduction) * lines.quantity)
    cents = np.bincount(lines.order, by_line, len(orders.row)).astype(np.int64)
    yield from finance_tables(chunk, orders.some(billed), cents[billed], shop)
    crm_id = yield from crm_tables(chunk, cards)
    yield from support_tables(chunk, shop, crm_id)
    yield from marketing_tables(chunk, audience, shop)
    yield panel_table(chunk)
    yield from truth_tables(chunk)
