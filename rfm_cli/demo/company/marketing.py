"""Marketing: who gets messages, who was held out, what the messages led to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from rfm_cli.demo.company import campaigns, rates
from rfm_cli.demo.company.behaviour import Behaviour
from rfm_cli.demo.company.books import activity_cost
from rfm_cli.demo.company.chunk import Batch, Chunk
from rfm_cli.demo.company.clock import (
    DAY,
    FIRST_DAY,
    HISTORY_DAYS,
    LAST_MOMENT,
    SECOND,
    local,
    moments,
)
from rfm_cli.demo.company.columns import flags, hexadecimal, join, pick, table
from rfm_cli.demo.company.damage import make_records
from rfm_cli.demo.company.people import People
from rfm_cli.demo.company.shop import ShopSales
from rfm_cli.demo.company.streams import Streams, scrambled

_NEVER = np.iinfo(np.int64).max
_SIGNUPS = pa.array(["checkout", "website", "store", "referral"])
_ATTRIBUTES = pa.array(["quality", "price", "service", "style"])


@dataclass(frozen=True)
class Audience:
    """Subscribers and the messages to them.

    Attributes:
        who: (n) row of the people for each subscriber; second ones come last.
        since, until: (n) moments; until is the largest number for who still is one.
        send_subscriber, send_campaign: (m) of each message.
        sent: (m) moments.
        is_control, is_bounced: (m) flags; who is held out gets nothing.
        lifted: row of the people who pays, day and message of the orders that were brought.
    """

    who: np.ndarray
    since: np.ndarray
    until: np.ndarray
    send_subscriber: np.ndarray
    send_campaign: np.ndarray
    sent: np.ndarray
    is_control: np.ndarray
    is_bounced: np.ndarray
    lifted: tuple[np.ndarray, np.ndarray, np.ndarray]


def make_audience(
    streams: Streams, people: People, behaviour: Behaviour, who: np.ndarray
) -> Audience:
    """Draw subscribers, messages, and the orders that would not have come without them.

    Args:
        streams: of the chunk.
        people: of the chunk.
        behaviour: of the people.
        who: (n) row of the people for each subscriber; some are there twice.
    """
    rng = streams.of("audience")
    payer = np.where(people.account[who] >= 0, people.account[who], who)
    day = behaviour.first[payer] + rng.uniform(-10, 90, len(who))
    since = moments(rng, np.clip(day, -200, HISTORY_DAYS - 1))
    leaves = flags(rng, 0.14, len(who))
    until = np.where(
        leaves, since + (rng.exponential(200, len(who)) * DAY).astype(np.int64), _NEVER
    )
    until = np.where(until > LAST_MOMENT, _NEVER, until)
    target = campaigns.TARGETS
    segment = behaviour.segment[payer]
    sends = []
    for campaign in range(campaigns.COUNT):
        start = (campaigns.STARTS[campaign] + FIRST_DAY) * DAY + 8 * 3600 * SECOND
        is_in = (since < start) & (until > start)
        is_in &= (target[campaign] < 0) | (segment == target[campaign])
        subscriber = np.flatnonzero(is_in)
        # All records of who is held out are.
        held_out = flags(rng, rates.HELD_OUT_RATE, people.rows)[payer[subscriber]]
        at = start + rng.integers(0, 6 * 3600, len(subscriber)) * SECOND
        sends.append((subscriber, np.full(len(subscriber), campaign), at, held_out))
    subscriber, campaign_of, sent, is_control = (
        np.concatenate([part[i] for part in sends]) for i in range(4)
    )
    is_bounced = flags(rng, 0.015, len(sent)) & ~is_control
    lifted = _lifted(rng, behaviour, payer[subscriber], campaign_of, is_control | is_bounced)
    return Audience(
        who, since, until, subscriber, campaign_of, sent, is_control, is_bounced, lifted
    )


def _lifted(
    rng: np.random.Generator,
    behaviour: Behaviour,
    payer: np.ndarray,
    campaign: np.ndarray,
    is_out: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    reached = np.flatnonzero(~is_out)
    # Two messages to one customer lift once.
    key = campaign[reached] * np.int64(1 << 40) + payer[reached]
    _, first = np.unique(key, return_index=True)
    send = reached[np.sort(first)]
    row = payer[send]
    lift = campaigns.lifts()[campaign[send], behaviour.segment[row]]
    count = rng.poisson(behaviour.rate[row] * campaigns.WINDOW_DAYS * lift)
    send = np.repeat(send, count)
    row = payer[send]
    day = campaigns.STARTS[campaign[send]] + rng.uniform(0.7, campaigns.WINDOW_DAYS, len(send))
    alive = (day > behaviour.first[row]) & (day < behaviour.died[row])
    return row[alive], day[alive], send[alive]


def marketing_tables(chunk: Chunk, audience: Audience, shop: ShopSales) -> Iterator[Batch]:
    """Write the tables of marketing.

    Args:
        chunk: the chunk.
        audience: of the chunk.
        shop: the shop's sales, some of which campaigns brought.
    """
    rng = chunk.streams.of("marketing")
    rows = len(audience.who)
    serial = chunk.numbers.next("subscriber", rows)
    ids = join(
        hexadecimal(scrambled(serial, 60), 16), hexadecimal(scrambled(serial + (1 << 40), 60), 16)
    )
    records = make_records(chunk, audience.who, audience.since, "marketing", rng)
    chunk.truth.record("marketing", ids, records)
    is_over = audience.until < _NEVER
    yield table(
        "raw_marketing.subscribers",
        {
            "subscriber_id": ids,
            "email": records.email,
            "first_name": records.given,
            "last_name": records.family,
            "signup_source": pick(_SIGNUPS, rng.choice(4, rows, p=[0.5, 0.3, 0.15, 0.05])),
            "subscribed_at": local(audience.since, "UTC"),
            "unsubscribed_at": _at(np.where(is_over, audience.until, 0), ~is_over),
        },
    )
    yield from _responses(chunk, audience, ids, shop)
    yield from _opinions(chunk, audience, ids, rng)


def _at(at: np.ndarray, is_missing: np.ndarray) -> pa.Array:
    return pa.array(at, mask=is_missing).cast(pa.timestamp("us"))


def _responses(
    chunk: Chunk,
    audience: Audience,
    ids: pa.Array,
    shop: ShopSales,
) -> Iterator[Batch]:
    rng = chunk.streams.of("responses")
    orders = shop.orders
    sends = len(audience.sent)
    send_id = chunk.numbers.next("send", sends)
    yield table(
        "raw_marketing.sends",
        {
            "send_id": send_id,
            "campaign_id": pick(campaigns.IDS, audience.send_campaign),
            "subscriber_id": pick(ids, audience.send_subscriber),
            "sent_at": local(audience.sent, "UTC"),
            "is_control": pa.array(audience.is_control),
            "bounced": pa.array(audience.is_bounced),
        },
    )
    is_sent = ~audience.is_control
    who = audience.who[audience.send_subscriber[is_sent]]
    account = chunk.people.account[who]
    day = audience.sent[is_sent] // DAY
    chunk.accounts.serve(
        "6300", np.where(account >= 0, account, who), day, activity_cost("campaign_contact", day)
    )
    redeemed = np.flatnonzero((orders.send >= 0) & shop.is_paid)
    has_order = np.zeros(sends, bool)
    has_order[orders.send[redeemed]] = True
    reached = is_sent & ~audience.is_bounced
    is_opened = reached & (has_order | flags(rng, 0.28, sends))
    is_clicked = is_opened & (has_order | flags(rng, 0.22, sends))
    opened = audience.sent + (rng.exponential(7, sends) * 3600).astype(np.int64) * SECOND
    # Orders come 0.7 days after the start at the earliest: what leads to one is before it.
    opened = np.where(has_order, audience.sent + rng.integers(60, 1800, sends) * SECOND, opened)
    clicked = opened + rng.integers(5, 600, sends) * SECOND
    opened, clicked = np.minimum(opened, LAST_MOMENT), np.minimum(clicked, LAST_MOMENT)
    yield table(
        "raw_marketing.opens",
        {"send_id": send_id[is_opened], "opened_at": local(opened[is_opened], "UTC")},
    )
    yield table(
        "raw_marketing.clicks",
        {"send_id": send_id[is_clicked], "clicked_at": local(clicked[is_clicked], "UTC")},
    )
    yield table(
        "raw_marketing.redemptions",
        {
            "redemption_id": chunk.numbers.next("redemption", len(redeemed)),
            "send_id": send_id[orders.send[redeemed]],
            "order_no": pick(shop.order_no, redeemed),
            "redeemed_at": local(orders.at[redeemed], "UTC"),
        },
    )


def _opinions(
    chunk: Chunk, audience: Audience, ids: pa.Array, rng: np.random.Generator
) -> Iterator[Batch]:
    raters = np.flatnonzero(flags(rng, 0.12, len(ids)))
    rater, attribute = np.repeat(raters, 4), np.tile(np.arange(4), len(raters))
    payer = audience.who[rater]
    # Whoever leaves early thinks less of the company.
    is_gone = np.isfinite(chunk.behaviour.died[payer])
    rating = np.clip(np.round(5.2 - 1.1 * is_gone + rng.normal(0, 1.1, len(rater))), 1, 7)
    at = audience.since[rater] + (
        rng.random(len(rater)) * (LAST_MOMENT - audience.since[rater])
    ).astype(np.int64)
    yield table(
        "raw_marketing.brand_ratings",
        {
            "rating_id": chunk.numbers.next("rating", len(rater)),
            "subscriber_id": pick(ids, rater),
            "rated_at": local(at // SECOND * SECOND, "UTC"),
            "attribute": pick(_ATTRIBUTES, attribute),
            "rating": rating.astype(np.int32),
        },
    )
    referrers = np.flatnonzero(flags(rng, 0.05, len(ids)))
    friend = rng.integers(0, max(chunk.people.consumers, 1), len(referrers))
    at = audience.since[referrers] + (
        rng.random(len(referrers)) * (LAST_MOMENT - audience.since[referrers])
    ).astype(np.int64)
    yield table(
        "raw_marketing.referrals",
        {
            "referral_id": chunk.numbers.next("referral", len(referrers)),
            "referrer_subscriber_id": pick(ids, referrers),
            "referred_email": pick(chunk.people.email, friend),
            "referred_at": local(at // SECOND * SECOND, "UTC"),
        },
    )
