"""What is said of groups of customers, and of which group a customer is."""

from __future__ import annotations

import duckdb
import pytest

from rfm_cli.errors import BadInput
from rfm_cli.group_facts import group_fits, group_in_words, group_of, groups_in_words
from rfm_cli.settings import check_pooling, check_settings
from rfm_cli.warehouse.duckdb import DuckDBWarehouse

TABLES = """
create table int_ltv__group_fits as
    select * from (values ('', 0.5, 25.0), ('channel=web', 0.5, 20.0), ('channel=shop', 1.0, 90.0))
        as fits (ltv_group, r, alpha);
create table int_ltv__customer_groups as
    select * from (values ('a', 'channel=web'), ('b', 'channel=new'))
        as groups (customer_id, ltv_group);
"""


def opened(tmp_path, tables=TABLES):
    path = tmp_path / "x.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(tables)
    return DuckDBWarehouse(path, read_only=True)


def test_groups_are_told_by_how_often_they_order(tmp_path):
    with opened(tmp_path) as warehouse:
        assert groups_in_words(group_fits(warehouse)) == [
            "Each of 2 groups of customers has a fit of its own, leaning on the others: an active"
            " customer of channel=web orders once every 40 days on average, one of channel=shop"
            " every 90."
        ]


def test_a_customer_is_told_whose_fit_scores_them(tmp_path):
    with opened(tmp_path) as warehouse:
        told = [group_in_words(group_of(warehouse, customer)) for customer in ("a", "b")]
    assert told == [
        ", by the fit of the group channel=web",
        ", by the fit of all customers: the fit does not know the customer's group",
    ]


@pytest.mark.parametrize(
    "tables",
    [
        "create table nothing (x int)",
        "create table int_ltv__group_fits as select '' as ltv_group, 1.0 as r, 2.0 as alpha",
    ],
)
def test_without_groups_nothing_is_said(tmp_path, tables):
    with opened(tmp_path, tables) as warehouse:
        assert groups_in_words(group_fits(warehouse)) == []
        assert group_in_words(group_of(warehouse, "a")) == ""


def test_settings_of_groups_are_checked(tmp_path):
    with pytest.raises(BadInput, match="cannot be used"):
        check_pooling("complete")
    with pytest.raises(BadInput) as found:
        check_settings({"rfm_ltv_max_groups": 0}, tmp_path)
    assert found.value.where == "setting rfm_ltv_max_groups"
