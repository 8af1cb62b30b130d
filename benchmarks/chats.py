"""Questions a second through the socket: `pullquote serve` beside a bare python-telegram-bot echo, on a fake Telegram.

    python -m benchmarks.chats                1, 10 and 100 chats, each asking again once it is answered; then questions
                                              at a steady rate, at random moments, from as many chats as that
    python -m benchmarks.chats --flood 2000   so many, ten times as fast as that rate: all must be answered, in order

Each bot polls, on a data folder and a Telegram of its own, and its pace is lifted, since Telegram's limit (30 messages
a second) is below what is measured. No question is put twice but in the row that says so. Seconds are from a message's
arrival at Telegram to its answer's, by Telegram's clock. `late`: how late the bot's event loop woke, in 99 of 100
times. All processes share the cores that are printed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol

import httpx

from bot.words import words
from index.library import Library
from index.settings import LibrarySettings
from tests.end_to_end.processes import Bot
from tests.fake_telegram.client import ROOT, Json, Telegram, running
from tests.fake_telegram.world import TOKEN

QUESTIONS = Path(__file__).parent / "questions" / "seeds.jsonl"
WAYS = (
    "{}", "Tell me: {}", "Please say: {}", "I want to know: {}", "Do you know this? {}", "Next question: {}",
    "Another one: {}", "My question is: {}",
)  # fmt: skip
"""Ways to put a question, so that there are enough different ones."""
NOTE = words("en").say("ask.waiting")
WAIT = 300.0
"""Seconds after which an answer is counted as lost."""
EACH = 15
"""Questions of a flood in a group: Telegram lets a bot say twenty things a minute there."""
TICKS = os.sysconf("SC_CLK_TCK")
LIFTED = {"PULLQUOTE_QUESTIONS_PER_MINUTE": "100000", "PULLQUOTE_QUESTIONS_AT_ONCE": "100000"}
ENGINES = {"first stage alone": "off", "whole engine": "auto"}


def put() -> Iterator[str]:
    """Questions over the shipped articles, each in one way before any in another."""
    asked = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    random.Random(1).shuffle(asked)
    return (way.format(question) for way in WAYS for question in asked)


@dataclass
class Crowd:
    """Chats that ask, and when each message arrived at Telegram."""

    telegram: Telegram
    chats: Sequence[int]
    open: defaultdict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    taken: list[float] = field(default_factory=list)
    _read: int = 0

    async def say(self, said: Sequence[tuple[int, str]]) -> None:
        await self.telegram.say_all([{"chat": chat, "user": chat, "text": text} for chat, text in said])

    async def answered(self, timeout: float = WAIT) -> list[int]:
        """The chats that were answered since the last call, once there are any; a note that it takes long is none."""
        answered: list[int] = []
        until = time.monotonic() + timeout
        while not answered and time.monotonic() < until:
            log = await self.telegram.log(self._read, timeout=min(20.0, timeout))
            self._read += len(log)
            answered = [added["chat"] for added in log if self._take(added)]
        return answered

    def _take(self, added: Json) -> bool:
        waiting = self.open[added["chat"]]
        if not added["from_bot"]:
            waiting.append(added["at"])
            return False
        if added["message"].get("text") == NOTE:
            return False
        self.taken.append(added["at"] - waiting.popleft())
        return True


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    latencies: Sequence[float]
    seconds: float
    cpu: float
    late: str

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def __str__(self) -> str:
        ordered = sorted(self.latencies)
        at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for share in (0.5, 0.95, 0.99)]
        times = "  ".join(f"{name} {ms:6.0f}" for name, ms in zip(("p50", "p95", "p99"), at, strict=True))
        each = self.cpu * 1000 / len(ordered)
        return f"{self.name:44} {self.rate:6.1f}/s  {times} ms  cpu {each:6.1f} ms each  late {self.late}"


class Running(Protocol):
    """What is measured: a bot, or several."""

    @property
    def name(self) -> str: ...

    def cpu(self) -> float:
        """Seconds of the processor that it has had."""
        ...

    def lags(self) -> dict[str, float]:
        """How often its event loop woke no later than so many seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Served:
    """A bot that runs: its process, and the port of its metrics, if it has any."""

    name: str
    pid: int
    port: int | None = None

    def cpu(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def lags(self) -> dict[str, float]:
        if self.port is None:
            return {}
        text = httpx.get(f"http://127.0.0.1:{self.port}/metrics").text
        return {edge: float(count) for edge, count in re.findall(r'loop_lag_seconds_bucket\{le="(.+?)"\} (\S+)', text)}


def late(before: dict[str, float], after: dict[str, float]) -> str:
    """The lag that 99 of 100 wakings between the two stayed within."""
    counts = {edge: count - before[edge] for edge, count in after.items()}
    within = [edge for edge, count in counts.items() if count >= 0.99 * counts["+Inf"]] if counts else []
    return f"{float(within[0]) * 1000:.0f} ms" if within else "-"


async def measured(bot: Running, name: str, crowd: Crowd, questions: Sequence[str], rate: float | None) -> Row:
    """Asks all questions: each chat in turn, or at `rate` a second."""
    cpu, lags, began = bot.cpu(), bot.lags(), time.perf_counter()
    await (in_turn(crowd, questions) if rate is None else steadily(crowd, questions, rate))
    seconds = time.perf_counter() - began
    return Row(f"{bot.name}, {name}", crowd.taken, seconds, bot.cpu() - cpu, late(lags, bot.lags()))


async def in_turn(crowd: Crowd, questions: Sequence[str]) -> None:
    """Every chat asks, waits for its answer, and asks again."""
    left = iter(questions)
    await crowd.say(list(zip(crowd.chats, left, strict=False)))
    while len(crowd.taken) < len(questions):
        answered = await crowd.answered()
        if not answered:
            raise SystemExit(f"{len(questions) - len(crowd.taken)} questions were never answered.")
        await crowd.say(list(zip(answered, left, strict=False)))


async def steadily(crowd: Crowd, questions: Sequence[str], rate: float) -> None:
    """Questions at random moments, `rate` a second on average, whether earlier ones are answered or not."""
    chance = random.Random(2)
    collecting = asyncio.create_task(_collect(crowd, len(questions)))
    due = time.perf_counter()
    for number, question in enumerate(questions):
        due += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await crowd.say([(crowd.chats[number % len(crowd.chats)], question)])
    await collecting


async def _collect(crowd: Crowd, count: int) -> None:
    while len(crowd.taken) < count:
        if not await crowd.answered():
            raise SystemExit(f"{count - len(crowd.taken)} questions were never answered.")


@asynccontextmanager
async def pullquote(data: Path, url: str, telegram: Telegram, name: str) -> AsyncIterator[Served]:
    """The real bot, ready."""
    bot = Bot(data, url, settings={**LIFTED, "PULLQUOTE_CROSS_ENCODER": ENGINES[name]})
    bot.start()
    assert bot.process is not None
    await telegram.calls("setMyCommands", 8, timeout=60)
    try:
        yield Served(name, bot.process.pid, bot.port)
    finally:
        bot.stop()


@asynccontextmanager
async def echo(url: str, telegram: Telegram) -> AsyncIterator[Served]:
    """A bare echo, ready."""
    environment = {**os.environ, "ECHO_API": url}
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.chats", "--echo"], cwd=ROOT, env=environment)
    while not (await telegram.state())["polled"]:
        await asyncio.sleep(0.05)
    try:
        yield Served("echo", process.pid)
    finally:
        process.terminate()
        process.wait(10)


def run_echo() -> None:
    """What most bots are: python-telegram-bot's own loop and one handler, with nothing stored."""
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message is not None and update.message.text is not None:
            await update.message.reply_text(update.message.text)

    builder = Application.builder().token(TOKEN).base_url(f"{os.environ['ECHO_API']}/bot").concurrent_updates(True)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, answer))
    application.run_polling()


