"""The network door: the only way in which this program reads from an address that someone gave it.

    address -> parse -> robots -> resolve -> vet -> connect to the vetted address -> read under limits -> Fetched
                  ^                                              |
                  └─────────────── redirect, at most five ───────┘

A hop that does not pass is Refused with its own reason; nothing of it is read further.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from index.errors import SettingsError
from index.fetch import headers as said
from index.fetch.clock import Clock, SystemClock
from index.fetch.kinds import check_declared, recognised
from index.fetch.limits import ANY, MAX_REDIRECTS, ROBOTS_TXT, Limits, Purpose
from index.fetch.pace import Turnstile
from index.fetch.refusal import Refusal, Refused
from index.fetch.robots import Robots
from index.fetch.target import Allowed, Target, parse, redirected
from index.fetch.unpack import ACCEPT_ENCODING, unpacked
from index.fetch.vet import Resolver, system_resolver, vetted

if TYPE_CHECKING:
    from index.settings import LibrarySettings

MOVED = frozenset({301, 308})
REDIRECTED = frozenset({301, 302, 303, 307, 308})
SHUT_BY_DEFAULT = timedelta(minutes=10)
_REASONS = {401: Refusal.DENIED, 402: Refusal.DENIED, 403: Refusal.DENIED, 407: Refusal.DENIED, 451: Refusal.DENIED}
_REASONS |= {404: Refusal.NOT_FOUND, 410: Refusal.GONE, 429: Refusal.RATE_LIMITED}


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer that passed. `body` is decompressed and of a type that the purpose takes; empty when `not_modified`.

    `url` is what was asked for, `final_url` what answered; `moved` is where the site says it lives now, for good.
    """

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    moved: str | None = None

    @property
    def content_type(self) -> str:
        """As the site calls it, in lower case; "" where it does not say."""
        return said.content_type(self.headers)[0]

    @property
    def charset(self) -> str | None:
        return said.content_type(self.headers)[1]

    @property
    def not_modified(self) -> bool:
        return self.status == 304

    @property
    def etag(self) -> str | None:
        return said.validator(self.headers, "etag")

    @property
    def last_modified(self) -> str | None:
        return said.validator(self.headers, "last-modified")

    @property
    def fresh_for(self) -> timedelta | None:
        """How long the site says that this stays fresh."""
        return said.fresh_for(self.headers, self.fetched_at)

    @property
    def retry_after(self) -> timedelta | None:
        return said.retry_after(self.headers, self.fetched_at)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


