"""From what systems know to customers: names, shared identifiers, chains, decisions, learning."""

from __future__ import annotations

from collections import defaultdict

import duckdb
import pytest
from building import Warehouse
from identity_project import IDENTITY_MODELS, build_identity

BUILD = (IDENTITY_MODELS, "+path:models/marts/identity")
HEADING = "decision_type,left_record_id,right_record_id,reason,decided_on,revoked_on\n"


def record(source_record_id: str, first: str | None = None, last: str | None = None, **more):
    """Write down a record; its postcode is its own unless said otherwise."""
    return {
        "source_record_id": source_record_id,
        "first_name": first,
        "last_name": last,
        "updated_at": "2025-01-01 00:00:00",
        **more,
    }


# Scenarios have ids of their own, by their first letter, and share a build.
CRM = [
    # n: Ann and Tom share an e-mail.
    record("n1", "Ann", "Lee", email="lees@x.com"),
    record("n2", "Tom", "Lee", email="lees@x.com"),
    # t: the same, and the shop knows somebody with that e-mail and no name.
    record("t1", "Ann", "Lowe", email="lowes@x.com"),
    record("t2", "Tom", "Lowe", email="lowes@x.com"),
    # f: five families on one number.
    *(
        record(f"f{n}", "Kim", name, phone="+442079460001")
        for n, name in enumerate(["Adams", "Brown", "Clark", "Davis", "Evans"])
    ),
    # j: born on different days, and with day and month swapped.
    record("j1", "John", "Doe", postal_code="AB1 2CD", country_code="GB", birth_date="1950-03-04"),
    record("j2", "John", "Doe", postal_code="AB1 2CD", country_code="GB", birth_date="1981-11-20"),
    record("j3", "Jane", "Roe", postal_code="AB1 2CD", country_code="GB", birth_date="1950-03-04"),
    record("j4", "Jane", "Roe", postal_code="AB1 2CD", country_code="GB", birth_date="1950-04-03"),
    # l: one loyalty number, married since.
    record("l1", "Ann", "Weaver", loyalty_id="77001"),
    # c: a chain over three systems.
    record(
        "c1",
        "Mary",
        "Stone",
        email="mary@stone.example",
        street="1 Old Street",
        postal_code="EH1 1AA",
        country_code="GB",
        birth_date="1970-05-06",
        phone="+442079460009",
    ),
    # p: two people whom only learning links.
    record("p1", "Ann", "Parr", street="3 Mill Lane"),
    record("p2", "Tom", "Parr", street="3 Mill Lane"),
    record("p3", "Rose", "Quick"),
]
SHOP = [
    record("t3", email="lowes@x.com"),
    record("l2", "Ann", "Kowalski", loyalty_id="77001"),
    record(
        "c2",
        "Mary",
        "Stone",
        email="mary@stone.example",
        phone="+447911123456",
        street="2 New Street",
        postal_code="EH2 2BB",
        country_code="GB",
        updated_at="2025-06-01 00:00:00",
    ),
    record("p4", "Rosie", "Quick"),
]
POS = [record("c3", "Mary", "Stone", phone="+447911123456", birth_date="1970-05-06")]
CUSTOMERS = {"crm": CRM, "shop": SHOP, "pos": POS}


def customers(warehouse: Warehouse, letter: str) -> set[frozenset[str]]:
    """Return the records of each customer of a scenario."""
    groups = defaultdict(set)
    for record_id, customer_id in warehouse.rows(
        "select record_id, customer_id from customer_records"
        f" where source_record_id like '{letter}%'"
    ):
        groups[customer_id].add(record_id)
    return {frozenset(group) for group in groups.values()}


def groups(*texts: str) -> set[frozenset[str]]:
    return {frozenset(text.split()) for text in texts}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Warehouse:
    return build_identity(tmp_path_factory.mktemp("who"), CUSTOMERS, select=BUILD)


def test_a_shared_email_of_two_first_names_is_two_customers_with_the_veto_told(built):
    assert customers(built, "n") == groups("crm:n1", "crm:n2")
    assert built.rows(
        "select link_rule, evidence, veto_reason from identity_links"
        " where left_record_id = 'crm:n1' and right_record_id = 'crm:n2'"
    ) == [("email", "email lees@x.com", "first_name_conflict")]


def test_a_record_without_a_name_goes_to_one_of_them(built):
    assert customers(built, "t") == groups("crm:t1 shop:t3", "crm:t2")
    assert built.rows(
        "select left_record_id, right_record_id, veto_reason"
        " from main_intermediate.int_identity__cannot_links where left_record_id = 'crm:t1'"
    ) == [("crm:t1", "crm:t2", "first_name_conflict")]
    assert built.rows(
        "select reasons from identity_review where customer_id ="
        " (select customer_id from customer_records where record_id = 'crm:t1')"
    ) == [("reclustered",)]


