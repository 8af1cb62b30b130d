"""Every method that goes through the outbox, with everything that Telegram and the network can answer to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import ApiRefused, ApiUnreachable
from bot.outbox import Outbox, outgoing
from bot.pace import Limits, Rate
from bot.render.telegram import Call
from bot.store import chats, outbox
from bot.store.base import open_store
from bot.store.writer import Writer
from index.store.engine import reading

FAST = Limits(Rate(1000, 1000), Rate(1000, 1000), Rate(1000, 1000))
CHAT, MOVED = -5, -1005
MESSAGE = {"chat_id": CHAT, "message_id": 9}
DURABLE: dict[str, dict[str, Any]] = {
    "sendMessage": {"chat_id": CHAT, "text": "a"},
    "editMessageText": {**MESSAGE, "text": "a"},
    "editMessageReplyMarkup": {**MESSAGE, "reply_markup": {"inline_keyboard": []}},
    "deleteMessage": MESSAGE,
}
QUERIES: dict[str, dict[str, Any]] = {
    "answerCallbackQuery": {"callback_query_id": "q", "text": "a"},
    "answerInlineQuery": {"inline_query_id": "q", "results": []},
}
PASSING = {
    "429": ApiRefused(429, "Too Many Requests: retry after 3", retry_after=3),
    "500": ApiRefused(500, "Internal Server Error"),
    "502": ApiUnreachable("HTTP 502 that is not the Bot API's own"),
    "drop": ApiUnreachable("RemoteProtocolError: Server disconnected without sending a response."),
    "stall": ApiUnreachable("TimedOut: Timed out"),
}
AGAIN = {
    "editMessageText": "Bad Request: message is not modified: specified new message content …",
    "editMessageReplyMarkup": "Bad Request: message is not modified: specified new message content …",
    "deleteMessage": "Bad Request: message to delete not found",
    "answerCallbackQuery": "Bad Request: query is too old and response timeout expired or query ID is invalid",
    "answerInlineQuery": "Bad Request: query is too old and response timeout expired or query ID is invalid",
}
"""What Telegram says to a call that took place already, after a line that broke behind it."""


@dataclass
class Api:
    """Fails as it is told to, then takes everything."""

    errors: list[Exception] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def call(self, method: str, params: dict[str, Any]) -> Any:
        self.calls.append((method, params))
        if self.errors:
            raise self.errors.pop(0)
        return {"message_id": 100} if method != "answerCallbackQuery" else True


@dataclass
class Bench:
    engine: sa.Engine
    writer: Writer
    api: Api
    now: float = 1_000_000.0

    async def send(self, method: str, seconds: float = 0.0, **more: Any) -> str:
        """The state of a call, after so many seconds of sending in steps of half a second."""
        durable = method in DURABLE
        call = Call("u1.0", method, {**(DURABLE | QUERIES)[method], **more}, durable)
        await self.writer.write(lambda connection: outbox.add(connection, [outgoing(call, self.now)]))
        sender = Outbox(self.engine, self.writer, self.api, FAST, lambda: self.now, lambda: 1.0)
        await sender.settle()
        for _ in range(round(seconds * 2)):
            self.now += 0.5
            await sender.settle()
        with reading(self.engine) as connection:
            fate = outbox.fate(connection, "u1.0")
        assert fate is not None
        return fate.state


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    engine = open_store(tmp_path)
    with Writer(engine) as writer:
        yield Bench(engine, writer, Api())
    engine.dispose()


@pytest.mark.parametrize("kind", PASSING)
@pytest.mark.parametrize("method", DURABLE | QUERIES)
async def test_what_passes_is_tried_until_it_is_through(bench: Bench, method: str, kind: str) -> None:
    bench.api.errors = [PASSING[kind]] * 3
    assert await bench.send(method, seconds=15) == "sent"
    assert [called for called, _ in bench.api.calls] == [method] * 4


@pytest.mark.parametrize("method", AGAIN)
async def test_what_took_place_before_the_line_broke_is_done(bench: Bench, method: str) -> None:
    bench.api.errors = [PASSING["drop"], ApiRefused(400, AGAIN[method])]
    assert await bench.send(method, seconds=2) == "sent"
    assert len(bench.api.calls) == 2


@pytest.mark.parametrize("method", QUERIES)
async def test_an_answer_to_a_query_is_given_up_once_telegram_has_forgotten_the_query(
    bench: Bench, method: str
) -> None:
    bench.api.errors = [PASSING["500"]] * 999
    assert await bench.send(method, seconds=90) == "expired"


@pytest.mark.parametrize("method", DURABLE)
async def test_a_group_that_became_a_supergroup_is_followed_by_every_method(bench: Bench, method: str) -> None:
    upgraded = "Bad Request: group chat was upgraded to a supergroup chat"
    bench.api.errors = [ApiRefused(400, upgraded, migrate_to=MOVED)]
    assert await bench.send(method) == "sent"
    assert [params["chat_id"] for _, params in bench.api.calls] == [CHAT, MOVED]


@pytest.mark.parametrize("method", DURABLE)
async def test_a_bot_that_was_shut_out_stops_trying(bench: Bench, method: str) -> None:
    bench.api.errors = [ApiRefused(403, "Forbidden: bot was kicked from the supergroup chat")]
    assert await bench.send(method, seconds=60) == "refused"
    assert len(bench.api.calls) == 1
    with reading(bench.engine) as connection:
        assert "kicked" in (chats.why_unreachable(connection, CHAT) or "")


@pytest.mark.parametrize("method", QUERIES)
async def test_a_refused_answer_to_a_query_shuts_no_chat_out(bench: Bench, method: str) -> None:
    bench.api.errors = [ApiRefused(400, "Bad Request: BUTTON_TYPE_INVALID"), ApiRefused(403, "Forbidden: no")]
    assert await bench.send(method, seconds=5) == "refused"
    with reading(bench.engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(chats.unreachable)) == 0
