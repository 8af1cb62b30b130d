"""PostgreSQL is killed, restarted, slow, full or busy: nothing is lost, nothing twice; the bot recovers by itself."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.inbox import Inbox, Outcome
from bot.outbox import ALERT, ANSWER, Outbox
from bot.pace import Limits, Rate
from bot.serve import _patiently
from bot.store import chats, outbox, processes, updates
from bot.store.base import open_store
from bot.store.outbox import Outgoing
from bot.store.updates import Update
from bot.store.writer import Writer
from index.errors import LibraryError, LibraryLocked, LibraryUnreachable
from index.store.engine import reading
from tests.bot.watching import LIGHTS, TROOPS, Newsroom
from tests.end_to_end.postgres_server import KillableServer, killable_server
from tests.postgresql import Server

FAST = Limits(Rate(1000, 1000), Rate(1000, 1000), Rate(1000, 1000))
SLOW_QUERY = "&options=-c%20statement_timeout%3D200"


@pytest.fixture(scope="module")
def server(postgresql: Server) -> Iterator[KillableServer]:
    """One that may be killed. (Where the tests' own can't run, this can't either.)"""
    with killable_server() as started:
        yield started


@dataclass
class Bot:
    """A bot's store and queues; `strike` is called before each call to Telegram and before each update's commit."""

    engine: sa.Engine
    strike: Callable[[int], None] = lambda number: None
    writes: list[Callable[[sa.Connection], None]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    processed: int = 0
    writer: Writer = field(init=False)
    inbox: Inbox = field(init=False)
    sender: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.writer = Writer(self.engine)
        self.sender = Outbox(self.engine, self.writer, self, FAST, owner="a")
        self.inbox = Inbox(self.engine, self.writer, self.answer, self.sender.wake, owner="a")
        self.writer.submit(partial(processes.beat, name="a")).result()

    async def call(self, method: str, params: dict[str, Any]) -> Any:
        self.sent.append(params["text"])
        self.strike(len(self.sent))
        return {"message_id": len(self.sent)}

    async def answer(self, update: Update) -> Outcome:
        self.processed += 1
        self.strike(self.processed)
        params = {"chat_id": update.lane, "text": f"answer {update.id}"}
        reply = Outgoing(update.key, "sendMessage", params, update.lane, 0, ANSWER, time.time())
        return Outcome([reply], self.writes)

    def states(self) -> dict[str, int]:
        with reading(self.engine) as connection:
            return outbox.counts(connection)


@pytest.fixture
async def bot(server: KillableServer) -> AsyncIterator[Bot]:
    engine = open_store(Path(), server.address)
    with engine.begin() as connection:
        connection.execute(sa.text("TRUNCATE updates, outbox, chats, processes, paces"))
    made = Bot(engine)
    yield made
    made.writer.close()
    engine.dispose()


async def until_written(writer: Writer, work: Callable[[sa.Connection], None]) -> None:
    """As whoever has something to store goes on trying."""
    while True:
        try:
            await writer.write(work)
            return
        except LibraryError:
            await asyncio.sleep(0.1)


def rows(count: int, chats: int) -> list[Outgoing]:
    return [
        Outgoing(
            f"{number}", "sendMessage", {"chat_id": number % chats, "text": f"{number}"}, number % chats, 0, ALERT, 0.0
        )
        for number in range(count)
    ]


async def test_a_writer_outlives_a_database_that_dies_under_its_hands(bot: Bot, server: KillableServer) -> None:
    def struck(connection: sa.Connection) -> None:
        chats.save(connection, 1, "{}", 0.0)
        server.kill()
        time.sleep(0.2)
        chats.save(connection, 2, "{}", 0.0)

    with pytest.raises(LibraryUnreachable):
        await bot.writer.write(struck)
    with pytest.raises(LibraryUnreachable):
        await bot.writer.write(partial(chats.save, chat=3, state="{}", now=0.0))
    server.start()
    await until_written(bot.writer, partial(chats.save, chat=3, state="{}", now=0.0))
    with reading(bot.engine) as connection:
        assert connection.scalars(sa.select(chats.chats.c.id)).all() == [3]


async def test_every_message_is_sent_once_through_restarts_of_the_database(bot: Bot, server: KillableServer) -> None:
    bot.writer.submit(partial(outbox.add, calls=rows(40, 8))).result()
    restarting: list[threading.Thread] = []

    def strike(number: int) -> None:
        if number in (5, 25):
            server.kill()
            restarting.append(threading.Thread(target=server.start))
            restarting[-1].start()

    bot.strike = strike
    running = asyncio.create_task(bot.sender.run())
    while len(bot.sent) < 40 or bot.states() != {"sent": 40}:
        await asyncio.sleep(0.1)
    bot.sender.stop()
    await running
    assert sorted(bot.sent, key=int) == [f"{number}" for number in range(40)]
    for chat in range(8):
        order = [int(text) for text in bot.sent if int(text) % 8 == chat]
        assert order == sorted(order)
    assert len(restarting) == 2


async def test_every_update_is_answered_once_though_the_database_dies_at_its_commit(
    bot: Bot, server: KillableServer
) -> None:
    def strike(number: int) -> None:
        if number == 3:
            server.kill()
            threading.Thread(target=server.start).start()

    bot.strike = strike
    bodies: list[tuple[int, dict[str, Any]]] = [(id % 2, {"update_id": id}) for id in range(1, 9)]
    await bot.inbox.accept(bodies)
    await bot.inbox.idle()
    with reading(bot.engine) as connection:
        assert updates.counts(connection) == {"done": 8}
    assert bot.states() == {"waiting": 8}


async def test_what_can_not_be_stored_is_not_acknowledged_and_comes_again(bot: Bot, server: KillableServer) -> None:
    server.stop()
    with pytest.raises(LibraryUnreachable):
        await bot.inbox.accept([(7, {"update_id": 1})])
    server.start()
    await bot.inbox.accept([(7, {"update_id": 1})])
    await bot.inbox.idle()
    assert bot.processed == 1


async def test_a_bot_that_starts_before_its_database_waits_for_it(server: KillableServer) -> None:
    server.stop()
    try:
        opening = asyncio.create_task(_patiently(asyncio.Event(), partial(open_store, Path(), server.address)))
        done, _ = await asyncio.wait([opening], timeout=0.5)
        assert not done
    finally:
        server.start()
    (await opening).dispose()


async def test_a_bot_that_is_told_to_stop_meanwhile_says_what_it_waited_for(server: KillableServer) -> None:
    stopping = asyncio.Event()
    stopping.set()
    server.stop()
    try:
        with pytest.raises(LibraryUnreachable):
            await _patiently(stopping, partial(open_store, Path(), server.address))
    finally:
        server.start()


async def test_alerts_go_on_where_they_were_when_the_database_was_away(
    bot: Bot, server: KillableServer, tmp_path: Path
) -> None:
    with bot.engine.begin() as connection:
        connection.execute(sa.text("TRUNCATE alerts, watches, alert_progress"))
    room = Newsroom(tmp_path, time.time(), server.address)
    room.step()
    room.watch(chat=7)
    room.watch(chat=8)
    alerts = room.alerts()
    alerts.pause = 0.1
    running = asyncio.create_task(alerts.run())
    room.publish("a", TROOPS)
    while len(room.sent()) < 2:
        await asyncio.sleep(0.1)
    server.kill()
    await asyncio.sleep(1.0)
    server.start()
    room.publish("b", LIGHTS)
    while len(room.sent()) < 4:
        await asyncio.sleep(0.1)
    running.cancel()
    room.close()


RAISE = "DO $$ BEGIN RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '{code}'; END $$"


@pytest.mark.parametrize("code", ["40001", "40P01", "55P03", "53300", "57P01"])
async def test_what_passes_is_waited_for_and_follows_once(bot: Bot, code: str) -> None:
    failing = iter([True, True])

    def fail(connection: sa.Connection) -> None:
        if next(failing, False):
            connection.execute(sa.text(RAISE.format(code=code)))

    bot.writes = [fail]
    await bot.inbox.accept([(7, {"update_id": 1})])
    await bot.inbox.idle()
    assert bot.processed == 3
    assert bot.states() == {"waiting": 1}


async def test_a_slow_query_is_broken_off_and_holds_nothing_up(server: KillableServer, bot: Bot) -> None:
    engine = open_store(Path(), server.address + SLOW_QUERY)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        writer = stack.enter_context(Writer(engine))
        with pytest.raises(LibraryLocked, match="did not finish in time"):
            await writer.write(lambda connection: connection.execute(sa.text("SELECT pg_sleep(60)")) and None)
        await writer.write(partial(chats.save, chat=7, state="{}", now=0.0))


async def test_a_pool_that_runs_dry_is_said_in_one_line_and_refills(bot: Bot) -> None:
    pool: Any = bot.engine.pool
    pool._timeout = 0.1
    held = [bot.engine.connect() for _ in range(pool.size() + pool._max_overflow)]
    with pytest.raises(LibraryLocked, match="All connections"):
        await bot.inbox.accept([(7, {"update_id": 1})])
    for connection in held:
        connection.close()
    await bot.inbox.accept([(7, {"update_id": 1})])
    await bot.inbox.idle()
    assert bot.states() == {"waiting": 1}
