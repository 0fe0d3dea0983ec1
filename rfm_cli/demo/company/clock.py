"""Time: days count from the first day of the history, moments are microseconds UTC."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rfm_cli.demo.company.columns import join

FIRST_DAY = int(np.datetime64("2024-01-01").astype(int))
HISTORY_DAYS = 731  # the last one is 2025-12-31
SECOND = 1_000_000
DAY = 86_400 * SECOND
# Who works with a clock away from UTC must not write a date after the last day.
LAST_MOMENT = (FIRST_DAY + HISTORY_DAYS) * DAY - 6 * 3600 * SECOND


def moments(rng: np.random.Generator, days: np.ndarray) -> np.ndarray:
    """Give each day, whose fraction is left out, a second between 7:00 and 22:00."""
    whole = np.floor(days).astype(np.int64)
    seconds = rng.integers(7 * 3600, 22 * 3600, len(days))
    at: np.ndarray = np.minimum((FIRST_DAY + whole) * DAY + seconds * SECOND, LAST_MOMENT)
    return at


def epoch_days(days: np.ndarray) -> np.ndarray:
    """Turn days of the history into days since 1970."""
    turned: np.ndarray = np.floor(days).astype(np.int64) + FIRST_DAY
    return turned


def local(at: np.ndarray, zone: str) -> pa.Array:
    """Write moments as the clocks of a zone show them, without saying so."""
    return pc.local_timestamp(pa.array(at).cast(pa.timestamp("us", zone)))


def local_day(at: np.ndarray, zone: str) -> np.ndarray:
    """Return the days since 1970 that moments have in a zone."""
    days: np.ndarray = local(at, zone).cast(pa.int64()).to_numpy() // DAY
    return days


def with_offset(at: np.ndarray, zone: str) -> pa.Array:
    """Write moments as ISO text with the offset of a zone."""
    shown = local(at, zone)
    hours = (shown.cast(pa.int64()).to_numpy() - at) // (3600 * SECOND)
    text = pc.replace_substring(shown.cast(pa.timestamp("s")).cast(pa.string()), " ", "T")
    return join(text, "+", pc.utf8_lpad(pa.array(hours).cast(pa.string()), 2, "0"), ":00")


def dates(days: np.ndarray, pattern: str) -> pa.Array:
    """Write days since 1970 by a pattern such as `%Y%m%d`."""
    return pc.strftime(pa.array(days.astype(np.int32)).cast(pa.date32()), pattern)
