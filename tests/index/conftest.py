"""The real library of the real articles, with the real models, made once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.library import Library
from index.settings import LibrarySettings

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library of the shipped articles; not to be written to."""
    with Library.open(LibrarySettings.load(data=tmp_path_factory.mktemp("seeded"))) as library:
        assert all(outcome.state == "added" for outcome in library.add(library.read(SEEDS)))
        yield library


@pytest.fixture
def library(tmp_path: Path, database: str | None) -> Iterator[Library]:
    """An empty library, on either engine."""
    with Library.open(LibrarySettings.load(data=tmp_path / "data", database_url=database)) as opened:
        yield opened
