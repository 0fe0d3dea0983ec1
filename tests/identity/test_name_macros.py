"""The macros that compare names and dates, held against plain Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from building import PROJECT
from damerau import damerau
from hypothesis import given, settings
from hypothesis import strategies as st

DBT = Path(sys.executable).with_name("dbt")
WORD = st.text("abcé", max_size=7)


@pytest.fixture(scope="module")
def sql(tmp_path_factory) -> dict[str, str]:
    """Let dbt write the SQL of the macros once; texts are columns a and b, records l and r."""
    folder = tmp_path_factory.mktemp("macros")
    macros = {
        "edit": "{{ within_one_edit('a', 'b') }}",
        "agree": "{{ given_names_agree('l', 'r') }}",
        "conflict": "{{ given_names_conflict('l', 'r') }}",
        "birth": "{{ birth_dates_conflict('l', 'r') }}",
    }
    done = subprocess.run(
        [
            str(DBT), "--quiet", "compile", "--inline", " ~~~ ".join(macros.values()),
            "--output", "json", "--profiles-dir", str(PROJECT), "--project-dir", str(PROJECT),
            "--target-path", str(folder / "target"), "--log-path", str(folder / "logs"),
        ],
        env=os.environ | {"RFM_DUCKDB_PATH": str(folder / "macros.duckdb")},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    compiled = json.loads(done.stdout[done.stdout.index("{") :])["compiled"]
    return dict(zip(macros, compiled.split(" ~~~ "), strict=True))


@st.composite
def near_words(draw) -> tuple[str, str]:
    """Two words that are up to two typing errors apart, which chance would hardly draw."""
    word = draw(WORD)
    other = list(word)
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(other)))
        error = draw(st.sampled_from(["insert", "drop", "replace", "swap"]))
        if error == "insert":
            other.insert(place, draw(st.sampled_from("abcé")))
        elif error == "drop":
            del other[place : place + 1]
        elif error == "replace" and place < len(other):
            other[place] = draw(st.sampled_from("abcé"))
        elif error == "swap":
            other[place : place + 2] = reversed(other[place : place + 2])
    return word, "".join(other)


@settings(max_examples=20, deadline=None)
@given(pairs=st.lists(st.one_of(near_words(), st.tuples(WORD, WORD)), min_size=50, max_size=200))
def test_within_one_edit_is_a_damerau_distance_of_one(sql, pairs):
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select a, b, {sql['edit']} from (select unnest(?) as a, unnest(?) as b)",
            [[left for left, _ in pairs], [right for _, right in pairs]],
        ).fetchall()
    assert found == [(left, right, damerau(left, right) <= 1) for left, right in pairs]


@pytest.mark.parametrize(
    ("left", "right", "agree", "conflict"),
    [
        ("robert", "robert", True, False),
        ("tomasz", "tomssz", True, False),
        ("soph", "sophie", True, False),
        ("chris", "christopher", True, False),
        ("chris", "charles", False, True),
        ("paul", "paulina", False, True),
        ("jean", "jeanette", True, False),
        ("daniel", "danile", True, False),
        ("ian", "ain", True, False),
        ("ema", "emma", True, False),
        ("ian", "iian", True, False),
        ("lea", "lena", False, True),
        ("li", "il", False, True),
        ("bob", "rovert", True, False),
        ("a", "asia", True, False),
        ("robert", "rovert", True, False),
        ("robert", "william", False, True),
        ("r", "robert", True, False),
        ("b", "robert", False, False),
        ("tim", "tom", False, True),
        ("daniel", "daniela", False, True),
        (None, "robert", False, False),
        (None, None, False, False),
    ],
)
def test_first_names(sql, left, right, agree, conflict):
    record = (
        "select cast(? as varchar) as given_name_key, cast(? as varchar) as given_name_word,"
        " cast(? as boolean) as is_given_name_listed, cast(? as boolean) as is_given_name_full"
    )
    for one, other in ((left, right), (right, left)):
        with duckdb.connect() as connection:
            found = connection.execute(
                f"select {sql['agree']}, {sql['conflict']}"
                f" from ({record}) as l cross join ({record}) as r",
                [*_name(one), *_name(other)],
            ).fetchall()
        assert found == [(agree, conflict)]


def _name(word: str | None) -> tuple[str | None, str | None, bool, bool]:
    """Return what int_identity__records says of the first word of a first name."""
    known = {"bob": "robert", "tomasz": "thomas", "asia": "joan", "paul": "paul"}
    return known.get(word, word), word, word in known, word is not None and len(word) > 1


BORN = date(1950, 3, 4)


@pytest.mark.parametrize(
    ("birth_date", "birth_year", "conflict"),
    [
        (BORN, 1950, False),
        (date(1950, 4, 3), 1950, False),
        (date(1950, 3, 14), 1950, False),
        (date(1981, 11, 20), 1981, True),
        (date(1951, 4, 3), 1951, True),
        (None, 1950, False),
        (None, 1951, True),
        (None, None, False),
    ],
)
def test_birth_dates(sql, birth_date, birth_year, conflict):
    record = "select cast(? as date) as birth_date, cast(? as integer) as birth_year"
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select {sql['birth']} from ({record}) as l cross join ({record}) as r",
            [BORN, 1950, birth_date, birth_year],
        ).fetchall()
    assert found == [(conflict,)]


def test_two_dates_by_chance_are_seldom_near(sql):
    """Days of sixty years against one of them: 1 in 600 is no conflict."""
    days = [date(1940, 1, 1) + timedelta(days=n) for n in range(60 * 365)]
    with duckdb.connect() as connection:
        (share,) = connection.execute(
            f"with l as (select unnest(?) as birth_date, null as birth_year), r as"
            f" (select date '1962-07-19' as birth_date, null as birth_year)"
            f" select avg(cast(not ({sql['birth']}) as integer)) from l cross join r",
            [days],
        ).fetchone()
    assert 0 < share < 1 / 600
