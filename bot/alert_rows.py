"""What an alert, a digest or an edit writes: each a piece of one transaction, so that a crash leaves all of it or none.

Keys are made of the watch and the sentence alone: work that is repeated after a crash comes to the same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from bot.conversation import alerting
from bot.conversation.setup import Setup
from bot.outbox import ALERT, outgoing
from bot.render import telegram as render
from bot.reply import Content, Edit, Message
from bot.store import alerts, outbox, shown, watches
from bot.store.alerts import Progress
from bot.store.chats import WHOLE_CHAT
from bot.store.shown import ShownQuote
from bot.watches.alert import Alert
from bot.watches.facts import WINDOW, Fact, Vector, fact_of, known
from bot.watches.matching import Hit
from bot.watches.noise import HOUR, Held, held
from bot.watches.watch import Rhythm, Watch
from index.article import Quote, SentenceId
from index.store.arrivals import Arrivals

Place = tuple[int, int]
"""Chat and topic, 0 outside of topics."""
AT_ONCE = 256
"""Watches whose facts are in memory at once, some 2.5 kB each; those of others are read again."""
FRESH = 3 * 86400.0
"""Seconds for which a message that was sent is edited when another article repeats it."""


def alert_key(watch: str, sentence: SentenceId) -> str:
    """The outbox key of an alert's message."""
    return f"alert.{watch}.{sentence}"


@dataclass(frozen=True, slots=True)
class Stored:
    """How many messages a batch put into the outbox, and what became of the facts: as `bot.metrics.alerts` has it."""

    messages: int = 0
    facts: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Batch:
    """Storing what one stretch of the library's changes brought. `quotes`: hits as they are shown, by sentence."""

    connection: sa.Connection
    setup: Setup
    now: float
    quotes: Mapping[SentenceId, Quote]
    vectors: Mapping[SentenceId, Vector]
    progress: Progress
    added: int = 0
    facts: Counter[str] = field(default_factory=Counter)
    _told: dict[str, list[tuple[Alert, Fact]]] = field(default_factory=dict)
    _rhythms: dict[int, Rhythm] = field(default_factory=dict)
    _sent: dict[int, int] = field(default_factory=dict)
    _closed: set[Place] = field(default_factory=set)
    _queues: dict[Place, Held] = field(default_factory=dict)

    def store(self, found: Sequence[Hit], came: Arrivals) -> Stored:
        """Stores alerts and messages, and that the library was read up to what `came`. Nothing where another process
        has been here first."""
        if alerts.read_progress(self.connection) != self.progress:
            return Stored()
        place = self.progress.place
        if found:
            self._prepare({hit.watch.chat for hit in found})
        for hit in found:
            standing = watches.get(self.connection, hit.watch.ref)
            if standing is not None and not standing.paused:
                place += self._take(standing, hit, place + 1)
        reached = replace(self.progress, seq=came.until, place=place, seen_at=self.now)
        alerts.write_progress(self.connection, reached)
        alerts.write_missed(self.connection, came.missed, self.now)
        return Stored(self.added, self.facts)

    def _prepare(self, chats: set[int]) -> None:
        self._rhythms = watches.rhythms_of(self.connection, chats)
        self._closed = alerts.unreachable_places(self.connection)
        for waiting in alerts.waiting(self.connection):
            if waiting.held is not None and waiting.held is not Held.DIGEST:
                self._queues.setdefault((waiting.chat, waiting.topic), waiting.held)

    def _take(self, watch: Watch, hit: Hit, place: int) -> bool:
        """Whether the hit is a fact that the watch had not heard of."""
        told = self._told_by(watch)
        quote = self.quotes.get(hit.quote.sentence.id, hit.quote)
        fact = fact_of(quote, self.vectors.get(quote.sentence.id))
        old = known(watch.question, fact, (each for _, each in told))
        if old is not None:
            at = next(at for at, (_, each) in enumerate(told) if each is old)
            told[at] = (self._repeated(told[at][0], fact), old)
            self.facts["repeated"] += 1
            return False
        alert = Alert(
            watch.ref, quote.sentence.id, watch.chat, watch.topic, quote.article.id, quote.confidence, self.now, place
        )
        notice = self._corrected(watch, quote)
        if notice is not None:
            alert = replace(alert, key=notice, sent_at=self.now, round=1)
        else:
            alert = self._held_or_sent(watch, alert, quote)
        alerts.add(self.connection, alert, fact)
        self.facts["corrected" if notice else alert.held or "sent"] += 1
        told.append((alert, fact))
        return True

    def _told_by(self, watch: Watch) -> list[tuple[Alert, Fact]]:
        """What a watch has told, as it is stored: so the facts of any watch can be let go."""
        if watch.ref not in self._told:
            if len(self._told) == AT_ONCE:
                del self._told[next(iter(self._told))]
            self._told[watch.ref] = alerts.told(self.connection, watch.ref, self.now - WINDOW)
        return self._told[watch.ref]

    def _repeated(self, alert: Alert, fact: Fact) -> Alert:
        if fact.article == alert.article or fact.sentence in alert.also:
            return alert
        if alert.held is None and not alert.found_at <= self.now < alert.found_at + FRESH:
            return alert
        return alerts.repeat(self.connection, alert, fact.sentence)

    def _corrected(self, watch: Watch, quote: Quote) -> str | None:
        """The key of the correction by which the watch's place was told of this sentence already."""
        for key in shown.in_notices(self.connection, watch.chat, quote.sentence.id):
            place = outbox.place_of(self.connection, watch.chat, key)
            if place is not None and place.topic == watch.topic and place.state not in ("refused", "expired"):
                return key
        return None

    def _held_or_sent(self, watch: Watch, alert: Alert, quote: Quote) -> Alert:
        where = (watch.chat, watch.topic)
        reason = self._reason(watch, where)
        if reason is not None:
            if reason is not Held.DIGEST:
                self._queues.setdefault(where, reason)
            return replace(alert, held=reason, held_at=self.now)
        self._sent[watch.chat] += 1
        key = alert_key(watch.ref, alert.sentence)
        contents = alerting.alert(self.setup, watch, quote)
        keys = [*(f"{key}.{number}" for number in range(len(contents) - 1)), key]
        for each, content in zip(keys, contents, strict=True):
            send(self.connection, each, watch.chat, watch.topic, content, self.now)
            self.added += 1
        return replace(alert, key=key, sent_at=self.now, edited_at=self.now)

    def _reason(self, watch: Watch, where: Place) -> Held | None:
        if watch.chat not in self._sent:
            self._sent[watch.chat] = alerts.sent_in(self.connection, watch.chat, self.now - HOUR, self.now)
        reachable = not self._closed & {(watch.chat, WHOLE_CHAT), where}
        rhythm, sent = self._rhythms[watch.chat], self._sent[watch.chat]
        reason = held(watch, rhythm, self.now, sent, self.progress.away, reachable)
        # What comes later must not overtake what already waits.
        return self._queues.get(where) if reason is None else reason


