"""The web shop: customers and guests, orders and lines, refunds, what people looked at."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from rfm_cli.demo.company import places, rates
from rfm_cli.demo.company.books import activity_cost
from rfm_cli.demo.company.chunk import Batch, Chunk, first_record, with_doubles
from rfm_cli.demo.company.clock import (
    DAY,
    FIRST_DAY,
    LAST_MOMENT,
    SECOND,
    dates,
    local_day,
    with_offset,
)
from rfm_cli.demo.company.columns import (
    choose,
    constant,
    flags,
    gaps,
    hexadecimal,
    join,
    padded,
    pick,
    table,
)
from rfm_cli.demo.company.damage import make_records
from rfm_cli.demo.company.fx import CURRENCY_TEXTS, PRICE_FACTORS
from rfm_cli.demo.company.goods import PRODUCTS, Lines
from rfm_cli.demo.company.orders import Orders
from rfm_cli.demo.company.streams import scrambled

ZONE = "Europe/Berlin"
_SHIPPING_CENTS, _FREE_FROM_CENTS = 490, 6_000
_EVENTS = pa.array(["view", "search", "cart", "wishlist"])
_REASONS = pa.array(["changed mind", "damaged", "wrong item", "late delivery"])
_CARRIERS = pa.array(["DPD", "DHL", "UPS"])


@dataclass(frozen=True)
class ShopSales:
    """What others need to know of the shop's orders, (n) each.

    Attributes:
        orders: the orders that came through the shop.
        order_no: as in the table.
        cents: what was paid, in the currency of the order.
        sku: of the first line.
        is_paid: not cancelled.
    """

    orders: Orders
    order_no: pa.Array
    cents: np.ndarray
    sku: pa.Array
    is_paid: np.ndarray


@dataclass(frozen=True)
class _Priced:
    """Cents of the lines of the shop's orders, in the currency of the order."""

    order: np.ndarray
    number: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    listed: np.ndarray
    unit: np.ndarray

    @property
    def total(self) -> np.ndarray:
        cents: np.ndarray = self.unit * self.quantity
        return cents


