"""The truth beside the tables: who there is, whose records and sales are whose."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from rfm_cli.demo.company import rates
from rfm_cli.demo.company.chunk import Batch, Chunk
from rfm_cli.demo.company.clock import epoch_days
from rfm_cli.demo.company.columns import choose, constant, gaps, pick, table
from rfm_cli.demo.company.damage import Defects
from rfm_cli.demo.company.family_names import FAMILY_NAMES
from rfm_cli.demo.company.given_names import GIVEN_NAMES


def truth_tables(chunk: Chunk) -> Iterator[Batch]:
    """Write the truth of a chunk."""
    yield _people(chunk)
    for source, ids, people in chunk.truth.records:
        yield table(
            "truth.truth_records",
            {
                "source_name": constant(source, len(ids)),
                "source_record_id": ids,
                "person_id": people,
            },
        )
    for source, ids, person, cents, currency, repeats in chunk.truth.sales:
        yield table(
            "truth.truth_sales",
            {
                "source_name": constant(source, len(ids)),
                "order_id": ids,
                "person_id": person,
                "amount": cents,
                "currency": currency,
                "is_duplicate_of": repeats,
            },
        )


def _people(chunk: Chunk) -> Batch:
    people, behaviour, accounts = chunk.people, chunk.behaviour, chunk.accounts
    is_company, is_contact = people.is_company, people.is_contact
    died = np.where(np.isfinite(behaviour.died), behaviour.died, 0)
    given, family = pick(GIVEN_NAMES, people.given), pick(FAMILY_NAMES, people.family)
    cost = np.round(accounts.cost, 2)
    return table(
        "truth.truth_people",
        {
            "person_id": people.ids,
            "household_id": people.ids[people.household],
            "account_id": np.ma.masked_array(
                people.ids[np.maximum(people.account, 0)], people.account < 0
            ),
            "entity_type": choose(is_company, "company", "person"),
            "given_name": gaps(given, is_company),
            "family_name": choose(is_company, people.company_name, family),
            "birth_date": np.ma.masked_array(people.birth, is_company),
            "segment": pick(pa.array(rates.SEGMENT_NAMES), behaviour.segment),
            "order_rate": np.where(is_contact, 0.0, behaviour.rate),
            "died_on": np.ma.masked_array(
                epoch_days(died), ~np.isfinite(behaviour.died) | is_contact
            ),
            "mean_order_amount": np.where(is_contact, 0.0, np.round(behaviour.mean_amount, 2)),
            "cost_to_serve": cost,
            # What they brought, less goods and refunds, does not pay for serving them.
            "is_loss_maker": pa.array((accounts.margin < accounts.cost) & (accounts.cost > 0)),
            "is_over_served": pa.array(
                behaviour.is_over_served
                & (accounts.cost > 0.5 * accounts.margin)
                & (accounts.cost > 0)
            ),
            "is_hollow": pa.array(
                behaviour.is_hollow & (accounts.margin < accounts.cost) & (accounts.revenue > 0)
            ),
        },
    )


def defect_table(defects: Defects) -> Batch:
    """Write how many records each defect has befallen."""
    found = sorted((key, count) for key, count in defects.items() if count)
    return table(
        "truth.truth_defects",
        {
            "source_name": pa.array([key[0] for key, _ in found], pa.string()),
            "defect": pa.array([key[1] for key, _ in found], pa.string()),
            "record_count": np.array([count for _, count in found], np.int64),
        },
    )
