"""The part of the library's face that a conversation uses. `index.library.Library` has it; so may a stand-in."""

from __future__ import annotations

from typing import Protocol

from index.article import Answer, Article, ArticleId, Question, Sentence, SentenceId


class QuoteLibrary(Protocol):
    """See `index.library.Library`: `sentence` and `article` raise NotFound once their article is removed."""

    def ask(self, question: Question) -> Answer: ...

    def articles(self) -> list[Article]: ...

    def article(self, id: ArticleId) -> Article: ...

    def sentence(self, id: SentenceId) -> Sentence: ...

    def is_live(self, id: SentenceId) -> bool: ...

    def around(self, id: SentenceId, count: int = 1) -> tuple[list[Sentence], list[Sentence]]: ...

    def examples(self, count: int, lang: str) -> list[str]: ...
