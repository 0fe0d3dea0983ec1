"""Says which sources failed a check of quality, where dbt only says that some did."""

from __future__ import annotations

from collections.abc import Mapping

from rfm_cli.errors import CheckFailed
from rfm_cli.registered_text import in_words
from rfm_cli.warehouse import Warehouse

_TEST = "assert_no_source_fails_a_check"


def name_failed_checks(
    error: CheckFailed, warehouse: Warehouse, relations: Mapping[str, str]
) -> CheckFailed:
    """Return the error with the sources and checks it is about; any other error as it is.

    Args:
        error: what dbt came to.
        warehouse: where it built, still holding what failed.
        relations: the relation of each model, by name.
    """
    if _TEST not in error.problem or "source_quality" not in relations:
        return error
    failed = warehouse.records(
        "select source_name, entity, check_name, column_name, value, threshold "
        f"from {relations['source_quality']} where status = 'fail' "
        "order by source_name, entity, check_name, column_name"
    )
    told = "; ".join(f"{check['source_name']}, {in_words(check)}" for check in failed)
    checks = {check["check_name"] for check in failed}
    ways = ["run again with --accept-fewer-rows"] if "row_count" in checks else []
    ways += ["give the check severity warn"] if checks - {"row_count"} else []
    return CheckFailed(
        f"a source is not good enough: {told}",
        where="seeds/quality_thresholds.csv",
        hint=f"load the source again; if it is as it should be, {' and '.join(ways)}. The marts "
        "were left as they were",
    )
