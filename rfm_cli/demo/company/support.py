"""Support: who asked, what about, how long it took, how pleased they were; clocks of New York."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from rfm_cli.demo.company import rates
from rfm_cli.demo.company.books import activity_cost
from rfm_cli.demo.company.chunk import Batch, Chunk, first_record, with_doubles
from rfm_cli.demo.company.clock import (
    HISTORY_DAYS,
    LAST_MOMENT,
    SECOND,
    local,
    local_day,
    moments,
)
from rfm_cli.demo.company.columns import flags, gaps, pick, table
from rfm_cli.demo.company.damage import make_records
from rfm_cli.demo.company.shop import ShopSales

ZONE = "America/New_York"
_KINDS = pa.array(["question", "complaint", "spam", "callback"])
_CHANNELS = pa.array(["email", "phone", "chat"])
_TOPICS = pa.array(["delivery", "product", "invoice", "return", "account"])
_PRIORITIES = pa.array(["low", "normal", "high"])
_INSTRUMENTS = pa.array(["NPS", "CSAT", "CES"])
_SCALES = np.array([10, 5, 7])


def support_tables(chunk: Chunk, shop: ShopSales, crm_id: np.ndarray) -> Iterator[Batch]:
    """Write requesters, tickets and surveys.

    Args:
        chunk: the chunk.
        shop: the shop's sales, which tickets refer to.
        crm_id: the CRM's person id of each row of the people, 0 for none.
    """
    rng = chunk.streams.of("support")
    people, behaviour = chunk.people, chunk.behaviour
    payer = np.where(people.account >= 0, people.account, np.arange(people.rows))
    since = behaviour.first[payer]
    until = np.minimum(behaviour.died[payer] + 60, HISTORY_DAYS)
    rate = np.array([s.tickets for s in rates.SEGMENTS])[behaviour.segment]
    rate = rate * np.where(behaviour.is_loss_maker, 4.0, 1.0)
    rate = rate * np.where(behaviour.is_over_served, 6.0, 1.0)
    # More orders, more questions.
    bought = np.bincount(shop.orders.person, minlength=people.rows)
    expected = rate * np.maximum(until - since, 1) + 0.03 * bought
    writes = ~people.is_company & (flags(rng, 0.75, people.rows) | behaviour.is_over_served)
    tickets = np.where(writes, rng.poisson(expected), 0)

    single = np.flatnonzero(tickets > 0)
    who = with_doubles(chunk, "support", single, rng)
    requester = chunk.numbers.next("requester", len(who), 40_001)
    of = np.repeat(np.arange(people.rows), tickets)
    at = moments(rng, since[of] + rng.random(len(of)) * np.maximum(until - since, 1)[of])
    opened = np.sort(at)
    of = of[np.argsort(at, kind="stable")]
    first_at = np.full(people.rows, LAST_MOMENT)
    np.minimum.at(first_at, of, opened)
    first, second = first_record(who, people.rows, len(single))
    is_second = (second[of] >= 0) & flags(rng, 0.5, len(of))
    asker = np.where(is_second, second[of], first[of])

    created = first_at[who]
    records = make_records(chunk, who, created, "support", rng)
    chunk.truth.record("support", pa.array(requester).cast(pa.string()), records)
    known = (crm_id[who] > 0) & flags(rng, 0.4, len(who))
    yield table(
        "raw_support.requesters",
        {
            "requester_id": requester,
            "name": records.full_name,
            "email": records.email,
            "phone": records.mobile,
            "crm_person_id": np.ma.masked_array(crm_id[who], ~known),
            "created_at": local(created, ZONE),
        },
    )
    yield from _tickets(chunk, shop, of, requester[asker], opened)


def _tickets(
    chunk: Chunk,
    shop: ShopSales,
    of: np.ndarray,
    requester: np.ndarray,
    opened: np.ndarray,
) -> Iterator[Batch]:
    rng = chunk.streams.of("tickets")
    count = len(of)
    people, behaviour = chunk.people, chunk.behaviour
    is_loss = behaviour.is_loss_maker[of]
    kind = np.where(flags(rng, np.where(is_loss, 0.6, 0.25), count), 1, 0)
    odd = rng.random(count)
    kind = np.where(odd < 0.008, 2, np.where(odd < 0.02, 3, kind))
    minutes = np.ceil(rng.gamma(2.0, 5.0, count) * np.where(behaviour.is_over_served[of], 2.5, 1.0))
    lasts = (rng.exponential(30, count) * 3600).astype(np.int64) * SECOND + 600 * SECOND
    closed = opened + lasts
    is_open = (closed > LAST_MOMENT) | flags(rng, 0.03, count)
    pays = (kind == 1) & flags(rng, np.where(is_loss, 0.5, 0.2), count)
    compensation = np.round(np.exp(rng.normal(2.6, 0.5, count)) * 100)

    # The last order of each person in time: what most tickets are about.
    order_of = np.full(people.rows, -1)
    order_of[shop.orders.person] = np.arange(len(shop.orders.person))
    about = order_of[of]
    has_order = (about >= 0) & flags(rng, 0.4, count)
    has_order &= shop.orders.at[np.maximum(about, 0)] < opened if len(shop.orders.at) else False
    refers = (
        pick(shop.order_no, np.maximum(about, 0))
        if len(shop.orders.at)
        else pa.nulls(count, pa.string())
    )
    ticket = chunk.numbers.next("ticket", count)
    payer = np.where(people.account[of] >= 0, people.account[of], of)
    day = local_day(opened, ZONE)
    is_timed = ~is_open & ~flags(rng, 0.05, count)
    spent = np.where(is_timed, minutes, 0)
    chunk.accounts.serve("6200", payer, day, activity_cost("contact_minute", day) * spent)
    chunk.accounts.serve("6200", payer[pays], day[pays], compensation[pays] / 100)
    yield table(
        "raw_support.tickets",
        {
            "ticket_id": ticket,
            "requester_id": requester,
            "opened_at": local(opened, ZONE),
            "closed_at": gaps(local(np.minimum(closed, LAST_MOMENT), ZONE), is_open),
            "kind": pick(_KINDS, kind),
            "channel": pick(_CHANNELS, rng.choice(3, count, p=[0.5, 0.3, 0.2])),
            "topic": pick(_TOPICS, rng.choice(5, count, p=[0.35, 0.25, 0.12, 0.2, 0.08])),
            "priority": pick(
                _PRIORITIES,
                np.where(kind == 1, 1 + flags(rng, 0.4, count), 0 + flags(rng, 0.6, count)),
            ),
            "handle_minutes": np.ma.masked_array(minutes.astype(np.int32), ~is_timed),
            "compensation": np.ma.masked_array(compensation, ~pays),
            "order_ref": gaps(refers, ~has_order),
        },
    )
    asked = np.flatnonzero(~is_open & (kind <= 1) & flags(rng, 0.3, count))
    answered = np.minimum(
        closed[asked] + rng.integers(1, 72, len(asked)) * 3600 * SECOND, LAST_MOMENT
    )
    instrument = rng.choice(3, len(asked), p=[0.3, 0.5, 0.2])
    mood = 0.78 - 0.3 * (kind[asked] == 1) - 0.1 * is_loss[asked] + rng.normal(0, 0.18, len(asked))
    scale = _SCALES[instrument]
    lowest = np.where(instrument == 0, 0, 1)
    score = lowest + np.round(np.clip(mood, 0, 1) * (scale - lowest))
    yield table(
        "raw_support.surveys",
        {
            "survey_id": chunk.numbers.next("survey", len(asked)),
            "ticket_id": np.ma.masked_array(ticket[asked], flags(rng, 0.1, len(asked))),
            "requester_id": requester[asked],
            "answered_at": local(answered, ZONE),
            "instrument": pick(_INSTRUMENTS, instrument),
            "score": score.astype(np.int32),
            "scale_max": scale,
        },
    )
