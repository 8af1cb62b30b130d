"""Whatever fails between the bot and Telegram: nothing is lost, and only what Telegram itself hid comes twice."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.end_to_end.conftest import QUESTION, SENTENCE, Start
from tests.end_to_end.processes import Bot
from tests.fake_telegram.client import Telegram

FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("429", {"seconds": 1}),
    ("500", {"times": 2}),
    ("502", {"times": 2}),
    ("drop_before", {"times": 2}),
    ("drop_after", {}),
    ("stall", {"seconds": 2}),
    ("slow", {"seconds": 2}),
]


@pytest.mark.parametrize(("kind", "more"), FAULTS, ids=[kind for kind, _ in FAULTS])
async def test_a_message_arrives_through_every_fault(telegram: Telegram, kind: str, more: dict[str, Any]) -> None:
    chat = await telegram.user(200 + [name for name, _ in FAULTS].index(kind))
    await telegram.fault(kind, "sendMessage", chat=chat, **more)
    await telegram.say(chat, QUESTION)
    await telegram.say(chat, "/help")
    # What Telegram took before it broke the line comes twice: it has no way to tell the bot.
    copies = 2 if kind == "drop_after" else 1
    said = await telegram.said(chat, copies + 1)
    assert [SENTENCE in message["text"] for message in said] == [True] * copies + [False]


@pytest.mark.parametrize(("kind", "more"), FAULTS, ids=[kind for kind, _ in FAULTS])
async def test_an_edit_arrives_through_every_fault(telegram: Telegram, kind: str, more: dict[str, Any]) -> None:
    chat = await telegram.user(220 + [name for name, _ in FAULTS].index(kind))
    await telegram.say(chat, QUESTION)
    (answer,) = await telegram.said(chat, 1)
    await telegram.fault(kind, "editMessageText", chat=chat, **more)
    await telegram.press(chat, answer["message_id"], "Context")
    (edited,) = await telegram.said(chat, 1, text="grinds wheat twice a day")
    assert edited["edits"] == 1


@pytest.mark.parametrize("kind", ["500", "502", "drop_before", "drop_after", "429"])
async def test_updates_survive_every_fault_of_get_updates(telegram: Telegram, kind: str) -> None:
    chat = await telegram.user(240 + ["500", "502", "drop_before", "drop_after", "429"].index(kind))
    await telegram.fault(kind, "getUpdates")
    # The call that waits already is not hit: it brings the first question, the fault hits the next call.
    for number in (1, 2):
        await telegram.say(chat, QUESTION)
        assert len(await telegram.said(chat, number)) == number


async def test_a_press_is_answered_through_a_fault(telegram: Telegram) -> None:
    chat = await telegram.user(250)
    await telegram.say(chat, QUESTION)
    (answer,) = await telegram.said(chat, 1)
    await telegram.fault("500", "answerCallbackQuery")
    assert (await telegram.answer(await telegram.press(chat, answer["message_id"], "👍")))["text"]


async def test_a_stalled_chat_holds_nobody_else_up(telegram: Telegram) -> None:
    stalled, other = await telegram.user(251), await telegram.user(252)
    await telegram.fault("stall", "sendMessage", chat=stalled, seconds=10)
    await telegram.say(stalled, QUESTION)
    await telegram.calls("getMe")
    await telegram.say(other, QUESTION)
    await telegram.said(other, 1)
    assert await telegram.said(stalled) == []
    await telegram.said(stalled, 1)


async def test_rejected_entities_cost_the_formatting_not_the_answer(telegram: Telegram) -> None:
    chat = await telegram.user(253)
    description = "Bad Request: can't parse entities: unsupported"
    await telegram.fault("refuse", "sendMessage", chat=chat, code=400, description=description)
    await telegram.say(chat, QUESTION)
    (answer,) = await telegram.said(chat, 1)
    assert answer["text"].startswith(SENTENCE)
    assert "entities" not in answer


async def test_who_blocked_the_bot_is_answered_again_after_coming_back(telegram: Telegram) -> None:
    chat = await telegram.user(254)
    await telegram.fault("403", "sendMessage", chat=chat)
    await telegram.say(chat, QUESTION)
    while not any(call["outcome"].startswith("Forbidden") for call in await telegram.calls("sendMessage", 1)):
        pass
    await telegram.say(chat, QUESTION)
    assert len(await telegram.said(chat, 1)) == 1


async def test_a_group_that_moves_takes_its_waiting_answers_and_its_settings_along(telegram: Telegram) -> None:
    user = await telegram.user(255)
    chat = await telegram.chat(-1255, "group", {user: "creator", "bot": "member"})
    await telegram.fault("429", "sendMessage", chat=chat, seconds=1)
    await telegram.say(chat, f"/ask {QUESTION}", user=user)
    while not any(str(call["params"].get("chat_id")) == str(chat) for call in await telegram.calls("sendMessage")):
        pass
    await telegram.act("migrate", chat=chat, to=-100_1255)
    (answer,) = await telegram.said(-100_1255, 1)
    assert SENTENCE in answer["text"]


async def test_telegrams_limits_are_never_reached(own_telegram: Telegram, start: Start) -> None:
    await own_telegram.flood(overall=30, chat=4, group=20)
    chats = [await own_telegram.user(300 + number) for number in range(5)]
    for chat in chats:
        for _ in range(5):
            await own_telegram.say(chat, QUESTION)
    start(PULLQUOTE_MESSAGES_PER_SECOND="30", PULLQUOTE_MESSAGES_PER_SECOND_PER_CHAT="1")
    for chat in chats:
        await own_telegram.said(chat, 5)
    assert (await own_telegram.state())["flood_refused"] == 0


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_a_stop_in_the_middle_loses_nothing(own_telegram: Telegram, start: Start, webhook: bool) -> None:
    chats = [await own_telegram.user(400 + number) for number in range(5)]
    bot: Bot = start(webhook=webhook)
    for chat in chats:
        for _ in range(3):
            await own_telegram.say(chat, QUESTION)
    await own_telegram.calls("sendMessage", 2)
    assert bot.stop() == 0
    bot.start()
    said = await asyncio.gather(*(own_telegram.said(chat, 3) for chat in chats))
    assert [len(messages) for messages in said] == [3] * len(chats)


async def test_a_token_that_is_revoked_while_it_runs_ends_it_with_one_line(
    own_telegram: Telegram, start: Start
) -> None:
    bot = start()
    await own_telegram.calls("setMyCommands", 1)
    await own_telegram.set(token="123456:AAANewTokenThatReplacedTheOldOne-0123456")
    await own_telegram.user(500)
    await own_telegram.say(500, "anything: it ends the call that waits")
    assert bot.wait(40) == 2
    (line,) = [line for line in bot.written().splitlines() if not line.startswith("{")]
    assert "BotFather" in line
