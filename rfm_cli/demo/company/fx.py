"""Exchange rates: what the bank published, and what the shop asks in other currencies."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from rfm_cli.demo.company.clock import FIRST_DAY, HISTORY_DAYS
from rfm_cli.demo.company.columns import pick, table
from rfm_cli.demo.company.streams import Streams

CURRENCIES = ("EUR", "GBP", "USD", "PLN")
CURRENCY_TEXTS = pa.array(CURRENCIES)
# EUR for one unit at the start; units for one EUR in the shop's price lists.
_START = np.array([1.0, 1.155, 0.915, 0.231])
PRICE_FACTORS = np.array([1.0, 0.86, 1.10, 4.35])
# Published since a month before the history, on working days.
_LEAD = 31


class ExchangeRates:
    """The daily rates of a company.

    Args:
        streams: of the whole company.
    """

    def __init__(self, streams: Streams) -> None:
        days = HISTORY_DAYS + _LEAD
        steps = streams.of("exchange rates").normal(0, 0.0035, (days, len(CURRENCIES)))
        steps[:, 0] = 0
        drift = np.zeros_like(steps)
        # Rates come back to where they were: half of a step is forgotten after a hundred days.
        weights = 0.993 ** np.arange(days)
        for currency in range(1, len(CURRENCIES)):
            drift[:, currency] = np.convolve(steps[:, currency], weights)[:days]
        rates = np.round(_START * np.exp(drift), 6)
        self._day = np.arange(days) + FIRST_DAY - _LEAD
        weekday = (self._day + 3) % 7
        self._is_published = weekday < 5
        # At a weekend the rate of Friday holds; the first day is a Friday.
        last = np.maximum.accumulate(np.where(self._is_published, np.arange(days), 0))
        self._rates = rates[last]

    def to_eur(self, cents: np.ndarray, currency: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Convert whole cents to EUR by the rate of a day since 1970."""
        euros: np.ndarray = cents / 100 * self._rates[day - self._day[0], currency]
        return euros

    def table(self) -> tuple[str, str, pa.Table]:
        """Write the published rates; one EUR is one EUR and not among them."""
        day = np.flatnonzero(self._is_published)
        currency = np.tile(np.arange(1, len(CURRENCIES)), len(day))
        day = np.repeat(day, len(CURRENCIES) - 1)
        return table(
            "raw_finance.exchange_rates",
            {
                "currency": pick(CURRENCY_TEXTS, currency),
                "rate_date": self._day[day],
                "eur_per_unit": self._rates[day, currency],
            },
        )
