"""What the project makes of the links of the rules, of those that are learned, and of both.

The last row, `links`, is what the links of both say before the project has judged them: no veto, no
clustering anew. It is the row to hold against matchers that know no vetoes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.identity_pairs import Score, score, score_clusters
from rfm_cli.dbt import Dbt
from rfm_cli.learn_links import learn_links
from rfm_cli.warehouse import open_warehouse
from rfm_cli.warehouse.targets import duckdb_target

# What links are made of, and what is made of links.
_LINK_INPUTS = ("+int_identity__rule_links", "+int_identity__decisions", "path:models/fitted")
_CLUSTER_MODELS = (
    "int_identity__links",
    "int_identity__components",
    "int_identity__cannot_links",
    "int_identity__clusters",
)
# The table that a method leaves empty, the learned ones as rfm_identity_learn: off does.
_METHODS = {
    "rules": "fitted_identity_links",
    "Splink": "int_identity__rule_links",
    "both": None,
}


def build_links(database: Path, dbt: Dbt) -> None:
    """Build the identity models as far as the links and learn links, a new model each time."""
    relations = dbt.relations()
    with duckdb.connect(database) as connection:
        # Runs of learning are only added to: a database that was kept is measured as a new one.
        for name in ("fitted_identity_links", "fitted_runs"):
            connection.execute(f"drop table if exists {relations[name]}")
    dbt.build(select=_LINK_INPUTS)
    with (
        TemporaryDirectory() as folder,
        open_warehouse(duckdb_target(database), read_only=False) as warehouse,
    ):
        learn_links(warehouse, relations, Path(folder) / "model.json")


def compare(database: Path, dbt: Dbt, truth: Mapping[str, Hashable]) -> Iterator[tuple[str, Score]]:
    """Score the clusters that the project settles with the links of each method, then the links.

    Args:
        database: where `build_links` has been.
        dbt: of the project that reads it.
        truth: the person of each record whose person is known.
    """
    relations = dbt.relations()
    for method, left_out in _METHODS.items():
        with _emptied(database, relations[left_out] if left_out else None):
            dbt.build(select=_CLUSTER_MODELS)
        with duckdb.connect(database, read_only=True) as connection:
            clusters = dict(
                connection.execute(
                    f"select record_id, cluster_id from {relations['int_identity__clusters']}"
                ).fetchall()
            )
            links = connection.execute(
                f"select left_record_id, right_record_id from {relations['int_identity__links']}"
            ).fetchall()
        known = {record: person for record, person in truth.items() if record in clusters}
        yield method, score_clusters(clusters, known)
    yield "links", score(links, known)


@contextmanager
def _emptied(database: Path, relation: str | None) -> Iterator[None]:
    if relation is None:
        yield
        return
    with duckdb.connect(database) as connection:
        connection.execute(f"create or replace table kept_aside as select * from {relation}")
        connection.execute(f"delete from {relation}")
    yield
    with duckdb.connect(database) as connection:
        connection.execute(f"insert into {relation} select * from kept_aside")
        connection.execute("drop table kept_aside")
