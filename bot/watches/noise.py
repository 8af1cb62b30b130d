"""Whether an alert goes out now or waits for a digest, and when that digest is due. Local times follow the zone's own
rules: at a change to or from daylight saving a digest comes once, at the hour that the clock on the wall shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.watches.watch import Every, Rhythm, Watch

HOUR = 3600.0
DAY_MINUTES = 24 * 60
AWAY_SECONDS = 2 * HOUR
"""A bot that was off for longer gathers what it finds at its return into one digest, instead of a flood."""
GATHER_SECONDS = 600.0
"""How long after its return it gathers: the sources that fell due meanwhile are visited in this time."""


class Held(StrEnum):
    """Why an alert waits for a digest."""

    DIGEST = "digest"
    QUIET = "quiet"
    MANY = "many"
    AWAY = "away"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Away:
    """The bot's last absence: it was off from `since`, and gathers until `until`. (0, 0) before the first."""

    since: float = 0.0
    until: float = 0.0


def returned(last_seen: float, now: float, away: Away) -> Away:
    """The absence that ends now, or the earlier one where the bot was there all along."""
    return Away(last_seen, now + GATHER_SECONDS) if last_seen and now - last_seen > AWAY_SECONDS else away


def held(watch: Watch, rhythm: Rhythm, now: float, sent_last_hour: int, away: Away, reachable: bool) -> Held | None:
    """Why an alert must wait, or None where it goes out now."""
    if not reachable:
        return Held.UNREACHABLE
    if watch.digest or rhythm.every is not Every.NEVER:
        return Held.DIGEST
    if now < away.until <= now + GATHER_SECONDS:
        return Held.AWAY
    if is_quiet(rhythm, now):
        return Held.QUIET
    return Held.MANY if sent_last_hour >= rhythm.per_hour else None


def due(reason: Held, held_at: float, rhythm: Rhythm, away: Away, now: float) -> bool:
    """Whether what has been held since `held_at` may go out now. A chat that can't be reached is not asked for here."""
    if is_quiet(rhythm, now):
        return False
    match reason:
        case Held.DIGEST:
            return next_digest(rhythm, held_at) <= now
        case Held.MANY:
            return held_at + HOUR <= now
        case Held.AWAY:
            return not now < away.until <= now + GATHER_SECONDS
        case Held.QUIET | Held.UNREACHABLE:
            return True


def is_quiet(rhythm: Rhythm, now: float) -> bool:
    """Whether the clock on the chat's wall is within its quiet hours."""
    if rhythm.quiet is None:
        return False
    local = datetime.fromtimestamp(now, zone(rhythm.zone))
    start, end = rhythm.quiet
    minute = local.hour * 60 + local.minute
    return (minute - start) % DAY_MINUTES < (end - start) % DAY_MINUTES


def next_digest(rhythm: Rhythm, after: float) -> float:
    """The first time after `after` that a digest is due. A time that a day skips is the moment the clock jumps over
    it; one that a day has twice is its first."""
    here = zone(rhythm.zone)
    day = datetime.fromtimestamp(after, here).date()
    at = time(rhythm.minute // 60, rhythm.minute % 60)
    for ahead in range(9):
        date = day + timedelta(days=ahead)
        if rhythm.every is Every.WEEK and date.weekday() != rhythm.weekday:
            continue
        moment = datetime.combine(date, at, here).astimezone(UTC).timestamp()
        if moment > after:
            return moment
    raise AssertionError("every weekday comes within eight days")


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """Raises ZoneInfoNotFoundError (a KeyError) or ValueError for what is no time zone."""
    return ZoneInfo(name)
