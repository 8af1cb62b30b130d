"""Several bots on one database: each thing is done once and in its order, whoever of them lives."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.inbox import Inbox, Outcome
from bot.outbox import ALERT, ANSWER, Outbox
from bot.pace import Limits, Rate
from bot.peers import BEAT_SECONDS, CUT_OFF_SECONDS, DEAD_SECONDS, POLLING, ROLES, Lookout, Peers
from bot.store import jobs, outbox, paces, processes, updates
from bot.store.base import MIGRATIONS, open_store
from bot.store.dialect import INBOX, OUTBOX, listen
from bot.store.jobs import StoredJob
from bot.store.outbox import Outgoing
from bot.store.updates import Update
from bot.store.writer import Writer
from index.store.engine import connect, reading, writing
from tests.bot.test_outbox import FAST, Clock, ScriptedApi
from tests.postgresql import Server


@dataclass
class Bot:
    """One of the processes: its own connections, its own memory, and the same database and Telegram as the others."""

    name: str
    engine: sa.Engine
    api: ScriptedApi
    clock: Clock
    limits: Limits
    gate: asyncio.Event
    processed: list[tuple[str, int]]
    writer: Writer = field(init=False)
    inbox: Inbox = field(init=False)
    sender: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.writer = Writer(self.engine)
        self.inbox = Inbox(self.engine, self.writer, self.answer, lambda: None, self.clock, owner=self.name)
        self.sender = Outbox(self.engine, self.writer, self.api, self.limits, self.clock, lambda: 1.0, self.name)
        self.write(partial(processes.beat, name=self.name))

    async def answer(self, update: Update) -> Outcome:
        self.processed.append((self.name, update.id))
        if update.body["message"].get("waits"):
            await self.gate.wait()
        params = {"chat_id": update.lane, "text": f"answer {update.id}"}
        return Outcome([Outgoing(update.key, "sendMessage", params, update.lane, 0, ANSWER, self.clock.now)])

    def write(self, work: Any) -> Any:
        return self.writer.submit(work).result()

    def put(self, key: str, chat: int, priority: int = ANSWER) -> None:
        row = Outgoing(key, "sendMessage", {"chat_id": chat, "text": key}, chat, 0, priority, self.clock.now)
        self.write(partial(outbox.add, calls=[row]))

    def die(self) -> None:
        """kill -9, and the others have noticed."""
        self.write(partial(processes.leave, name=self.name))


@dataclass
class Office:
    """Processes that share a database. `made` last is closed first."""

    address: str
    api: ScriptedApi = field(default_factory=ScriptedApi)
    clock: Clock = field(default_factory=Clock)
    limits: Limits = FAST
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    processed: list[tuple[str, int]] = field(default_factory=list)
    bots: list[Bot] = field(default_factory=list)

    def bot(self) -> Bot:
        engine = open_store(Path(), self.address)
        name = "abcd"[len(self.bots)]
        bot = Bot(name, engine, self.api, self.clock, self.limits, self.gate, self.processed)
        self.bots.append(bot)
        return bot

    def read(self, query: Any) -> Any:
        with reading(self.bots[0].engine) as connection:
            return query(connection)

    def states(self) -> dict[str, str]:
        rows = self.read(lambda connection: connection.execute(sa.select(outbox.outbox.c.key, outbox.outbox.c.state)))
        return dict(map(tuple, rows))


@pytest.fixture
async def office(postgresql: Server) -> AsyncIterator[Office]:
    address = postgresql.address()
    made = Office(address)
    yield made
    for bot in made.bots:
        bot.writer.close()
        bot.engine.dispose()
    postgresql.release(address)


def body(id: int, chat: int, waits: bool = False) -> tuple[int, dict[str, Any]]:
    return chat, {"update_id": id, "message": {"chat": {"id": chat}, "waits": waits}}


# --- updates ------------------------------------------------------------------------------------------------


async def test_an_update_that_telegram_gives_to_two_processes_is_answered_once(office: Office) -> None:
    a, b = office.bot(), office.bot()
    await asyncio.gather(a.inbox.accept([body(1, 7)]), b.inbox.accept([body(1, 7)]))
    await asyncio.gather(a.inbox.idle(), b.inbox.idle())
    assert len(office.processed) == 1
    assert office.states() == {"u1": "waiting"}


async def test_a_chat_keeps_its_order_though_its_updates_come_to_different_processes(office: Office) -> None:
    a, b = office.bot(), office.bot()
    await a.inbox.accept([body(1, 7, waits=True)])
    await b.inbox.accept([body(2, 7), body(3, 8)])
    await b.inbox.idle()
    assert ("b", 2) not in office.processed
    await a.inbox.look()
    office.gate.set()
    await a.inbox.idle()
    assert office.processed == [("a", 1), ("b", 3), ("a", 2)]


async def test_what_came_through_another_process_is_not_overtaken_by_what_came_here(office: Office) -> None:
    a, b = office.bot(), office.bot()
    await a.inbox.accept([body(1, 7, waits=True)])
    await b.inbox.accept([body(2, 7)])
    await a.inbox.accept([body(3, 7)])
    office.gate.set()
    await a.inbox.idle()
    assert office.processed == [("a", 1), ("a", 2), ("a", 3)]


async def test_a_dead_process_leaves_its_updates_to_the_others(office: Office) -> None:
    a, b = office.bot(), office.bot()
    await a.inbox.accept([body(1, 7, waits=True), body(2, 7), body(3, 8, waits=True)])
    assert await b.inbox.look() == 0, "it lives"
    a.die()
    assert await b.inbox.look() == 3
    office.gate.set()
    await b.inbox.idle()
    assert [id for name, id in office.processed if name == "b"] == [1, 3, 2]


async def test_a_process_that_only_hung_changes_nothing_of_what_was_taken_over(office: Office) -> None:
    a, b = office.bot(), office.bot()
    await a.inbox.accept([body(1, 7, waits=True)])
    a.die()
    await b.inbox.look()
    a.write(partial(processes.beat, name="a"))  # it comes back
    office.gate.set()
    await asyncio.gather(a.inbox.idle(), b.inbox.idle())
    assert office.read(updates.counts) == {"done": 1}
    assert office.states() == {"u1": "waiting"}


async def test_an_update_whose_commit_was_in_doubt_is_processed_all_the_same(office: Office) -> None:
    a = office.bot()
    # It was stored, and then the connection broke before the answer: Telegram sends it again.
    a.write(partial(updates.accept, arrived=[Update(1, 7, body(1, 7)[1], 0.0)], owner="a"))
    await a.inbox.accept([body(1, 7)])
    await a.inbox.idle()
    assert office.processed == [("a", 1)]


# --- messages -----------------------------------------------------------------------------------------------


async def test_each_message_is_sent_once_and_each_chats_in_order_by_many_processes(office: Office) -> None:
    bots = [office.bot() for _ in range(3)]
    for number in range(60):
        bots[0].put(f"{number % 12}.{number}", number % 12, ALERT if number % 3 else ANSWER)
    for _ in range(4):
        await asyncio.gather(*(bot.sender.settle() for bot in bots))
    assert set(office.states().values()) == {"sent"}
    assert len(office.api.texts()) == 60
    for chat in range(12):
        numbers = [int(text.partition(".")[2]) for text in office.api.texts(chat)]
        assert numbers == sorted(numbers, key=lambda number: (number % 3 != 0, number))


async def test_a_chat_whose_message_is_on_its_way_from_one_process_waits_in_the_others(office: Office) -> None:
    a, b = office.bot(), office.bot()
    office.api.gate, office.api.stuck = asyncio.Event(), frozenset([7])
    a.put("first", 7)
    sending = asyncio.create_task(a.sender.settle())
    while not office.api.calls:
        await asyncio.sleep(0.01)
    b.put("second", 7)
    b.put("elsewhere", 8)
    await b.sender.settle()
    assert office.api.texts() == ["first", "elsewhere"]
    office.api.gate.set()
    await sending
    await b.sender.settle()
    assert office.api.texts(7) == ["first", "second"]


async def test_what_a_dead_process_had_taken_is_sent_by_another(office: Office) -> None:
    a, b = office.bot(), office.bot()
    for number in range(3):
        a.put(f"{number}", 7)
    (first, *_) = a.write(partial(outbox.take, owner="a", alerts=9, known=()))
    a.write(partial(outbox.claim, id=first.id, owner="a"))
    await b.sender.settle()
    assert office.api.calls == []
    a.die()
    await b.sender.settle()
    assert office.api.texts() == ["0", "1", "2"]


async def test_the_report_of_a_process_that_hung_does_not_bring_back_what_another_has_sent(office: Office) -> None:
    a, b = office.bot(), office.bot()
    a.put("0", 7)
    (row,) = a.write(partial(outbox.take, owner="a", alerts=9, known=()))
    a.write(partial(outbox.claim, id=row.id, owner="a"))
    a.die()
    await b.sender.settle()
    a.write(partial(outbox.again, id=row.id, error="timed out", next_try=0.0))
    a.write(partial(outbox.refuse, ids=[row.id], error="no", now=0.0))
    assert office.states() == {"0": "sent"}


async def test_a_claim_whose_commit_was_in_doubt_can_be_made_again_by_its_process_alone(office: Office) -> None:
    a, b = office.bot(), office.bot()
    a.put("0", 7)
    (row,) = a.write(partial(outbox.take, owner="a", alerts=9, known=()))
    assert a.write(partial(outbox.claim, id=row.id, owner="a")) is not None
    assert b.write(partial(outbox.claim, id=row.id, owner="b")) is None
    assert a.write(partial(outbox.claim, id=row.id, owner="a")) is not None


async def test_a_row_that_someone_holds_by_hand_holds_no_other_up(office: Office) -> None:
    a = office.bot()
    a.put("held", 7)
    a.put("free", 8)
    with writing(a.engine, alone=False) as connection:
        connection.execute(sa.update(outbox.outbox).where(outbox.outbox.c.key == "held").values(error="looked into"))
        await a.sender.settle()
        assert office.api.texts() == ["free"]
    await a.sender.settle()
    assert office.api.texts() == ["free", "held"]


# --- the pace -----------------------------------------------------------------------------------------------


async def test_all_processes_together_send_no_faster_than_one_may(office: Office) -> None:
    office.limits = Limits(Rate(4, 2), Rate(100, 100), Rate(100, 100))
    a, b = office.bot(), office.bot()
    for chat in range(12):
        a.put(f"{chat}", 100 + chat)
    sent_by = []
    for _ in range(5):
        await asyncio.gather(a.sender.settle(), b.sender.settle())
        sent_by.append(len(office.api.calls))
        office.clock.now += 1.0
    assert sent_by == [4, 6, 8, 10, 12]


async def test_a_chat_that_changes_hands_is_not_written_to_faster(office: Office) -> None:
    office.limits = Limits(Rate(100, 100), Rate(1, 1), Rate(100, 100))
    a, b = office.bot(), office.bot()
    a.put("first", 7)
    await a.sender.settle()
    a.put("second", 7)
    await b.sender.settle()
    assert office.api.texts() == ["first"]
    office.clock.now += 1.0
    await b.sender.settle()
    assert office.api.texts() == ["first", "second"]


async def test_an_answer_of_one_process_goes_before_the_alerts_of_another(office: Office) -> None:
    office.limits = Limits(Rate(3, 1), Rate(100, 100), Rate(100, 100))
    a, b = office.bot(), office.bot()
    for number in range(6):
        a.put(f"alert {number}", 100 + number, ALERT)
    await a.sender.settle()
    assert office.api.texts() == ["alert 0", "alert 1"], "a token is left for who waits"
    b.put("answer", 200)
    await b.sender.settle()
    assert office.api.texts()[-1] == "answer"
    office.clock.now += 30.0
    for _ in range(4):
        await a.sender.settle()
        office.clock.now += 1.0
    assert len(office.api.texts()) == 7


async def test_what_telegram_told_one_process_to_wait_holds_the_others(office: Office) -> None:
    a, b = office.bot(), office.bot()
    a.write(partial(paces.hold, chat=None, until=office.clock.now + 9))
    b.put("0", 7)
    await b.sender.settle()
    assert office.api.calls == []
    office.clock.now += 9.1
    await b.sender.settle()
    assert office.api.texts() == ["0"]


async def test_clocks_that_differ_give_no_message_more(office: Office) -> None:
    a = office.bot()
    limits = Limits(Rate(5, 1), Rate(100, 100), Rate(100, 100))
    times = [100.0, 99.0] * 10  # two processes in turn, one of them a second behind
    went = [a.write(partial(paces.spend, chat=7, now=now, limits=limits)) == now for now in times]
    assert sum(went) == 5


# --- who lives, and who does what ---------------------------------------------------------------------------


def test_who_is_silent_for_long_is_dead_and_who_speaks_is_not() -> None:
    lookout, now = Lookout(), 0.0
    dead: list[str] = []
    while not dead:
        now += BEAT_SECONDS
        dead = lookout.silent({"alive": int(now), "dead": 1}, now)
    assert dead == ["dead"]
    assert now == BEAT_SECONDS + DEAD_SECONDS


def test_nobody_is_dead_because_the_database_was_away() -> None:
    lookout, now = Lookout(), 0.0
    for _ in range(3):
        now += BEAT_SECONDS
        assert lookout.silent({"other": 1}, now) == []
    now += 60.0 + CUT_OFF_SECONDS
    assert lookout.silent({"other": 1}, now) == []
    now += BEAT_SECONDS
    assert lookout.silent({"other": 2}, now) == []


def peers_of(office: Office, name: str, clock: Clock) -> Peers:
    return Peers(office.bot().engine, clock, name)


async def test_one_process_does_what_is_done_for_all_and_another_when_it_dies(office: Office) -> None:
    clock = Clock()
    one, other = peers_of(office, "one", clock), peers_of(office, "other", clock)
    one.beat()
    other.beat()
    assert one.holds(POLLING)
    assert not other.holds(POLLING)
    for _ in range(int(DEAD_SECONDS / BEAT_SECONDS) + 1):
        clock.now += BEAT_SECONDS
        other.beat()
    assert all(other.holds(role) for role in ROLES)
    one.beat()
    assert not one.holds(POLLING), "it comes back, and its roles are taken"


async def test_a_process_that_ends_makes_nobody_wait(office: Office) -> None:
    clock = Clock()
    other = peers_of(office, "other", clock)
    one = peers_of(office, "one", clock)
    one.join()
    other.beat()
    assert one.holds(POLLING)
    one.leave()
    other.beat()
    assert other.holds(POLLING)


async def test_a_bot_that_has_a_folder_to_itself_does_all_of_it_also_what_others_had(tmp_path: Path) -> None:
    engine = open_store(tmp_path)
    with writing(engine) as connection:  # a folder that was moved out of a database of several
        processes.beat(connection, "elsewhere")
        updates.accept(connection, [Update(1, 7, body(1, 7)[1], 0.0)], "elsewhere")
    alone = Peers(engine)
    alone.join()
    assert all(alone.holds(role) for role in ROLES)
    with writing(engine) as connection:
        assert updates.adopt(connection, alone.name) == 1
    engine.dispose()


async def test_what_a_process_does_for_all_ends_when_another_has_taken_it(office: Office) -> None:
    clock, ended = Clock(), asyncio.Event()
    one = peers_of(office, "one", clock)
    one.beat()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    working = asyncio.create_task(one.holding(POLLING, work))
    await asyncio.sleep(0)
    bot = office.bots[0]
    bot.write(lambda connection: connection.execute(sa.update(processes.roles).values(owner=bot.name)))
    one.beat()
    await ended.wait()
    working.cancel()


async def test_others_are_woken_by_a_message_and_by_an_update_of_theirs(office: Office) -> None:
    a, b = office.bot(), office.bot()
    heard: asyncio.Queue[str] = asyncio.Queue()
    loop, stop = asyncio.get_running_loop(), threading.Event()

    def hear(channel: str) -> None:
        loop.call_soon_threadsafe(heard.put_nowait, channel)

    threading.Thread(target=listen, args=(a.engine, (INBOX, OUTBOX), hear, stop), daemon=True).start()
    assert [await heard.get(), await heard.get()] == [INBOX, OUTBOX], "nobody knows what was missed before"
    b.put("0", 7)
    assert await heard.get() == OUTBOX
    await a.inbox.accept([body(1, 7, waits=True)])
    await b.inbox.accept([body(2, 7)])
    assert await heard.get() == INBOX
    stop.set()
    office.gate.set()
    await a.inbox.idle()


async def test_a_job_of_a_dead_process_is_taken_up_by_another_and_no_other_is(office: Office) -> None:
    a, b = office.bot(), office.bot()
    stored = [StoredJob(f"{name}.job", "{}") for name in "ab"]
    for now, (bot, one) in enumerate(zip((a, b), stored, strict=True)):
        bot.write(partial(jobs.add, job=one, now=now, owner=bot.name))
    assert not office.read(partial(jobs.orphaned, owner="b"))
    a.die()
    assert office.read(partial(jobs.orphaned, owner="b"))
    b.write(partial(jobs.adopt, owner="b"))
    assert office.read(partial(jobs.waiting, owner="b")) == stored


# --- versions side by side ----------------------------------------------------------------------------------


def test_a_process_of_the_version_before_works_on_beside_those_of_this_one(postgresql: Server) -> None:
    """What is added first must be nothing that an older program would have to know of; what is no longer needed goes
    in a later version."""
    engine = connect(postgresql.empty(), "chats")
    _migrate(engine, "0004")
    before = sa.MetaData()
    before.reflect(engine)
    _migrate(engine, "head")
    old = before.tables
    update = {"id": 1, "lane": 7, "body": '{"update_id":1}', "state": "waiting", "received_at": 0.0}
    call = {"key": "old", "chat": 7, "topic": 0, "priority": 1, "method": "sendMessage", "params": "{}"}
    call |= {"state": "waiting", "attempts": 0, "next_try": 0.0, "created_at": 0.0}
    with writing(engine) as connection:
        connection.execute(old["updates"].insert(), [update])
        connection.execute(old["outbox"].insert(), [call])
        connection.execute(old["jobs"].insert(), [{"key": "old", "body": "{}", "created_at": 0.0}])
        # What it stored is no lost property: a process of this version takes it over when the old one is gone.
        assert updates.adopt(connection, "new") == 1
        assert jobs.adopt(connection, "new") == 1
        (row,) = outbox.take(connection, "new", 9, ())
        # And the old one sees, and may still end, what the new one has.
        seen = connection.execute(sa.select(old["outbox"]).where(old["outbox"].c.state == "waiting")).one()
        assert seen.id == row.id
        connection.execute(old["updates"].update().values(state="done", body=None))
        assert not updates.finish(connection, 1, 0.0, "new"), "nothing follows twice"
    engine.dispose()


def _migrate(engine: sa.Engine, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        config.attributes["version_table"] = "alembic_version_bot"
        command.upgrade(config, revision)