def test_five_families_on_one_number_are_five_customers(built):
    assert len(customers(built, "f")) == 5
    assert built.rows(
        "select suppression_reason from main_intermediate.int_identity__suppressed"
        " where identifier_type = 'phone' and identifier_value = '+442079460001'"
    ) == [("over_degree_cap",)]


def test_birth_dates_tell_apart_but_not_swapped_ones(built):
    assert customers(built, "j") == groups("crm:j1", "crm:j2", "crm:j3 crm:j4")


def test_one_loyalty_number_under_two_family_names_is_one_customer(built):
    assert customers(built, "l") == groups("crm:l1 shop:l2")


def test_a_chain_over_three_systems_is_explained_link_by_link(built):
    assert customers(built, "c") == groups("crm:c1 shop:c2 pos:c3")
    links = built.rows(
        "select left_record_id, right_record_id, evidence from identity_links"
        " where customer_id is not null and right_record_id = 'shop:c2' order by 1"
    )
    assert [link[:2] for link in links] == [("crm:c1", "shop:c2"), ("pos:c3", "shop:c2")]
    assert "mary@stone.example" in links[0][2]
    assert "+447911123456" in links[1][2]


def test_each_value_of_the_golden_record_has_its_source(built):
    found = {
        attribute: (value, record_id, rule)
        for attribute, value, record_id, rule in built.rows(
            "select attribute, value, record_id, survivorship_rule from customer_attributes"
            " join customer_records using (customer_id, record_id)"
            " where customer_id ="
            " (select customer_id from customer_records where record_id = 'crm:c1')"
        )
    }
    # The mobile number of the newest record, not the CRM's own; the address that was said last.
    assert found["phone"] == ("+447911123456", "shop:c2", "most_recent")
    assert found["postal_code"][1:] == found["street"][1:] == ("shop:c2", "most_recent")
    assert found["birth_date"] == ("1970-05-06", "crm:c1", "source_priority")
    assert found["first_name"][1:] == ("crm:c1", "source_priority")


def learn(database, run_number, links):
    """Append a run of learning, the probability of each link by its pair."""
    run_id = f"r{run_number}"
    with duckdb.connect(database) as connection:
        for (left, right), probability in links.items():
            connection.execute(
                "insert into main_fitted.fitted_identity_links by name select ? as run_id,"
                " ? as left_record_id, ? as right_record_id, ? as match_probability,"
                " 9.9 as match_weight, 'street' as evidence",
                [run_id, left, right, probability],
            )
        connection.execute(
            "insert into main_fitted.fitted_runs by name select ? as run_id, ? as run_number,"
            " 'identity' as topic, date '2026-01-01' as as_of_date, 'splink' as model,"
            " true as is_accepted",
            [run_id, run_number],
        )


def test_decisions_and_learned_links(tmp_path):
    """A split at the ends of a chain, a link taken back; a learned link of .999 against names."""
    first = build_identity(
        tmp_path,
        CUSTOMERS,
        select=BUILD,
        seeds={
            "identity_decisions": HEADING
            + "force_split,pos:c3,crm:c1,told us,2025-07-01,\n"
            + "force_link,crm:n1,crm:n2,one person with two names,2025-07-01,\n"
        },
    )
    apart = customers(first, "c")
    assert apart in (groups("crm:c1 shop:c2", "pos:c3"), groups("crm:c1", "pos:c3 shop:c2"))
    assert customers(first, "n") == groups("crm:n1 crm:n2")
    learn(first.database, 1, {("crm:p1", "crm:p2"): 0.999, ("crm:p3", "shop:p4"): 0.85})
    second = build_identity(
        tmp_path,
        CUSTOMERS,
        select=BUILD,
        seeds={
            "identity_decisions": HEADING
            + "force_split,pos:c3,crm:c1,told us,2025-07-01,\n"
            + "force_link,crm:n1,crm:n2,one person with two names,2025-07-01,2025-08-01\n"
        },
    )
    assert customers(second, "n") == groups("crm:n1", "crm:n2")
    assert customers(second, "c") == apart
    assert customers(second, "p") == groups("crm:p1", "crm:p2", "crm:p3 shop:p4")
    assert second.rows(
        "select link_method, strength, veto_reason from identity_links"
        " where left_record_id = 'crm:p1'"
    ) == [("learned", 99.9, "first_name_conflict")]
    # Learned anew, the probability falls below .8: they stay together; below .5 they do not.
    for run_number, probability, wanted in (
        (2, 0.6, groups("crm:p3 shop:p4")),
        (3, 0.4, groups("crm:p3", "shop:p4")),
    ):
        learn(first.database, run_number, {("crm:p3", "shop:p4"): probability})
        third = build_identity(tmp_path, CUSTOMERS, select=BUILD)
        assert customers(third, "p") - groups("crm:p1", "crm:p2") == wanted
