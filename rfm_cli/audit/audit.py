"""Grades how well the three questions can be answered, and names what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rfm_cli.audit import facts
from rfm_cli.audit.needs import MODULES, NEEDS, QUESTIONS, Module, Need
from rfm_cli.errors import BadInput
from rfm_cli.project import project_settings
from rfm_cli.source_tables import registered_sources
from rfm_cli.warehouse import Target, open_warehouse

Facts = dict[str, Any]
GRADES = "ABCDEF"


def audit(project_dir: Path, target: Target, active_days: int) -> Facts:
    """Look at the results of the last run.

    Args:
        project_dir: the folder of the dbt project, for what is registered.
        target: the warehouse.
        active_days: how old the last order of an active customer may be, in days.

    Returns:
        The grade, the grade of each question, what is missing, what each module has, and the
        answers as far as they can be given.

    Raises:
        BadInput: there are no results, or the setting rfm_sources cannot be read.
        WarehouseUnavailable: the warehouse cannot be read.
    """
    entities = registered_sources(project_settings(project_dir))
    with open_warehouse(target) as warehouse:
        if warehouse.find_relation("source_summary") is None:
            raise BadInput(
                "there is nothing to audit yet",
                where=target.where,
                hint="read the sources first: rfm run",
            )
        rows, shares = facts.fill_of(warehouse, entities)
        sizes = facts.sizes(warehouse)
        counts = facts.customer_counts(warehouse, active_days)
        spread = facts.demographics(warehouse)
    needs = [_need_facts(need, rows, shares) for need in NEEDS]
    questions = [_question_facts(key, needs) for key in QUESTIONS]
    return {
        "database": target.where,
        "grade": grade(questions),
        "score": round(100 * sum(need["credit"] for need in needs) / len(needs)),
        "questions": questions,
        "missing": [need for need in needs if need["status"] != "ok"],
        "modules": [_module_facts(module, rows, sizes) for module in MODULES],
        "customers": counts,
        "demographics": spread,
    }


def grade(questions: list[Facts]) -> str:
    """Give the grade of all questions: the mean of theirs, rounded to the worse."""
    places = [GRADES.index(question["grade"]) for question in questions]
    return GRADES[-(-sum(places) // len(places))]


def _need_facts(need: Need, rows: Mapping[str, int], shares: Mapping[str, float]) -> Facts:
    share: float | None = shares.get(f"{need.entity}.{need.column}") if need.column else None
    if not rows.get(need.entity):
        status, credit = "missing", 0.0
    elif need.column is None:
        status, credit = "ok", 1.0
    elif not share:
        status, credit = "missing", 0.0
    elif share < need.least_share:
        status, credit = "thin", 0.5
    else:
        status, credit = "ok", 1.0
    return {
        "question": need.question,
        "name": need.name,
        "status": status,
        "share": share,
        "least_share": need.least_share if need.column else None,
        "unlocks": need.unlocks,
        "credit": credit,
    }


def _question_facts(key: str, needs: list[Facts]) -> Facts:
    """Grade a question: each thing that it lacks costs a letter, and a thin one half a letter."""
    lost = sum(1 - need["credit"] for need in needs if need["question"] == key)
    place = min(-int(-lost // 1), len(GRADES) - 1)
    return {"question": key, "text": QUESTIONS[key], "grade": GRADES[place]}


def _module_facts(module: Module, rows: Mapping[str, int], sizes: Mapping[str, int]) -> Facts:
    missing = [entity for entity in module.entities if not rows.get(entity)]
    thin = [
        f"{sizes[name]:,} of {least:,} {words}"
        for name, least, words in (
            ("customers", module.customers, "customers with orders"),
            ("repeat_customers", module.repeat_customers, "customers with several orders"),
            ("days", module.days, "days of orders"),
        )
        if sizes[name] < least
    ]
    return {
        "module": module.name,
        "status": "missing" if missing else "thin" if thin else "ok",
        "missing_entities": missing,
        "short_of": thin,
        "consequence": module.without if missing else module.thinly if thin else None,
        "needs": {
            "entities": list(module.entities),
            "customers": module.customers,
            "repeat_customers": module.repeat_customers,
            "days": module.days,
        },
    }
