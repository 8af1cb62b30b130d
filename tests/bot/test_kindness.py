"""A fault of ours: whoever waits is told in one sentence, nobody else is, and the log does not tell what was said."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot import conversation, talk
from bot.conversation import ChatState, Limits, Setup
from bot.inbox import TRIES, Inbox
from bot.incoming import Chat, ChatKind, Incoming, InlineQuery, Membership, Message, Press, Standing, User
from bot.jobs import Jobs
from bot.render import telegram as render
from bot.reply import InlineAnswer, Toast
from bot.reply import Message as Said
from bot.store import chats, updates
from bot.store.base import open_store
from bot.store.outbox import outbox
from bot.store.writer import Writer
from bot.talk import Talk
from bot.together import Together
from bot.words import LANGUAGES, words
from index.article import Answer, Question
from index.store.engine import reading
from tests.bot.scripted import ScriptedLibrary

BOT_ID, SETUP = 1, Setup("pullquote_bot", 1, b"secret", limits=Limits(user_burst=1000, chat_burst=1000))
BAD, GOOD = "Where did Otto hide the silver spoons?", "How often does the ferry run?"
ANN, NOW = User(7, "Ann", "en"), datetime(2024, 11, 6, 9, 0, tzinfo=UTC)
PRIVATE, GROUP = Chat(7, ChatKind.PRIVATE), Chat(-7, ChatKind.SUPERGROUP, "Newsroom", 3, True)


class FaultyLibrary(ScriptedLibrary):
    """Fails on one question as code fails that nobody thought of: with what was asked in the error."""

    faults = 10**6

    def ask_many(self, questions: Sequence[Question]) -> list[Answer]:
        for question in questions:
            if question.text == BAD and self.faults:
                self.faults -= 1
                raise ValueError(f"can't fold {question.text!r}")
        return [self.ask(question) for question in questions]


@dataclass
class SilentApi:
    """Takes every call."""

    calls: list[str] = field(default_factory=list)

    async def call(self, method: str, params: dict[str, Any]) -> Any:
        self.calls.append(method)
        return True


@dataclass
class Bench:
    engine: sa.Engine
    writer: Writer
    library: FaultyLibrary
    inbox: Inbox
    woken: list[int]

    async def hear(self, *bodies: dict[str, Any]) -> None:
        lanes = [(int(body.get("chat", body["from"])["id"]), kind, body) for kind, body in map(_kind, bodies)]
        await self.inbox.accept(
            [(lane, {"update_id": number, kind: body}) for number, (lane, kind, body) in enumerate(lanes, 1)]
        )
        await self.inbox.idle()

    def sent(self) -> list[tuple[str, dict[str, Any]]]:
        with reading(self.engine) as connection:
            rows = connection.execute(sa.select(outbox.c.method, outbox.c.params).order_by(outbox.c.id))
            return [(row.method, json.loads(row.params)) for row in rows]

    def texts(self) -> list[str]:
        return [params.get("text", "") for _, params in self.sent()]

    def states(self) -> dict[str, int]:
        with reading(self.engine) as connection:
            return updates.counts(connection)


def _kind(body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return ("inline_query" if "query" in body else "message"), body


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    monkeypatch.setattr("bot.inbox.FIRST_BACKOFF", 0.0)
    engine, library, woken = open_store(tmp_path), FaultyLibrary(), list[int]()
    together = Together(library)
    with Writer(engine) as writer:
        # What takes long is not asked for here, so that the part that does it is not there.
        speaker = Talk(engine, SilentApi(), library, together, cast(Jobs, None), SETUP)
        apologies = (speaker.apologise, speaker.apologise_barely)
        inbox = Inbox(engine, writer, speaker, lambda: woken.append(1), lambda: 1000.0, apologies=apologies)
        yield Bench(engine, writer, library, inbox, woken)
    together.close()
    engine.dispose()


def says(text: str, chat: int = 7, type: str = "private", number: int = 5, **more: Any) -> dict[str, Any]:
    user = {"id": 7, "is_bot": False, "first_name": "Ann", "language_code": "en"}
    return {"message_id": number, "date": 0, "chat": {"id": chat, "type": type}, "from": user, "text": text, **more}


async def test_whoever_asked_is_told_and_the_chat_goes_on(bench: Bench) -> None:
    await bench.hear(says(BAD), says(GOOD, number=6))
    apology, answer = bench.texts()
    assert apology == words("en").say("ask.fault")
    assert "ferry" in answer
    assert bench.states() == {"done": 1, "failed": 1}
    assert bench.woken, "the outbox must hear of the apology"


async def test_a_fault_that_passes_costs_nothing(bench: Bench) -> None:
    bench.library.faults = TRIES - 1
    await bench.hear(says(BAD))
    assert bench.states() == {"done": 1}
    assert bench.texts() != [words("en").say("ask.fault")]


async def test_the_log_and_the_record_have_the_place_and_not_the_words(bench: Bench) -> None:
    with capture_logs() as lines:
        await bench.hear(says(BAD))
    (line,) = [line for line in lines if line["event"] == "an update was put aside"]
    assert (line["error"], line["log_level"]) == ("ValueError", "error")
    assert any("ask_many" in place for place in line["trace"])
    with reading(bench.engine) as connection:
        reason = str(connection.scalar(sa.select(updates.updates.c.error)))
    assert reason.startswith("ValueError test_kindness.py:")
    assert not {"Otto", "spoons"} & set((json.dumps(lines) + reason).replace("'", " ").split())


async def test_in_a_group_the_apology_answers_the_question_in_its_topic(bench: Bench) -> None:
    thread = {"message_thread_id": 3, "is_topic_message": True}
    await bench.hear(says(f"/ask {BAD}", -7, "supergroup", **thread))
    ((method, params),) = bench.sent()
    assert (method, params["chat_id"], params["message_thread_id"]) == ("sendMessage", -7, 3)
    assert params["reply_parameters"]["message_id"] == 5


async def test_an_inline_query_ends_with_a_hint_that_is_not_cached(bench: Bench) -> None:
    await bench.hear({"id": "q1", "from": {"id": 7, "first_name": "Ann", "language_code": "en"}, "query": BAD})
    ((method, params),) = bench.sent()
    assert (method, params["results"], params["cache_time"]) == ("answerInlineQuery", [], 0)
    assert params["button"]["text"] == words("en").say("inline.fault")


async def test_a_fault_in_understanding_is_told_in_private_alone(bench: Bench) -> None:
    for chat in (7, -7):
        await bench.writer.write(partial(chats.save, chat=chat, state="{torn", now=0.0))
    await bench.hear(says(GOOD), says(f"/ask {GOOD}", -7, "supergroup"))
    assert bench.sent() == [("sendMessage", {**bench.sent()[0][1], "chat_id": 7})]
    assert bench.texts() == [words("en").say("ask.fault")]
    assert bench.states() == {"failed": 2}


async def test_an_update_is_not_given_up_before_that_is_stored(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = [OSError("the disk is gone")] * 2
    fail = updates.fail

    def flaky(*given: Any) -> bool:
        if failures:
            raise failures.pop()
        return fail(*given)

    monkeypatch.setattr(updates, "fail", flaky)
    await bench.hear(says(BAD))
    assert bench.states() == {"failed": 1}
    assert bench.texts() == [words("en").say("ask.fault")]


@pytest.mark.parametrize(
    "event",
    [
        Message("u1", GROUP, ANN, 5, "just talk"),
        Message("u1", GROUP, User(8, "Bot", is_bot=True), 5, f"/ask {GOOD}"),
        Message("u1", GROUP, ANN, 5, "/ask@another_bot x"),
        Membership("u1", GROUP, ANN, Standing.LEFT, Standing.MEMBER),
    ],
    ids=["talk", "bot", "other-bot", "membership"],
)
def test_who_did_not_ask_is_not_disturbed(event: Incoming) -> None:
    assert conversation.apology(ChatState(), event, NOW, SETUP) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_kind_of_event_has_its_apology_in_every_language(lang: str) -> None:
    user = User(7, "Ann", lang)
    events: list[Incoming] = [
        Message("u1", PRIVATE, user, 5, GOOD),
        Press("u1", "q", user, "x", PRIVATE, 50),
        Press("u1", "q", user, "x", None, None),
        InlineQuery("u1", "q", user, GOOD),
    ]
    said = [conversation.apology(ChatState(), event, NOW, SETUP) for event in events]
    assert [type(reply) for reply in said] == [Said, Toast, Toast, InlineAnswer]
    assert isinstance(said[0], Said)
    assert said[0].content.text == words(lang).say("ask.fault")
    assert all(call.key == "u1.fault" for reply in said if reply for call in render.calls(reply))


async def test_typing_is_shown_for_a_few_chats_at_a_time(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "TYPING_AFTER", 0.0)
    monkeypatch.setattr(talk, "TYPING_AGAIN", 0.0)
    gate, out, most = asyncio.Event(), 0, 0

    @dataclass
    class SlowApi:
        async def call(self, method: str, params: dict[str, Any]) -> Any:
            nonlocal out, most
            out, most = out + 1, max(most, out + 1)
            await gate.wait()
            out -= 1
            return True

    class SlowTogether:
        async def ask(self, question: Question) -> Answer:
            while out < talk.TYPING_AT_ONCE:
                await asyncio.sleep(0)
            for _ in range(20):
                await asyncio.sleep(0)
            return bench.library.ask(question)

    speaker = Talk(bench.engine, SlowApi(), bench.library, cast(Together, SlowTogether()), cast(Jobs, None), SETUP)
    arrived = [updates.Update(n, n, {"update_id": n, "message": says(GOOD, chat=n)}, 1000.0) for n in range(1, 20)]
    outcomes = await asyncio.gather(*map(speaker, arrived))
    assert all(outcome.replies for outcome in outcomes), "no answer waits for what is only a courtesy"
    assert most == talk.TYPING_AT_ONCE
    gate.set()
    await asyncio.sleep(0)
