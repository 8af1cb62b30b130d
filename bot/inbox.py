"""Durable in: an update is stored before it is acknowledged, processed once, in its chat's order.

    arrives -> stored (commit) -> acknowledged -> processed -> done + replies + chat state (one commit) -> outbox

A crash before the last commit means that the update is processed again, from the same state, to the same keys. Chats
run side by side; within a chat one update at a time. Where several processes serve one database, all that waits in a
chat is one's (`bot.store.updates`), until it is done or that process is gone.
"""

from __future__ import annotations

import asyncio
import time
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Container, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog

from bot import metrics
from bot.errors import ApiUnreachable
from bot.log import request
from bot.store import outbox, updates
from bot.store.outbox import Outgoing
from bot.store.updates import Update
from bot.store.writer import Writer
from index.errors import LibraryError
from index.store.engine import reading

log = structlog.get_logger()
T = TypeVar("T")

AT_ONCE = 64
"""Chats whose updates are being processed at the same time."""
PASSING = (LibraryError, ApiUnreachable)
"""A locked or full disk, a network that is down: the update waits for it. Anything else is a fault of its own."""
TRIES = 3
"""How often an update is tried that fails for a fault of ours: that may have been chance, but its chat goes on."""
LONG_WAIT = 10.0
"""Seconds after which a chat is told that its answer is still to come."""
FIRST_BACKOFF, LONGEST_BACKOFF = 0.25, 15.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of an update. `replies` and `writes` go into the commit that marks it as done; `after` follows it."""

    replies: Sequence[Outgoing] = ()
    writes: Sequence[Callable[[sa.Connection], None]] = ()
    after: Sequence[Callable[[], None]] = ()


Process = Callable[[Update], Awaitable[Outcome]]
Say = Callable[[Update], Coroutine[Any, Any, Sequence[Outgoing]]]
"""What to say to a chat beside an update's own replies; nothing where nobody waits for an answer."""


