"""What changed in the library against what was quoted in chats, and what follows from it.

    changes -> quotes that were shown -> notices, marks and how far it was read (one commit) -> paced send

A crash before that commit means that the same changes are read again, to the same keys.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

import sqlalchemy as sa
import structlog

from bot.conversation import correcting
from bot.conversation.context import Context
from bot.conversation.library import QuoteLibrary
from bot.conversation.setup import Setup
from bot.conversation.state import ChatState, Given
from bot.corrections.changed import Correction, corrections
from bot.incoming import Chat, ChatKind, Press, User
from bot.outbox import ALERT, outgoing
from bot.render import telegram as render
from bot.reply import Content, Edit, Message, Reply
from bot.store import alerts, chats, outbox, shown, watches
from bot.store import corrections as progress
from bot.store.outbox import Outgoing, Place
from bot.store.shown import NOTICE, ShownQuote
from bot.store.writer import Writer
from bot.watches.alert import Alert
from bot.watches.watch import Watch
from bot.words import Words, words
from index.article import SentenceId
from index.errors import PullquoteError
from index.store.changes import Change
from index.store.engine import reading

log = structlog.get_logger()

LOOK_SECONDS = 2.0
SECOND_LOOK = 60.0
"""Seconds after which a change is looked at again, for good: an answer that was on its way when the article changed has
been stored by then. What was told at the first look has its keys in the outbox, and is told once."""
TOGETHER = 1000
"""Changes that the library lists at once."""


class ChangedLibrary(QuoteLibrary, Protocol):
    """What corrections need of the library."""

    @property
    def version(self) -> int: ...

    def changes(self, after: int) -> list[Change]: ...


@dataclass(frozen=True, slots=True)
class _Told:
    """What is to be stored for one change."""

    rows: list[Outgoing] = field(default_factory=list)
    shows: list[ShownQuote] = field(default_factory=list)


@dataclass
class Corrections:
    """Tells chats of corrections for `days` after they were quoted. `wake` is called after a commit that put messages
    into the outbox."""

    engine: sa.Engine
    writer: Writer
    library: ChangedLibrary
    setup: Setup
    days: float
    wake: Callable[[], None]
    clock: Callable[[], float] = time.time
    _seen: int = field(default=-1, init=False)
    _looked: int = field(default=-1, init=False)
    _due: float = field(default=float("inf"), init=False)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                if await asyncio.to_thread(self.step):
                    self.wake()
            except PullquoteError as error:
                log.warning("corrections could not be told; trying again", error=str(error))
            await asyncio.sleep(LOOK_SECONDS)

    def step(self) -> int:
        """Blocking: everything that is to be told now. Returns how many messages and edits were handed in."""
        now, version = self.clock(), self.library.version
        with reading(self.engine) as connection:
            done = progress.read(connection)
        if done is None:
            self.writer.submit(partial(progress.write, seq=version)).result()
            return 0
        if version == self._seen and now < self._due:
            return 0
        found = self.library.changes(done)
        stored = sum(self._read(change, now) for change in found)
        late = [_at(change) + SECOND_LOOK for change in found if now < _at(change) + SECOND_LOOK]
        self._seen, self._due = version, min(late, default=now if len(found) == TOGETHER else float("inf"))
        return stored

    def _read(self, change: Change, now: float) -> int:
        """One change, at its first look and at its last."""
        last = now >= _at(change) + SECOND_LOOK
        if change.seq <= self._looked and not last:
            return 0
        told = self._told(change, now) if change.retired else _Told()
        stored = self.writer.submit(partial(_store, told, change.seq, last)).result()
        self._looked = max(self._looked, change.seq)
        if stored:
            log.info("a correction is told", request=f"correction.{change.seq}", rows=stored)
        return stored

    def _told(self, change: Change, now: float) -> _Told:
        evidence = self.library.evidence(change.retired[0], beside=False)
        new = self.library.evidence(change.added[0], beside=False).version if change.added else None
        hashes = {version.snapshot.hash for version in evidence.versions[: evidence.place + 1]}
        told = _Told()
        with reading(self.engine) as connection:
            quoted = shown.of_snapshots(connection, sorted(hashes), now - self.days * 86400)
            if not quoted:
                return told
            found = {
                one.quoted.id: one
                for one in corrections(evidence, new, [SentenceId(quote.sentence) for quote in quoted])
            }
            by_chat: defaultdict[int, list[ShownQuote]] = defaultdict(list)
            for quote in quoted:
                if quote.sentence in found:
                    by_chat[quote.chat].append(quote)
            for chat, quotes in by_chat.items():
                told_there = _Chat(connection, self.library, self.setup, chat, change, found, now)
                told_there.tell(quotes, told)
        return told


def _at(change: Change) -> float:
    at = change.at if change.at.tzinfo else change.at.replace(tzinfo=UTC)
    return at.timestamp()


def _store(told: _Told, seq: int, last: bool, connection: sa.Connection) -> int:
    """Returns how many rows are new: what an earlier look has stored is there."""
    before = outbox.count_keys(connection, f"{NOTICE}{seq}.")
    outbox.add(connection, told.rows)
    shown.add(connection, told.shows)
    if last:
        progress.write(connection, seq)
    return outbox.count_keys(connection, f"{NOTICE}{seq}.") - before


@dataclass
class _Chat:
    """One chat, and one change of an article that was quoted in it."""

    connection: sa.Connection
    library: QuoteLibrary
    setup: Setup
    chat: int
    change: Change
    found: dict[SentenceId, Correction]
    now: float

    def __post_init__(self) -> None:
        stored = chats.state(self.connection, self.chat)
        self.state = ChatState() if stored is None else ChatState.from_json(stored)

    def tell(self, quotes: Sequence[ShownQuote], told: _Told) -> None:
        """One notice for each sentence, under the last message that showed it; a mark on every message that did."""
        if not self.state.corrections:
            return
        places = {quote.key: self._place(quote.key) for quote in quotes}
        standing = [(places[quote.key], quote) for quote in quotes]
        shown_in: defaultdict[Place, list[Correction]] = defaultdict(list)
        latest: dict[int, tuple[Place, Correction]] = {}
        for place, quote in standing:
            if place is not None:
                one = self.found[SentenceId(quote.sentence)]
                shown_in[place].append(one)
                latest[one.standing.ordinal] = (place, one)
        by_message: defaultdict[Place, list[Correction]] = defaultdict(list)
        for _, (place, one) in sorted(latest.items()):
            by_message[place].append(one)
        for place, its in by_message.items():
            told.rows.extend(self._notice(place, its, told.shows))
        for place, its in shown_in.items():
            mark = self._mark(place, its)
            told.rows.extend(self._rows(mark))
            if isinstance(mark, Edit):
                told.shows.extend(self._shown(place.key, mark.content))

    def _place(self, key: str) -> Place | None:
        """Where the message stands; None for one that never arrived, or that is not known any more."""
        place = outbox.place_of(self.connection, self.chat, key)
        return None if place is None or place.state in ("refused", "expired") else place

    def _notice(self, place: Place, its: Sequence[Correction], shows: list[ShownQuote]) -> Iterator[Outgoing]:
        given = self.state.given_under(place.key)
        context = self._context(place)
        content = correcting.notice(context, self._words(given), its)
        key = f"{NOTICE}{self.change.seq}.{self.chat}.{place.key}"
        shows += self._shown(key, content)
        # Its message may wait itself: by its key it is answered once it was sent.
        yield from self._rows(Message(key, self.chat, content, place.topic or None, place.message_id or place.key))

    def _mark(self, place: Place, its: Sequence[Correction]) -> Reply:
        key = f"{NOTICE}{self.change.seq}.{self.chat}.{place.key}.mark"
        target = place.message_id if place.message_id is not None else place.key
        context, told = self._context(place), self._alerted(place.key)
        if told:
            return correcting.alert_mark(context, key, target, place.key, told, its[-1])
        given = self.state.given_under(place.key)
        return correcting.mark(context, self._words(given), key, target, given, its)

    def _alerted(self, key: str) -> list[tuple[Watch, Alert]]:
        """What an alert or a digest told of standing questions that are still there, in its order."""
        if key.startswith(NOTICE):
            return []
        told = [(watches.get(self.connection, alert.watch), alert) for alert in alerts.in_message(self.connection, key)]
        return [(watch, alert) for watch, alert in told if watch is not None]

    def _shown(self, key: str, content: Content) -> Iterator[ShownQuote]:
        yield from (ShownQuote(self.chat, key, one.sentence, one.snapshot, self.now) for one in content.shows)

    def _words(self, given: Given | None) -> Words:
        """The chat's language: its setting, else that of the answer, else of the newest answer there."""
        newest = self.state.answers[-1].lang if self.state.answers else None
        return words(self.state.lang or (given.lang if given else newest) or "en")

    def _context(self, place: Place) -> Context:
        chat = Chat(self.chat, ChatKind.PRIVATE if self.chat > 0 else ChatKind.SUPERGROUP, topic=place.topic or None)
        event = Press(f"correction.{self.change.seq}", "", User(0, ""), "", chat, place.message_id, place.key)
        at = datetime.fromtimestamp(self.now, UTC)
        return Context(self.library, self.setup, self.state, event, chat, at)

    def _rows(self, reply: Reply) -> Iterator[Outgoing]:
        yield from (outgoing(call, self.now, ALERT) for call in render.calls(reply))
