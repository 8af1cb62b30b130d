"""New sentences become alerts in every chat that watches for them, once and in order, though the bot is killed."""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.store import watches
from bot.store.base import open_store
from bot.watches.watch import Rhythm, Watch
from index.article import ArticleId, Draft
from index.library import Library
from index.settings import LibrarySettings
from index.store.engine import writing
from tests.end_to_end.conftest import Start
from tests.end_to_end.processes import Bot
from tests.fake_telegram.client import Telegram

QUESTION = "How many ships called at the port of Gull Rock?"
FAULTS = (("429", {"seconds": 1}), ("500", {"times": 2}), ("502", {}), ("drop_before", {}))


def sentence(number: int) -> str:
    # No figure that could be taken for a year.
    return f"{(number + 1) * 3007} ships called at the port of Gull Rock in the year {1900 + number}."


@dataclass
class Press:
    """Publishes into a bot's data folder from beside it, as `pullquote add` does."""

    library: Library
    published: list[str] = field(default_factory=list)

    def publish(self, count: int = 1) -> None:
        for _ in range(count):
            said = sentence(len(self.published))
            draft = Draft("The port", said, lang="en", id=ArticleId(f"port-{len(self.published)}"))
            assert [outcome.state for outcome in self.library.add([draft])] == ["added"]
            self.published.append(said)


@pytest.fixture
def data(tmp_path: Path, library: Path) -> Path:
    """The folder that `start` serves, there before it does."""
    folder = tmp_path / "data"
    shutil.copytree(library, folder)
    return folder


@pytest.fixture
def press(data: Path) -> Iterator[Press]:
    with Library.open(LibrarySettings.load(data=data)) as opened:
        yield Press(opened)


def leave_watches(data: Path, library: Library, chats: Sequence[int], database_url: str | None = None) -> None:
    """A watch in each chat, and no limit an hour."""
    engine = open_store(data, database_url)
    with writing(engine) as connection:
        for chat in chats:
            watches.set_rhythm(connection, chat, Rhythm(per_hour=10_000))
            ref = f"watch{chat}"[-12:]
            watch = Watch(ref, chat, 0, QUESTION, "en", 0, library.version, time.time(), false_answers=0.10)
            watches.add(connection, watch)
    engine.dispose()


async def test_a_watch_is_left_in_chat_and_hears_of_what_is_added_beside_the_bot(
    own_telegram: Telegram, data: Path, press: Press, start: Start
) -> None:
    chat = await own_telegram.user(7)
    start()
    await own_telegram.say(chat, f"/watch {QUESTION}")
    (card,) = await own_telegram.said(chat, 1)
    assert QUESTION in card["text"]
    press.publish()
    said = await own_telegram.said(chat, 2, text=press.published[0])
    assert f"🔔 {QUESTION}" in said[1]["text"]
    await own_telegram.press(chat, said[1]["message_id"], "Pause")
    press.publish()
    await own_telegram.say(chat, "/watches")
    listed = await own_telegram.said(chat, 3)
    assert "(paused)" in listed[2]["text"]


async def test_a_channels_administrator_leaves_a_watch_from_a_private_chat(
    own_telegram: Telegram, data: Path, press: Press, start: Start
) -> None:
    editor = await own_telegram.user(8)
    channel = await own_telegram.chat(-1008, "channel", {editor: "creator", "bot": "administrator"}, username="harbour")
    start()
    await own_telegram.say(editor, f"/watch @harbour {QUESTION}")
    await own_telegram.said(editor, 1, text=QUESTION)
    press.publish()
    await own_telegram.said(channel, 1, text=press.published[0])


async def chaos(
    telegram: Telegram, bot: Bot, press: Press, kills: int, chats: int, facts: int, seed: int
) -> Counter[str]:
    """Kills the bot again and again while it alerts; returns how many alerts were lost and how many came twice."""
    dice = random.Random(seed)
    user = await telegram.user(1)
    members = {user: "creator", "bot": "member"}
    groups = [await telegram.chat(-1000 - number, "supergroup", members) for number in range(chats)]
    leave_watches(bot.data, press.library, groups)
    for number in range(kills):
        press.publish((facts * (number + 1)) // kills - (facts * number) // kills)
        kind, more = dice.choice(FAULTS)
        await telegram.fault(kind, "sendMessage", chat=dice.choice(groups), **more)
        calls = len(await telegram.calls("sendMessage"))
        bot.start()
        waiting = chats * len(press.published) - await _arrived(telegram, groups)
        await telegram.calls("sendMessage", calls + min(dice.randint(1, 8), waiting), timeout=60)
        for _ in range(dice.randrange(8)):
            await telegram.state()
        bot.kill()
    bot.start()
    for chat in groups:
        await telegram.said(chat, facts, timeout=120, text=press.published[-1])
    assert bot.stop() == 0
    return await _counted(telegram, groups, press)


async def _arrived(telegram: Telegram, groups: list[int]) -> int:
    """How many different alerts the chats have seen."""
    seen = 0
    for chat in groups:
        seen += len({message["text"] for message in await telegram.said(chat)})
    return seen


async def _counted(telegram: Telegram, groups: list[int], press: Press) -> Counter[str]:
    counts: Counter[str] = Counter()
    for chat in groups:
        texts = [message["text"] for message in await telegram.said(chat)]
        told = [next(fact for fact in press.published if fact in text) for text in texts]
        assert list(dict.fromkeys(told)) == press.published, "the order of a chat"
        counts["lost"] += len(set(press.published) - set(told))
        counts["twice"] += len(told) - len(set(told))
        counts["alerts"] += len(set(told))
    return counts


async def test_no_alert_is_lost_though_the_bot_is_killed(
    own_telegram: Telegram, data: Path, press: Press, start: Start
) -> None:
    bot = start()
    bot.kill()
    counts = await chaos(own_telegram, bot, press, kills=4, chats=5, facts=8, seed=1)
    assert counts["lost"] == 0
    assert counts["twice"] <= 4


@pytest.mark.soak
async def test_a_hundred_kills_while_fifty_chats_get_a_thousand_alerts(
    own_telegram: Telegram, data: Path, press: Press, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    bot = start()
    bot.kill()
    counts = await chaos(own_telegram, bot, press, kills=100, chats=50, facts=20, seed=2)
    with capsys.disabled():
        print(f"\n100 kills: {counts['alerts']} alerts, {counts['lost']} lost, {counts['twice']} came twice")
    assert counts["alerts"] == 1000
    assert counts["lost"] == 0
    assert counts["twice"] <= 100