async def rows(bot: Served, telegram: Telegram, given: argparse.Namespace) -> None:
    """Prints a line for each number of chats, one for the steady rate, and one for questions that were asked before."""
    chats = [await telegram.user(number) for number in range(1, max(given.chats) + 1)]
    questions, fastest, read = put(), 0.0, 0
    for size in given.chats:
        asked = list(islice(questions, max(given.questions, size)))
        crowd = Crowd(telegram, chats[:size], _read=read)
        row = await measured(bot, f"{size} chats in turn", crowd, asked, None)
        fastest, read = max(fastest, row.rate), crowd._read
        print(row, flush=True)
    rate = min(given.rate, 0.8 * fastest)
    asked = list(islice(questions, given.questions))
    for name in ("at random", "asked before"):
        crowd = Crowd(telegram, chats, _read=read)
        print(await measured(bot, f"{rate:.0f}/s from {len(chats)} chats, {name}", crowd, asked, rate), flush=True)
        read = crowd._read


async def compare(data: Path, given: argparse.Namespace) -> None:
    """Every bot, one after another."""
    with running() as url:
        async with Telegram(url) as telegram, echo(url, telegram) as bot:
            await rows(bot, telegram, given)
    for name in ENGINES:
        with running() as url:
            copy = data.with_name(name.replace(" ", "-"))
            shutil.copytree(data, copy)
            async with Telegram(url) as telegram, pullquote(copy, url, telegram, name) as bot:
                await rows(bot, telegram, given)