class Inbox:
    """Takes updates in and sees to it that each is processed. `wake_outbox` is called after a commit with replies.

    `reassure`: what a chat is told whose update has to wait long. `apologies`: what one is told whose update failed for
    a fault of ours; of several, the first that does not fail itself. `owner`: this process, where there are others.
    """

    def __init__(
        self,
        engine: sa.Engine,
        writer: Writer,
        process: Process,
        wake_outbox: Callable[[], None],
        clock: Callable[[], float] = time.time,
        reassure: Say | None = None,
        apologies: Sequence[Say] = (),
        owner: str = "",
    ) -> None:
        self._engine = engine
        self._writer = writer
        self._process = process
        self._reassure = reassure
        self._apologies = apologies
        self._wake_outbox = wake_outbox
        self._clock = clock
        self._owner = owner
        self._lanes: dict[int, deque[Update]] = {}
        self._known: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(AT_ONCE)

    @property
    def waiting(self) -> int:
        """Updates that were accepted and are not done."""
        return sum(len(lane) for lane in self._lanes.values())

    async def start(self) -> None:
        """Takes up what was accepted before the last stop or crash; to be done before anything new is accepted."""
        if taken := await self.look():
            log.info("taking up updates from before", updates=taken)

    async def look(self) -> int:
        """Takes up what waits and is not known yet: what other processes stored for this one, and what those had that
        are gone. Returns how many updates. Raises LibraryError."""
        if not await asyncio.to_thread(self._anything_unknown):
            return 0
        taken = await self._writer.write(partial(_take, self._owner, self._known))
        for update in taken:
            self._schedule(update)
        return len(taken)

    def _anything_unknown(self) -> bool:
        with reading(self._engine) as connection:
            return updates.unknown(connection, self._owner, self._known)

    async def accept(self, bodies: Sequence[tuple[int, dict[str, Any]]]) -> None:
        """Stores updates given as (lane, body). When it returns they may be acknowledged. Raises LibraryError."""
        now = self._clock()
        arrived = [Update(int(body["update_id"]), lane, body, now) for lane, body in bodies]
        new, mine = await self._writer.write(partial(_store, arrived, self._owner, self._known))
        metrics.updates_accepted.inc(len(new))
        for update in new:
            log.info("update received", request=update.key)
        for update in mine:
            self._schedule(update)

    async def idle(self) -> None:
        """Returns once everything accepted so far is done."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self, grace: float) -> None:
        """Gives what is under way so many seconds; the rest waits in the store for the next start."""
        for lane in self._lanes.values():
            while len(lane) > 1:
                lane.pop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _schedule(self, update: Update) -> None:
        if update.id in self._known:
            return
        self._known.add(update.id)
        lane = self._lanes.setdefault(update.lane, deque())
        lane.append(update)
        metrics.updates_waiting.inc()
        if len(lane) == 1:
            task = asyncio.create_task(self._run_lane(update.lane, lane), name=f"lane {update.lane}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run_lane(self, key: int, lane: deque[Update]) -> None:
        telling = None if self._reassure is None else asyncio.create_task(self._tell_once(lane, self._reassure))
        try:
            while lane:
                async with self._places:
                    await self._see_through(lane[0])
                self._known.discard(lane.popleft().id)
                metrics.updates_waiting.dec()
            del self._lanes[key]
        finally:
            if telling is not None:
                telling.cancel()

    async def _tell_once(self, lane: deque[Update], reassure: Say) -> None:
        """Tells a chat that waits long that it is not forgotten, once until it has caught up."""
        told = False
        while not told:
            await asyncio.sleep(LONG_WAIT)
            said = await _tried(reassure(lane[0]))
            if said.exception() is None and said.result():
                told = await _error_of(self._writer.write(partial(outbox.add, calls=said.result()))) is None
                self._wake_outbox()

    async def _see_through(self, update: Update) -> None:
        """Processes an update until it is done or put aside; waits for as long as its means are out of reach."""
        pause, faults = FIRST_BACKOFF, 0
        with request(update.key):
            while (error := await _error_of(self._process_and_commit(update))) is not None:
                passing = isinstance(error, PASSING)
                faults += not passing
                if faults >= TRIES and await self._put_aside(update, error):
                    return
                log.warning("an update must wait", error=str(error) if passing else type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(LONGEST_BACKOFF, pause * 2)

    async def _process_and_commit(self, update: Update) -> None:
        outcome = await self._process(update)
        now = self._clock()
        if not await self._writer.write(partial(_finish, update, outcome, now, self._owner)):
            return
        metrics.updates_done.labels("done").inc()
        for row in outcome.replies:
            log.info("stored to be sent", key=row.key, method=row.method)
        if outcome.replies:
            metrics.answer_seconds.observe(max(0.0, now - update.received_at))
            self._wake_outbox()
        for follow in outcome.after:
            follow()

    async def _put_aside(self, update: Update, error: BaseException) -> bool:
        """A fault of ours in one update must not hold up its chat for ever: it is kept, with the reason, and logged,
        and the chat is told. False where that can't be stored now.

        The error's own text is neither kept nor logged: it may quote what was said.
        """
        rows = await self._apology(update)
        reason = f"{type(error).__name__} {' < '.join(reversed(_places(error)))}"
        fail = partial(_fail, update, rows, reason, self._clock(), self._owner)
        stored = await _error_of(self._writer.write(fail))
        if stored is not None:
            return False
        log.error("an update was put aside", error=type(error).__name__, trace=_places(error))
        metrics.updates_done.labels("failed").inc()
        self._wake_outbox()
        return True

    async def _apology(self, update: Update) -> Sequence[Outgoing]:
        for apology in self._apologies:
            said = await _tried(apology(update))
            if said.exception() is None:
                return said.result()
        return ()


def _places(error: BaseException) -> list[str]:
    """Where an error came from, the outermost call first: "module.py:12 function"."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


async def _tried(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """A piece of work once it is over, whatever came of it. It is cancelled when its waiter is."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait([task])
    finally:
        task.cancel()
    return task


async def _error_of(work: Coroutine[Any, Any, Any]) -> BaseException | None:
    """What a piece of work failed with."""
    return (await _tried(work)).exception()


def _store(
    arrived: Sequence[Update], owner: str, known: Container[int], connection: sa.Connection
) -> tuple[list[Update], list[Update]]:
    """What was new, and what this process has to do because of it."""
    new = updates.accept(connection, arrived, owner)
    return new, updates.to_process(connection, new, arrived, owner, known)


def _take(owner: str, known: Container[int], connection: sa.Connection) -> list[Update]:
    updates.adopt(connection, owner)
    return updates.waiting(connection, owner, known)


def _fail(
    update: Update, rows: Sequence[Outgoing], reason: str, now: float, owner: str, connection: sa.Connection
) -> None:
    if updates.fail(connection, update.id, reason, now, owner):
        outbox.add(connection, rows)


def _finish(update: Update, outcome: Outcome, now: float, owner: str, connection: sa.Connection) -> bool:
    """Marks the update as done, with everything that follows from it. False when it was done before, or has become
    another process's: nothing follows twice."""
    if not updates.finish(connection, update.id, now, owner):
        return False
    outbox.add(connection, outcome.replies)
    for write in outcome.writes:
        write(connection)
    return True
