"""The built wheel works outside the checkout: the dbt project travels in it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from building import PROJECT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check",
         "--no-deps", "--wheel-dir", str(folder), str(PROJECT)],
        check=True, timeout=300,
    )  # fmt: skip
    return next(folder.glob("rfm-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """An environment with the wheel in it; its dependencies are those of this one."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    packages = next((folder / "lib").glob("python*")) / "site-packages"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--no-deps", "--target", str(packages), str(wheel)],
        check=True, timeout=300,
    )  # fmt: skip
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    command = folder / "bin" / "rfm"
    command.write_text(
        f"#!{folder}/bin/python\nimport sys\nfrom rfm_cli.app import main\nsys.exit(main())\n"
    )
    command.chmod(0o755)
    return command


def test_the_project_is_in_the_wheel(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for path in ("dbt_project.yml", "profiles.yml", "seeds/rfm_segments.csv"):
        assert f"rfm_cli/_project/{path}" in names
    models = {str(path.relative_to(PROJECT)) for path in (PROJECT / "models").rglob("*.sql")}
    assert {f"rfm_cli/_project/{path}" for path in models} <= names


def test_the_installed_command_runs_from_anywhere(installed, tmp_path):
    place = tmp_path / "elsewhere"
    place.mkdir()
    (tmp_path / "orders.csv").write_text(
        "customer,date,amount\na,2024-01-05,10\nb,2024-02-05,20\na,2024-03-05,5\n"
    )
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "RFM_"))
    } | {"RFM_CACHE_DIR": str(tmp_path / "cache")}

    def run(*arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(installed), *arguments], cwd=place, env=environment, capture_output=True,
            text=True, timeout=300, check=False,
        )  # fmt: skip

    where = subprocess.run(
        [str(installed.parent / "python"), "-c", "import rfm_cli; print(rfm_cli.__file__)"],
        capture_output=True, text=True, check=True, cwd=place, env=environment,
    )  # fmt: skip
    assert str(installed.parents[1]) in where.stdout

    done = run("run", "--orders", "../orders.csv", "--database", "shop.duckdb")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in place.iterdir()] == ["shop.duckdb"]

    done = run("init", "mine")
    assert done.returncode == 0, done.stderr
    assert (place / "mine" / "models" / "marts" / "rfm" / "customer_rfm.sql").exists()
    # The copy is a project of its own: edited, it is what runs.
    seed = place / "mine" / "seeds" / "rfm_segments.csv"
    seed.write_text(seed.read_text().replace("standard,555,Champions", "standard,555,Friends"))
    done = run(
        "run", "--orders", "../orders.csv", "--database", "mine.duckdb", "--project-dir", "mine"
    )
    assert done.returncode == 0, done.stderr
