"""One service for all tests that only ask it something."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.canal import copy_canal, serve


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = copy_canal(tmp_path_factory.mktemp("site") / "canal")
    with serve(root) as url:
        yield url


@pytest.fixture(scope="session")
def client(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, timeout=10) as client:
        yield client
