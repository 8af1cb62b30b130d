"""When a source is visited again: its own pace, what the site asks for, patience after failures. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from index.errors import ReadError
from index.fetch.headers import MAX_WAIT
from index.fetch.refusal import Refusal, Refused
from index.source import Source

SOONEST = timedelta(minutes=10)
LATEST = timedelta(days=1)
FIRST_BACKOFF = timedelta(minutes=10)
CONTINUED = timedelta(minutes=1)
"""Before the next part of a source that has more entries than one visit takes."""
JITTER = 0.1
"""Visits are moved by up to this share, so that sources followed together don't stay together."""
_DATES = 20
_SLOWER = 1.25


@dataclass(frozen=True, slots=True)
class Visit:
    """How a visit went. `published` are the dates of the entries that the source lists, `fresh` whether any of them was
    new, `asked` how long the site wants to be left alone (TTL, Cache-Control), `more` whether entries are left."""

    published: tuple[datetime, ...] = ()
    fresh: bool = False
    asked: timedelta = timedelta(0)
    more: bool = False
    failure: ReadError | None = None

    @property
    def was_cut_short(self) -> bool:
        """Whether this program ended it: that says nothing of the source."""
        return isinstance(self.failure, Refused) and self.failure.reason is Refusal.CLOSING


def after(source: Source, visit: Visit, now: datetime, rng: random.Random) -> Source:
    """The source as it stands after a visit: pace, next try, error and failures."""
    pace = source.pace if visit.failure else learned_pace(source.pace, visit, now)
    error = str(visit.failure) if visit.failure else None
    gone = isinstance(visit.failure, Refused) and visit.failure.reason is Refusal.GONE
    seen = replace(
        source,
        pace=pace,
        error=error,
        failures=source.failures + 1 if visit.failure else 0,
        last_success=source.last_success if visit.failure else now,
        gone_at=now if gone else None,
    )
    return replace(seen, next_try=next_try(seen, visit, now, rng))


def next_try(source: Source, visit: Visit, now: datetime, rng: random.Random) -> datetime | None:
    """When to come again; None where the site said that the source is gone for good. `source.failures` counts this
    visit. A site's wish is kept up to a day, its Retry-After up to a week; after failures the wait doubles to a day."""
    if source.gone:
        return None
    if visit.failure is not None:
        backoff = min(FIRST_BACKOFF * 2 ** min(source.failures - 1, 16), LATEST)
        asked = visit.failure.retry_after if isinstance(visit.failure, Refused) else None
        return now + max(_moved(backoff, rng), asked or timedelta(0))
    if visit.more:
        return now + CONTINUED
    return now + max(_moved(source.pace, rng), min(visit.asked, LATEST))


def learned_pace(before: timedelta, visit: Visit, now: datetime) -> timedelta:
    """Half the usual time between two publications; slower, little by little, where nothing new comes.

    A source that has been silent for long is left alone for an eighth of its silence, a day at most.
    """
    dates = sorted((date for date in visit.published if date <= now), reverse=True)[:_DATES]
    if not visit.fresh:
        pace = before * _SLOWER
    elif len(dates) > 1:
        gaps = [later - earlier for later, earlier in pairwise(dates)]
        pace = max(timedelta(seconds=median(gap.total_seconds() for gap in gaps)) / 2, (now - dates[0]) / 8)
    else:
        pace = before / 2
    return max(SOONEST, min(pace, LATEST))


def due(sources: Iterable[Source], now: datetime) -> Sequence[Source]:
    """The sources whose time has come, the longest waiting first. One that seems to wait for longer than anyone may ask
    was planned by a clock that ran ahead; it is due too."""
    ripe = [
        (source.next_try, source.id, source)
        for source in sources
        if source.next_try is not None and (source.next_try <= now or source.next_try > now + MAX_WAIT + LATEST)
    ]
    return [source for _, _, source in sorted(ripe, key=lambda entry: entry[:2])]


def _moved(wait: timedelta, rng: random.Random) -> timedelta:
    return wait * rng.uniform(1 - JITTER, 1 + JITTER)
