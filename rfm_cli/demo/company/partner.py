"""Partners: sales in their names, of buyers known by the hash of an address."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rfm_cli.demo.company import places, rates
from rfm_cli.demo.company.books import activity_cost
from rfm_cli.demo.company.chunk import Batch, Chunk
from rfm_cli.demo.company.clock import dates, local_day
from rfm_cli.demo.company.columns import choose, flags, gaps, join, padded, pick, table
from rfm_cli.demo.company.fx import CURRENCY_TEXTS, PRICE_FACTORS
from rfm_cli.demo.company.goods import Lines
from rfm_cli.demo.company.orders import Orders
from rfm_cli.demo.company.shop import ZONE, ShopSales

_PARTNERS = pa.array(["Northmarket", "HausUndHof", "Dom24", "Bazaar"])
_CODES = pa.array(["NM", "HH", "DM", "BZ"])
_CURRENCIES = np.array([1, 0, 3, 2])
_NO_HASH_RATE = 0.08


def partner_tables(
    chunk: Chunk, orders: Orders, lines: Lines, all_orders: Orders, shop: ShopSales
) -> Iterator[Batch]:
    """Write what partners report: sales of their own, and some that our shop shipped.

    Args:
        chunk: the chunk.
        orders: those of partners; each has one line.
        lines: of all orders of the chunk.
        all_orders: of the chunk.
        shop: the shop's sales.
    """
    rng = chunk.streams.of("partner")
    people = chunk.people
    count = len(orders.row)
    mine = all_orders.way[lines.order] == Orders.PARTNER
    product, quantity = lines.product[mine], lines.quantity[mine]
    # People stay with the partner of their country, mostly.
    home = np.array([0, 1, 3, 2, 1, 1])[people.address.country[orders.row]]
    partner = np.where(flags(rng, 0.85, count), home, rng.integers(0, 4, count))
    currency = _CURRENCIES[partner]
    unit = np.round(
        chunk.goods.cents[product] * PRICE_FACTORS[currency] * (1 - lines.reduction[mine])
    )
    cents = (unit * quantity).astype(np.int64)

    # As many of the shop's orders were brought by a partner as a share of the partners' own.
    can = np.flatnonzero(shop.is_paid & (people.account[shop.orders.person] < 0))
    share = min(1.0, rates.PARTNER_KNOWN_RATE * count / max(len(can), 1))
    known = can[flags(rng, share, len(can))]
    known_partner = np.array([0, 1, 3, 2, 1, 1])[people.address.country[shop.orders.row[known]]]

    total = count + len(known)
    number = chunk.numbers.next("partner", total)
    who = np.concatenate([orders.person, shop.orders.person[known]])
    partner = np.concatenate([partner, known_partner])
    day = local_day(np.concatenate([orders.at, shop.orders.at[known]]), ZONE)
    currency = np.concatenate([currency, shop.orders.currency[known]])
    cents = np.concatenate([cents, shop.cents[known]])
    sku = pa.concat_arrays([pick(chunk.goods.sku, product), pick(shop.sku, known)])
    quantity = np.concatenate([quantity, np.ones(len(known), np.int64)])
    ours = pa.concat_arrays([pa.nulls(count, pa.string()), pick(shop.order_no, known)])
    ref = join(pick(_CODES, partner), "-", padded(number, 7))

    hashed = _hashes(chunk, who)
    has_no_hash = flags(rng, _NO_HASH_RATE, total)
    chunk.defects["partner", "missing_email"] += int(has_no_hash.sum())
    is_buyer = ~has_no_hash
    _note_buyers(chunk, hashed, who, is_buyer)
    chunk.truth.sale(
        "partner",
        ref,
        who,
        cents,
        pick(CURRENCY_TEXTS, currency),
        repeats=join("shop:", ours),
    )
    own = np.arange(total) < count
    accounts, row = chunk.accounts, who
    accounts.sell(row[own], day[own], chunk.fx.to_eur(cents[own], currency[own], day[own]))
    accounts.goods(row[own], day[own], chunk.goods.cost_at(product, day[own]) * quantity[own])
    accounts.serve("6500", row[own], day[own], activity_cost("order", day[own]))
    address = people.address
    postcode = places.postcode_texts(address.country[who], address.postcode[who])
    yield table(
        "raw_partner.channel_sales",
        {
            "partner": pick(_PARTNERS, partner),
            "sale_ref": ref,
            "our_order_no": ours,
            "buyer_email_sha256": gaps(hashed, has_no_hash),
            "buyer_postcode": gaps(postcode, flags(rng, 0.2, total)),
            "sold_on": dates(day, "%Y%m%d"),
            "amount": _written(cents),
            "currency": pick(CURRENCY_TEXTS, currency),
            "sku": sku,
            "quantity": quantity,
        },
    )


def _hashes(chunk: Chunk, who: np.ndarray) -> pa.Array:
    """Hash the addresses of buyers; each address once. Neither NumPy nor Arrow has SHA-256."""
    rows, place = np.unique(who, return_inverse=True)
    emails = pc.utf8_lower(pick(chunk.people.email, rows)).to_pylist()
    hashes = pa.array([hashlib.sha256(one.encode()).hexdigest() for one in emails], pa.string())
    return pick(hashes, place)


def _note_buyers(chunk: Chunk, hashed: pa.Array, who: np.ndarray, is_buyer: np.ndarray) -> None:
    rows, first = np.unique(who[is_buyer], return_index=True)
    at = np.flatnonzero(is_buyer)[first]
    chunk.truth.own("partner", pick(hashed, at), rows)


def _written(cents: np.ndarray) -> pa.Array:
    """Write amounts like 1.234,56."""
    whole, rest = np.divmod(cents, 100)
    thousands, units = np.divmod(whole, 1000)
    is_large = thousands > 0
    head = join(pa.array(thousands).cast(pa.string()), ".", padded(units, 3))
    text = choose(is_large, head, pa.array(units).cast(pa.string()))
    return join(text, ",", padded(rest, 2))
