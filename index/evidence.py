"""What proves a quote: every version of its article, whether that still stands, and the articles that bear on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from index.article import Article, Sentence, SentenceId, Snapshot


@dataclass(frozen=True, slots=True)
class Version:
    """One snapshot of an article, with the title that it had then and its sentences in order."""

    snapshot: Snapshot
    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """Neighbouring sentences of a snapshot in which a text stands; `whole`: it is all of them, and not a part."""

    sentences: tuple[Sentence, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Where a text stands: the sentences that are it, the newest first; where none is, those that it is made of."""

    sentences: tuple[SentenceId, ...] = ()
    within: Within | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of `versions[place]`, all versions of its article, the oldest first, and when that was removed.

    `article` is what was last said of it. `also`: other live articles in which the same sentence stands. `corrects`
    and `corrected_by`: live articles that one of the two says it corrects.
    """

    sentence: Sentence
    article: Article
    place: int
    versions: tuple[Version, ...]
    removed_at: datetime | None = None
    also: tuple[Article, ...] = ()
    corrects: tuple[Article, ...] = ()
    corrected_by: tuple[Article, ...] = ()

    @property
    def version(self) -> Version:
        return self.versions[self.place]

    @property
    def removed(self) -> bool:
        return self.removed_at is not None

    @property
    def current(self) -> bool:
        """Whether the sentence's own snapshot is the article's current one."""
        return not self.removed and self.place == len(self.versions) - 1
