"""The server: /bot<token>/<method>, /file/bot<token>/<path>, and /control/… for tests."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from tests.fake_telegram import chat_methods, methods
from tests.fake_telegram.control import Control
from tests.fake_telegram.errors import Refusal, bad_request
from tests.fake_telegram.faults import Fault, Faults
from tests.fake_telegram.updates import Updates
from tests.fake_telegram.world import Call, File, Json, World

METHODS = methods.METHODS | chat_methods.METHODS
COUNTED = ("sendmessage", "senddocument", "editmessagetext", "editmessagereplymarkup")
"""What Telegram's limits count."""
BAD_GATEWAY = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"


class Dropped(Response):
    """Breaks the connection without a word."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Neither ASGI nor starlette can do this; uvicorn's request cycle, whose method the innermost `send` is, can.
        scope["state"]["drop"]()


class Server:
    """One bot's Bot API."""

    def __init__(self) -> None:
        self.world = World()
        self.updates = Updates()
        self.faults = Faults()

    def app(self) -> Any:
        """The ASGI application."""
        inner = Starlette(
            routes=[
                Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
                Route("/file/bot{token}/documents/{file_id}", self._download),
                Mount("/control", routes=Control(self.world, self.updates, self.faults).routes()),
            ]
        )

        async def with_drop(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                cycle = send.__self__  # type: ignore[attr-defined]
                scope.setdefault("state", {})["drop"] = lambda: cycle.transport.abort()
            await inner(scope, receive, send)

        return with_drop

    async def _call(self, request: Request) -> Response:
        method, params = request.path_params["method"].lower(), await _params(request)
        fault = self.faults.take(method, params)
        if fault is not None and fault.kind == "502":
            return HTMLResponse(BAD_GATEWAY, 502)
        if fault is not None and fault.kind == "drop_before":
            return Dropped()
        if fault is not None and fault.kind == "stall":
            await asyncio.sleep(fault.seconds)
        response = await self._answered(request.path_params["token"], method, params, fault)
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        return Dropped() if fault is not None and fault.kind == "drop_after" else response

    async def _answered(self, token: str, method: str, params: Json, fault: Fault | None) -> Response:
        outcome = "ok"
        try:
            if token != self.world.token:
                raise Refusal(401, "Unauthorized") if ":" in token else Refusal(404, "Not Found")
            if fault is not None and (refusal := fault.refusal()) is not None:
                raise refusal
            if self.faults.flood is not None and method in COUNTED:
                self.faults.flood.check(params.get("chat_id"))
            return JSONResponse({"ok": True, "result": await self._result(method, params)})
        except Refusal as refused:
            outcome = refused.description
            return JSONResponse(refused.body(), refused.code)
        finally:
            if method != "getupdates":
                self.world.calls.append(Call(method, _loggable(params), outcome, time.monotonic()))
                await self.world.tell()

    async def _result(self, method: str, params: Json) -> Any:
        if method == "getupdates":
            numbers = {
                name: int(params.get(name) or default)
                for name, default in (("offset", 0), ("limit", 100), ("timeout", 0))
            }
            return await self.updates.get(**numbers)
        if method in ("setwebhook", "deletewebhook"):
            self.updates.set_webhook(
                str(params.get("url") or "") if method == "setwebhook" else "", params.get("secret_token", "")
            )
            return True
        if method == "getwebhookinfo":
            webhook = self.updates.webhook
            return {
                "url": webhook.url if webhook else "",
                "has_custom_certificate": False,
                "pending_update_count": len(self.updates.queue),
            }
        if method not in METHODS:
            raise Refusal(404, "Not Found: method not found")
        return METHODS[method](self.world, params)

    async def _download(self, request: Request) -> Response:
        file = self.world.files.get(request.path_params["file_id"])
        if request.path_params["token"] != self.world.token or file is None:
            return JSONResponse(Refusal(404, "Not Found").body(), 404)
        return Response(file.content, media_type="application/octet-stream")


async def _params(request: Request) -> Json:
    """A call's parameters, from the address, a form or JSON; values that are JSON are decoded, as the server does."""
    params: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return params | dict(await request.json())
    if kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        async with request.form() as form:
            for name, value in form.items():
                params[name] = (
                    File(value.filename or "file", await value.read()) if isinstance(value, UploadFile) else value
                )
    return {name: _decoded(name, value) for name, value in params.items()}


STRUCTURED = frozenset(
    [
        "entities",
        "caption_entities",
        "reply_markup",
        "reply_parameters",
        "results",
        "commands",
        "scope",
        "button",
        "link_preview_options",
        "allowed_updates",
    ]
)


def _decoded(name: str, value: Any) -> Any:
    if name not in STRUCTURED or not isinstance(value, str):
        return {"true": True, "false": False}.get(value, value) if isinstance(value, str) and name != "text" else value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"can't parse {name} JSON object") from None


def _loggable(params: Json) -> Json:
    return {name: value.name if isinstance(value, File) else value for name, value in params.items()}
