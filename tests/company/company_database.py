"""A database of the demo company, and a project of the user's own to run it with."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from rfm_cli.demo.company.settings import COMPANY_SETTINGS

RFM = Path(sys.executable).with_name("rfm")


@dataclass(frozen=True)
class Company:
    """A database with raw tables, truth and marts."""

    database: Path

    def rows(self, sql: str) -> list[tuple]:
        with duckdb.connect(self.database, read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def marts(self, but: tuple[str, ...] = ()) -> dict[str, list[tuple]]:
        """Return every public table, its rows in an order that does not depend on storage."""
        names = self.rows(
            "select table_name from information_schema.tables"
            " where table_schema = 'main' order by 1"
        )
        return {
            name: self.rows(f"select * from main.{name} order by all")
            for (name,) in names
            if name not in but
        }

    def change(self, *statements: str) -> None:
        """Change the raw tables, as the systems do overnight."""
        with duckdb.connect(self.database) as connection:
            for statement in statements:
                connection.execute(statement)

    def rfm(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(RFM), *arguments, "--database", str(self.database)],
            cwd=self.database.parent,
            env=os.environ | {"COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def run(self, **settings: Any) -> subprocess.CompletedProcess[str]:
        """Run the round once more in a project of the user's own, with these settings on top."""
        project = project_with(self.database.parent / "project", COMPANY_SETTINGS | settings)
        return self.rfm("run", "--quiet", "--history", "0", "--project-dir", str(project))


def project_with(folder: Path, settings: dict[str, Any]) -> Path:
    """Make a project of the user's own, once, and set its settings."""
    import yaml

    if not folder.exists():
        subprocess.run([str(RFM), "init", str(folder)], check=True, capture_output=True)
    path = folder / "dbt_project.yml"
    content = yaml.safe_load(path.read_text())
    content["vars"]["rfm"].update(settings)
    path.write_text(yaml.safe_dump(content))
    return folder
