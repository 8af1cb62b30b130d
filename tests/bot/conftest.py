"""A real library with an article that was corrected, for proofs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.article import ArticleId, Draft
from index.library import Library
from index.settings import LibrarySettings

ADDRESS = "https://news.example/bridge"
START = datetime(2024, 3, 26, 9, 0, tzinfo=UTC)


class Newsroom:
    """A library that is written to as a newsroom would; each snapshot is taken a minute after the one before."""

    def __init__(self, folder: Path, database: str | None = None) -> None:
        self.now = START
        settings = LibrarySettings.load(data=folder, database_url=database)
        self.library = Library.open(settings, now=self._tick)

    def _tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def put(
        self, *sentences: str, title: str = "Ship hits bridge", url: str = "https://news.example/bridge"
    ) -> ArticleId:
        """Takes a snapshot of an article that has these sentences now."""
        draft = Draft(title, " ".join(sentences), "Coast Courier", url, address=url, lang="en")
        article = next(iter(self.library.add([draft]))).article
        assert article
        return article.id


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    room = Newsroom(tmp_path / "library")
    yield room
    room.library.close()
