"""Rules alone, Splink alone and both on a built demo company, against its truth.

    python -m benchmarks.identity_company DATABASE

The file is one that `rfm demo --data company` and `rfm run` made. Links are closed; what the
project makes of them (veto, settled clusters) is the last row.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from benchmarks.identity_pairs import Score, score, score_clusters

# Records that two people share have no right answer and are left out, and so are companies.
_RECORDS = """
select truth_records.source_name || ':' || source_record_id as record_id, min(person_id)
from truth.truth_records
inner join truth.truth_people using (person_id)
where truth_people.entity_type = 'person'
group by record_id
having count(*) = 1
"""
_RULES = "select left_record_id, right_record_id from main_intermediate.int_identity__rule_links"
_LEARNED = """
select left_record_id, right_record_id
from main_fitted.fitted_identity_links
where match_probability >= ? and run_id = (
    select run_id from main_fitted.fitted_runs
    where topic = 'identity' and is_accepted order by run_number desc limit 1
)
"""
_CLUSTERS = "select record_id, cluster_id from main_intermediate.int_identity__clusters"


def compare(database: Path) -> list[tuple[str, Score]]:
    """Score each way of linking."""
    with duckdb.connect(database, read_only=True) as connection:
        clusters = dict(connection.execute(_CLUSTERS).fetchall())
        truth = {
            record: person
            for record, person in connection.execute(_RECORDS).fetchall()
            if record in clusters
        }
        rules = connection.execute(_RULES).fetchall()
        learned = {least: connection.execute(_LEARNED, [least]).fetchall() for least in (0.95, 0.8)}
    return [
        ("rules", score(rules, truth)),
        *((f"Splink {least}", score(links, truth)) for least, links in learned.items()),
        *((f"both {least}", score([*rules, *links], truth)) for least, links in learned.items()),
        ("both, with veto and settled clusters", score_clusters(clusters, truth)),
    ]


def main() -> None:
    print(
        "| method | precision | recall | F1 | persons exact | largest cluster |\n"
        "| --- | --- | --- | --- | --- | --- |"
    )
    for method, got in compare(Path(sys.argv[1])):
        print(
            f"| {method} | {got.precision:.4f} | {got.recall:.4f} | {got.f1:.4f} "
            f"| {got.exact_count:,} of {got.person_count:,} | {got.largest} |"
        )


if __name__ == "__main__":
    main()
