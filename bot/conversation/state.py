"""What is remembered of a chat between events: a frozen value that is stored as JSON beside the inbox.

It holds no article text: quotes are kept by sentence id and fetched again when a button asks for them, so that a
removed article can't be quoted from memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from index.article import ArticleId, Quote, SentenceId

if TYPE_CHECKING:
    from pydantic import TypeAdapter

KEPT_ANSWERS = 40
"""Buttons and edits work on this many answers of a chat; older ones say kindly that they are too old."""
KEPT_CONFIRMATIONS = 10
KEPT_PREVIOUS = 50
FOLLOW_UP_SECONDS = 30 * 60
"""A question this long after the one before it is not taken for a follow-up."""


class Outcome(StrEnum):
    ANSWERED = "answered"
    SILENT = "silent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class KeptQuote:
    """A quote by its ids: enough to draw it again from the library. `rivals`: those with other figures."""

    sentence: SentenceId
    confidence: float
    also: tuple[SentenceId, ...] = ()
    rivals: tuple[KeptQuote, ...] = ()
    context: tuple[SentenceId, ...] = ()
    speaker: str | None = None

    @property
    def quoted(self) -> tuple[SentenceId, ...]:
        """The sentence, and of a list what follows its first: ids ascend within a snapshot."""
        return (self.sentence, *(id for id in self.context if id > self.sentence))

    @classmethod
    def of(cls, quote: Quote) -> KeptQuote:
        return cls(
            quote.sentence.id,
            quote.confidence,
            tuple(other.sentence.id for other in quote.also),
            tuple(map(cls.of, quote.conflicts)),
            tuple(sentence.id for sentence in quote.context),
            quote.speaker,
        )


@dataclass(frozen=True, slots=True)
class Given:
    """An answer (or a silence, or a refusal) that stands in the chat.

    `keys`: outbox keys of its messages, one for each part. `message_id`: the question's message. `titled`: the question
    is repeated above the answer, because its asker did not type it. `whole`: the question as it was looked for, where
    that is not what its asker wrote (a follow-up as a question that stands alone). `starts`: where each sheet begins in
    `answers`. `sheet` and `context` are what it shows now. `votes`: asker -> +1 or -1. Times are in Unix seconds.
    """

    ref: str
    outcome: Outcome
    keys: tuple[str, ...]
    question: str
    asker: str
    at: float
    lang: str
    message_id: int | None = None
    topic: int | None = None
    previous: str | None = None
    whole: str = ""
    titled: bool = False
    answers: tuple[KeptQuote, ...] = ()
    nearest: tuple[KeptQuote, ...] = ()
    starts: tuple[int, ...] = (0,)
    sheet: int = 0
    context: bool = False
    votes: Mapping[str, int] = field(default_factory=dict)

    @property
    def stands_alone(self) -> str:
        """The question in words that need no other question before them."""
        return self.whole or self.question


@dataclass(frozen=True, slots=True)
class Pending:
    """A removal that waits for its asker's yes. `key`: the outbox key of the message that asks."""

    ref: str
    key: str
    asker: str
    article: ArticleId


@dataclass(frozen=True, slots=True)
class Previous:
    question: str
    at: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket as it was at `at`; `told`: its owner has been asked to slow down since it last had a token."""

    tokens: float
    at: float
    told: bool = False


@dataclass(frozen=True, slots=True)
class ChatState:
    """`lang`, `false_answers` and `per_answer` are the chat's settings; None leaves the choice to the bot.
    `corrections`: whether it is told when what was quoted in it has changed. `posts_after`: a channel's posts with a
    greater message id are articles; None: its posts are not."""

    lang: str | None = None
    false_answers: float | None = None
    per_answer: int = 3
    corrections: bool = True
    posts_after: int | None = None
    answers: tuple[Given, ...] = ()
    pending: tuple[Pending, ...] = ()
    previous: Mapping[str, Previous] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    buckets: Mapping[str, Bucket] = field(default_factory=dict)

    def to_json(self) -> str:
        return _adapter().dump_json(self, exclude_defaults=True).decode()

    @classmethod
    def from_json(cls, text: str) -> ChatState:
        """Reads what `to_json` wrote; fields that this version does not know are left out."""
        return _adapter().validate_json(text)

    def given(self, ref: str) -> Given | None:
        return next((given for given in self.answers if given.ref == ref), None)

    def given_for(self, message_id: int) -> Given | None:
        """The answer to the question in that message, if it is still remembered."""
        return next((given for given in self.answers if given.message_id == message_id), None)

    def given_under(self, key: str | None) -> Given | None:
        """The answer that a message of the bot, named by its outbox key, belongs to."""
        return next((given for given in self.answers if key in given.keys), None) if key else None

    def with_given(self, given: Given) -> ChatState:
        """Remembers an answer, in place of its older self if there is one; drops the oldest past the limit."""
        others = [other for other in self.answers if other.ref != given.ref]
        return replace(self, answers=(*others, given)[-KEPT_ANSWERS:])

    def with_previous(self, asker: str, previous: Previous) -> ChatState:
        kept = {key: value for key, value in self.previous.items() if key != asker}
        kept[asker] = previous
        return replace(self, previous=dict(list(kept.items())[-KEPT_PREVIOUS:]))

    def with_pending(self, *pending: Pending) -> ChatState:
        return replace(self, pending=(*self.pending, *pending)[-KEPT_CONFIRMATIONS:])


@cache
def _adapter() -> TypeAdapter[ChatState]:
    from pydantic import TypeAdapter

    return TypeAdapter(ChatState)
