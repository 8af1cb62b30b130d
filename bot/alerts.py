"""The third trip: what came into the library against the standing questions, and what follows from it.

    new sentences -> match watches -> alerts, outbox rows and the mark of how far it was read (one commit) -> paced send

A crash before that commit means that the same sentences are matched again, to the same keys. Beside that: digests
when they are due, and edits of alerts that other articles have repeated.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol, TypeVar

import sqlalchemy as sa
import structlog

from bot import metrics
from bot.alert_rows import Batch, store_digest, store_edit
from bot.conversation import alerting, retelling
from bot.conversation.library import QuoteLibrary, WatchedLibrary
from bot.conversation.setup import Setup
from bot.reply import Content
from bot.store import alerts, watches
from bot.store.alerts import Progress
from bot.store.chats import WHOLE_CHAT
from bot.store.writer import Writer
from bot.watches.alert import Alert
from bot.watches.matching import Hit, hits, in_order, questions
from bot.watches.noise import Away, Held, due, returned
from bot.watches.watch import Rhythm, Watch
from bot.words import words
from index.article import Quote, SentenceId
from index.errors import LibraryError, NotFound, PullquoteError
from index.store.arrivals import Arrivals
from index.store.engine import reading

log = structlog.get_logger()
T = TypeVar("T")

LOOK_SECONDS = 1.0
"""How often the library's version is asked for."""
TEND_SECONDS = 15.0
"""How often digests and edits are looked for, and that the bot is here is noted."""
EDIT_SECONDS = 180.0
"""An alert is edited no more often: Telegram counts edits as messages, and readers notice them."""
PRUNE_SECONDS = 3600.0
TOGETHER = 128
"""Sentences that are matched at once, at least: whole articles."""


class AlertLibrary(WatchedLibrary, QuoteLibrary, Protocol):
    """What alerts need of the library: to match, and to draw quotes."""


