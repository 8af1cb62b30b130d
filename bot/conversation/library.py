"""The part of the library's face that a conversation uses. `index.library.Library` has it; so may a stand-in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from index.article import Answer, Article, ArticleId, Question, Sentence, SentenceId
from index.evidence import Evidence

if TYPE_CHECKING:
    from bot.watches.facts import Vector
    from index.match import Match
    from index.store.arrivals import Arrivals, Missed


class QuoteLibrary(Protocol):
    """See `index.library.Library`: `sentence` and `article` raise NotFound once their article is removed."""

    def ask(self, question: Question) -> Answer: ...

    def articles(self) -> list[Article]: ...

    def article(self, id: ArticleId) -> Article: ...

    def sentence(self, id: SentenceId) -> Sentence: ...

    def is_live(self, id: SentenceId) -> bool: ...

    def around(self, id: SentenceId, count: int = 1) -> tuple[list[Sentence], list[Sentence]]: ...

    def beside(self, id: SentenceId, question: str) -> tuple[Sentence, ...]: ...

    def examples(self, count: int, lang: str) -> list[str]: ...

    def evidence(self, id: SentenceId, beside: bool = True) -> Evidence: ...


class WatchedLibrary(Protocol):
    """The part of `index.library.Library` that standing questions need."""

    @property
    def version(self) -> int: ...

    def version_at(self, moment: datetime) -> int: ...

    def arrivals(self, after: int, most: int = 512, missed: frozenset[Missed] = ...) -> Arrivals: ...

    def match(
        self,
        questions: Sequence[str],
        ids: Sequence[SentenceId],
        false_answers: float | None = None,
        *,
        most: int | None = None,
        live: bool = True,
    ) -> list[Match]: ...

    def vectors_of(self, ids: Sequence[SentenceId]) -> dict[SentenceId, Vector]: ...
