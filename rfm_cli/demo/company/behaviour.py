"""How customers behave: when they come, how often they order, when they leave, what they spend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rfm_cli.demo.company import rates
from rfm_cli.demo.company.clock import HISTORY_DAYS
from rfm_cli.demo.company.columns import flags
from rfm_cli.demo.company.people import People
from rfm_cli.demo.company.streams import Streams

_SEGMENTS = rates.SEGMENTS
# Tails of the gamma-gamma have no bound, a sofa has.
_LARGEST_ORDER = 12_000.0


@dataclass(frozen=True)
class Behaviour:
    """Of each row of the people, (n) each; contacts order for their company and have no own.

    Attributes:
        segment: position in `rates.SEGMENTS`.
        first: day of the history of the first order, with a fraction.
        rate: orders a day.
        died: day of the history on which the customer left, or infinite.
        mean_amount: EUR of an order in the long run.
        scale: of the gamma of an order's amount, whose shape is p of the segment.
        is_loss_maker, is_over_served, is_hollow: what was planted.
        order_row, order_day: (m) who orders and when, by customer and time.
    """

    segment: np.ndarray
    first: np.ndarray
    rate: np.ndarray
    died: np.ndarray
    mean_amount: np.ndarray
    scale: np.ndarray
    is_loss_maker: np.ndarray
    is_over_served: np.ndarray
    is_hollow: np.ndarray
    order_row: np.ndarray
    order_day: np.ndarray


def of_segment(attribute: str) -> np.ndarray:
    """Return a number of each segment, in their order."""
    return np.array([getattr(segment, attribute) for segment in _SEGMENTS], dtype=float)


def make_behaviour(streams: Streams, people: People) -> Behaviour:
    """Draw the behaviour of a chunk, with the orders that would come without campaigns.

    The order process is MBG/NBD (Batislam, Denizel & Filiztekin 2007) or Pareto/NBD (Schmittlein,
    Morrison & Colombo 1987), what is spent gamma-gamma (Fader & Hardie 2013).
    """
    rng = streams.of("behaviour")
    rows = people.rows
    segment = rng.choice(len(_SEGMENTS), rows, p=[segment.share for segment in _SEGMENTS])
    segment = np.where(people.account >= 0, rates.BUSINESS, segment)
    early = flags(rng, rates.LEARN_SHARE, rows)
    first = rng.random(rows) * np.where(early, rates.LEARN_DAYS, HISTORY_DAYS - 1)

    on_rate, on_value = _demographic_factors(people)
    shape, days = of_segment("shape")[segment], of_segment("days")[segment]
    rate = rng.standard_gamma(shape) / days * on_rate
    p, q, v = (np.array([s.spend[i] for s in _SEGMENTS])[segment] for i in range(3))
    scale = v / rng.standard_gamma(q) * on_value
    is_planted = rng.random(rows)
    loss, over = rates.LOSS_MAKER_RATE, rates.OVER_SERVED_RATE
    is_loss_maker = is_planted < loss
    is_over_served = (is_planted >= loss) & (is_planted < loss + over)
    hollow_from = 1 - rates.HOLLOW_RATE
    is_hollow = is_planted >= hollow_from
    scale = scale * np.where(is_hollow, 2.5, 1.0) * np.where(is_loss_maker, 0.7, 1.0)
    scale = scale * np.where(is_over_served, 0.7, 1.0)

    leaves_after, dies = _departures(rng, segment, first)
    row, day = _order_days(rng, people, first, rate)
    # The orders of a customer follow each other; whoever left sends no more.
    position = np.arange(len(row)) - np.searchsorted(row, row)
    died = np.where(np.isfinite(dies), dies, np.inf)
    is_last = position + 1 == leaves_after[row]
    died[row[is_last]] = np.minimum(died[row[is_last]], day[is_last])
    keep = (position < leaves_after[row]) & (day <= dies[row])
    died = np.where(died < HISTORY_DAYS, died, np.inf)
    return Behaviour(
        segment, first, rate, died, p * scale, scale,
        is_loss_maker, is_over_served, is_hollow, row[keep], day[keep],
    )  # fmt: skip


def _demographic_factors(people: People) -> tuple[np.ndarray, np.ndarray]:
    """Let income and household size move rate and value; their means over customers stay."""
    income = np.where(people.account >= 0, 0.0, people.income)
    members = np.where(people.account >= 0, 0.0, people.member_count - 1)
    on_rate = np.exp(rates.INCOME_ON_RATE * income + rates.MEMBER_ON_RATE * members)
    on_value = np.exp(rates.INCOME_ON_VALUE * income)
    return on_rate / _MEAN_ON_RATE, on_value / _MEAN_ON_VALUE


def _mean_factor(on_income: float, on_member: float) -> float:
    """Return the mean of a factor over consumers: income is 0.8 normal and 1.04 uniform(-1, 1)."""
    flat = 1.04 * on_income
    of_income = np.exp((0.8 * on_income) ** 2 / 2) * np.sinh(flat) / flat
    sizes = np.arange(1, 5) * np.array(rates.HOUSEHOLD_SHARES)
    of_members = (sizes * np.exp(on_member * np.arange(4))).sum() / sizes.sum()
    return float(of_income * of_members)


_MEAN_ON_RATE = _mean_factor(rates.INCOME_ON_RATE, rates.MEMBER_ON_RATE)
_MEAN_ON_VALUE = _mean_factor(rates.INCOME_ON_VALUE, 0.0)


def _departures(
    rng: np.random.Generator, segment: np.ndarray, first: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Draw after how many orders customers leave, and when they die; one of both is endless."""
    stay = np.array([s.stay or (1.0, 1.0) for s in _SEGMENTS])[segment]
    life = np.array([s.life or (1.0, 1.0) for s in _SEGMENTS])[segment]
    has_stay = np.array([s.stay is not None for s in _SEGMENTS])[segment]
    chance = np.clip(rng.beta(stay[:, 0], stay[:, 1]), 1e-9, 1.0)
    leaves_after = np.where(has_stay, np.minimum(rng.geometric(chance), 10**9), 10**9)
    death_rate = np.maximum(rng.standard_gamma(life[:, 0]) / life[:, 1], 1e-12)
    dies = first + rng.standard_exponential(len(segment)) / death_rate
    return leaves_after, np.where(has_stay, np.inf, dies)


def _order_days(
    rng: np.random.Generator, people: People, first: np.ndarray, rate: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the first order and the Poisson orders after it, until the end of the history."""
    buys = ~people.is_contact
    repeats = np.where(buys, rng.poisson(rate * (HISTORY_DAYS - first)), 0)
    row = np.repeat(np.arange(people.rows), repeats)
    day = first[row] + rng.random(len(row)) * (HISTORY_DAYS - first[row])
    row = np.concatenate([np.flatnonzero(buys), row])
    day = np.concatenate([first[buys], day])
    order = np.lexsort((day, row))
    return row[order], day[order]


def draw_amounts(rng: np.random.Generator, behaviour: Behaviour, rows: np.ndarray) -> np.ndarray:
    """Draw what orders of these customers come to, EUR."""
    p = np.array([segment.spend[0] for segment in _SEGMENTS])[behaviour.segment[rows]]
    amounts: np.ndarray = rng.standard_gamma(p) * behaviour.scale[rows]
    clipped: np.ndarray = np.clip(amounts, 4.0, _LARGEST_ORDER)
    return clipped
