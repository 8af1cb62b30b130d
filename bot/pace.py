"""Telegram's limits on sending, as token buckets. Pure: the time is an argument.

Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this (about 30 messages a second in
all, one a second in a chat with short bursts, 20 a minute in a group).
"""

from __future__ import annotations

from dataclasses import dataclass

from telegram.constants import FloodLimit


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then `per_second`."""

    burst: float
    per_second: float


@dataclass(slots=True)
class Bucket:
    """Tokens that come back with time."""

    rate: Rate
    tokens: float
    at: float

    @classmethod
    def full(cls, rate: Rate, now: float) -> Bucket:
        return cls(rate, rate.burst, now)

    def ready_at(self, now: float, tokens: float = 1) -> float:
        """When there are so many tokens: `now`, or later."""
        self._refill(now)
        # A rounding error must not make the answer "now" while take() would find less than one token.
        return now if self.tokens >= tokens - 1e-9 else now + (tokens - self.tokens) / self.rate.per_second

    def take(self, now: float) -> None:
        self._refill(now)
        self.tokens -= 1

    def idle(self, now: float) -> bool:
        """Nothing would be lost by forgetting it."""
        self._refill(now)
        return self.tokens >= self.rate.burst

    def _refill(self, now: float) -> None:
        # A clock that stepped back gives nothing and takes nothing.
        passed = max(0.0, now - self.at)
        self.tokens = min(self.rate.burst, self.tokens + passed * self.rate.per_second)
        self.at = now


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast a bot may send; negative chat ids are groups and channels."""

    overall: Rate = Rate(FloodLimit.MESSAGES_PER_SECOND, FloodLimit.MESSAGES_PER_SECOND)
    chat: Rate = Rate(3, FloodLimit.MESSAGES_PER_SECOND_PER_CHAT)
    group: Rate = Rate(FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP, FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP / 60)


SUSPICION_SECONDS = 5.0
"""Two chats told to wait within this time mean that the bot as a whole is too fast."""


class Pace:
    """When the next message may go: in all, and to a chat."""

    def __init__(self, limits: Limits, now: float) -> None:
        self._limits = limits
        self._overall = Bucket.full(limits.overall, now)
        self._chats: dict[int, tuple[Bucket, ...]] = {}
        self._held: dict[int, float] = {}
        self._all_held_until = 0.0
        self._last_refusal: tuple[int | None, float] = (None, -SUSPICION_SECONDS)

    def overall_ready_at(self, now: float) -> float:
        """When the bot as a whole may send its next message."""
        return max(self._overall.ready_at(now), self._all_held_until)

    def ready_at(self, chat: int, now: float) -> float:
        """When this chat may get its next message, whatever the others do."""
        buckets = self._chats.get(chat, ())
        return max([now, self._held.get(chat, 0.0), *(bucket.ready_at(now) for bucket in buckets)])

    def spend(self, chat: int | None, now: float) -> None:
        """A message goes out now."""
        self._overall.take(now)
        if chat is None:
            return
        if chat not in self._chats:
            rates = (self._limits.chat, self._limits.group) if chat < 0 else (self._limits.chat,)
            self._chats[chat] = tuple(Bucket.full(rate, now) for rate in rates)
        for bucket in self._chats[chat]:
            bucket.take(now)

    def unspend(self, chat: int | None) -> None:
        """A message did not go out after all."""
        for bucket in (self._overall, *(self._chats.get(chat, ()) if chat is not None else ())):
            bucket.tokens = min(bucket.rate.burst, bucket.tokens + 1)

    def obey(self, chat: int | None, retry_after: float, now: float) -> bool:
        """Telegram said 429. It does not say whether it meant the chat or the bot: the chat is held, and the whole
        bot when another chat was refused a moment ago or there is no chat to blame. Returns whether it is."""
        refused, at = self._last_refusal
        everybody = chat is None or (refused not in (None, chat) and now - at < SUSPICION_SECONDS)
        if everybody:
            self._all_held_until = max(self._all_held_until, now + retry_after)
        if chat is not None:
            self._held[chat] = max(self._held.get(chat, 0.0), now + retry_after)
        self._last_refusal = (chat, now)
        return everybody

    def move(self, old: int, new: int) -> None:
        """A group became a supergroup: what it has spent goes with it."""
        if old in self._chats:
            self._chats[new] = self._chats.pop(old)

    def tidy(self, now: float) -> None:
        """Forgets chats that have their whole allowance back."""
        self._chats = {
            chat: buckets for chat, buckets in self._chats.items() if not all(bucket.idle(now) for bucket in buckets)
        }
        self._held = {chat: until for chat, until in self._held.items() if until > now}
