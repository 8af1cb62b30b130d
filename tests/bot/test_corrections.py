"""When what was quoted changes, every chat that was quoted it hears of it once, as a reply to the quote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import conversation
from bot.conversation import ChatState, Setup
from bot.conversation.setup import PROOFS
from bot.conversation.state import Given, KeptQuote, Outcome
from bot.corrections.telling import SECOND_LOOK, Corrections
from bot.incoming import Chat, ChatKind, Message, User
from bot.outbox import outgoing
from bot.render import telegram as render
from bot.reply import Message as Sent
from bot.store import chats, outbox, shown, whole_chat
from bot.store import corrections as progress
from bot.store.base import open_store
from bot.store.outbox import Outgoing
from bot.store.shown import ShownQuote
from bot.store.writer import Writer
from index.article import Answer, ArticleId, Question, Quote, Sentence
from index.errors import LibraryError
from index.store.engine import reading, writing
from tests.bot.conftest import Newsroom

ANN, OLHA, GROUP = 101, 102, -1001
DAY = 86400.0
SETUP = Setup("pullquote_bot", 1, b"secret", features=frozenset({PROOFS}))
TEXT = ("The bridge fell at night.", "As many as 20 people were in the water.", "Divers came at once.")
CORRECTED = (TEXT[0], "As many as 8 people were in the water.", TEXT[2])


class Bot:
    """The tables of a bot beside a newsroom's library; messages are sent by hand."""

    def __init__(self, newsroom: Newsroom, folder: Path, database: str | None = None) -> None:
        self.newsroom = newsroom
        self.engine = open_store(folder, database)
        self.writer = Writer(self.engine)
        self.sent = 0
        self.days = 30.0
        self.corrections = self.started()
        self.corrections.step()

    def started(self) -> Corrections:
        """As after a restart."""
        clock = self.now
        return Corrections(self.engine, self.writer, self.newsroom.library, SETUP, self.days, lambda: None, clock)

    def now(self) -> float:
        return self.newsroom.now.timestamp()

    def wait(self, seconds: float) -> None:
        from datetime import timedelta

        self.newsroom.now += timedelta(seconds=seconds)

    def sentence(self, article: ArticleId, ordinal: int = 1) -> Sentence:
        return self.newsroom.library.sentences(article)[ordinal]

    def quote(
        self, chat: int, *sentences: Sentence, lang: str = "en", remembered: bool = True, state: ChatState | None = None
    ) -> str:
        """A message of the bot with these quotes, sent; returns its outbox key."""
        self.sent += 1
        key = f"u{self.sent}.0"
        call = Outgoing(key, "sendMessage", {"chat_id": chat, "text": "…"}, chat, 0, 1, self.now())
        shows = [ShownQuote(chat, key, one.id, one.snapshot, self.now()) for one in sentences]
        kept = tuple(KeptQuote(one.id, 0.9) for one in sentences)
        given = Given(f"r{self.sent}", Outcome.ANSWERED, (key,), "?", f"u{chat}", self.now(), lang, answers=kept)
        with writing(self.engine) as connection:
            outbox.add(connection, [call])
            row = outbox.waiting(connection)[-1].id
            outbox.sent(connection, row, 1000 + self.sent, self.now())
            shown.add(connection, shows)
            if remembered:
                stored = chats.state(connection, chat)
                before = state or (ChatState.from_json(stored) if stored else ChatState())
                chats.save(connection, chat, before.with_given(given).to_json(), self.now())
        return key

    def answer(self, chat: int, quote: Quote) -> str:
        """An answer of the conversation with this quote, sent; returns its outbox key."""
        self.sent += 1
        event = Message(f"u{self.sent}", Chat(chat, ChatKind.PRIVATE), User(chat, "Ann"), self.sent, "How many?")
        answer = Answer(Question("How many?"), (quote,), (quote,), 0.9, 0.7, 1.0)
        with reading(self.engine) as connection:
            stored = chats.state(connection, chat)
        state = ChatState.from_json(stored) if stored else ChatState()
        turn = conversation.respond(self.newsroom.library, state, event, self.newsroom.now, SETUP, answer)
        (reply,) = turn.replies
        assert isinstance(reply, Sent)
        (call,) = render.calls(reply)
        shows = [ShownQuote(chat, reply.key, one.sentence, one.snapshot, self.now()) for one in reply.content.shows]
        with writing(self.engine) as connection:
            outbox.add(connection, [outgoing(call, self.now())])
            outbox.sent(connection, outbox.waiting(connection)[-1].id, 1000 + self.sent, self.now())
            shown.add(connection, shows)
            chats.save(connection, chat, turn.state.to_json(), self.now())
        return reply.key

    def bare(self, sentence: Sentence) -> Quote:
        return Quote(sentence, self.newsroom.library.article(sentence.article), 0.9)

    def outgoing(self) -> list[tuple[str, dict[str, Any]]]:
        """(method, parameters) of what waits to be sent, in order."""
        query = sa.select(outbox.outbox).where(outbox.outbox.c.state == "waiting").order_by(outbox.outbox.c.id)
        with reading(self.engine) as connection:
            return [(row.method, json.loads(row.params)) for row in connection.execute(query)]

    def notices(self, chat: int | None = None) -> list[dict[str, Any]]:
        return [
            params
            for method, params in self.outgoing()
            if method == "sendMessage" and chat in (None, params["chat_id"])
        ]

    def marks(self) -> list[dict[str, Any]]:
        return [params for method, params in self.outgoing() if method != "sendMessage"]


