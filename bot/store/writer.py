"""One writer for many tasks: what waits is committed together, so that one sync of the disk serves them all."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from bot.store.dialect import bound
from index.errors import LibraryError
from index.store.engine import writing

T = TypeVar("T")

TOGETHER = 256
"""The most pieces of work in one transaction: it bounds how long the first of them waits."""


@dataclass(frozen=True, slots=True)
class _Piece(Generic[T]):
    work: Callable[[sa.Connection], T]
    done: Future[T]


class Writer:
    """Runs pieces of work in the order given, each whole or not at all, on a thread of its own.

    A piece is a function of a connection, and of nothing that it changes: where one of a group raises, the group is
    rolled back and run again, each piece in a savepoint, so that only that one is left out. Its result is given only
    after the commit. When the database can't be written, every piece of the group gets that LibraryError.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._pieces: queue.Queue[_Piece[Any] | None] = queue.Queue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="chats-writer", daemon=True)
        self._thread.start()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def submit(self, work: Callable[[sa.Connection], T]) -> Future[T]:
        """Hands in a piece of work; the future is done after its commit. Once this is closed it holds a LibraryError:
        a thread that is still at work when the bot stops must not wait for what nobody does any more."""
        piece = _Piece(work, Future[T]())
        with self._closing:
            if self._closed:
                piece.done.set_exception(LibraryError("The bot is stopping: this is done when it runs again."))
            else:
                self._pieces.put(piece)
        return piece.done

    async def write(self, work: Callable[[sa.Connection], T]) -> T:
        """The same for the event loop, which is not blocked. A cancelled wait does not cancel the work."""
        return await asyncio.wrap_future(self.submit(work))

    def close(self) -> None:
        """Finishes what was handed in, then stops."""
        with self._closing:
            self._closed = True
            self._pieces.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._pieces.get()) is not None:
            group, last = self._gather(first)
            self._commit(group)
            if last:
                return

    def _gather(self, first: _Piece[Any]) -> tuple[list[_Piece[Any]], bool]:
        group = [first]
        while len(group) < TOGETHER:
            try:
                piece = self._pieces.get_nowait()
            except queue.Empty:
                return group, False
            if piece is None:
                return group, True
            group.append(piece)
        return group, False

    def _commit(self, group: list[_Piece[Any]]) -> None:
        try:
            outcomes = self._run_group(group, _together) or self._run_group(group, _apart) or []
        except LibraryError as error:
            for piece in group:
                _settle(piece.done, None, error)
            return
        for piece, outcome in zip(group, outcomes, strict=True):
            failure = outcome.exception()
            _settle(piece.done, None if failure else outcome.result(), failure)

    def _run_group(self, group: list[_Piece[Any]], attempt: _Attempt) -> list[Future[Any]] | None:
        """What came of each piece; None, and nothing written, where an attempt without savepoints failed."""
        outcomes: list[Future[Any]] = []
        with suppress(_Undone), writing(self._engine) as connection:
            bound(connection)
            for piece in group:
                outcomes.append(attempt(connection, piece.work))
            return outcomes
        return None


class _Undone(Exception):
    """A piece failed that has no savepoint: the whole transaction is rolled back."""


_Attempt = Callable[[sa.Connection, Callable[[sa.Connection], Any]], "Future[Any]"]
"""Runs one piece; its future holds what it returned or raised."""


def _together(connection: sa.Connection, work: Callable[[sa.Connection], T]) -> Future[T]:
    """Without a savepoint, which costs as much as two statements. Raises _Undone where the piece fails."""
    outcome: Future[T] = Future()
    with _Kept(outcome):
        outcome.set_result(work(connection))
    if outcome.exception() is not None:
        raise _Undone
    return outcome


def _apart(connection: sa.Connection, work: Callable[[sa.Connection], T]) -> Future[T]:
    outcome: Future[T] = Future()
    with _Kept(outcome), connection.begin_nested():
        result = work(connection)
    if not outcome.done():
        outcome.set_result(result)
    return outcome


@dataclass(frozen=True, slots=True)
class _Kept:
    """What goes wrong in a piece belongs to whoever handed it in, not to this thread; what goes wrong with the
    database itself ends the whole transaction."""

    outcome: Future[Any]

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None or isinstance(error, sa.exc.OperationalError):
            return False
        self.outcome.set_exception(error)
        return True


def _settle(done: Future[T], result: Any, error: BaseException | None) -> None:
    if not done.set_running_or_notify_cancel():
        return
    if error is None:
        done.set_result(result)
    else:
        done.set_exception(error)
