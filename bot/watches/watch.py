"""What a watch is: a standing question of a chat, what it is narrowed to, and how strict it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

STRICTNESS = (0.10, 0.05, 0.01)
"""Accepted shares of false answers, from loose to tight."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a sentence must also be: of one of these languages (ISO 639-1), of one of these sources (a name or a host),
    and with every one of these words. Empty asks nothing."""

    langs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    must: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Watch:
    """`ref`: its name, never given out again. `since`: the library's version when it was left: what came with a later
    change is new to it. `topic` 0 is outside of topics. `owner`: who left it, 0 where nobody is known (a channel's own
    post, an anonymous administrator). `title`: of the chat, where it was left from elsewhere. `lang`: of its alerts."""

    ref: str
    chat: int
    topic: int
    question: str
    lang: str
    owner: int
    since: int
    created_at: float
    filters: Filters = field(default_factory=Filters)
    false_answers: float = 0.05
    digest: bool = False
    paused: bool = False
    title: str | None = None

    def __str__(self) -> str:
        return f"“{self.question}” in {self.chat}"

    def tighter(self) -> float | None:
        """The next stricter share of false answers, None where there is none."""
        return next((share for share in STRICTNESS if share < self.false_answers), None)

    def looser(self) -> float | None:
        """The next looser share, None where there is none."""
        return next((share for share in reversed(STRICTNESS) if share > self.false_answers), None)


class Every(StrEnum):
    """How often a chat's digest comes, for all its watches; NEVER: alerts come at once."""

    NEVER = "never"
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a chat may be disturbed. Minutes are counted from midnight in `zone` (an IANA name); `weekday` 0 is Monday.

    `quiet`: (from, until), may span midnight. `per_hour`: alerts an hour before the rest waits for a digest. A watch
    that is set to digests in a chat where `every` is NEVER gets a daily one.
    """

    zone: str = "UTC"
    every: Every = Every.NEVER
    minute: int = 9 * 60
    weekday: int = 0
    quiet: tuple[int, int] | None = None
    per_hour: int = 10


@dataclass(frozen=True, slots=True)
class WatchLimits:
    """Watches per chat and in all; and how often one may have fired in the last week to be taken."""

    per_chat: int = 20
    in_all: int = 10_000
    per_week: int = 100
