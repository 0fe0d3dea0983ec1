"""The campaigns of the company: when, for whom, and how much they lift the order rate."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from rfm_cli.demo.company import rates
from rfm_cli.demo.company.books import Ledger
from rfm_cli.demo.company.chunk import Batch, euros
from rfm_cli.demo.company.clock import FIRST_DAY
from rfm_cli.demo.company.columns import join, pick, table

WINDOW_DAYS = 14
MONTHS = np.arange("2024-03", "2026-01", 2, dtype="datetime64[M]")
COUNT = len(MONTHS)
IDS = join("C", pa.array(MONTHS.astype(str)))
# Days of the history on which they start.
STARTS = MONTHS.astype("datetime64[D]").astype(int) + 9 - FIRST_DAY
# -1 is for everybody.
TARGETS = np.array([-1, 3, -1, 1, 0, -1, 2, -1, 3, 1, -1])
_OFFERS = ("10% off", "free shipping", "gift", "20% off")
_CHANNELS = ("email", "email", "post", "email", "sms")
# By segment: the loyal would have come anyway, bargain hunters wait for offers.
_SEGMENT_LIFTS = np.array([0.05, 0.45, 0.35, 0.9, 0.15, 0.1])
_STRENGTHS = np.array([1.0, 1.2, 0.8, 1.0, 1.1, 0.6, 1.3, 0.9, 1.0, 0.7, 1.2])


def lifts() -> np.ndarray:
    """Return by how much a campaign lifts the order rate of a segment, (campaigns, segments)."""
    lifts = _STRENGTHS[:, None] * _SEGMENT_LIFTS
    is_target = (TARGETS[:, None] < 0) | (TARGETS[:, None] == np.arange(len(rates.SEGMENTS)))
    return np.where(is_target, np.round(lifts, 3), 0.0)


def campaign_tables(customers: int, ledger: Ledger) -> Iterator[Batch]:
    """Write the campaigns, what they cost beside the messages, and the truth about them."""
    names = np.array([*rates.SEGMENT_NAMES, "all"])
    offers = pa.array([_OFFERS[i % len(_OFFERS)] for i in range(COUNT)])
    days = STARTS + FIRST_DAY
    yield table(
        "raw_marketing.campaigns",
        {
            "campaign_id": IDS,
            "name": join(pa.array(MONTHS.astype(str)), " ", offers),
            "channel": pa.array([_CHANNELS[i % len(_CHANNELS)] for i in range(COUNT)]),
            "offer": offers,
            "segment": pa.array(names[TARGETS]),
            "starts_on": days,
            "ends_on": days + WINDOW_DAYS - 1,
        },
    )
    campaign, part = np.divmod(np.arange(COUNT * 3), 3)
    cost = np.round((150 + customers * 0.02) * np.array([0.5, 0.3, 0.2])[part] * 100)
    cost_day = days[campaign] + 7 * part - 7
    ledger.add("6300", cost_day, -cost / 100)
    yield table(
        "raw_marketing.costs",
        {
            "campaign_id": pick(IDS, campaign),
            "cost_date": cost_day,
            "amount": cost,
            "currency": euros(len(cost)),
        },
    )
    campaign, segment = np.divmod(np.arange(COUNT * len(rates.SEGMENTS)), len(rates.SEGMENTS))
    yield table(
        "truth.truth_campaign_lift",
        {
            "campaign_id": pick(IDS, campaign),
            "segment": pick(pa.array(rates.SEGMENT_NAMES), segment),
            "lift": lifts().ravel(),
        },
    )
