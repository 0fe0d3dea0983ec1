"""Finance: who owes, what was billed, what was paid late or not at all."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rfm_cli.demo.company import places, rates
from rfm_cli.demo.company.books import activity_cost
from rfm_cli.demo.company.chunk import Batch, Chunk
from rfm_cli.demo.company.clock import DAY, FIRST_DAY, HISTORY_DAYS, local_day
from rfm_cli.demo.company.columns import choose, flags, gaps, join, padded, pick, table
from rfm_cli.demo.company.damage import make_records
from rfm_cli.demo.company.family_names import FAMILY_NAMES
from rfm_cli.demo.company.fx import CURRENCY_TEXTS
from rfm_cli.demo.company.given_names import GIVEN_NAMES
from rfm_cli.demo.company.orders import Orders
from rfm_cli.demo.company.people import CALLING_CODES
from rfm_cli.demo.company.shop import ZONE, ShopSales

_METHODS = pa.array(["transfer", "direct_debit", "card", "wallet"])
_LAST_DAY = FIRST_DAY + HISTORY_DAYS - 1
_REASONS = pa.array(["fraud", "not received", "not as described"])


def finance_tables(
    chunk: Chunk, billed: Orders, goods_cents: np.ndarray, shop: ShopSales
) -> Iterator[Batch]:
    """Write debtors, invoices, payments and chargebacks.

    Args:
        chunk: the chunk.
        billed: orders of companies that no shop took.
        goods_cents: (n) EUR cents of them.
        shop: the shop's sales; those of companies and of some consumers are billed.
    """
    rng = chunk.streams.of("finance")
    people = chunk.people
    by_invoice = flags(rng, rates.INVOICE_RATE, people.rows) | people.is_company
    web = np.flatnonzero(shop.is_paid & by_invoice[shop.orders.row])
    row = np.concatenate([billed.row, shop.orders.row[web]])
    debtor_of = yield from _debtors(chunk, row, rng)

    at = np.concatenate([billed.at, shop.orders.at[web]])
    count = len(at)
    day = np.minimum(local_day(at, ZONE) + rng.integers(0, 2, count), _LAST_DAY)
    order = np.argsort(day, kind="stable")
    person = np.concatenate([billed.person, shop.orders.person[web]])[order]
    currency = np.concatenate([np.zeros(len(billed.row), np.int64), shop.orders.currency[web]])[
        order
    ]
    cents = np.concatenate([goods_cents, shop.cents[web]])[order]
    numbers = pa.concat_arrays([pa.nulls(len(billed.row), pa.string()), pick(shop.order_no, web)])
    numbers, row, day = pick(numbers, order), row[order], day[order]
    is_own = pc.is_null(numbers).to_numpy(zero_copy_only=False)

    # Numbers start anew each year.
    is_second = day >= FIRST_DAY + 366
    serial = np.concatenate(
        [
            chunk.numbers.next("2024", int((~is_second).sum())),
            chunk.numbers.next("2025", int(is_second.sum())),
        ]
    )
    ids = join(choose(is_second, "2025/", "2024/"), padded(serial, 6))
    due = day + np.where(people.is_company[row], 30, 14)
    name = join(
        pick(GIVEN_NAMES, people.given[person]), " ", pick(FAMILY_NAMES, people.family[person])
    )
    yield table(
        "raw_finance.invoices",
        {
            "invoice_id": ids,
            "debtor_no": debtor_of[row],
            "invoice_date": day,
            "due_date": due,
            "gross_amount": cents / 100,
            "currency": pick(CURRENCY_TEXTS, currency),
            "web_order_no": numbers,
            "ordered_by": gaps(name, ~people.is_company[row] | flags(rng, 0.2, count)),
        },
    )
    chunk.truth.sale(
        "finance", ids, row, cents, pick(CURRENCY_TEXTS, currency), repeats=join("shop:", numbers)
    )
    own_day, own_row = day[is_own], row[is_own]
    chunk.accounts.sell(own_row, own_day, cents[is_own] / 100)
    # Of what is billed without a shop there are no lines: half of it is what the goods cost.
    chunk.accounts.goods(own_row, own_day, cents[is_own] / 200)
    chunk.accounts.serve("6500", own_row, own_day, activity_cost("order", own_day))
    yield from _payments(chunk, ids, row, cents, due)


def _debtors(
    chunk: Chunk, row: np.ndarray, rng: np.random.Generator
) -> Generator[Batch, None, np.ndarray]:
    """Write the debtors; return the number of each row of the people, 0 for none."""
    people = chunk.people
    owes = np.zeros(people.rows, bool)
    owes[row] = True
    owes |= people.is_company
    who = np.flatnonzero(owes)
    number = chunk.numbers.next("debtor", len(who), 70_001)
    first = np.maximum(chunk.behaviour.first[who], 0).astype(np.int64) + FIRST_DAY
    created = first - rng.integers(0, 700, len(who)) * flags(rng, 0.3, len(who))
    records = make_records(chunk, who, created * DAY, "finance", rng)
    is_company = people.is_company[who]
    ids = pa.array(number).cast(pa.string())
    chunk.truth.own("finance", ids, who)
    both = np.flatnonzero((records.other >= 0) & ~is_company)
    chunk.truth.own("finance", pick(ids, both), records.other[both])
    name = choose(
        is_company, pick(people.company_name, who), join(records.family, ", ", records.given)
    )
    office = join("+", pick(CALLING_CODES, people.address.country[who]), pick(people.landline, who))
    yield table(
        "raw_finance.debtors",
        {
            "debtor_no": number,
            "name": name,
            "kind": choose(is_company, "company", "person"),
            "vat_no": gaps(vat_numbers(chunk, who), ~is_company | flags(rng, 0.2, len(who))),
            "street": records.street,
            "zip": records.postcode,
            "city": records.town,
            "country": pick(places.COUNTRY_CODES, records.country),
            "email": records.email,
            "phone": choose(is_company, office, records.mobile),
            "created_on": created,
        },
    )
    debtor_of = np.zeros(people.rows, np.int64)
    debtor_of[who] = number
    return debtor_of


def vat_numbers(chunk: Chunk, who: np.ndarray) -> pa.Array:
    """Return the number that taxes know a company by, the same in every system."""
    number = 100_000_000 + chunk.people.ids[who] * 9_973 % 900_000_000
    code = pick(places.COUNTRY_CODES, chunk.people.address.country[who])
    return join(code, pa.array(number).cast(pa.string()))


def _payments(
    chunk: Chunk,
    ids: pa.Array,
    row: np.ndarray,
    cents: np.ndarray,
    due: np.ndarray,
) -> Iterator[Batch]:
    rng = chunk.streams.of("payments")
    count = len(row)
    is_bad = chunk.behaviour.is_loss_maker[row]
    late = flags(rng, np.where(is_bad, 0.4, 0.12), count)
    wait = np.where(late, rng.integers(1, 60, count), -rng.integers(0, 12, count))
    paid = due + wait
    is_open = (paid > _LAST_DAY) | flags(rng, 0.01, count)
    method = rng.choice(4, count, p=[0.55, 0.2, 0.15, 0.1])
    fails = np.flatnonzero(
        flags(rng, np.where(method == 1, 0.06, 0.01), count) & (due <= _LAST_DAY)
    )
    invoice = np.concatenate([fails, np.flatnonzero(~is_open)])
    is_failed = np.arange(len(invoice)) < len(fails)
    when = np.where(is_failed, due[invoice] - 1, paid[invoice])
    order = np.lexsort((invoice, when))
    invoice, is_failed, when = invoice[order], is_failed[order], when[order]
    number = chunk.numbers.next("payment", len(invoice), 900_001)
    yield table(
        "raw_finance.payments",
        {
            "payment_id": number,
            "invoice_id": pick(ids, invoice),
            "paid_on": np.ma.masked_array(when, is_failed),
            "amount": cents[invoice] / 100,
            "method": pick(_METHODS, method[invoice]),
            "status": choose(is_failed, "failed", "paid"),
        },
    )
    is_late = ~is_failed & (when > due[invoice])
    day = when[is_late]
    chunk.accounts.serve("6500", row[invoice[is_late]], day, activity_cost("late_payment", day))
    opened = when + rng.integers(3, 40, len(when))
    is_back = ~is_failed & (opened <= _LAST_DAY) & (method[invoice] >= 2)
    is_back = np.flatnonzero(is_back & flags(rng, 0.02, len(when)))
    yield table(
        "raw_finance.chargebacks",
        {
            "chargeback_id": chunk.numbers.next("chargeback", len(is_back)),
            "payment_id": number[is_back],
            "opened_on": opened[is_back],
            "amount": cents[invoice[is_back]] / 100,
            "reason": pick(_REASONS, rng.integers(0, 3, len(is_back))),
        },
    )
