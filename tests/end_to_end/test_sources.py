"""Feeds, the bot and Telegram as three processes: what the feeds publish reaches the chat that waits for it, once, and
nothing that a feed does to the bot reaches anyone."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import watches
from bot.store.base import open_store
from bot.watches.watch import Rhythm, Watch
from index.store.engine import writing
from tests.end_to_end.conftest import Start
from tests.end_to_end.newsstand import Entry, Newsstand, open_newsstand, rss
from tests.end_to_end.processes import Bot
from tests.fake_telegram.client import Telegram

QUESTION = "When does the ferry to Skerry Island sail again?"
OLD = Entry("old", "The harbour office in Ness has moved to Quay Street. It opens at nine.", "Harbour", day=1)
PATIENCE = 300
"""Seconds after which something is taken for lost; on a machine with nothing else to do it takes a few."""
Settings = dict[str, str]


def ferry(day: int, more: str = "") -> str:
    """The same news with another date in it is another fact."""
    return f"The ferry to Skerry Island sails again from {day} June{more}."


@pytest.fixture
def stand() -> Iterator[Newsstand]:
    with open_newsstand() as opened:
        yield opened


@pytest.fixture
def allowed(stand: Newsstand) -> Settings:
    """The one host on a private network that these bots may visit, as fast as it answers."""
    return {"PULLQUOTE_ALLOW_HOSTS": stand.url.removeprefix("http://"), "PULLQUOTE_FETCH_DELAY": "0"}


def pullquote(bot: Bot, *words: str) -> list[str]:
    """The lines that a command in a terminal prints, in the bot's folder and with its settings."""
    environment = os.environ | bot.settings | {"PULLQUOTE_DATA": str(bot.data)}
    command = [sys.executable, "-m", "bot", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def leave_watch(data: Path, chat: int) -> None:
    engine = open_store(data)
    with writing(engine) as connection:
        watches.set_rhythm(connection, chat, Rhythm(per_hour=1000))
        watches.add(connection, Watch("ferry", chat, 0, QUESTION, "en", chat, 0, time.time()))
    engine.dispose()


def sources(data: Path) -> dict[str, sqlite3.Row]:
    """What is followed, by the last part of its address."""
    with sqlite3.connect(data / "library.db") as database:
        database.row_factory = sqlite3.Row
        return {row["url"].rpartition("/")[2]: row for row in database.execute("SELECT * FROM sources")}


def all_due(data: Path) -> None:
    """As if enough time had passed for every source."""
    with sqlite3.connect(data / "library.db") as database:
        database.execute("UPDATE sources SET next_try = '2024-01-01 00:00:00', last_success = NULL, failures = 0")


async def visited(data: Path) -> None:
    """Waits until every source has been visited since `all_due`."""
    until = time.monotonic() + PATIENCE
    while left := [name for name, row in sources(data).items() if not (row["last_success"] or row["failures"])]:
        assert time.monotonic() < until, f"not visited: {left}"
        await asyncio.sleep(0.1)


async def delivered(data: Path, alerts: int) -> None:
    """Waits until that many alerts were found, the library was read to its end, and nothing waits to be sent."""
    until = time.monotonic() + PATIENCE
    while True:
        with sqlite3.connect(data / "chats.db") as chats, sqlite3.connect(data / "library.db") as library:
            (found,) = chats.execute("SELECT COUNT(*) FROM alerts").fetchone()
            (waiting,) = chats.execute("SELECT COUNT(*) FROM outbox WHERE state IN ('waiting', 'sending')").fetchone()
            (reached,) = chats.execute("SELECT MAX(seq) FROM alert_progress").fetchone()
            (newest,) = library.execute("SELECT MAX(seq) FROM changes").fetchone()
        if (found, waiting, reached) == (alerts, 0, newest):
            return
        assert time.monotonic() < until, f"{found} of {alerts} alerts, {waiting} wait, read to {reached} of {newest}"
        await asyncio.sleep(0.1)


async def read(telegram: Telegram, chat: int) -> list[str]:
    return [message["text"] for message in await telegram.said(chat)]


async def heard(telegram: Telegram, chat: int) -> list[str]:
    """What each message of the bot is, and the days in it, in alphabetical order."""
    kinds = {"🔔": "alert", "✎ A correction": "corrected", "✎ The article that I quoted has": "withdrawn"}
    return sorted(
        " ".join(
            [next(kinds[start] for start in kinds if text.startswith(start)), *re.findall(r"from (\d+) June", text)]
        )
        for text in await read(telegram, chat)
    )


async def test_what_a_followed_feed_publishes_becomes_an_alert(
    start: Start, own_telegram: Telegram, stand: Newsstand, allowed: Settings
) -> None:
    bot = start(run=False, **allowed)
    assert "1 added" in pullquote(bot, "follow", stand.feed("feed.xml", [OLD]))[0]
    bot.start()
    chat = await own_telegram.user(301, "Una", language_code="en")
    await own_telegram.say(chat, f"/watch {QUESTION}")
    await own_telegram.said(chat, 1)
    bot.stop()
    stand.feed("feed.xml", [Entry("new", f"{ferry(4)} A ticket costs seven pounds."), OLD])
    all_due(bot.data)

    bot.start()
    said = await own_telegram.said(chat, 1, text=ferry(4), timeout=60)
    (alert,) = [message for message in said if ferry(4) in message["text"]]
    assert f"{stand.url}/new" in str(alert["entities"])
    bot.stop()
    assert sum(ferry(4) in text for text in await read(own_telegram, chat)) == 1


LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
REFUSED = {
    "bomb.xml": "too large once it is decompressed",
    "laughs.xml": "declares entities of its own",
    "private.xml": "a private network",
    "metadata.xml": "a cloud's metadata service",
    "broken.xml": "an error of its own",
    "cut.xml": "the connection broke off",
    "page.xml": "It is no feed",
    "silent.xml": "stopped sending",
    "gone.xml": "gone for good",
}
"""What each of the feeds is refused for, in the words of `pullquote sources`."""


def turn_hostile(stand: Newsstand) -> None:
    """Turns feeds into what no bot should read, with the news in them wherever there is room for it."""
    news = rss(stand.url, "news", [Entry("never", ferry(29))])
    start, rest = news.split("?>", 1)
    packed = {"Content-Encoding": "gzip"}
    stand.puts("bomb.xml", gzip.compress(news.encode() + b" " * 40_000_000), headers=packed)
    stand.puts("laughs.xml", f"{start}?>{LAUGHS}{rest.replace('News of', '&c;')}".encode())
    stand.puts("private.xml", status=302, headers={"Location": "http://10.1.2.3/feed.xml"})
    stand.puts("metadata.xml", status=302, headers={"Location": "http://169.254.169.254/latest"})
    stand.puts("broken.xml", news.encode(), status=500)
    stand.puts("cut.xml", news.encode(), short_by=500)
    stand.puts("page.xml", f"<!DOCTYPE html><title>Moved</title><p>{ferry(29)}</p>".encode(), type="text/html")
    stand.puts("silent.xml", silent=True)
    stand.puts("gone.xml", news.encode(), status=410)


def publish(stand: Newsstand) -> None:
    """News in six feeds, in six awkward ways."""
    stand.feed("good.xml", [Entry("good", ferry(4)), OLD])
    same_id = [Entry("a", ferry(5), guid="1"), Entry("b", ferry(6), guid="1"), Entry("b", ferry(6), guid="2")]
    stand.feed("twice.xml", [*same_id, OLD])
    stand.feed("latin.xml", [Entry("latin", ferry(7, ", says Zoë Müller")), OLD], "windows-1252")
    boats = [Entry(f"n{n}", f"Boat number {n} came in.", f"Boat {n}", 2) for n in range(9_999)]
    stand.feed("long.xml", [Entry("newest", ferry(8)), *boats])
    page = f"<html><title>The ferry</title><article><p>{ferry(9)}</p></article></html>"
    stand.puts("page", page.encode(), type="text/html; charset=utf-8")
    stand.feed("summary.xml", [Entry("page", "More on our site …", summary=True), OLD])


def change(stand: Newsstand) -> None:
    """One article is corrected, one withdrawn; entries get new ids and tracking links; a broken feed is well again."""
    stand.feed("good.xml", [Entry("good", ferry(14)), OLD])
    stand.puts("page", status=410)
    stand.feed("summary.xml", [Entry("page", "No longer on our site …", summary=True), OLD])
    renamed = [Entry("a?utm_source=x", ferry(5), guid="9", day=5), Entry("b?fbclid=y", ferry(6), guid="8", day=5)]
    stand.feed("twice.xml", [*renamed, OLD])
    stand.feed("broken.xml", [Entry("well", ferry(20)), OLD])
    stand.feed("silent.xml", [OLD])


async def test_whatever_feeds_do_the_chat_reads_the_news_of_each_once(
    start: Start, own_telegram: Telegram, stand: Newsstand, allowed: Settings
) -> None:
    bot = start(run=False, **allowed)
    user = await own_telegram.user(302, "Una", language_code="en")
    chat = await own_telegram.chat(-302, "supergroup", {user: "creator", "bot": "member"})
    names = ["good.xml", "twice.xml", "latin.xml", "long.xml", "summary.xml", *REFUSED]
    pullquote(bot, "follow", *[stand.feed(name, [OLD]) for name in names])
    leave_watch(bot.data, chat)

    publish(stand)
    turn_hostile(stand)
    all_due(bot.data)
    bot.start()
    await visited(bot.data)
    await delivered(bot.data, alerts=6)
    bot.kill()
    assert await heard(own_telegram, chat) == ["alert 4", "alert 5", "alert 6", "alert 7", "alert 8", "alert 9"]
    assert sum(ferry(7, ", says Zoë Müller") in text for text in await read(own_telegram, chat)) == 1
    listed = {(one := json.loads(line))["url"].rpartition("/")[2]: one for line in pullquote(bot, "sources", "--json")}
    for name, reason in REFUSED.items():
        assert reason in listed[name]["error"]
    assert [listed[name]["error"] for name in names if name not in REFUSED] == [None] * 5

    change(stand)
    pullquote(bot, "unfollow", f"{stand.url}/long.xml")
    all_due(bot.data)
    bot.start()
    await visited(bot.data)
    await own_telegram.said(chat, 10, timeout=PATIENCE)
    await delivered(bot.data, alerts=8)
    bot.kill()
    all_due(bot.data)
    bot.start()
    await visited(bot.data)
    await delivered(bot.data, alerts=8)
    bot.kill()
    told = [f"alert {day}" for day in (4, 5, 6, 7, 8, 9, 14, 20)]
    assert await heard(own_telegram, chat) == sorted([*told, "corrected 4 14", "withdrawn 9"])
