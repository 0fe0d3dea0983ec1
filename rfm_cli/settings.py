"""The settings of the project, checked before dbt starts, and what they say about the file."""

from __future__ import annotations

import glob
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from rfm_cli.errors import BadInput
from rfm_cli.orders_file import Wishes

# What `Wishes` holds of the settings rfm_file_... and rfm_table_...
_COLUMN_SETTINGS = {
    "file": ("customer_id", "ordered_at", "amount", "order_id", "date_format", "decimal_mark"),
    "table": ("customer_id", "ordered_at", "amount", "order_id"),
}
_MODELS = ("mbg_nbd", "bg_nbd", "pareto_nbd")
_POOLINGS = ("partial", "covariates")
_DATES = ("rfm_as_of_date", "rfm_earliest_order_date", "rfm_latest_order_date")


def check_settings(settings: Mapping[str, object], project_dir: Path) -> None:
    """Check the settings whose mistakes dbt would tell late or in words of its own.

    Settings that are templates are left to dbt.

    Args:
        settings: the vars of the project, overridden by those of the command.
        project_dir: what a relative rfm_file_path is relative to.

    Raises:
        BadInput: a setting cannot be used; it is named.
    """
    plain = {name: v for name, v in settings.items() if "{{" not in str(v) and v is not None}
    check_model(settings.get("rfm_ltv_model", _MODELS[0]))  # read here too, so never a template
    check_pooling(settings.get("rfm_ltv_pooling", _POOLINGS[0]))
    _check_whole("rfm_ltv_max_groups", plain.get("rfm_ltv_max_groups", 1), least=1)
    for name in _DATES:
        _parse_date(name, plain.get(name, ""))
    _check_zone(plain.get("rfm_time_zone", "UTC"))
    _check_whole("rfm_history_periods", plain.get("rfm_history_periods", 0), least=0)
    if str(plain.get("rfm_window_days", "")).strip():
        _check_whole("rfm_window_days", plain["rfm_window_days"], least=1)
    _check_whole(
        "rfm_fiscal_year_start_month", plain.get("rfm_fiscal_year_start_month", 1), least=1, most=12
    )
    _check_share("rfm_best_share", plain.get("rfm_best_share", 1))
    _check_file(str(plain.get("rfm_file_path", "")), project_dir)


def check_model(model: object) -> None:
    """Check the name of the order model.

    Raises:
        BadInput: there is no such model.
    """
    if model not in _MODELS:
        raise _bad("rfm_ltv_model", model, f"it is {', '.join(_MODELS[:-1])} or {_MODELS[-1]}")


def check_pooling(pooling: object) -> None:
    """Check the name of the way in which groups lean on each other.

    Raises:
        BadInput: there is no such way.
    """
    if pooling not in _POOLINGS:
        raise _bad("rfm_ltv_pooling", pooling, f"it is {' or '.join(_POOLINGS)}")


def column_wishes(
    source: str, given: Wishes, settings: Mapping[str, object], shipped: Mapping[str, object]
) -> Wishes:
    """Add to what the command line says about the orders what the project's own settings say.

    Args:
        source: file or table.
        given: what the command line says, which wins.
        settings: the vars of the project.
        shipped: the defaults; a setting that is the default says nothing.

    Raises:
        BadInput: rfm_latest_order_date is no date.
    """
    wishes: dict[str, str] = {}
    origins: dict[str, str] = {}
    for role in _COLUMN_SETTINGS[source]:
        name = f"rfm_{source}_{role}"
        value = settings.get(name)
        if value is not None and value != shipped.get(name) and "{{" not in str(value):
            wishes[role], origins[role] = str(value), f"setting {name}"
    for role in _COLUMN_SETTINGS[source]:
        said = getattr(given, role)
        if said is not None:
            wishes[role] = said
            origins.pop(role, None)
    latest = _parse_date("rfm_latest_order_date", settings.get("rfm_latest_order_date") or "")
    return Wishes(**wishes, latest_order_date=latest, origins=origins)


def _bad(name: str, value: object, hint: str) -> BadInput:
    return BadInput(f'"{value}" cannot be used', where=f"setting {name}", hint=hint)


def _parse_date(name: str, value: object) -> date | None:
    if value == "":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise _bad(name, value, "write a date like 2024-12-31, or nothing") from error


def _check_zone(value: object) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _bad("rfm_time_zone", value, "write a zone like Europe/Berlin, or UTC") from error


def _check_whole(name: str, value: object, *, least: int, most: int | None = None) -> None:
    number = int(str(value)) if re.fullmatch(r"\d{1,9}", str(value)) else None
    if number is None or number < least or (most is not None and number > most):
        limits = f"at least {least}" if most is None else f"from {least} to {most}"
        raise _bad(name, value, f"it is a whole number, {limits}")


def _check_share(name: str, value: object) -> None:
    try:
        is_share = 0 < float(str(value)) <= 1
    except ValueError:
        is_share = False
    if not is_share:
        raise _bad(name, value, "it is a share above 0 and at most 1, such as 0.2")


def _check_file(path: str, project_dir: Path) -> None:
    # dbt works in the folder of the project. A path may be a pattern, or lie on a server.
    if not path or "://" in path or (project_dir / path).exists():
        return
    if not glob.glob(path, root_dir=project_dir, recursive=True):  # noqa: PTH207 (takes any path)
        raise BadInput(
            "the file of orders does not exist",
            where=f"setting rfm_file_path: {path}",
            hint="correct the setting, or name the file with --orders FILE",
        )
