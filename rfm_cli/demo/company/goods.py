"""What is sold, what it costs, and which goods make up an order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from rfm_cli.demo.company import rates
from rfm_cli.demo.company.behaviour import Behaviour
from rfm_cli.demo.company.columns import constant, flags, join, padded, pick, table, within
from rfm_cli.demo.company.orders import Orders
from rfm_cli.demo.company.streams import Streams

PRODUCTS = 420
_CATEGORIES = (
    "kitchen",
    "textiles",
    "lighting",
    "furniture",
    "garden",
    "electronics",
    "decoration",
)
_COST_SHARES = np.array([0.52, 0.44, 0.5, 0.58, 0.55, 0.86, 0.38])
_LITTLE_MARGIN = _CATEGORIES.index("electronics")
_NOUNS = (
    "Pan Bowl Knife Kettle Jar",
    "Towel Blanket Curtain Cushion Rug",
    "Lamp Lantern Spotlight Chandelier Bulb",
    "Chair Table Shelf Bench Cabinet",
    "Planter Parasol Hose Lounger Grill",
    "Speaker Fan Heater Purifier Monitor",
    "Vase Frame Candle Mirror Clock",
)
_KINDS = [
    "Oak",
    "Linen",
    "Copper",
    "Slate",
    "Willow",
    "Marble",
    "Cotton",
    "Steel",
    "Bamboo",
    "Walnut",
    "Ivory",
    "Cobalt",
]
# The years whose first day brings new costs; the third is dearer than the first.
_COST_YEARS = ("2023-12-01", "2024-07-01", "2025-03-01")
_COST_FACTORS = np.array([1.0, 1.03, 1.07])
REDUCTIONS = np.array([0.1, 0.2, 0.3, 0.5])


@dataclass(frozen=True)
class Goods:
    """The products, cheapest first, (420) each.

    Attributes:
        sku: as in the tables.
        cents: list price, EUR cents.
        category: position in the categories.
        cost: (3, 420) EUR for one, from each of the days in `cost_days` on.
        cost_days: (3) days since 1970.
    """

    sku: pa.Array
    cents: np.ndarray
    category: np.ndarray
    cost: np.ndarray
    cost_days: np.ndarray

    def cost_at(self, product: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return EUR for one of each product on a day since 1970."""
        cost: np.ndarray = self.cost[np.searchsorted(self.cost_days, day, "right") - 1, product]
        return cost


@dataclass(frozen=True)
class Lines:
    """The lines of orders, those of an order together, (n) each.

    Attributes:
        order: row of the orders.
        number: from 1 within the order.
        product: row of the goods.
        reduction: share of the list price that is let off.
    """

    order: np.ndarray
    number: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    reduction: np.ndarray


def make_goods(streams: Streams) -> Goods:
    """Draw prices from 2.50 to 900 EUR, evenly by their logarithm, and costs by category."""
    rng = streams.of("goods")
    euros = np.sort(np.exp(rng.uniform(np.log(2.5), np.log(900), PRODUCTS)))
    cents = np.floor(euros).astype(np.int64) * 100 + rng.choice([49, 90, 95, 99], PRODUCTS)
    cents = np.sort(cents)
    category = rng.integers(0, len(_CATEGORIES), PRODUCTS)
    share = np.clip(_COST_SHARES[category] + rng.normal(0, 0.04, PRODUCTS), 0.2, 0.93)
    cost = np.round(cents / 100 * share * _COST_FACTORS[:, None], 4)
    sku = join("HG-", padded(10_000 + rng.permutation(PRODUCTS), 5))
    days = np.array(_COST_YEARS, dtype="datetime64[D]").astype(int)
    return Goods(sku, cents, category, cost, days)


def goods_tables(goods: Goods, streams: Streams) -> Iterator[tuple[str, str, pa.Table]]:
    """Write the products of the shop and their costs."""
    rng = streams.of("goods titles")
    nouns = pa.array([noun for names in _NOUNS for noun in names.split()])
    noun = goods.category * 5 + rng.integers(0, 5, PRODUCTS)
    kind = pick(pa.array(_KINDS), rng.integers(0, len(_KINDS), PRODUCTS))
    yield table(
        "raw_shop.products",
        {
            "sku": goods.sku,
            "title": join(kind, " ", pick(nouns, noun)),
            "category": pick(pa.array(_CATEGORIES), goods.category),
            "list_price": goods.cents,
        },
    )
    every = np.tile(np.arange(PRODUCTS), len(goods.cost_days))
    yield table(
        "raw_accounting.product_costs",
        {
            "sku": pick(goods.sku, every),
            "valid_from": np.repeat(goods.cost_days, PRODUCTS),
            "unit_cost": np.round(goods.cost.ravel() * 10_000),
            "currency": constant("EUR", len(every)),
        },
    )


def make_lines(streams: Streams, goods: Goods, behaviour: Behaviour, orders: Orders) -> Lines:
    """Fill orders with goods that come to about what was to be spent."""
    rng = streams.of("lines")
    counts = 1 + np.minimum(rng.poisson(1.1, len(orders.row)), 6)
    counts = np.where(orders.way == orders.PARTNER, 1, counts)
    order = np.repeat(np.arange(len(counts)), counts)
    rows = len(order)
    weight = rng.standard_gamma(2.0, rows)
    share = weight / np.bincount(order, weight, len(counts))[order]
    cents = orders.amount[order] * share * 100
    quantity = rng.choice([1, 2, 3, 4, 6], rows, p=[0.74, 0.16, 0.05, 0.03, 0.02])
    # Of what costs more than the dearest product, more is bought.
    quantity = np.maximum(quantity, np.ceil(cents / goods.cents[-1])).astype(np.int64)
    unit_row = orders.row[order]
    segment = behaviour.segment[unit_row]
    is_fond = behaviour.is_loss_maker[unit_row] | behaviour.is_hollow[unit_row]
    chance = np.array([s.bargain for s in rates.SEGMENTS])[segment]
    chance = np.where(is_fond, np.maximum(chance, 0.75), chance)
    steep = rng.choice(len(REDUCTIONS), rows, p=[0.4, 0.35, 0.2, 0.05])
    reduction = np.where(flags(rng, chance, rows), REDUCTIONS[steep], 0.0)

    wanted = cents / quantity
    product = np.searchsorted(goods.cents, wanted) + rng.integers(-6, 7, rows)
    product = np.clip(product, 0, PRODUCTS - 1)
    little = np.flatnonzero(goods.category == _LITTLE_MARGIN)
    nearest = np.clip(np.searchsorted(goods.cents[little], wanted), 0, len(little) - 1)
    product = np.where(behaviour.is_hollow[unit_row], little[nearest], product)
    return Lines(order, within(counts) + 1, product, quantity, reduction)
