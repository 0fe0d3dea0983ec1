"""The SQL that dbt compiled for a model in the last `rfm run`."""

from __future__ import annotations

from pathlib import Path


def compiled_sql(folder: Path, model: str) -> str:
    """Find the SQL of a model; raises ValueError unless there is exactly one."""
    (file,) = folder.glob(f"dbt/*/target/compiled/rfm/models/**/{model}.sql")
    return file.read_text()
