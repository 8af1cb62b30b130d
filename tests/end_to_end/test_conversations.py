"""Every kind of conversation over real sockets: the bot is one process, Telegram another."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.end_to_end.conftest import QUESTION, SENTENCE, Start
from tests.end_to_end.processes import Bot
from tests.fake_telegram.client import Telegram

Json = dict[str, Any]


def quoted(message: Json) -> list[str]:
    """The quotations in a message, read as Telegram reads it: by UTF-16 offsets."""
    units = message["text"].encode("utf-16-le")
    return [
        units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
        for entity in message.get("entities", [])
        if entity["type"] == "blockquote"
    ]


async def test_in_private_any_text_is_a_question(telegram: Telegram) -> None:
    chat = await telegram.user(101, "Ada")
    await telegram.say(chat, QUESTION)
    (answer,) = await telegram.said(chat, 1)
    assert quoted(answer) == [SENTENCE]
    assert {"type": "text_link", "url": "https://example.org/eling"}.items() <= answer["entities"][1].items()


async def test_a_press_edits_the_same_message_and_stops_the_clock(telegram: Telegram) -> None:
    chat = await telegram.user(102, "Ben", language_code="en")
    await telegram.say(chat, QUESTION)
    (answer,) = await telegram.said(chat, 1)
    query = await telegram.press(chat, answer["message_id"], "Context")
    await telegram.answer(query)
    (shown,) = await telegram.said(chat, 1, text="grinds wheat twice a day")
    assert shown["message_id"] == answer["message_id"]
    thanks = await telegram.answer(await telegram.press(chat, answer["message_id"], "👍"))
    assert thanks["text"]


async def test_an_edited_question_edits_its_answer(telegram: Telegram) -> None:
    chat = await telegram.user(103, "Cem")
    asked = await telegram.say(chat, QUESTION)
    (answer,) = await telegram.said(chat, 1)
    await telegram.edit(chat, asked["message_id"], "How high is the lighthouse on Gull Rock?")
    (edited,) = await telegram.said(chat, 1, text="41 metres")
    assert edited["message_id"] == answer["message_id"]


async def test_silence_is_said_in_a_line(telegram: Telegram) -> None:
    chat = await telegram.user(104, "Dee")
    await telegram.say(chat, "What is the airspeed of an unladen swallow?")
    (answer,) = await telegram.said(chat, 1)
    assert quoted(answer) == []


async def test_in_a_forum_topic_the_answer_is_a_reply_in_that_topic(telegram: Telegram) -> None:
    user = await telegram.user(105, "Eve")
    chat = await telegram.chat(-1105, "supergroup", {user: "creator", "bot": "member"}, is_forum=True)
    topic = (await telegram.act("set_topic", chat=chat, user=user, name="Mills"))["topic"]
    await telegram.say(chat, "just talk", user=user, topic=topic)
    asked = await telegram.say(chat, f"/ask@pullquote_test_bot {QUESTION}", user=user, topic=topic)
    (answer,) = await telegram.said(chat, 1)
    assert quoted(answer) == [SENTENCE]
    assert answer["message_thread_id"] == topic
    assert answer["reply_to_message"]["message_id"] == asked["message_id"]


async def test_only_administrators_change_a_groups_settings(telegram: Telegram) -> None:
    admin, member = await telegram.user(106, "Fay"), await telegram.user(107, "Gus")
    chat = await telegram.chat(-1106, "supergroup", {admin: "creator", member: "member", "bot": "member"})
    await telegram.say(chat, "/settings@pullquote_test_bot", user=member)
    (refusal,) = await telegram.said(chat, 1)
    assert "reply_markup" not in refusal
    await telegram.say(chat, "/settings@pullquote_test_bot", user=admin)
    (_, settings) = await telegram.said(chat, 2)
    assert settings["reply_markup"]
    label = settings["reply_markup"]["inline_keyboard"][0][0]["text"]
    refused = await telegram.answer(await telegram.press(chat, settings["message_id"], label, user=member))
    assert refused["text"]
    await telegram.say(chat, "/settings@pullquote_test_bot", written_as="anonymous")
    (*_, anonymous) = await telegram.said(chat, 3)
    assert anonymous["reply_markup"]


async def test_in_a_channel_commands_are_posts(telegram: Telegram) -> None:
    owner = await telegram.user(108, "Hal")
    chat = await telegram.chat(-1108, "channel", {owner: "creator", "bot": "administrator"})
    await telegram.say(chat, f"/ask {QUESTION}", user=owner)
    (answer,) = await telegram.said(chat, 1)
    assert quoted(answer) == [SENTENCE]


async def test_inline_gives_quotes_in_any_chat(telegram: Telegram) -> None:
    user = await telegram.user(109, "Ivy")
    answer = await telegram.answer(await telegram.inline(user, QUESTION))
    assert SENTENCE in answer["results"][0]["input_message_content"]["message_text"]
    empty = await telegram.answer(await telegram.inline(user, ""))
    assert empty["results"] == [] or empty["results"]


async def test_a_librarian_adds_a_file_and_its_sentences_answer(telegram: Telegram) -> None:
    librarian = await telegram.user(9001, "Jo")
    text = "Title: Bridges\n\nThe iron bridge of Marlow was opened in 1832. It spans the Thames.\n"
    await telegram.say(librarian, "/add", document={"name": "bridges.txt", "hex": text.encode().hex()})
    await telegram.said(librarian, 1, text="Bridges")
    await telegram.say(librarian, "When was the iron bridge of Marlow opened?")
    await telegram.said(librarian, 2, text="opened in 1832")


async def test_ten_thousand_entities_cost_no_more_than_their_text(telegram: Telegram) -> None:
    chat = await telegram.user(110, "Kim")
    entities = [{"type": "bold", "offset": 0, "length": 1}] * 10_000
    await telegram.say(chat, QUESTION, entities=entities)
    (answer,) = await telegram.said(chat, 1)
    assert quoted(answer) == [SENTENCE]


async def test_menus_are_registered_in_every_language(telegram: Telegram) -> None:
    await telegram.calls("setMyCommands", 8)
    commands = (await telegram.state())["commands"]
    assert {f"default:{code}" for code in ("", "uk", "ru", "ko")} <= set(commands)


async def test_health_and_metrics_are_served_beside_polling(telegram: Telegram, shared_bot: Bot) -> None:
    await telegram.calls("setMyCommands", 1)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{shared_bot.port}") as http:
        health = await http.get("/healthz")
        assert (health.status_code, health.json()["ok"]) == (200, True)
        assert "pullquote_loop_lag_seconds" in (await http.get("/metrics")).text


async def test_the_same_over_a_webhook(own_telegram: Telegram, start: Start) -> None:
    chat = await own_telegram.user(7, "Ada")
    bot = start(webhook=True)
    await own_telegram.say(chat, QUESTION)
    (answer,) = await own_telegram.said(chat, 1)
    assert quoted(answer) == [SENTENCE]
    async with httpx.AsyncClient() as http:
        forged = {"update_id": 1, "message": {"chat": {"id": chat}, "text": "x"}}
        assert (await http.post(f"http://127.0.0.1:{bot.port}/telegram", json=forged)).status_code == 403
    query = await own_telegram.press(chat, answer["message_id"], "👍")
    assert (await own_telegram.answer(query))["text"]
    assert bot.stop() == 0
    assert own_telegram.token not in bot.written()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"TELEGRAM_BOT_TOKEN": ""}, "@BotFather"),
        ({"TELEGRAM_BOT_TOKEN": "987654:AAnUnknownTokenOfTheRightLength-012345"}, "does not accept the bot's token"),
        ({"PULLQUOTE_LISTEN": "192.0.2.1:80"}, "PULLQUOTE_LISTEN"),
    ],
)
async def test_what_keeps_it_from_starting_is_one_line_and_exit_2(
    start: Start, settings: dict[str, str], said: str
) -> None:
    bot = start(**settings)
    assert bot.wait() == 2
    (line,) = [line for line in bot.written().splitlines() if not line.startswith("{")]
    assert said in line
    assert "AAnUnknown" not in bot.written()
