"""Which warehouse: a target of profiles.yml, the same that dbt uses."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rfm_cli.errors import BadInput

# The adapter of dbt that an engine needs, and the extra of this package that brings it.
_ADAPTERS = {
    "duckdb": ("dbt.adapters.duckdb", None),
    "postgres": ("dbt.adapters.postgres", "postgres"),
    "spark": ("dbt.adapters.spark", "spark"),
}
_TYPE_FILTERS = ("as_number", "as_bool", "as_native", "as_text")
DEFAULT_DATABASE = Path("rfm.duckdb")


@dataclass(frozen=True)
class Target:
    """One warehouse.

    Attributes:
        name: of the target in profiles.yml.
        engine: duckdb, postgres or spark.
        settings: of the target, environment variables filled in; passwords too, so never shown.
        database: the DuckDB file; None for a server.
    """

    name: str
    engine: str
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)
    database: Path | None = None

    @property
    def path(self) -> Path:
        """The DuckDB file of a target that has one."""
        if self.database is None:
            raise TypeError(f"{self.name} is no file")
        return self.database

    @property
    def schema(self) -> str:
        """The schema of the marts."""
        return str(self.settings.get("schema", "main"))

    @property
    def where(self) -> str:
        """What and where it is, for messages; no secrets."""
        if self.database is not None:
            return str(self.database)
        host, port = self.settings.get("host"), self.settings.get("port")
        database = f", database {self.settings['dbname']}" if "dbname" in self.settings else ""
        return f"{self.engine} at {host}:{port}{database}, schema {self.schema}"

    def at(self, database: Path) -> Target:
        """Give the same target with another DuckDB file."""
        return replace(self, database=database)


def duckdb_target(database: Path) -> Target:
    """Give the target of a DuckDB file."""
    return Target("duckdb", "duckdb", database=database)


def find_target(project_dir: Path, name: str | None, database: Path | None) -> Target:
    """Find a target in the profiles.yml of a project.

    Args:
        project_dir: the folder of profiles.yml.
        name: the target; None for the default of the profile.
        database: the DuckDB file, for a target of that engine.

    Raises:
        BadInput: there is no such target, its engine is none of ours, an environment variable
            or its driver is missing, or a file is named for a server.
    """
    outputs, default = _outputs(project_dir)
    name = name or default
    if name not in outputs:
        raise BadInput(
            f"there is no target {name}",
            where=str(project_dir / "profiles.yml"),
            hint=f"its targets are {', '.join(outputs)}",
        )
    settings = {key: _filled(value, name, project_dir) for key, value in outputs[name].items()}
    engine = str(settings.get("type"))
    if engine not in _ADAPTERS:
        raise BadInput(
            f"rfm cannot run on {engine}",
            where=f"{project_dir / 'profiles.yml'}, target {name}",
            hint="plain `dbt build` may be able to: docs/engines.md says what to expect; "
            f"rfm itself runs on {', '.join(_ADAPTERS)}",
        )
    _need_adapter(engine)
    if engine == "duckdb":
        return Target(name, engine, settings, database or DEFAULT_DATABASE)
    if database is not None:
        raise BadInput(
            f"a DuckDB file is named, but the target {name} is a server",
            where=f"--database {database} (or RFM_DATABASE)",
            hint="leave it out: where the server is comes from the environment (docs/engines.md)",
        )
    return Target(name, engine, settings)


def _outputs(project_dir: Path) -> tuple[dict[str, dict[str, Any]], str]:
    import yaml

    profiles = project_dir / "profiles.yml"
    try:
        project = yaml.safe_load((project_dir / "dbt_project.yml").read_text(encoding="utf-8"))
        read = yaml.safe_load(profiles.read_text(encoding="utf-8"))
        profile = read[project["profile"]]
        return dict(profile["outputs"]), str(profile.get("target") or "duckdb")
    except FileNotFoundError as error:
        raise BadInput(
            "the project has no profiles.yml",
            where=str(error.filename),
            hint="copy it from a new project (`rfm init`)",
        ) from error
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            "profiles.yml cannot be read",
            where=f"{profiles} ({' '.join(str(error).split())[:160]})",
            hint="correct it, or copy it from a new project (`rfm init`)",
        ) from error


def _filled(value: object, target: str, project_dir: Path) -> object:
    """Fill in the environment variables, as dbt does."""
    if isinstance(value, dict):
        return {key: _filled(one, target, project_dir) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, target, project_dir) for one in value]
    if not isinstance(value, str) or "{{" not in value:
        return value
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    def env_var(name: str, default: str | None = None) -> str:
        found = os.environ.get(name, default)
        if found is None:
            raise BadInput(
                f"the environment variable {name} is not set",
                where=f"{project_dir / 'profiles.yml'}, target {target}",
                hint=f"set it: export {name}=...",
            )
        return found

    # Everything is text to us; what dbt makes of a number or a truth is the adapter's business.
    environment = SandboxedEnvironment(undefined=StrictUndefined)
    environment.globals["env_var"] = env_var
    environment.filters.update(dict.fromkeys(_TYPE_FILTERS, str))
    try:
        return environment.from_string(value).render()
    except TemplateError as error:
        raise BadInput(
            f"a setting of the target cannot be read: {error}",
            where=f"{project_dir / 'profiles.yml'}, target {target}",
            hint="correct it",
        ) from error


def _need_adapter(engine: str) -> None:
    module, extra = _ADAPTERS[engine]
    parent = importlib.util.find_spec("dbt.adapters")
    if parent is not None and importlib.util.find_spec(module) is not None:
        return
    raise BadInput(
        f"the driver for {engine} is not installed",
        where="this Python environment",
        hint=f"pip install 'rfm[{extra}]'" if extra else "pip install rfm",
    )
