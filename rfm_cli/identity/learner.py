"""Train the model of Splink on records, and link records with it.

Fellegi and Sunter's model (A Theory for Record Linkage, JASA 1969) as Splink 5 fits it: u from
random pairs, m by expectation maximisation within blocks. Splink works in a DuckDB database in
memory, whatever the warehouse is.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from rfm_cli.identity.comparisons import COMPARISONS, TERM_COLUMNS, Comparison
from rfm_cli.identity.errors import TrainingRefused
from rfm_cli.identity.lookalikes import against_relatives, count_lookalikes, of_namesakes
from rfm_cli.identity.model import IdentityModel, Shares, Terms
from rfm_cli.identity.records import blocking_rules, load_records

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

MINIMUM_SURE_PAIRS = 20
_SEED = 1
_RANDOM_PAIRS = 1e6
_SESSION_PAIRS = 3e5
_DIGITS = 6
# How much more common a family name is where one has it: names are of places.
_LOCAL_NAMES = 4
# What is expected beforehand counts as much as so many pairs of one person.
_PRIOR_PAIRS = 10

# Pairs of one person almost for certain, but not all of them.
_SURE = {
    "tax_id": "l.tax_id = r.tax_id",
    "loyalty_id": "l.loyalty_id = r.loyalty_id",
    "crm_id": "l.crm_id = r.crm_id",
    "given_birth": "l.given_name_key = r.given_name_key and l.family_name_key = r.family_name_key "
    "and l.birth_text = r.birth_text",
    "email": "l.given_name_key = r.given_name_key",
    "home": "l.given_name_key = r.given_name_key and l.family_name_key = r.family_name_key",
}
_SURE_SHARE = 0.7

# Each session learns what its block says nothing about; the columns say what that is.
_SESSIONS = {
    "names": ("given_name_key", "family_name_key"),
    "home": ("postal_key", "street_key"),
    "given_birth": ("given_name_key", "birth_text"),
    "email": ("email", "email_key"),
    "phone": ("phone",),
    "tax_id": ("tax_id",),
}


@dataclass(frozen=True)
class LinkedRecords:
    """Links, and the model they come from.

    Attributes:
        links: left_record_id < right_record_id, match_probability, match_weight (bits) and
            evidence, in the order of the ids.
        model: the model given, or the one trained on these records.
        record_count: the records of persons.
    """

    links: pa.Table
    model: IdentityModel
    record_count: int


def link_records(
    records: pa.Table, model: IdentityModel | None = None, *, keep_probability: float = 0.5
) -> LinkedRecords:
    """Link the records of persons.

    Args:
        records: columns as in `records.INPUT_COLUMNS`, identifiers that many share blanked; their
            order decides nothing.
        model: what was learned before; None trains on all of these records first.
        keep_probability: the least probability of a link.

    Raises:
        TrainingRefused: too few pairs of records are of one person beyond doubt.
    """
    with _database() as connection:
        count = load_records(connection, records)
        if model is None:
            model = _train(connection, count)
        return LinkedRecords(_predict(connection, model, keep_probability), model, count)


@contextmanager
def _database() -> Iterator[DuckDBPyConnection]:
    import duckdb

    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"set temp_directory = '{folder}'")
        yield connection


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep Splink's messages to itself: what they say is said here in other words."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _train(connection: DuckDBPyConnection, count: int) -> IdentityModel:
    pairs = count * (count - 1) / 2
    sure = _count_sure_pairs(connection)
    if sure < MINIMUM_SURE_PAIRS:
        raise TrainingRefused(
            f"only {sure} pairs of the {count:,} records of persons are of one person beyond "
            f"doubt; learning needs {MINIMUM_SURE_PAIRS}"
        )
    probability = _rounded(min(sure / _SURE_SHARE / pairs, 0.5))
    with _quietly():
        linker = _linker(connection, _known_comparisons(connection), _expected(), probability)
        linker.training.estimate_u_using_random_sampling(
            max_pairs=_RANDOM_PAIRS, seed=_SEED, min_count_per_level=None, num_chunks=1
        )
        for block, columns in _SESSIONS.items():
            rule = f"l.block_{block} = r.block_{block} and " + " and ".join(
                f"l.{column} = r.{column}" for column in columns
            )
            if _has_pairs(connection, rule):
                linker.training.estimate_parameters_using_expectation_maximisation(
                    rule,
                    # Whole numbers of pairs are added up, so that threads cannot change the sum.
                    estimate_without_term_frequencies=True,
                    max_pairs=_SESSION_PAIRS,
                    record_sample_proportion=0.1,
                )
        trained = linker.misc.save_model_to_json()
    sampled = min(pairs, _RANDOM_PAIRS)
    shares = _expected() | {
        comparison["output_column_name"]: _settled(comparison, sure, sampled, probability)
        for comparison in trained["comparisons"]
    }
    shares["household"] = _of_strangers(shares["household"])
    per_match, relatives, namesakes = count_lookalikes(connection, shares)
    return IdentityModel(
        count,
        probability,
        _rounded(per_match),
        {name: _all_rounded(steps) for name, steps in relatives.items()},
        _all_rounded(namesakes),
        shares,
        _terms(connection, count),
    )


def _count_sure_pairs(connection: DuckDBPyConnection) -> int:
    rules = " union ".join(
        f"select l.unique_id, r.unique_id from people as l inner join people as r "
        f"on l.block_{block} = r.block_{block} and l.unique_id < r.unique_id and {condition}"
        for block, condition in _SURE.items()
    )
    (count,) = connection.execute(f"select count(*) from ({rules})").fetchall()[0]
    return int(count)


def _known_comparisons(connection: DuckDBPyConnection) -> list[Comparison]:
    """Return those that records have something for; of others nothing can be learned."""
    return [
        comparison
        for comparison in COMPARISONS
        if connection.execute(
            f"select 1 from people where coalesce({', '.join(_texts(comparison))}) is not null "
            "limit 1"
        ).fetchall()
    ]


def _texts(comparison: Comparison) -> list[str]:
    return [f"cast({column} as varchar)" for column in comparison.columns]


def _has_pairs(connection: DuckDBPyConnection, rule: str) -> bool:
    return bool(
        connection.execute(
            "select 1 from people as l inner join people as r "
            f"on {rule} and l.unique_id < r.unique_id limit 1"
        ).fetchall()
    )


def _expected() -> dict[str, dict[str, Shares]]:
    return {
        comparison.name: {level.evidence: Shares(level.m, level.u) for level in comparison.levels}
        for comparison in COMPARISONS
    }


def _settled(
    comparison: Mapping[str, Any], sure: int, sampled: float, probability: float
) -> dict[str, Shares]:
    """Combine what was learned with what was expected: a step nobody was seen on is not zero.

    Among few records, pairs of one person are many of the random pairs; u is of the others. The
    difference of two small numbers is not trusted below what was expected, and what a sample did
    not show may still be as common as one in twice as many pairs.
    """
    expected = _expected()[comparison["output_column_name"]]
    learned = {
        level["label_for_charts"]: level
        for level in comparison["comparison_levels"]
        if not level.get("is_null_level")
    }
    shares = {}
    for step, before in expected.items():
        m = learned[step].get("m_probability", before.m)
        m = (m * sure + before.m * _PRIOR_PAIRS) / (sure + _PRIOR_PAIRS)
        mixed = learned[step].get("u_probability", before.u)
        u = (mixed - probability * m) / (1 - probability)
        u = min(max(u, min(mixed, before.u), 0.5 / sampled), 1.0)
        shares[step] = Shares(_rounded(m), _rounded(u))
    return shares


def _of_strangers(household: Mapping[str, Shares]) -> dict[str, Shares]:
    """Take relatives out of u: of strangers, name and address are independent, or nearly so.

    Random pairs that agree on both are relatives, who are weighed on their own.
    """
    parts = {step: step.split(", ") for step in household}
    marginal: dict[str, float] = defaultdict(float)
    for step, named in parts.items():
        for part in named:
            marginal[part] += household[step].u
    shares = {}
    for step, named in parts.items():
        share = household[step]
        if len(named) == 2 and "family_name differs" not in named:
            by_chance = _LOCAL_NAMES * marginal[named[0]] * marginal[named[1]]
            share = replace(share, u=_rounded(min(share.u, by_chance)))
        shares[step] = share
    return shares


def _terms(connection: DuckDBPyConnection, count: int) -> dict[str, Terms]:
    """Find the common values. A rare one may be a person's own; it never leaves the warehouse."""
    least = max(10, count / 10_000)
    terms = {}
    for column in TERM_COLUMNS:
        rows = connection.execute(
            f"select {column}, count(*) from people where {column} is not null group by 1"
        ).fetchall()
        whole = sum(number for _, number in rows)
        common = {value: number for value, number in rows if number >= least}
        others = len(rows) - len(common)
        rest = whole - sum(common.values())
        share = rest / others / whole if others else 1 / (whole + 1)
        terms[column] = Terms(
            {value: _rounded(number / whole) for value, number in sorted(common.items())},
            _rounded(share),
        )
    return terms


