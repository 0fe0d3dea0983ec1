"""What the project promises to its readers: documented, named by the rules, portable."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from building import PROJECT

MODELS = sorted((PROJECT / "models").rglob("*.sql"))
NAMES = {
    "staging": r"stg_\w+__\w+",
    "intermediate": r"int_\w+__\w+",
    "fitted": r"fitted_\w+",
    "marts": r"[a-z_]+",
}


@cache
def documented() -> dict[str, dict]:
    found = {}
    for path in [*(PROJECT / "models").rglob("*.yml"), *(PROJECT / "seeds").rglob("*.yml")]:
        content = yaml.safe_load(path.read_text())
        for entry in [*content.get("models", []), *content.get("seeds", [])]:
            found[entry["name"]] = entry
    return found


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_models_are_named_by_their_layer_and_documented(path: Path):
    layer = path.relative_to(PROJECT / "models").parts[0]
    assert re.fullmatch(NAMES[layer], path.stem)
    entry = documented()[path.stem]
    assert entry["description"].startswith("One row")
    for column in entry["columns"]:
        assert len(column["description"]) > 3, column["name"]


def test_every_column_of_every_relation_is_documented(warehouse, orders_file):
    warehouse.build(**orders_file([("a", "2024-01-05", 10, "1"), ("b", "2024-02-05", 10, "2")]))
    entries = documented()
    columns = warehouse.rows(
        "select table_name, column_name from information_schema.columns"
        " where table_schema like 'main%'"
    )
    assert len(columns) > 200
    missing = [
        (table, column)
        for table, column in columns
        if column not in {entry["name"] for entry in entries[table]["columns"]}
    ]
    assert not missing


def test_public_tables_have_enforced_contracts():
    for path in MODELS:
        layer = path.relative_to(PROJECT / "models").parts[0]
        if layer in ("marts", "fitted"):
            columns = documented()[path.stem]["columns"]
            assert all("data_type" in column for column in columns), path.stem
    layers = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())["models"]["rfm"]
    assert layers["marts"]["+contract"] == {"enforced": True}
    assert layers["fitted"]["+contract"] == {"enforced": True}


def test_every_setting_is_used_and_every_used_setting_exists():
    settings = set(yaml.safe_load((PROJECT / "dbt_project.yml").read_text())["vars"]["rfm"])
    used = set()
    text = ""
    for folder in ("models", "macros", "tests/dbt"):
        for path in [*(PROJECT / folder).rglob("*.sql"), *(PROJECT / folder).rglob("*.yml")]:
            text += path.read_text()
    used |= set(
        re.findall(r"""(?:var|table_column|share_setting|money_setting)\(['"](rfm_\w+)['"]""", text)
    )
    for measure in ("recency", "frequency", "monetary"):
        used |= {f"rfm_{measure}_method", f"rfm_{measure}_thresholds"}
    command_line = "".join(path.read_text() for path in (PROJECT / "rfm_cli").rglob("*.py"))
    used |= set(re.findall(r'"(rfm_(?:ltv_max_age_days|ltv_pooling|identity_\w+))"', command_line))
    assert used == settings


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_models_stay_portable(path: Path):
    """Words that only some engines know, or that read the clock, are for dispatched macros."""
    sql = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL).lower()
    for word in (
        r"\bqualify\b",
        r"group by all",
        r"\bmedian\(",
        r"\btry_cast\(",
        r"\bcurrent_date\b",
        r"\bcurrent_timestamp\b",
        r"\bnow\(\)",
        r"\brandom\(",
        r"\blimit\b",
        r"::",
        r"\bifnull\(",
        r"\bmin_by\(",
    ):
        assert not re.search(word, sql), word
