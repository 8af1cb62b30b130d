"""Durable in: stored before it is acknowledged, processed once, in order, whatever dies in between."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
import sqlalchemy as sa

import bot.store
from bot.inbox import TRIES, Inbox, Outcome
from bot.store import chats, outbox, updates, whole_chat
from bot.store.base import metadata, open_store
from bot.store.outbox import Outgoing
from bot.store.updates import Update
from bot.store.writer import Writer
from bot.together import FEW, MANY, Together
from index.article import Answer, Question
from index.errors import LibraryLocked
from index.store.engine import reading


def body(id: int, chat: int, text: str = "") -> tuple[int, dict[str, Any]]:
    return chat, {"update_id": id, "message": {"chat": {"id": chat}, "text": text}}


@dataclass
class Echo:
    """Answers each update with one message; notes what ran, and can be told to fail or to wait."""

    seen: list[int] = field(default_factory=list)
    errors: dict[int, list[Exception]] = field(default_factory=dict)
    gates: dict[int, asyncio.Event] = field(default_factory=dict)

    async def __call__(self, update: Update) -> Outcome:
        if gate := self.gates.get(update.id):
            await gate.wait()
        self.seen.append(update.id)
        if errors := self.errors.get(update.id):
            raise errors.pop(0)
        text = update.body["message"]["text"]
        reply = Outgoing(f"u{update.id}.0", "sendMessage", {"text": text}, update.lane, 0, 1, update.received_at)
        return Outcome([reply], [lambda connection: chats.save(connection, update.lane, "{}", 0.0)])


@dataclass
class Bench:
    engine: sa.Engine
    writer: Writer
    echo: Echo

    def inbox(self) -> Inbox:
        return Inbox(self.engine, self.writer, self.echo, lambda: None, lambda: 1000.0)

    def replies(self) -> int:
        with reading(self.engine) as connection:
            return len(outbox.waiting(connection))

    def states(self) -> dict[str, int]:
        with reading(self.engine) as connection:
            return updates.counts(connection)


@pytest.fixture
async def bench(tmp_path: Path, database: str | None) -> AsyncIterator[Bench]:
    engine = open_store(tmp_path, database)
    with Writer(engine) as writer:
        yield Bench(engine, writer, Echo())
    engine.dispose()


async def test_an_update_is_processed_once_though_telegram_repeats_it(bench: Bench) -> None:
    inbox = bench.inbox()
    await inbox.accept([body(1, 7), body(2, 7)])
    await inbox.accept([body(1, 7), body(2, 7), body(3, 7)])
    await inbox.idle()
    await inbox.accept([body(2, 7)])
    await inbox.idle()
    assert bench.echo.seen == [1, 2, 3]
    assert bench.replies() == 3


async def test_what_was_accepted_before_a_crash_is_answered_after_it(bench: Bench) -> None:
    bench.echo.gates = {id: asyncio.Event() for id in (1, 2)}
    before = bench.inbox()
    await before.accept([body(1, 7), body(2, 8)])
    await before.stop(grace=0.0)
    assert bench.replies() == 0
    bench.echo.gates.clear()
    after = bench.inbox()
    await after.start()
    await after.idle()
    assert sorted(bench.echo.seen) == [1, 2]
    assert bench.states() == {"done": 2}
    assert bench.replies() == 2


async def test_a_chat_keeps_its_order_and_a_slow_one_holds_nobody_up(bench: Bench) -> None:
    bench.echo.gates = {1: asyncio.Event()}
    inbox = bench.inbox()
    await inbox.accept([body(1, 7), body(2, 7), body(3, 8), body(4, 8)])
    while bench.echo.seen != [3, 4]:
        await asyncio.sleep(0)
    bench.echo.gates[1].set()
    await inbox.idle()
    assert bench.echo.seen == [3, 4, 1, 2]


async def test_a_fault_in_one_update_is_put_aside_and_its_chat_goes_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.FIRST_BACKOFF", 0.0)
    bench.echo.errors[1] = [KeyError("a fault of ours")] * 99
    inbox = bench.inbox()
    await inbox.accept([body(1, 7), body(2, 7)])
    await inbox.idle()
    assert bench.states() == {"done": 1, "failed": 1}
    assert bench.echo.seen == [1] * TRIES + [2]


async def test_a_locked_library_is_waited_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.inbox.FIRST_BACKOFF", 0.0)
    bench.echo.errors[1] = [LibraryLocked("busy"), LibraryLocked("busy")]
    inbox = bench.inbox()
    await inbox.accept([body(1, 7)])
    await inbox.idle()
    assert bench.echo.seen == [1, 1, 1]
    assert bench.states() == {"done": 1}


async def test_text_of_a_processed_update_is_not_kept(bench: Bench) -> None:
    inbox = bench.inbox()
    await inbox.accept([body(1, 7, "a private question")])
    await inbox.idle()
    with reading(bench.engine) as connection:
        assert connection.scalar(sa.select(updates.updates.c.body)) is None


async def test_forgetting_a_chat_leaves_nothing_of_it_but_what_still_waits(bench: Bench) -> None:
    inbox = bench.inbox()
    await inbox.accept([body(1, 7), body(2, 8)])
    await inbox.idle()
    await bench.writer.write(lambda connection: outbox.sent(connection, 1, 50, 0.0))
    await bench.writer.write(lambda connection: whole_chat.forget(connection, 7))
    with reading(bench.engine) as connection:
        assert chats.state(connection, 7) is None
        assert chats.state(connection, 8) == "{}"
        assert connection.scalars(sa.select(outbox.outbox.c.chat)).all() == [8]
        assert connection.scalars(sa.select(updates.updates.c.lane).order_by(updates.updates.c.id)).all() == [0, 8]


async def test_a_chat_that_waits_long_is_told_so_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.inbox.LONG_WAIT", 0.0)
    asked: list[int] = []

    async def reassure(update: Update) -> Sequence[Outgoing]:
        asked.append(update.id)
        # Nobody waits for the first: then the chat is looked at again.
        return [Outgoing("note", "sendMessage", {"text": "wait"}, 7, 0, 1, 0.0)] if len(asked) > 1 else []

    bench.echo.gates = {1: asyncio.Event()}
    inbox = Inbox(bench.engine, bench.writer, bench.echo, lambda: None, lambda: 1000.0, reassure)
    await inbox.accept([body(1, 7), body(2, 7)])
    while bench.replies() == 0:
        await asyncio.sleep(0)
    bench.echo.gates[1].set()
    await inbox.idle()
    assert asked == [1, 1]
    assert bench.replies() == 3


def test_the_tables_are_what_the_migrations_make(tmp_path: Path, database: str | None) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    for module in iter_modules(bot.store.__path__):
        import_module(f"bot.store.{module.name}")
    engine = open_store(tmp_path, database)
    with engine.connect() as connection:
        options = {"version_table": "alembic_version_bot", "include_name": _is_of_the_bot}
        context = MigrationContext.configure(connection, opts=options)
        found = compare_metadata(context, metadata)
    engine.dispose()
    # Comments are for who reads the code; SQLite keeps none.
    changed = [change for change in found if not (isinstance(change, list) and change[0][0] == "modify_comment")]
    assert changed == []


def _is_of_the_bot(name: str | None, kind: str, parents: object) -> bool:
    """PostgreSQL holds the library's tables as well."""
    return kind != "table" or name in metadata.tables