async def flood(telegram: Telegram, groups: Sequence[int], user: int, given: argparse.Namespace) -> str:
    """Asks in groups, where an answer says which question it belongs to; says what became of it."""
    asked: dict[int, list[int]] = {group: [] for group in groups}
    questions = [f"/ask {question}" for question in islice(put(), given.flood)]
    a_second, began = 10 * given.rate, time.perf_counter()
    for at in range(0, len(questions), 20):
        await asyncio.sleep(max(0.0, began + at / a_second - time.perf_counter()))
        acts = [
            {"chat": groups[number % len(groups)], "user": user, "text": text}
            for number, text in enumerate(questions[at : at + 20], at)
        ]
        for message in await telegram.say_all(acts):
            asked[message["chat"]["id"]].append(message["message_id"])
    said_in = time.perf_counter() - began
    lost = reordered = notes = most = 0
    for group in groups:
        said: list[Json] = []
        answers: list[int] = []
        until = time.perf_counter() + WAIT
        while len(answers) < len(asked[group]) and time.perf_counter() < until:
            said = await telegram.said(group, len(said) + 1, timeout=WAIT)
            told = sum(message["text"] == NOTE for message in said)
            answers = [message["reply_to_message"]["message_id"] for message in said if message["text"] != NOTE]
        notes, most = notes + told, max(most, told)
        lost += len(set(asked[group]) - set(answers))
        reordered += list(dict.fromkeys(answers)) != asked[group]
    return (
        f"{len(questions)} questions in {said_in:.1f} s ({len(questions) / said_in:.0f}/s) in {len(groups)} groups, "
        f"caught up after {time.perf_counter() - began:.1f} s: {lost} lost, {reordered} groups out of order, "
        f"{notes} notes that it takes long, at most {most} in a group"
    )


async def overrun(data: Path, given: argparse.Namespace) -> None:
    """Prints what became of a flood, in so many groups that no answer waits for the pace of its group."""
    for name in ENGINES:
        copy = data.with_name(name.replace(" ", "-"))
        shutil.copytree(data, copy)
        with running() as url:
            async with Telegram(url) as telegram:
                user = await telegram.user(1)
                members = {user: "creator", "bot": "member"}
                count = -(-given.flood // EACH)
                groups = [await telegram.chat(-1000 - number, "supergroup", members) for number in range(count)]
                async with pullquote(copy, url, telegram, name):
                    print(f"{name}: {await flood(telegram, groups, user, given)}", flush=True)


def main() -> None:
    """Prints the table, or what became of a flood."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chats", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--questions", type=int, default=400, help="in each line")
    parser.add_argument("--rate", type=float, default=40.0, help="questions a second; less where that is too much")
    parser.add_argument("--flood", type=int, metavar="N")
    parser.add_argument("--echo", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.echo:
        run_echo()
        return
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with Library.open(LibrarySettings.load(data=data)) as library:
            added = sum(outcome.state == "added" for outcome in library.add(library.read(ROOT / "seeds")))
            print(f"{added} articles, {library.count()} sentences, {os.cpu_count()} cores", flush=True)
        asyncio.run(overrun(data, given) if given.flood else compare(data, given))


if __name__ == "__main__":
    main()