def _rounded(number: float) -> float:
    """Keep the digits that mean something and that every machine agrees on."""
    return float(f"{number:.{_DIGITS}g}")


def _all_rounded(shares: Mapping[str, float]) -> dict[str, float]:
    return {step: _rounded(share) for step, share in shares.items()}


def _linker(
    connection: DuckDBPyConnection,
    comparisons: Sequence[Comparison],
    shares: Mapping[str, Mapping[str, Shares]],
    probability: float,
) -> Any:  # noqa: ANN401 (Splink's own)
    from splink import DuckDBAPI, Linker, SettingsCreator

    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(comparison, shares) for comparison in comparisons],
        blocking_rules_to_generate_predictions=[
            {"blocking_rule": rule} for rule in blocking_rules()
        ],
        probability_two_random_records_match=probability,
        retain_matching_columns=True,  # the steps among them, which the evidence says
        linker_uid="rfm",
    )
    people = DuckDBAPI(connection).register("people", dataset_display_name="people_of_rfm")
    return Linker(people, settings, log_level=None, validate_settings=False)


def _comparison(
    comparison: Comparison, shares: Mapping[str, Mapping[str, Shares]]
) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {
            "sql_condition": comparison.missing,
            "label_for_charts": "missing",
            "is_null_level": True,
        }
    ]
    for level in comparison.levels:
        share = shares[comparison.name][level.evidence]
        one = {
            "sql_condition": level.condition,
            "label_for_charts": level.evidence,
            "m_probability": share.m,
            "u_probability": share.u,
        }
        if level.term:
            one["tf_adjustment_column"] = level.term
        levels.append(one)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _predict(
    connection: DuckDBPyConnection, model: IdentityModel, keep_probability: float
) -> pa.Table:
    with _quietly():
        linker = _linker(connection, COMPARISONS, model.shares, model.match_probability)
        for column, terms in model.terms.items():
            _register_terms(connection, linker, column, terms)
        predicted = linker.inference.predict(threshold_match_probability=keep_probability)
    links = connection.sql(
        f"""
        with
            against_strangers as (
                select * replace (match_weight + {of_namesakes(model)} as match_weight)
                from {predicted.physical_name}
            ),
            weighed as (
                select
                    unique_id_l,
                    unique_id_r,
                    case
                        when gamma_household > 0
                        then -log2(pow(2, -match_weight) + pow(2, -({against_relatives(model)})))
                        else match_weight
                    end as match_weight,
                    {_evidence()} as evidence
                from against_strangers
            )
        select
            left_person.record_id as left_record_id,
            right_person.record_id as right_record_id,
            1 / (1 + pow(2, -match_weight)) as match_probability,
            match_weight,
            evidence
        from weighed as pairs
        inner join people as left_person on pairs.unique_id_l = left_person.unique_id
        inner join people as right_person on pairs.unique_id_r = right_person.unique_id
        where match_probability >= {keep_probability}
        order by left_record_id, right_record_id
        """
    )
    return links.to_arrow_table()


def _register_terms(
    connection: DuckDBPyConnection,
    linker: Any,  # noqa: ANN401
    column: str,
    terms: Terms,
) -> None:
    """Give every value its share: Splink would count these records instead."""
    import pyarrow as pa

    common = pa.table(
        {
            "value": pa.array(list(terms.common), pa.string()),
            "share": pa.array(list(terms.common.values()), pa.float64()),
        }
    )
    connection.register("common_values", common)
    connection.execute(
        f"create table of_{column} as "
        f"select distinct people.{column}, coalesce(share, {terms.other}) as tf_{column} "
        f"from people left join common_values on people.{column} = common_values.value "
        f"where people.{column} is not null"
    )
    connection.unregister("common_values")
    linker.table_management.register_term_frequency_lookup(
        linker._db_api.register(f"of_{column}"), column
    )


def _evidence() -> str:
    """Say in SQL what the steps of a pair say, the missing left out."""
    texts = []
    for comparison in COMPARISONS:
        cases = " ".join(
            f"when {comparison.number(level.evidence)} then '{level.evidence}'"
            for level in comparison.levels
        )
        texts.append(f"case gamma_{comparison.name} {cases} end")
    return f"concat_ws(', ', {', '.join(texts)})"
