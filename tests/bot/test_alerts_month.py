"""Weeks of feeds and watches, with time passed in: everybody hears of everything once, and nothing grows for ever."""

from __future__ import annotations

import json
import re
import resource
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from bot.store import alerts, outbox
from bot.tidy import Retention, prune
from bot.watches.watch import Every
from index.article import Draft
from index.fetch import Limits
from index.follow import Following
from index.ingest import Ingest, Outcome
from index.readers.failure import ReadFailure
from tests.bot.watching import DAY, HOUR, MONDAY, Newsroom, NoEncoder
from tests.index.hostile.doors import door_to
from tests.index.hostile.site import Site, Visit, answer

LISTED = 8
"""Entries that a feed lists."""
KEPT = Retention(updates=8 * DAY, sent=14 * DAY, shown=14 * DAY)
"""As PULLQUOTE_KEEP_SENT=14 and PULLQUOTE_KEEP_SHOWN=14 have it; as they are, 90 days and for ever."""
_FIGURE = re.compile(r"\b1\d{6}\b")


@dataclass(frozen=True)
class Size:
    """How many feeds; how many chats with ten watches each; how many topics, of which a quarter is watched for."""

    feeds: int
    chats: int
    topics: int

    def watched(self, chat: int) -> set[int]:
        return {(chat * 10 + topic) % (self.topics // 4) for topic in range(10)}


@dataclass(frozen=True)
class Figures:
    """How large the bot is after a day."""

    memory: int
    chats: int
    library: int
    articles: int


@dataclass
class Press:
    """Feeds that publish at a pace of their own, each entry with a figure that no other has."""

    room: Newsroom
    size: Size

    def pace(self, feed: int) -> float:
        return (8 + feed % 17) * HOUR

    def entries(self, feed: int, now: float) -> Iterator[tuple[int, float]]:
        """(number, time) of everything that a feed has published by then."""
        for number in range(int((now - MONDAY) // self.pace(feed))):
            yield number, MONDAY + (number + 1) * self.pace(feed)

    def figure(self, feed: int, number: int) -> int:
        return 1_000_000 + number * 1000 + feed

    def topic(self, feed: int, number: int) -> int:
        return (feed * 31 + number * 7) % self.size.topics

    def text(self, feed: int, number: int, age: float) -> str:
        """Every tenth article is corrected after a day, in another sentence."""
        corrected = " It rained." if number % 10 == 3 and age > DAY else " It was dry."
        return f"Topic{self.topic(feed, number)} counted {self.figure(feed, number)} visitors.{corrected}"

    def play(self, visit: Visit) -> None:
        feed = int(visit.path.strip("/"))
        listed = list(self.entries(feed, self.room.now))[-LISTED:]
        items = "".join(
            f"<item><title>Visitors</title><link>http://news.test:{self.port}/{feed}/{number}</link>"
            f"<pubDate>{format_datetime(datetime.fromtimestamp(at, UTC))}</pubDate>"
            f"<content:encoded>{self.text(feed, number, self.room.now - at)}</content:encoded></item>"
            for number, at in reversed(listed)
        )
        head = (
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>'
        )
        answer(f"{head}{items}</channel></rss>".encode(), kind="application/rss+xml")(visit)

    port: int = 0


@dataclass
class RoomClock:
    """The newsroom's time."""

    room: Newsroom

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.room.now, UTC)

    def monotonic(self) -> float:
        return self.room.now

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing waits here")


@dataclass
class Month:
    """A bot that follows, alerts, delivers and tidies up, hour by hour."""

    room: Newsroom
    press: Press
    following: Following
    told: Counter[tuple[int, int]] = field(default_factory=Counter)

    def live(self, days: int) -> Iterator[Figures]:
        """Days pass; how large the bot is after each."""
        bot = self.room.alerts()
        for hour in range(24 * days):
            self.room.now += HOUR
            for report in self.following.visit_due():
                assert report.source.error is None
            bot.step()
            self.deliver()
            if hour % 24 == 23:
                self.room.write(lambda connection: prune(connection, KEPT, self.room.now))
                yield self.figures()

    def deliver(self) -> None:
        """Telegram takes everything that waits."""
        for row in self.room.read(outbox.waiting):
            claimed = self.room.write(lambda connection, row=row: outbox.claim(connection, row.id))
            self.room.write(lambda connection, row=row: outbox.sent(connection, row.id, row.id, self.room.now))
            if claimed.method == "sendMessage":
                for figure in _FIGURE.findall(json.dumps(claimed.params, ensure_ascii=False)):
                    self.told[claimed.chat, int(figure)] += 1

    def figures(self) -> Figures:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        sizes = [_bytes(self.room.folder / name) for name in ("chats.db", "library.db")]
        return Figures(memory, *sizes, self.room.library.version)


def _bytes(path: Path) -> int:
    """What a database takes without its log and without what is free in it."""
    import sqlite3

    with sqlite3.connect(path) as database:
        pages, free, size = (
            database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
    return (pages - free) * size


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def month(folder: Path, site: Site, size: Size) -> Month:
    """Everything followed, every watch left."""
    room = Newsroom(folder)
    press = Press(room, size)
    press.port = site.port
    site.plays |= {f"/{feed}": press.play for feed in range(size.feeds)}
    clock = RoomClock(room)
    door = door_to([f"news.test:{site.port}"], limits=Limits(delay=0), clock=clock)

    def add(drafts: Iterator[Draft | ReadFailure]) -> Iterator[Outcome]:
        ingest = Ingest(room.library.engine, lambda: NoEncoder(), clock.now)  # type: ignore[arg-type,return-value]
        for group in ingest.add(drafts):
            yield from group

    following = Following(room.library.engine, door, add, clock=clock)  # type: ignore[arg-type]
    for feed in range(size.feeds):
        following.follow(f"http://news.test:{site.port}/{feed}")
    for chat in range(size.chats):
        every = Every.DAY if chat % 10 == 9 else Every.NEVER
        room.rhythm(chat=chat + 1, per_hour=1000, every=every)
        for topic in size.watched(chat):
            room.watch(f"Topic{topic}", chat=chat + 1)
    room.step()
    return Month(room, press, following)


def told_once(lived: Month) -> None:
    """Each chat that is told at once was told of every figure that it watches for, once, and of nothing else."""
    room, press = lived.room, lived.press
    wanted: Counter[tuple[int, int]] = Counter()
    for feed in range(press.size.feeds):
        for number, _ in press.entries(feed, room.now - 2 * DAY):
            topic = press.topic(feed, number)
            for chat in range(press.size.chats):
                if chat % 10 != 9 and topic in press.size.watched(chat):
                    wanted[chat + 1, press.figure(feed, number)] = 1
    told = Counter({key: count for key, count in lived.told.items() if key[0] % 10})
    assert not {key: count for key, count in told.items() if count != 1}
    assert wanted.keys() <= told.keys()
    assert len(wanted) > press.size.chats


def test_three_days_of_feeds_and_watches_are_told_once_and_swept_away(tmp_path: Path, site: Site) -> None:
    lived = month(tmp_path, site, Size(feeds=10, chats=10, topics=40))
    for _ in lived.live(3):
        site.seen.clear()
    told_once(lived)
    room = lived.room
    assert room.read(alerts.counts).keys() <= {"sent", "digest"}
    room.now += 40 * DAY
    room.alerts().step()
    lived.deliver()
    room.now += 40 * DAY
    room.alerts().step()
    room.write(lambda connection: prune(connection, KEPT, room.now))
    assert room.read(alerts.counts) == {}
    assert room.read(outbox.counts) == {}
    room.close()


@pytest.mark.soak
def test_a_month_and_a_half_of_200_feeds_and_500_watches_grows_nothing(
    tmp_path: Path, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    lived = month(tmp_path, site, Size(feeds=200, chats=50, topics=400))
    days: list[Figures] = []
    for day in lived.live(46):
        site.seen.clear()
        days.append(day)
        if len(days) % 5 == 1:
            each = day.library / max(1, day.articles)
            with capsys.disabled():
                print(
                    f"\nday {len(days):2d}: {day.memory / 1024:6.1f} MiB at most, chats {day.chats / 2**20:5.2f} MiB, "
                    f"library {day.library / 2**20:6.2f} MiB, {day.articles:,} changes, {each:.0f} bytes each",
                    end="",
                )
    told_once(lived)
    settled, last = days[30], days[-1]
    assert last.memory <= 1.1 * settled.memory
    assert last.chats <= 1.1 * settled.chats
    assert last.library / last.articles <= 1.1 * settled.library / settled.articles
    lived.room.close()
