"""Records are normalised, reused numbers told apart; what says nothing is suppressed."""

from __future__ import annotations

import hashlib

import pytest
from building import Warehouse
from identity_project import FIRST_ORDER, build_identity

from rfm_cli.errors import CheckFailed

REUSED = "5"
CUSTOMERS = {
    "crm": [
        {"source_record_id": "email", "email": "  John.Smith+promo@GMail.com "},
        {"source_record_id": "no email", "email": "a@b"},
        {"source_record_id": "abroad", "phone": "0044 7911-123456"},
        {"source_record_id": "at home", "phone": "(07911) 123456", "country_code": "gb"},
        {"source_record_id": "zeros", "phone": "440000000000", "country_code": "GB"},
        {"source_record_id": "no country", "phone": "07911 123456"},
        {"source_record_id": "comma", "full_name": "Müller, Dr. Hans"},
        {"source_record_id": "plain", "full_name": "Mr. Bob van den Berg"},
        {"source_record_id": "two", "full_name": "Ann und Tom Lee"},
        {"source_record_id": "two first", "first_name": "Ann & Tom", "last_name": "Lee"},
        {"source_record_id": "initials", "first_name": "J. R.", "last_name": "O'Brien"},
        {"source_record_id": "nobody", "first_name": "Unknown", "last_name": "n/a"},
        {"source_record_id": "placeholder", "birth_date": "1900-01-01"},
        {"source_record_id": "unborn", "birth_date": "2026-01-01"},
        {"source_record_id": "later", "created_at": "2026-01-01 00:00:00"},
        {"source_record_id": None, "first_name": "Lost"},
        {"source_record_id": "bad", "quarantine_reason": "date_unreadable"},
        # One person told twice, and a number given to someone else.
        {"source_record_id": "twice", "first_name": "Eve", "updated_at": "2024-01-01 00:00:00"},
        {"source_record_id": "twice", "first_name": "Eva", "updated_at": "2025-01-01 00:00:00"},
        {
            "source_record_id": "married", "first_name": "Eve", "last_name": "Lee",
            "email": "eve@x.com", "updated_at": "2024-01-01 00:00:00",
        },
        {
            "source_record_id": "married", "first_name": "Eve", "last_name": "Kowalski",
            "email": "eve@x.com", "updated_at": "2025-01-01 00:00:00",
        },
        {"source_record_id": REUSED, "first_name": "Ann", "last_name": "Lee"},
        {"source_record_id": REUSED, "first_name": "Tom", "last_name": "Fox"},
        *(
            {"source_record_id": f"shared {name}", "last_name": name, "phone": "+48 501 234 999"}
            for name in ("Lee", "Fox", "Kowalski", "Nowak", "Smith")
        ),
        {"source_record_id": "role 1", "email": "info@shop.com"},
        {"source_record_id": "role 2", "email": "nobody@example.com"},
    ],
    # Nothing but numbers, and a column that is null everywhere.
    "pos": [{"source_record_id": "1"}],
}  # fmt: skip
ORDERS = {
    "crm": [FIRST_ORDER],
    "outlet": [
        {**FIRST_ORDER, "source_customer_id": "a"},
        {**FIRST_ORDER, "source_customer_id": "a", "order_id": "2"},
        {**FIRST_ORDER, "source_customer_id": "b", "quarantine_reason": "amount_missing"},
    ],
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory) -> Warehouse:
    return build_identity(
        tmp_path_factory.mktemp("records"),
        CUSTOMERS,
        accounts={"crm": [{"source_record_id": "A-1", "company_name": "Lee & Söhne GmbH"}]},
        orders=ORDERS,
    )


@pytest.fixture
def value(warehouse):
    """Read one value of one record."""

    def read(column: str, source_record_id: str):
        found = warehouse.rows(
            f"select {column} from main_intermediate.int_identity__records"
            f" where source_record_id = '{source_record_id}'"
        )
        assert len(found) == 1, (source_record_id, found)
        return found[0][0]

    return read


