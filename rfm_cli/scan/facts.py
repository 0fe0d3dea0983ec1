"""What a scan found, as plain facts and in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.padding import Padding

from rfm_cli import words
from rfm_cli.console import stdout
from rfm_cli.scan.drafts import proposals
from rfm_cli.scan.scan import Finding

_ROLE_WORDS = {
    "email": "e-mail",
    "email_sha256": "hashed e-mail",
    "occurred_at": "time",
    "customer_id": "customer id",
    "other_customer_id": "customer id too",
    "order_id": "order id",
}
_SURE = 5


def scan_facts(findings: Sequence[Finding], written: Sequence[Path]) -> dict[str, Any]:
    """Give what was found as facts that have a JSON form."""
    return {
        "tables": [_table_facts(finding) for finding in findings],
        "rfm_sources": {source: list(entities) for source, entities in proposals(findings).items()},
        "written": [str(path) for path in written],
    }


def _table_facts(finding: Finding) -> dict[str, Any]:
    first, last = finding.date_range
    return {
        "source": finding.table.source,
        "schema": finding.table.schema,
        "table": finding.table.name,
        "entity": finding.guess.entity,
        "is_sure": finding.guess.points >= _SURE,
        "key": finding.guess.key,
        "row_count": finding.profile.row_count,
        "first_date": first,
        "last_date": last,
        "roles": finding.roles,
        "fill": {column.name: round(column.fill, 4) for column in finding.profile.columns},
        "known_share": {role: round(share, 4) for role, share in finding.overlap.items()},
    }


def print_scan(findings: Sequence[Finding], written: Sequence[Path], project_file: str) -> None:
    """Print what was found on stdout, table by table."""
    console = stdout()

    def say(text: str) -> None:
        console.print(escape(text), soft_wrap=True)

    for finding in findings:
        table, guess = finding.table, finding.guess
        looks = "seems to be" if guess.points >= _SURE else "could be"
        what = f"{looks} {guess.entity.replace('_', ' ')}" if guess.entity else "not recognised"
        console.print()
        console.print(
            f"[bold]{escape(f'{table.schema}.{table.name}')}[/bold]: {escape(what)}", soft_wrap=True
        )
        first, last = finding.date_range
        dates = f", from {first} to {last}" if first and last else ""
        key = f", key {guess.key}" if guess.key else ", no key found"
        say(f"  {words.count(finding.profile.row_count, 'row')}{dates}{key}")
        held = [
            f"{_word(role)} {name}{_fill(finding, name)}" for role, name in finding.roles.items()
        ]
        if held:
            console.print(Padding(escape("; ".join(held)), (0, 0, 0, 2), expand=False))
        for role, share in finding.overlap.items():
            say(f"  {words.share(share)} of its {_word(role)}s are known customers'")
    _print_next(findings, written, project_file)


def _print_next(findings: Sequence[Finding], written: Sequence[Path], project_file: str) -> None:
    console = stdout()
    found = proposals(findings)
    console.print()
    if not found:
        console.print("No table was recognised: docs/sources.md says what each entity needs.")
        return
    if written:
        console.print(escape(f"Drafts to review: {words.count(len(written), 'file')}"))
        for path in written:
            console.print(escape(f"  {path}"), soft_wrap=True)
    else:
        console.print("Add --write models/staging to get these as staging models to review.")
    console.print(
        escape(f"Once they are as they should be, register them in {project_file}:"), soft_wrap=True
    )
    console.print("    rfm_sources:")
    for source, entities in found.items():
        console.print(escape(f"      {source}: [{', '.join(entities)}]"), soft_wrap=True)


def _fill(finding: Finding, name: str) -> str:
    fill = finding.profile.column(name).fill
    return "" if fill == 1 else f" ({words.share(fill)} filled)"


def _word(role: str) -> str:
    return _ROLE_WORDS.get(role, role.replace("_", " "))
