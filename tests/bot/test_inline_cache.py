"""Inline results of one version of the library are computed once, and never outlive it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import conversation
from bot.conversation import ChatState, Limits, Setup
from bot.conversation.inline import CACHE_SECONDS
from bot.incoming import InlineQuery, User
from bot.render import telegram as render
from bot.together import Together
from index.article import Answer, Draft, Question
from index.library import Library
from index.settings import LibrarySettings

SETUP = Setup("pullquote_bot", 1, b"secret", limits=Limits(inline_burst=1000))
NOW, ANN = datetime(2024, 11, 6, 9, 0, tzinfo=UTC), User(7, "Ann", "en")
QUESTION = "When was the tidal mill of Eling rebuilt?"
OLD = Draft(
    "The tidal mill of Eling", "The tidal mill of Eling was rebuilt in 1785.", "Notes", published=date(2024, 3, 2)
)
NEW = Draft(
    "New dates for the mill", "The tidal mill of Eling was rebuilt in 1790, new papers say.", "Post",
    published=date(2024, 9, 9),
)  # fmt: skip


@dataclass
class Asked:
    """The real library, and how often it was asked."""

    library: Library
    questions: list[str] = field(default_factory=list)

    @property
    def version(self) -> int:
        return self.library.version

    def ask_many(self, questions: Sequence[Question]) -> list[Answer]:
        self.questions += [question.text for question in questions]
        return self.library.ask_many(questions)


@dataclass
class Room:
    asked: Asked
    together: Together

    async def query(self, text: str, offset: str = "", user: User = ANN) -> dict[str, Any]:
        """The parameters of answerInlineQuery."""
        event = InlineQuery("u1", "q", user, text, offset)
        question = conversation.question(ChatState(), event, NOW, SETUP)
        answer = await self.together.ask(question) if question else None
        turn = conversation.respond(self.asked.library, ChatState(), event, NOW, SETUP, answer)
        ((call,),) = [render.calls(reply) for reply in turn.replies]
        return call.params


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    with Library.open(LibrarySettings.load(data=tmp_path)) as library:
        assert [outcome.state for outcome in library.add([OLD])] == ["added"]
        asked = Asked(library)
        together = Together(asked)
        yield Room(asked, together)
        together.close()


def shown(answer: dict[str, Any]) -> str:
    return "\n".join(result["input_message_content"]["message_text"] for result in answer["results"])


async def test_the_same_query_is_computed_once_whoever_types_it(room: Room) -> None:
    first = await room.query(QUESTION)
    assert "1785" in shown(first)
    assert await room.query(QUESTION) == first
    await room.query(QUESTION, user=User(8, "Olha", "uk"))
    assert room.asked.questions == [QUESTION]


async def test_a_new_article_is_in_the_results_at_once(room: Room) -> None:
    await room.query(QUESTION)
    assert [outcome.state for outcome in room.asked.library.add([NEW])] == ["added"]
    assert "1790" in shown(await room.query(QUESTION))
    assert len(room.asked.questions) == 2


async def test_a_withdrawn_article_is_gone_from_the_results_at_once(room: Room) -> None:
    await room.query(QUESTION)
    (article,) = room.asked.library.articles()
    room.asked.library.remove(article.id)
    after = await room.query(QUESTION)
    assert after["results"] == []
    assert after["button"]["start_parameter"]


async def test_telegram_may_repeat_results_shortly_and_to_their_asker_alone(room: Room) -> None:
    for answer in (await room.query(QUESTION), await room.query("What is the airspeed of a swallow?")):
        assert answer["cache_time"] == CACHE_SECONDS
        assert answer["is_personal"] is True
    assert 0 < CACHE_SECONDS <= 60, "it can't be told that the library has changed"


async def test_what_says_nothing_of_the_library_is_not_repeated(room: Room) -> None:
    assert (await room.query("  "))["cache_time"] == 0
    slow = Setup("pullquote_bot", 1, b"secret", limits=Limits(inline_burst=0))
    event = InlineQuery("u1", "q", ANN, QUESTION)
    (reply,) = conversation.respond(room.asked.library, ChatState(), event, NOW, slow).replies
    assert render.calls(reply)[0].params["cache_time"] == 0
    assert room.asked.questions == []


async def test_another_page_is_a_query_of_its_own(room: Room) -> None:
    await room.query(QUESTION)
    assert (await room.query(QUESTION, offset="10"))["results"] == []
    assert len(room.asked.questions) == 2
