"""A person of several records is erased, and known again when a source sends them anew."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from building import Warehouse
from identity_project import build_identity

from rfm_cli.erasure import forget
from rfm_cli.erasure.columns import (
    CUSTOMER_COLUMNS,
    CUSTOMER_OR_RECORD_COLUMNS,
    NAMING_CUSTOMER_COLUMNS,
    NAMING_RECORD_COLUMNS,
    RECORD_COLUMNS,
    SOURCE_COLUMNS,
)
from rfm_cli.errors import BadInput
from rfm_cli.warehouse.targets import duckdb_target

EVERYTHING = ("path:models", "path:seeds")
CURRENCY = {"currency": "EUR"}
# Ann and Tom share a home and its phone; Ann shops under two numbers.
ANN = {"first_name": "Annabel", "last_name": "Leeuwen", "email": "annabel@leeuwen.example"}
TOM = {"first_name": "Tom", "last_name": "Leeuwen", "email": "tom@leeuwen.example"}
HOME = {"phone": "+44 7911 123456", "country_code": "GB", "postal_code": "SW1A 1AA"}
BOB = {"first_name": "Bob", "last_name": "Bauer", "email": "bob@bauer.example"}
CRM = [
    {"source_record_id": "P1", **ANN, **HOME, "loyalty_id": "LOYAL77", "birth_date": "1980-03-04"},
    {"source_record_id": "P2", **TOM, **HOME, "birth_date": "1978-09-10"},
    {"source_record_id": "P3", **BOB},
]
SHOP = [
    {"source_record_id": "web-ann", **ANN},
    {"source_record_id": "web-bob", **BOB},
]
# Later Ann makes a new account with her address, and there is a card with her number.
SHOP_LATER = [*SHOP, {"source_record_id": "web-new", "email": ANN["email"]}]
CRM_LATER = [*CRM, {"source_record_id": "P9", "last_name": "Someone", "loyalty_id": "LOYAL77"}]


def order(number, customer, day, amount):
    return {
        "source_customer_id": customer,
        "order_id": f"order-{number}",
        "ordered_at": f"{day} 12:00:00",
        "order_date": day,
        "amount": amount,
        **CURRENCY,
    }


ORDERS = [
    order(1, "web-ann", "2025-11-01", 10),
    order(2, "web-ann", "2025-12-30", 20),
    order(3, "web-bob", "2025-12-01", 40),
]
ORDERS_LATER = [*ORDERS, order(4, "web-new", "2025-12-29", 80)]
ADDRESS_HASH = sha256(ANN["email"].encode()).hexdigest()
# Bob once brought Ann: his row stays, her address goes.
REFERRALS = [
    {
        "interaction_id": "referral:1",
        "source_customer_id": "P3",
        "occurred_at": "2025-10-01 12:00:00",
        "interaction_type": "referral",
        "reference_id": ADDRESS_HASH,
    }
]
TRACES = (
    ADDRESS_HASH,
    "annabel@leeuwen",
    "Annabel",
    "LOYAL77",
    "P1",
    "web-ann",
    "order-1",
    "order-2",
)
TRACES_LATER = (*TRACES, "web-new", "P9", "order-4")


def load(folder: Path, crm, shop, orders) -> Warehouse:
    return build_identity(
        folder,
        {"crm": crm, "shop": shop},
        orders={"shop": orders},
        interactions={"crm": REFERRALS},
        select=EVERYTHING,
    )


@pytest.fixture(scope="module")
def erased(tmp_path_factory):
    """Give the warehouse before, after and after the next load, and what the erasure said."""
    folder = tmp_path_factory.mktemp("identity")
    warehouse = load(folder, CRM, SHOP, ORDERS)
    project = folder / "project"
    target = duckdb_target(warehouse.database)

    def ask(customer):
        return forget(project, target, customer, lambda _: None)

    found = {"ids_before": ids(warehouse), "traces_before": traces(warehouse, TRACES)}
    found["named"] = columns_that_name(warehouse)
    # The run was told of its sources: the project does not name them.
    found["erasure"] = ask("crm:P1")
    settings = yaml.safe_load((project / "dbt_project.yml").read_text())
    settings["vars"]["rfm"]["rfm_sources"] = {
        "crm": ["customers", "interactions"],
        "shop": ["customers", "orders"],
    }
    (project / "dbt_project.yml").write_text(yaml.safe_dump(settings))
    found["traces"] = traces(warehouse, [*TRACES, found["ids_before"]["crm:P1"]])
    found["ids"] = ids(warehouse)
    again = [ask(name) for name in ("crm:P1", "shop:web-ann", found["ids_before"]["crm:P1"])]
    found["again"] = again
    with pytest.raises(BadInput, match='there is no customer "crm:P77"'):
        ask("crm:P77")
    load(folder, CRM_LATER, SHOP_LATER, ORDERS_LATER)
    return warehouse, found


def ids(warehouse) -> dict[str, str]:
    return dict(warehouse.rows("select record_id, customer_id from customer_records"))


def text_columns(warehouse):
    return warehouse.rows(
        "select table_schema, table_name, column_name from information_schema.columns "
        "join information_schema.tables using (table_catalog, table_schema, table_name) "
        "where table_type = 'BASE TABLE' and data_type = 'VARCHAR' and table_schema like 'main%'"
    )


def traces(warehouse, wanted) -> set[tuple[str, str, str]]:
    """Return where in our tables the texts are, or texts made of them; raw tables are not ours."""
    found = set()
    for schema, table, column in text_columns(warehouse):
        if schema == "main_seeds":
            continue
        counts = ", ".join(
            "count(*) filter (regexp_matches("
            f"\"{column}\", '(^|[^0-9A-Za-z]){text}($|[^0-9A-Za-z])'))"
            for text in wanted
        )
        (told,) = warehouse.rows(f"select {counts} from {schema}.{table}")
        found |= {(table, column, text) for text, n in zip(wanted, told, strict=True) if n}
    return found


def columns_that_name(warehouse) -> set[str]:
    return {
        column
        for _, _, column in text_columns(warehouse)
        if "customer_id" in column or "record_id" in column
    }


def test_the_person_was_in_many_tables(erased):
    _, found = erased
    assert len({table for table, _, _ in found["traces_before"]}) > 8
    assert found["ids_before"]["crm:P1"] == found["ids_before"]["shop:web-ann"]
    assert found["ids_before"]["crm:P1"] != found["ids_before"]["crm:P2"]


def test_every_column_that_names_someone_is_listed(erased):
    _, found = erased
    known = {*CUSTOMER_COLUMNS, *RECORD_COLUMNS, *CUSTOMER_OR_RECORD_COLUMNS, *SOURCE_COLUMNS}
    assert found["named"] <= known | {*NAMING_CUSTOMER_COLUMNS, *NAMING_RECORD_COLUMNS}


def test_all_records_go_at_once(erased):
    _, found = erased
    assert found["traces"] == set()
    assert set(found["erasure"].person.record_ids) == {"crm:P1", "shop:web-ann"}
    assert found["ids_before"].keys() - found["ids"].keys() == {"crm:P1", "shop:web-ann"}


def test_what_is_shared_gets_no_tombstone(erased):
    _, found = erased
    assert {kind for kind, _ in found["erasure"].person.identifiers} == {
        "email",
        "email_hash",
        "loyalty_id",
    }


def test_asked_again_it_was_erased_before(erased):
    _, found = erased
    for erasure in found["again"]:
        assert erasure.was_erased
        assert not erasure.removed_rows


def test_a_new_record_of_the_person_is_left_out(erased):
    warehouse, _ = erased
    assert ids(warehouse).keys() == {"crm:P2", "crm:P3", "shop:web-bob"}
    assert traces(warehouse, TRACES_LATER) == set()


def test_the_others_keep_their_ids(erased):
    warehouse, found = erased
    before = found["ids_before"]
    assert ids(warehouse) == {name: before[name] for name in ("crm:P2", "crm:P3", "shop:web-bob")}
    assert warehouse.rows("select customer_id, revenue_amount from customers order by 2 desc") == [
        (before["crm:P3"], 40),
        (before["crm:P2"], 0),
    ]


def test_a_referral_of_the_person_names_nobody(erased):
    warehouse, found = erased
    bob = found["ids_before"]["crm:P3"]
    assert warehouse.rows(
        "select customer_id, reference_id from interactions where interaction_type = 'referral'"
    ) == [(bob, None)]


def test_money_is_conserved(erased):
    warehouse, _ = erased
    assert warehouse.rows(
        "select quarantine_reason, currency, sum(row_count), sum(amount) "
        "from main_intermediate.int_orders__judged_counts group by 1, 2 order by 1 nulls last"
    ) == [("customer_erased", "EUR", 3, 110), (None, "EUR", 1, 40)]
    assert warehouse.rows(
        "select count(*), count(customer_id_text), count(order_id_text), count(amount_text) "
        "from quarantined_rows where quarantine_reason = 'customer_erased'"
    ) == [(3, 0, 0, 0)]
