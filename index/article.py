"""What a thing is. Values only: no file, no table and no model is touched from here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NewType

ArticleId = NewType("ArticleId", str)
SentenceId = NewType("SentenceId", int)
SnapshotHash = NewType("SnapshotHash", str)
"""sha256 of a snapshot's text in UTF-8, as 64 hex digits."""
CELLS = " | "
"""What readers put between the cells of a table's row, which is a line of its own."""
EMPTY, UNREAD = "–", "…"
"""What readers put into a cell that has nothing in it, and into one that only shows something (a tick)."""


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters (Python string indices) in a snapshot's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as a reader found it, before the library has accepted it.

    `text` is already normalised (`index.readers.plain.normalise`). `spans` is the split into sentences where the
    source brought its own. `id` is the source's own identity for it; `address` is where it was read: a path or a URL.
    """

    title: str
    text: str
    source: str | None = None
    url: str | None = None
    published: date | None = None
    lang: str | None = None
    author: str | None = None
    id: ArticleId | None = None
    address: str | None = None
    spans: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """An accepted article: what is said of it beside its text."""

    id: ArticleId
    title: str
    source: str | None = None
    url: str | None = None
    published: date | None = None
    lang: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The immutable text of an article at one time."""

    hash: SnapshotHash
    article: ArticleId
    text: str
    taken_at: datetime
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text == snapshot.text[start:end]`, always; `ordinal` counts from 0 within the snapshot."""

    id: SentenceId
    article: ArticleId
    snapshot: SnapshotHash
    ordinal: int
    start: int
    end: int
    text: str

    @property
    def unmarked(self) -> bool:
        """Whether it ends without a mark, as headings and the items of lists do."""
        return self.text[-1].isalnum()


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence offered for a question, with its article and the probability that it answers.

    `also`: the same fact in other articles. `conflicts`: other figures for the same fact, oldest first. `context`:
    the heading that it was read under and neighbours without which it can't be understood, in the text's order; of a
    list, which is quoted by what leads to it or its first sentence, the rest.
    `speaker`: who said it, verbatim from the snapshot, where the sentence itself does not name them. `parts`: the parts
    of its score, by name.
    """

    sentence: Sentence
    article: Article
    confidence: float
    also: tuple[Quote, ...] = ()
    conflicts: tuple[Quote, ...] = ()
    context: tuple[Sentence, ...] = ()
    speaker: str | None = None
    parts: Mapping[str, float] = field(default_factory=dict)

    @property
    def before(self) -> tuple[Sentence, ...]:
        """What it can't be understood without."""
        return tuple(each for each in self.context if each.ordinal < self.sentence.ordinal)

    @property
    def rest(self) -> tuple[Sentence, ...]:
        """What belongs to it: of a list the sentences behind the first."""
        return tuple(each for each in self.context if each.ordinal > self.sentence.ordinal)


@dataclass(frozen=True, slots=True)
class Question:
    """A question and where to look. `previous` is the question asked before it in the same chat, for follow-ups."""

    text: str
    k: int = 3
    article: ArticleId | None = None
    source: str | None = None
    since: date | None = None
    previous: str | None = None
    false_answers: float | None = None
    """The accepted share of false answers (0.01, 0.05 or 0.10); None takes the library's setting."""
    on: date | None = None
    """The day on which it is asked, from which "yesterday" is told; None takes the library's."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`quotes` are what may be shown as an answer, best first, empty for silence; `ranked` is the order of the best
    `k` sentences, answered or not; `confidence` is the probability that the first of `ranked` answers."""

    question: Question
    quotes: tuple[Quote, ...]
    ranked: tuple[Quote, ...]
    confidence: float
    threshold: float
    ms: float
    asked: str = ""
    """What was looked for: the question without greeting and thanks; a follow-up as a question that stands alone."""
    terms: frozenset[str] = frozenset()
    """Stems of the question's content words (`index.terms`), for marking matches."""

    @property
    def answered(self) -> bool:
        return bool(self.quotes)


def hash_of(text: str) -> SnapshotHash:
    """The hash by which a snapshot's text is known and checked."""
    return SnapshotHash(hashlib.sha256(text.encode("utf-8")).hexdigest())


_CODE = re.compile(r"[\d\W_]*|[0-9a-fA-F-]{8,}")


def passage(title: str, sentence: str) -> str:
    """What encoders and cross-encoders read: the title before the sentence (worth 2 to 4 points of P@1).

    A file's name that stands in for a title is read as words ("1973_oil_crisis"), or not at all ("000_9c206f8219a4").
    """
    title = title.strip()
    if title and not any(letter.isspace() for letter in title):
        words = title.split("_")
        title = "" if all(_CODE.fullmatch(word) for word in words) else " ".join(filter(None, words))
    if not title:
        return sentence
    return f"{title} {sentence}" if title[-1] in ".!?…。！？" else f"{title}. {sentence}"
