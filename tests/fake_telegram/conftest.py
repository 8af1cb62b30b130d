"""One fake Telegram for the tests of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fake_telegram.client import running


@pytest.fixture(scope="session")
def fake_url() -> Iterator[str]:
    with running() as url:
        yield url
