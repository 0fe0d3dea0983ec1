"""The SQL that splits a change over the factors of a product, held against the definition."""

from __future__ import annotations

from itertools import permutations
from math import prod
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

MACRO = Path(__file__).parents[2] / "macros" / "shapley_effect.sql"
FACTORS = 4
VALUE = st.floats(-1e4, 1e4, allow_subnormal=False)


@pytest.fixture(scope="module")
def effects() -> str:
    """The SQL of all four effects, of factors in the columns a0, b0, a1, b1, ..."""
    template = Environment(extensions=["jinja2.ext.do"]).from_string(MACRO.read_text())
    module = template.make_module({"double_literal": lambda number: f"{number:.17e}"})
    pairs = [(f"a{number}", f"b{number}") for number in range(FACTORS)]
    return ", ".join(str(module.shapley_effect(pairs, number)) for number in range(FACTORS))


def by_definition(after: list[float], before: list[float]) -> list[float]:
    """Change the factors one by one in each order, and take the mean of what each one did."""
    totals = [0.0] * FACTORS
    orders = list(permutations(range(FACTORS)))
    for order in orders:
        current = list(before)
        for number in order:
            was = prod(current)
            current[number] = after[number]
            totals[number] += prod(current) - was
    return [total / len(orders) for total in totals]


@settings(max_examples=100, deadline=None)
@given(
    after=st.lists(VALUE, min_size=FACTORS, max_size=FACTORS),
    before=st.lists(VALUE, min_size=FACTORS, max_size=FACTORS),
)
def test_effects_are_shapley_values_and_add_up(effects, after, before):
    columns = ", ".join(
        f"cast({value!r} as double) as {side}{number}"
        for side, values in (("a", after), ("b", before))
        for number, value in enumerate(values)
    )
    with duckdb.connect() as connection:
        found = connection.execute(f"select {effects} from (select {columns})").fetchone()
    largest = prod(max(abs(one), abs(other)) for one, other in zip(after, before, strict=True))
    assert found == pytest.approx(by_definition(after, before), rel=1e-9, abs=1e-9 * largest)
    assert sum(found) == pytest.approx(prod(after) - prod(before), rel=1e-9, abs=1e-9 * largest)
