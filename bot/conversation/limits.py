"""Token buckets: who may speak now, and whether they have been told to wait."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.conversation.setup import Limits
from bot.conversation.state import Bucket, ChatState
from bot.incoming import Incoming, InlineQuery

CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Rate:
    burst: int
    per_minute: int

    @property
    def seconds_to_fill(self) -> float:
        return 60 * self.burst / self.per_minute


@dataclass(frozen=True, slots=True)
class Verdict:
    """`allowed`; if not, whether to say so (`tell`: the first time only) and when the next token comes, in seconds."""

    state: ChatState
    allowed: bool
    tell: bool = False
    wait: int = 0


def admit(state: ChatState, incoming: Incoming, asker: str, shared: bool, now: datetime, limits: Limits) -> Verdict:
    """Takes one token from each bucket that this event counts against, or none from any."""
    rates = _rates(incoming, asker, shared, limits)
    at = now.timestamp()
    filled = {name: _filled(state.buckets.get(name), rate, at) for name, rate in rates.items()}
    filling = max(rate.seconds_to_fill for rate in _rates_of_all(limits))
    empty = [name for name, bucket in filled.items() if bucket.tokens < 1]
    if empty:
        name = empty[0]
        wait = round((1 - filled[name].tokens) * 60 / rates[name].per_minute)
        tell = not filled[name].told
        taken = {name: replace(filled[name], told=True)}
        return Verdict(_with_buckets(state, taken, at, filling), False, tell, max(wait, 1))
    taken = {name: replace(bucket, tokens=bucket.tokens - 1, told=False) for name, bucket in filled.items()}
    return Verdict(_with_buckets(state, taken, at, filling), True)


def _rates(incoming: Incoming, asker: str, shared: bool, limits: Limits) -> dict[str, Rate]:
    user, chat, inline = _rates_of_all(limits)
    if isinstance(incoming, InlineQuery):
        return {f"inline {asker}": inline}
    return {asker: user, CHAT: chat} if shared else {asker: user}


def _rates_of_all(limits: Limits) -> tuple[Rate, Rate, Rate]:
    return (
        Rate(limits.user_burst, limits.user_per_minute),
        Rate(limits.chat_burst, limits.chat_per_minute),
        Rate(limits.inline_burst, limits.inline_per_minute),
    )


def _filled(bucket: Bucket | None, rate: Rate, at: float) -> Bucket:
    if bucket is None:
        return Bucket(rate.burst, at)
    # A clock that was set back must not empty a bucket.
    gained = max(at - bucket.at, 0.0) * rate.per_minute / 60
    return replace(bucket, tokens=min(bucket.tokens + gained, float(rate.burst)), at=at)


def _with_buckets(state: ChatState, taken: dict[str, Bucket], at: float, filling: float) -> ChatState:
    """Buckets that nobody touched for as long as it takes to fill one are full again: they are forgotten."""
    kept = {name: bucket for name, bucket in state.buckets.items() if at - bucket.at < filling}
    return replace(state, buckets={**kept, **taken})
