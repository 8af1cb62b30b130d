"""What stands in the store when /metrics is asked: lengths of queues, the oldest that waits, sources, the library."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot import metrics
from bot.store import outbox, updates
from index.errors import LibraryError
from index.library import Library
from index.store.engine import reading


class Stock(Collector):
    """Read at every scrape, in the scrape's own thread. A store that can't be read gives `store_up` 0 alone."""

    def __init__(self, engine: sa.Engine, library: Library, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._library = library
        self._clock = clock
        self._counted: tuple[int, int, int] = (-1, 0, 0)

    def describe(self) -> list[Metric]:
        """None ahead of time: registering must not read the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("pullquote_store_up", "Whether the databases can be read.", value=1)
        try:
            found = [*self._queues(), *self._sources(), *self._sizes()]
        except LibraryError:
            up = GaugeMetricFamily("pullquote_store_up", "Whether the databases can be read.", value=0)
            found = []
        yield from (up, *found)

    def _queues(self) -> Iterator[Metric]:
        now = self._clock()
        with reading(self._engine) as connection:
            waiting, sent = updates.counts(connection), outbox.counts(connection)
            oldest = outbox.oldest_due(connection, now)
        yield _by("pullquote_inbox_updates", "Updates that are stored, by state.", "state", waiting)
        yield _by("pullquote_outbox_messages", "Calls that are stored, by state.", "state", sent)
        yield GaugeMetricFamily(
            "pullquote_oldest_undelivered_seconds",
            "Age of the oldest message that could go and has not gone; 0 when there is none.",
            value=0.0 if oldest is None else max(0.0, now - oldest),
        )

    def _sources(self) -> Iterator[Metric]:
        followed = self._library.following.sources()
        standing = Counter("gone" if one.gone else "failing" if one.failures else "well" for one in followed)
        states = {state: standing[state] for state in ("well", "failing", "gone")}
        yield _by("pullquote_sources", "Followed sources, by how they stand.", "state", states)
        failures = sum(one.failures for one in followed if not one.gone)
        yield GaugeMetricFamily("pullquote_source_failures", "Visits in a row that failed, summed.", value=failures)

    def _sizes(self) -> Iterator[Metric]:
        version = self._library.version
        if version != self._counted[0]:
            self._counted = (version, len(self._library.articles()), self._library.count())
        yield GaugeMetricFamily("pullquote_articles", "Articles that can be quoted.", value=self._counted[1])
        yield GaugeMetricFamily("pullquote_sentences", "Sentences that can be quoted.", value=self._counted[2])
        free = shutil.disk_usage(self._library.settings.data).free
        yield GaugeMetricFamily("pullquote_disk_free_bytes", "Room on the disk of the data folder.", value=free)


def _by(name: str, what: str, label: str, counts: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, what, labels=[label])
    for value, count in counts.items():
        family.add_metric([value], count)
    return family


@contextmanager
def measured(engine: sa.Engine, library: Library) -> Iterator[None]:
    """The stock is part of /metrics inside of this."""
    stock = Stock(engine, library)
    metrics.registry.register(stock)
    try:
        yield
    finally:
        metrics.registry.unregister(stock)
