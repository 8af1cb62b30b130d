"""What can go wrong between a bot and Telegram, on demand: refusals, drops, stalls, and Telegram's own limits."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from tests.fake_telegram.errors import Refusal, forbidden, too_many_requests
from tests.fake_telegram.world import Json

KINDS = ("429", "500", "502", "403", "refuse", "drop_before", "drop_after", "stall", "slow")


@dataclass
class Fault:
    """Befalls the next `times` calls of `method` ("*": any), in `chat` only where one is given.

    429, 500, 502 (a proxy's HTML page), 403, refuse (any code and description): the call does not take place.
    drop_before: the connection breaks, nothing took place. drop_after: it took place, then the connection breaks.
    stall: nothing happens for `seconds`, then it takes place. slow: it takes place, the answer comes late.
    """

    kind: str
    method: str = "*"
    times: int = 1
    chat: int | None = None
    seconds: float = 1.0
    code: int = 400
    description: str = ""
    parameters: Json = field(default_factory=dict)

    def befalls(self, method: str, params: Json) -> bool:
        if self.times <= 0 or self.method.lower() not in ("*", method):
            return False
        return self.chat is None or str(params.get("chat_id")) == str(self.chat)

    def refusal(self) -> Refusal | None:
        """What the server says instead of doing it, if it says anything."""
        match self.kind:
            case "429":
                return too_many_requests(max(1, round(self.seconds)))
            case "500":
                return Refusal(500, "Internal Server Error")
            case "403":
                return forbidden("bot was blocked by the user")
            case "refuse":
                return Refusal(self.code, self.description, **self.parameters)
            case _:
                return None


@dataclass
class Flood:
    """Telegram's limits, where a test turns them on: `overall` a second, `chat` a second, `group` a minute."""

    overall: int = 30
    chat: int = 3
    group: int = 20
    _sent: dict[Any, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    refused: int = 0

    def check(self, chat: Any) -> None:
        """Counts a message; raises 429 where it is one too many."""
        now = time.monotonic()
        limits = [(None, self.overall, 1.0), (chat, self.chat, 1.0)]
        if str(chat).startswith("-"):
            limits.append((f"group {chat}", self.group, 60.0))
        for key, most, seconds in limits:
            times = self._sent[key]
            while times and times[0] <= now - seconds:
                times.popleft()
            if len(times) >= most:
                self.refused += 1
                raise too_many_requests(max(1, round(times[0] + seconds - now)))
        for key, _, _ in limits:
            self._sent[key].append(now)


@dataclass
class Faults:
    """All that was asked for, first come first served."""

    waiting: list[Fault] = field(default_factory=list)
    flood: Flood | None = None

    def take(self, method: str, params: Json) -> Fault | None:
        for fault in self.waiting:
            if fault.befalls(method, params):
                fault.times -= 1
                return fault
        return None
