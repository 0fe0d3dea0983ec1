"""Settings of the project: mistakes are told before dbt starts, wishes about the file count."""

from __future__ import annotations

import json
from datetime import date

import pytest

from rfm_cli.errors import BadInput
from rfm_cli.orders_file import Wishes, inspect
from rfm_cli.project import project_settings, shipped_project
from rfm_cli.settings import check_settings, column_wishes

GOOD = "customer_id,ordered_at,amount,worth\na,2024-01-31,10,3\nb,2024-02-01,1,4\n"


def test_the_shipped_settings_are_good():
    check_settings(project_settings(shipped_project()), shipped_project())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rfm_ltv_model", "pareto"),
        ("rfm_as_of_date", "soon"),
        ("rfm_as_of_date", "2024-02-30"),
        ("rfm_time_zone", "Mars/Olympus"),
        ("rfm_time_zone", "../etc"),
        ("rfm_history_periods", -1),
        ("rfm_history_periods", 1.5),
        ("rfm_window_days", 0),
        ("rfm_window_days", "some"),
        ("rfm_fiscal_year_start_month", 13),
        ("rfm_best_share", 0),
        ("rfm_best_share", 20),
        ("rfm_best_share", "many"),
        ("rfm_file_path", "gone.csv"),
    ],
)
def test_a_bad_setting_is_named(tmp_path, name, value):
    with pytest.raises(BadInput) as caught:
        check_settings({name: value}, tmp_path)
    assert f"setting {name}" in caught.value.where


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rfm_as_of_date", date(2024, 1, 1)),
        ("rfm_as_of_date", "2024-01-01"),
        ("rfm_window_days", "365"),
        ("rfm_time_zone", "Europe/Berlin"),
        ("rfm_file_path", "*.csv"),
        ("rfm_file_path", "orders.csv"),
        ("rfm_file_path", "s3://shop/orders.parquet"),
        ("rfm_best_share", "{{ env_var('SHARE', 0.1) }}"),
    ],
)
def test_a_good_setting(tmp_path, name, value):
    (tmp_path / "orders.csv").touch()
    check_settings({name: value}, tmp_path)


def wishes(given=None, **settings):
    shipped = project_settings(shipped_project())
    return column_wishes("file", given or Wishes(), {**shipped, **settings}, shipped)


def test_the_shipped_settings_wish_nothing():
    assert wishes() == Wishes()


def test_settings_of_the_file_count_and_options_win(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(GOOD)
    found = inspect(path, wishes(rfm_file_amount="worth", rfm_latest_order_date="2024-01-31"))
    assert (found.columns.amount, found.latest_order_date) == ("worth", date(2024, 1, 31))
    found = inspect(path, wishes(Wishes(amount="amount"), rfm_file_amount="worth"))
    assert found.columns.amount == "amount"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rfm_file_amount", "net"),
        ("rfm_file_date_format", "%d/%m/%Y"),
        ("rfm_file_decimal_mark", ";"),
    ],
)
def test_a_wish_of_the_settings_that_fails_is_named(tmp_path, name, value):
    path = tmp_path / "orders.csv"
    path.write_text(GOOD)
    with pytest.raises(BadInput) as caught:
        inspect(path, wishes(**{name: value}))
    assert name in f"{caught.value.where} {caught.value.hint}"


def test_the_decimal_mark_can_be_given(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text('customer_id,ordered_at,amount\na,2024-01-31,"1,234"\n')
    assert inspect(path, Wishes()).decimal_mark == "."
    assert inspect(path, Wishes(decimal_mark=",")).decimal_mark == ","


def test_a_column_that_is_needed_for_row_numbers(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("customer_id,ordered_at,amount,Source_Row_Number\na,2024-01-31,1,1\n")
    with pytest.raises(BadInput, match="Source_Row_Number"):
        inspect(path, Wishes())


def test_a_heading_without_end(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("a" * 140_000 + ",ordered_at,amount\na,2024-01-31,1\n")
    with pytest.raises(BadInput, match="first line cannot be read"):
        inspect(path, Wishes())


def test_run_refuses_a_bad_setting_before_dbt(rfm, tmp_path):
    project = tmp_path / "project"
    assert rfm("init", project).returncode == 0
    file = project / "dbt_project.yml"
    file.write_text(file.read_text().replace("rfm_best_share: 0.2", "rfm_best_share: 20"))
    (tmp_path / "orders.csv").write_text(GOOD)
    done = rfm("run", "--orders", "../orders.csv", cwd=project)
    assert done.returncode == 2
    assert "rfm_best_share" in done.stderr


def test_check_takes_settings_as_dbt_does(rfm, tmp_path):
    project = tmp_path / "project"
    assert rfm("init", project).returncode == 0
    file = project / "dbt_project.yml"
    text = file.read_text()
    (project / "orders.csv").write_text(GOOD)
    for path, result in (("orders.csv", "ok"), ("ord*.csv", "ok"), ("gone.csv", "fail")):
        file.write_text(text.replace('rfm_file_path: ""', f'rfm_file_path: "{path}"'))
        done = rfm("check", "--project-dir", project, "--json", cwd=tmp_path)
        checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
        assert (path, checks["source"]["result"]) == (path, result)
        assert checks["project"]["result"] == "ok"
    file.write_text(text.replace("rfm_best_share: 0.2", "rfm_best_share: 20"))
    done = rfm("check", "--project-dir", project, "--json", cwd=tmp_path)
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert "rfm_best_share" in checks["project"]["message"]