@dataclass
class Alerts:
    """Watches the library for all chats. `wake` is called after a commit that put messages into the outbox. `correct`
    tells corrections, and how many: what a chat hears as one is no alert there, so they are told first."""

    engine: sa.Engine
    writer: Writer
    library: AlertLibrary
    setup: Setup
    wake: Callable[[], None]
    clock: Callable[[], float] = time.time
    pause: float = TEND_SECONDS
    correct: Callable[[], int] = lambda: 0
    _tended_at: float = field(default=float("-inf"), init=False)
    _pruned_at: float = field(default=float("-inf"), init=False)
    _stopping: threading.Event = field(default_factory=threading.Event, init=False)

    async def run(self) -> None:
        """Until it is cancelled. What its thread is at then ends before the next commit."""
        try:
            while True:
                await self._look()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._stopping.set()

    async def _look(self) -> None:
        """One step. Whatever fails in it must not take down the bot that answers beside it: it is logged and tried
        again, from the same mark."""
        work = asyncio.ensure_future(asyncio.to_thread(self.step))
        await asyncio.wait([work])
        error = work.exception()
        if error is None:
            if work.result():
                self.wake()
            return
        if isinstance(error, PullquoteError):
            log.warning("watches could not be looked after; trying again", error=str(error))
        else:
            log.error("watches could not be looked after", exc_info=error)
        await asyncio.sleep(self.pause)

    def step(self) -> int:
        """Blocking: everything that is to be done now. Returns how many messages and edits were stored."""
        now = self.clock()
        progress = self._progress(now)
        stored = self.correct() if progress.seq < self.library.version else 0
        while progress.seq < self.library.version:
            stored += self._read_on(progress, now)
            progress = self._progress(now)
        # A clock that was set back is no reason to wait for it.
        if not self._tended_at <= now < self._tended_at + TEND_SECONDS:
            self._tended_at = now
            stored += self._tend(progress, now)
        return stored

    def _progress(self, now: float) -> Progress:
        """How far it is; an absence that has just ended is noted."""
        with reading(self.engine) as connection:
            progress = alerts.read_progress(connection)
        if progress is None:
            return self._write(partial(self._begin, now))
        away = returned(progress.seen_at, now, progress.away)
        if away == progress.away and 0 <= now - progress.seen_at < TEND_SECONDS:
            return progress
        here = replace(progress, seen_at=now, away=away)
        self._write(lambda connection: alerts.write_progress(connection, here))
        return here

    def _begin(self, now: float, connection: sa.Connection) -> Progress:
        """The first time: from the oldest watch on, or from now on."""
        oldest = min((watch.since for watch in watches.every(connection)), default=self.library.version)
        progress = Progress(oldest, 0, now, Away())
        alerts.write_progress(connection, progress)
        return progress

    def _read_on(self, progress: Progress, now: float) -> int:
        """One stretch of the library's changes."""
        with reading(self.engine) as connection:
            missed = alerts.missed(connection)
            running = watches.running(connection)
        came = self.library.arrivals(progress.seq, TOGETHER, missed)
        with metrics.match_seconds.time():
            found = self._found(running, came)
        quotes = self._drawn(found)
        vectors = self.library.vectors_of(sorted(quotes))
        stored = self._write(
            lambda connection: Batch(connection, self.setup, now, quotes, vectors, progress).store(found, came)
        )
        for outcome, count in stored.facts.items():
            metrics.alerts.labels(outcome).inc(count)
        return stored.messages

    def _found(self, running: Sequence[Watch], came: Arrivals) -> list[Hit]:
        """What the watches hear of: one call of `match` for the questions of each strictness."""
        ids = [arrival.sentence for arrival in came.sentences]
        found: list[Hit] = []
        for share, asked in questions(running).items():
            # Sentences that were live when they were listed count, whatever was edited in the moment since.
            matches = self.library.match(asked, ids, share, live=False)
            found += hits(running, asked, share, matches, came.sentences)
        return in_order(found)

    def _drawn(self, found: Iterable[Hit]) -> dict[SentenceId, Quote]:
        """The quotes with what stands beside them: of several questions, what most of it names."""
        drawn: dict[SentenceId, Quote] = {}
        for hit in found:
            quote = self._beside(hit)
            known = drawn.get(quote.sentence.id, quote)
            drawn[quote.sentence.id] = max(known, quote, key=lambda each: len(each.context))
        return drawn

    def _beside(self, hit: Hit) -> Quote:
        quote = hit.quote
        try:
            return alerting.quote_of(self.library, hit.watch.question, quote.sentence.id, quote.confidence)
        except NotFound:
            return quote

    # --- digests and edits ----------------------------------------------------------------------------------

    def _tend(self, progress: Progress, now: float) -> int:
        self._write(lambda connection: alerts.restamp(connection, now))
        if not self._pruned_at <= now < self._pruned_at + PRUNE_SECONDS:
            self._pruned_at = now
            self._write(lambda connection: alerts.prune(connection, now))
        return self._send_digests(progress.away, now) + self._edit_repeated(now)

    def _send_digests(self, away: Away, now: float) -> int:
        with reading(self.engine) as connection:
            waiting = alerts.waiting(connection)
            closed = alerts.unreachable_places(connection)
            running = {watch.ref: watch for watch in watches.running(connection)} if waiting else {}
            rhythms = watches.rhythms_of(connection, {alert.chat for alert in waiting})
        places: dict[tuple[int, int], list[Alert]] = {}
        for alert in waiting:
            where = (alert.chat, alert.topic)
            if alert.watch in running and not closed & {(alert.chat, WHOLE_CHAT), where}:
                places.setdefault(where, []).append(alert)
        sent = sum(
            self._digest(chosen, running, rhythms[chat], away, now)
            for (chat, _), there in places.items()
            if (chosen := _due(there, rhythms[chat], away, now))
        )
        metrics.digests.inc(sent)
        return sent

    def _digest(
        self, chosen: Sequence[Alert], running: dict[str, Watch], rhythm: Rhythm, away: Away, now: float
    ) -> int:
        lang = running[chosen[0].watch].lang
        told = [(running[alert.watch], alert) for alert in chosen]
        found, gone = retelling.digested(self.library, told, words(lang))
        reasons = [alert.held for alert in chosen if alert.held is not None]
        notes = [*alerting.notes(reasons, away, rhythm, words(lang)), *retelling.dropped(gone, words(lang))]
        content = alerting.digest(self.setup, chosen[0], found, notes=notes, lang=lang) if found else None
        key = alerting.digest_key(chosen[0])
        return self._write(lambda connection: store_digest(connection, chosen, content, key, now))

    def _edit_repeated(self, now: float) -> int:
        with reading(self.engine) as connection:
            stale = alerts.stale(connection, now - EDIT_SECONDS, now)
            closed = alerts.unreachable_places(connection)
        edited = sum(
            self._edit(alert, now)
            for alert in stale
            if not closed & {(alert.chat, WHOLE_CHAT), (alert.chat, alert.topic)}
        )
        metrics.alert_edits.inc(edited)
        return edited

    def _edit(self, alert: Alert, now: float) -> int:
        with reading(self.engine) as connection:
            watch = watches.get(connection, alert.watch)
        content = None if watch is None else self._with_repetitions(watch, alert)
        return self._write(lambda connection: store_edit(connection, alert, content, now))

    def _with_repetitions(self, watch: Watch, alert: Alert) -> Content | None:
        """The alert as it should stand now; None where it was withdrawn, or fills several messages."""
        try:
            found = retelling.retold(self.library, watch, alert, words(watch.lang))
        except NotFound:
            return None
        contents = alerting.alert(self.setup, watch, found.quote, note=found.note, about=alert.sentence)
        return contents[0] if len(contents) == 1 else None

    def _write(self, work: Callable[[sa.Connection], T]) -> T:
        if self._stopping.is_set():
            raise LibraryError("The bot is stopping: what is not stored yet is looked for again at the next start.")
        return self.writer.submit(work).result()


def _due(there: Sequence[Alert], rhythm: Rhythm, away: Away, now: float) -> list[Alert]:
    """What goes into a place's digest now. What waits in line goes together with the first of it."""

    def ready(alert: Alert) -> bool:
        return alert.held is not None and due(alert.held, alert.held_at or 0.0, rhythm, away, now)

    line_moves = any(ready(alert) for alert in there if alert.held is not Held.DIGEST)
    return [alert for alert in there if (ready(alert) if alert.held is Held.DIGEST else line_moves)]
