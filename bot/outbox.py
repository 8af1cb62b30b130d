"""Durable out: every message goes through a table, at Telegram's pace, until Telegram has it or won't have it.

A row is marked as being sent before the call and as sent after it. Telegram knows no idempotency key, so a message
that was on its way when the process died is sent again: at most one, since messages are on their way one at a time
(`bot.wire`).
"""

from __future__ import annotations

import asyncio
import random as random_module
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

import sqlalchemy as sa
import structlog

from bot import metrics
from bot.errors import ApiRefused, ApiUnreachable, TokenRejected
from bot.log import request_of
from bot.pace import Limits, Pace
from bot.queue import Queue
from bot.store import alerts, chats, outbox, paces, whole_chat
from bot.store.chats import WHOLE_CHAT
from bot.store.dialect import shared
from bot.store.outbox import Claimed, Outgoing, Waiting
from bot.store.writer import Writer
from bot.verdict import Closed, Later, Moved, Plainer, Refused, Rejected, Slower, Taken, Verdict, judge
from bot.wire import Wire
from index.errors import LibraryError
from index.store.engine import reading

log = structlog.get_logger()

QUERY_ANSWER, ANSWER, ALERT = 0, 1, outbox.ALERT
"""Priorities: what a person waits for this second, what a person asked for, what nobody waits for."""

WORTH_SECONDS = {"answerCallbackQuery": 60.0, "answerInlineQuery": 30.0, "sendChatAction": 5.0}
"""How long the short-lived answers are worth sending. Telegram itself forgets a query after about that time."""

AT_ONCE = 32
AHEAD = 4
"""Messages that are made ready while another is on its way. More of them, and a new answer waits for more alerts."""
FIRST_BACKOFF, LONGEST_BACKOFF = 0.5, 30.0
GIVE_UP_AFTER = 24 * 3600.0
"""A message that Telegram's servers fail on for a day holds up its chat no longer."""
LOOK_SECONDS = 1.0
"""How often the table is looked at for rows that another process stored."""
TAKEN, FEW = 64, 16
"""Alerts that a process takes for itself where there are others, and how few are left when it takes more."""


class Api(Protocol):
    """The one seam to the Bot API."""

    async def call(self, method: str, params: dict[str, Any]) -> Any:
        """The `result` of a method. Raises ApiRefused or ApiUnreachable."""


