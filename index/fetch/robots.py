"""robots.txt (RFC 9309), honoured for pages: read through the same door, kept for a day."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.fetch.clock import Clock
from index.fetch.refusal import Refusal, Refused
from index.fetch.target import Target

if TYPE_CHECKING:
    from protego import Protego

AGENT = "pullquote"
KEPT = 24 * 3600.0
"""Seconds (RFC 9309, 2.4)."""
KEPT_FAILURE = 300.0
_REMEMBERED = 500
_READ = 500 * 1024
"""Characters: at least this many bytes have to be read (2.5), the rest may be left."""
_NO_RULES = frozenset({Refusal.NOT_FOUND, Refusal.GONE, Refusal.DENIED})


@dataclass(frozen=True, slots=True)
class Rules:
    """What one site asks, or why its robots.txt could not be read; good until `until` (monotonic seconds)."""

    until: float
    asked: Protego | None = None
    failure: Refused | None = None

    def check(self, target: Target) -> None:
        """Raises Refused where these rules, or the lack of them, close the page."""
        if self.failure is not None:
            raise Refused(self.failure.reason, self.failure.url, retry_after=self.failure.retry_after)
        if self.asked is not None and not self.asked.can_fetch(target.url, AGENT):
            raise Refused(Refusal.ROBOTS, target.url)


class Robots:
    """Asks `read(url)` for the text of a site's robots.txt and remembers it."""

    def __init__(self, read: Callable[[str], str], slow: Callable[[str, float], None], clock: Clock) -> None:
        self._read = read
        self._slow = slow
        self._clock = clock
        self._lock = threading.Lock()
        self._rules: dict[str, Rules] = {}

    def check(self, target: Target) -> None:
        """Raises Refused where the site asks programs to stay away, and where its rules can't be read now: then
        everything is off limits until they can (RFC 9309, 2.3.1.4)."""
        rules = self._known(target.origin)
        if rules is None:
            rules = self._ask(target)
            self._remember(target.origin, rules)
        rules.check(target)

    def _known(self, origin: str) -> Rules | None:
        with self._lock:
            rules = self._rules.get(origin)
        return rules if rules is not None and rules.until > self._clock.monotonic() else None

    def _remember(self, origin: str, rules: Rules) -> None:
        with self._lock:
            self._rules.pop(origin, None)
            if len(self._rules) >= _REMEMBERED:
                del self._rules[next(iter(self._rules))]
            self._rules[origin] = rules

    def _ask(self, target: Target) -> Rules:
        from protego import Protego

        try:
            text = self._read(f"{target.origin}/robots.txt")
        except Refused as refused:
            # A site without robots.txt has no rules (2.3.1.3).
            none = refused.reason in _NO_RULES
            until = self._clock.monotonic() + (KEPT if none else KEPT_FAILURE)
            return Rules(until, failure=None if none else refused)
        asked = Protego.parse(text[:_READ])
        delay = asked.crawl_delay(AGENT)
        if delay:
            self._slow(target.host, delay)
        return Rules(self._clock.monotonic() + KEPT, asked)