class TestWriter:
    async def test_a_piece_that_fails_takes_no_other_with_it(self, bench: Bench) -> None:
        def fail(connection: sa.Connection) -> None:
            chats.save(connection, 1, "{}", 0.0)
            raise ValueError("no")

        pieces: list[Callable[[sa.Connection], None]] = [
            fail,
            *(partial(chats.save, chat=chat, state="{}", now=0.0) for chat in (2, 3)),
        ]
        results = await asyncio.gather(*(bench.writer.write(piece) for piece in pieces), return_exceptions=True)
        assert isinstance(results[0], ValueError)
        with reading(bench.engine) as connection:
            assert connection.scalars(sa.select(chats.chats.c.id)).all() == [2, 3]

    async def test_many_pieces_share_a_commit(self, bench: Bench) -> None:
        commits: list[object] = []
        sa.event.listen(bench.engine, "commit", commits.append)
        gate = threading.Event()
        bench.writer.submit(lambda connection: gate.wait())
        futures = [bench.writer.submit(partial(chats.save, chat=chat, state="{}", now=0.0)) for chat in range(200)]
        gate.set()
        for future in futures:
            future.result()
        assert len(commits) <= 3


@dataclass
class Library:
    """Notes which questions came together; a question named "bad" is refused."""

    batches: list[int] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    version: int = 1

    def ask_many(self, questions: Sequence[Question]) -> list[Answer]:
        self.batches.append(len(questions))
        self.gate.wait()
        if any(question.text == "bad" for question in questions):
            raise ValueError("bad")
        return [Answer(question, (), (), 0.0, 0.5, 0.0) for question in questions]


