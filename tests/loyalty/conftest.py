"""Caches of the tests of loyalty, apart from the user's."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory):
    """Keep dbt's targets and logs of the tests out of the home folder."""
    os.environ["RFM_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))
