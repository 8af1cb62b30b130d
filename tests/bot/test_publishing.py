"""A channel's posts as articles: what Telegram sends of them, what becomes of it, and that a crash loses none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot import conversation
from bot.conversation import Setup
from bot.conversation.publishing import article_of
from bot.conversation.state import ChatState
from bot.conversation.turn import Job, TakePost, Turn
from bot.incoming import Message
from bot.jobs import restored, stored
from bot.telegram.incoming import Translator
from index.article import ArticleId
from index.readers.telegram_export import read_post, read_telegram
from tests.bot.scripted import ScriptedLibrary

CHANNEL = {"id": -1001234567890, "type": "channel", "title": "Daily", "username": "daily"}
NOON = datetime(2024, 6, 3, 12, 0, tzinfo=UTC)
SETUP = Setup("pullquote_bot", 1, b"secret")


def said(kind: str = "channel_post", **more: Any) -> Message:
    body = {"message_id": 20, "chat": CHANNEL, "date": int(NOON.timestamp()), "sender_chat": CHANNEL, **more}
    incoming = Translator(1, lambda chat, id: None).translate({"update_id": 5, kind: body})
    assert isinstance(incoming, Message)
    return incoming


def turned(message: Message, after: int | None = 10) -> Turn:
    return conversation.respond(ScriptedLibrary(), ChatState(posts_after=after), message, NOON, SETUP)


def test_a_post_is_an_article_with_its_address_its_day_and_its_channel() -> None:
    (taken,) = turned(said(text="The ferry sails again.", author_signature="Olha")).effects
    assert isinstance(taken, TakePost)
    assert (taken.source, taken.url, taken.day) == ("Daily", "https://t.me/daily/20", "2024-06-03")
    assert (taken.article, taken.author, taken.text) == ("telegram:1234567890/20", "Olha", "The ferry sails again.")


def test_a_caption_counts_as_a_text_does() -> None:
    (taken,) = turned(said(caption="The new ferry.", photo=[])).effects
    assert isinstance(taken, TakePost)
    assert taken.text == "The new ferry."


@pytest.mark.parametrize(
    ("origin", "author"),
    [
        ({"type": "channel", "chat": {"id": -1, "type": "channel", "title": "Radio Haven"}}, "Radio Haven"),
        ({"type": "hidden_user", "sender_user_name": "Somebody"}, "Somebody"),
        ({"type": "user", "sender_user": {"id": 5, "first_name": "Ida", "last_name": "Holm"}}, "Ida Holm"),
        ({"type": "chat", "sender_chat": {"id": -2, "type": "supergroup", "title": "Newsroom"}}, "Newsroom"),
    ],
)
def test_a_forwarded_post_names_who_said_it_first(origin: dict[str, Any], author: str) -> None:
    (taken,) = turned(said(text="News.", forward_origin={**origin, "date": 0})).effects
    assert isinstance(taken, TakePost)
    assert taken.author == author


@pytest.mark.parametrize(
    ("message", "after"),
    [
        (said(text="The ferry sails again."), None),
        (said(text="The ferry sails again."), 20),
        (said("edited_channel_post", text="Old, and edited."), 20),
        (said(sticker={}), 10),
        (said(text="/weather"), 10),
        (said(text="A quote.", via_bot={"id": 1, "is_bot": True, "first_name": "Pullquote"}), 10),
    ],
    ids=["off", "from before", "edited, from before", "no words", "a command", "by the bot itself"],
)
def test_what_is_no_article_brings_nothing_about(message: Message, after: int | None) -> None:
    assert turned(message, after) == Turn((), ChatState(posts_after=after))


def test_a_post_that_is_an_article_is_followed_though_it_is_older(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScriptedLibrary, "article", lambda self, id: id)
    (corrected,) = turned(said("edited_channel_post", text="Corrected."), after=30).effects
    (emptied,) = turned(said("edited_channel_post", photo=[]), after=30).effects
    assert isinstance(corrected, TakePost)
    assert isinstance(emptied, TakePost)
    assert (corrected.text, emptied.text) == ("Corrected.", "")


def test_posts_are_not_counted_as_questions() -> None:
    state = ChatState(posts_after=10)
    for number in range(200):
        turn = conversation.respond(ScriptedLibrary(), state, said(text=f"Post {number}."), NOON, SETUP)
        assert turn.effects
        assert turn.state == state


def test_an_export_and_the_channel_itself_name_a_post_the_same() -> None:
    export = b'{"name": "Daily", "id": 1234567890, "messages": [{"id": 20, "type": "message", "text": "News."}]}'
    (read,) = read_telegram(export, "/tmp/result.json")
    assert read.id == article_of(CHANNEL["id"], 20)  # type: ignore[union-attr,arg-type]


def test_a_post_that_waits_survives_a_restart() -> None:
    job = Job("u5", CHANNEL["id"], "", "")  # type: ignore[arg-type]
    post = TakePost(job, ArticleId("telegram:1/20"), "Ой!", "Daily", None, "2024-06-03", None)
    assert restored(stored(post)) == post


def test_a_posts_draft_is_as_an_exports() -> None:
    draft = read_post(
        ArticleId("telegram:1/20"), "\nLine one.\r\nLine two.\n", "Daily", None, date(2024, 6, 3), "Daily"
    )
    assert draft is not None
    assert (draft.title, draft.text, draft.author) == ("Line one.", "Line one.\nLine two.", None)
    assert read_post(ArticleId("telegram:1/20"), " \n", "Daily", None, None, None) is None
