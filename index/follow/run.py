"""Following: the sources of a store, visited when they are due, what they bring handed to the library.

    due -> fetch -> what is new -> library.add -> noted as offered and planned again, one transaction

A crash anywhere leaves a source due and its entries not noted: they are offered again, and the library knows them.
"""

from __future__ import annotations

import random
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import sqlalchemy as sa

from index.address import canonical
from index.article import Draft
from index.errors import LibraryError, NotFound, PullquoteError, ReadError
from index.fetch import Clock, Door, SystemClock
from index.follow.plan import Visit, after, due
from index.follow.resolve import to_follow
from index.follow.visit import Refreshed, refresh
from index.readers.failure import ReadFailure
from index.source import Source
from index.store import sources as stored
from index.store.engine import reading, writing

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger as BoundLogger

AT_ONCE = 4
"""Sources visited at the same time."""
LOOKED = 60.0
"""Seconds after which the loop looks again, for sources that another process began to follow."""
KEPT = timedelta(days=30)
"""How long an entry that its source no longer lists is remembered."""


class Outcome(Protocol):
    """What the library made of a draft (`index.ingest.Outcome`)."""

    @property
    def state(self) -> str: ...


Add = Callable[[Iterable[Draft | ReadFailure]], Iterable[Outcome]]


@dataclass(frozen=True, slots=True)
class Report:
    """One visit, done: the source as it stands now and what the library made of what it brought, by state."""

    source: Source
    outcomes: Counter[str]


class Following:
    """The followed sources of one library. `add` is `Library.add`; `withdraw` is told of pages that are gone (410)."""

    def __init__(
        self,
        engine: sa.Engine,
        door: Door,
        add: Add,
        *,
        withdraw: Callable[[str], None] | None = None,
        clock: Clock | None = None,
        rng: random.Random | None = None,
    ) -> None:
        self._engine = engine
        self._door = door
        self._add = add
        self._withdraw = withdraw
        self._clock = clock or SystemClock()
        self._rng = rng or random.Random()  # noqa: S311 - jitter

    def follow(self, url: str, *, page: bool = False) -> list[Source]:
        """Begins to follow what an address stands for; sources that are followed already are given back as they stand.
        Raises Refused, ReadError. The first visit is the loop's, or `visit`'s."""
        new = to_follow(url, self._door, self._clock.now(), page=page)
        with writing(self._engine) as connection:
            return [stored.add(connection, source) for source in new]

    def unfollow(self, url: str) -> Source:
        """Follows a source no longer: by its address, in any of its forms, or its number. Raises NotFound. The articles
        that came from it stay."""
        with writing(self._engine) as connection:
            wanted = canonical(url)
            for source in stored.every(connection):
                if wanted in (source.address, canonical(source.url), str(source.id)):
                    stored.remove(connection, source.id)
                    return source
        raise NotFound(f"{url} is not followed; `pullquote sources` lists what is.")

    def sources(self) -> list[Source]:
        """What is followed, in the order in which it was."""
        with reading(self._engine) as connection:
            return stored.every(connection)

    def visit(self, source: Source) -> Report:
        """Visits one source now, due or not. Raises LibraryError."""
        return self._accept(self._refreshed(source))

    def visit_due(self) -> Iterator[Report]:
        """Visits every source that is due, a few at a time; each report is durable. Raises LibraryError."""
        ripe = deque(due(self.sources(), self._clock.now()))
        pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="source")
        running: dict[Future[Refreshed], Source] = {}
        try:
            while ripe or running:
                # No more than are read at once: what waits for the library would fill the memory.
                while ripe and len(running) < AT_ONCE:
                    source = ripe.popleft()
                    running[pool.submit(self._refreshed, source)] = source
                for visit in wait(running, return_when=FIRST_COMPLETED).done:
                    refreshed = _outcome(visit, running.pop(visit))
                    if not refreshed.visit.was_cut_short:
                        yield self._accept(refreshed)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Ends the visits that are under way, and all that would follow: their sources stay due."""
        self._door.close()

    def run(self, stop: threading.Event) -> None:
        """Follows until `stop` is set; then `close` sees to it that no visit under way holds up the end. A library that
        can't be written now is tried again a minute later."""
        while not stop.is_set():
            try:
                self._visit_until(stop)
                pause = self._until_next()
            except LibraryError as error:
                _log().error("following waits", reason=str(error))
                pause = LOOKED
            stop.wait(pause)
        self.close()

    def _visit_until(self, stop: threading.Event) -> None:
        for report in self.visit_due():
            source, made = report.source, dict(report.outcomes)
            _log().info("visited", url=source.url, error=source.error, next=str(source.next_try), **made)
            if stop.is_set():
                return

    def _until_next(self) -> float:
        times = [source.next_try for source in self.sources() if source.next_try is not None]
        left = (min(times) - self._clock.now()).total_seconds() if times else LOOKED
        return min(max(left, 0.0), LOOKED)

    def _refreshed(self, source: Source) -> Refreshed:
        with reading(self._engine) as connection:
            known = stored.listed(connection, source.id)
        return refresh(source, known, self._door)

    def _accept(self, refreshed: Refreshed) -> Report:
        outcomes = Counter(outcome.state for outcome in self._add(refreshed.drafts))
        if self._withdraw is not None:
            for address in refreshed.withdrawn:
                self._withdraw(address)
        now = self._clock.now()
        counted = replace(
            refreshed.source,
            added=refreshed.source.added + outcomes["added"],
            changed=refreshed.source.changed + outcomes["changed"],
        )
        source = after(counted, refreshed.visit, now, self._rng)
        self._note(source, refreshed, now)
        return Report(source, outcomes)

    def _note(self, source: Source, refreshed: Refreshed, now: datetime) -> None:
        with writing(self._engine) as connection:
            # Someone may have unfollowed it meanwhile; then there is nothing to note.
            if stored.update(connection, source) and refreshed.listed:
                stored.write_listed(connection, source.id, refreshed.listed, now)
                stored.forget_listed(connection, source.id, now - KEPT)


def _outcome(visit: Future[Refreshed], source: Source) -> Refreshed:
    """What a visit brought. What a reader did not foresee is that source's failure and stops no other; it would be met
    again at every start. Raises LibraryError."""
    error = visit.exception()
    if error is None:
        return visit.result()
    if isinstance(error, PullquoteError) or not isinstance(error, Exception):
        raise error
    _log().error("a source can't be read", url=source.url, exc_info=error)
    said = f"{source.url} holds something that can't be read ({type(error).__name__}); please report it."
    return Refreshed(source, Visit(failure=ReadError(said)))


def _log() -> BoundLogger:
    import structlog

    log: BoundLogger = structlog.get_logger("follow")
    return log
