"""Checks that say whether the next round can be trusted."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rfm_cli import __version__
from rfm_cli.errors import BadInput, RfmError
from rfm_cli.ltv_checks import findings, read_checks, read_drift
from rfm_cli.project import find_project, project_settings
from rfm_cli.registered import registered_facts
from rfm_cli.settings import check_settings
from rfm_cli.warehouse import Target, Warehouse, open_warehouse
from rfm_cli.warehouse.targets import find_target

# Where the project cannot be read, its own default holds.
_MAX_AGE_DAYS = 35
_PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb", "pyarrow", "numpy", "scipy")


@dataclass(frozen=True)
class Check:
    """One thing looked at: `result` is ok, warn or fail; `hint` the next thing to do."""

    name: str
    result: str
    message: str
    hint: str | None = None


def run_checks(target: str | None, database: Path | None, project_dir: Path | None) -> list[Check]:
    """Look at everything; one failure does not stop the others.

    Args:
        target: the name of the target, None for the default one.
        database: the DuckDB file, for a target of that engine.
        project_dir: the dbt project.
    """
    checks = [_versions()]
    settings: dict[str, Any] = {}

    def project() -> list[Check]:
        folder = find_project(project_dir)
        settings.update(project_settings(folder))
        check_settings({**settings, "rfm_file_path": ""}, folder)
        return [
            Check("project", "ok", f"{folder}, {len(settings)} settings"),
            _source(settings, folder),
        ]

    checks += _guarded("project", project)
    checks += _guarded(
        "database",
        lambda: _database(find_target(find_project(project_dir), target, database), settings),
    )
    checks += _guarded(
        "sources",
        lambda: _sources(
            find_project(project_dir), find_target(find_project(project_dir), target, database)
        ),
    )
    return checks


def _guarded(name: str, look: Callable[[], list[Check]]) -> list[Check]:
    try:
        return look()
    except RfmError as error:
        where = f": {error.where}" if error.where else ""
        return [Check(name, "fail", error.problem + where, error.hint)]


def _versions() -> Check:
    python = ".".join(str(part) for part in sys.version_info[:3])
    found = [f"rfm {__version__}", f"Python {python}"]
    for package in _PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            return Check(
                "versions", "fail", f"{package} is not installed", f"pip install {package}"
            )
    return Check("versions", "ok", ", ".join(found))


def _source(settings: dict[str, Any], project_dir: Path) -> Check:
    path = settings.get("rfm_file_path")
    table = settings.get("rfm_table_name")
    if table:
        return Check("source", "ok", f"table {settings.get('rfm_table_schema')}.{table}")
    if not path:
        return Check("source", "ok", "no file in the settings; name one with `rfm run --orders`")
    try:
        check_settings({"rfm_file_path": path}, project_dir)
    except BadInput as error:
        return Check("source", "fail", f"{error.problem} ({path})", "set rfm_file_path")
    return Check("source", "ok", str(path))


def _database(target: Target, settings: dict[str, Any]) -> list[Check]:
    with open_warehouse(target) as warehouse:
        sources = warehouse.relation("source_summary")
        as_of, newest, rows, left_out = warehouse.query(
            "select max(as_of_date), max(last_order_date), coalesce(sum(row_count), 0), "
            f"coalesce(sum(quarantined_row_count), 0) from {sources}"
        )[0]
        checks = [Check("database", "ok", f"{target.where}, {rows:,} rows of orders")]
        if as_of is None:
            return [
                *checks,
                Check("orders", "fail", "there are no orders", "rfm run --orders FILE"),
            ]
        checks.append(Check("orders", "ok", f"as of {as_of}, the newest order is of {newest}"))
        if left_out:
            message = f"{left_out:,} rows of orders are left out"
            hint = "see why: rfm export quarantined_rows"
            checks.append(Check("rows", "warn", message, hint))
        return [*checks, _fit_age(warehouse, settings), *_assumptions(warehouse)]


def _fit_age(warehouse: Warehouse, settings: dict[str, Any]) -> Check:
    hint = "rfm run learns and scores anew"
    (as_of,) = warehouse.query(f"select max(as_of_date) from {warehouse.relation('customer_ltv')}")[
        0
    ]
    fits = warehouse.query(
        f"select fitted_as_of_date, model from {warehouse.relation('int_ltv__current_fit')}"
    )
    if not fits or as_of is None:
        refused = warehouse.query(
            f"select refusal_reason from {warehouse.relation('fitted_runs')} "
            "where not is_accepted order by run_number desc limit 1"
        )
        why = f": {refused[0][0]}" if refused else ""
        return Check("fit", "warn", f"no fit, the baseline scores{why}", hint)
    fitted, model = fits[0]
    age = (as_of - fitted).days
    oldest = int(settings.get("rfm_ltv_max_age_days", _MAX_AGE_DAYS))
    message = f"{model} is {age} days old (fitted as of {fitted})"
    if age > oldest:
        return Check("fit", "warn", f"{message}, more than {oldest}", hint)
    return Check("fit", "ok", message)


def _assumptions(warehouse: Warehouse) -> list[Check]:
    """Say whether the orders are such as the models assume, and how an earlier fit has held."""
    return [
        Check(found.name, "warn" if found.is_warning else "ok", found.message, found.hint)
        for found in findings(read_checks(warehouse), read_drift(warehouse))
    ]


def _sources(project_dir: Path, target: Target) -> list[Check]:
    """Check what the last run found of sources whose customers are known, and their licences."""
    sources = registered_facts(project_dir, target)["sources"]
    if not any("customers" in source["entities"] for source in sources):
        return []
    checks = [
        Check(
            "licence",
            "warn",
            f"the licence of {source['source_name']} ended on {source['expires_date']}",
            "renew it, or take the source out of rfm_sources; seeds/source_register.csv has dates",
        )
        for source in sources
        if source["is_licence_expired"]
    ]
    below = sum(len(source["checks"]) for source in sources)
    if below:
        message = f"{below} checks of {len(sources)} sources are below their thresholds"
        checks.append(Check("sources", "warn", message, "see which: rfm sources"))
    else:
        checks.append(Check("sources", "ok", f"{len(sources)} sources are as good as asked for"))
    return checks
