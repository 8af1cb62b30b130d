"""Several bots on one PostgreSQL behind one address, as processes: they answer as one, whoever of them is killed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.words import words
from index.library import Library
from index.settings import LibrarySettings
from tests.end_to_end.conftest import ARTICLES, QUESTION, SENTENCE
from tests.end_to_end.postgres_server import KillableServer, killable_server, round_robin
from tests.end_to_end.processes import Bot
from tests.end_to_end.test_alerts import QUESTION as WATCHED
from tests.end_to_end.test_alerts import Press, leave_watches
from tests.fake_telegram.client import Telegram, running
from tests.postgresql import Server

WAIT_SECONDS = 120.0
START_SECONDS = 600.0
"""For four bots that start at the same time on a busy machine."""
NOTE = words("en").say("ask.waiting")


@dataclass
class Newspaper:
    """A database with articles in it, Telegram, and the bots that serve both behind one address."""

    server: KillableServer
    api: str
    bots: list[Bot]
    press: Press

    def until(self, status: int, bots: list[Bot] | None = None) -> None:
        """Waits until each bot says so of itself."""
        until = time.monotonic() + START_SECONDS
        for bot in bots or self.bots:
            while (said := bot.health()) != status:
                assert time.monotonic() < until, f"/healthz says {said}: {bot.written()[-2000:]}"
                time.sleep(0.1)


def newspaper(stack: ExitStack, folder: Path, count: int) -> Newspaper:
    """`count` bots, ready to be started, each with a folder of its own as on a machine of its own."""
    server, api = stack.enter_context(killable_server()), stack.enter_context(running())
    for name, text in ARTICLES.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    settings = LibrarySettings.load(data=folder / "press", database_url=server.address)
    library = stack.enter_context(Library.open(settings))
    assert [outcome.state for outcome in library.add(library.read(folder))] == ["added"] * len(ARTICLES)
    bots = []
    for number in range(count):
        data = folder / f"bot{number}"
        data.mkdir()
        bots.append(Bot(data, api, True, {"PULLQUOTE_DATABASE_URL": server.address}))
    balancer = stack.enter_context(round_robin([bot.port for bot in bots]))
    for bot in bots:
        bot.public = balancer.url
        stack.callback(_end, bot)
    return Newspaper(server, api, bots, Press(library))


def _end(bot: Bot) -> None:
    if bot.process is not None:
        bot.kill()


@pytest.fixture(scope="module")
def pair(postgresql: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newspaper]:
    """Two bots that run. (Where the tests' own server can't run, this one's can't either.)"""
    with ExitStack() as stack:
        made = newspaper(stack, tmp_path_factory.mktemp("pair"), 2)
        for bot in made.bots:
            bot.start()
        made.until(200)
        yield made


@pytest.fixture
async def telegram(pair: Newspaper) -> AsyncIterator[Telegram]:
    async with Telegram(pair.api) as opened:
        yield opened


async def heard(telegram: Telegram, chat: int, count: int) -> list[str]:
    """What a chat was told, once it is so much: the notes that an answer takes long on a busy machine not counted."""
    said: list[str] = []
    notes = 0
    while len(said) < count:
        messages = await telegram.said(chat, count + notes, timeout=WAIT_SECONDS)
        said = [message["text"] for message in messages if message["text"] != NOTE]
        notes = len(messages) - len(said)
    return said


async def test_two_bots_answer_as_one_each_question_once_and_in_order(pair: Newspaper, telegram: Telegram) -> None:
    chats = [await telegram.user(100 + number) for number in range(4)]
    for text in (QUESTION, "/help", QUESTION):
        for chat in chats:
            await telegram.say(chat, text)
    for chat in chats:
        said = await heard(telegram, chat, 3)
        assert [SENTENCE in text for text in said] == [True, False, True]
    assert all("update received" in bot.written() for bot in pair.bots), "both took part"


async def test_what_is_added_beside_them_becomes_one_alert(pair: Newspaper, telegram: Telegram) -> None:
    chat = await telegram.user(110)
    await telegram.say(chat, f"/watch {WATCHED}")
    await telegram.said(chat, 1, timeout=WAIT_SECONDS)
    pair.press.publish()
    fact = pair.press.published[-1]
    await telegram.said(chat, text=fact, timeout=WAIT_SECONDS)
    await telegram.say(chat, QUESTION)
    said = await telegram.said(chat, text=SENTENCE, timeout=WAIT_SECONDS)
    assert sum(fact in message["text"] for message in said) == 1


async def test_a_database_that_is_away_is_told_of_and_waited_for(pair: Newspaper, telegram: Telegram) -> None:
    chat = await telegram.user(120)
    pair.server.stop()
    try:
        pair.until(503)
        await telegram.say(chat, QUESTION)
    finally:
        pair.server.start()
    (answer,) = await heard(telegram, chat, 1)
    assert SENTENCE in answer
    pair.until(200)


async def test_a_bot_that_is_stopped_leaves_its_work_to_the_other(pair: Newspaper, telegram: Telegram) -> None:
    chats = [await telegram.user(130 + number) for number in range(3)]
    for chat in chats:
        await telegram.say(chat, QUESTION)
    assert pair.bots[0].stop() == 0
    for chat in chats:
        await telegram.say(chat, QUESTION)
    for chat in chats:
        assert len(await heard(telegram, chat, 2)) == 2
    pair.bots[0].start()
    pair.until(200)


def pullquote(address: str, data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command in a terminal beside the bots."""
    environment = os.environ | {"PULLQUOTE_DATABASE_URL": address, "PULLQUOTE_DATA": str(data)}
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=WAIT_SECONDS, check=False)


