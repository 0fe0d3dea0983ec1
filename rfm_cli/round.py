"""The whole round: build what is learned from, learn, build the rest; each model once.

Where sources offer records of customers, links between records are learned first: what is learned
of customers needs to know who is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rfm_cli.console import Reporter
from rfm_cli.errors import BadInput, CheckFailed
from rfm_cli.learn import LATER_RELATIONS, LEARNING_RELATIONS, learn
from rfm_cli.learn_links import (
    LINK_RELATIONS,
    LearnedLinks,
    keep_probability,
    learn_links,
    model_path,
    wants_links,
)
from rfm_cli.learned_runs import LearnedRun
from rfm_cli.orders_file import OrdersFile
from rfm_cli.places import Place, working_place
from rfm_cli.project import project_settings, shipped_project
from rfm_cli.quality_failures import name_failed_checks
from rfm_cli.settings import check_model, check_pooling, check_settings
from rfm_cli.source_tables import check_source_tables, registered_sources
from rfm_cli.warehouse import Target, Warehouse, open_warehouse

if TYPE_CHECKING:
    from rfm_cli.dbt import Dbt, Warned
    from rfm_cli.orders_table import OrdersTable

# What learning links between records needs, and whether the sources are good enough: before an id
# changes and a model is trained.
RECORD_INPUTS = (
    "+source_quality",
    "+int_identity__records",
    "+int_identity__suppressed",
    "path:models/fitted",
)
# What learning needs, and whether the sources are good enough; `path:models/fitted` are the tables
# it fills.
LEARNING_INPUTS = (
    "+int_ltv__order_counts",
    "+int_ltv__spend_counts",
    "+source_quality",
    "+source_summary",
    "+quarantined_rows",
    "path:models/fitted",
)


@dataclass(frozen=True)
class RoundResult:
    """What a round came to, beside the database it made.

    Attributes:
        learned: the run of learning, None when there was nothing to learn from.
        links: the run of learning links between records, None where rules alone link them.
        warnings: the data tests that warned.
    """

    learned: LearnedRun | None
    links: LearnedLinks | None = None
    warnings: list[Warned] = field(default_factory=list)


def run_round(
    project_dir: Path,
    target: Target,
    variables: Mapping[str, object],
    reporter: Reporter,
    orders: OrdersFile | OrdersTable | None = None,
) -> RoundResult:
    """Build, learn, build, and put what is new in the place of the old.

    Args:
        project_dir: the folder of the dbt project.
        target: the warehouse; a DuckDB file is made or replaced.
        variables: the settings of the project to override.
        reporter: told what is going on.
        orders: the orders as they were looked at, when the variables name them.

    Raises:
        BadInput: a setting cannot be used, a table of a registered source is missing, dbt read
            another number of rows than the file has, no row of the source can be used, or none is
            dated before the as-of date.
        CheckFailed: a source is not good enough, or another data test failed; the marts are as
            they were.
        RfmError: anything else that went wrong; the marts are as they were.
    """
    from rfm_cli.dbt import Dbt

    file = orders if isinstance(orders, OrdersFile) else None
    settings = {**project_settings(project_dir), **variables}
    check_settings(settings, project_dir)
    check_source_tables(project_dir, target, settings)
    with working_place(target) as place:
        reporter.step("Reading the project")
        dbt = Dbt(project_dir, place.target, {**variables, **place.variables})
        dbt.parse()
        built: tuple[str, ...] = ()
        links: LearnedLinks | None = None
        warnings: list[Warned] = []
        if has_records(settings):
            reporter.step("Reading records of customers")
            warnings += _build_inputs(dbt, place, reporter, RECORD_INPUTS)
            built = RECORD_INPUTS
            if wants_links(settings):
                reporter.step("Learning which records are one customer")
                links = _learn_links(place, dbt, settings, project_dir, target)
        reporter.step("Reading orders")
        warnings += _build_inputs(dbt, place, reporter, LEARNING_INPUTS, exclude=built)
        reporter.step("Learning")
        with place.open() as warehouse, place.errors():
            _require_all_rows(warehouse, dbt.relations(), file)
            _require_orders(warehouse, dbt.relations(), settings, file)
            learned = learn(
                warehouse,
                dbt.relations(),
                str(settings["rfm_ltv_model"]),
                str(settings.get("rfm_ltv_pooling", "partial")),
            )
        reporter.step("Scoring customers")
        warnings += dbt.build(exclude=(*LEARNING_INPUTS, *built), on_progress=reporter.advance)
        reporter.step("Publishing the marts")
        place.publish(dbt.replacements())
    return RoundResult(learned, links, warnings)


def _build_inputs(
    dbt: Dbt,
    place: Place,
    reporter: Reporter,
    select: tuple[str, ...],
    exclude: tuple[str, ...] = (),
) -> list[Warned]:
    """Build what learning reads, and name the sources that are not good enough for it."""
    try:
        return dbt.build(select=select, exclude=exclude, on_progress=reporter.advance)
    except CheckFailed as error:
        with place.open() as warehouse:
            raise name_failed_checks(error, warehouse, dbt.relations()) from error


def has_records(settings: Mapping[str, object]) -> bool:
    """Say whether a registered source offers records of customers."""
    return any("customers" in entities for entities in registered_sources(settings).values())


def _learn_links(
    place: Place, dbt: Dbt, settings: Mapping[str, object], project_dir: Path, target: Target
) -> LearnedLinks | None:
    with place.open() as warehouse, place.errors():
        return learn_links(
            warehouse,
            dbt.relations(),
            model_path(settings, project_dir, shipped_project(), target),
            least=keep_probability(settings),
        )


def learn_again(target: Target, model: str, pooling: str) -> LearnedRun:
    """Learn from the counts in a warehouse as they are; its scores stay until the next build.

    Raises:
        BadInput: there is no such model or way of pooling, or the database does not exist or holds
            no customers.
        WarehouseUnavailable: the database cannot be used.
    """
    check_model(model)
    check_pooling(pooling)
    with open_warehouse(target):
        pass  # so that a database that does not exist is not made
    with working_place(target) as place:
        with place.open() as warehouse, place.errors():
            relations = {name: warehouse.relation(name) for name in LEARNING_RELATIONS}
            for name in LATER_RELATIONS:
                if found := warehouse.find_relation(name):
                    relations[name] = found
            learned = learn(warehouse, relations, model, pooling)
        if learned is None:
            raise BadInput(
                "the database holds no customers to learn from",
                where=target.where,
                hint="build it with `rfm run`",
            )
        place.publish([])
    return learned


def train_links_again(target: Target, project_dir: Path) -> LearnedLinks:
    """Train the model of links anew on the records in a warehouse and link them with it.

    Who is one customer stays until the next build.

    Raises:
        BadInput: Splink is not installed, or the database holds no records of customers.
        WarehouseUnavailable: the database cannot be used.
    """
    settings = project_settings(project_dir)
    wants_links({**settings, "rfm_identity_learn": "on"})
    with open_warehouse(target) as warehouse:
        for name in LINK_RELATIONS:
            warehouse.relation(name)  # so that nothing is made where there is nothing to learn from
    with working_place(target) as place:
        with place.open() as warehouse, place.errors():
            relations = {name: warehouse.relation(name) for name in LINK_RELATIONS}
            learned = learn_links(
                warehouse,
                relations,
                model_path(settings, project_dir, shipped_project(), target),
                least=keep_probability(settings),
                retrain=True,
            )
        if learned is None:
            raise BadInput(
                "the database holds no records of persons",
                where=target.where,
                hint="register a source that offers customers in rfm_sources, and `rfm run`",
            )
        place.publish([])
    return learned


def _require_all_rows(
    warehouse: Warehouse, relations: Mapping[str, str], file: OrdersFile | None
) -> None:
    """Compare what dbt read with what was counted before: no row may vanish without a word."""
    if file is None:
        return
    read = sum(
        count
        for (count,) in warehouse.query(
            f"select row_count from {relations['source_summary']} where source_name = 'file'"
        )
    )
    if read != file.row_count:
        raise BadInput(
            f"the file holds {file.row_count:,} rows, but {read:,} were read",
            where=str(file.path),
            hint="run the command again if the file is being written; "
            "else export the orders again as CSV UTF-8 with quoted texts",
        )


def _require_orders(
    warehouse: Warehouse,
    relations: Mapping[str, str],
    settings: Mapping[str, object],
    file: OrdersFile | None,
) -> None:
    sources = warehouse.records(f"select * from {relations['source_summary']}")
    usable = sum(source["usable_row_count"] for source in sources)
    rows = sum(source["row_count"] for source in sources)
    not_yet = sum(source["not_yet_row_count"] or 0 for source in sources)
    path = file.path if file else settings.get("rfm_file_path") or settings.get("rfm_table_name")
    where = str(path or "the sources of the project")
    if not rows:
        raise BadInput(
            "there are no orders",
            where=where,
            hint="name a file of orders with --orders FILE, or a table with --orders-table",
        )
    if not usable:
        reasons = warehouse.query(
            f"select quarantine_reason, count(*) from {relations['quarantined_rows']} "
            "group by quarantine_reason order by 2 desc, 1"
        )
        counts = ", ".join(f"{reason} {count:,}" for reason, count in reasons)
        raise BadInput(
            f"none of the {rows:,} rows can be used: {counts}",
            where=where,
            hint="check the columns with --customer-id, --ordered-at and --amount, "
            "and the dates of a file with --date-format",
        )
    if not_yet >= usable or all(source["as_of_date"] is None for source in sources):
        first = warehouse.query(
            f"select min(order_date) from {relations['int_orders__unioned']} "
            "where quarantine_reason is null"
        )[0][0]
        raise BadInput(
            f"no order is dated before the as-of date; the first is of {first}",
            where=f"--as-of {settings.get('rfm_as_of_date') or 'from the settings'}",
            hint="choose a later --as-of date",
        )
