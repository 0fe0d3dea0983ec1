"""What dbt made of the project when it read it, kept for the next run.

Reading takes dbt about a quarter of a small run, and its own memory of it is void as soon as a
setting or the path of the database changes. Which file, columns and dates only fills in values of
the SQL, which is written when a model is built: they change nothing of what was read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from rfm_cli.project import cache_folder, project_settings, shipped_project
from rfm_cli.warehouse import Target

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

# What changes from run to run and only fills in a value; whether it is empty may decide more. Other
# settings count as they are: dbt refuses wrong ones when it reads the project, not hours later.
_VALUES = frozenset(
    {
        "rfm_file_path",
        "rfm_file_delimiter",
        "rfm_file_encoding",
        "rfm_file_customer_id",
        "rfm_file_ordered_at",
        "rfm_file_amount",
        "rfm_file_order_id",
        "rfm_file_date_format",
        "rfm_file_decimal_mark",
        "rfm_table_customer_id",
        "rfm_table_ordered_at",
        "rfm_table_amount",
        "rfm_table_order_id",
        "rfm_earliest_order_date",
        "rfm_latest_order_date",
        "rfm_as_of_date",
        "rfm_history_periods",
        "rfm_time_zone",
        "rfm_identity_model_file",
        "rfm_ltv_backtest_windows",
    }
)
# Where dbt looks beside the folders that dbt_project.yml names.
_USUAL_FOLDERS = ("analyses", "dbt_packages", "functions", "snapshots")
_CODE = (".sql", ".yml", ".yaml", ".md", ".py")
_ENVIRONMENT = re.compile(r"""env_var\(\s*['"](\w+)""")
_KEPT = 20  # of some 5 MB each; those unused for longest go


class Manifests:
    """What was read of one project, on one target, with its settings.

    Args:
        project_dir: the folder of dbt_project.yml.
        target: the warehouse; of a DuckDB file only the name of its database matters.
        variables: the vars of the project to override.

    Attributes:
        file: where it is kept.
    """

    def __init__(self, project_dir: Path, target: Target, variables: Mapping[str, object]) -> None:
        self._project_dir = project_dir.resolve()
        self._folder = cache_folder() / "dbt" / "manifests"
        self.file = self._folder / f"{_key(project_dir, target, variables)}.msgpack"

    def find(self) -> Manifest | None:
        """Return what an earlier run read, if reading again would not come to anything else."""
        try:
            stored = self.file.read_bytes()
            os.utime(self.file)
        except FileNotFoundError:
            return None
        from dbt.constants import DEFAULT_ENV_PLACEHOLDER
        from dbt.contracts.graph.manifest import Manifest
        from dbt.contracts.graph.nodes import SeedNode
        from dbt.parser.manifest import extended_mashumuro_decoder

        try:
            manifest = Manifest.from_msgpack(stored, decoder=extended_mashumuro_decoder)
        except (ValueError, LookupError, TypeError):
            return None  # not what was written; it is read again and replaced
        if any(
            os.environ.get(name, DEFAULT_ENV_PLACEHOLDER) != value
            for name, value in manifest.env_vars.items()
        ):
            return None
        for node in manifest.nodes.values():
            if isinstance(node, SeedNode) and node.package_name == manifest.metadata.project_name:
                node.root_path = str(self._project_dir)  # where the rows are read when it is built
        manifest.build_parent_and_child_maps()  # type: ignore[no-untyped-call]
        manifest.build_flat_graph()  # type: ignore[no-untyped-call]
        return manifest

    def keep(self, manifest: Manifest) -> None:
        """Store what was read, before anything is built with it."""
        from dbt.parser.manifest import extended_mashumaro_encoder

        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
            file.write(manifest.to_msgpack(extended_mashumaro_encoder))
        Path(file.name).replace(self.file)
        self._forget()

    def _forget(self) -> None:
        with suppress(FileNotFoundError):  # another run may forget the same
            stored = sorted(self._folder.iterdir(), key=lambda file: file.stat().st_mtime)
            for file in stored[:-_KEPT]:
                file.unlink()


def _key(project_dir: Path, target: Target, variables: Mapping[str, object]) -> str:
    """Sum up everything that what dbt reads depends on."""
    text = (project_dir / "dbt_project.yml").read_text(encoding="utf-8")
    project = yaml.safe_load(text)
    settings = {**project_settings(project_dir), **variables}
    (project.get("vars") or {}).pop("rfm", None)
    code = _code(project_dir, project)
    folder = str(project_dir.resolve())
    if project_dir == shipped_project() or code == _code(shipped_project(), project):
        # Code of the user's own may look at any setting, and lie in packages of its own.
        settings = {name: _shape(name, value) for name, value in settings.items()}
        folder = ""
    told = (
        *(version(f"dbt-{part}") for part in ("core", "adapters", target.engine)),
        folder,
        (project_dir / "profiles.yml").read_text(encoding="utf-8"),
        target.name,
        target.schema,
        target.path.stem if target.database else target.settings.get("dbname"),
        project,
        [os.environ.get(name) for name in _ENVIRONMENT.findall(text)],
        code,
        settings,
    )
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _shape(name: str, value: object) -> object:
    """Leave of a setting what may decide which models there are and what they read."""
    return bool(value) if name in _VALUES else value


def _code(project_dir: Path, project: Mapping[str, Any]) -> str:
    """Sum up the files that dbt reads; of seeds the names, as their rows are read when built."""
    named = [path for key, paths in project.items() if key.endswith("-paths") for path in paths]
    told = hashlib.sha256()
    for folder in sorted({*named, *_USUAL_FOLDERS}):
        for file in sorted((project_dir / folder).rglob("*.*")):
            told.update(f"{file.relative_to(project_dir)}\n".encode())
            if file.suffix in _CODE:
                told.update(file.read_bytes())
    return told.hexdigest()