class Renderable(Protocol):
    """What a front-end's renderer gives: `bot.render.telegram.Call`."""

    @property
    def key(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def params(self) -> dict[str, Any]: ...
    @property
    def durable(self) -> bool: ...


def outgoing(call: Renderable, now: float, priority: int = ANSWER) -> Outgoing:
    """A rendered call as a row of the outbox."""
    if not call.durable:
        expires_at = now + WORTH_SECONDS.get(call.method, 60.0)
        return Outgoing(call.key, call.method, dict(call.params), None, WHOLE_CHAT, QUERY_ANSWER, now, expires_at)
    topic = int(call.params.get("message_thread_id") or WHOLE_CHAT)
    return Outgoing(call.key, call.method, dict(call.params), int(call.params["chat_id"]), topic, priority, now)


class Outbox:
    """Sends what the table holds. `wake` after a commit that added rows; `run` until `stop`. `owner`: this process,
    where there are others; then each takes some chats' rows, and what is spent of the limits is kept in the table."""

    def __init__(
        self,
        engine: sa.Engine,
        writer: Writer,
        api: Api,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
        random: Callable[[], float] = random_module.random,
        owner: str = "",
    ) -> None:
        self._engine = engine
        self._writer = writer
        self._api = api
        self._clock = clock
        self._random = random
        self._owner = owner
        self._shared = shared(engine)
        self._limits = limits or Limits()
        self._pace = Pace(self._limits, clock())
        self._queue = Queue()
        self._seen = 0
        self._wire = Wire(clock)
        self._flights: dict[asyncio.Task[None], Waiting] = {}
        self._changed = asyncio.Event()
        self._load_at = 0.0
        self._more = self._unsure = False
        self._stopping = False

    def wake(self) -> None:
        """New rows were committed."""
        self._load_at = 0.0
        self._changed.set()

    def stop(self) -> None:
        """Starts nothing new; `run` returns once what is out has come back."""
        self._stopping = True
        self._changed.set()

    async def start(self) -> None:
        """Takes up what a crash interrupted."""
        interrupted = await self._record(partial(outbox.requeue_interrupted, owner=self._owner))
        if interrupted:
            log.info("sending again what a crash interrupted", rows=interrupted)

    async def run(self) -> None:
        """Sends until `stop`. Raises TokenRejected when Telegram no longer knows the bot."""
        while not self._stopping:
            self._changed.clear()
            if self._clock() >= self._load_at or (self._more and len(self._queue) <= FEW):
                await self._load()
            self._start_due()
            await self._pause()
            self._reap()
        if self._flights:
            await asyncio.wait(self._flights)
            self._reap()

    async def settle(self) -> None:
        """Sends what is due now, and what becomes due by that; returns when nothing is left to do at this time."""
        while True:
            await self._load()
            self._start_due()
            if not self._flights:
                return
            await asyncio.wait(self._flights, return_when=asyncio.FIRST_COMPLETED)
            self._reap()

    async def _load(self) -> None:
        self._load_at = self._clock() + LOOK_SECONDS
        known = self._known() if self._shared else frozenset[int]()
        try:
            rows = await asyncio.to_thread(self._read_new, known)
        except LibraryError as error:
            log.error("the outbox can't be read", error=str(error))
            return
        for row in rows:
            self._queue.add(row)
            self._seen = row.id
        self._more = self._shared and len(known) + len(rows) >= TAKEN
        metrics.messages_waiting.set(len(self._queue))

    def _known(self) -> frozenset[int]:
        return self._queue.ids | {row.id for row in self._flights.values()}

    def _read_new(self, known: frozenset[int]) -> list[Waiting]:
        # Ids are given in the order of commits, since writers take turns.
        with reading(self._engine) as connection:
            if not self._shared:
                return outbox.waiting(connection, after=self._seen)
            if not outbox.any_free(connection, self._owner) and not self._unsure:
                return []
        self._unsure = True
        take = partial(outbox.take, owner=self._owner, alerts=TAKEN - len(known), known=known)
        rows = self._writer.submit(take).result()
        self._unsure = False
        return rows

    def _start_due(self) -> None:
        now = self._clock()
        while len(self._flights) < AT_ONCE and (row := self._queue.next_answer(now)) is not None:
            self._launch(row)
        while self._may_launch() and (row := self._queue.next_message(self._pace, now)) is not None:
            self._pace.spend(row.chat, now)
            self._launch(row)

    def _may_launch(self) -> bool:
        messages = sum(row.chat is not None for row in self._flights.values())
        return len(self._flights) < AT_ONCE and messages - self._wire.out < AHEAD

    def _launch(self, row: Waiting) -> None:
        task = asyncio.create_task(self._deliver(row), name=f"send {row.id}")
        self._flights[task] = row
        task.add_done_callback(lambda _: self._changed.set())

    def _reap(self) -> None:
        for task in [task for task in self._flights if task.done()]:
            del self._flights[task]
            task.result()

    async def _pause(self) -> None:
        """Until something changes, or a row is due that may start, or it is time to look at the table again."""
        now = self._clock()
        due = self._queue.wake_at(self._pace, now) if self._may_launch() else None
        try:
            await asyncio.wait_for(self._changed.wait(), max(0.0, min(self._load_at, due or self._load_at) - now))
        except TimeoutError:
            self._pace.tidy(now)

    async def _deliver(self, row: Waiting) -> None:
        """One attempt at one row."""
        claimed = await self._record(partial(self._claim, row))
        if isinstance(claimed, float):
            self._pace.unspend(row.chat)
            self._return(replace(row, next_try=claimed))
        elif claimed is None:
            self._queue.release(row)
        elif row.chat is None:
            await self._attempt(row, claimed)
        else:
            async with self._wire.taken():
                await self._attempt(row, claimed)

    def _claim(self, row: Waiting, connection: sa.Connection) -> Claimed | float | None:
        """The row with earlier messages' ids filled in; or until when it waits; or None when nothing is to be sent."""
        now, id = self._clock(), row.id
        claimed = outbox.claim(connection, id, self._owner)
        if claimed is None:
            return None
        if claimed.expires_at is not None and claimed.expires_at < now:
            outbox.expire(connection, id, now)
            return None
        refers_to = _earlier(claimed.params)
        if refers_to is not None:
            fate = outbox.fate(connection, refers_to)
            if fate is not None and fate.state in ("waiting", "sending"):
                outbox.again(connection, id, "waits for the message that it refers to", now + FIRST_BACKOFF)
                return now + FIRST_BACKOFF
            params = _filled(claimed.params, None if fate is None else fate.message_id)
            if params is None:
                outbox.refuse(connection, [id], "the message that it changes was never sent", now)
                return None
            claimed = replace(claimed, params=params)
        ready_at = self._spend(row, now, connection)
        return claimed if ready_at <= now else ready_at

    def _spend(self, row: Waiting, now: float, connection: sa.Connection) -> float:
        """Now, where the limits that all processes share leave room for it; else when to ask again."""
        if row.chat is None:
            return now
        ready_at = paces.spend(connection, row.chat, now, self._limits, spare=row.priority >= ALERT)
        if ready_at > now:
            outbox.put_back(connection, row.id)
        return ready_at

    async def _attempt(self, row: Waiting, claimed: Claimed) -> None:
        try:
            with metrics.step_seconds.labels("send").time():
                result = await self._api.call(claimed.method, claimed.params)
        except (ApiRefused, ApiUnreachable) as error:
            verdict = judge(claimed.method, claimed.params, error)
            outcome = type(verdict).__name__.lower()
            request = request_of(claimed.key)
            log.info("a call failed", request=request, method=claimed.method, error=str(error), outcome=outcome)
            metrics.calls_done.labels(claimed.method, outcome).inc()
            await self._obey(row, claimed, verdict, error)
        else:
            message_id = result.get("message_id") if isinstance(result, dict) else None
            await self._close(row, claimed, message_id)

    async def _close(self, row: Waiting, claimed: Claimed, message_id: int | None) -> None:
        now = self._clock()
        await self._record(lambda connection: outbox.sent(connection, row.id, message_id, now))
        self._queue.release(row)
        metrics.calls_done.labels(claimed.method, "sent").inc()
        seconds = max(0.0, now - claimed.created_at)
        metrics.send_seconds.observe(seconds)
        log.info(
            "sent", request=request_of(claimed.key), key=claimed.key, method=claimed.method, seconds=round(seconds, 3)
        )

    async def _obey(self, row: Waiting, claimed: Claimed, verdict: Verdict, error: ApiRefused | ApiUnreachable) -> None:
        now = self._clock()
        match verdict:
            case Taken():
                await self._close(row, claimed, None)
            case Later():
                await self._postpone(row, claimed, error, now)
            case Slower(seconds):
                held = None if self._pace.obey(row.chat, seconds, now) else row.chat
                await self._record(partial(paces.hold, chat=held, until=now + seconds))
                await self._again(row, str(error), now + seconds)
            case Plainer(params):
                await self._again(row, str(error), now, params)
            case Moved(chat) if row.chat is not None:
                await self._follow(row, row.chat, chat, str(error))
            case Closed(topic) if row.chat is not None:
                await self._shut(row, row.chat, topic, str(error))
            case Refused() | Closed() | Moved():
                request = request_of(claimed.key)
                log.warning("a call was refused for good", request=request, method=claimed.method, error=str(error))
                await self._refuse(row, str(error))
            case Rejected():
                await self._again(row, str(error), now)
                raise TokenRejected("Telegram no longer accepts the bot's token. Get a new one from @BotFather.")

    async def _postpone(self, row: Waiting, claimed: Claimed, error: ApiRefused | ApiUnreachable, now: float) -> None:
        if isinstance(error, ApiRefused) and now - claimed.created_at > GIVE_UP_AFTER:
            await self._refuse(row, str(error))
            return
        longest = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** min(claimed.attempts - 1, 16))
        await self._again(row, str(error), now + longest * (0.5 + self._random() / 2))

    async def _again(self, row: Waiting, error: str, next_try: float, params: dict[str, Any] | None = None) -> None:
        await self._record(lambda connection: outbox.again(connection, row.id, error, next_try, params))
        self._return(replace(row, next_try=next_try))

    def _return(self, row: Waiting) -> None:
        self._queue.release(row)
        self._queue.add(row)

    async def _refuse(self, row: Waiting, error: str) -> None:
        now = self._clock()
        await self._record(lambda connection: outbox.refuse(connection, [row.id], error, now))
        self._queue.release(row)

    async def _shut(self, row: Waiting, chat: int, topic: int, error: str) -> None:
        """Nothing gets through any more: what waits for the same place is not tried."""

        def shut(connection: sa.Connection) -> set[int]:
            now = self._clock()
            ids = {row.id, *outbox.waiting_in(connection, chat, topic or None)}
            outbox.refuse(connection, sorted(ids), error, now)
            chats.cannot_reach(connection, chat, topic, error, now)
            alerts.hold_refused(connection, chat, now)
            return ids

        refused = await self._record(shut)
        log.info("a chat can't be reached", chat=chat, topic=topic, error=error, rows=len(refused))
        for other in self._queue.take_chat(chat):
            if other.id not in refused:
                self._queue.add(other)
        self._queue.release(row)

    async def _follow(self, row: Waiting, old: int, chat: int, error: str) -> None:
        """The group became a supergroup: everything goes there."""

        def move(connection: sa.Connection) -> None:
            whole_chat.move(connection, old, chat)
            outbox.again(connection, row.id, error, self._clock())

        await self._record(move)
        self._pace.move(old, chat)
        for other in (row, *self._queue.take_chat(old)):
            self._queue.add(replace(other, chat=chat))
        self._queue.release(row)

    async def _record(self, work: Callable[[sa.Connection], Any]) -> Any:
        """Commits, however long the database can't be written: what was sent must not be sent again."""
        while True:
            try:
                return await self._writer.write(work)
            except LibraryError as error:
                log.error("the outbox can't be written", error=str(error))
                await asyncio.sleep(LOOK_SECONDS)


def _earlier(params: dict[str, Any]) -> str | None:
    """The outbox key of the message that a call changes or answers, where it is named so."""
    for named in (params.get("message_id"), params.get("reply_parameters", {}).get("message_id")):
        if isinstance(named, dict):
            return str(named["$sent"])
    return None


def _filled(params: dict[str, Any], message_id: int | None) -> dict[str, Any] | None:
    """The parameters with that message's id; an answer to what was never sent answers nothing, a change is None."""
    if "message_id" in params:
        return None if message_id is None else {**params, "message_id": message_id}
    rest = {name: value for name, value in params.items() if name != "reply_parameters"}
    if message_id is None:
        return rest
    return {**rest, "reply_parameters": {**params["reply_parameters"], "message_id": message_id}}
