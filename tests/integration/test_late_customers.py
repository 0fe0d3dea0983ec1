"""A best customer who goes quiet is on the list from the day on which the rule is met."""

from __future__ import annotations

from datetime import date, timedelta

LAST = date(2024, 6, 1)


def some_orders() -> list[tuple]:
    whale = [("whale", LAST - timedelta(days=10 * back), 900, f"w{back}") for back in range(8)]
    others = [
        (f"c{number}", LAST - timedelta(days=30 * back + number), 20, f"{number}-{back}")
        for number in range(9)
        for back in range(3)
    ]
    return whale + others


def test_a_whale_is_late_on_the_day_the_rule_is_met(warehouse, orders_file):
    """Orders every 10 days: 20 days are two gaps, the 21st is late, the 41st is gone."""
    settings = orders_file(some_orders())
    found = {}
    for silent_days in (20, 21, 40, 41):
        as_of = LAST + timedelta(days=silent_days)
        warehouse.build(
            "+customers_at_risk", **settings, rfm_as_of_date=str(as_of), rfm_cadence="week"
        )
        found[silent_days] = warehouse.rows(
            "select risk_rank, days_since_last_order, late_since_date, is_newly_late"
            " from customers_at_risk where customer_id = 'whale'"
        )
    since = LAST + timedelta(days=21)
    assert found == {20: [], 21: [(1, 21, since, True)], 40: [(1, 40, since, False)], 41: []}
