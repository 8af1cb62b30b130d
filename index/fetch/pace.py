"""Politeness: how often and how many at a time a host is asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from index.fetch.clock import Clock
from index.fetch.limits import Limits
from index.fetch.refusal import Refusal, Refused

MAX_DELAY = 30.0
"""Seconds: the longest Crawl-delay that is waited for; a host that asks for more gets this."""
_REMEMBERED = 2000


@dataclass(slots=True)
class _Host:
    slots: threading.Semaphore
    delay: float
    next_at: float = 0.0
    shut_until: float = 0.0
    waiting: int = field(default=0)


class Turnstile:
    """Lets fetches through to each host in turn, from any number of threads."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def turn(self, host: str, url: str, *, spaced: bool = True) -> Iterator[float]:
        """Holds one of the host's places; gives the seconds that were waited. `spaced=False` for a redirect within
        one visit. Raises Refused at once where the host has asked to be left alone."""
        began = self._clock.monotonic()
        entry = self._enter(host)
        try:
            with entry.slots:
                self._wait(entry, url, spaced)
                yield self._clock.monotonic() - began
        finally:
            with self._lock:
                entry.waiting -= 1

    def slow(self, host: str, delay: float) -> None:
        """Keeps at least `delay` seconds (Crawl-delay) between two fetches from the host."""
        with self._lock:
            entry = self._host(host)
            entry.delay = max(self._limits.delay, min(delay, MAX_DELAY))

    def shut(self, host: str, wait: timedelta) -> None:
        """Refuses the host for a while: it said 429, or 503 with Retry-After."""
        with self._lock:
            self._host(host).shut_until = self._clock.monotonic() + wait.total_seconds()

    def _enter(self, host: str) -> _Host:
        with self._lock:
            entry = self._host(host)
            entry.waiting += 1
            return entry

    def _host(self, host: str) -> _Host:
        if host not in self._hosts:
            if len(self._hosts) >= _REMEMBERED:
                self._forget()
            self._hosts[host] = _Host(threading.Semaphore(self._limits.at_once), self._limits.delay)
        return self._hosts[host]

    def _forget(self) -> None:
        now = self._clock.monotonic()
        busy = {
            name: entry
            for name, entry in self._hosts.items()
            if entry.waiting or entry.next_at > now or entry.shut_until > now
        }
        self._hosts = busy

    def _wait(self, entry: _Host, url: str, spaced: bool) -> None:
        with self._lock:
            now = self._clock.monotonic()
            if entry.shut_until > now:
                left = timedelta(seconds=entry.shut_until - now)
                raise Refused(Refusal.RATE_LIMITED, url, retry_after=left)
            start = max(now, entry.next_at) if spaced else now
            entry.next_at = max(entry.next_at, start + entry.delay)
        if start > now:
            self._clock.sleep(start - now)
