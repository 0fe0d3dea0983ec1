"""Looks at the raw tables of the registered sources before dbt does: are they all there.

What a source needs says its `models/staging/<source>/_<source>__sources.yml`: its tables, and the
columns with `meta: {required: true}`. Only tables that a model of a registered entity reads count.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rfm_cli.errors import BadInput
from rfm_cli.warehouse import Target, Warehouse, open_warehouse
from rfm_cli.warehouse.base import quote

# The sources that settings name; they have checks of their own.
_BY_SETTINGS = ("file", "table")
_SOURCE_CALL = re.compile(r"""source\(\s*['"](\w+)['"]\s*,\s*(?:['"](\w+)['"])?""")
_REF_CALL = re.compile(r"""ref\(\s*['"](\w+)['"]\s*\)""")


@dataclass(frozen=True)
class SourceTable:
    """A raw table that a source needs.

    Attributes:
        source: the name of the source in rfm_sources.
        database: where it is, if not in the database of the target.
        schema: its schema.
        name: its name in the warehouse.
        required: the columns it cannot do without.
        declared_in: the file that says so.
        reading: how DuckDB reads it where it is a file.
    """

    source: str
    database: str
    schema: str
    name: str
    required: tuple[str, ...]
    declared_in: Path
    reading: str | None = None

    @property
    def full_name(self) -> str:
        """The name as a person would write it."""
        return f"{self.schema}.{self.name}"


def registered_sources(settings: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the entities of each source that the setting rfm_sources registers.

    Raises:
        BadInput: the setting is no mapping of sources to lists of entities.
    """
    sources = settings.get("rfm_sources") or {}
    if not isinstance(sources, dict) or not all(
        isinstance(entities, list) for entities in sources.values()
    ):
        raise BadInput(
            "rfm_sources is no list of sources",
            where="setting rfm_sources",
            hint="write it like  crm: [customers, orders]  with one source a line",
        )
    return {str(name): [str(one) for one in entities] for name, entities in sources.items()}


def check_source_tables(project_dir: Path, target: Target, settings: Mapping[str, Any]) -> None:
    """Check that every registered source has its raw tables, their columns and some rows.

    Args:
        project_dir: the folder of the dbt project.
        target: the warehouse.
        settings: the vars of the project, overridden by those of the command.

    Raises:
        BadInput: a staging model, a table or a column is missing, or a source is empty.
        WarehouseUnavailable: the warehouse cannot be read.
    """
    needed = {
        source: needed_tables(project_dir, source, entities, settings)
        for source, entities in registered_sources(settings).items()
        if source not in _BY_SETTINGS
    }
    if not any(needed.values()):
        return
    with open_warehouse(target) as warehouse:
        for source, tables in needed.items():
            relations = [_relation(warehouse, table) for table in tables]
            for table, relation in zip(tables, relations, strict=True):
                _require_columns(warehouse, target, table, relation)
            if relations and not any(_has_rows(warehouse, relation) for relation in relations):
                raise BadInput(
                    f"the source {source} is empty: none of its tables has a row",
                    where=", ".join(table.full_name for table in tables),
                    hint=f"load it again, or take {source} out of rfm_sources until it is there",
                )


def needed_tables(
    project_dir: Path, source: str, entities: list[str], settings: Mapping[str, Any]
) -> list[SourceTable]:
    """Return the raw tables that the models of a source's registered entities read.

    Raises:
        BadInput: an entity has no staging model, or the yml of the source cannot be read.
    """
    folder = project_dir / "models" / "staging" / source
    texts = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.sql")}
    for entity in entities:
        if f"stg_{source}__{entity}" not in texts:
            close = difflib.get_close_matches(f"stg_{source}__{entity}", texts, n=1)
            near = f"; the closest model is {close[0]}" if close else ""
            raise BadInput(
                f"the source {source} offers {entity}, but has no model for it{near}",
                where=f"setting rfm_sources; {folder}",
                hint=f"write stg_{source}__{entity}.sql, or take {entity} out of rfm_sources",
            )
    declared = _declared(folder / f"_{source}__sources.yml", source, settings)
    used = _used_tables({f"stg_{source}__{entity}" for entity in entities}, texts)
    return [table for name, table in declared.items() if used is None or name in used]


def _used_tables(models: set[str], texts: Mapping[str, str]) -> set[str] | None:
    """Find the tables that models read, through others of the folder; None if it cannot be told."""
    used: set[str] = set()
    waiting, seen = list(models), set(models)
    while waiting:
        text = texts[waiting.pop()]
        for _, table in _SOURCE_CALL.findall(text):
            if not table:
                return None
            used.add(table)
        for name in _REF_CALL.findall(text):
            if name in texts and name not in seen:
                seen.add(name)
                waiting.append(name)
    return used


def _declared(path: Path, source: str, settings: Mapping[str, Any]) -> dict[str, SourceTable]:
    import yaml

    if not path.is_file():
        return {}
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise BadInput(
            f"the tables of {source} cannot be read",
            where=f"{path} ({' '.join(str(error).split())[:160]})",
            hint="correct the YAML",
        ) from error
    tables = {}
    for group in content.get("sources") or []:
        for table in group.get("tables") or []:
            tables[str(table["name"])] = SourceTable(
                source=source,
                database=_rendered(group.get("database") or "", settings, path),
                schema=_rendered(group.get("schema") or group["name"], settings, path),
                name=_rendered(table.get("identifier") or table["name"], settings, path),
                required=tuple(
                    str(column["name"])
                    for column in table.get("columns") or []
                    if _meta(column).get("required") is True
                ),
                declared_in=path,
                reading=_meta(table).get("external_location"),
            )
    return tables


def _meta(column: Mapping[str, Any]) -> dict[str, Any]:
    return {**((column.get("config") or {}).get("meta") or {}), **(column.get("meta") or {})}


def _rendered(text: object, settings: Mapping[str, Any], path: Path) -> str:
    """Fill in the settings that a name is made of, as dbt does."""
    if "{{" not in str(text):
        return str(text)
    from jinja2 import TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment()
    environment.globals["var"] = lambda name, default="": settings.get(name, default)
    try:
        return environment.from_string(str(text)).render()
    except TemplateError as error:
        raise BadInput(
            f"the name {text} cannot be read: {error}", where=str(path), hint="correct it"
        ) from error


def _relation(warehouse: Warehouse, table: SourceTable) -> str:
    if table.reading is not None:
        return _file_relation(warehouse, table)
    parts = [part for part in (table.database, table.schema, table.name) if part]
    try:
        return warehouse.table(".".join(quote(part) for part in parts))
    except BadInput as error:
        found = warehouse.tables()
        here = [name for schema, name in found if schema == table.schema]
        elsewhere = [f"{schema}.{name}" for schema, name in found if name == table.name]
        close = difflib.get_close_matches(table.name, here, n=1, cutoff=0.4) or elsewhere[:1]
        if close:
            near = f"; the closest is {close[0]}"
        else:
            near = "" if here else f"; there is no schema {table.schema} with tables"
        raise BadInput(
            f"the source {table.source} has no table {table.full_name}{near}",
            where=f"{warehouse.where}; {table.declared_in}",
            hint=f"load the table, correct its name in {table.declared_in.name}, or take "
            f"{table.source} or the entity out of rfm_sources",
        ) from error


def _file_relation(warehouse: Warehouse, table: SourceTable) -> str:
    """Try to read a file in the place of a table, as dbt-duckdb does."""
    import duckdb

    relation = f"(select * from {table.reading})"
    try:
        warehouse.columns(relation)
    except (duckdb.Error, BadInput) as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        raise BadInput(
            f"the file of {table.name} of the source {table.source} cannot be read",
            where=f"{table.declared_in} ({reason})",
            hint=f"put it back, correct external_location, or take {table.source} out of "
            "rfm_sources",
        ) from error
    return relation


def _require_columns(
    warehouse: Warehouse, target: Target, table: SourceTable, relation: str
) -> None:
    columns = list(warehouse.columns(relation))
    # PostgreSQL alone tells upper from lower case in the name of a column.
    spelled = set(columns) if target.engine == "postgres" else {name.lower() for name in columns}
    missing = [
        name
        for name in table.required
        if (name if target.engine == "postgres" else name.lower()) not in spelled
    ]
    if not missing:
        return
    first = missing[0]
    close = difflib.get_close_matches(first.lower(), [name.lower() for name in columns], n=1)
    by_lower = {name.lower(): name for name in columns}
    near = f"; the closest is {by_lower[close[0]]}" if close else ""
    more = f" (nor {', '.join(missing[1:])})" if missing[1:] else ""
    raise BadInput(
        f"the table {table.full_name} of the source {table.source} has no column "
        f"{first}{more}{near}",
        where=f"{warehouse.where}; its columns are {', '.join(columns)}",
        hint=f"correct {table.declared_in.name} and the staging model if the column was renamed, "
        f"or take {table.source} or the entity out of rfm_sources",
    )


def _has_rows(warehouse: Warehouse, relation: str) -> bool:
    return bool(warehouse.query(f"select 1 from {relation} as source_rows limit 1"))
