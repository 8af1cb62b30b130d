"""The fake Telegram is as strict as the real one: the texts are those of the real server's code."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.fake_telegram import text
from tests.fake_telegram.client import Telegram
from tests.fake_telegram.errors import Refusal


@dataclass
class Bot:
    """Calls methods as any bot would, and gives the whole answer."""

    http: httpx.AsyncClient

    async def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        return dict((await self.http.post(f"/{method}", json=params)).json())

    async def refused(self, method: str, **params: Any) -> str:
        answer = await self(method, **params)
        assert not answer["ok"], answer
        return str(answer["description"])


@pytest.fixture
async def people(fake_url: str) -> AsyncIterator[Telegram]:
    async with Telegram(fake_url) as telegram:
        yield telegram


@pytest.fixture
async def bot(people: Telegram) -> AsyncIterator[Bot]:
    async with httpx.AsyncClient(base_url=f"{people.url}/bot{people.token}", timeout=40) as http:
        bot = Bot(http)
        await bot("deleteWebhook")
        found = await bot("getUpdates")
        if found["result"]:
            await bot("getUpdates", offset=found["result"][-1]["update_id"] + 1)
        yield bot


async def test_updates_stay_until_they_are_acknowledged(people: Telegram, bot: Bot) -> None:
    await people.user(1)
    await people.say(1, "one")
    await people.say(1, "two")
    first = (await bot("getUpdates"))["result"]
    assert [update["message"]["text"] for update in first] == ["one", "two"]
    assert (await bot("getUpdates"))["result"] == first
    rest = (await bot("getUpdates", offset=first[0]["update_id"] + 1))["result"]
    assert rest == first[1:]
    assert (await bot("getUpdates", offset=first[1]["update_id"] + 1))["result"] == []


async def test_a_second_poller_ends_the_first(people: Telegram, bot: Bot) -> None:
    first = asyncio.create_task(bot("getUpdates", timeout=20))
    while not (await people.state())["polled"]:
        pass
    assert (await bot("getUpdates"))["ok"]
    answer = await first
    assert answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request")


async def test_a_token_that_telegram_does_not_know(people: Telegram) -> None:
    async with httpx.AsyncClient() as http:
        assert (await http.get(f"{people.url}/bot1:wrong/getMe")).json()["description"] == "Unauthorized"
        assert (await http.get(f"{people.url}/botwrong/getMe")).status_code == 404


async def test_messages_are_refused_in_telegrams_words(people: Telegram, bot: Bot) -> None:
    await people.user(10)
    await people.user(11)
    await people.say(10, "hello")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"chat_id": 10, "text": ""}, "Bad Request: message text is empty"),
        ({"chat_id": 10, "text": " \n\t"}, "Bad Request: text must be non-empty"),
        ({"chat_id": 10, "text": "x" * 4097}, "Bad Request: message is too long"),
        ({"chat_id": 999, "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": "", "text": "x"}, "Bad Request: chat_id is empty"),
        ({"chat_id": 11, "text": "x"}, "Forbidden: bot can't initiate conversation with a user"),
        (
            {"chat_id": 10, "text": "x", "reply_parameters": {"message_id": 99_999}},
            "Bad Request: message to be replied not found",
        ),
        (
            {"chat_id": 10, "text": "abc", "entities": [{"type": "bold", "offset": 0, "length": 9}]},
            "Bad Request: entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9",
        ),
        (
            {"chat_id": 10, "text": "😀a", "entities": [{"type": "bold", "offset": 1, "length": 1}]},
            "Bad Request: entity begins in a middle of a UTF-16 symbol at byte offset 1",
        ),
        (
            {"chat_id": 10, "text": "x", "reply_markup": _keyboard("y" * 65)},
            "Bad Request: BUTTON_DATA_INVALID",
        ),
    ]
    for params, description in cases:
        assert await bot.refused("sendMessage", **params) == description


def _keyboard(data: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "b", "callback_data": data}]]}


async def test_an_edit_that_changes_nothing_is_refused(people: Telegram, bot: Bot) -> None:
    await people.user(20)
    asked = await people.say(20, "hello")
    sent = (await bot("sendMessage", chat_id=20, text="a", reply_markup=_keyboard("x")))["result"]
    same = {"chat_id": 20, "message_id": sent["message_id"], "text": "a", "reply_markup": _keyboard("x")}
    assert "message is not modified" in await bot.refused("editMessageText", **same)
    assert (await bot("editMessageText", **{**same, "text": "b"}))["result"]["text"] == "b"
    assert (
        await bot.refused("editMessageText", **{**same, "message_id": 9999}) == "Bad Request: message to edit not found"
    )
    theirs = {**same, "message_id": asked["message_id"]}
    assert await bot.refused("editMessageText", **theirs) == "Bad Request: message can't be edited"


async def test_a_button_press_is_answered_until_it_is_too_old(people: Telegram, bot: Bot) -> None:
    await people.user(30)
    await people.say(30, "hello")
    sent = (await bot("sendMessage", chat_id=30, text="a", reply_markup=_keyboard("x")))["result"]
    query = await people.press(30, sent["message_id"], "b")
    assert (await bot("answerCallbackQuery", callback_query_id=query, text="done"))["ok"]
    assert (await people.answer(query))["text"] == "done"
    await people.act("expire", query=query)
    assert "query is too old" in await bot.refused("answerCallbackQuery", callback_query_id=query)


async def test_in_groups_a_bot_sees_what_privacy_mode_lets_through(people: Telegram, bot: Bot) -> None:
    await people.user(40)
    await people.chat(-40, "supergroup", {40: "creator", "bot": "member"})
    own = (await bot("sendMessage", chat_id=-40, text="mine"))["result"]["message_id"]
    for said in ("just talk", "/ask x", "/ask@other_bot x", "hey @pullquote_test_bot"):
        await people.say(-40, said, user=40)
    await people.say(-40, "an answer", user=40, reply_to=own)
    seen = [update["message"]["text"] for update in (await bot("getUpdates"))["result"]]
    assert seen == ["/ask x", "hey @pullquote_test_bot", "an answer"]


async def test_who_writes_as_the_group_or_a_channel(people: Telegram, bot: Bot) -> None:
    await people.user(50)
    await people.chat(-51, "channel", {50: "creator", "bot": "administrator"}, linked=-50)
    await people.chat(-50, "supergroup", {50: "creator", "bot": "administrator"}, linked=-51)
    await people.say(-50, "/settings", written_as="anonymous")
    await people.say(-50, "/settings", written_as=-51)
    await people.say(-51, "a post")
    updates = (await bot("getUpdates"))["result"]
    kinds = [next(name for name in update if name != "update_id") for update in updates]
    assert kinds == ["message", "message", "channel_post", "message"]
    anonymous, channel, _, forwarded = (update.get("message") or update["channel_post"] for update in updates)
    assert (anonymous["from"]["username"], anonymous["sender_chat"]["id"]) == ("GroupAnonymousBot", -50)
    assert (channel["from"]["username"], channel["sender_chat"]["id"]) == ("Channel_Bot", -51)
    assert forwarded["is_automatic_forward"]
    assert (await bot("getChat", chat_id=-50))["result"]["linked_chat_id"] == -51


async def test_migration_topics_blocks_and_kicks(people: Telegram, bot: Bot) -> None:
    await people.user(60)
    await people.chat(-60, "group", {60: "creator", "bot": "member"})
    await people.act("migrate", chat=-60, to=-1060)
    answer = await bot("sendMessage", chat_id=-60, text="x")
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer["parameters"] == {"migrate_to_chat_id": -1060}
    await people.chat(-61, "supergroup", {60: "creator", "bot": "member"}, is_forum=True)
    topic = (await people.act("set_topic", chat=-61, user=60, name="News"))["topic"]
    assert (await bot("sendMessage", chat_id=-61, text="x", message_thread_id=topic))["result"]["is_topic_message"]
    await people.act("set_topic", chat=-61, topic=topic, state="closed")
    closed = {"chat_id": -61, "text": "x", "message_thread_id": topic}
    assert await bot.refused("sendMessage", **closed) == "Bad Request: TOPIC_CLOSED"
    await people.act("set_topic", chat=-61, topic=topic, state="deleted")
    assert await bot.refused("sendMessage", **closed) == "Bad Request: message thread not found"
    await people.act("set_member", chat=-61, user="bot", status="kicked", by=60)
    assert (
        await bot.refused("sendMessage", chat_id=-61, text="x") == "Forbidden: bot was kicked from the supergroup chat"
    )
    await people.say(60, "hello")
    await people.act("set_member", chat=60, user="bot", status="kicked", by=60)
    assert await bot.refused("sendMessage", chat_id=60, text="x") == "Forbidden: bot was blocked by the user"


async def test_faults_come_as_ordered(people: Telegram, bot: Bot) -> None:
    await people.user(70)
    await people.say(70, "hello")
    send: dict[str, Any] = {"chat_id": 70, "text": "x"}
    await people.fault("429", "sendMessage", seconds=7)
    answer = await bot("sendMessage", **send)
    assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 7})
    await people.fault("502", "sendMessage")
    assert "nginx" in (await bot.http.post("/sendMessage", json=send)).text
    for kind, arrived in (("drop_before", 0), ("drop_after", 1)):
        await people.fault(kind, "sendMessage", chat=70)
        with pytest.raises(httpx.TransportError):
            await bot("sendMessage", **send)
        assert len(await people.said(70)) == arrived


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\r\nb", "a\nb"),
        ("a\tb\x00c", "a b c"),
        ("  \n a \n", "a"),
        ("a\u2028b\u202ec", "abc"),
        ("e\u0333\u030a", "e"),
        ("a\u200e\u200f\u200eb", "a\u200c\u200c\u200eb"),
    ],
)
def test_texts_are_cleaned_as_telegram_does(given: str, shown: str) -> None:
    assert text.clean(given, [])[0] == shown


def test_entities_move_with_what_is_cleaned_away() -> None:
    cleaned, entities = text.clean("  \r😀\r b", [{"type": "bold", "offset": 3, "length": 5}])
    assert (cleaned, entities) == ("😀 b", [{"type": "bold", "offset": 0, "length": 4}])
    with pytest.raises(Refusal, match="begins after the end"):
        text.clean("a", [{"type": "bold", "offset": 1, "length": 1}])