async def test_questions_that_wait_are_asked_together_and_the_loop_runs_on() -> None:
    library = Library()
    together = Together(library)
    first = asyncio.ensure_future(together.ask(Question("0")))
    while not library.batches:
        await asyncio.sleep(0)
    others = [asyncio.ensure_future(together.ask(Question(str(number)))) for number in range(1, 12)]
    for _ in range(3):
        await asyncio.sleep(0)
    assert library.batches == [1], "the loop goes round while the first question is still being searched"
    library.gate.set()
    answers = await asyncio.gather(first, *others)
    assert [answer.question.text for answer in answers] == [str(number) for number in range(12)]
    assert library.batches[0] == 1
    assert sum(library.batches) == 12
    assert len(library.batches) <= 1 + 12 // FEW
    assert max(library.batches) <= MANY
    together.close()


async def test_one_bad_question_leaves_the_others_their_answers() -> None:
    library = Library()
    library.gate.set()
    together = Together(library)
    asked = [together.ask(Question(text)) for text in ("a", "bad", "b")]
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(results[1], ValueError)
    assert [answer.question.text for answer in results[::2] if isinstance(answer, Answer)] == ["a", "b"]
    together.close()


class TestKeptAnswers:
    async def asked(self, library: Library, *questions: Question) -> list[Answer]:
        library.gate.set()
        together = Together(library)
        answers = [await together.ask(question) for question in questions]
        together.close()
        return answers

    async def test_the_very_same_question_is_answered_once(self) -> None:
        library = Library()
        answers = await self.asked(library, Question("a"), Question("b"), Question("a"), Question("a"))
        assert library.batches == [1, 1]
        assert [answer.question.text for answer in answers] == ["a", "b", "a", "a"]

    @pytest.mark.parametrize(
        "other",
        [
            Question("and in winter?", k=9),
            Question("and in winter?", previous="How often does the ferry run?"),
            Question("and in winter?", false_answers=0.01),
            Question("and in winter?", source="Courier"),
            Question("And in winter?"),
        ],
        ids=["k", "previous", "false answers", "source", "text"],
    )
    async def test_another_question_is_asked(self, other: Question) -> None:
        library = Library()
        await self.asked(library, Question("and in winter?"), other)
        assert library.batches == [1, 1]

    @pytest.mark.parametrize("text", ["Thanks! And in winter?", "And in winter? Who is the king?"])
    async def test_what_was_asked_before_makes_another_question_of_a_follow_up(self, text: str) -> None:
        library = Library()
        await self.asked(library, Question(text), Question(text, previous="How often does the ferry run?"))
        assert library.batches == [1, 1]

    async def test_what_was_asked_before_makes_no_other_question_of_one_that_stands_alone(self) -> None:
        library = Library()
        ferry = "How often does the ferry run?"
        await self.asked(library, Question(ferry), Question(ferry, previous="When did the bridge open again?"))
        assert library.batches == [1]

    async def test_a_new_version_of_the_library_is_asked_anew(self) -> None:
        library = Library()
        library.gate.set()
        together = Together(library)
        await together.ask(Question("a"))
        library.version = 2
        await together.ask(Question("a"))
        assert library.batches == [1, 1]
        together.close()

    async def test_the_same_question_of_many_chats_at_once_is_one_question(self) -> None:
        library = Library()
        together = Together(library)
        first = asyncio.ensure_future(together.ask(Question("first")))
        while not library.batches:
            await asyncio.sleep(0)
        others = [asyncio.ensure_future(together.ask(Question("a"))) for _ in range(FEW)]
        await asyncio.sleep(0)
        library.gate.set()
        answers = await asyncio.gather(first, *others)
        assert library.batches == [1, 1]
        assert [answer.question.text for answer in answers[1:]] == ["a"] * FEW
        together.close()

    async def test_a_failure_is_not_kept(self) -> None:
        library = Library()
        library.gate.set()
        together = Together(library)
        for _ in range(2):
            with pytest.raises(ValueError, match="bad"):
                await together.ask(Question("bad"))
        assert library.batches == [1, 1]
        together.close()

    async def test_old_ones_make_room(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.together.KEPT", 2)
        library = Library()
        await self.asked(library, *map(Question, "abca"))
        assert library.batches == [1, 1, 1, 1]
