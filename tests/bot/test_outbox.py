"""Durable out: nothing lost, nothing twice, in order, at Telegram's pace."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ApiRefused, ApiUnreachable, TokenRejected
from bot.outbox import ALERT, ANSWER, Outbox
from bot.pace import Bucket, Limits, Pace, Rate
from bot.queue import Queue
from bot.store import chats, outbox
from bot.store.base import open_store
from bot.store.outbox import Fate, Outgoing, Waiting
from bot.store.writer import Writer
from bot.verdict import Closed, Later, Plainer, Refused, Rejected, Slower, Taken, judge
from index.store.engine import reading

FAST = Limits(Rate(1000, 1000), Rate(1000, 1000), Rate(1000, 1000))


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class ScriptedApi:
    """Takes every call and remembers it; answers with the next scripted error of a chat, or with a message id."""

    errors: dict[Any, list[Exception]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    gate: asyncio.Event | None = None
    stuck: frozenset[int] = frozenset()
    out: int = 0
    most_out: int = 0

    async def call(self, method: str, params: dict[str, Any]) -> Any:
        self.calls.append((method, params))
        self.out += 1
        self.most_out = max(self.out, self.most_out)
        try:
            await asyncio.sleep(0)
            return await self._answer(method, params)
        finally:
            self.out -= 1

    async def _answer(self, method: str, params: dict[str, Any]) -> Any:
        if self.gate is not None and params.get("chat_id") in self.stuck:
            await self.gate.wait()
        if errors := self.errors.get(params.get("chat_id")):
            raise errors.pop(0)
        return {"message_id": 100 + len(self.calls)} if method == "sendMessage" else True

    def texts(self, chat: int | None = None) -> list[str]:
        return [params["text"] for _, params in self.calls if chat in (None, params.get("chat_id"))]


@dataclass
class Bench:
    engine: sa.Engine
    writer: Writer
    api: ScriptedApi
    clock: Clock

    def outbox(self, limits: Limits = FAST) -> Outbox:
        return Outbox(self.engine, self.writer, self.api, limits, self.clock, lambda: 1.0)

    def put(self, key: str, chat: int, text: str = "", priority: int = ANSWER, **params: Any) -> None:
        row = Outgoing(
            key, "sendMessage", {"chat_id": chat, "text": text or key, **params}, chat,
            params.get("message_thread_id", 0), priority, self.clock.now,
        )  # fmt: skip
        self.add(row)

    def add(self, row: Outgoing) -> None:
        self.writer.submit(lambda connection: outbox.add(connection, [row])).result()

    def fate(self, key: str) -> Fate | None:
        with reading(self.engine) as connection:
            return outbox.fate(connection, key)

    def state(self, key: str) -> str | None:
        fate = self.fate(key)
        return None if fate is None else fate.state

    def read(self, query: Callable[[sa.Connection], Any]) -> Any:
        with reading(self.engine) as connection:
            return query(connection)


@pytest.fixture
async def bench(tmp_path: Path, database: str | None) -> AsyncIterator[Bench]:
    engine = open_store(tmp_path, database)
    with Writer(engine) as writer:
        yield Bench(engine, writer, ScriptedApi(), Clock())
    engine.dispose()


async def test_a_message_is_sent_and_its_id_kept(bench: Bench) -> None:
    bench.put("1.0", 7, "hello")
    await bench.outbox().settle()
    assert bench.api.texts() == ["hello"]
    assert bench.fate("1.0") == Fate("sent", 101)


async def test_a_key_is_sent_once_however_often_it_is_stored(bench: Bench) -> None:
    bench.put("1.0", 7, "hello")
    sender = bench.outbox()
    await sender.settle()
    bench.put("1.0", 7, "hello again")
    await sender.settle()
    assert bench.api.texts() == ["hello"]


async def test_a_message_in_flight_at_a_crash_is_sent_again_and_no_other(bench: Bench) -> None:
    for number in range(3):
        bench.put(f"{number}", 7)
    bench.writer.submit(lambda connection: outbox.claim(connection, 1)).result()  # and then the process died
    sender = bench.outbox()
    await sender.start()
    await sender.settle()
    assert bench.api.texts() == ["0", "1", "2"]


async def test_one_message_is_on_its_way_at_a_time_so_that_a_crash_can_double_only_one(bench: Bench) -> None:
    for number in range(30):
        bench.put(f"{number}", number % 10)
    await bench.outbox().settle()
    assert len(bench.api.calls) == 30
    assert bench.api.most_out == 1


async def test_an_edit_finds_the_message_that_an_earlier_row_became(bench: Bench) -> None:
    bench.put("1.0", 7)
    edit = Outgoing(
        "2.0", "editMessageText", {"chat_id": 7, "message_id": {"$sent": "1.0"}, "text": "b"}, 7, 0, 1, bench.clock.now
    )
    bench.add(edit)
    await bench.outbox().settle()
    assert bench.api.calls[1] == ("editMessageText", {"chat_id": 7, "message_id": 101, "text": "b"})


async def test_an_edit_of_a_message_that_was_refused_is_dropped(bench: Bench) -> None:
    bench.api.errors[7] = [ApiRefused(400, "Bad Request: message is too long")]
    bench.put("1.0", 7)
    bench.add(
        Outgoing("2.0", "editMessageText", {"chat_id": 7, "message_id": {"$sent": "1.0"}, "text": "b"}, 7, 0, 1, 0.0)
    )
    await bench.outbox().settle()
    assert (bench.state("1.0"), bench.state("2.0")) == ("refused", "refused")
    assert len(bench.api.calls) == 1


async def test_a_reply_to_a_message_that_waited_itself_answers_it_and_one_to_a_refused_one_goes_alone(
    bench: Bench,
) -> None:
    bench.api.errors[8] = [ApiRefused(400, "Bad Request: message is too long")]
    for chat in (7, 8):
        bench.put(f"{chat}.first", chat)
        reply = {"message_id": {"$sent": f"{chat}.first"}, "allow_sending_without_reply": True}
        params = {"chat_id": chat, "text": f"reply in {chat}", "reply_parameters": reply}
        bench.add(Outgoing(f"{chat}.second", "sendMessage", params, chat, 0, ALERT, bench.clock.now))
    await bench.outbox().settle()
    sent = {params["text"]: params for _, params in bench.api.calls}
    assert sent["reply in 7"]["reply_parameters"]["message_id"] == bench.fate("7.first").message_id
    assert "reply_parameters" not in sent["reply in 8"]
    assert bench.state("8.second") == "sent"


async def test_a_failure_is_tried_again_later_each_time_and_the_chat_keeps_its_order(bench: Bench) -> None:
    bench.api.errors[7] = [ApiUnreachable("down"), ApiRefused(502, "Bad Gateway"), ApiUnreachable("down")]
    bench.put("a", 7)
    bench.put("b", 7)
    sender = bench.outbox()
    waits = []
    while bench.state("b") != "sent":
        await sender.settle()
        tried = len(bench.api.calls)
        began = bench.clock.now
        while len(bench.api.calls) == tried and bench.state("b") != "sent":
            bench.clock.now += 0.25
            await sender.settle()
        waits.append(bench.clock.now - began)
    assert bench.api.texts() == ["a", "a", "a", "a", "b"]
    assert waits[:3] == [0.5, 1.0, 2.0]


async def test_a_stuck_chat_holds_nobody_else_up(bench: Bench) -> None:
    bench.api.errors[7] = [ApiUnreachable("down")] * 50
    for number in range(5):
        bench.put(f"7.{number}", 7)
        bench.put(f"8.{number}", 8)
    await bench.outbox().settle()
    assert bench.api.texts(8) == [f"8.{number}" for number in range(5)]
    assert bench.state("7.0") == "waiting"


async def test_a_stalled_call_holds_the_others_for_a_moment_only(bench: Bench) -> None:
    bench.api.gate, bench.api.stuck = asyncio.Event(), frozenset([7])
    bench.put("7.0", 7)
    bench.put("8.0", 8)
    sender = bench.outbox()
    running = asyncio.create_task(sender.run())
    while not bench.api.calls:
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert bench.api.texts() == ["7.0"]
    bench.clock.now += 1.0
    sender.wake()
    while bench.state("8.0") != "sent":
        await asyncio.sleep(0)
    bench.api.gate.set()
    sender.stop()
    await running
    assert bench.state("7.0") == "sent"


async def test_retry_after_is_obeyed_for_the_chat(bench: Bench) -> None:
    bench.api.errors[7] = [ApiRefused(429, "Too Many Requests: retry after 9", retry_after=9)]
    bench.put("7.0", 7)
    bench.put("8.0", 8)
    sender = bench.outbox()
    await sender.settle()
    assert bench.state("8.0") == "sent"
    bench.clock.now += 8.9
    await sender.settle()
    assert bench.state("7.0") == "waiting"
    bench.clock.now += 0.2
    await sender.settle()
    assert bench.state("7.0") == "sent"


async def test_two_chats_told_to_wait_hold_the_whole_bot(bench: Bench) -> None:
    for chat in (7, 8):
        bench.api.errors[chat] = [ApiRefused(429, "Too Many Requests: retry after 9", retry_after=9)]
        bench.put(f"{chat}.0", chat)
    sender = bench.outbox()
    await sender.settle()
    bench.put("9.0", 9)
    await sender.settle()
    assert bench.state("9.0") == "waiting"
    bench.clock.now += 9.1
    await sender.settle()
    assert [bench.state(key) for key in ("7.0", "8.0", "9.0")] == ["sent"] * 3


async def test_answers_go_before_alerts(bench: Bench) -> None:
    limits = Limits(Rate(1, 1), Rate(100, 100), Rate(100, 100))
    for number in range(3):
        bench.put(f"alert {number}", 7, priority=ALERT)
    bench.put("answer here", 7)
    bench.put("answer there", 8)
    sender = bench.outbox(limits)
    for _ in range(8):
        await sender.settle()
        bench.clock.now += 1.0
    assert bench.api.texts() == ["answer here", "answer there", "alert 0", "alert 1", "alert 2"]


async def test_a_group_that_became_a_supergroup_is_followed(bench: Bench) -> None:
    bench.writer.submit(lambda connection: chats.save(connection, -5, '{"lang":"uk"}', 0.0)).result()
    bench.api.errors[-5] = [
        ApiRefused(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to=-1005)
    ]
    bench.put("a", -5, reply_parameters={"message_id": 3})
    bench.put("b", -5)
    await bench.outbox().settle()
    assert bench.api.texts(-1005) == ["a", "b"]
    assert "reply_parameters" not in bench.api.calls[1][1]
    assert bench.read(lambda connection: chats.state(connection, -1005)) == '{"lang":"uk"}'


async def test_a_chat_that_blocked_the_bot_is_recorded_and_not_tried_again(bench: Bench) -> None:
    bench.api.errors[7] = [ApiRefused(403, "Forbidden: bot was blocked by the user")]
    for number in range(4):
        bench.put(f"{number}", 7)
    sender = bench.outbox()
    await sender.settle()
    bench.clock.now += 3600
    await sender.settle()
    assert len(bench.api.calls) == 1
    assert bench.state("3") == "refused"
    assert "blocked" in bench.read(lambda connection: chats.why_unreachable(connection, 7))


async def test_a_closed_topic_leaves_the_rest_of_the_chat_alone(bench: Bench) -> None:
    bench.api.errors[-100] = [ApiRefused(400, "Bad Request: TOPIC_CLOSED")]
    bench.put("a", -100, message_thread_id=5)
    bench.put("b", -100)
    bench.put("c", -100, message_thread_id=5)
    await bench.outbox().settle()
    assert [bench.state(key) for key in "abc"] == ["refused", "sent", "refused"]
    assert bench.read(lambda connection: chats.why_unreachable(connection, -100)) is None
    assert bench.read(lambda connection: chats.why_unreachable(connection, -100, 5)) is not None


async def test_rejected_entities_are_left_out_and_the_text_arrives(bench: Bench) -> None:
    bench.api.errors[7] = [ApiRefused(400, "Bad Request: can't parse entities: Unsupported start tag")]
    bench.put("a", 7, entities=[{"type": "bold", "offset": 0, "length": 99}], reply_markup={"inline_keyboard": []})
    await bench.outbox().settle()
    assert bench.api.calls[1] == ("sendMessage", {"chat_id": 7, "text": "a", "reply_markup": {"inline_keyboard": []}})


async def test_what_nobody_waits_for_any_more_is_not_sent(bench: Bench) -> None:
    bench.add(Outgoing("t", "answerCallbackQuery", {"callback_query_id": "1"}, None, 0, 0, 0.0, expires_at=60.0))
    await bench.outbox().settle()
    assert bench.api.calls == []
    assert bench.state("t") == "expired"


async def test_a_revoked_token_stops_the_sender_and_loses_nothing(bench: Bench) -> None:
    bench.api.errors[7] = [ApiRefused(401, "Unauthorized")]
    bench.put("a", 7)
    with pytest.raises(TokenRejected, match="BotFather"):
        await bench.outbox().run()
    assert bench.state("a") == "waiting"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (ApiRefused(400, "Bad Request: message is not modified: specified new message content and …"), Taken()),
        (ApiRefused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"), Taken()),
        (ApiRefused(400, "Bad Request: message to edit not found"), Taken()),
        (ApiRefused(400, "Bad Request: chat not found"), Closed(0)),
        (ApiRefused(400, "Bad Request: not enough rights to send text messages to the chat"), Closed(0)),
        (ApiRefused(400, "Bad Request: need administrator rights in the channel chat"), Closed(0)),
        (ApiRefused(403, "Forbidden: bot was kicked from the supergroup chat"), Closed(0)),
        (ApiRefused(400, "Bad Request: message is too long"), Refused()),
        (ApiRefused(400, "Bad Request: message to be replied not found"), Plainer({"chat_id": 1, "text": "x"})),
        (ApiRefused(429, "Too Many Requests: retry after 3", retry_after=3), Slower(3)),
        (ApiRefused(500, "Internal Server Error"), Later()),
        (ApiRefused(401, "Unauthorized"), Rejected()),
        (ApiUnreachable("httpx.ReadTimeout"), Later()),
    ],
)
def test_each_refusal_has_its_meaning(said: ApiRefused | ApiUnreachable, verdict: object) -> None:
    params = {"chat_id": 1, "text": "x", "reply_parameters": {"message_id": 2}}
    assert judge("sendMessage", params, said) == verdict


@given(st.lists(st.tuples(st.sampled_from([1, 2, -3, None]), st.sampled_from([1, 2])), max_size=40))
@settings(max_examples=60, deadline=None)
def test_every_row_comes_out_once_in_its_chats_order(rows: list[tuple[int | None, int]]) -> None:
    queue, pace, now = Queue(), Pace(Limits(), 0.0), 0.0
    for id, (chat, priority) in enumerate(rows, 1):
        queue.add(Waiting(id, chat, priority, 0.0, None))
    seen: list[Waiting] = []
    while len(queue):
        row = queue.next_answer(now) or queue.next_message(pace, now)
        if row is None:
            wake_at = queue.wake_at(pace, now)
            assert wake_at is not None
            assert wake_at > now
            now = wake_at
            continue
        if row.chat is not None:
            pace.spend(row.chat, now)
        seen.append(row)
        queue.release(row)
    assert Counter(row.id for row in seen) == Counter(range(1, len(rows) + 1))
    for chat in (1, 2, -3):
        order = [(row.priority, row.id) for row in seen if row.chat == chat]
        assert order == sorted(order)


@given(st.lists(st.floats(0, 3), min_size=5, max_size=80), st.sampled_from([7, -7]))
@settings(max_examples=60, deadline=None)
def test_no_chat_gets_more_than_its_rate(gaps: list[float], chat: int) -> None:
    pace, now, sent = Pace(Limits(), 0.0), 0.0, []
    for gap in gaps:
        now += gap
        while (ready := max(pace.ready_at(chat, now), pace.overall_ready_at(now))) > now:
            now = ready
        pace.spend(chat, now)
        sent.append(now)
    for window, most in ((10.0, 3 + 10), (60.0, 20 + 20 if chat < 0 else 3 + 60)):
        for start in sent:
            assert sum(start <= at < start + window for at in sent) <= most + 1


def test_a_clock_that_steps_back_gives_nothing_and_takes_nothing() -> None:
    bucket = Bucket.full(Rate(2, 1), 100.0)
    bucket.take(100.0)
    assert bucket.ready_at(50.0) == 50.0
    bucket.take(50.0)
    assert bucket.ready_at(50.0) == 51.0


FATES = ("ok", "500", "429", "drop_before", "drop_after", "crash_before", "crash_after")


@dataclass
class Fateful:
    """Each call meets the next fate; a crash is told of, and its call never comes back."""

    fates: list[str]
    crashed: asyncio.Event
    delivered: list[tuple[int, str]] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)

    async def call(self, method: str, params: dict[str, Any]) -> Any:
        fate = self.fates.pop(0) if self.fates else "ok"
        self.met[fate] += 1
        match fate:
            case "500":
                raise ApiRefused(500, "Internal Server Error")
            case "429":
                raise ApiRefused(429, "Too Many Requests: retry after 3", retry_after=3)
            case "drop_before":
                raise ApiUnreachable("httpx.ReadError")
        if fate != "crash_before":
            self.delivered.append((params["chat_id"], params["text"]))
        if fate == "drop_after":
            raise ApiUnreachable("httpx.ReadError")
        if fate.startswith("crash"):
            self.crashed.set()
            await asyncio.Event().wait()
        return {"message_id": len(self.delivered)}


async def _survive(folder: Path, api: Fateful, chats_of_rows: list[int]) -> None:
    """Sends the rows through one life of the outbox after another, until nothing waits."""
    engine, clock = sa.create_engine(f"sqlite:///{folder / 'chats.db'}"), Clock()
    with Writer(engine) as writer:
        rows = [
            Outgoing(f"{number}", "sendMessage", {"chat_id": chat, "text": f"{number}"}, chat, 0, ANSWER, clock.now)
            for number, chat in enumerate(chats_of_rows)
        ]
        await writer.write(lambda connection: outbox.add(connection, rows))
        while await writer.write(
            lambda connection: len(outbox.waiting(connection)) + outbox.requeue_interrupted(connection)
        ):
            sender = Outbox(engine, writer, api, FAST, clock, lambda: 1.0)
            await sender.start()
            life, death = asyncio.create_task(sender.settle()), asyncio.create_task(api.crashed.wait())
            await asyncio.wait([life, death], return_when=asyncio.FIRST_COMPLETED)
            rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)
            api.crashed.clear()
            clock.now += 60
    engine.dispose()


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    open_store(folder).dispose()
    return folder


@given(
    chats_of_rows=st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=12),
    fates=st.lists(st.sampled_from(FATES), max_size=12),
)
@settings(max_examples=25, deadline=None)
def test_whatever_happens_every_message_arrives_in_order_and_a_crash_doubles_one_at_most(
    empty_store: Path, chats_of_rows: list[int], fates: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(empty_store, folder, dirs_exist_ok=True)
        api = Fateful(list(fates), asyncio.Event())
        asyncio.run(_survive(Path(folder), api, chats_of_rows))
    counts = Counter(text for _, text in api.delivered)
    assert set(counts) == {f"{number}" for number in range(len(chats_of_rows))}
    assert counts.total() - len(counts) <= api.met["crash_after"] + api.met["drop_after"]
    for chat in set(chats_of_rows):
        first_seen = dict.fromkeys(text for where, text in api.delivered if where == chat)
        assert list(first_seen) == [f"{n}" for n, row in enumerate(chats_of_rows) if row == chat]
