"""Who may not be a best customer: each rule removes whom it is meant for, and nobody else."""

from __future__ import annotations

import pytest
from company_database import project_with

from rfm_cli.demo.company.settings import COMPANY_SETTINGS

SAID = (
    "employee",
    "test",
    "reseller",
    "fraud",
    "bad_debt",
    "deceased",
    "legal_hold",
)
# A customer with records of the kind, on the list by revenue, whom nothing keeps off it.
CANDIDATES = """
    select records.customer_id, min(records.source_record_id)
    from customer_records as records
    where records.source_name = '{source}' and records.source_record_id similar to '{record}'
        and records.customer_id in (
            select customer_id from best_customers where definition = 'revenue_ever'
        )
        and {condition}
    group by records.customer_id
    order by records.customer_id
"""


def excluded(company) -> set[tuple[str, str]]:
    return set(company.rows("select customer_id, reason from excluded_customers"))


@pytest.mark.long
def test_each_rule_removes_exactly_whom_it_is_meant_for(fresh_company):
    company = fresh_company("best")
    assert company.run(rfm_identity_learn="off").returncode == 0
    before = excluded(company)
    taken: set[str] = set()

    def find(source: str, record: str, condition: str = "true") -> tuple[str, str]:
        rows = company.rows(CANDIDATES.format(source=source, record=record, condition=condition))
        customer, found = next(row for row in rows if row[0] not in taken)
        taken.add(customer)
        return customer, found

    planted: set[tuple[str, str]] = set()
    lines = ["customer_or_record_id,reason,reason_text,valid_from_date,valid_to_date"]
    for reason in SAID:
        customer, record = find("shop", "u_.*")
        lines.append(f"shop:{record},{reason},the office says so,,")
        planted.add((customer, reason))
    # From the as-of date on, or until the day before its eve: it does not hold.
    for dates in ("2026-01-01,", ",2025-12-30"):
        lines.append(f"{find('shop', 'u_.*')[0]},employee,,{dates}")
    # On the eve alone; a customer by their own id.
    customer, _ = find("shop", "u_.*")
    lines.append(f"{customer},employee,,2025-12-31,2025-12-31")
    planted.add((customer, "employee"))
    lines.append("crm:P999999999,employee,nobody,,")

    alone = "(select count(*) from customer_records where customer_id = records.customer_id) = 1"
    customer, young = find("shop", "u_.*", alone)
    planted.add((customer, "under_age"))
    _, of_age = find("shop", "u_.*", alone)
    customer, person = find(
        "crm",
        "P.*",
        "not exists (select 1 from main_staging.stg_crm__consents as consents inner join"
        " customer_records as own on consents.source_customer_id = own.source_record_id"
        " where own.customer_id = records.customer_id)",
    )
    planted.add((customer, "consent_withdrawn"))
    paid = (
        "exists (select 1 from interactions where interaction_type = 'payment' and topic = 'paid'"
        " and customer_id = records.customer_id)"
    )
    invoices = []
    for reason in ("chargeback", "unpaid"):
        customer, _ = find("finance", ".*", paid)
        planted.add((customer, reason))
        invoices += company.rows(
            "select min(reference_id) from interactions where interaction_type = 'payment'"
            f" and topic = 'paid' and customer_id = '{customer}'"
        )[0]
    payment = company.rows(
        "select min(payment_id) from raw_finance.payments where status = 'paid'"
        f" and invoice_id = '{invoices[0]}'"
    )[0][0]
    company.change(
        f"update raw_shop.web_customers set birthday = '02.01.2008' where uid = '{young}'",
        # 18 on the as-of date is of age.
        f"update raw_shop.web_customers set birthday = '01.01.2008' where uid = '{of_age}'",
        "insert into raw_crm.consents values"
        f" ({person[1:]}, 'email', 'marketing', 'granted', '2025-01-01'),"
        f" ({person[1:]}, 'email', 'marketing', 'withdrawn', '2025-02-01'),"
        f" ({person[1:]}, 'email', 'profiling', 'granted', '2025-03-01')",
        f"insert into raw_finance.chargebacks values (99999999, {payment}, '2025-12-30', 1, 'no')",
        "update raw_finance.payments set status = 'failed', paid_on = null"
        f" where invoice_id = '{invoices[1]}'",
    )
    project = project_with(company.database.parent / "project", dict(COMPANY_SETTINGS))
    (project / "seeds" / "customer_exclusions.csv").write_text("\n".join(lines) + "\n")

    done = company.run(rfm_identity_learn="off")
    assert done.returncode == 0, done.stderr
    found = excluded(company)
    assert found ^ before == planted
    listed = {customer for (customer,) in company.rows("select customer_id from best_customers")}
    assert not listed & {customer for customer, _ in found}
    spent = company.rows(
        "select max(allowed_amount) from allowable_spend where customer_id in"
        " (select customer_id from excluded_customers)"
    )
    assert spent == [(0,)]
