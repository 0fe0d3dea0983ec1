"""Plain dbt on the company: complete without any learning, all tests and unit tests included."""

from __future__ import annotations

import os
import subprocess

import pytest
from company_database import RFM, project_with

from rfm_cli.demo.company.settings import COMPANY_SETTINGS


@pytest.mark.long
def test_dbt_build_is_complete_by_itself(fresh_company, tmp_path):
    company = fresh_company("plain")
    project = project_with(tmp_path / "project", COMPANY_SETTINGS)
    done = subprocess.run(
        [
            RFM.with_name("dbt"), "build", "--project-dir", project, "--profiles-dir", project,
            "--target-path", tmp_path / "target", "--log-path", tmp_path / "logs",
        ],
        env=os.environ | {"RFM_DUCKDB_PATH": str(company.database)},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
    assert "ERROR=0" in done.stdout
    marts = company.marts()
    assert all(
        marts[name] for name in ("customers", "customer_rfm", "customer_ltv", "interactions")
    )
    assert company.rows("select distinct link_method from identity_links") == [("rule",)]
    assert company.rows("select distinct ltv_method from customer_ltv") == [("baseline",)]