def send(connection: sa.Connection, key: str, chat: int, topic: int, content: Content, now: float) -> None:
    """Puts a message into the outbox, and what it quotes into the record."""
    message = Message(key, chat, content, topic or None)
    outbox.add(connection, [outgoing(call, now, ALERT) for call in render.calls(message)])
    shown.add(connection, [ShownQuote(chat, key, one.sentence, one.snapshot, now) for one in content.shows])


def store_digest(
    connection: sa.Connection, chosen: Sequence[Alert], content: Content | None, key: str, now: float
) -> int:
    """Sends alerts together; returns how many messages. Nothing where one of them has changed since it was read.
    Without content (every quote was withdrawn meanwhile) they are only put aside."""
    if any(alerts.get(connection, alert.watch, alert.sentence) != alert for alert in chosen):
        return 0
    if content is not None:
        send(connection, key, chosen[0].chat, chosen[0].topic, content, now)
    alerts.release(connection, chosen, key, now)
    return int(content is not None)


def store_edit(connection: sa.Connection, alert: Alert, content: Content | None, now: float) -> int:
    """Edits an alert's message; returns how many edits. Without content (its quote was withdrawn) it stays as it is."""
    if alert.key is None or alerts.get(connection, alert.watch, alert.sentence) != alert:
        return 0
    if content is not None:
        edit = Edit(f"{alert.key}.e{alert.edits + 1}", alert.chat, alert.key, content)
        outbox.add(connection, [outgoing(call, now, ALERT) for call in render.calls(edit)])
    alerts.change(connection, alert.watch, alert.sentence, stale=False, edits=alert.edits + 1, edited_at=now)
    return int(content is not None)
