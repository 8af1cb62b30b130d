"""Every chat that was quoted hears of every correction, once and in order, though the bot is killed at any moment."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.article import ArticleId, Draft
from index.library import Library
from index.settings import LibrarySettings
from tests.end_to_end.conftest import Start
from tests.end_to_end.processes import Bot
from tests.fake_telegram.client import Telegram

QUESTION = "How many ships called at the port of Gull Rock?"


def sentence(number: int) -> str:
    # No figure that could be taken for a year.
    return f"{(number + 1) * 3007} ships called at the port of Gull Rock."


@dataclass
class Editor:
    """Corrects one article again and again, from beside the bot, as `pullquote add` does."""

    library: Library
    corrections: int = -1

    def correct(self, count: int = 1) -> None:
        for _ in range(count):
            self.corrections += 1
            draft = Draft("The port", f"{sentence(self.corrections)} It never froze.", lang="en", id=ArticleId("port"))
            assert [outcome.state for outcome in self.library.add([draft])] in (["added"], ["changed"])


@pytest.fixture
def editor(tmp_path: Path, library: Path) -> Iterator[Editor]:
    shutil.copytree(library, tmp_path / "data")
    with Library.open(LibrarySettings.load(data=tmp_path / "data")) as opened:
        made = Editor(opened)
        made.correct()
        yield made


async def quoted(telegram: Telegram, chats: int) -> list[int]:
    """Groups that were all quoted the first wording."""
    user = await telegram.user(1)
    members = {user: "creator", "bot": "member"}
    groups = [await telegram.chat(-1000 - number, "supergroup", members) for number in range(chats)]
    for chat in groups:
        await telegram.say(chat, f"/ask {QUESTION}", user=user)
    for chat in groups:
        await telegram.said(chat, 1, text=sentence(0), timeout=60)
    return groups


async def notices(telegram: Telegram, chat: int) -> list[int]:
    """The numbers of the corrections that a chat was told of, in order."""
    told = []
    for message in await telegram.said(chat):
        if "A correction" in message["text"]:
            assert message["reply_to_message"]["from"]["is_bot"], "a notice answers what it corrects"
            told.append(next(n for n in range(1000) if sentence(n) in message["text"].partition("It says now")[2]))
    return told


async def chaos(
    telegram: Telegram, bot: Bot, editor: Editor, kills: int, chats: int, corrections: int, seed: int
) -> Counter[str]:
    """Kills the bot again and again while it owns up; returns how many notices were lost and how many came twice."""
    dice = random.Random(seed)
    groups = await quoted(telegram, chats)
    bot.kill()
    for number in range(kills):
        editor.correct(((corrections - 1) * (number + 1)) // kills - ((corrections - 1) * number) // kills)
        told = sum([len(set(await notices(telegram, chat))) for chat in groups])
        calls = len(await telegram.calls("sendMessage"))
        waiting = chats * editor.corrections - told
        bot.start()
        await telegram.calls("sendMessage", calls + min(dice.randint(1, 8), waiting), timeout=120)
        for _ in range(dice.randrange(8)):
            await telegram.state()
        bot.kill()
    editor.correct()
    bot.start()
    for chat in groups:
        await telegram.said(chat, 1 + corrections, text=f"now:\n{sentence(corrections)}", timeout=120)
    assert bot.stop() == 0
    return await counted(telegram, groups, corrections)


async def counted(telegram: Telegram, groups: list[int], corrections: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    for chat in groups:
        told = await notices(telegram, chat)
        assert sorted(set(told)) == list(dict.fromkeys(told)), "the order of a chat"
        counts["lost"] += corrections - len(set(told))
        counts["twice"] += len(told) - len(set(told))
        counts["notices"] += len(set(told))
    return counts


async def test_a_correction_is_told_once_though_the_bot_is_killed(
    own_telegram: Telegram, editor: Editor, start: Start
) -> None:
    counts = await chaos(own_telegram, start(), editor, kills=3, chats=3, corrections=4, seed=1)
    assert counts["notices"] == 12
    assert counts["lost"] == 0
    assert counts["twice"] <= 3


@pytest.mark.soak
async def test_a_hundred_kills_while_twenty_chats_hear_of_fifty_corrections(
    own_telegram: Telegram, editor: Editor, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = await chaos(own_telegram, start(), editor, kills=100, chats=20, corrections=50, seed=2)
    with capsys.disabled():
        print(f"\n100 kills: {counts['notices']} notices, {counts['lost']} lost, {counts['twice']} came twice")
    assert counts["notices"] == 1000
    assert counts["lost"] == 0
    assert counts["twice"] <= 100