def test_emails(value):
    assert value("email", "email") == "johnsmith@gmail.com"
    # The hash is that of the address as it was written, which is what partners hash.
    address = "john.smith+promo@gmail.com"
    assert value("email_hash", "email") == hashlib.sha256(address.encode()).hexdigest()
    assert value("email", "no email") is None
    assert value("email_hash", "no email") is None


def test_phone_numbers(value):
    assert value("phone", "abroad") == value("phone", "at home") == "+447911123456"
    assert value("phone", "zeros") is None
    assert value("phone", "no country") is None


@pytest.mark.parametrize(
    ("record", "first_name", "last_name", "given_name_key", "is_full", "family_name_key"),
    [
        ("comma", "Hans", "Müller", "john", True, "muller"),
        ("plain", "Bob van den", "Berg", "robert", True, "berg"),
        ("two", "Ann und Tom", "Lee", None, False, "lee"),
        ("two first", "Ann & Tom", "Lee", None, False, "lee"),
        ("initials", "J. R.", "O'Brien", "j", False, "obrien"),
        ("nobody", "Unknown", "n/a", None, False, None),
    ],
)
def test_names(value, record, first_name, last_name, given_name_key, is_full, family_name_key):
    assert value("first_name", record) == first_name
    assert value("last_name", record) == last_name
    assert value("given_name_key", record) == given_name_key
    assert value("is_given_name_full", record) is is_full
    assert value("family_name_key", record) == family_name_key
    assert value("names_two_people", record) is record.startswith("two")


def test_companies(value):
    assert value("entity_type", "A-1") == "company"
    assert value("company_name_key", "A-1") == "leesohne"


def test_birth_dates_that_cannot_be(value):
    assert value("birth_date", "placeholder") is None
    assert value("birth_date", "unborn") is None


def test_the_row_changed_last_is_the_record(value):
    assert value("first_name", "twice") == "Eva"
    assert value("last_name", "married") == "Kowalski"


def test_what_cannot_be_used_is_kept_with_its_reason(warehouse):
    rejected = warehouse.rows(
        "select source_record_id, quarantine_reason"
        " from main_intermediate.int_identity__rejected_records order by 2, 1"
    )
    assert rejected == [
        ("bad", "date_unreadable"),
        (None, "record_id_missing"),
        (REUSED, "record_id_reused"),
        (REUSED, "record_id_reused"),
    ]


def test_a_record_made_later_does_not_exist_yet(warehouse):
    found = warehouse.rows(
        "select 1 from main_intermediate.int_identity__record_rows where source_record_id = 'later'"
    )
    assert not found


def test_customers_of_sources_with_orders_only_are_numbers(warehouse):
    found = warehouse.rows(
        "select record_id, entity_type, source_priority"
        " from main_intermediate.int_identity__records where source_name = 'outlet'"
    )
    assert found == [("outlet:a", "person", 1000)]


def test_what_many_share_is_suppressed(warehouse):
    suppressed = warehouse.rows(
        "select identifier_type, identifier_value, suppression_reason, record_count,"
        " family_name_count from main_intermediate.int_identity__suppressed"
        " where identifier_type <> 'email_hash' order by 1, 2"
    )
    assert suppressed == [
        ("email", "info@shop.com", "role_mailbox", 1, 0),
        ("email", "nobody@example.com", "placeholder", 1, 0),
        ("phone", "+48501234999", "over_degree_cap", 5, 5),
    ]
    hashes = warehouse.rows(
        "select identifier_value, suppression_reason"
        " from main_intermediate.int_identity__suppressed where identifier_type = 'email_hash'"
    )
    assert sorted(hashes) == sorted(
        (hashlib.sha256(address.encode()).hexdigest(), reason)
        for address, reason in (
            ("info@shop.com", "role_mailbox"), ("nobody@example.com", "placeholder"),
        )
    )  # fmt: skip


def test_a_nickname_stands_for_one_name(tmp_path):
    with pytest.raises(CheckFailed, match="nickname"):
        build_identity(
            tmp_path,
            {"crm": [{"source_record_id": "1"}]},
            seeds={"given_names": "nickname,canonical_name\nterry,terence\nterry,theresa\n"},
        )
