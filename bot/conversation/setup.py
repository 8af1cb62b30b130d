"""What the conversation must know of the bot that it speaks for. Given by the front-end, the same for every chat."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.proof.address import Pages
from bot.watches.watch import WatchLimits

ALERTS = "alerts"
"""The feature that puts the bell under answers; on once standing questions can be left."""

PROOFS = "proofs"
"""The feature that shows what proves a quote, and that lets a chat choose whether it hears of corrections."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Token buckets: how many events at once (`burst`) and how many a minute in the long run, for one person and for a
    whole chat; `inline` ones apart, since one arrives with nearly every letter. `question_length` is in characters."""

    user_burst: int = 10
    user_per_minute: int = 20
    chat_burst: int = 30
    chat_per_minute: int = 90
    inline_burst: int = 60
    inline_per_minute: int = 120
    question_length: int = 1000


@dataclass(frozen=True, slots=True)
class Setup:
    """`secret` signs what buttons carry: stable across restarts. `admins`: the user ids of PULLQUOTE_ADMINS.
    `false_answers` is the library's own setting, shown where a chat has chosen none. `pages`: where the
    pages of quotes are reached from outside, if they are."""

    username: str
    bot_id: int
    secret: bytes
    admins: frozenset[int] = frozenset()
    features: frozenset[str] = frozenset()
    false_answers: float = 0.05
    limits: Limits = field(default_factory=Limits)
    watches: WatchLimits = field(default_factory=WatchLimits)
    pages: Pages | None = None
