"""The adapter: what Telegram says comes through exactly, and the token nowhere."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import structlog

from bot import log
from bot.errors import ApiRefused, ApiUnreachable, TokenRejected
from bot.incoming import ChatKind, InlineQuery, Membership, Message, Press, Standing
from bot.telegram.api import BotApi
from bot.telegram.incoming import Translator, lane_of, migration
from bot.telegram.polling import ANOTHER_POLLER, Poller
from bot.web import SECRET_HEADER, Webhook, application
from index.errors import LibraryFull
from tests.fake_telegram.client import Telegram, running

Json = dict[str, Any]
BOT = 123456
ADA = {"id": 7, "is_bot": False, "first_name": "Ada", "last_name": "L", "language_code": "uk"}
GROUP = {"id": -100, "type": "supergroup", "title": "Club", "is_forum": True}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running() as address:
        yield address


@pytest.fixture
async def people(url: str) -> AsyncIterator[Telegram]:
    async with Telegram(url) as telegram:
        yield telegram


@pytest.fixture
async def api(people: Telegram) -> AsyncIterator[BotApi]:
    async with BotApi(people.token, people.url) as opened:
        yield opened


class TestApi:
    async def test_it_knows_who_it_is(self, api: BotApi) -> None:
        assert (api.id, api.username) == (BOT, "pullquote_test_bot")

    async def test_a_refusal_keeps_its_code_words_and_parameters(self, api: BotApi, people: Telegram) -> None:
        await people.user(1)
        await people.say(1, "hello")
        await people.fault("429", "sendMessage", seconds=9)
        with pytest.raises(ApiRefused) as refused:
            await api.call("sendMessage", {"chat_id": 1, "text": "x"})
        assert (refused.value.code, refused.value.retry_after) == (429, 9)
        with pytest.raises(ApiRefused, match="chat not found"):
            await api.call("sendMessage", {"chat_id": 404, "text": "x"})

    @pytest.mark.parametrize("kind", ["502", "drop_before", "drop_after"])
    async def test_what_is_not_an_answer_of_the_bot_api(self, api: BotApi, people: Telegram, kind: str) -> None:
        await people.user(2)
        await people.say(2, "hello")
        await people.fault(kind, "sendMessage")
        with pytest.raises(ApiUnreachable):
            await api.call("sendMessage", {"chat_id": 2, "text": "x"})

    async def test_a_rejected_token_is_named_in_no_error(self, people: Telegram) -> None:
        token = "987654:AAAnotherTokenThatIsNotKnown-0123456789"
        with pytest.raises(ApiRefused) as refused:
            await BotApi(token, people.url).__aenter__()
        assert refused.value.code == 401
        assert token not in repr(refused.value)

    async def test_nothing_listens_at_the_address(self) -> None:
        with pytest.raises(ApiUnreachable):
            await BotApi("987654:AAAnotherTokenThatIsNotKnown-0123456789", "http://127.0.0.1:9").__aenter__()


class TestPolling:
    async def test_an_update_is_acknowledged_only_once_it_is_stored(self, api: BotApi, people: Telegram) -> None:
        await people.user(20)
        await people.say(20, "hello")
        seen: list[list[Any]] = []
        stored = asyncio.Event()

        async def accept(arrived: list[tuple[int, Json]]) -> None:
            seen.append(arrived)
            if len(seen) == 1:
                raise LibraryFull("The disk is full.")
            stored.set()

        polling = asyncio.create_task(Poller(api, accept).run())
        await stored.wait()
        polling.cancel()
        assert seen[0] == seen[1]
        assert seen[1][-1][0] == 20

    async def test_another_poller_is_told_of_in_one_line(
        self, api: BotApi, people: Telegram, capture: io.StringIO
    ) -> None:
        await people.fault("refuse", "getUpdates", times=2, code=409, description="Conflict: terminated by other")
        polled = asyncio.Event()

        async def accept(arrived: list[tuple[int, Json]]) -> None:
            polled.set()

        await people.user(21)
        polling = asyncio.create_task(Poller(api, accept).run())
        await people.say(21, "hello")
        await polled.wait()
        polling.cancel()
        lines = [line for line in capture.getvalue().splitlines() if line]
        assert [json.loads(line)["event"] for line in lines] == [ANOTHER_POLLER]

    async def test_a_revoked_token_ends_it(self, api: BotApi, people: Telegram) -> None:
        await people.fault("refuse", "getUpdates", code=401, description="Unauthorized")
        with pytest.raises(TokenRejected, match="BotFather"):
            await Poller(api, lambda arrived: asyncio.sleep(0)).run()


@pytest.fixture
def capture() -> Iterator[io.StringIO]:
    """What is logged, as it is in production."""
    stream = io.StringIO()
    log.configure(stream)
    yield stream
    structlog.reset_defaults()
    logging.getLogger().handlers = []


class TestLog:
    TOKEN = "123456:AAFakeTokenForTestsOnly-0123456789abcde"

    def test_the_token_is_in_no_line_and_no_trace(self, capture: io.StringIO) -> None:
        logger = structlog.get_logger()
        logger.info(f"calling /bot{self.TOKEN}/getMe", url=f"https://x/bot{self.TOKEN}", deep={"a": [self.TOKEN]})
        try:
            raise ValueError(self.TOKEN)
        except ValueError as error:
            logger.error("a fault", exc_info=error, error=error)
            logging.getLogger("telegram").warning("failed: %s", self.TOKEN, exc_info=error)
        assert len(capture.getvalue().splitlines()) == 3
        assert self.TOKEN not in capture.getvalue()

    def test_every_address_that_httpx_asks_for_is_not_logged(self, capture: io.StringIO) -> None:
        logging.getLogger("httpx").info("HTTP Request: POST https://x/bot%s/getMe", self.TOKEN)
        assert capture.getvalue() == ""


class TestWebhook:
    @pytest.fixture
    def arrived(self) -> list[Any]:
        return []

    @pytest.fixture
    async def http(self, arrived: list[Any]) -> AsyncIterator[httpx.AsyncClient]:
        async def accept(updates: list[tuple[int, Json]]) -> None:
            if updates[0][1]["update_id"] == 13:
                raise LibraryFull("The disk is full.")
            arrived.extend(updates)

        app = application(lambda: {"ok": False, "why": "a test"}, Webhook("/hook", "s3cret", accept))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
            yield client

    @pytest.mark.parametrize(
        ("headers", "body", "status"),
        [
            ({SECRET_HEADER: "s3cret"}, b'{"update_id": 5, "message": {"chat": {"id": 7}}}', 200),
            ({SECRET_HEADER: "wrong"}, b'{"update_id": 5}', 403),
            ({}, b'{"update_id": 5}', 403),
            ({SECRET_HEADER: "s3cret"}, b"not json", 400),
            ({SECRET_HEADER: "s3cret"}, b"[1]", 400),
            ({SECRET_HEADER: "s3cret"}, b'{"message": {}}', 400),
            ({SECRET_HEADER: "s3cret"}, b'{"update_id": 5, "x": "' + b"y" * 1_100_000 + b'"}', 413),
            ({SECRET_HEADER: "s3cret"}, b'{"update_id": 13, "message": {"chat": {"id": 7}}}', 503),
        ],
    )
    async def test_only_what_telegram_sends_and_the_store_took_is_acknowledged(
        self, http: httpx.AsyncClient, arrived: list[Any], headers: dict[str, str], body: bytes, status: int
    ) -> None:
        assert (await http.post("/hook", content=body, headers=headers)).status_code == status
        assert len(arrived) == (status == 200)

    async def test_health_and_metrics(self, http: httpx.AsyncClient) -> None:
        for path, status in (("", 503), ("/ready", 503), ("/live", 200)):
            assert (await http.get(f"/healthz{path}")).status_code == status
        assert "pullquote_updates_accepted_total" in (await http.get("/metrics")).text


def translated(update: Json, keys: dict[tuple[int, int], str] | None = None) -> Any:
    known = keys or {}
    return Translator(BOT, lambda chat, message_id: known.get((chat, message_id))).translate({"update_id": 1, **update})


def message(**more: Any) -> Json:
    return {"message_id": 5, "date": 0, "chat": GROUP, "from": ADA, "text": "hello", **more}


class TestTranslation:
    def test_a_message(self) -> None:
        found = translated({"message": message()})
        assert isinstance(found, Message)
        assert (found.key, found.text, found.message_id, found.edited) == ("u1", "hello", 5, False)
        assert found.user is not None
        assert (found.user.id, found.user.name, found.user.language_code) == (7, "Ada L", "uk")
        assert (found.chat.kind, found.chat.is_forum, found.chat.topic) == (ChatKind.SUPERGROUP, True, None)
        assert found.is_admin is None

    def test_a_topic_is_one_only_where_telegram_says_so(self) -> None:
        assert translated({"message": message(message_thread_id=9)}).chat.topic is None
        assert translated({"message": message(message_thread_id=9, is_topic_message=True)}).chat.topic == 9

    def test_the_message_that_opened_a_topic_is_not_a_reply(self) -> None:
        opening = {"message_id": 9, "chat": GROUP, "from": ADA, "forum_topic_created": {"name": "News"}}
        topic = {"message_thread_id": 9, "is_topic_message": True}
        assert translated({"message": message(reply_to_message=opening, **topic)}).reply_to is None
        replied = {"message_id": 11, "chat": GROUP, "from": {**ADA, "id": BOT, "is_bot": True}, "text": "mine"}
        found = translated({"message": message(reply_to_message=replied, **topic)}, {(-100, 11): "u0.0"})
        assert (found.reply_to.text, found.reply_to.from_self, found.reply_to.key) == ("mine", True, "u0.0")

    def test_anonymous_administrators_and_channels_are_not_persons(self) -> None:
        anonymous = translated({"message": message(sender_chat=GROUP)})
        assert (anonymous.user, anonymous.sender_chat, anonymous.is_admin) == (None, -100, True)
        channel = translated({"message": message(sender_chat={"id": -200, "type": "channel"})})
        assert (channel.user, channel.sender_chat, channel.is_admin) == (None, -200, None)

    def test_a_channel_post_and_its_edit(self) -> None:
        channel = {"id": -200, "type": "channel"}
        post = {"message_id": 5, "date": 1, "chat": channel, "sender_chat": channel, "caption": "x"}
        found = translated({"edited_channel_post": post})
        assert (found.channel_post, found.edited, found.is_admin, found.user) == (True, True, True, None)
        assert found.text == "x"

    def test_where_a_message_came_from(self) -> None:
        found = translated({"message": message(forward_origin={}, via_bot={}, is_automatic_forward=True)})
        assert (found.forwarded, found.via_bot, found.automatic) == (True, True, True)

    def test_a_file(self) -> None:
        document = {"file_id": "f", "file_unique_id": "u", "file_name": "a.txt", "file_size": 3}
        assert translated({"message": message(document=document)}).file.name == "a.txt"

    def test_a_press_and_one_under_an_inline_message(self) -> None:
        query = {"id": "77", "from": ADA, "data": "x", "message": {"chat": GROUP, "message_id": 11, "date": 0}}
        found = translated({"callback_query": query}, {(-100, 11): "u0.0"})
        assert isinstance(found, Press)
        assert (found.query_id, found.payload, found.message_id, found.sent_key) == ("77", "x", 11, "u0.0")
        inline = translated({"callback_query": {"id": "78", "from": ADA, "data": "x", "inline_message_id": "i"}})
        assert (inline.chat, inline.message_id) == (None, None)

    def test_an_inline_query_and_a_membership(self) -> None:
        found = translated({"inline_query": {"id": "5", "from": ADA, "query": "q", "offset": "10"}})
        assert isinstance(found, InlineQuery)
        assert (found.query, found.offset) == ("q", "10")
        change = {
            "chat": GROUP, "from": ADA, "old_chat_member": {"status": "left"}, "new_chat_member": {"status": "member"}
        }  # fmt: skip
        standing = translated({"my_chat_member": change})
        assert isinstance(standing, Membership)
        assert (standing.before, standing.after) == (Standing.LEFT, Standing.MEMBER)

    def test_what_there_is_no_use_for(self) -> None:
        assert translated({"poll": {"id": "1"}}) is None
        assert translated({"callback_query": {"id": "1", "from": ADA, "game_short_name": "g"}}) is None

    def test_each_update_has_its_lane(self) -> None:
        assert lane_of({"update_id": 1, "message": message()}) == -100
        assert lane_of({"update_id": 1, "callback_query": {"from": ADA, "message": {"chat": GROUP}}}) == -100
        assert lane_of({"update_id": 1, "callback_query": {"from": ADA, "inline_message_id": "i"}}) == 7
        assert lane_of({"update_id": 1, "inline_query": {"from": ADA, "query": ""}}) == 7
        assert lane_of({"update_id": 1, "poll": {"id": "1"}}) == 0

    def test_a_migration_is_told_from_both_ends(self) -> None:
        assert migration({"message": message(migrate_to_chat_id=-200)}) == (-100, -200)
        assert migration({"message": message(migrate_from_chat_id=-5)}) == (-5, -100)
        assert migration({"message": message()}) is None
