"""Learn which records are of one person and append the links, for the SQL to weigh with the rules.

The model is trained once and then frozen in a file: the same two records keep their probability
whatever is loaded later. As with every run of learning, the same data, model and settings give the
same run_id and are not linked twice.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rfm_cli import __version__
from rfm_cli.errors import BadInput
from rfm_cli.learned_runs import LearnedRun, add_run, find_run, known_run
from rfm_cli.warehouse import Target, Warehouse

if TYPE_CHECKING:
    import pyarrow as pa

    from rfm_cli.identity import IdentityModel, LinkedRecords

TOPIC = "identity"
MODEL = "splink"
_LINKS = "fitted_identity_links"
LINK_RELATIONS = (
    "int_time__as_of_dates",
    "int_identity__records",
    "int_identity__suppressed",
    _LINKS,
    "fitted_runs",
)
_PLAIN_COLUMNS = (
    "record_id",
    "entity_type",
    "given_name_key",
    "given_name_word",
    "is_given_name_full",
    "family_name_key",
    "postal_key",
    "street_key",
    "city",
    "birth_date",
    "birth_year",
)
# The columns whose values may be suppressed, with the type of identifier they are.
_IDENTIFIERS = {
    "email": "email",
    "email_hash": "email_hash",
    "phone": "phone",
    "other_phone": "phone",
    "tax_id": "tax_id",
    "loyalty_id": "loyalty_id",
    "crm_id": "crm_id",
}
_CHOICES = ("auto", "on", "off")


@dataclass(frozen=True)
class LearnedLinks:
    """What a run of linking came to.

    Attributes:
        run: the run, as of any learning.
        record_count: the records of persons it looked at.
        link_count: the links it appended, 0 when it was refused.
        is_trained: whether the model was trained in this run, and its file written.
    """

    run: LearnedRun
    record_count: int
    link_count: int
    is_trained: bool


def wants_links(settings: Mapping[str, object]) -> bool:
    """Find out whether links are to be learned, and can be.

    Raises:
        BadInput: rfm_identity_learn is none of its values, or it is on and Splink is missing.
    """
    choice = settings.get("rfm_identity_learn", "auto")
    # YAML reads on and off as true and false.
    choice = {True: "on", False: "off"}.get(choice, choice) if isinstance(choice, bool) else choice
    if choice not in _CHOICES:
        raise BadInput(
            f'"{choice}" cannot be used',
            where="setting rfm_identity_learn",
            hint=f"it is {', '.join(_CHOICES[:-1])} or {_CHOICES[-1]}",
        )
    if choice == "off":
        return False
    if importlib.util.find_spec("splink") is not None:
        return True
    if choice == "on":
        raise BadInput(
            "Splink, which learns the links, is not installed",
            where="setting rfm_identity_learn",
            hint="pip install 'rfm[identity]', or set it to auto: rules alone then link records",
        )
    return False


def keep_probability(settings: Mapping[str, object]) -> float:
    """Return the least probability of a link that is kept.

    Raises:
        BadInput: rfm_identity_keep_probability is no probability.
    """
    value = settings.get("rfm_identity_keep_probability", 0.5)
    try:
        number = float(str(value))
    except ValueError:
        number = 0.0
    if not 0 < number < 1:
        raise BadInput(
            f'"{value}" cannot be used',
            where="setting rfm_identity_keep_probability",
            hint="it is a probability above 0 and below 1, such as 0.5",
        )
    return number


def model_path(
    settings: Mapping[str, object], project_dir: Path, shipped: Path, target: Target
) -> Path:
    """Find the file of the frozen model; it may not exist yet.

    A relative path starts at the folder of a project of the user's own, else beside the DuckDB
    file (with its name in front, so that each database has its own), else at the current folder:
    never at the project that travels with the package.

    Args:
        settings: the vars of the project.
        project_dir: the folder of the project.
        shipped: the folder of the project that travels with the package.
        target: the warehouse the user named, not a copy of it.
    """
    file = Path(str(settings.get("rfm_identity_model_file") or "identity_model.json"))
    if project_dir.resolve() != shipped.resolve():
        return project_dir / file
    if target.database is not None and not file.is_absolute():
        beside = target.database.absolute()
        return beside.parent / file.with_name(f"{beside.stem}_{file.name}")
    return Path.cwd() / file


def learn_links(
    warehouse: Warehouse,
    relations: Mapping[str, str],
    model_file: Path,
    *,
    least: float = 0.5,
    retrain: bool = False,
) -> LearnedLinks | None:
    """Link the records in the warehouse and append the links.

    Args:
        warehouse: open for writing.
        relations: the relation of each dbt model, by name.
        model_file: the frozen model; trained and written when it is not there.
        least: the least probability of a link that is kept.
        retrain: train anew although there is a model.

    Returns:
        The run, or None when there are no records or no orders to date them by.

    Raises:
        BadInput: the model file cannot be read or written, or is of another version.
    """
    before = replace(warehouse.traffic)
    as_of_date = _as_of_date(warehouse, relations)
    records = read_persons(warehouse, relations)
    if as_of_date is None or records.num_rows == 0:
        return None
    learned = _learn(
        warehouse,
        relations,
        _Task(as_of_date, records, model_file, least),
        None if retrain else _read_model(model_file),
    )
    run = replace(
        learned.run,
        rows_read=warehouse.traffic.rows_read - before.rows_read,
        rows_written=warehouse.traffic.rows_written - before.rows_written,
    )
    return replace(learned, run=run)


@dataclass(frozen=True)
class _Task:
    as_of_date: date
    records: pa.Table
    model_file: Path
    least: float

    def run_id(self, model: IdentityModel | None) -> str:
        text = model.to_json() if model is not None else "none"
        digest = hashlib.sha256(f"{TOPIC} {MODEL} {__version__} {self.least!r} {text}".encode())
        _add_data(digest, self.records)
        return f"{self.as_of_date.isoformat()}-{digest.hexdigest()[:12]}"


def _learn(
    warehouse: Warehouse, relations: Mapping[str, str], task: _Task, frozen: IdentityModel | None
) -> LearnedLinks:
    from rfm_cli.identity import TrainingRefused, link_records

    known = find_run(warehouse, relations["fitted_runs"], task.run_id(frozen))
    # That records were refused is known only of training; asked again, it is refused again.
    if known is not None:
        return LearnedLinks(
            known_run(known),
            int(known["customer_count"]),
            int(known["repeat_customer_count"] or 0),
            is_trained=False,
        )
    try:
        linked = link_records(task.records, frozen, keep_probability=task.least)
    except TrainingRefused as refused:
        run = _run(task, None, refused.reason)
        with warehouse.transaction():
            _add_run(warehouse, relations, run, task, None)
        return LearnedLinks(run, task.records.num_rows, 0, is_trained=False)
    if frozen is None:
        # Before the links: a run that dies between the two finds the model and links with it.
        _write_model(task.model_file, linked.model)
    run = _run(task, linked.model, None)
    with warehouse.transaction():
        rows = linked.links.add_column(0, "run_id", [[run.run_id] * linked.links.num_rows])
        # A crash may have left rows of this run; of a run without its row nobody reads.
        warehouse.replace_run(relations[_LINKS], run.run_id, rows)
        _add_run(warehouse, relations, run, task, linked)
    return LearnedLinks(run, linked.record_count, linked.links.num_rows, frozen is None)


def _run(task: _Task, model: IdentityModel | None, refusal_reason: str | None) -> LearnedRun:
    return LearnedRun(
        task.run_id(model),
        task.as_of_date,
        MODEL,
        refusal_reason is None,
        refusal_reason,
        is_new=True,
    )


def _add_run(
    warehouse: Warehouse,
    relations: Mapping[str, str],
    run: LearnedRun,
    task: _Task,
    linked: LinkedRecords | None,
) -> None:
    add_run(
        warehouse,
        relations["fitted_runs"],
        run,
        topic=TOPIC,
        customer_count=task.records.num_rows,
        repeat_customer_count=linked.links.num_rows if linked else None,
    )


def _as_of_date(warehouse: Warehouse, relations: Mapping[str, str]) -> date | None:
    found = warehouse.query(
        f"select as_of_date from {relations['int_time__as_of_dates']} where is_current"
    )
    return found[0][0] if found else None


def read_persons(warehouse: Warehouse, relations: Mapping[str, str]) -> pa.Table:
    """Read the persons, suppressed identifiers blanked, in the order of their ids."""
    columns = [f"records.{column}" for column in _PLAIN_COLUMNS]
    joins = []
    for column, kind in _IDENTIFIERS.items():
        alias = f"suppressed_{column}"
        columns.append(
            f"case when {alias}.identifier_value is null then records.{column} end as {column}"
        )
        joins.append(
            f"left join {relations['int_identity__suppressed']} as {alias} "
            f"on {alias}.identifier_type = '{kind}' "
            f"and {alias}.identifier_value = records.{column}"
        )
    query = (
        f"(select {', '.join(columns)} from {relations['int_identity__records']} as records "
        f"{' '.join(joins)} where records.entity_type = 'person')"
    )
    return warehouse.reader(query).read_all().sort_by("record_id")


def _add_data(digest: hashlib._Hash, table: pa.Table) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    for name in table.column_names:
        # No text of ours has this character, so that nothing and an empty text differ.
        texts = pc.fill_null(table[name].cast(pa.large_string()), "\x00").combine_chunks()
        digest.update(name.encode())
        for buffer in texts.buffers()[1:]:
            digest.update(buffer)


def _read_model(file: Path) -> IdentityModel | None:
    from rfm_cli.identity import IdentityModel, ModelUnusable

    try:
        return IdentityModel.from_json(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            "the model of identity links cannot be read",
            where=f"{file} ({error})",
            hint="give yourself the permission, or move the file away: a new one is trained",
        ) from error
    except ModelUnusable as unusable:
        raise BadInput(
            f"the model of identity links cannot be used: {unusable.reason}",
            where=str(file),
            hint="move the file away: a new one is trained",
        ) from unusable


def _write_model(file: Path, model: IdentityModel) -> None:
    """Write the file whole or not at all."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        draft.write_text(model.to_json(), encoding="utf-8")
        draft.replace(file)
    except OSError as error:
        raise BadInput(
            "the model of identity links cannot be written",
            where=f"{file} ({error.strerror})",
            hint="set rfm_identity_model_file to a file that can be written",
        ) from error
