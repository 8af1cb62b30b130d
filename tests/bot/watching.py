"""A newsroom for tests of alerts: real tables, the real library's store, and a reader that knows what answers what.

Matching is scripted (a sentence that has the question's first word in it answers it): the models have tests of their
own. Everything else is the real thing: arrivals, changes, snapshots, the outbox.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.alerts import Alerts
from bot.conversation import ALERTS, Setup
from bot.store import alerts, chats, outbox, watches
from bot.store.base import open_store
from bot.store.writer import Writer
from bot.watches.alert import Alert
from bot.watches.facts import Vector
from bot.watches.watch import Rhythm, Watch
from index.article import Article, ArticleId, Draft, Quote, Sentence, SentenceId
from index.errors import LibraryError, NotFound
from index.evidence import Evidence
from index.ingest import Ingest
from index.library import MIGRATIONS
from index.match import Match
from index.store import arrivals, changes, sentences
from index.store import articles as article_rows
from index.store.arrivals import Arrivals, Missed
from index.store.changes import Change
from index.store.engine import connect, reading, writing
from index.store.evidence import evidence
from index.store.migrate import upgrade

MONDAY = datetime(2024, 11, 4, 12, 0, tzinfo=UTC).timestamp()
HOUR, DAY = 3600.0, 86400.0
TROOPS = "North Korea sent 10,000 soldiers to Kursk."
LIGHTS = "The lights went out in Kursk on Monday."
FACTS = [f"In Kursk {number},000 people came to fair number {number}." for number in range(2, 60)]
"""Each another fact: figures differ."""


class NoEncoder:
    """Ingest without a model: every vector is the same."""

    fingerprint, dim = "none", 2

    def passages(self, texts: Sequence[str], *args: object) -> Any:
        import numpy as np

        return np.tile(np.array([1, 0], np.float32), (len(texts), 1))


@dataclass
class Newsroom:
    """One bot's data folder at a time that tests set. `step` is one look of the alerts' loop."""

    folder: Path
    now: float = MONDAY
    database: str | None = None
    engine: sa.Engine = field(init=False)
    writer: Writer = field(init=False)
    library: StoreLibrary = field(init=False)

    def __post_init__(self) -> None:
        self.engine = open_store(self.folder, self.database)
        self.writer = Writer(self.engine)
        self.library = StoreLibrary(self.folder, self)
        self.setup = Setup("pullquote_bot", 1, b"secret", features=frozenset({ALERTS}))

    def close(self) -> None:
        self.writer.close()
        self.engine.dispose()
        self.library.engine.dispose()

    def alerts(self) -> Alerts:
        """A freshly started bot."""
        return Alerts(self.engine, self.writer, self.library, self.setup, lambda: None, lambda: self.now)

    def step(self) -> int:
        return self.alerts().step()

    @contextmanager
    def killed_at(self, statement: int) -> Iterator[None]:
        """What runs within dies at its n-th statement on the bot's database, with LibraryError."""
        seen = 0

        def die(*args: Any) -> None:
            nonlocal seen
            seen += 1
            if seen == statement:
                raise LibraryError("killed")

        sa.event.listen(self.engine, "before_cursor_execute", die)
        try:
            yield
        finally:
            sa.event.remove(self.engine, "before_cursor_execute", die)

    def wait(self, seconds: float) -> None:
        """Time passes, and the bot is there all the while."""
        bot = self.alerts()
        until = self.now + seconds
        while self.now < until:
            self.now = min(until, self.now + HOUR)
            bot.step()

    def publish(self, id: str, *said: str, day: str | None = None, title: str = "News", **more: Any) -> None:
        """Adds an article of these sentences, or changes it."""
        published = date.fromisoformat(day) if day else None
        text = " ".join(said)
        self.library.add(Draft(title, text, id=ArticleId(id), published=published, **more))

    def watch(self, question: str = "Kursk", chat: int = 7, topic: int = 0, **more: Any) -> Watch:
        ref = f"w{self.read(watches.count)}"
        made = Watch(ref, chat, topic, question, "en", chat, self.library.version, self.now, **more)
        self.write(lambda connection: watches.add(connection, made))
        return made

    def rhythm(self, chat: int = 7, **chosen: Any) -> None:
        self.write(lambda connection: watches.set_rhythm(connection, chat, Rhythm(**chosen)))

    def close_chat(self, chat: int = 7, topic: int = 0) -> None:
        self.write(lambda connection: chats.cannot_reach(connection, chat, topic, "Forbidden", self.now))

    def open_chat(self, chat: int = 7, topic: int = 0) -> None:
        self.write(lambda connection: chats.can_reach(connection, chat, topic))

    def write(self, work: Any) -> Any:
        return self.writer.submit(work).result()

    def read(self, query: Any) -> Any:
        with reading(self.engine) as connection:
            return query(connection)

    def calls(self, chat: int | None = None) -> list[dict[str, Any]]:
        """Everything in the outbox, in its order, with its method, key and topic."""
        query = sa.select(outbox.outbox).order_by(outbox.outbox.c.id)
        rows = self.read(lambda connection: connection.execute(query).all())
        return [
            {**json.loads(row.params), "method": row.method, "key": row.key, "priority": row.priority, "id": row.id}
            for row in rows
            if chat in (None, row.chat)
        ]

    def sent(self, chat: int | None = None) -> list[str]:
        return [call["text"] for call in self.calls(chat) if call["method"] == "sendMessage"]

    def alert(self, text: str) -> Alert:
        """The alert about the sentence with that text."""
        query = sa.select(alerts.alerts).where(alerts.alerts.c.text == text)
        row = self.read(lambda connection: connection.execute(query).one())
        return self.read(lambda connection: alerts.get(connection, row.watch, row.sentence))


