"""The bot's web server: the webhook, proof pages, /healthz and /metrics."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import AddressInUse
from bot.metrics import registry
from bot.telegram.incoming import lane_of
from index.errors import LibraryError

LARGEST_UPDATE = 1024 * 1024
"""Bytes. Telegram's own updates stay far below."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name

Accept = Callable[[list[tuple[int, dict[str, Any]]]], Awaitable[None]]
Health = Callable[[], dict[str, Any]]
"""Blocking. What is well and what is not: {"ok": bool, …}."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram posts updates, and the secret that it sends along."""

    path: str
    secret: str
    accept: Accept


def application(health: Health, webhook: Webhook | None = None, pages: Sequence[Route] = ()) -> Starlette:
    """The routes; `pages` are those of proofs (`bot.pages.routes`)."""

    async def ready(request: Request) -> Response:
        found = await run_in_threadpool(health)
        return JSONResponse(found, 200 if found["ok"] else 503)

    async def live(request: Request) -> Response:
        """A process that can say so lives; what it needs may be out of reach, and a restart would not bring it back."""
        return JSONResponse({"ok": True})

    async def metrics(request: Request) -> Response:
        return Response(await run_in_threadpool(generate_latest, registry), media_type=CONTENT_TYPE_LATEST)

    well = [Route("/healthz", ready), Route("/healthz/ready", ready), Route("/healthz/live", live)]
    routes = [*well, Route("/metrics", metrics), *pages]
    if webhook is not None:
        routes.append(Route(webhook.path, _receiver(webhook), methods=["POST"]))
    return Starlette(routes=routes)


def _receiver(webhook: Webhook) -> Callable[[Request], Awaitable[Response]]:
    async def receive(request: Request) -> Response:
        """200 only after the commit: anything else makes Telegram send the update again."""
        said = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(said.encode(), webhook.secret.encode()):
            return PlainTextResponse("This is not from Telegram.", 403)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_UPDATE:
                return PlainTextResponse("This is too large for an update.", 413)
        try:
            update = json.loads(body)
            arrived = [(lane_of(update), {**update, "update_id": _id_of(update)})]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return PlainTextResponse("This is not an update.", 400)
        try:
            await webhook.accept(arrived)
        except LibraryError:
            return PlainTextResponse("It can't be stored now.", 503)
        return PlainTextResponse("")

    return receive


def _id_of(update: dict[str, Any]) -> int:
    """An update's id. Raises ValueError for what is none, or would not fit into the database."""
    id = update["update_id"]
    if not isinstance(id, int) or not 0 <= id < 2**63:
        raise ValueError("no update id")
    return id


class _Quiet(uvicorn.Server):
    """A server that leaves the process's signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebServer:
    """Serves until `stop`."""

    def __init__(self, app: Starlette, host: str, port: int) -> None:
        self._socket = _bound(host, port)
        config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=2, lifespan="off")
        self._server = _Quiet(config)

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    async def run(self) -> None:
        await self._server.serve(sockets=[self._socket])

    async def ready(self) -> None:
        """Returns once it answers."""
        while not self._server.started:
            await asyncio.sleep(0.01)

    def stop(self) -> None:
        """Takes no more requests and finishes those it has."""
        self._server.should_exit = True


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise AddressInUse(
            f"{host}:{port} can't be listened on ({error.strerror}). Set PULLQUOTE_LISTEN to another host:port, or to "
            "nothing to do without /healthz and /metrics."
        ) from None
    return bound
