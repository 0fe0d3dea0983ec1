"""What dbt read is recalled only where reading again would come to the same."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from building import PROJECT, Warehouse

from rfm_cli.dbt import Dbt
from rfm_cli.demo.company.settings import COMPANY_SETTINGS
from rfm_cli.manifests import Manifests
from rfm_cli.project import project_settings
from rfm_cli.starter import copy_project
from rfm_cli.warehouse.targets import duckdb_target

TARGET = duckdb_target(Path("/shop/rfm.duckdb"))
# Another value for each setting that only fills in one.
OTHERS = {
    "rfm_file_path": "/elsewhere/other-*.csv",
    "rfm_file_delimiter": ";",
    "rfm_file_encoding": "latin-1",
    "rfm_file_customer_id": "client",
    "rfm_file_ordered_at": "day",
    "rfm_file_amount": "paid",
    "rfm_file_order_id": "number",
    "rfm_file_date_format": "%d/%m/%Y",
    "rfm_file_decimal_mark": ",",
    "rfm_table_customer_id": "client",
    "rfm_table_ordered_at": "day",
    "rfm_table_amount": "paid",
    "rfm_table_order_id": "number",
    "rfm_earliest_order_date": "2001-01-01",
    "rfm_latest_order_date": "2031-01-01",
    "rfm_as_of_date": "2025-03-01",
    "rfm_history_periods": 2,
    "rfm_time_zone": "Europe/Berlin",
    "rfm_identity_model_file": "other.json",
    "rfm_ltv_backtest_windows": [["2024-03-01", 30], ["2024-06-01", 90]],
}
SHOPS: dict[str, dict[str, Any]] = {
    "a file": {"rfm_file_path": "/shop/orders.csv", "rfm_file_order_id": "order_id"},
    "a table in the past": {
        "rfm_table_name": "orders",
        "rfm_table_order_id": "order_id",
        "rfm_as_of_date": "2024-01-01",
        "rfm_latest_order_date": "2024-02-01",
    },
    "a company in a back-test": COMPANY_SETTINGS
    | {"rfm_ltv_backtest_windows": [["2023-01-01", 60]], "rfm_as_of_date": "2024-01-01"},
}


def kept_at(project: Path = PROJECT, target=TARGET, **variables: Any) -> Path:
    return Manifests(project, target, variables).file


def read(folder: Path, variables: dict[str, Any]) -> dict[str, Any]:
    """Have dbt read the project anew; returns all that is not about when it did."""
    from dbt.cli.main import dbtRunner

    arguments = [
        "--quiet", "--no-partial-parse", "--no-write-json", "parse",
        "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
        "--target-path", str(folder), "--log-path", str(folder),
        "--vars", json.dumps(variables),
    ]  # fmt: skip
    outcome = dbtRunner().invoke(arguments)
    assert outcome.success, outcome.exception
    return without_times(outcome.result.writable_manifest().to_dict())


TIMES = ("created_at", "generated_at", "invocation_id", "invocation_started_at", "run_started_at")


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_times(v) for k, v in value.items() if k not in TIMES}
    return [without_times(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "shop",
    [
        "a file",
        pytest.param("a table in the past", marks=pytest.mark.long),
        "a company in a back-test",
    ],
)
def test_other_values_are_read_as_the_same_project(shop, tmp_path, monkeypatch):
    monkeypatch.setenv("RFM_DUCKDB_PATH", str(TARGET.path))
    settings = {**project_settings(PROJECT), **SHOPS[shop]}
    changed = {name: v for name, v in OTHERS.items() if bool(v) == bool(settings[name])}
    assert len(changed) > 5
    others = settings | changed
    assert kept_at(**settings) == kept_at(**others)
    one, other = read(tmp_path / "one", settings), read(tmp_path / "other", others)
    assert one["nodes"].keys() == other["nodes"].keys()
    for name, node in one["nodes"].items():
        assert node == other["nodes"][name]
    assert one == other


def test_every_other_setting_counts():
    unseen = {
        name
        for name in project_settings(PROJECT)
        if kept_at(**{name: "one"}) == kept_at(**{name: "other"})
    }
    assert unseen == OTHERS.keys()


def test_only_its_name_matters_of_a_database():
    assert kept_at() == kept_at(target=duckdb_target(Path("/elsewhere/rfm.duckdb")))
    assert kept_at() != kept_at(target=duckdb_target(Path("/shop/other.duckdb")))


@pytest.mark.parametrize(
    "settings",
    [
        {"rfm_sources": {"shop": ["orders"]}},
        {"rfm_file_path": "/shop/orders.csv"},
        {"rfm_as_of_date": "2025-01-01"},
        {"rfm_best_share": 0.3},
        {"rfm_marts_suffix": "__next"},
        {"rfm_currency": "EUR"},
        {"rfm_ltv_correction": "backtest"},
        {"rfm_ltv_group_by": ["channel"]},
        {"rfm_ltv_backtest_windows": [["2024-01-01", 30]]},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_what_is_built_depends_on_settings(settings):
    assert kept_at() != kept_at(**settings)


@pytest.fixture
def mine(tmp_path) -> Path:
    copy_project(tmp_path / "mine")
    return tmp_path / "mine"


def test_settings_count_wherever_they_are_set(mine):
    before = kept_at(mine, rfm_currency="EUR")
    file = mine / "dbt_project.yml"
    content = yaml.safe_load(file.read_text())
    content["vars"]["rfm"]["rfm_currency"] = "EUR"
    file.write_text(yaml.safe_dump(content))
    assert kept_at(mine) == before


def test_a_changed_file_is_read_again(mine):
    seen = {kept_at(mine)}
    for name in ("models/marts/rfm/_rfm_marts.yml", "macros/share_step.sql", "profiles.yml"):
        with (mine / name).open("a") as file:
            file.write("\n# changed\n")
        assert kept_at(mine) not in seen
        seen.add(kept_at(mine))
    (mine / "seeds" / "mine.csv").write_text("a\n1\n")
    assert kept_at(mine) not in seen


def test_a_copy_of_the_project_is_read_as_the_project_with_its_own_rows_of_seeds(mine, tmp_path):
    seed = mine / "seeds" / "country_names.csv"
    seed.write_text(seed.read_text() + "erewhon,XX\n")
    assert kept_at(mine) == kept_at(PROJECT)
    ours = Warehouse(tmp_path / "one" / "rfm.duckdb")
    theirs = Warehouse(tmp_path / "other" / "rfm.duckdb", mine)
    counts = []
    for warehouse in (ours, theirs):
        warehouse.database.parent.mkdir()
        warehouse.build("country_names")
        counts += warehouse.rows("select count(*) from main_seeds.country_names")[0]
    assert counts[1] == counts[0] + 1


def test_a_model_of_ones_own_may_look_at_any_setting(mine):
    (mine / "models" / "marts" / "mine.sql").write_text("select {{ var('rfm_best_share') }} as s")
    assert kept_at(mine, rfm_best_share=0.1) != kept_at(mine, rfm_best_share=0.2)
    assert kept_at(mine, rfm_file_path="/a.csv") != kept_at(mine, rfm_file_path="/b.csv")


def test_environment_variables_count(mine, monkeypatch):
    file = mine / "dbt_project.yml"
    file.write_text(file.read_text() + "\n# {{ env_var('SHOP_ZONE', '') }}\n")
    before = kept_at(mine)
    monkeypatch.setenv("SHOP_ZONE", "Europe/Berlin")
    assert kept_at(mine) != before


def test_a_model_that_looks_at_the_environment_is_read_again(mine, tmp_path, monkeypatch):
    monkeypatch.setenv("RFM_CACHE_DIR", str(tmp_path / "cache"))
    (mine / "models" / "marts" / "mine.sql").write_text("select '{{ env_var(\"SHOP\") }}' as shop")
    for place, (shop, times) in enumerate([("one", 1), ("one", 1), ("other", 2)]):
        monkeypatch.setenv("SHOP", shop)
        folder = tmp_path / str(place)
        folder.mkdir()
        Dbt(mine, duckdb_target(folder / "rfm.duckdb"), {}).parse()
        assert parsed(tmp_path) == times


@pytest.fixture
def shop(tmp_path, orders_file, monkeypatch):
    """Orders of 30 customers, and a cache that nobody filled."""
    monkeypatch.setenv("RFM_CACHE_DIR", str(tmp_path / "cache"))
    first = date(2024, 1, 1)
    return orders_file(
        (f"c{n % 30}", first + timedelta(days=n * 5 % 300), 10 + n, n) for n in range(100)
    )


def parsed(folder: Path) -> int:
    """Count how often dbt read the project itself."""
    logs = (folder / "cache" / "dbt").glob("*/logs/dbt.log")
    return sum(log.read_text().count("Command `cli parse` succeeded") for log in logs)


def test_a_recalled_project_builds_the_same_marts(shop, tmp_path):
    one = Warehouse(tmp_path / "one" / "rfm.duckdb")
    one.database.parent.mkdir()
    one.build(**shop)
    assert parsed(tmp_path) == 1
    shutil.copy(shop["rfm_file_path"], tmp_path / "again.csv")
    other = Warehouse(tmp_path / "other" / "rfm.duckdb")
    other.database.parent.mkdir()
    other.build(**shop | {"rfm_file_path": str(tmp_path / "again.csv")})
    assert parsed(tmp_path) == 1
    assert other.marts() == one.marts()


def test_a_broken_memory_is_replaced_and_the_oldest_are_forgotten(shop, tmp_path):
    warehouse = Warehouse(tmp_path / "rfm.duckdb")
    file = kept_at(PROJECT, duckdb_target(warehouse.database), **shop)
    file.parent.mkdir(parents=True)
    old = [file.with_name(f"{number}.msgpack") for number in range(25)]
    for age, other in enumerate(old):
        other.write_bytes(b"")
        os.utime(other, (1e9 - age, 1e9 - age))
    file.write_bytes(b"\x93 no manifest")
    warehouse.build(**shop)
    assert parsed(tmp_path) == 1
    assert file.stat().st_size > 1e6
    assert {*file.parent.iterdir()} == {file, *old[:19]}
