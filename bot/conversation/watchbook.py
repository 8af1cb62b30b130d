"""What a conversation looks up about standing questions. It reads alone: what is to be written are effects."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.watches.alert import Alert
from bot.watches.watch import Rhythm, Watch
from index.article import Quote, SentenceId


class Watchbook(Protocol):
    """See `bot.watchbook`."""

    @property
    def version(self) -> int:
        """The library's, now: what comes later is new to a watch that is left now."""
        ...

    def of_chat(self, chat: int) -> list[Watch]:
        """Those whose alerts come to a chat and, for a private chat, those its person left elsewhere."""
        ...

    def get(self, ref: str) -> Watch | None: ...

    def count(self, chat: int | None = None) -> int: ...

    def rhythm(self, chat: int) -> Rhythm: ...

    def rehearse(self, watch: Watch, now: datetime) -> list[Quote]:
        """What a watch would have sent in the last week, each fact once, the oldest first."""
        ...

    def alert(self, ref: str, sentence: SentenceId) -> Alert | None: ...

    def digest(self, key: str) -> list[tuple[Watch, Alert]]:
        """What the digest with this outbox key told, in its order, as far as its watches are still there."""
        ...
