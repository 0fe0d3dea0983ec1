"""Who looks like one person and is two: relatives at one address, and namesakes.

Fellegi and Sunter's model takes what records agree on as independent. Of relatives and namesakes it
is not: who lives together shares a telephone, and e-mails are made of names. How often they agree
is counted where something else tells them apart, and what a model knows of them goes into SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log2
from typing import TYPE_CHECKING

from rfm_cli.identity.comparisons import (
    NAMESAKES,
    RELATIVES,
    comparison_named,
    steps_of_namesakes,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from rfm_cli.identity.comparisons import Comparison
    from rfm_cli.identity.model import IdentityModel, Shares

# What is expected beforehand counts as much as so many pairs.
_PRIOR_PAIRS = 50
# The columns that the steps of names, e-mails and telephones look at.
_COLUMNS = (
    "given_name_key",
    "given_name_word",
    "is_given_name_full",
    "swapped_family",
    "birth_text",
    "birth_swapped",
    "email",
    "email_key",
    "email_mailbox",
    "email_digits",
    "phone",
    "other_phone",
    "loyalty_id",
    "tax_id",
)
_OTHER_BIRTH = (
    "damerau_levenshtein(birth_text_l, birth_text_r) > 2 and birth_text_l <> birth_swapped_r"
)
_OTHER_NAME = (
    "is_given_name_full_l and is_given_name_full_r "
    "and jaro_winkler_similarity(given_name_key_l, given_name_key_r) < 0.75"
)
# The steps of which names and births tell relatives apart; births are believed as expected.
_COUNTED = {
    "given_name": _OTHER_BIRTH,
    "email": _OTHER_NAME,
    "phone": _OTHER_NAME,
    "loyalty_id": _OTHER_NAME,
}


def count_lookalikes(
    connection: DuckDBPyConnection, shares: Mapping[str, Mapping[str, Shares]]
) -> tuple[float, dict[str, dict[str, float]], dict[str, float]]:
    """Count how often relatives and namesakes agree.

    Args:
        connection: of a database with the table `people`.
        shares: of the steps, as learned.

    Returns:
        Pairs of relatives for each pair of one person at one address; the share of each step among
        relatives, by comparison; the share of each step of the e-mail among namesakes.
    """
    _pair(
        connection,
        "kin",
        "l.block_home = r.block_home and l.family_name_key = r.family_name_key",
        f"({_OTHER_BIRTH}) or ({_OTHER_NAME}) "
        "or (birth_text_l = birth_text_r and given_name_key_l = given_name_key_r)",
    )
    _pair(
        connection,
        "namesakes",
        "l.block_names = r.block_names and l.given_name_key = r.given_name_key "
        "and l.family_name_key = r.family_name_key",
        _OTHER_BIRTH,
    )
    found = (
        _relatives_per_match(connection),
        _relatives(connection, shares),
        _namesakes(connection),
    )
    connection.execute("drop table kin")
    connection.execute("drop table namesakes")
    return found


def _pair(connection: DuckDBPyConnection, table: str, meets: str, keeps: str) -> None:
    sides = ", ".join(f"{side}.{column} as {column}_{side}" for column in _COLUMNS for side in "lr")
    connection.execute(
        f"create table {table} as select * from (select {sides} from people as l inner join "
        f"people as r on {meets} and l.unique_id < r.unique_id) where {keeps}"
    )


def _relatives_per_match(connection: DuckDBPyConnection) -> float:
    relatives, persons = connection.execute(
        f"""
        select
            count(*) filter (
                where
                    birth_text_l <> birth_text_r
                    and {_OTHER_NAME}
                    and (tax_id_l <> tax_id_r or tax_id_l is null or tax_id_r is null)
            ),
            count(*) filter (
                where birth_text_l = birth_text_r and given_name_key_l = given_name_key_r
            )
        from kin
        """
    ).fetchall()[0]
    return float((relatives + 1) / (persons + 1))


def _relatives(
    connection: DuckDBPyConnection, shares: Mapping[str, Mapping[str, Shares]]
) -> dict[str, dict[str, float]]:
    found = {name: dict(steps) for name, steps in RELATIVES.items()}
    for name, apart in _COUNTED.items():
        counts = _count(connection, comparison_named(name), f"kin where {apart}")
        if name == "given_name":
            counts = _without_wrong_births(counts, shares[name])
        found[name] = _combined(counts, RELATIVES[name])
    # Father and son of one name are few among the pairs of one person whose birth date is wrong.
    exact = "given_name exact"
    given = found["given_name"]
    others = (1 - RELATIVES["given_name"][exact]) / (1 - given[exact])
    found["given_name"] = {step: share * others for step, share in given.items()}
    found["given_name"][exact] = RELATIVES["given_name"][exact]
    return found


def _without_wrong_births(
    counts: Mapping[str, float], shares: Mapping[str, Shares]
) -> dict[str, float]:
    """Leave out the pairs of one person with a wrong birth date: most names that are equal."""
    persons = counts.get("given_name exact", 0.0) / shares["given_name exact"].m
    return {
        step: 0.0 if step == "given_name exact" else max(0.0, count - persons * shares[step].m)
        for step, count in counts.items()
    }


def _namesakes(connection: DuckDBPyConnection) -> dict[str, float]:
    counts = _count(connection, comparison_named("email"), "namesakes")
    whole = sum(counts.values())
    return {
        step: (counts.get(step, 0.0) + share * _PRIOR_PAIRS) / (whole + _PRIOR_PAIRS)
        for step, share in NAMESAKES.items()
    }


def _count(connection: DuckDBPyConnection, comparison: Comparison, pairs: str) -> dict[str, float]:
    """Count the pairs on each step; those that cannot be compared are left out."""
    *steps, last = comparison.levels
    cases = " ".join(f"when {level.condition} then '{level.evidence}'" for level in steps)
    rows = connection.execute(
        f"select case when {comparison.missing} then null {cases} else '{last.evidence}' end "
        f"as step, count(*) from (select * from {pairs}) group by step"
    ).fetchall()
    return {step: float(count) for step, count in rows if step is not None}


def _combined(counts: Mapping[str, float], expected: Mapping[str, float]) -> dict[str, float]:
    whole = sum(counts.values())
    return {
        step: (counts.get(step, 0.0) + share * _PRIOR_PAIRS) / (whole + _PRIOR_PAIRS)
        for step, share in expected.items()
    }


def of_namesakes(model: IdentityModel) -> str:
    """Say in SQL how much less an e-mail says between two of one name, in bits."""
    cases = _cases(
        "email",
        (
            (step, log2(model.shares["email"][step].u / share))
            for step, share in model.namesakes.items()
        ),
    )
    are_namesakes = " and ".join(
        f"gamma_{name} in ({', '.join(str(comparison_named(name).number(step)) for step in steps)})"
        for name, steps in steps_of_namesakes().items()
    )
    return f"case when {are_namesakes} then {cases} else 0 end"


def against_relatives(model: IdentityModel) -> str:
    """Say in SQL how much more likely a pair is one person than two of one household, in bits.

    The household comparison itself does not tell them apart.
    """
    weights = [repr(-log2(model.relatives_per_match))]
    for name, steps in model.shares.items():
        if name == "household":
            continue
        relatives = model.relatives.get(name, {})
        weights.append(
            _cases(
                name,
                (
                    (step, log2(share.m / relatives.get(step, share.u)))
                    for step, share in steps.items()
                ),
            )
        )
    return " + ".join(weights)


def _cases(name: str, bits: Iterable[tuple[str, float]]) -> str:
    comparison = comparison_named(name)
    cases = " ".join(f"when {comparison.number(step)} then {weight!r}" for step, weight in bits)
    return f"case gamma_{name} {cases} else 0 end"
