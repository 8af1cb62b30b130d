"""The other processes of this bot: which of them live, and what this one does for all.

Each says once a second that it lives. Death is judged by each by its own clock, from what it saw itself: a process is
dead when the database was reachable all the while and nothing was heard of it for DEAD_SECONDS. So clocks need not
agree, and a database that was away makes nobody dead.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog

from bot.store import processes
from bot.store.dialect import INBOX, OUTBOX, listen, shared
from index.errors import LibraryError
from index.store.engine import writing

log = structlog.get_logger()

BEAT_SECONDS = 1.0
DEAD_SECONDS = 8.0
CUT_OFF_SECONDS = 4.0
"""Who was away from the database for so long itself judges nobody by what it saw before."""
LOOK_SECONDS = 2.0
"""How often it is looked whether work of others has become this process's: a wake-up call may be missed."""
ROLE_SECONDS = 0.5
"""How often it is looked whether a role has come or gone."""
POLLING, SOURCES, ALERTS, CORRECTIONS, TIDY = "polling", "sources", "alerts", "corrections", "tidy"
ROLES = frozenset({POLLING, SOURCES, ALERTS, CORRECTIONS, TIDY})
"""What one process does for all of them."""


@dataclass(slots=True)
class Lookout:
    """Who has been silent for too long. Pure: the time is an argument."""

    _heard: dict[str, tuple[int, float]] = field(default_factory=dict)
    _looked_at: float = float("-inf")

    def silent(self, beats: dict[str, int], now: float) -> list[str]:
        """The processes, of those with these numbers, that have said nothing for DEAD_SECONDS."""
        if now - self._looked_at > CUT_OFF_SECONDS:
            self._heard.clear()
        self._looked_at = now
        before = self._heard
        self._heard = {
            name: before[name] if name in before and before[name][0] == beat else (beat, now)
            for name, beat in beats.items()
        }
        return [name for name, (_, heard_at) in self._heard.items() if now - heard_at >= DEAD_SECONDS]


class Peers:
    """This process among the others. Where the database is this process's alone, all roles are its own."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], float] = time.monotonic, name: str | None = None) -> None:
        self.name = name or secrets.token_hex(8)
        self._engine = engine
        self._clock = clock
        self._alone = not shared(engine)
        self._roles = ROLES if self._alone else frozenset[str]()
        self._lookout = Lookout()
        self._seen_at = clock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, name="peers", daemon=True)

    def join(self) -> None:
        """Blocking: from here on this process says that it lives. Raises LibraryError."""
        if self._alone:
            self._write(processes.leave_none)
            return
        self.beat()
        self._thread.start()

    def leave(self) -> None:
        """Blocking: what this process has not done is the others'."""
        if self._alone:
            return
        self._stop.set()
        self._thread.join()
        try:
            self._write(partial(processes.leave, name=self.name))
        except LibraryError as reason:
            log.warning("the other processes will miss this one after a while", reason=str(reason))

    def holds(self, role: str) -> bool:
        """Whether this process has a role now. One that can't reach the database has none: another may have them."""
        return role in self._roles

    def beat(self) -> None:
        """Blocking: says that this process lives, takes the silent ones off the list, and takes what roles are free.
        Raises LibraryError."""
        beats = self._write(partial(processes.beat, name=self.name))
        for name in self._lookout.silent(beats, self._clock()):
            if self._write(partial(processes.bury, name=name, beat=beats[name])):
                log.warning("a process has died; its work is taken over", process=name)
        roles: frozenset[str] = self._write(partial(processes.hold, name=self.name, wanted=sorted(ROLES)))
        if roles != self._roles:
            log.info("roles", process=self.name, roles=sorted(roles))
        self._roles, self._seen_at = roles, self._clock()

    async def holding(self, role: str, work: Callable[[], Awaitable[Any]]) -> None:
        """Does a work whenever this process has the role, and ends with it."""
        if self._alone:
            await work()
            return
        while True:
            await self._until(role, True)
            task, lost = asyncio.ensure_future(work()), asyncio.create_task(self._until(role, False))
            try:
                await asyncio.wait([task, lost], return_when=asyncio.FIRST_COMPLETED)
                if task.done():
                    task.result()
                    return
            finally:
                lost.cancel()
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _until(self, role: str, held: bool) -> None:
        while self.holds(role) is not held:
            await asyncio.sleep(ROLE_SECONDS)

    def _beat_on(self) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            try:
                self.beat()
            except LibraryError as error:
                log.warning("the other processes can't be seen", error=str(error))
                if self._clock() - self._seen_at >= CUT_OFF_SECONDS:
                    self._roles = frozenset()

    def _write(self, work: Callable[[sa.Connection], Any]) -> Any:
        with writing(self._engine, alone=False) as connection:
            return work(connection)


async def look_after(
    engine: sa.Engine, looks: Sequence[Callable[[], Awaitable[Any]]], wake: Callable[[], None]
) -> None:
    """Takes up what has become this process's, whenever another says so and every LOOK_SECONDS; calls `wake` where
    there is something to be sent. Until it is cancelled."""
    loop, called, stop = asyncio.get_running_loop(), asyncio.Event(), threading.Event()
    on = {INBOX: called.set, OUTBOX: wake}
    heard = partial(_tell, loop, on)
    threading.Thread(target=listen, args=(engine, tuple(on), heard, stop), name="listener", daemon=True).start()
    try:
        while True:
            called.clear()
            for look in looks:
                try:
                    await look()
                except LibraryError as error:
                    log.warning("what has become this process's can't be seen", error=str(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(called.wait(), LOOK_SECONDS)
    finally:
        stop.set()


def _tell(loop: asyncio.AbstractEventLoop, on: dict[str, Callable[[], None]], channel: str) -> None:
    """From the listener's thread, which outlives the loop for a moment."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(on[channel])
