"""Tables nobody described: what they are, which column is what, and drafts that build."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import date

import duckdb
import pytest
from cli_helpers import RFM, query
from raw_company import SOURCES, make_raw_company

from rfm_cli.demo.company import load_company
from rfm_cli.scan.roles import Column, find_roles


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    return make_raw_company(tmp_path_factory.mktemp("raw") / "raw.duckdb")


def scanned(rfm, *arguments, **options) -> dict[str, dict]:
    done = rfm("sources", "scan", *arguments, "--json", **options)
    assert done.returncode == 0, done.stderr
    return {f"{t['schema']}.{t['table']}": t for t in json.loads(done.stdout)["tables"]}


def test_entities_keys_and_columns_of_small_tables(rfm, raw, tmp_path):
    tables = scanned(rfm, raw, "--database", tmp_path / "none.duckdb")
    found = {name: (table["entity"], table["key"]) for name, table in tables.items()}
    assert found == {
        "raw_office.people": ("customers", "person_id"),
        "raw_till.cards": ("customers", "card_no"),
        "raw_till.receipts": ("orders", "receipt_no"),
        "raw_web.accounts_of_people": ("customers", "uid"),
        "raw_web.bestellungen": ("orders", "bestellnummer"),
        "raw_web.lines": ("order_lines", None),
        "raw_web.products": ("products", "sku"),
        "raw_web.refunds": ("refunds", "refund_no"),
    }
    people = tables["raw_office.people"]
    assert people["row_count"] == 200
    assert people["fill"]["email_address"] == 0.75
    assert people["roles"]["email"] == "email_address"
    assert people["roles"]["birth_date"] == "date_of_birth"
    # Their names say nothing; their values do.
    assert tables["raw_web.accounts_of_people"]["roles"]["email"] == "contact"
    assert tables["raw_till.cards"]["roles"]["phone"] == "contact"
    orders = tables["raw_web.bestellungen"]
    assert orders["roles"] == {
        "order_id": "bestellnummer",
        "customer_id": "kundennummer",
        "occurred_at": "bestelldatum",
        "currency": "waehrung",
        "amount": "betrag",
    }
    assert (orders["first_date"], orders["last_date"]) == ("2024-01-01", "2024-03-16")


def test_the_planted_columns_of_the_demo_company(rfm, tmp_path):
    database = tmp_path / "company.duckdb"
    load_company(database, 300, 1)
    tables = scanned(rfm, database, "--database", tmp_path / "none.duckdb")
    assert not any(name.startswith("truth") for name in tables)
    for name, entity, email, order_id in (
        ("raw_crm.people", "customers", "email_address", None),
        ("raw_crm.contacts", "customers", "email_address", None),
        ("raw_crm.accounts", "accounts", None, None),
        ("raw_shop.web_customers", "customers", "email", None),
        ("raw_shop.guest_checkouts", "customers", "email", None),
        ("raw_shop.orders", "orders", None, "order_no"),
        ("raw_shop.lines", "order_lines", None, "order_no"),
        ("raw_shop.refunds", "refunds", None, "order_no"),
        ("raw_pos.cards", "customers", "email", None),
        ("raw_pos.receipts", "orders", None, "receipt_no"),
        ("raw_finance.debtors", "customers", "email", None),
        ("raw_finance.invoices", "orders", None, "invoice_id"),
        ("raw_finance.payments", "payments", None, "invoice_id"),
        ("raw_support.requesters", "customers", "email", None),
        ("raw_support.tickets", "interactions", None, "order_ref"),
        ("raw_marketing.subscribers", "customers", "email", None),
        ("raw_partner.channel_sales", "orders", None, "sale_ref"),
        ("raw_syndicated.demographics", "demographics", None, None),
    ):
        table = tables[name]
        assert table["entity"] == entity, name
        assert table["roles"].get("email") == email, name
        assert table["roles"].get("order_id") == order_id, name
    assert tables["raw_partner.channel_sales"]["roles"]["email_sha256"] == "buyer_email_sha256"
    assert tables["raw_shop.orders"]["roles"]["other_customer_id"] == "checkout_id"


def test_a_folder_of_files(rfm, tmp_path):
    folder = tmp_path / "loyalty"
    folder.mkdir()
    (folder / "Members 2024.csv").write_text(
        "Member No;E-Mail;Geburtstag\n"
        + "".join(f"{i};m{i}@example.com;0{1 + i % 9}.12.1970\n" for i in range(40))
    )
    (folder / "notes.md").write_text("no table")
    database = tmp_path / "none.duckdb"
    tables = scanned(rfm, folder, "--database", database, "--write", tmp_path / "drafts")
    (table,) = tables.values()
    assert (table["source"], table["entity"], table["key"]) == ("loyalty", "customers", "Member No")
    assert table["roles"]["email"] == "E-Mail"
    assert table["roles"]["birth_date"] == "Geburtstag"
    sources = (tmp_path / "drafts/loyalty/_loyalty__sources.yml").read_text()
    assert "external_location" in sources


def test_files_that_are_called_alike_are_two_tables(rfm, tmp_path):
    for name, rows in (("Orders.csv", 10), ("orders.tsv", 20)):
        (tmp_path / name).write_text("no\tday\n" + "1\t2024-01-01\n" * rows)
    tables = scanned(rfm, tmp_path, "--database", tmp_path / "none.duckdb")
    assert {table["table"]: table["row_count"] for table in tables.values()} == {
        "orders": 10,
        "orders_2": 20,
    }


def test_names_with_quotes_and_blanks(rfm, consolidated, tmp_path):
    """They are read, compared with known customers and drafted like any other."""
    database = tmp_path / "odd.duckdb"
    with duckdb.connect(database) as connection:
        connection.execute("""create schema "raw_o'dd" """)
        connection.execute(
            """
            create table "raw_o'dd"."Shop's People" as
            select 'c' || i as "customer id", 'a' || i || '@x.example' as "e""mail"
            from range(50) as numbers(i)
            """
        )
    _, known = consolidated
    tables = scanned(rfm, database, "--database", known, "--write", tmp_path / "drafts")
    table = tables["raw_o'dd.Shop's People"]
    assert (table["entity"], table["roles"]["email"]) == ("customers", 'e"mail')
    assert table["known_share"]["email"] == 0.0
    draft = (tmp_path / "drafts/o_dd/stg_o_dd__customers.sql").read_text()
    assert "staged_shop_s_people as (" in draft
    assert """source("o_dd", "Shop's People")""" in draft


def test_no_personal_value_is_printed(rfm, raw, tmp_path):
    done = rfm("sources", "scan", raw, "--database", tmp_path / "none.duckdb")
    assert done.returncode == 0, done.stderr
    assert "raw_web.bestellungen: seems to be orders" in done.stdout
    assert "e-mail email_address (75.0 % filled)" in " ".join(done.stdout.split())
    for personal in ("@example", "Lee", "7700", "+49"):
        assert personal not in done.stdout


def test_drafts_replace_nothing(rfm, raw, tmp_path):
    drafts = tmp_path / "staging"
    (drafts / "web").mkdir(parents=True)
    mine = drafts / "web" / "stg_web__orders.sql"
    mine.write_text("mine")
    done = rfm("sources", "scan", raw, "--write", drafts, "--database", tmp_path / "none.duckdb")
    assert done.returncode == 2
    assert f"drafts replace nothing: {mine}" in done.stderr
    assert mine.read_text() == "mine"
    assert not (drafts / "office").exists()


def test_what_does_not_exist_and_what_is_empty_are_named(rfm, tmp_path):
    done = rfm("sources", "scan", tmp_path / "nothing")
    assert done.returncode == 2
    assert "there is nothing to scan" in done.stderr
    done = rfm("sources", "scan", tmp_path)
    assert done.returncode == 2
    assert "there are no CSV or Parquet files" in done.stderr


@pytest.fixture(scope="module")
def consolidated(rfm, raw, tmp_path_factory):
    """A project whose sources are the drafts as they were written, and a run of it."""
    folder = tmp_path_factory.mktemp("consolidated")
    project = folder / "project"
    assert rfm("init", project).returncode == 0
    database = shutil.copyfile(raw, folder / "rfm.duckdb")
    done = rfm(
        "sources", "scan", raw, "--database", database, "--write", project / "models/staging"
    )
    assert done.returncode == 0, done.stderr
    settings = project / "dbt_project.yml"
    text = settings.read_text().replace("      file: [orders]\n      table: [orders]\n", SOURCES)
    settings.write_text(text)
    done = rfm("run", "--project-dir", project, "--database", database, "--json")
    assert done.returncode == 0, done.stderr
    return project, database


def test_drafts_build_as_they_are(consolidated):
    _, database = consolidated
    (usable,) = query(
        database,
        "select count(*) from main_staging.stg_till__orders where quarantine_reason is null",
    )[0]
    assert usable == 400
    assert query(
        database,
        "select count(*), count(email), min(birth_date) from main_staging.stg_web__customers",
    ) == [(150, 150, date(1980, 12, 31))]
    # Pence in the till, money here.
    (amount,) = query(database, "select sum(amount) from main_staging.stg_till__orders")[0]
    assert float(amount) == sum(100 * i % 9000 for i in range(1, 401)) / 100


def test_the_rules_of_quality_hold(consolidated, tmp_path):
    """Unit tests of dbt: they need a project in which a source offers customers."""
    project, built = consolidated
    database = shutil.copyfile(built, tmp_path / "rfm.duckdb")
    done = subprocess.run(
        [
            RFM.with_name("dbt"), "--no-use-colors", "test", "--project-dir", project,
            "--profiles-dir", project, "--target-path", tmp_path / "target",
            "--log-path", tmp_path / "logs", "--select", "source_quality,test_type:unit",
        ],
        env={**os.environ, "RFM_DUCKDB_PATH": str(database)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "PASS=3" in done.stdout


def test_known_customers_are_recognised_by_their_hashes(rfm, consolidated, raw, tmp_path):
    project, database = consolidated
    tables = scanned(rfm, raw, "--database", database, "--project-dir", project)
    assert tables["raw_office.people"]["known_share"]["email"] == 1.0
    stranger = tmp_path / "strangers"
    stranger.mkdir()
    (stranger / "people.csv").write_text(
        "person_id,email\n1,p1@example.com\n2,nobody@example.com\n3,P2@Example.com\n4,x@y.com\n"
    )
    tables = scanned(rfm, stranger, "--database", database, "--project-dir", project)
    (table,) = tables.values()
    assert table["known_share"]["email"] == 0.5


def test_sources_shows_what_is_registered_and_what_it_brought(rfm, consolidated):
    project, database = consolidated
    done = rfm("sources", "--project-dir", project, "--database", database, "--json")
    assert done.returncode == 0, done.stderr
    sources = {s["source_name"]: s for s in json.loads(done.stdout)["sources"]}
    assert list(sources) == ["office", "till", "web"]
    assert sources["office"]["row_count"] == 200
    assert sources["office"]["fill"]["email"] == 0.75
    web = sources["web"]
    assert web["revenue_amount"] > 0
    assert web["customer_count"] == web["shared_customer_count"] + web["only_here_customer_count"]
    known = query(
        database,
        "select source_name, count(distinct customer_id) from customer_records group by 1",
    )
    assert {name: s["customer_count"] for name, s in sources.items()} == dict(known)
    done = rfm("sources", "--project-dir", project, "--database", database)
    assert "What each brought" in done.stdout
    assert "Joined sales" in done.stdout


@pytest.mark.long
def test_a_source_that_shrinks_overnight_stops_the_run(rfm, consolidated, tmp_path):
    project, built = consolidated
    database = shutil.copyfile(built, tmp_path / "rfm.duckdb")
    before = query(database, "select * from customer_rfm order by all")
    with duckdb.connect(database) as connection:
        connection.execute("delete from raw_office.people where person_id > 90")
    for _ in range(2):  # the counts of a run that failed are not what the next is compared with
        done = rfm("run", "--project-dir", project, "--database", database)
        assert done.returncode == 1, done.stderr
        assert "office, customers: 45.0 % of the rows of the last run are there" in done.stderr
        assert "The marts were left as they were" in done.stderr
        assert query(database, "select * from customer_rfm order by all") == before
    thresholds = project / "seeds" / "quality_thresholds.csv"
    text = thresholds.read_text()
    try:
        thresholds.write_text(text + "office,customers,row_count,*,0.5,warn\n")
        done = rfm("run", "--project-dir", project, "--database", database, "--json")
        assert done.returncode == 0, done.stderr
        assert query(
            database,
            "select value, status from source_quality"
            " where source_name = 'office' and check_name = 'row_count'",
        ) == [(0.45, "warn")]
    finally:
        thresholds.write_text(text)


@pytest.mark.long
def test_defects_are_counted(rfm, consolidated, tmp_path):
    project, built = consolidated
    database = shutil.copyfile(built, tmp_path / "rfm.duckdb")
    with duckdb.connect(database) as connection:
        connection.execute("insert into raw_web.lines values ('W-none', 1, 'SKU1', 1, 9)")
        connection.execute("update raw_web.lines set sku = null where order_no in ('W-1', 'W-2')")
        connection.execute(
            "update raw_web.bestellungen set kundennummer = 'u_999' where bestellnummer = 'W-5'"
        )
        connection.execute(
            "update raw_web.bestellungen set betrag = null where bestellnummer = 'W-6'"
        )
        connection.execute(
            "insert into raw_office.people from raw_office.people where person_id = 7"
        )
    decisions = project / "seeds" / "identity_decisions.csv"
    heading = decisions.read_text()
    decisions.write_text(
        heading + "force_split,office:1,office:2,two people,2025-07-01,\n"
        "force_link,office:3,office:mistyped,one person,2025-07-01,\n"
    )
    try:
        done = rfm("run", "--project-dir", project, "--database", database, "--json")
    finally:
        decisions.write_text(heading)
    assert done.returncode == 0, done.stderr
    warned = {one["test"]: one["row_count"] for one in json.loads(done.stdout)["warnings"]}
    assert warned["assert_decisions_name_records"] == 1
    values = {
        (source, entity, check, column): value
        for source, entity, check, column, value in query(
            database,
            "select source_name, entity, check_name, column_name, value from source_quality",
        )
    }
    assert values["web", "order_lines", "orphan_rate", "order_id"] == pytest.approx(1 / 1201)
    assert values["web", "order_lines", "completeness", "product_id"] == pytest.approx(1197 / 1201)
    assert values["web", "orders", "orphan_rate", "source_customer_id"] == pytest.approx(1 / 600)
    assert values["web", "orders", "validity", None] == pytest.approx(599 / 600)
    assert values["office", "customers", "uniqueness", "source_record_id"] == pytest.approx(
        200 / 201
    )
    assert values["office", "customers", "row_count", None] == pytest.approx(201 / 200)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("E-Mail-Adresse", "email"),
        ("Kundennummer", "customer_id"),
        ("Code postal", "postal_code"),
        ("PLZ", "postal_code"),
        ("fecha_nacimiento", "birth_date"),
        ("Geburtsdatum", "birth_date"),
        ("date_de_naissance", "birth_date"),
        ("Nachname", "last_name"),
        ("prénom", "first_name"),
        ("numero_commande", "order_id"),
        ("Rechnungsnummer", "order_id"),
        ("Betrag", "amount"),
        ("montant", "amount"),
        ("devise", "currency"),
    ],
)
def test_names_in_several_languages(name, role):
    looks = {"email": 1.0, "iso_date": 1.0, "money_text": 1.0, "currency": 1.0}
    column = Column(name, "text", "varchar", 1.0, 0.5, looks)
    assert find_roles([column]) == {role: name}


def test_a_name_is_not_believed_against_the_values():
    column = Column("email", "text", "varchar", 1.0, 0.5, {"whole_number": 1.0, "number": 1.0})
    assert "email" not in find_roles([column])
