"""Where the dbt project is, and where files that nobody asked for may go."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Any

from rfm_cli.errors import BadInput

_NAME = re.compile(r"""^name:\s*['"]?rfm['"]?\s*(#.*)?$""", re.MULTILINE)
_PACKAGE = Path(__file__).resolve().parent

# What makes up the project: the wheel carries these and `rfm init` copies them.
PROJECT_PARTS = ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "tests/dbt")


def find_project(given: Path | None = None) -> Path:
    """Find the folder of the dbt project to run.

    A folder given wins, then the current folder when it holds the project (made by `rfm init`),
    then the project that travels with the package.

    Raises:
        BadInput: the folder given holds no dbt project.
    """
    if given is not None:
        if not (given / "dbt_project.yml").is_file():
            raise BadInput(
                "there is no dbt project in this folder",
                where=str(given),
                hint="point --project-dir at the folder that holds dbt_project.yml, "
                "or make one with `rfm init`",
            )
        return given.resolve()
    here = Path.cwd()
    if _is_ours(here):
        return here
    return shipped_project()


def shipped_project() -> Path:
    """Find the project that travels with the package: in the wheel, or around it in a checkout."""
    inside = _PACKAGE / "_project"
    return inside if inside.is_dir() else _PACKAGE.parent


def _is_ours(folder: Path) -> bool:
    settings = folder / "dbt_project.yml"
    return settings.is_file() and _NAME.search(settings.read_text(encoding="utf-8")) is not None


def project_settings(project_dir: Path) -> dict[str, Any]:
    """Read the vars of a project, as dbt_project.yml gives them.

    Raises:
        BadInput: the file is not YAML.
    """
    import yaml

    settings = project_dir / "dbt_project.yml"
    try:
        variables = (yaml.safe_load(settings.read_text(encoding="utf-8")) or {}).get("vars") or {}
    except yaml.YAMLError as error:
        raise BadInput(
            "dbt_project.yml cannot be read",
            where=f"{settings} ({' '.join(str(error).split())[:160]})",
            hint="correct the YAML, or make a new project with `rfm init`",
        ) from error
    flat = {name: value for name, value in variables.items() if not isinstance(value, dict)}
    return {**flat, **(variables.get("rfm") or {})}


def cache_folder() -> Path:
    """Make the folder for logs and dbt's target; `RFM_CACHE_DIR` moves it.

    Raises:
        BadInput: it cannot be made.
    """
    from platformdirs import user_cache_path

    # dbt works in the folder of the project, where a relative path would be another one.
    folder = Path(os.environ.get("RFM_CACHE_DIR") or user_cache_path("rfm")).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"the cache folder cannot be made: {error.strerror}",
            where=str(folder),
            hint="set RFM_CACHE_DIR to a folder that can be written",
        ) from error
    return folder


def cache_key(*places: Path | str) -> str:
    """Make a short name for these places, the same for every spelling of a path."""
    text = "\n".join(os.path.realpath(p) if isinstance(p, Path) else p for p in places)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
