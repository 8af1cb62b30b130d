"""The tests' end of the fake Telegram: starts it, acts as people, reads chats, waits for what must come."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from tests.fake_telegram.world import TOKEN

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds until what a test waits for is taken for lost: on a busy machine much takes long that works."""


@contextmanager
def running() -> Iterator[str]:
    """A fake Telegram in a process of its own; gives its address."""
    command = [sys.executable, "-m", "tests.fake_telegram", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.kill()
        process.wait()


class Telegram:
    """Acts and looks. Methods that wait raise AssertionError when what they wait for does not come in time."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.token = TOKEN
        self._http = httpx.AsyncClient(base_url=f"{url}/control", timeout=130)

    async def __aenter__(self) -> Telegram:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def user(self, id: int, name: str = "Ada", **more: Any) -> int:
        await self._post("/user", {"id": id, "first_name": name, **more})
        return id

    async def chat(self, id: int, type: str, members: dict[Any, str], **more: Any) -> int:
        """`members`: user id or "bot" -> status."""
        body = {"id": id, "type": type, "title": f"Chat {-id}", "members": {str(k): v for k, v in members.items()}}
        await self._post("/chat", {**body, **more})
        return id

    async def say(self, chat: int, text: str | None = None, user: int | None = None, **more: Any) -> Json:
        """Someone writes (in a private chat its user does); returns the message."""
        act = {"chat": chat, "user": chat if user is None else user, **more}
        return await self._post("/act/say", act if text is None else {**act, "text": text})

    async def say_all(self, acts: Sequence[Json]) -> list[Json]:
        """Many people write at the same moment (`chat`, `user`, `text`, …); returns their messages."""
        response = await self._http.post("/say_all", json=list(acts))
        assert response.is_success, response.text
        return list(response.json())

    async def edit(self, chat: int, message_id: int, text: str) -> Json:
        return await self._post("/act/edit", {"chat": chat, "message_id": message_id, "text": text})

    async def press(self, chat: int, message_id: int, label: str, user: int | None = None, **more: Any) -> str:
        """Presses a button; returns the query's id, for `answer`."""
        act = {"chat": chat, "message_id": message_id, "label": label, "user": chat if user is None else user, **more}
        return str((await self._post("/act/press", act))["query"])

    async def inline(self, user: int, query: str, offset: str = "") -> str:
        return str((await self._post("/act/ask_inline", {"user": user, "query": query, "offset": offset}))["query"])

    async def act(self, name: str, /, **act: Any) -> Json:
        """Any other act of `people.ACTS`."""
        return await self._post(f"/act/{name}", act)

    async def fault(self, kind: str, method: str = "*", **more: Any) -> None:
        await self._post("/fault", {"kind": kind, "method": method, **more})

    async def flood(self, **limits: int) -> None:
        """Turns Telegram's limits on."""
        await self._post("/flood", limits)

    async def set(self, **values: Any) -> None:
        await self._post("/set", values)

    async def answer(self, query: str, timeout: float = PATIENCE) -> Json:
        """What the bot answered to a query."""
        answer = (await self._http.get(f"/query/{query}", params={"timeout": timeout})).json()
        assert answer is not None, "the bot did not answer the query"
        return dict(answer)

    async def said(self, chat: int, count: int = 0, text: str | None = None, timeout: float = PATIENCE) -> list[Json]:
        """The bot's messages in a chat, once there are `count`, and one with `text` where that is given."""
        params: Json = {"count": count, "timeout": timeout, **({} if text is None else {"text": text})}
        messages = (await self._http.get(f"/messages/{chat}", params=params)).json()
        said = [message for message in messages if message["from_bot"]]
        assert len(said) >= count, f"the bot said {len(said)} of {count} in chat {chat}: {said}"
        assert text is None or any(text in message.get("text", "") for message in said), f"{text!r} is not among {said}"
        return said

    async def log(self, after: int, timeout: float = PATIENCE) -> list[Json]:
        """The messages of all chats from the number `after` on, once there are any: `chat`, `message`, `from_bot`, and
        `at`, in monotonic seconds."""
        return list((await self._http.get("/log", params={"after": after, "timeout": timeout})).json())

    async def calls(self, method: str, count: int = 0, timeout: float = PATIENCE) -> list[Json]:
        """The calls of a method, once there are `count`."""
        params: Json = {"method": method, "count": count, "timeout": timeout}
        calls = (await self._http.get("/calls", params=params)).json()
        assert len(calls) >= count, f"{method} was called {len(calls)} times, not {count}"
        return list(calls)

    async def state(self) -> Json:
        return dict((await self._http.get("/state")).json())

    async def _post(self, path: str, body: Json) -> Json:
        response = await self._http.post(path, json=body)
        assert response.is_success, f"{path}: {response.text}"
        return dict(response.json())
