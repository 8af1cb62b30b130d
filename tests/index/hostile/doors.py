"""A door for tests: names lead to sites on loopback, everything else is as in earnest."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from index.fetch import Allowed, Clock, Door, Limits

QUICK = Limits(wire_bytes=200_000, body_bytes=500_000, connect=1.0, read=0.3, total=0.9, delay=0.0)
LOOPBACK = ("127.0.0.1",)
NO_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass
class Names:
    """A resolver that knows these names alone; `asked` is what it was asked, in order."""

    known: dict[str, tuple[str, ...]]
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in self.known:
            raise OSError(f"no such name: {host}")
        return self.known[host]


@dataclass
class StoppedClock:
    """Time that passes only where someone sleeps."""

    at: float = 0.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=self.at)

    def monotonic(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


def door_to(
    names: Sequence[str],
    *,
    dns: Mapping[str, tuple[str, ...]] = NO_NAMES,
    limits: Limits = QUICK,
    clock: Clock | None = None,
    tls: ssl.SSLContext | None = None,
) -> Door:
    """A door for which these "name:port" are allowed and live on loopback."""
    known = dict.fromkeys((name.partition(":")[0] for name in names), LOOPBACK)
    resolve = Names({**known, **dns})
    return Door(allow=Allowed.parse(",".join(names)), limits=limits, resolve=resolve, clock=clock, tls=tls)
