"""The connection itself: only to addresses that were vetted, with a clock and a meter on every byte.

httpcore is used below its client on purpose: it has no cookies, no proxies from the environment, no redirects and no
decompression of its own, so there is nothing to switch off.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterable
from dataclasses import dataclass

import httpcore

from index.fetch.clock import Clock
from index.fetch.limits import Limits
from index.fetch.refusal import Refusal, Refused

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


LOOK_UP = 0.5
"""Seconds of silence after which a reader looks whether it is still wanted."""


@dataclass(slots=True)
class Deadline:
    """The moment by which a whole fetch must be over, redirects included."""

    clock: Clock
    at: float
    closed: threading.Event

    def left(self, at_most: float, url: str) -> float:
        """Seconds that the next step may take; raises Refused when none are left, or when the door has been closed."""
        if self.closed.is_set():
            raise Refused(Refusal.CLOSING, url)
        left = self.at - self.clock.monotonic()
        if left <= 0:
            raise Refused(Refusal.TOO_SLOW, url)
        return min(at_most, left)


class VettedBackend(httpcore.NetworkBackend):
    """Connects to the vetted addresses, whatever the name resolves to by now."""

    def __init__(self, addresses: tuple[str, ...], url: str, limits: Limits, deadline: Deadline) -> None:
        self._addresses = addresses
        self._url = url
        self._limits = limits
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """Tries each vetted address in turn. `host` is what TLS checks, not where this connects."""
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._addresses:
            left = self._deadline.left(self._limits.connect, self._url)
            try:
                stream = self._plain.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            return MeteredStream(stream, self._url, self._limits, self._deadline)
        raise failure or httpcore.ConnectError("no address")


class MeteredStream(httpcore.NetworkStream):
    """Counts what is read and how long it takes, from the first byte of the headers on."""

    def __init__(self, stream: httpcore.NetworkStream, url: str, limits: Limits, deadline: Deadline) -> None:
        self._stream = stream
        self._url = url
        self._limits = limits
        self._deadline = deadline
        self._count = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        piece = self._awaited(max_bytes)
        self._count += len(piece)
        if self._count > self._limits.wire_bytes:
            raise Refused(Refusal.TOO_LARGE, self._url, detail=f"more than {self._limits.wire_bytes} bytes sent")
        return piece

    def _awaited(self, max_bytes: int) -> bytes:
        """What comes next, waited for a little at a time: a door that closes does not wait for a silent site."""
        silence = 0.0
        while silence < self._limits.read:
            seconds = self._deadline.left(min(LOOK_UP, self._limits.read - silence), self._url)
            try:
                return self._stream.read(max_bytes, seconds)
            except httpcore.ReadTimeout:
                silence += seconds
        raise Refused(Refusal.STALLED, self._url)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(self._limits.read, self._url))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(self._limits.connect, self._url)
        secured = self._stream.start_tls(ssl_context, server_hostname, left)
        return MeteredStream(secured, self._url, self._limits, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def translated(error: Exception, url: str) -> Refused:
    """An error of httpcore in the door's own words."""
    cause = error.__cause__ or error.__context__
    if isinstance(error, httpcore.ConnectError) and isinstance(cause, ssl.SSLCertVerificationError):
        return Refused(Refusal.CERTIFICATE, url, detail=cause.verify_message)
    if isinstance(error, httpcore.NetworkError) and isinstance(cause, ssl.SSLError):
        return Refused(Refusal.TLS, url)
    if isinstance(error, httpcore.RemoteProtocolError) and str(error).startswith(_ENDED_EARLY):
        return Refused(Refusal.BROKEN_OFF, url)
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return Refused(reason, url)
    raise error


_ENDED_EARLY = ("peer closed connection", "Server disconnected")
"""What is said where the other side closed before its answer was whole, which may pass; bad HTTP does not."""


_REASONS: tuple[tuple[type[Exception], Refusal], ...] = (
    (httpcore.ConnectTimeout, Refusal.CONNECT_TIMEOUT),
    (httpcore.TimeoutException, Refusal.STALLED),
    (httpcore.ConnectError, Refusal.UNREACHABLE),
    (httpcore.NetworkError, Refusal.BROKEN_OFF),
    (httpcore.LocalProtocolError, Refusal.MALFORMED),
    (httpcore.ProtocolError, Refusal.PROTOCOL),
)
HTTPCORE_ERRORS = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)
