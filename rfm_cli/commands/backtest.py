"""`rfm backtest`: how well forecasts of the past came true, and whether a model is worth it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from rfm_cli.commands.options import AsJson, Database, ProjectDir, Quiet, TargetName, Verbose
from rfm_cli.commands.run import OrderModel


def backtest(
    *,
    cut: Annotated[
        list[datetime] | None,
        typer.Option(
            "--cut",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="Forecast as of this date; give it several times for several dates.  "
            "(default: --folds dates, one hold-out after the other)",
            show_default=False,
        ),
    ] = None,
    folds: Annotated[
        int, typer.Option(min=1, max=20, metavar="K", help="How many cuts, without --cut.")
    ] = 3,
    holdout_days: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Days after each cut to compare with.  "
            "(default: as the history allows, up to 365)",
            show_default=False,
        ),
    ] = None,
    model: Annotated[
        list[OrderModel] | None,
        typer.Option(
            "--model",
            help="A model to judge; give it several times.  (default: all)",
            show_default=False,
        ),
    ] = None,
    database: Database = None,
    target: TargetName = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Forecast as of dates in the past, compare with what came, and judge models by naive rules.

    It works on what `rfm run` made. The scores stay as they are; the results are kept in the
    tables ltv_backtest and ltv_calibration.
    """
    from rfm_cli import console
    from rfm_cli.backtest import MODELS, Wishes
    from rfm_cli.backtest import backtest as judge
    from rfm_cli.backtest_text import print_backtest
    from rfm_cli.project import find_project
    from rfm_cli.warehouse.targets import find_target

    wishes = Wishes(
        cuts=[one.date() for one in cut or ()],
        folds=folds,
        holdout_days=holdout_days,
        models=tuple(dict.fromkeys(one.value for one in model)) if model else MODELS,
    )
    project = find_project(project_dir)
    warehouse = find_target(project, target, database)
    with console.reporter(quiet=quiet or as_json, verbose=verbose) as reporter:
        facts = judge(project, warehouse, wishes, reporter)
    if as_json:
        console.print_json(facts)
    elif not quiet:
        print_backtest(facts)
