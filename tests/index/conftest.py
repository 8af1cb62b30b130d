"""The real library of the real articles, with the real models, made once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.library import Library
from index.move import Move
from index.settings import LibrarySettings
from index.store.engine import connect

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library of the shipped articles; not to be written to."""
    with Library.open(LibrarySettings.load(data=tmp_path_factory.mktemp("seeded"))) as library:
        assert all(outcome.state == "added" for outcome in library.add(library.read(SEEDS)))
        yield library


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shipped(request: pytest.FixtureRequest, seeded: Library) -> Iterator[Library]:
    """The same library on either engine: moved to the other one, not embedded again. Not to be written to."""
    if request.param == "sqlite":
        yield seeded
        return
    address = request.getfixturevalue("postgresql").empty()
    move = Move(seeded._engine, connect(address))
    move.begin()
    list(move.rows())
    move.finish()
    with Library.open(seeded.settings.model_copy(update={"database_url": address})) as library:
        library.words.maintain()
        yield library


@pytest.fixture
def library(tmp_path: Path, database: str | None) -> Iterator[Library]:
    """An empty library, on either engine."""
    with Library.open(LibrarySettings.load(data=tmp_path / "data", database_url=database)) as opened:
        yield opened
