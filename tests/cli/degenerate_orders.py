"""Shops whose orders no model was made for: nobody comes back, all on one day, free orders."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta

Row = tuple[str, str, float, str]
LAST_DAY = date(2023, 12, 31)


def _rows(histories: Iterator[list[tuple[int, float]]]) -> list[Row]:
    """Number customers and orders; a history holds days before the last one, and amounts."""
    rows: list[Row] = []
    for number, history in enumerate(histories):
        for days_ago, amount in history:
            day = LAST_DAY - timedelta(days=days_ago)
            rows.append((f"c{number:04d}", day.isoformat(), round(amount, 2), f"o{len(rows)}"))
    return rows


def _ordinary(
    draw: random.Random,
    amount: Callable[[random.Random], float],
    customers: int = 300,
    days: int = 700,
) -> Iterator[list[tuple[int, float]]]:
    """Customers with a pace and an end of their own."""
    for _ in range(customers):
        day = draw.randrange(days)
        pace = draw.gammavariate(1.0, 24 / days)
        leaves = draw.betavariate(0.8, 2.5)
        price = draw.gammavariate(4.0, 0.25)
        history = []
        while day >= 0:
            history.append((day, price * amount(draw)))
            if draw.random() < leaves:
                break
            day -= 1 + int(draw.expovariate(pace + 1e-4))
        yield history


def _amount(draw: random.Random) -> float:
    return draw.gammavariate(4.0, 10.0)


def nobody_comes_back() -> list[Row]:
    draw = random.Random(1)
    return _rows([(draw.randrange(700), _amount(draw))] for _ in range(160))


def everybody_comes_back_and_stays() -> list[Row]:
    """At random times, up to the last days."""
    draw = random.Random(2)
    starts = [draw.randrange(60, 400) for _ in range(120)]
    return _rows(
        [(start, _amount(draw))]
        + [(draw.randrange(start), _amount(draw)) for _ in range(1 + start // 20)]
        for start in starts
    )


def one_cohort() -> list[Row]:
    """Everybody came first on one day."""
    draw = random.Random(3)

    def history() -> list[tuple[int, float]]:
        first = (364, _amount(draw))
        pace = draw.gammavariate(0.8, 6.0)
        stop = draw.choice([364, 200, 0])
        later = [draw.randrange(stop, 365) for _ in range(int(pace))] if stop < 364 else []
        return [first, *((day, _amount(draw)) for day in later)]

    return _rows(history() for _ in range(160))


def all_on_one_day() -> list[Row]:
    draw = random.Random(4)
    return _rows([(0, _amount(draw))] * draw.choice([1, 1, 2, 3]) for _ in range(160))


def thousands_of_orders() -> list[Row]:
    """Two customers order twenty times a day; the others as people do."""
    draw = random.Random(5)
    many = [[(day, 5.0) for day in range(150) for _ in range(20)] for _ in range(2)]
    return _rows(iter([*many, *_ordinary(draw, _amount)]))


def ten_years() -> list[Row]:
    return _rows(_ordinary(random.Random(6), _amount, days=3650))


def amounts_with_a_heavy_tail() -> list[Row]:
    """A mean that does not exist: one amount in a thousand is above 5,000."""
    return _rows(_ordinary(random.Random(7), lambda draw: draw.paretovariate(0.8)))


def nothing_but_refunds() -> list[Row]:
    return _rows(_ordinary(random.Random(8), lambda draw: -_amount(draw)))


def everything_free() -> list[Row]:
    return _rows(_ordinary(random.Random(9), lambda _: 0.0))


def more_refunded_than_bought() -> list[Row]:
    """Every other customer sent back far more than they paid."""
    rows = _rows(_ordinary(random.Random(10), _amount))
    sent_back = sorted({customer for customer, *_ in rows})[::2]
    return rows + [(c, LAST_DAY.isoformat(), -500.0, f"r{c}") for c in sent_back]


def subscriptions() -> list[Row]:
    """The same amount every thirty days, no end in sight."""
    draw = random.Random(11)
    starts = [draw.randrange(700) for _ in range(120)]
    return _rows([(day, 9.99) for day in range(start, -1, -30)] for start in starts)


def one_customer() -> list[Row]:
    return _rows(iter([[(40, 20.0), (0, 30.0)]]))


SHOPS = {
    shop.__name__: shop
    for shop in (
        nobody_comes_back,
        everybody_comes_back_and_stays,
        one_cohort,
        all_on_one_day,
        thousands_of_orders,
        ten_years,
        amounts_with_a_heavy_tail,
        nothing_but_refunds,
        everything_free,
        more_refunded_than_bought,
        subscriptions,
        one_customer,
    )
}
