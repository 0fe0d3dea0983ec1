"""CDNOW, the 1/10 sample that papers use: 39 weeks known, 39 weeks held out."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from pathlib import Path

import numpy as np

from rfm_cli.ltv.holdout import Holdout


def cdnow_sample_split(file: Path) -> Holdout:
    """Read CDNOW_sample.txt; times in weeks, so a day is a week here; orders of one day are one."""
    amounts: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for line in file.read_text().splitlines():
        fields = line.split()
        if fields and fields[0].isdigit():
            day = datetime.strptime(fields[2], "%Y%m%d").toordinal()
            amounts[fields[1]][day] += float(fields[4])
    split = date(1997, 9, 30).toordinal()
    rows = []
    for spent in amounts.values():
        first, last = min(spent), max(day for day in spent if day <= split)

        def orders_and_money(after, until, spent=spent, first=first):
            within = [spent[day] for day in spent if after < day <= until and day != first]
            return len(within), sum(within)

        orders, repeat_amount = orders_and_money(0, split)
        rows.append(
            (
                orders,
                (last - first) / 7,
                (split - first) / 7,
                repeat_amount + spent[first],
                repeat_amount,
                *orders_and_money(split - 273, split),
                *orders_and_money(split - 91, split),
                *orders_and_money(split, split + 273),
            )
        )
    return Holdout(date(1997, 10, 1), 39, 13, *np.array(rows, dtype=float).T)
