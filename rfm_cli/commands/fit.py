"""`rfm fit`: learn only; the next build scores with what was learned."""

from __future__ import annotations

from typing import Annotated

import typer

from rfm_cli.commands.options import DEFAULT_DATABASE, AsJson, Database, ProjectDir
from rfm_cli.commands.run import OrderModel


def fit(
    database: Database = DEFAULT_DATABASE,
    model: Annotated[
        OrderModel | None,
        typer.Option(
            help="The lifetime value model.  [default: the project's]", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """Learn the lifetime value models from a database that `rfm run` made, and nothing else.

    The scores stay as they are until the next `rfm run` or `dbt build`.
    """
    from dataclasses import asdict

    from rfm_cli import console
    from rfm_cli.project import find_project, project_settings
    from rfm_cli.round import learn_again

    settings = project_settings(find_project(project_dir))
    learned = learn_again(database, model.value if model else str(settings["rfm_ltv_model"]))
    if as_json:
        console.print_json(asdict(learned))
        return
    if not learned.is_accepted:
        text = f"{learned.model} was not fitted: {learned.refusal_reason}"
    elif learned.is_new:
        text = (
            f"{learned.model} is fitted as of {learned.as_of_date}; the next build scores with it."
        )
    else:
        text = f"{learned.model} was fitted to these orders before; nothing changed."
    console.stdout().print(text, soft_wrap=True, markup=False)