def shop_tables(
    chunk: Chunk, orders: Orders, lines: Lines, all_row: np.ndarray, sales: list[ShopSales]
) -> Iterator[Batch]:
    """Write the tables of the shop.

    Args:
        chunk: the chunk.
        orders: those that come through the shop.
        lines: of all orders of the chunk.
        all_row: position of each order of the shop among all orders.
        sales: what others need to know is put in here.
    """
    rng = chunk.streams.of("shop")
    priced = _price(chunk, orders, lines, all_row)
    uid = yield from _customers(chunk, orders, rng)
    checkout = yield from _guests(chunk, orders)
    count = len(orders.row)
    order_no = join("W-", pa.array(chunk.numbers.next("W", count, 1_000_001)).cast(pa.string()))
    goods_cents = np.bincount(priced.order, priced.total, count).astype(np.int64)
    is_redeemed = orders.send >= 0
    is_coupon = is_redeemed | flags(rng, 0.06, count)
    discount = np.where(is_coupon, goods_cents // 10, 0)
    factor = PRICE_FACTORS[orders.currency]
    is_free = (goods_cents >= _FREE_FROM_CENTS * factor) | chunk.behaviour.is_over_served[
        orders.row
    ]
    shipping = np.where(is_free, 0, np.round(_SHIPPING_CENTS * factor).astype(np.int64))
    cents = goods_cents - discount + shipping
    is_paid = ~flags(rng, rates.CANCELLED_RATE, count)
    is_guest = orders.way == Orders.GUEST
    currency = pick(CURRENCY_TEXTS, orders.currency)
    yield table(
        "raw_shop.orders",
        {
            "order_no": order_no,
            "customer_uid": gaps(uid, is_guest),
            "checkout_id": gaps(checkout, ~is_guest),
            "placed_at": with_offset(orders.at, ZONE),
            "currency": currency,
            "total": cents,
            "shipping": shipping,
            "discount_total": discount,
            "coupon_code": gaps(choose(is_redeemed, "CAMPAIGN10", "WELCOME10"), ~is_coupon),
            "status": choose(is_paid, "paid", "cancelled"),
        },
    )
    yield table(
        "raw_shop.lines",
        {
            "order_no": pick(order_no, priced.order),
            "line_no": priced.number,
            "sku": pick(chunk.goods.sku, priced.product),
            "quantity": priced.quantity,
            "list_price": priced.listed,
            "unit_price": priced.unit,
            "line_total": priced.total,
        },
    )
    first_line = np.flatnonzero(priced.number == 1)
    sales.append(
        ShopSales(
            orders, order_no, cents, pick(chunk.goods.sku, priced.product[first_line]), is_paid
        )
    )
    chunk.truth.sale(
        "shop",
        order_no.filter(pa.array(is_paid)),
        orders.person[is_paid],
        cents[is_paid],
        currency.filter(pa.array(is_paid)),
    )
    yield from _serve(chunk, priced, sales[0])
    yield from _refunds(chunk, priced, sales[0], goods_cents, discount)


def _price(chunk: Chunk, orders: Orders, lines: Lines, all_row: np.ndarray) -> _Priced:
    """Take the lines of the shop's orders and price them in their currencies."""
    place = np.full(int(lines.order[-1]) + 1 if len(lines.order) else 0, -1)
    place[all_row] = np.arange(len(all_row))
    order = place[lines.order]
    mine = order >= 0
    order, product = order[mine], lines.product[mine]
    factor = PRICE_FACTORS[orders.currency[order]]
    listed = np.round(chunk.goods.cents[product] * factor).astype(np.int64)
    unit = np.round(listed * (1 - lines.reduction[mine])).astype(np.int64)
    return _Priced(order, lines.number[mine], product, lines.quantity[mine], listed, unit)


def _customers(
    chunk: Chunk, orders: Orders, rng: np.random.Generator
) -> Generator[Batch, None, pa.Array]:
    """Write the accounts; return the account of each order, whatever way it came."""
    people = chunk.people
    has_account = np.zeros(people.rows, bool)
    has_account[orders.person[orders.way == Orders.ACCOUNT]] = True
    has_account |= flags(rng, 0.06, people.rows) & ~people.is_company
    single = np.flatnonzero(has_account)
    who = with_doubles(chunk, "shop", single, rng)
    # The account was there before the first order, often for long.
    first_at = np.full(people.rows, LAST_MOMENT)
    np.minimum.at(first_at, orders.person, orders.at)
    before = np.where(
        flags(rng, 0.35, len(who)),
        rng.integers(1, 1400, len(who)) * DAY,
        rng.integers(120, 3000, len(who)) * SECOND,
    )
    registered = first_at[who] - before
    share = rng.random(len(who)) ** 2
    updated = registered + ((LAST_MOMENT - registered) * share).astype(np.int64) // SECOND * SECOND
    ids = join("u_", hexadecimal(scrambled(chunk.numbers.next("uid", len(who)), 32), 8))
    records = make_records(chunk, who, updated, "shop", rng)
    chunk.truth.record("shop", ids, records)
    style = rng.integers(0, 3, len(who))
    country = choose(
        style == 0,
        pick(places.COUNTRY_CODES, records.country),
        choose(
            style == 1,
            pick(places.COUNTRY_WORDINGS[0], records.country),
            pick(places.COUNTRY_WORDINGS[1], records.country),
        ),
    )
    yield table(
        "raw_shop.web_customers",
        {
            "uid": ids,
            "email": records.email,
            "first_name": records.given,
            "last_name": records.family,
            "phone": records.mobile,
            "birthday": gaps(dates(records.birth, "%d.%m.%Y"), records.has_no_birth),
            "address_line": records.street,
            "postal_code": records.postcode,
            "city": records.town,
            "country": country,
            "registered_at": with_offset(registered, ZONE),
            "updated_at": with_offset(updated, ZONE),
        },
    )
    yield from _events(chunk, orders, ids, who, registered)
    first, second = first_record(who, people.rows, len(single))
    is_second = (second[orders.person] >= 0) & flags(rng, 0.5, len(orders.row))
    account = np.where(is_second, second[orders.person], first[orders.person])
    return pick(ids, np.maximum(account, 0)) if len(ids) else pa.nulls(len(account), pa.string())


def _guests(chunk: Chunk, orders: Orders) -> Generator[Batch, None, pa.Array]:
    """Write the checkouts of guests; return that of each order, whatever way it came."""
    rng = chunk.streams.of("guests")
    mine = np.flatnonzero(orders.way == Orders.GUEST)
    ids = join("g_", padded(chunk.numbers.next("guest", len(mine)), 8))
    records = make_records(chunk, orders.person[mine], orders.at[mine], "shop_guest", rng)
    chunk.truth.record("shop", ids, records)
    yield table(
        "raw_shop.guest_checkouts",
        {
            "checkout_id": ids,
            "email": records.email,
            "full_name": records.full_name,
            "phone": records.mobile,
            "address_line": records.street,
            "postal_code": records.postcode,
            "city": records.town,
            "country": pick(places.COUNTRY_CODES, records.country),
            "created_at": with_offset(orders.at[mine], ZONE),
        },
    )
    place = np.zeros(len(orders.row), np.int64)
    place[mine] = np.arange(len(mine))
    return pick(ids, place) if len(ids) else pa.nulls(len(place), pa.string())


def _events(
    chunk: Chunk,
    orders: Orders,
    ids: pa.Array,
    who: np.ndarray,
    registered: np.ndarray,
) -> Iterator[Batch]:
    """Write what people looked at: before an order, now and then, and as strangers."""
    rng = chunk.streams.of("events")
    record = np.full(chunk.people.rows, -1)
    record[who] = np.arange(len(who))
    bought = np.flatnonzero(orders.way == Orders.ACCOUNT)
    step = np.tile(np.arange(3), len(bought))
    at_order = orders.at[np.repeat(bought, 3)] - rng.integers(30, 1200, len(step)) * SECOND
    kind_order = np.array([1, 0, 2])[step]
    of_order = record[orders.person[np.repeat(bought, 3)]]

    visits = rng.poisson(3.0, len(who))
    visitor = np.repeat(np.arange(len(who)), visits)
    start = np.maximum(registered, FIRST_DAY * DAY)[visitor]
    at_visit = start + (rng.random(len(visitor)) * (LAST_MOMENT - start)).astype(np.int64)
    kind_visit = rng.choice(4, len(visitor), p=[0.65, 0.2, 0.08, 0.07])
    strangers = len(visitor) // 4
    at_stranger = FIRST_DAY * DAY + (
        rng.random(strangers) * (LAST_MOMENT - FIRST_DAY * DAY)
    ).astype(np.int64)
    kind_stranger = rng.choice(4, strangers, p=[0.75, 0.24, 0.01, 0.0])

    at = np.concatenate([at_order, at_visit, at_stranger])
    kind = np.concatenate([kind_order, kind_visit, kind_stranger])
    of = np.concatenate([of_order, visitor, np.full(strangers, -1)])
    order = np.argsort(at, kind="stable")
    at, kind, of = at[order], kind[order], of[order]
    uid = pick(ids, np.maximum(of, 0)) if len(ids) else pa.nulls(len(of), pa.string())
    yield table(
        "raw_shop.web_events",
        {
            "event_id": chunk.numbers.next("event", len(at)),
            "uid": gaps(uid, of < 0),
            "occurred_ms": at // 1000,
            "event": pick(_EVENTS, kind),
            "sku": gaps(pick(chunk.goods.sku, rng.integers(0, PRODUCTS, len(at))), kind == 1),
        },
    )


def _serve(chunk: Chunk, priced: _Priced, shop: ShopSales) -> Iterator[Batch]:
    """Book what paid orders bring and cost, and write what carriers took."""
    rng = chunk.streams.of("shipping")
    orders, is_paid = shop.orders, shop.is_paid
    day = local_day(orders.at, ZONE)
    row = orders.row
    line_paid = is_paid[priced.order]
    line_order = priced.order[line_paid]
    cost = chunk.goods.cost_at(priced.product, day[priced.order]) * priced.quantity
    euros = chunk.fx.to_eur(shop.cents, orders.currency, day)
    accounts = chunk.accounts
    accounts.sell(row[is_paid], day[is_paid], euros[is_paid])
    accounts.goods(row[line_order], day[line_order], cost[line_paid])
    accounts.serve("6500", row[is_paid], day[is_paid], activity_cost("order", day[is_paid]))
    accounts.serve("6500", row[line_order], day[line_order], activity_cost("pick", day[line_order]))
    paid = np.flatnonzero(is_paid)
    is_express = chunk.behaviour.is_over_served[row[paid]]
    # The heavier the dearer: a part of what the goods are worth, and more by express.
    carried = 3.2 + 0.015 * euros[paid] + rng.random(len(paid)) * 1.5 + 7.0 * is_express
    carried = np.round(np.minimum(carried, 95.0) * 100)
    accounts.serve("6100", row[paid], day[paid], carried / 100)
    yield table(
        "raw_accounting.shipping_costs",
        {
            "order_no": pick(shop.order_no, paid),
            "carrier": pick(_CARRIERS, rng.integers(0, 3, len(paid))),
            "cost": carried,
            "currency": constant("EUR", len(paid)),
        },
    )


def _refunds(
    chunk: Chunk,
    priced: _Priced,
    shop: ShopSales,
    goods_cents: np.ndarray,
    discount: np.ndarray,
) -> Iterator[Batch]:
    """Write refunds of lines and of whole orders: never more than was paid for the goods."""
    rng = chunk.streams.of("refunds")
    orders, is_paid = shop.orders, shop.is_paid
    behaviour, row = chunk.behaviour, orders.row
    chance = np.array([s.returns for s in rates.SEGMENTS])[behaviour.segment[row]]
    chance = chance * np.where(behaviour.is_loss_maker[row], 4.0, 1.0)
    chance = np.where(behaviour.is_hollow[row], 0.3, np.minimum(chance, 0.6))
    is_whole = flags(rng, chance * 0.15, len(row)) & is_paid
    line = flags(rng, chance[priced.order], len(priced.order)) & is_paid[priced.order]
    lines = np.flatnonzero(line & ~is_whole[priced.order])
    whole = np.flatnonzero(is_whole)
    line_order = priced.order[lines]
    part = priced.total[lines]
    # A line that comes back leaves its share of the discount with the shop, rounded up.
    off = -(-discount[line_order] * part // np.maximum(goods_cents[line_order], 1))
    order = np.concatenate([line_order, whole])
    number = np.ma.masked_array(
        np.concatenate([priced.number[lines], np.zeros(len(whole), np.int64)]),
        np.arange(len(order)) >= len(lines),
    )
    cents = np.concatenate([part - off, (goods_cents - discount)[whole]])
    wait = rng.integers(4, 31, len(order)) * DAY + rng.integers(0, 3600, len(order)) * SECOND
    at = orders.at[order] + wait
    keep = (at <= LAST_MOMENT) & (cents > 0)
    order, number, cents, at = order[keep], number[keep], cents[keep], at[keep]
    restock = np.round(350 + 0.03 * cents / PRICE_FACTORS[orders.currency[order]])
    day = local_day(at, ZONE)
    accounts = chunk.accounts
    accounts.refund(row[order], day, chunk.fx.to_eur(cents, orders.currency[order], day))
    accounts.serve("6500", row[order], day, activity_cost("return", day))
    accounts.serve("6400", row[order], day, restock / 100)
    yield table(
        "raw_shop.refunds",
        {
            "refund_no": join(
                "R-", pa.array(chunk.numbers.next("R", len(order), 100_001)).cast(pa.string())
            ),
            "order_no": pick(shop.order_no, order),
            "line_no": number.astype(np.int32),
            "refunded_at": with_offset(at, ZONE),
            "amount": cents,
            "reason": pick(_REASONS, rng.choice(4, len(order), p=[0.6, 0.2, 0.12, 0.08])),
            "restock_cost": restock,
        },
    )
