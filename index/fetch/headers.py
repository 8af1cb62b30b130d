"""What the headers of an answer say: type, character set, how long it stays fresh, when to come again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

MAX_WAIT = timedelta(days=7)
"""No site is believed when it asks to be left alone for longer."""

_MAX_VALIDATOR = 500
_DROPPED = frozenset({"set-cookie", "set-cookie2"})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]{1,40})", re.IGNORECASE | re.ASCII)
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})")


def collected(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Names in lower case; the first of each wins, and cookies are not even kept in memory."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1").lower()
        if key not in _DROPPED:
            headers.setdefault(key, _text(value).strip())
    return headers


def _text(value: bytes) -> str:
    """Latin-1 by the standard, UTF-8 by what sites put into Location."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def validator(headers: Mapping[str, str], name: str) -> str | None:
    """ETag or Last-Modified, where it can be sent back as it came."""
    value = headers.get(name, "")
    return value if value and value.isascii() and value.isprintable() and len(value) <= _MAX_VALIDATOR else None


def content_type(headers: Mapping[str, str]) -> tuple[str, str | None]:
    """(type in lower case or "", character set or None)."""
    given = headers.get("content-type", "").split(",")[0]
    kind, _, parameters = given.partition(";")
    charset = _CHARSET.search(parameters)
    return kind.strip().lower(), charset[1].lower() if charset else None


def moment(value: str | None) -> datetime | None:
    """A date of HTTP, aware, UTC; None where there is none or it makes no sense."""
    try:
        found = parsedate_to_datetime(value or "")
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Retry-After, in seconds or as a date, from now on; never negative, never beyond a week."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal() and value.isascii():
        return min(timedelta(seconds=int(value[:9])), MAX_WAIT)
    when = moment(value)
    return None if when is None else max(timedelta(0), min(when - now, MAX_WAIT))


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the answer stays fresh by Cache-Control or Expires (RFC 9111); None where neither says."""
    control = headers.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return timedelta(0)
    age = _MAX_AGE.search(control)
    if age:
        return min(timedelta(seconds=int(age[1])), MAX_WAIT)
    expires = moment(headers.get("expires"))
    served = moment(headers.get("date")) or now
    return None if expires is None else max(timedelta(0), min(expires - served, MAX_WAIT))
