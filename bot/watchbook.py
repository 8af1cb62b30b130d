"""What conversations look up about standing questions: the tables of the bot, and the library's last week."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.conversation.library import WatchedLibrary
from bot.store import alerts, watches
from bot.watches.alert import Alert
from bot.watches.facts import Fact, fact_of, known
from bot.watches.matching import Hit, hits, in_order
from bot.watches.watch import Rhythm, Watch
from index.article import Quote, SentenceId
from index.store.arrivals import NONE_MISSED, Arrival
from index.store.engine import reading

WEEK = timedelta(days=7)
RECENT = 20_000
"""The newest sentences that a rehearsal looks at."""
READ_IN_FULL = 150
"""Of those, the nearest that it reads in full: past the hundred that make a watch too noisy."""


@dataclass(frozen=True, slots=True)
class StoredWatchbook:
    """See `bot.conversation.watchbook.Watchbook`."""

    engine: sa.Engine
    library: WatchedLibrary

    @property
    def version(self) -> int:
        return self.library.version

    def of_chat(self, chat: int) -> list[Watch]:
        with reading(self.engine) as connection:
            return watches.of_chat(connection, chat)

    def get(self, ref: str) -> Watch | None:
        with reading(self.engine) as connection:
            return watches.get(connection, ref)

    def count(self, chat: int | None = None) -> int:
        with reading(self.engine) as connection:
            return watches.count(connection, chat)

    def rhythm(self, chat: int) -> Rhythm:
        with reading(self.engine) as connection:
            return watches.rhythm(connection, chat)

    def rehearse(self, watch: Watch, now: datetime) -> list[Quote]:
        return rehearse(self.library, watch, now)

    def alert(self, ref: str, sentence: SentenceId) -> Alert | None:
        with reading(self.engine) as connection:
            return alerts.get(connection, ref, sentence)

    def digest(self, key: str) -> list[tuple[Watch, Alert]]:
        with reading(self.engine) as connection:
            told = [(watches.get(connection, alert.watch), alert) for alert in alerts.in_message(connection, key)]
        return [(watch, alert) for watch, alert in told if watch is not None]


def rehearse(library: WatchedLibrary, watch: Watch, now: datetime) -> list[Quote]:
    """What a watch would have sent in the last week, each fact once, in the order of publication: of the newest RECENT
    sentences the READ_IN_FULL nearest are read."""
    recent = _recent(library, now)
    ids = [arrival.sentence for arrival in recent]
    matches = library.match([watch.question], ids, watch.false_answers, most=READ_IN_FULL)
    always = replace(watch, since=-1)
    found = in_order(hits([always], [watch.question], watch.false_answers, matches, recent))
    return [hit.quote for hit in _distinct(library, found)]


def _recent(library: WatchedLibrary, now: datetime) -> list[Arrival]:
    newest: deque[Arrival] = deque(maxlen=RECENT)
    seq, missed = library.version_at(now - WEEK), NONE_MISSED
    while (came := library.arrivals(seq, missed=missed)).until > seq:
        newest += came.sentences
        seq, missed = came.until, came.missed
    return list(newest)


def _distinct(library: WatchedLibrary, found: Sequence[Hit]) -> list[Hit]:
    vectors = library.vectors_of([hit.quote.sentence.id for hit in found])
    told: list[Fact] = []
    kept: list[Hit] = []
    for hit in found:
        fact = fact_of(hit.quote, vectors.get(hit.quote.sentence.id))
        if known(hit.watch.question, fact, told) is None:
            told.append(fact)
            kept.append(hit)
    return kept
