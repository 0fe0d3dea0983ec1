"""A shop with customers of three years: 2022 and 2023 are known to the fit, 2024 is not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from building import Warehouse

from rfm_cli.dbt import Dbt
from rfm_cli.learn import learn
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.parameters import BgParameters, SpendParameters
from rfm_cli.ltv.simulate import simulate_orders
from rfm_cli.warehouse.duckdb import DuckDBWarehouse
from rfm_cli.warehouse.targets import duckdb_target

START = date(2022, 1, 1)
AS_OF = date(2023, 10, 1)
LATER = date(2024, 2, 1)  # the first orders of 2024 are of a group that the fit does not know


def make_cohorts(folder: Path):
    """600 customers of 2022 and 2023, 20 of 2024; the second year orders less often."""
    lines = ["customer_id,ordered_at,amount,order_id"]
    for year, size, alpha, offset in (
        ("2022", 400, 30.0, 0),
        ("2023", 200, 60.0, 365),
        ("2024", 20, 30.0, 730),
    ):
        orders = simulate_orders(
            BgParameters("mbg_nbd", 0.9, alpha, 0.8, 3.0),
            SpendParameters(6.25, 3.74, 15.4),
            size,
            acquisition_days=250 if year != "2024" else 25,
            total_days=(LATER - START).days - offset,
            seed=int(year),
        )
        for number, (customer, day, amount) in enumerate(
            zip(orders.customer, orders.day, orders.amount, strict=True)
        ):
            ordered = START + timedelta(days=offset + int(day))
            lines.append(f"{year}-{customer},{ordered},{amount:.2f},{year}-{number}")
    path = folder / "orders.csv"
    path.write_text("\n".join(lines) + "\n")
    settings = {
        "rfm_file_path": str(path),
        "rfm_file_order_id": "order_id",
        "rfm_history_periods": 0,
        "rfm_ltv_group_by": ["cohort_year"],
    }
    return Warehouse(folder / "rfm.duckdb"), settings


def build(warehouse, select, **settings):
    dbt = Dbt(warehouse.project, duckdb_target(warehouse.database), settings)
    dbt.parse()
    dbt.build(select=select)
    return dbt.relations()


def learned(warehouse, settings, model, pooling):
    """Build what is learned from, and learn, as `rfm run` does."""
    relations = build(
        warehouse,
        ("+int_ltv__order_counts", "+int_ltv__spend_counts", "path:models/fitted"),
        **settings,
        rfm_as_of_date=AS_OF.isoformat(),
    )
    with DuckDBWarehouse(warehouse.database, read_only=False) as opened:
        run = learn(opened, relations, model, pooling)
    assert run.is_accepted
    assert run.refusal_reason is None
    return run.run_id


def parameters_of(warehouse, run_id, model):
    """Parameters of each group, and of everybody under ''."""
    rows = warehouse.rows(
        "select '' as ltv_group, model, parameter, estimate"
        f" from main_fitted.fitted_ltv_parameters where run_id = '{run_id}' union all"
        " select ltv_group, model, parameter, estimate"
        f" from main_fitted.fitted_ltv_group_parameters where run_id = '{run_id}'"
    )
    form = ORDER_MODELS[model]
    return {
        group: tuple(
            make(*({row[2]: row[3] for row in rows if row[:2] == (group, owner)}[n] for n in names))
            for make, owner, names in (
                (form.parameters, model, form.parameter_names),
                (SpendParameters, "gamma_gamma", ("p", "q", "v")),
            )
        )
        for group in {row[0] for row in rows}
    }
