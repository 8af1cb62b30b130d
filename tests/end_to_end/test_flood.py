"""Far more questions at once than can be answered at once: they wait, each is answered once, and in order.

`python -m benchmarks.chats --flood 2000` is the long version, with its seconds.
"""

from __future__ import annotations

import pytest

from bot.words import words
from tests.end_to_end.conftest import QUESTION, Start
from tests.fake_telegram.client import Json, Telegram

GROUPS, EACH = 8, 12
NOTE = words("en").say("ask.waiting")


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_a_flood_is_answered_whole_once_and_in_order(own_telegram: Telegram, start: Start, webhook: bool) -> None:
    user = await own_telegram.user(1)
    members = {user: "creator", "bot": "member"}
    groups = [await own_telegram.chat(-1700 - place, "supergroup", members) for place in range(GROUPS)]
    start(webhook=webhook, PULLQUOTE_CROSS_ENCODER="off")
    await own_telegram.calls("setMyCommands", 8)
    acts = [
        {"chat": group, "user": user, "text": f"/ask {QUESTION} {turn}"} for turn in range(EACH) for group in groups
    ]
    asked: dict[int, list[int]] = {group: [] for group in groups}
    for message in await own_telegram.say_all(acts):
        asked[message["chat"]["id"]].append(message["message_id"])
    for group in groups:
        said = await answers(own_telegram, group, EACH)
        assert [message["reply_to_message"]["message_id"] for message in said] == asked[group]
        assert sum(message["text"] == NOTE for message in await own_telegram.said(group)) <= 1


async def answers(telegram: Telegram, group: int, count: int) -> list[Json]:
    """The bot's messages in a group that are no notes, once there are so many."""
    said: list[Json] = []
    found: list[Json] = []
    while len(found) < count:
        said = await telegram.said(group, len(said) + 1)
        found = [message for message in said if message["text"] != NOTE]
    return found
