"""A site that misbehaves on purpose: a real socket on loopback, playing one script for each path."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass(slots=True)
class Visit:
    """One connection: the request that came and the means to answer it."""

    sock: socket.socket
    over: threading.Event
    path: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def stall(self) -> None:
        """Says nothing more until the test is over."""
        self.over.wait(30)

    def trickle(self, piece: bytes, every: float) -> None:
        """One piece after another, never fast and never done."""
        while not self.over.wait(every):
            self.send(piece)


Play = Callable[[Visit], None]


def answer(
    body: bytes = b"",
    *,
    status: str = "200 OK",
    kind: str | None = "text/html; charset=utf-8",
    length: int | None = None,
    **headers: str,
) -> Play:
    """A well-formed answer; a header's underscores become dashes."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}"]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n"
    return lambda visit: visit.send(head + body)


def raw(data: bytes) -> Play:
    return lambda visit: visit.send(data)


def redirect(where: str, status: int = 302) -> Play:
    return answer(status=f"{status} Found", kind=None, Location=where)


class Site:
    """Serves `plays` by path (the query left out), on 127.0.0.1 and a port of its own; `seen` is what was asked for."""

    def __init__(self, plays: dict[str, Play] | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.plays = plays if plays is not None else {}
        self.seen: list[Visit] = []
        self._over = threading.Event()
        self._tls = tls
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler(), bind_and_activate=True)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def paths(self) -> list[str]:
        return [visit.path for visit in self.seen]

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        site = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                # A visitor that hangs up is what most of these scripts are there to provoke.
                with suppress(OSError):
                    site._serve(self.request)

        return Handler

    def _serve(self, sock: socket.socket) -> None:
        if self._tls is not None:
            sock = self._tls.wrap_socket(sock, server_side=True)
        visit = Visit(sock, self._over)
        head = b""
        while b"\r\n\r\n" not in head:
            piece = sock.recv(65536)
            if not piece:
                return
            head += piece
        first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
        visit.path = first.split(" ")[1]
        visit.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self.seen.append(visit)
        self.plays.get(visit.path.partition("?")[0], answer(status="404 Not Found"))(visit)
        sock.close()
