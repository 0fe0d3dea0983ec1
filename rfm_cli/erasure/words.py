"""An erasure in words and as facts: what went, what is kept, what is left to the operator."""

from __future__ import annotations

from typing import Any

from rfm_cli import words
from rfm_cli.erasure.forget import Erasure


def as_facts(erasure: Erasure) -> dict[str, Any]:
    """Return what `rfm forget --json` prints."""
    return {
        "customer_ids": list(erasure.person.customer_ids),
        "was_erased_before": erasure.was_erased,
        "removed_row_count": erasure.removed_row_count,
        "removed_rows": dict(erasure.removed_rows),
        "tombstone_count": erasure.tombstone_count,
        "records_to_erase_in_sources": [
            {"source_name": source_name, "source_record_id": source_record_id}
            for source_name, ids in erasure.person.ids_by_source().items()
            for source_record_id in ids
        ],
        "seed_lines_to_remove": dict(erasure.seed_lines),
        "notes": list(erasure.notes),
    }


def in_words(erasure: Erasure) -> list[str]:
    """Say it in sentences, one a line."""
    customer_id = erasure.person.customer_ids[0]
    rows = words.count(erasure.removed_row_count, "row")
    tables = words.count(len(erasure.removed_rows), "table")
    if erasure.was_erased and not erasure.removed_rows:
        lines = [f"{customer_id} was erased before; nothing was left to remove."]
    else:
        lines = [
            f"{customer_id} is erased: {rows} removed from {tables}; "
            "later runs leave out what the sources still send.",
            "Totals, thresholds and learned models count the person until the next `rfm run`.",
        ]
    if erasure.person.record_ids:
        lines += ["", "Left to you, in the source systems:"]
        lines += [f"  {record_id}" for record_id in erasure.person.record_ids]
    for seed, numbers in erasure.seed_lines.items():
        told = ", ".join(str(number) for number in numbers)
        lines += ["", f"Left to you, rows of {seed} that name the person: lines {told}."]
    lines += ["", "Left to you: earlier exports, reports, logs and backups."]
    return [*lines, *erasure.notes]
