"""What a watch has found, as it is kept; and what a chat may ask to be done with its watches."""

from __future__ import annotations

from dataclasses import dataclass

from bot.watches.noise import Held
from bot.watches.watch import Rhythm, Watch
from index.article import ArticleId, SentenceId


@dataclass(frozen=True, slots=True)
class Alert:
    """One fact for one watch. `place` grows in the order of publication. `also`: sentences of other articles that say
    the same, in the order they came. `held`: why it waits for a digest. `key`: the outbox key of its message, or of the
    digest or the correction that told it (`round`: how often it was put into one). `stale`: its message does not show
    all of `also`. `disliked`: it has tightened its watch."""

    watch: str
    sentence: SentenceId
    chat: int
    topic: int
    article: ArticleId
    confidence: float
    found_at: float
    place: int
    also: tuple[SentenceId, ...] = ()
    held: Held | None = None
    held_at: float | None = None
    key: str | None = None
    sent_at: float | None = None
    round: int = 0
    edits: int = 0
    edited_at: float = 0.0
    stale: bool = False
    disliked: bool = False


@dataclass(frozen=True, slots=True)
class AddWatch:
    watch: Watch


@dataclass(frozen=True, slots=True)
class ChangeWatch:
    """`setting` is a field of a watch."""

    ref: str
    setting: str
    value: float | bool | int


@dataclass(frozen=True, slots=True)
class RemoveWatch:
    ref: str


@dataclass(frozen=True, slots=True)
class SetRhythm:
    chat: int
    rhythm: Rhythm


@dataclass(frozen=True, slots=True)
class Dislike:
    """The alert of that sentence made its watch stricter, down to `false_answers`."""

    ref: str
    sentence: SentenceId
    false_answers: float


@dataclass(frozen=True, slots=True)
class Declined:
    """A watch was not taken: known, too_many, full, too_often, channel."""

    reason: str


WatchEffect = AddWatch | ChangeWatch | RemoveWatch | SetRhythm | Dislike