class StoreLibrary:
    """The library's store without its models."""

    def __init__(self, folder: Path, room: Newsroom) -> None:
        self.engine = connect(room.database or folder / "library.db")
        upgrade(self.engine, MIGRATIONS)
        self.room = room
        self.matched: list[tuple[Sequence[str], Sequence[SentenceId]]] = []

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.room.now, UTC)

    @property
    def version(self) -> int:
        with reading(self.engine) as connection:
            return changes.seq(connection)

    def add(self, draft: Draft) -> None:
        for group in Ingest(self.engine, lambda: NoEncoder(), self._now).add([draft]):  # type: ignore[arg-type,return-value]
            assert all(outcome.state in ("added", "changed", "unchanged") for outcome in group), group

    def remove(self, id: str) -> None:
        with writing(self.engine) as connection:
            standing = article_rows.standing(connection, ArticleId(id))
            article_rows.withdraw(connection, ArticleId(id), self._now())
            changes.write(connection, ArticleId(id), None, standing.snapshot, self._now())  # type: ignore[union-attr]

    def changes(self, after: int) -> list[Change]:
        with reading(self.engine) as connection:
            return changes.after(connection, after)

    def version_at(self, moment: datetime) -> int:
        with reading(self.engine) as connection:
            return arrivals.before(connection, moment)

    def arrivals(self, after: int, most: int = 512, missed: frozenset[Missed] = arrivals.NONE_MISSED) -> Arrivals:
        with reading(self.engine) as connection:
            return arrivals.after(connection, after, most, missed)

    def match(
        self,
        questions: Sequence[str],
        ids: Sequence[SentenceId],
        false_answers: float | None = None,
        *,
        most: int | None = None,
        live: bool = True,
    ) -> list[Match]:
        """A sentence answers when the question's first word is in it; "perhaps" makes it unsure."""
        self.matched.append((questions, ids))
        threshold = {0.01: 0.9, 0.05: 0.7, 0.10: 0.4}[false_answers or 0.05]
        with reading(self.engine) as connection:
            passages = sentences.passages(connection, ids, live)
        return [
            Match(place, Quote(*passages[id][:2], 0.5 if "perhaps" in passages[id].sentence.text else 0.95), threshold)
            for place, question in enumerate(questions)
            for id in ids
            if id in passages and question.split()[0].rstrip(":") in passages[id].sentence.text
        ]

    def vectors_of(self, ids: Iterable[SentenceId]) -> dict[SentenceId, Vector]:
        return {}

    def sentence(self, id: SentenceId) -> Sentence:
        with reading(self.engine) as connection:
            found = sentences.passages(connection, [id])
        if id not in found:
            raise NotFound("gone")
        return found[id].sentence

    def is_live(self, id: SentenceId) -> bool:
        with reading(self.engine) as connection:
            return id in sentences.passages(connection, [id])

    def article(self, id: ArticleId) -> Article:
        with reading(self.engine) as connection:
            standing = article_rows.standing(connection, id)
        if standing is None or standing.snapshot is None:
            raise NotFound("gone")
        return standing.article

    def evidence(self, id: SentenceId, beside: bool = True) -> Evidence:
        with reading(self.engine) as connection:
            found = evidence(connection, id, beside)
        if found is None:
            raise NotFound("never was")
        return found

    def beside(self, id: SentenceId, question: str) -> tuple[Sentence, ...]:
        return ()

    def around(self, id: SentenceId, count: int = 1) -> tuple[list[Sentence], list[Sentence]]:
        here = self.sentence(id)
        with reading(self.engine) as connection:
            near = sentences.around(connection, here.snapshot, id, count)
        before = [each for each in near if each.ordinal < here.ordinal]
        return before, [each for each in near if each.ordinal > here.ordinal]
