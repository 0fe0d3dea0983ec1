"""Make tests/golden/orders.csv: customers, refunds, and rows that cannot be used.

Run it only to change the golden orders; then `pytest tests/golden --update-golden` writes the
marts.
"""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

TARGET = Path(__file__).with_name("orders.csv")


def main() -> None:
    draw = random.Random(2024)
    rows: list[tuple[str, str, str, str]] = []
    for customer in range(150):
        day = date(2023, 1, 1) + timedelta(days=draw.randrange(330))
        pace = draw.gammavariate(1.2, 1 / 50)
        price = draw.gammavariate(5.0, 9.0)
        leaves = draw.betavariate(1.0, 3.0)
        while day < date(2024, 3, 20):
            order = f"o{len(rows):04d}"
            amount = price * draw.gammavariate(6.0, 1 / 6)
            rows.append((f"c{customer:03d}", day.isoformat(), f"{amount:.2f}", order))
            if draw.random() < 0.08:
                back = day + timedelta(days=draw.randrange(30))
                rows.append((f"c{customer:03d}", back.isoformat(), f"{-amount / 2:.2f}", order))
            if draw.random() < leaves:
                break
            day += timedelta(days=1 + int(draw.expovariate(pace + 1e-3)))
    rows += [
        ("", "2023-05-05", "10.00", "bad1"),
        ("c001", "5th of May", "10.00", "bad2"),
        ("c001", "", "10.00", "bad3"),
        ("c002", "2023-05-05", "ten", "bad4"),
        ("c002", "2023-05-05", "", "bad5"),
        ("c003", "1900-01-01", "10.00", "bad6"),
        ("c150", "2023-07-07", "-12.50", "refund only"),
    ]
    draw.shuffle(rows)
    with TARGET.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["customer_id", "ordered_at", "amount", "order_id"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
