"""The tests' side of the server: people act, faults are ordered, chats are read, and what is awaited is waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.fake_telegram.errors import Refusal
from tests.fake_telegram.faults import Fault, Faults, Flood
from tests.fake_telegram.people import ACTS
from tests.fake_telegram.updates import Updates
from tests.fake_telegram.world import BOT_ID, Chat, Json, User, World, from_bot


class Control:
    """The routes under /control."""

    def __init__(self, world: World, updates: Updates, faults: Faults) -> None:
        self._world = world
        self._updates = updates
        self._faults = faults

    def routes(self) -> list[Route]:
        return [
            Route("/user", self._add_user, methods=["POST"]),
            Route("/chat", self._add_chat, methods=["POST"]),
            Route("/act/{name}", self._act, methods=["POST"]),
            Route("/say_all", self._say_all, methods=["POST"]),
            Route("/fault", self._order_fault, methods=["POST"]),
            Route("/flood", self._set_flood, methods=["POST"]),
            Route("/set", self._set, methods=["POST"]),
            Route("/messages/{chat}", self._messages),
            Route("/log", self._log),
            Route("/query/{id}", self._query),
            Route("/calls", self._calls),
            Route("/state", self._state),
        ]

    async def _add_user(self, request: Request) -> JSONResponse:
        """A user, and their private chat with the bot, which they have not opened yet."""
        user = User(**await request.json())
        self._world.users[user.id] = user
        self._world.chats[user.id] = Chat(user.id, "private", user.first_name, user.username)
        return JSONResponse(user.json())

    async def _add_chat(self, request: Request) -> JSONResponse:
        body = await request.json()
        members = {BOT_ID if who == "bot" else int(who): status for who, status in body.pop("members", {}).items()}
        chat = Chat(**body, members=members)
        self._world.chats[chat.id] = chat
        return JSONResponse(chat.json())

    async def _act(self, request: Request) -> JSONResponse:
        try:
            result = ACTS[request.path_params["name"]](self._world, self._updates, await request.json())
        except Refusal as refusal:
            return JSONResponse(refusal.body(), refusal.code)
        await self._world.tell()
        return JSONResponse(result)

    async def _say_all(self, request: Request) -> JSONResponse:
        """Many people write at the same moment: a list of what `say` takes."""
        said = [ACTS["say"](self._world, self._updates, act) for act in await request.json()]
        await self._world.tell()
        return JSONResponse(said)

    async def _order_fault(self, request: Request) -> JSONResponse:
        self._faults.waiting.append(Fault(**await request.json()))
        return JSONResponse({})

    async def _set_flood(self, request: Request) -> JSONResponse:
        self._faults.flood = Flood(**await request.json())
        return JSONResponse({})

    async def _set(self, request: Request) -> JSONResponse:
        """Changes the bot's token or its privacy mode, or clears the faults."""
        body = await request.json()
        self._world.token = body.get("token", self._world.token)
        self._world.privacy = body.get("privacy", self._world.privacy)
        if body.get("faults") == []:
            self._faults.waiting.clear()
        return JSONResponse({})

    async def _messages(self, request: Request) -> JSONResponse:
        """A chat's messages, once the bot has said `count` of them, with one holding `text` where that is given."""
        chat = self._world.chats[int(request.path_params["chat"])]
        count, text = int(request.query_params.get("count", 0)), request.query_params.get("text")

        def enough() -> bool:
            said = [message for message in chat.messages.values() if from_bot(message)]
            return len(said) >= count and (text is None or any(text in message.get("text", "") for message in said))

        await self._until(enough, request)
        return JSONResponse([{**message, "from_bot": from_bot(message)} for message in chat.messages.values()])

    async def _log(self, request: Request) -> JSONResponse:
        """The messages of all chats from the number `after` on, once there are any."""
        after = int(request.query_params.get("after", 0))
        await self._until(lambda: len(self._world.log) > after, request)
        return JSONResponse([vars(added) for added in self._world.log[after:]])

    async def _query(self, request: Request) -> JSONResponse:
        """What the bot answered to a callback or inline query."""
        query = self._world.queries[request.path_params["id"]]
        await self._until(lambda: query.answer is not None, request)
        return JSONResponse(query.answer)

    async def _calls(self, request: Request) -> JSONResponse:
        """The calls of a method, once there are `count`."""
        method, count = request.query_params.get("method", "").lower(), int(request.query_params.get("count", 0))

        def calls() -> list[Json]:
            return [asdict(call) for call in self._world.calls if method in ("", call.method)]

        await self._until(lambda: len(calls()) >= count, request)
        return JSONResponse(calls())

    async def _state(self, request: Request) -> JSONResponse:
        webhook = self._updates.webhook
        return JSONResponse(
            {
                "pending": len(self._updates.queue),
                "polled": self._updates.polled,
                "delivered": self._updates.delivered,
                "webhook": None if webhook is None else asdict(webhook),
                "flood_refused": self._faults.flood.refused if self._faults.flood else 0,
                "commands": self._world.commands,
            }
        )

    async def _until(self, condition: Callable[[], bool], request: Request) -> Any:
        """Waits for it to become so, up to `timeout` seconds; then the answer is what is so by then."""
        timeout = float(request.query_params.get("timeout", 0))
        async with self._world.changed:
            try:
                await asyncio.wait_for(self._world.changed.wait_for(condition), timeout)
            except TimeoutError:
                return
