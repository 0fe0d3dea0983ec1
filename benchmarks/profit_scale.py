"""How long profit takes beside recency, frequency and money: five lines an order, all goods costed.

    python -m benchmarks.profit_scale [--customers 5e6] [--keep FOLDER]

Two orders of each customer on average, over two years. One model at a time, so that each has its
own seconds; target: profit within 3 times the models of RFM, their history included.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

ROOT = Path(__file__).resolve().parents[1]
_LINES_PER_ORDER = 5
_ORDERS_PER_CUSTOMER = 2
_TARGET_RATIO = 3
_SOURCES = {
    "shop": ["orders", "order_lines", "products"],
    "accounting": ["product_costs", "shipping_costs", "activity_costs"],
}
_SETTINGS = {
    "rfm_sources": _SOURCES,
    "rfm_currency": "EUR",
    "rfm_file_path": "",
    "rfm_table_name": "",
}
_MODELS = tuple(f"+path:models/marts/{folder}" for folder in ("rfm", "profit", "loyalty"))
# A number drawn for a row: the same rows, whatever the order they are made in, and fine enough to
# tell many millions of customers apart.
_DRAWS = "create macro draw(row, salt) as (hash(row * 31 + salt) % 1099511627776) / 1099511627776e0"
_RAW = """
create schema raw_shop;
create schema raw_accounting;
create table raw_shop.products as
    select 'S' || range as sku, 'Product ' || range as title, 'line ' || range % 12 as category,
        cast(5 + range % 90 as decimal(12, 2)) as list_price
    from range(5000);
create table raw_accounting.product_costs as
    select sku, date '2023-01-01' as valid_from,
        cast(list_price * 0.55 as decimal(12, 4)) as unit_cost, 'EUR' as currency
    from raw_shop.products;
create table raw_accounting.activity_costs as
    select * from (values
        ('order handling', 'order', 1.80, 'EUR', date '2023-01-01', cast(null as date)),
        ('picking', 'order_line', 0.65, 'EUR', date '2023-01-01', null)
    ) as costs (activity, driver, rate, currency, valid_from, valid_to);
create table raw_shop.lines as
    select 'W-' || (1000000000 + range // $lines) as order_no,
        cast(range % $lines + 1 as integer) as line_no,
        'S' || cast(floor(draw(range, 1) * 5000) as integer) as sku,
        cast(1 + floor(draw(range, 2) * 3) as integer) as quantity,
        cast(5 + floor(draw(range, 1) * 5000) % 90 as decimal(12, 2)) as list_price,
        cast(list_price * case when draw(range, 3) < 0.3 then 0.8 else 1 end as decimal(12, 2))
            as unit_price,
        cast(unit_price * quantity as decimal(12, 2)) as line_total
    from range($line_count);
create table raw_shop.orders as
    select order_no,
        'u_' || cast(floor(power(draw(number, 4), 1.5) * $customers) as bigint) as customer_uid,
        cast(null as varchar) as checkout_id,
        cast(timestamp '2023-01-01' + to_seconds(cast(draw(number, 5) * 63072000 as bigint))
            as varchar) || '+00:00' as placed_at,
        'EUR' as currency, total, cast(0 as decimal(12, 2)) as shipping, discount_total,
        cast(null as varchar) as coupon_code, 'paid' as status
    from (
        select order_no, cast(substr(order_no, 3) as bigint) as number, sum(line_total) as total,
            sum(list_price * quantity - line_total) as discount_total
        from raw_shop.lines group by order_no
    );
create table raw_shop.refunds as
    select 'R' || order_no as refund_no, order_no, cast(null as integer) as line_no,
        placed_at as refunded_at, cast(total / 2 as decimal(12, 2)) as amount,
        'other' as reason, cast(2 as decimal(12, 2)) as restock_cost
    from raw_shop.orders limit 0;
create table raw_accounting.shipping_costs as
    select order_no, 'Post' as carrier, cast(4.90 as decimal(12, 2)) as cost, 'EUR' as currency
    from raw_shop.orders;
"""


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure profit beside RFM.")
    parser.add_argument("--customers", type=float, default=5e6)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="for the database")
    return parser.parse_args()


def make_orders(database: Path, customers: int) -> None:
    """Make the raw tables of a shop and its accounting, once."""
    if database.exists():
        return
    orders = customers * _ORDERS_PER_CUSTOMER
    made = database.with_suffix(".part")
    made.unlink(missing_ok=True)
    sql = _RAW.replace("$line_count", str(orders * _LINES_PER_ORDER))
    sql = sql.replace("$lines", str(_LINES_PER_ORDER)).replace("$customers", str(customers))
    with duckdb.connect(made) as connection:
        connection.execute(_DRAWS)
        connection.execute(sql)
    made.rename(database)


def build(database: Path, folder: Path) -> dict[str, float]:
    """Build the models, and return the seconds of each group of them."""
    command = [
        str(Path(sys.executable).with_name("dbt")), "build", "--project-dir", str(ROOT),
        "--profiles-dir", str(ROOT), "--target", "duckdb", "--threads", "1",
        "--target-path", str(folder / "target"), "--log-path", str(folder / "logs"),
        "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test",
        "--vars", json.dumps(_SETTINGS), "--select", *_MODELS,
    ]  # fmt: skip
    environment = os.environ | {"RFM_DUCKDB_PATH": str(database)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stdout[-3000:])
    results = json.loads((folder / "target" / "run_results.json").read_text())["results"]
    manifest = json.loads((folder / "target" / "manifest.json").read_text())["nodes"]
    seconds: dict[str, float] = {}
    for result in results:
        node = manifest[result["unique_id"]]
        group = node["fqn"][2] if node["fqn"][1] in ("intermediate", "marts") else node["fqn"][1]
        seconds[group] = seconds.get(group, 0.0) + result["execution_time"]
    return seconds


def main() -> None:
    arguments = parse()
    customers = int(arguments.customers)
    with TemporaryDirectory() as place:
        folder = arguments.keep or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        database = folder / f"profit_{customers}.duckdb"
        make_orders(database, customers)
        with duckdb.connect(database) as connection:
            (lines,) = connection.execute("select count(*) from raw_shop.lines").fetchone()
        seconds = build(database, folder)
        with duckdb.connect(database) as connection:
            (found,) = connection.execute("select count(*) from customer_profit").fetchone()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    print(f"{found:,} customers, {lines:,} lines, peak {peak:.1f} GiB\n")
    print("| models | seconds | x RFM |\n| --- | ---: | ---: |")
    for group, spent in sorted(seconds.items(), key=lambda one: -one[1]):
        print(f"| {group} | {spent:.1f} | {spent / seconds['rfm']:.2f} |")
    ratio = seconds["profit"] / seconds["rfm"]
    verdict = "met" if ratio <= _TARGET_RATIO else "MISSED"
    print(f"\nprofit / rfm = {ratio:.2f}; target at most {_TARGET_RATIO}: {verdict}")


if __name__ == "__main__":
    main()
