"""A database that holds a history of other settings, or of other orders: the run says so."""

from __future__ import annotations

import json

import pytest
from cli_helpers import ordinary_orders, write_orders


@pytest.mark.long
def test_a_run_tells_of_ties_and_of_a_mixed_history(rfm, tmp_path):
    orders = write_orders(tmp_path / "orders.csv", ordinary_orders(customers=80))
    assert rfm("init", "mine", cwd=tmp_path).returncode == 0
    run = ("run", "--orders", orders, "--database", "shop.duckdb", "--project-dir", "mine")
    first = rfm(*run, "--json", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    facts = json.loads(first.stdout)
    assert facts["tie_dependence"] == {}
    assert facts["dates_with_other_settings"] == []

    project = tmp_path / "mine" / "dbt_project.yml"
    text = project.read_text()
    changed = text.replace(
        "rfm_frequency_method: thresholds", "rfm_frequency_method: ntile_independent"
    )
    assert changed != text
    project.write_text(changed)
    second = rfm(*run, cwd=tmp_path)
    assert second.returncode == 0, second.stderr
    said = " ".join(second.stdout.split())
    assert "the id decided the frequency score" in said
    assert "Scored with other settings" in said

    third = rfm(*run, "--restate", "--json", cwd=tmp_path)
    assert json.loads(third.stdout)["dates_with_other_settings"] == []
    assert 0 < json.loads(third.stdout)["tie_dependence"]["frequency"] <= 1


def test_orders_of_another_shop_are_noticed(rfm, tmp_path):
    rows = ordinary_orders(customers=60)
    ours = write_orders(tmp_path / "ours.csv", rows)
    theirs = write_orders(tmp_path / "theirs.csv", [(f"x{row[0]}", *row[1:]) for row in rows])
    run = ("run", "--database", "shop.duckdb", "--orders")
    first = rfm(*run, ours, cwd=tmp_path)
    assert "history of other orders" not in first.stdout + first.stderr
    second = rfm(*run, theirs, cwd=tmp_path)
    assert second.returncode == 0, second.stderr
    assert "history of other orders" in " ".join((second.stdout + second.stderr).split())
