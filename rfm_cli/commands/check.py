"""`rfm check`: is all well with the versions, the settings, the data and the fit."""

from __future__ import annotations

from rfm_cli.commands.options import AsJson, Database, ProjectDir, TargetName


def check(
    database: Database = None,
    target: TargetName = None,
    project_dir: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Check versions, project, source, database, freshness and the age of the fit."""
    from dataclasses import asdict

    import typer
    from rich.text import Text

    from rfm_cli import console
    from rfm_cli.health import run_checks

    checks = run_checks(target, database, project_dir)
    failed = any(check.result == "fail" for check in checks)
    if as_json:
        console.print_json({"is_well": not failed, "checks": [asdict(check) for check in checks]})
    else:
        colours = {"ok": "green", "warn": "yellow", "fail": "bold red"}
        out = console.stdout()
        for item in checks:
            mark = Text(f"{item.result:<4}", colours[item.result])
            out.print(mark, f"{item.name:<9}", item.message, soft_wrap=True, markup=False)
            if item.hint:
                out.print(" " * 14, item.hint, style="dim", soft_wrap=True, markup=False)
    if failed:
        raise typer.Exit(1)
