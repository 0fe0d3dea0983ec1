"""One cache for all tests, apart from the user's."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory):
    """Keep dbt's targets, logs and what it read of the project where all workers find it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "rfm-cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RFM_CACHE_DIR", str(folder))
        yield