def test_the_terminal_knows_the_same_articles_and_watches(pair: Newspaper, tmp_path: Path) -> None:
    asked = pullquote(pair.server.address, tmp_path, "ask", QUESTION)
    assert (asked.returncode, SENTENCE in asked.stdout) == (0, True), asked.stderr
    assert "Eling" in pullquote(pair.server.address, tmp_path, "articles").stdout
    assert WATCHED in pullquote(pair.server.address, tmp_path, "watch", "list").stdout


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://bot:s3cret@db/pullquote", "must be postgresql://"),
        ("postgresql://bot:s3cret@127.0.0.1:1/pullquote", "can't be reached"),
        ("postgresql://bot:s3cret@[::1/pullquote", "must be postgresql://"),
    ],
)
def test_an_address_that_is_wrong_is_said_in_one_line_without_the_password(
    tmp_path: Path, address: str, said: str
) -> None:
    done = pullquote(address, tmp_path, "articles")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert said in line
    assert "s3cret" not in done.stdout + done.stderr


# --- kills --------------------------------------------------------------------------------------------------


@dataclass
class Chaos:
    """Groups that ask, groups that are alerted, and who is killed meanwhile: a bot, or the database."""

    telegram: Telegram
    paper: Newspaper
    dice: random.Random
    asking: list[int]
    watching: list[int]
    user: int = 1
    asked: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    async def begun(cls, telegram: Telegram, paper: Newspaper, asking: int, watching: int, seed: int) -> Chaos:
        user = await telegram.user(1)
        members = {user: "creator", "bot": "member"}
        groups = [await telegram.chat(-1000 - number, "supergroup", members) for number in range(asking + watching)]
        made = cls(telegram, paper, random.Random(seed), groups[:asking], groups[asking:])
        leave_watches(Path(), paper.press.library, made.watching, paper.server.address)
        return made

    async def ask(self, count: int) -> None:
        for _ in range(count):
            chat = min(self.dice.sample(self.asking, 2), key=lambda chat: len(self.asked[chat]))
            message = await self.telegram.say(chat, f"/ask {QUESTION}", user=self.user)
            self.asked[chat].append(message["message_id"])

    async def something_happens(self) -> None:
        """Waits for a few more messages, of those that are still to come."""
        told, facts = await self.told(), self.paper.press.published
        left = sum(len(questions) for questions in self.asked.values()) + len(self.watching) * len(facts)
        left -= sum(len(set(some)) for some in told.values())
        calls = len(await self.telegram.calls("sendMessage"))
        await self.telegram.calls("sendMessage", calls + min(left, self.dice.randint(1, 8)), timeout=WAIT_SECONDS)
        for _ in range(self.dice.randrange(8)):
            await self.telegram.state()

    def kill_a_bot(self) -> None:
        bot = self.dice.choice(self.paper.bots)
        bot.kill()
        bot.start()

    async def told(self) -> dict[int, list[int | str]]:
        """What each chat heard, in order: the questions that were answered, the facts that it was alerted of."""
        told: dict[int, list[int | str]] = {}
        facts = self.paper.press.published
        for chat in self.asking:
            said = await self.telegram.said(chat)
            told[chat] = [one["reply_to_message"]["message_id"] for one in said if SENTENCE in one["text"]]
        for chat in self.watching:
            texts = [message["text"] for message in await self.telegram.said(chat)]
            told[chat] = [fact for text in texts for fact in facts if fact in text]
        return told

    async def settled(self) -> Counter[str]:
        """Waits for all that must come; what was lost, and what came twice."""
        until = time.monotonic() + START_SECONDS
        while self.counts(await self.told())["lost"] and time.monotonic() < until:
            await self.telegram.log(len(await self.telegram.log(0)), timeout=1)
        self.paper.until(200)
        for bot in self.paper.bots:
            assert bot.stop() == 0, bot.written()[-2000:]
        told = await self.told()
        for chat in (*self.asking, *self.watching):
            assert list(dict.fromkeys(told[chat])) == self.wanted(chat), f"the order of chat {chat}"
        return self.counts(told)

    def wanted(self, chat: int) -> list[int | str]:
        return list(self.asked[chat] if chat in self.asking else self.paper.press.published)

    def counts(self, told: dict[int, list[int | str]]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for chat, some in told.items():
            counts["lost"] += len(set(self.wanted(chat)) - set(some))
            counts["twice"] += len(some) - len(set(some))
            counts["answers" if chat in self.asking else "alerts"] += len(set(some))
        return counts


async def chaos(run: Chaos, kills: int, database_kills: int, questions: int, facts: int) -> Counter[str]:
    """Asks, publishes and kills; what was lost and what came twice."""
    victims = [run.kill_a_bot] * kills + [run.paper.server.restart] * database_kills
    run.dice.shuffle(victims)
    for bot in run.paper.bots:
        bot.start()
    run.paper.until(200)
    for number, kill in enumerate(victims):
        share = [
            (whole * (number + 1)) // len(victims) - (whole * number) // len(victims) for whole in (questions, facts)
        ]
        await run.ask(share[0])
        run.paper.press.publish(share[1])
        await run.something_happens()
        kill()
    return await run.settled()


async def test_no_answer_and_no_alert_is_lost_though_bots_and_the_database_are_killed(
    postgresql: Server, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        paper = newspaper(stack, tmp_path, 2)
        async with Telegram(paper.api) as telegram:
            run = await Chaos.begun(telegram, paper, asking=3, watching=3, seed=1)
            counts = await chaos(run, kills=2, database_kills=1, questions=9, facts=3)
    assert (counts["answers"], counts["alerts"], counts["lost"]) == (9, 9, 0)
    assert counts["twice"] <= 3


@pytest.mark.soak
async def test_four_bots_and_their_database_are_killed_fifty_times(
    postgresql: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ExitStack() as stack:
        paper = newspaper(stack, tmp_path, 4)
        async with Telegram(paper.api) as telegram:
            run = await Chaos.begun(telegram, paper, asking=20, watching=50, seed=2)
            counts = await chaos(run, kills=40, database_kills=10, questions=500, facts=20)
    with capsys.disabled():
        print(f"\n4 bots, 40 of them and 10 databases killed: {dict(counts)}")
    assert (counts["answers"], counts["alerts"], counts["lost"]) == (500, 1000, 0)
    assert counts["twice"] <= 50
