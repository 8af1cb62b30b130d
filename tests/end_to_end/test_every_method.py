"""Every method that the bot calls, through every fault: what was asked for comes about, once.

`sendMessage` and `editMessageText` are in test_faults.py; what the outbox decides, in tests/bot/test_outbox_faults.py.
Each test lets all faults happen side by side, each in a chat of its own where the method names one.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.end_to_end.conftest import QUESTION, SENTENCE, Start
from tests.fake_telegram.client import Json, Telegram

FAULTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("429", {"seconds": 1}),
    ("500", {"times": 2}),
    ("502", {"times": 2}),
    ("drop_before", {"times": 2}),
    ("drop_after", {}),
    ("stall", {"seconds": 1}),
    ("slow", {"seconds": 1}),
)


async def answered(telegram: Telegram, chat: int) -> Json:
    """A person's question, and the bot's answer to it."""
    await telegram.user(chat)
    await telegram.say(chat, QUESTION)
    return (await telegram.said(chat, 1))[-1]


async def test_presses_are_answered(telegram: Telegram) -> None:
    chats = range(600, 600 + len(FAULTS))
    answers = await asyncio.gather(*(answered(telegram, chat) for chat in chats))
    for kind, more in FAULTS:
        await telegram.fault(kind, "answerCallbackQuery", **more)
    queries = [
        await telegram.press(chat, answer["message_id"], "👍") for chat, answer in zip(chats, answers, strict=True)
    ]
    for query in queries:
        assert (await telegram.answer(query))["text"]


async def test_inline_queries_are_answered(telegram: Telegram) -> None:
    for kind, more in FAULTS:
        await telegram.fault(kind, "answerInlineQuery", **more)
    queries = [await telegram.inline(await telegram.user(620 + n), QUESTION) for n in range(len(FAULTS))]
    for query in queries:
        answer = await telegram.answer(query)
        assert SENTENCE in answer["results"][0]["input_message_content"]["message_text"]


async def test_buttons_change(telegram: Telegram) -> None:
    async def pressed(chat: int, kind: str, more: dict[str, Any]) -> None:
        answer = await answered(telegram, chat)
        await telegram.fault(kind, "editMessageReplyMarkup", chat=chat, **more)
        await telegram.press(chat, answer["message_id"], "👍")
        await telegram.say(chat, "/help")
        first, _ = await telegram.said(chat, 2)
        labels = [button["text"] for row in first["reply_markup"]["inline_keyboard"] for button in row]
        assert ("👍 ✓" in labels, first["edits"]) == (True, 1), kind

    await asyncio.gather(*(pressed(610 + n, kind, more) for n, (kind, more) in enumerate(FAULTS)))


async def test_who_administers_is_found_out(telegram: Telegram) -> None:
    async def asked(n: int, kind: str, more: dict[str, Any]) -> None:
        admin = await telegram.user(630 + n)
        chat = await telegram.chat(-1630 - n, "supergroup", {admin: "creator", "bot": "member"})
        await telegram.fault(kind, "getChatMember", chat=chat, **more)
        await telegram.say(chat, "/settings@pullquote_test_bot", user=admin)
        (settings,) = await telegram.said(chat, 1)
        assert settings["reply_markup"], kind

    await asyncio.gather(*(asked(n, kind, more) for n, (kind, more) in enumerate(FAULTS)))


async def test_whose_channel_speaks_is_found_out(telegram: Telegram) -> None:
    async def asked(n: int, kind: str, more: dict[str, Any]) -> None:
        owner, group, channel = await telegram.user(640 + n), -1640 - n, -1660 - n
        await telegram.chat(group, "supergroup", {owner: "creator", "bot": "member"}, linked=channel)
        await telegram.chat(channel, "channel", {owner: "creator"}, linked=group)
        await telegram.fault(kind, "getChat", chat=group, **more)
        await telegram.say(group, "/settings@pullquote_test_bot", user=owner, written_as=channel)
        (settings,) = await telegram.said(group, 1)
        assert settings["reply_markup"], kind

    await asyncio.gather(*(asked(n, kind, more) for n, (kind, more) in enumerate(FAULTS)))


async def test_a_file_is_fetched_and_its_article_added_once(telegram: Telegram) -> None:
    librarian = await telegram.user(9001, "Jo")
    before = len(await telegram.said(librarian))
    for kind in ("429", "500", "502", "drop_before", "drop_after"):
        await telegram.fault(kind, "getFile")
    text = "Title: The weir of Marlow\n\nThe weir of Marlow was finished in 1773.\n"
    await telegram.say(librarian, "/add", document={"name": "weir.txt", "hex": text.encode().hex()})
    said = await telegram.said(librarian, before + 1, text="Added: The weir of Marlow")
    assert len(said) == before + 1


@pytest.mark.parametrize("kind", ["stall", "slow"])
async def test_updates_come_through_a_slow_get_updates(telegram: Telegram, kind: str) -> None:
    chat = await telegram.user(650 + len(kind))
    await telegram.fault(kind, "getUpdates", seconds=1)
    for count in (1, 2):
        await telegram.say(chat, QUESTION)
        assert len(await telegram.said(chat, count)) == count


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_it_starts_through_every_fault(own_telegram: Telegram, start: Start, webhook: bool) -> None:
    """Each call of the start meets the faults one after another."""
    for method in ("getMe", "setWebhook" if webhook else "deleteWebhook", "setMyCommands"):
        for kind in ("502", "429"):
            await own_telegram.fault(kind, method)
    chat = await own_telegram.user(1)
    start(webhook=webhook)
    await own_telegram.say(chat, QUESTION)
    (answer,) = await own_telegram.said(chat, 1)
    assert SENTENCE in answer["text"]
    await own_telegram.calls("setMyCommands", 8 + 1)
    assert {"default:uk", "all_group_chats:ko"} <= set((await own_telegram.state())["commands"])


async def test_a_group_that_moves_holds_nothing_up_by_an_edit_that_cannot_follow(telegram: Telegram) -> None:
    user, moved = await telegram.user(690), -100_1690
    chat = await telegram.chat(-1690, "group", {user: "creator", "bot": "member"})
    await telegram.say(chat, f"/ask {QUESTION}", user=user)
    (answer,) = await telegram.said(chat, 1)
    await telegram.fault("429", "editMessageText", chat=chat, seconds=1)
    await telegram.press(chat, answer["message_id"], "Context", user=user)
    while not any(str(call["params"]["chat_id"]) == str(chat) for call in await telegram.calls("editMessageText", 1)):
        pass
    await telegram.act("migrate", chat=chat, to=moved)
    await telegram.say(moved, f"/ask {QUESTION}", user=user)
    said = await telegram.said(moved, 1)
    assert SENTENCE in said[-1]["text"]
