"""People of many systems are erased: staging names none of them, and every count still adds up."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass

import pytest
from company_database import Company

from rfm_cli.erasure.forget import find_rows, model_names
from rfm_cli.erasure.person import Person
from rfm_cli.project import shipped_project
from rfm_cli.warehouse import open_warehouse
from rfm_cli.warehouse.targets import duckdb_target

pytestmark = pytest.mark.long
# Of one person: what is counted of them is left out for this reason.
ERASED = "where quarantine_reason = 'customer_erased'"
COUNTED = {
    "int_interactions__judged": "select entity, interaction_type, interaction_date, channel, "
    "amount, score, count(*) from main_intermediate.int_interactions__judged {} group by all",
    "int_orders__lines_judged": "select source_name, line_number, product_id, original_amount, "
    "count(*) from main_intermediate.int_orders__lines_judged {} group by all",
    "int_orders__judged": "select source_name, entity, order_date, original_amount, currency, "
    "channel, count(*) from main_intermediate.int_orders__judged {} group by all",
}


@dataclass(frozen=True)
class Erased:
    """A company before and after some of its people were erased and its systems read again."""

    before: Company
    after: Company
    people: list[Person]

    def both(self, sql: str) -> tuple[list[tuple], list[tuple]]:
        return tuple(sorted(one.rows(sql), key=repr) for one in (self.before, self.after))

    def of_them(self, column: str = "customer_id") -> str:
        ids = [customer_id for person in self.people for customer_id in person.customer_ids]
        return f"where {column} in ({', '.join(repr(name) for name in ids)})"


@pytest.fixture(scope="module")
def erased(finished, tmp_path_factory) -> Erased:
    """Erase whom most systems know, one with refunds, one whom a referral names, and a company."""
    folder = tmp_path_factory.mktemp("erased")
    shutil.copy(finished.database, folder / "company.duckdb")
    after = Company(folder / "company.duckdb")
    chosen = [
        after.rows(f"{sql} group by 1 order by count(*) desc, 1 limit 1")[0][0]
        for sql in (
            "select customer_id "
            "from (select distinct customer_id, source_name from customer_records)",
            "select customer_id from orders where refund_amount < 0 and source_name = 'shop'",
            "select customer_id from main_staging.stg_marketing__interactions "
            "join main_intermediate.int_identity__identifiers on reference_id = identifier_value "
            "join customer_records using (record_id) "
            "where interaction_type = 'referral'",
            "select customer_id from main_intermediate.int_identity__records "
            "as contacts join customer_records on contacts.account_record_id = "
            "customer_records.record_id",
        )
    ]
    people = []
    for customer in dict.fromkeys(chosen):
        done = after.rfm("forget", str(customer), "--yes", "--json")
        assert done.returncode == 0, done.stderr
        facts = json.loads(done.stdout)
        records = facts["records_to_erase_in_sources"]
        people.append(
            Person(
                facts["customer_ids"],
                [f"{one['source_name']}:{one['source_record_id']}" for one in records],
            )
        )
    done = after.run()
    assert done.returncode == 0, done.stderr
    return Erased(finished, after, people)


def test_no_table_and_no_view_names_them(erased):
    """Staging is a view here: what it would copy on a server is read from it."""
    target = duckdb_target(erased.after.database)
    with open_warehouse(target) as warehouse:
        for person in erased.people:
            found = find_rows(warehouse, model_names(shipped_project()), person)
            assert not [one for one in found if one.row_count or one.names]
    # Short numbers may be those of something else, and a card may be in somebody else's record too.
    keys = (one.partition(":")[2] for person in erased.people for one in person.record_ids)
    names = str([key for key in keys if len(key) > 6])[1:-1]
    columns = erased.before.rows(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'main_staging' and data_type = 'VARCHAR' "
        "and column_name <> 'loyalty_id'"
    )
    sql = " union all ".join(
        f"select '{view}.{column}' from main_staging.{view} where \"{column}\" in ({names})"
        for view, column in columns
    )
    assert len(set(erased.before.rows(sql))) > 10
    assert erased.after.rows(sql) == []


def test_no_source_shrinks(erased):
    before, after = erased.both(
        "select source_name, entity, row_count, value from source_quality "
        "where check_name = 'row_count'"
    )
    assert before == after
    before, after = erased.both(
        "select source_name, entity, check_name, column_name, status from source_quality"
    )
    assert before == after


@pytest.mark.parametrize("name", COUNTED)
def test_what_was_theirs_is_counted_without_a_name(erased, name):
    were = erased.before.rows(
        COUNTED[name].format(f"{erased.of_them()} and quarantine_reason is null")
    )
    told = erased.after.rows(COUNTED[name].format(ERASED))
    assert len(were) > 3
    left = sorted(set(were) - set(told), key=repr)
    assert not left


def test_money_of_every_source_is_conserved(erased):
    before, after = erased.both(
        "select source_name, entity, currency, sum(row_count), sum(original_amount) "
        "from main_intermediate.int_orders__judged_counts group by all"
    )
    assert before == after


def test_sales_told_twice_count_once(erased):
    """Another system's copy of a sale is not counted because the customer was erased."""
    sql = (
        "select quarantine_reason, source_name, count(*) "
        "from main_intermediate.int_orders__judged {} group by all"
    )
    orders = "select order_id, source_name, revenue_amount from orders {}"
    of_others = erased.of_them().replace(" in ", " not in ")
    assert sorted(erased.before.rows(orders.format(of_others))) == sorted(
        erased.after.rows(orders.format(""))
    )
    assert erased.after.rows(sql.format(ERASED))


def test_consents_of_erased_people_are_no_defects(erased):
    before, after = erased.both(
        "select entity, quarantine_reason, count(*) from quarantined_rows "
        "where entity in ('customers', 'consents', 'demographics') group by all"
    )
    assert before == after
