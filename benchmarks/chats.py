"""Questions a second through the socket: `pullquote serve` beside a bare python-telegram-bot echo, on a fake Telegram.

    python -m benchmarks.chats                       1, 10 and 100 chats, each asking again once it is answered
    python -m benchmarks.chats --flood 1000          so many questions at once: all must be answered, in order

Both bots poll; their pace is lifted, since Telegram's own limit (30 messages a second) is below what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from index.library import Library
from index.settings import LibrarySettings
from tests.end_to_end.processes import Bot
from tests.fake_telegram.client import ROOT, Telegram, running
from tests.fake_telegram.world import TOKEN

WAIT = 300.0
"""Seconds after which an answer is counted as lost."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds from a question's arrival at Telegram to its answer's, of each question; and of the whole run."""

    latencies: Sequence[float]
    seconds: float

    def line(self) -> str:
        ordered = sorted(self.latencies)
        at = {share: ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for share in (0.5, 0.95, 0.99)}
        return (
            f"{len(ordered) / self.seconds:8.1f}/s   p50 {at[0.5]:6.0f}   p95 {at[0.95]:6.0f}   p99 {at[0.99]:6.0f} ms"
        )


async def ask_in_turn(telegram: Telegram, chats: Sequence[int], questions: Sequence[str], rounds: int) -> Measured:
    """Every chat asks, waits for its answer, and asks again."""

    async def one(chat: int) -> list[float]:
        taken = []
        for number in range(rounds):
            before = len(await telegram.said(chat))
            began = time.perf_counter()
            await telegram.say(chat, questions[(chat + number) % len(questions)])
            await telegram.said(chat, before + 1, timeout=WAIT)
            taken.append(time.perf_counter() - began)
        return taken

    began = time.perf_counter()
    taken = await asyncio.gather(*map(one, chats))
    return Measured([seconds for chat in taken for seconds in chat], time.perf_counter() - began)


async def flood(telegram: Telegram, groups: Sequence[int], user: int, questions: Sequence[str], count: int) -> None:
    """All questions at once, in groups, where an answer says which question it belongs to."""
    began = time.perf_counter()
    asked: dict[int, list[int]] = {group: [] for group in groups}
    for number in range(count):
        group = groups[number % len(groups)]
        text = f"/ask {questions[number % len(questions)]}"
        asked[group].append((await telegram.say(group, text, user=user))["message_id"])
    said_in = time.perf_counter() - began
    lost = reordered = notes = 0
    for group in groups:
        said = await telegram.said(group, len(asked[group]), timeout=WAIT)
        answers = [message["reply_to_message"]["message_id"] for message in said]
        notes += len(answers) - len(set(answers))
        order = [question for question in dict.fromkeys(answers) if question in asked[group]]
        lost += len(asked[group]) - len(order)
        reordered += order != asked[group]
    seconds = time.perf_counter() - began
    print(f"{count} questions in {said_in:.1f} s ({count / said_in:.0f}/s), all answered after {seconds:.1f} s")
    print(f"lost {lost}, chats out of order {reordered}, notes that it takes long {notes}")


@asynccontextmanager
async def pullquote(data: Path, url: str, telegram: Telegram) -> AsyncIterator[Bot]:
    """The real bot, ready."""
    bot = Bot(data, url, settings={"PULLQUOTE_QUESTIONS_PER_MINUTE": "100000", "PULLQUOTE_QUESTIONS_AT_ONCE": "100000"})
    bot.start()
    await telegram.calls("setMyCommands", 8, timeout=60)
    try:
        yield bot
    finally:
        bot.stop()


@asynccontextmanager
async def echo(url: str, telegram: Telegram) -> AsyncIterator[None]:
    """A bare echo, ready."""
    environment = {**os.environ, "ECHO_API": url}
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.chats", "--echo"], cwd=ROOT, env=environment)
    while not (await telegram.state())["polled"]:
        await asyncio.sleep(0.05)
    try:
        yield
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


async def lag(bot: Bot) -> str:
    """How late the bot's event loop woke up, at most, in 99 of 100 times."""
    async with httpx.AsyncClient() as http:
        text = (await http.get(f"http://127.0.0.1:{bot.port}/metrics")).text
    buckets = re.findall(r'loop_lag_seconds_bucket\{le="([^"]+)"\} (\S+)', text)
    total = float(buckets[-1][1])
    return next(f"{float(edge) * 1000:.0f} ms" for edge, count in buckets if float(count) >= 0.99 * total)


async def compare(data: Path, questions: Sequence[str], sizes: Sequence[int], rounds: int) -> None:
    """Prints a line for each bot and number of chats."""
    with running() as url:
        async with Telegram(url) as telegram:
            chats = [await telegram.user(number) for number in range(1, max(sizes) + 1)]
            async with echo(url, telegram):
                for size in sizes:
                    measured = await ask_in_turn(telegram, chats[:size], questions, max(2, rounds // size))
                    print(f"echo       {size:4} chats  {measured.line()}")
            async with pullquote(data, url, telegram) as bot:
                for size in sizes:
                    measured = await ask_in_turn(telegram, chats[:size], questions, max(2, rounds // size))
                    print(f"pullquote  {size:4} chats  {measured.line()}   loop late by {await lag(bot)} (p99)")


async def overrun(data: Path, questions: Sequence[str], count: int) -> None:
    """Prints what became of a flood. A group takes thirty questions at once, so there are enough groups for all."""
    with running() as url:
        async with Telegram(url) as telegram:
            user = await telegram.user(1)
            members = {user: "creator", "bot": "member"}
            groups = [await telegram.chat(-1000 - n, "supergroup", members) for n in range(-(-count // 25))]
            async with pullquote(data, url, telegram):
                await flood(telegram, groups, user, questions, count)


def main() -> None:
    """Prints the table, or what became of a flood."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chats", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--questions", type=int, default=400, help="in each line")
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
            questions = library.examples(50, "en")
        print(f"{added} articles, {len(questions)} questions, {os.cpu_count()} cores")
        if given.flood:
            asyncio.run(overrun(data, questions, given.flood))
        else:
            asyncio.run(compare(data, questions, given.chats, given.questions))


if __name__ == "__main__":
    main()