class Door:
    """Fetches; safe from any thread. `resolve`, `clock` and `tls` are the seams of the tests."""

    def __init__(
        self,
        *,
        allow: Allowed | None = None,
        contact: str | None = None,
        limits: Limits | None = None,
        resolve: Resolver | None = None,
        clock: Clock | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allow = allow or Allowed()
        self._limits = limits or Limits()
        self._resolve = resolve or system_resolver(self._limits.connect)
        self._clock = clock or SystemClock()
        self._given_tls = tls
        self._turnstile = Turnstile(self._limits, self._clock)
        self._robots = Robots(self._robots_text, self._turnstile.slow, self._clock)
        self._closed = threading.Event()
        self.user_agent = user_agent(contact)

    @classmethod
    def of(cls, settings: LibrarySettings) -> Door:
        """The door that the settings ask for. Raises SettingsError."""
        limits = Limits(delay=settings.fetch_delay)
        return cls(allow=Allowed.parse(settings.allow_hosts), contact=settings.contact, limits=limits)

    def fetch(
        self, url: str, *, accept: Purpose = ANY, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        """Fetches one address; raises Refused with its reason. With `etag` or `last_modified` of an earlier answer,
        the site may say that nothing changed (`not_modified`)."""
        sent = self._request_headers(accept, etag, last_modified)
        target = parse(url, self._allow)
        seen, moved, for_good, left = [target.url], None, True, self._limits.total
        while True:
            if accept.robots:
                self._robots.check(target)
            answer = self._visit(target, accept, sent, left, spaced=len(seen) == 1)
            if answer.status not in REDIRECTED:
                return self._accepted(url, target, answer, moved, conditional=bool(etag or last_modified))
            target = redirected(target, answer.headers.get("location", ""), self._allow)
            for_good = for_good and answer.status in MOVED
            moved = target.url if for_good else moved
            left -= answer.seconds
            if target.url in seen:
                raise Refused(Refusal.REDIRECT_LOOP, url)
            if len(seen) > MAX_REDIRECTS:
                raise Refused(Refusal.REDIRECTS, url)
            seen.append(target.url)

    def close(self) -> None:
        """Ends this door: what is under way ends within a second, but for a host that does not answer at all, and
        everything after it is refused at once."""
        self._closed.set()

    def check_robots(self, url: str) -> None:
        """Raises Refused where the site's robots.txt asks programs to stay away from this page."""
        self._robots.check(parse(url, self._allow))

    def _request_headers(
        self, accept: Purpose, etag: str | None, last_modified: str | None
    ) -> tuple[tuple[str, str], ...]:
        sent = {
            "User-Agent": self.user_agent,
            "Accept": accept.accept,
            "Accept-Encoding": ACCEPT_ENCODING,
            "Connection": "close",
            "If-None-Match": etag,
            "If-Modified-Since": last_modified,
        }
        return tuple((name, value) for name, value in sent.items() if value)

    def _visit(
        self, target: Target, accept: Purpose, sent: tuple[tuple[str, str], ...], left: float, *, spaced: bool
    ) -> _Answer:
        """One hop. The time limit does not count the wait for the host's turn."""
        with self._turnstile.turn(target.host, target.url, spaced=spaced):
            if self._closed.is_set():
                raise Refused(Refusal.CLOSING, target.url)
            began = self._clock.monotonic()
            addresses = vetted(target, self._resolve, self._allow)
            status, headers, body = self._exchange(target, addresses, accept, sent, began + left)
            return _Answer(status, headers, body, self._clock.monotonic() - began)

    def _exchange(
        self,
        target: Target,
        addresses: tuple[str, ...],
        accept: Purpose,
        sent: tuple[tuple[str, str], ...],
        until: float,
    ) -> tuple[int, Mapping[str, str], bytes]:
        import httpcore

        from index.fetch.wire import HTTPCORE_ERRORS, Deadline, VettedBackend, translated

        backend = VettedBackend(addresses, target.url, self._limits, Deadline(self._clock, until, self._closed))
        tls = self._tls if target.scheme == "https" else None
        where = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        headers = [("Host", target.authority), *sent]
        try:
            with (
                httpcore.ConnectionPool(ssl_context=tls, max_connections=1, network_backend=backend) as pool,
                pool.stream("GET", where, headers=headers) as response,
            ):
                got = said.collected(response.headers)
                if response.status != 200:
                    return response.status, got, b""
                most = min(self._limits.body_bytes, accept.most)
                check_declared(got, accept, most, target.url)
                body = unpacked(response.iter_stream(), got.get("content-encoding", ""), most, target.url)
                return 200, got, recognised(body, got, accept, most, target.url)
        except HTTPCORE_ERRORS as error:
            raise translated(error, target.url) from error

    def _accepted(self, url: str, target: Target, answer: _Answer, moved: str | None, *, conditional: bool) -> Fetched:
        if answer.status != 200 and not (answer.status == 304 and conditional):
            raise self._refused(target, answer)
        return Fetched(url, target.url, answer.status, answer.headers, answer.body, self._clock.now(), moved)

    def _refused(self, target: Target, answer: _Answer) -> Refused:
        status = answer.status
        reason = _REASONS.get(status, Refusal.SERVER_ERROR if status >= 500 else Refusal.STATUS)
        wait = said.retry_after(answer.headers, self._clock.now())
        if reason is Refusal.RATE_LIMITED or (status == 503 and wait):
            self._turnstile.shut(target.host, wait or SHUT_BY_DEFAULT)
        return Refused(reason, target.url, detail=f"status {status}", status=status, retry_after=wait)

    def _robots_text(self, url: str) -> str:
        return self.fetch(url, accept=ROBOTS_TXT).body.decode("utf-8", "replace")

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        if self._given_tls is not None:
            return self._given_tls
        import certifi

        return ssl.create_default_context(cafile=certifi.where())


def user_agent(contact: str | None) -> str:
    """Who asks, with `PULLQUOTE_CONTACT` for whoever wants to object; raises SettingsError where that can't be sent."""
    try:
        name = f"Pullquote/{version('pullquote')}"
    except PackageNotFoundError:
        name = "Pullquote"
    if not contact:
        return name
    if not (contact.isascii() and contact.isprintable()) or set(contact) & set("()"):
        raise SettingsError("PULLQUOTE_CONTACT can't be sent; write a mail address or a web address in plain letters.")
    return f"{name} (+{contact})"
