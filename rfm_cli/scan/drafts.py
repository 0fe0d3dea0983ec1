"""Writes what a scan found as a staging folder to review: it compiles and builds as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from rfm_cli.errors import BadInput
from rfm_cli.order_columns import normalise
from rfm_cli.scan.canonical import ENTITY_COLUMNS, NEEDED, REPORTING_DATES, Target
from rfm_cli.scan.roles import Column
from rfm_cli.scan.scan import Finding

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*$")
_SMALL_MONEY = re.compile(r"(pence|cents|pennies|centimes|grosze)$")
_EVENT_TYPES = (
    ("bounce", "bounced"),
    ("open", "opened"),
    ("click", "clicked"),
    ("redemption", "redeemed"),
    ("unsubscribe", "unsubscribed"),
)
_SQL_TYPES = {
    "text": "{{ dbt.type_string() }}",
    "time": "{{ dbt.type_timestamp() }}",
    "date": "date",
    "money": "{{ type_money() }}",
    "negative_money": "{{ type_money() }}",
    "integer": "{{ dbt.type_int() }}",
    "bigint": "{{ dbt.type_bigint() }}",
    "double": "{{ type_double() }}",
    "boolean": "boolean",
}


def proposals(findings: Iterable[Finding]) -> dict[str, dict[str, list[Finding]]]:
    """Group the tables that were recognised by source and entity."""
    found: dict[str, dict[str, list[Finding]]] = {}
    for finding in findings:
        if finding.guess.entity is not None:
            entities = found.setdefault(finding.table.source, {})
            entities.setdefault(finding.guess.entity, []).append(finding)
    return found


def draft_files(findings: Iterable[Finding]) -> dict[str, str]:
    """Return the text of each file of the drafts, by its path below the staging models."""
    files = {}
    for source, entities in proposals(findings).items():
        files[f"{source}/_{source}__sources.yml"] = _sources_yml(source, entities)
        files[f"{source}/_{source}__models.yml"] = _models_yml(source, entities)
        for entity, tables in entities.items():
            files[f"{source}/stg_{source}__{entity}.sql"] = _model(source, entity, tables)
    return files


def write_drafts(findings: Iterable[Finding], folder: Path) -> list[Path]:
    """Write the drafts into a folder of staging models.

    Args:
        findings: what a scan found.
        folder: such as models/staging; each source gets a folder in it.

    Returns:
        The files that were written.

    Raises:
        BadInput: no table was recognised, a file exists, or one cannot be written; nothing is
            written when a file exists.
    """
    files = {folder / name: text for name, text in draft_files(findings).items()}
    if not files:
        raise BadInput(
            "no table was recognised, so there is nothing to write",
            where=str(folder),
            hint="write the models by hand: docs/sources.md has the columns of each entity",
        )
    there = [str(path) for path in files if path.exists()]
    if there:
        raise BadInput(
            f"the file exists, and drafts replace nothing: {there[0]}",
            where=", ".join(there),
            hint="write to another folder with --write DIR and compare",
        )
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(
            f"the drafts cannot be written: {error.strerror}",
            where=str(folder),
            hint="name a folder that can be written",
        ) from error
    return list(files)


def _sources_yml(source: str, entities: dict[str, list[Finding]]) -> str:
    import yaml

    tables = []
    for entity, findings in entities.items():
        for finding in findings:
            table: dict[str, object] = {
                "name": finding.table.name,
                "description": f"One row per {finding.table.name} row; staged as {entity}.",
            }
            if finding.table.reading is not None:
                table["config"] = {"meta": {"external_location": finding.table.reading}}
            table["columns"] = [
                {"name": name, "config": {"meta": {"required": True}}}
                for name in dict.fromkeys(_used(finding, entity).values())
            ]
            tables.append(table)
    first = next(iter(entities.values()))[0].table
    content = {"name": source, "description": f"Found by a scan of {first.schema}."}
    if first.reading is None:
        content["schema"] = first.schema
    whole = {"version": 2, "sources": [{**content, "tables": tables}]}
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=100)


def _models_yml(source: str, entities: dict[str, list[Finding]]) -> str:
    import yaml

    models = []
    for entity, findings in entities.items():
        names = " and ".join(finding.table.name for finding in findings)
        models.append(
            {
                "name": f"stg_{source}__{entity}",
                "description": f"One row per row of {names}, with the reason why it cannot be "
                "used, if any. A draft: review which column is what.",
                "columns": [
                    {"name": column, "description": f"See docs/sources.md, {entity}."}
                    for column in _column_names(entity)
                ],
            }
        )
    content = {"version": 2, "models": models}
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)


def _column_names(entity: str) -> list[str]:
    names = [target.name for target in ENTITY_COLUMNS[entity]] + ["quarantine_reason"]
    return names + (["ordered_at_text", "amount_text"] if entity == "orders" else [])


def _used(finding: Finding, entity: str) -> dict[str, str]:
    """Return the raw column for each column of the entity that one can fill."""
    filled = {}
    for target in ENTITY_COLUMNS[entity]:
        for role in target.roles:
            name = finding.guess.key if role == "key" else finding.roles.get(role)
            if name is not None:
                filled[target.name] = name
                break
    return filled


def _model(source: str, entity: str, findings: list[Finding]) -> str:
    counted = len(findings) > 1 and any(
        finding.guess.key is not None and finding.profile.column(finding.guess.key).kind == "number"
        for finding in findings
    )
    lines = [
        "{#- A draft that `rfm sources scan` made: review which column is what, and the zone of "
        "its times. -#}",
        f'{{{{ config(enabled=offers_entity("{entity}", "{source}")) }}}}',
        "",
        "with",
        "",
    ]
    names = _plain_names(findings)
    for name, finding in zip(names, findings, strict=True):
        lines += _staged(source, entity, finding, name, counted=counted)
    lines += ["    staged as (", ""]
    for number, name in enumerate(names):
        lines += ["        union all"] if number else []
        lines += [f"        select * from staged_{name}"]
    lines += ["", "    ),", "", "    judged as (", ""]
    lines += ["        select", "            *,", *_reason(entity), "        from staged"]
    lines += ["", "    )", "", "select"]
    for name in _column_names(entity):
        if name in ("ordered_at_text", "amount_text"):
            lines += [f"    case when quarantine_reason is not null then {name} end as {name},"]
        elif name in REPORTING_DATES:
            lines += [f'    {{{{ to_reporting_date("{REPORTING_DATES[name]}") }}}} as {name},']
        else:
            lines += [f"    {name},"]
    lines[-1] = lines[-1].rstrip(",")
    return "\n".join([*lines, "from judged", ""])


def _plain_names(findings: list[Finding]) -> list[str]:
    """Name each table by letters, digits and underscores, each differently."""
    names: list[str] = []
    for finding in findings:
        plain = normalise(finding.table.name) or "table"
        names.append(plain if plain not in names else f"{plain}_{len(names) + 1}")
    return names


def _staged(
    source: str, entity: str, finding: Finding, plain_name: str, *, counted: bool
) -> list[str]:
    used = _used(finding, entity)
    lines = [f"    staged_{plain_name} as (", "", "        select"]
    for target in ENTITY_COLUMNS[entity]:
        if target.name in REPORTING_DATES:
            continue
        name = used.get(target.name)
        if target.name == "event_type":
            sql = f"'{_event_type(finding.table.name)}'"
        elif name is None:
            sql = f"cast(null as {_SQL_TYPES[target.kind]})"
        else:
            sql = _expression(target, finding.profile.column(name))
            if counted and target.roles == ("key",):
                # Two tables may count alike: a row is named by its table too.
                sql = f"'{plain_name}:' || {sql}"
            other = finding.roles.get("other_customer_id")
            if target.name == "source_customer_id" and other is not None:
                sql = f"coalesce({sql}, {_expression(target, finding.profile.column(other))})"
        lines.append(f"            {sql} as {target.name},")
    if entity == "orders":
        for name, of in (("ordered_at_text", "ordered_at"), ("amount_text", "amount")):
            raw = f"raw_rows.{_raw(used[of])}"
            lines.append(f"            cast({raw} as {_SQL_TYPES['text']}) as {name},")
    lines[-1] = lines[-1].rstrip(",")
    origin = f'{{{{ source("{source}", {_jinja_text(finding.table.name)}) }}}}'
    return [*lines, f"        from {origin} as raw_rows", "", "    ),", ""]


def _event_type(table: str) -> str:
    """Read from the name of a table what its campaign events are; sent where it does not say."""
    return next((kind for word, kind in _EVENT_TYPES if word in table.lower()), "sent")


def _reason(entity: str) -> list[str]:
    cases = [
        f"                when {column} is null then '{why}'" for column, why in NEEDED[entity]
    ]
    return ["            case", *cases, "            end as quarantine_reason"]


def _raw(name: str) -> str:
    """Write a raw column as it stands in SQL."""
    return name if _PLAIN.match(name) else f"{{{{ quote_column({_jinja_text(name)}) }}}}"


def _in_text(name: str) -> str:
    """Write a raw column as it stands within a text that is an argument of a macro."""
    return (
        f"raw_rows.{name}"
        if _PLAIN.match(name)
        else (f'raw_rows." ~ quote_column({_jinja_text(name)}) ~ "')
    )


def _jinja_text(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _expression(target: Target, column: Column) -> str:
    raw = f"raw_rows.{_raw(column.name)}"
    text = f"nullif(trim(cast({raw} as {_SQL_TYPES['text']})), '')"
    if target.kind == "text":
        return text
    if target.kind in ("time", "date"):
        moment = _moment(column)
        return moment if target.kind == "time" else f"cast({moment} as date)"
    money = _money(column)
    if target.kind == "negative_money":
        return f"-abs({money})"
    return money if target.kind == "money" else f"cast({money} as {_SQL_TYPES[target.kind]})"


def _money(column: Column) -> str:
    kind = "number" if column.kind == "number" else "text"
    mark = "," if column.looks.get("comma_money", 0.0) > 0.5 else "."
    call = f'parse_amount("{_in_text(column.name)}", "{kind}", "{mark}")'
    if _SMALL_MONEY.search(column.name.lower()):
        return f"{{{{ divide_money({call}, 100) }}}}"
    return f"{{{{ {call} }}}}"


def _moment(column: Column) -> str:
    """Write a time; text that is not ISO is put in its order first, which all engines can."""
    raw = _in_text(column.name)
    if column.kind == "time":
        return f'{{{{ parse_timestamp("{raw}", column_kind("{column.data_type.lower()}")) }}}}'
    if column.kind == "number":
        return f"cast(null as {_SQL_TYPES['time']})"
    text = f"trim({raw})"
    parts = None
    if column.has("compact_date"):
        parts = ((1, 4), (5, 2), (7, 2))
    elif column.has("dotted_date"):
        parts = ((7, 4), (4, 2), (1, 2))
    elif column.has("slashed_date"):
        is_month_first = column.looks.get("month_first", 0.0) > 0
        parts = ((7, 4), (1, 2), (4, 2)) if is_month_first else ((7, 4), (4, 2), (1, 2))
    if parts is not None:
        text = " || '-' || ".join(f"substring({text}, {at}, {size})" for at, size in parts)
    return f'{{{{ parse_timestamp("{text}", "text") }}}}'