@pytest.fixture
def newsroom(tmp_path: Path, database: str | None) -> Iterator[Newsroom]:
    room = Newsroom(tmp_path / "library", database)
    yield room
    room.library.close()


@pytest.fixture
def bot(newsroom: Newsroom, tmp_path: Path, database: str | None) -> Iterator[Bot]:
    made = Bot(newsroom, tmp_path / "chats", database)
    yield made
    made.writer.close()
    made.engine.dispose()


def test_a_changed_figure_is_told_as_a_reply_with_both_wordings_and_the_link(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    bot.quote(ANN, bot.sentence(article))
    bot.newsroom.put(*CORRECTED)
    bot.corrections.step()
    (notice,) = bot.notices()
    assert notice["chat_id"] == ANN
    assert notice["reply_parameters"]["message_id"] == 1001
    assert TEXT[1] in notice["text"]
    assert CORRECTED[1] in notice["text"]
    assert "(figures)" in notice["text"]
    assert any(entity.get("url") == "https://news.example/bridge" for entity in notice["entities"])


def test_the_first_message_is_marked_by_an_edit_that_leaves_its_quote(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    bot.quote(ANN, bot.sentence(article))
    bot.newsroom.put(*CORRECTED)
    bot.corrections.step()
    (mark,) = bot.marks()
    assert mark["message_id"] == 1001
    assert TEXT[1] in mark["text"]
    assert "changed since" in mark["text"]


def test_a_message_that_is_no_longer_remembered_is_marked_by_a_button(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    bot.quote(ANN, bot.sentence(article), remembered=False)
    bot.newsroom.put(*CORRECTED)
    bot.corrections.step()
    (mark,) = bot.marks()
    assert "text" not in mark
    assert "Changed since" in mark["reply_markup"]["inline_keyboard"][0][0]["text"]


def test_a_sentence_that_is_gone_and_an_article_that_was_withdrawn_are_told(bot: Bot) -> None:
    first, second = (
        bot.newsroom.put(*TEXT),
        bot.newsroom.put("It rained all day.", title="Rain", url="https://n.example/2"),
    )
    bot.quote(ANN, bot.sentence(first))
    bot.quote(ANN, bot.sentence(second, 0))
    bot.newsroom.put(TEXT[0], TEXT[2])
    bot.newsroom.library.remove(second)
    bot.corrections.step()
    gone, removed = bot.notices()
    assert "no longer says" in gone["text"]
    assert "withdrawn" in removed["text"]
    assert "It rained all day." in removed["text"]
    assert [notice["reply_parameters"]["message_id"] for notice in (gone, removed)] == [1001, 1002]


def test_typography_an_unquoted_sentence_and_a_moved_one_are_not_told(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    bot.quote(ANN, bot.sentence(article))
    bot.newsroom.put("A wholly new beginning.", TEXT[1].replace(" ", "\u00a0").upper(), TEXT[0], "Nobody came.")
    bot.corrections.step()
    assert bot.outgoing() == []


def test_a_sentence_that_was_shown_beside_a_quote_is_told_and_marked_when_it_changes(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    quote = replace(bot.bare(bot.sentence(article, 2)), context=(bot.sentence(article, 1),))
    bot.answer(ANN, quote)
    bot.newsroom.put(*CORRECTED)
    bot.corrections.step()
    (notice,), (mark,) = bot.notices(), bot.marks()
    assert TEXT[1] in notice["text"]
    assert CORRECTED[1] in notice["text"]
    assert TEXT[2] not in notice["text"]
    assert f"{TEXT[1]} {TEXT[2]}" in mark["text"]
    assert "changed since" in mark["text"]


def test_an_item_of_a_list_that_was_quoted_whole_is_told_and_marked_when_it_changes(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    bot.answer(
        ANN, replace(bot.bare(bot.sentence(article, 0)), context=(bot.sentence(article, 1), bot.sentence(article, 2)))
    )
    bot.newsroom.put(*CORRECTED)
    bot.corrections.step()
    (notice,), (mark,) = bot.notices(), bot.marks()
    assert [text in notice["text"] for text in (*TEXT, CORRECTED[1])] == [False, True, False, True]
    assert all(text in mark["text"] for text in TEXT)
    assert mark["text"].count("changed since") == 1


def test_a_figure_that_was_shown_as_another_one_is_told_and_marked_where_it_stands(bot: Bot) -> None:
    first = bot.newsroom.put("As many as 12 people were in the water.", title="Radio", url="https://n.example/2")
    second = bot.newsroom.put(*TEXT)
    bot.answer(ANN, replace(bot.bare(bot.sentence(first, 0)), conflicts=(bot.bare(bot.sentence(second)),)))
    bot.newsroom.put(*CORRECTED)
    bot.corrections.step()
    (notice,), (mark,) = bot.notices(), bot.marks()
    assert CORRECTED[1] in notice["text"]
    assert "Ship hits bridge" in notice["text"]
    lines = mark["text"].splitlines()
    assert "changed since" in lines[lines.index(TEXT[1]) + 2]
    assert mark["text"].count("changed since") == 1


def test_all_that_one_edit_changes_of_a_message_is_told_in_one_notice_each_sentence_once(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    quote = replace(bot.bare(bot.sentence(article, 1)), context=(bot.sentence(article, 0),))
    bot.answer(ANN, quote)
    bot.newsroom.put("The bridge fell at noon.", *CORRECTED[1:])
    bot.corrections.step()
    (notice,) = bot.notices()
    assert [notice["text"].count(text) for text in (*TEXT[:2], *CORRECTED[1:2])] == [1, 1, 1]
    assert notice["text"].index(TEXT[0]) < notice["text"].index(TEXT[1])
    assert len(bot.marks()) == 1


def test_that_an_article_was_withdrawn_is_said_once_of_all_that_a_message_showed(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    quote = replace(bot.bare(bot.sentence(article, 1)), context=(bot.sentence(article, 0),))
    bot.answer(ANN, quote)
    bot.newsroom.library.remove(article)
    bot.corrections.step()
    (notice,) = bot.notices()
    assert notice["text"].count("withdrawn") == notice["text"].count("It said:") == 1
    assert all(text in notice["text"] for text in TEXT[:2])


def test_a_sentence_that_was_quoted_of_two_versions_is_told_once(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    bot.quote(ANN, bot.sentence(article))
    bot.newsroom.put(*TEXT, "A line was added.")
    bot.wait(1)
    bot.quote(ANN, bot.sentence(article))
    bot.newsroom.put(*CORRECTED, "A line was added.")
    bot.corrections.step()
    assert [notice["reply_parameters"]["message_id"] for notice in bot.notices()] == [1002]
    assert sorted(mark["message_id"] for mark in bot.marks()) == [1001, 1002]


def test_nothing_is_told_twice_however_often_it_is_looked_at(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    bot.quote(ANN, bot.sentence(article))
    bot.newsroom.put(*CORRECTED)
    bot.corrections.step()
    told = bot.outgoing()
    bot.started().step()
    bot.wait(SECOND_LOOK + 1)
    bot.corrections.step()
    bot.started().step()
    assert bot.outgoing() == told


def test_a_crash_before_the_commit_costs_nothing_and_doubles_nothing(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    article = bot.newsroom.put(*TEXT)
    bot.quote(ANN, bot.sentence(article))
    bot.newsroom.put(*CORRECTED)
    bot.wait(SECOND_LOOK + 1)

    def killed(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(progress, "write", killed)
        with pytest.raises(ZeroDivisionError):
            bot.corrections.step()
    assert bot.outgoing() == []
    bot.started().step()
    assert len(bot.notices()) == 1


def test_a_look_that_is_under_way_when_the_bot_stops_ends_and_is_made_again(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    bot.quote(ANN, bot.sentence(article))
    bot.newsroom.put(*CORRECTED)
    bot.writer.close()
    with pytest.raises(LibraryError, match="stopping"):
        bot.corrections.step()
    bot.writer = Writer(bot.engine)
    bot.corrections = bot.started()
    bot.corrections.step()
    assert len(bot.notices(ANN)) == 1


def test_an_answer_that_was_on_its_way_when_the_article_changed_is_told_at_the_second_look(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    quoted = bot.sentence(article)
    bot.newsroom.put(*CORRECTED)
    bot.corrections.step()
    bot.quote(ANN, quoted)
    bot.corrections.step()
    assert bot.notices() == []
    bot.wait(SECOND_LOOK + 1)
    bot.corrections.step()
    assert len(bot.notices()) == 1


def test_a_quote_of_an_older_version_is_told_when_its_sentence_changes_at_last(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    bot.quote(ANN, bot.sentence(article))
    bot.newsroom.put(*TEXT, "A line was added.")
    bot.corrections.step()
    assert bot.outgoing() == []
    bot.newsroom.put(*CORRECTED, "A line was added.")
    bot.corrections.step()
    assert len(bot.notices()) == 1


def test_a_second_correction_is_told_under_the_first_notice_and_only_there(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    bot.quote(ANN, bot.sentence(article))
    bot.newsroom.put(*CORRECTED)
    bot.corrections.step()
    with writing(bot.engine) as connection:
        for row in outbox.waiting(connection):
            outbox.sent(connection, row.id, 2000 + row.id, bot.now())
    bot.newsroom.put(TEXT[0], "As many as 6 people were in the water.", TEXT[2])
    bot.corrections.step()
    (notice,) = bot.notices()
    assert CORRECTED[1] in notice["text"]
    assert TEXT[1] not in notice["text"]
    assert notice["reply_parameters"]["message_id"] > 2000


def test_each_chat_is_told_once_under_its_last_message_and_every_message_is_marked(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    for chat in (ANN, ANN, GROUP):
        bot.quote(chat, bot.sentence(article))
        bot.wait(1)
    bot.newsroom.put(*CORRECTED)
    bot.corrections.step()
    assert [one["reply_parameters"]["message_id"] for one in bot.notices(ANN)] == [1002]
    assert len(bot.notices(GROUP)) == 1
    assert sorted(mark["message_id"] for mark in bot.marks()) == [1001, 1002, 1003]


def test_a_chat_is_told_for_as_many_days_as_the_setting_says(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    bot.quote(ANN, bot.sentence(article))
    bot.wait(20 * DAY)
    bot.quote(OLHA, bot.sentence(article))
    bot.wait(11 * DAY)
    bot.newsroom.put(*CORRECTED)
    bot.corrections.step()
    assert [notice["chat_id"] for notice in bot.notices()] == [OLHA]


def test_a_chat_that_turned_corrections_off_or_was_forgotten_hears_nothing(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    bot.quote(ANN, bot.sentence(article), state=ChatState(corrections=False))
    bot.quote(OLHA, bot.sentence(article))
    with writing(bot.engine) as connection:
        whole_chat.forget(connection, OLHA)
    bot.newsroom.put(*CORRECTED)
    bot.corrections.step()
    assert bot.outgoing() == []


def test_a_message_that_telegram_refused_is_not_corrected(bot: Bot) -> None:
    article = bot.newsroom.put(*TEXT)
    key = bot.quote(ANN, bot.sentence(article))
    with writing(bot.engine) as connection:
        connection.execute(sa.update(outbox.outbox).where(outbox.outbox.c.key == key).values(state="refused"))
    bot.newsroom.put(*CORRECTED)
    bot.corrections.step()
    assert bot.outgoing() == []


@pytest.mark.parametrize(("lang", "word"), [("uk", "числа"), ("ru", "числа"), ("ko", "숫자"), ("en", "figures")])
def test_what_changed_is_named_in_the_language_of_the_chat(bot: Bot, lang: str, word: str) -> None:
    article = bot.newsroom.put(*TEXT)
    bot.quote(ANN, bot.sentence(article), state=ChatState(lang=lang))
    bot.newsroom.put(*CORRECTED)
    bot.corrections.step()
    assert word in bot.notices()[0]["text"]


def test_a_library_that_was_there_before_the_bot_is_not_told_of(bot: Bot, tmp_path: Path) -> None:
    bot.newsroom.put(*TEXT)
    bot.newsroom.put(*CORRECTED)
    late = Bot(bot.newsroom, tmp_path / "other")
    with reading(late.engine) as connection:
        assert progress.read(connection) == bot.newsroom.library.version
    late.writer.close()
    late.engine.dispose()
