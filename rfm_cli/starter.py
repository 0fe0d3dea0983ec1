"""The dbt project as a folder of one's own."""

from __future__ import annotations

import shutil
from pathlib import Path

from rfm_cli.errors import BadInput
from rfm_cli.project import PROJECT_PARTS, shipped_project

_README = """\
# Best customers

This is the dbt project of rfm. Change what you like:

- `dbt_project.yml`: every setting, with what it means;
- `seeds/`: the rules that people edit, such as the segments and the strategy of each value cell;
- `models/`: the SQL. A new source system is a folder in `models/staging/`.

Run it from this folder:

    rfm run --orders orders.csv

The results are in `rfm.duckdb`. `rfm explain CUSTOMER` says why a customer is where they are,
`rfm report` makes a page to show, `rfm check` says whether all is well.

Once `dbt_project.yml` names the file (`rfm_file_path` and the names of its columns), `rfm run` and
`dbt build --profiles-dir .` need no options; dbt alone scores with the newest fit.
"""
_GITIGNORE = "*.duckdb\n*.duckdb.wal\n.*.rfm/\ntarget/\nlogs/\n"


def copy_project(directory: Path) -> None:
    """Copy the project that travels with rfm into a folder that is empty or does not exist.

    Raises:
        BadInput: the folder holds something, or cannot be written.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise BadInput(
            "the folder is not empty",
            where=str(directory),
            hint="name a folder that is empty or does not exist: rfm init DIR",
        )
    source = shipped_project()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for part in PROJECT_PARTS:
            origin, copy = source / part, directory / part
            if origin.is_dir():
                shutil.copytree(origin, copy)
            elif origin.is_file():
                shutil.copyfile(origin, copy)
        (directory / "README.md").write_text(_README, encoding="utf-8")
        (directory / ".gitignore").write_text(_GITIGNORE, encoding="utf-8")
    except OSError as error:
        raise BadInput(
            f"the project cannot be written: {error.strerror}",
            where=str(directory),
            hint="choose a folder that you may write to",
        ) from error
