"""Alerts and digests own up too: what they told is marked when it changes, and what they would tell is never stale."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import conversation
from bot.alerts import Alerts
from bot.conversation.setup import ALERTS, PROOFS
from bot.conversation.state import ChatState
from bot.corrections.telling import Corrections
from bot.incoming import Chat, ChatKind, Earlier, Message, Press, User
from bot.reply import Content, Edit
from bot.store import alerts, chats, outbox, shown
from bot.store.shown import ShownQuote
from bot.talk import with_shown
from bot.watchbook import StoredWatchbook
from bot.watches.watch import Every
from index.errors import LibraryError
from tests.bot.watching import DAY, FACTS, HOUR, Newsroom

SAID = "North Korea sent 10,000 soldiers to Kursk."
CORRECTED = "North Korea sent 8,000 soldiers to Kursk."
BEFORE, AFTER = "It rained.", "It snowed."
CHANGED = "✎ The article has changed since"


@pytest.fixture
def room(tmp_path: Path, database: str | None) -> Iterator[Newsroom]:
    made = Newsroom(tmp_path, database=database)
    made.setup = replace(made.setup, features=frozenset({ALERTS, PROOFS}))
    corrections(made).step()
    yield made
    made.close()


def corrections(room: Newsroom) -> Corrections:
    """A freshly started bot's."""
    return Corrections(room.engine, room.writer, room.library, room.setup, 30.0, lambda: None, lambda: room.now)  # type: ignore[arg-type]


def deliver(room: Newsroom) -> None:
    """Telegram takes everything that waits."""

    def sent(connection: sa.Connection) -> None:
        for row in outbox.waiting(connection):
            outbox.sent(connection, row.id, 1000 + row.id, room.now)

    room.write(sent)


def told(room: Newsroom) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Notices and marks that wait to be sent."""
    waiting = room.read(
        lambda connection: connection.execute(sa.select(outbox.outbox).where(outbox.outbox.c.state == "waiting")).all()
    )
    calls = [(row.method, json.loads(row.params)) for row in waiting if row.key.startswith("correction.")]
    return [call for method, call in calls if method == "sendMessage"], [
        call for method, call in calls if method != "sendMessage"
    ]


def correct(room: Newsroom, *now: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The alert or digest was delivered; then its article is corrected to say something else `now`, and the bot
    looks."""
    deliver(room)
    room.now += HOUR
    room.publish("a", *(now or (BEFORE, CORRECTED, AFTER)))
    corrections(room).step()
    return told(room)


def digest_of(room: Newsroom, *articles: tuple[str, ...]) -> str:
    """A daily digest of these articles; the first of them can be corrected before `later` is called."""
    room.rhythm(every=Every.DAY)
    room.watch()
    for number, said in enumerate(articles):
        room.publish("abcdefgh"[number], *said)
    room.step()
    room.wait(DAY)
    (digest,) = [call["text"] for call in room.calls() if call["key"].startswith("digest.")]
    return str(digest)


def turned(room: Newsroom, payload: str, key: str = "u9") -> Content:
    from datetime import UTC, datetime

    press = Press(key, "q", User(7, "Ann"), payload, Chat(7, ChatKind.PRIVATE), 1001)
    now = datetime.fromtimestamp(room.now, UTC)
    book = StoredWatchbook(room.engine, room.library)
    made = conversation.respond(room.library, ChatState(), press, now, room.setup, None, book)  # type: ignore[arg-type]
    (edit,) = (reply for reply in made.replies if isinstance(reply, Edit))
    return edit.content


def test_an_alert_is_marked_by_an_edit_that_leaves_its_quote_and_its_buttons(room: Newsroom) -> None:
    room.watch()
    room.publish("a", BEFORE, SAID, AFTER)
    room.step()
    buttons = room.calls()[0]["reply_markup"]
    (notice,), (mark,) = correct(room)
    assert CORRECTED in notice["text"]
    assert notice["reply_parameters"]["message_id"] == mark["message_id"] == 1001
    assert SAID in mark["text"]
    assert CORRECTED not in mark["text"]
    assert CHANGED in mark["text"]
    assert mark["reply_markup"] == buttons


def test_the_mark_stays_when_the_context_of_the_alert_is_opened_or_the_alert_is_repeated(room: Newsroom) -> None:
    room.watch()
    room.publish("a", BEFORE, SAID, AFTER)
    room.step()
    context = room.calls()[0]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    correct(room)
    opened = turned(room, context).text
    assert f"{BEFORE} {SAID} {AFTER}" in opened
    assert CHANGED in opened
    room.publish("b", SAID, title="Another paper")
    room.step()
    room.wait(HOUR)
    edits = [call["text"] for call in room.calls() if call["method"] == "editMessageText" and ".e" in call["key"]]
    assert all(CHANGED in text and SAID in text for text in edits)


POINTING = "They sent 10,000 soldiers to Kursk."
WHO, WHO_NOW = "North Korea made a decision.", "South Korea made a decision."


def change_context(room: Newsroom) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What stands beside the sentence is corrected; the sentence stands."""
    return correct(room, WHO_NOW, POINTING, AFTER)


def test_an_alert_is_marked_and_keeps_its_words_when_what_stood_beside_its_quote_is_corrected(room: Newsroom) -> None:
    room.watch()
    room.publish("a", WHO, POINTING, AFTER)
    room.step()
    (notice,), (mark,) = change_context(room)
    assert WHO in notice["text"]
    assert WHO_NOW in notice["text"]
    assert POINTING not in notice["text"]
    assert f"{WHO} {POINTING}" in mark["text"]
    assert CHANGED in mark["text"]


def test_a_digest_is_marked_and_keeps_its_words_when_what_stood_beside_a_quote_is_corrected(room: Newsroom) -> None:
    before = digest_of(room, (WHO, POINTING, AFTER), (FACTS[0],))
    (notice,), (mark,) = change_context(room)
    assert WHO_NOW in notice["text"]
    assert mark["text"].replace(f"\n{CHANGED}; this is how it stood when I quoted it.", "") == before


def test_a_neighbour_that_was_opened_under_an_alert_is_told_and_marked_when_it_changes(room: Newsroom) -> None:
    room.watch()
    room.publish("a", BEFORE, SAID, AFTER)
    room.step()
    (call,) = room.calls()
    opened = turned(room, call["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    shows = [ShownQuote(7, call["key"], one.sentence, one.snapshot, room.now) for one in opened.shows]
    room.write(lambda connection: shown.add(connection, shows))
    deliver(room)
    room.publish("a", BEFORE, SAID, "It snowed for 3 days.")
    corrections(room).step()
    (notice,), (mark,) = told(room)
    assert AFTER in notice["text"]
    assert SAID not in notice["text"]
    assert "Changed since" in mark["reply_markup"]["inline_keyboard"][0][0]["text"]


def test_a_reply_to_an_alert_is_about_its_quote_and_not_what_stands_beside_it(room: Newsroom) -> None:
    room.watch()
    room.publish("a", WHO, POINTING, AFTER)
    room.step()
    (call,) = room.calls()
    earlier = Earlier(1001, call["text"], from_self=True, key=call["key"])
    said = Message("u9", Chat(7, ChatKind.PRIVATE), User(7, "Ann"), 5, "/proof", reply_to=earlier)
    filled = room.read(lambda connection: with_shown(connection, said))
    assert [room.library.sentence(id).text for id in filled.reply_to.shows] == [POINTING]


def test_an_alert_whose_article_was_withdrawn_is_marked_by_a_button_above_its_own(room: Newsroom) -> None:
    room.watch()
    room.publish("a", BEFORE, SAID, AFTER)
    room.step()
    deliver(room)
    room.library.remove("a")
    corrections(room).step()
    (notice,), (mark,) = told(room)
    assert "withdrawn" in notice["text"]
    assert "text" not in mark
    rows = mark["reply_markup"]["inline_keyboard"]
    assert "Changed since" in rows[0][0]["text"]
    assert any("👎" in button["text"] for row in rows for button in row)


def test_a_digest_that_held_a_corrected_sentence_says_so_where_it_stands(room: Newsroom) -> None:
    before = digest_of(room, (BEFORE, SAID, AFTER), (FACTS[0],))
    (notice,), (mark,) = correct(room)
    assert CORRECTED in notice["text"]
    assert mark["text"].replace(f"\n{CHANGED}; this is how it stood when I quoted it.", "") == before
    assert mark["text"].index(SAID) < mark["text"].index(CHANGED) < mark["text"].index(FACTS[0])


def test_a_digest_of_many_pages_is_marked_on_the_page_that_was_shown_and_keeps_its_marks(room: Newsroom) -> None:
    room.rhythm(every=Every.DAY)
    room.watch()
    room.publish("b", *FACTS[:12])
    room.publish("a", BEFORE, SAID, AFTER)
    room.step()
    room.wait(DAY)
    (call,) = room.calls()
    assert SAID not in call["text"]
    onward = call["reply_markup"]["inline_keyboard"][0][-1]["callback_data"]
    second = turned(room, onward)
    assert SAID in second.text
    shows = [ShownQuote(7, call["key"], one.sentence, one.snapshot, room.now) for one in second.shows]
    room.write(lambda connection: shown.add(connection, shows))
    _, (mark,) = correct(room)
    assert mark["text"] == turned(room, onward, "u10").text
    assert f"{SAID}\nNews\n{CHANGED}" in mark["text"]
    assert [button["text"] for button in mark["reply_markup"]["inline_keyboard"][0]] == ["‹", "2 / 2"]


def test_a_digest_that_would_hold_a_corrected_sentence_shows_what_it_says_now_and_says_so(room: Newsroom) -> None:
    room.rhythm(every=Every.DAY)
    room.watch()
    room.publish("a", BEFORE, SAID, AFTER)
    room.step()
    room.publish("a", BEFORE, CORRECTED, AFTER)
    room.step()
    room.wait(DAY)
    (digest,) = room.sent()
    assert SAID not in digest
    assert digest.count(CORRECTED) == 1
    assert "✎ Corrected since it was found (figures)." in digest
    assert "1 new sentence" in digest


def test_a_digest_loses_no_sentence_because_its_article_was_edited_elsewhere(room: Newsroom) -> None:
    room.rhythm(every=Every.DAY)
    room.watch()
    room.publish("a", BEFORE, SAID, AFTER)
    room.step()
    room.publish("a", "It poured.", SAID, AFTER)
    room.wait(DAY)
    (digest,) = room.sent()
    assert SAID in digest
    assert "✎" not in digest


def test_a_digest_says_how_many_can_be_quoted_no_more(room: Newsroom) -> None:
    room.rhythm(every=Every.DAY)
    room.watch()
    for number in range(3):
        room.publish("abc"[number], FACTS[number])
    room.step()
    room.library.remove("a")
    room.publish("b", "Nothing happened.")
    room.wait(DAY)
    (digest,) = room.sent()
    assert FACTS[2] in digest
    assert FACTS[0] not in digest
    assert FACTS[1] not in digest
    assert "2 more were corrected or withdrawn" in digest


def test_a_digest_is_not_sent_to_say_only_that_something_is_gone(room: Newsroom) -> None:
    room.rhythm(every=Every.DAY)
    room.watch()
    room.publish("a", FACTS[0])
    room.step()
    room.library.remove("a")
    room.wait(DAY)
    assert room.sent() == []


def test_what_a_mark_shows_is_in_the_record_of_quotes(room: Newsroom) -> None:
    digest_of(room, (BEFORE, SAID, AFTER), (FACTS[0],))
    correct(room)
    keys = room.read(lambda connection: connection.execute(sa.select(shown.shown.c.key, shown.shown.c.sentence)).all())
    digest = next(call["key"] for call in room.calls() if call["key"].startswith("digest."))
    assert len([key for key, _ in keys if key == digest]) == 2
    assert [key for key, _ in keys if key.startswith("correction.")]


def test_a_correction_of_an_alert_is_told_once_however_often_it_is_looked_at(room: Newsroom) -> None:
    room.watch()
    room.publish("a", BEFORE, SAID, AFTER)
    room.step()
    first = correct(room)
    corrections(room).step()
    assert told(room) == first


# --- a correction is no alert beside ------------------------------------------------------------------------


def bot(room: Newsroom) -> Alerts:
    """A freshly started bot: alerts, and the corrections that are told before them."""
    first = corrections(room).step
    return Alerts(
        room.engine,
        room.writer,
        room.library,
        room.setup,
        lambda: None,
        lambda: room.now,
        correct=first,  # type: ignore[arg-type]
    )


def told_of(room: Newsroom, text: str, chat: int | None = None) -> list[dict[str, Any]]:
    """The messages with this text that wait to be sent."""
    return [call for call in room.calls(chat) if call["method"] == "sendMessage" and text in call.get("text", "")]


def alerted(room: Newsroom, **more: Any) -> None:
    """A chat was alerted of what will be corrected."""
    room.watch(**more)
    room.publish("a", BEFORE, SAID, AFTER)
    bot(room).step()
    deliver(room)
    room.now += HOUR


def test_a_chat_that_hears_of_a_correction_gets_no_alert_of_it(room: Newsroom) -> None:
    alerted(room)
    room.publish("a", BEFORE, CORRECTED, AFTER)
    bot(room).step()
    (notice,) = told_of(room, CORRECTED)
    assert notice["reply_parameters"]["message_id"] == 1001
    room.publish("b", CORRECTED, title="Another paper")
    bot(room).step()
    room.wait(HOUR)
    assert told_of(room, CORRECTED) == [notice]


@pytest.mark.parametrize("statement", range(1, 21))
def test_a_crash_between_a_correction_and_alerts_loses_and_doubles_nothing(room: Newsroom, statement: int) -> None:
    alerted(room)
    room.publish("a", BEFORE, CORRECTED, AFTER)
    with suppress(LibraryError), room.killed_at(statement):
        bot(room).step()
    bot(room).step()
    bot(room).step()
    assert [call["key"][:11] for call in told_of(room, CORRECTED)] == ["correction."]


def test_a_chat_that_was_not_quoted_what_was_corrected_is_alerted(room: Newsroom) -> None:
    alerted(room)
    room.watch(chat=8)
    room.publish("a", BEFORE, CORRECTED, AFTER)
    bot(room).step()
    assert [call["key"][:6] for call in told_of(room, CORRECTED, 8)] == ["alert."]


def test_a_chat_that_wants_no_corrections_is_alerted(room: Newsroom) -> None:
    alerted(room)
    state = replace(ChatState(), corrections=False).to_json()
    room.write(lambda connection: chats.save(connection, 7, state, room.now))
    room.publish("a", BEFORE, CORRECTED, AFTER)
    bot(room).step()
    assert [call["key"][:6] for call in told_of(room, CORRECTED)] == ["alert."]


def test_a_topic_is_alerted_of_what_another_one_hears_as_a_correction(room: Newsroom) -> None:
    alerted(room, chat=-5, topic=3)
    room.watch(chat=-5, topic=4)
    room.publish("a", BEFORE, CORRECTED, AFTER)
    bot(room).step()
    topics = {call["key"].split(".")[0]: call["message_thread_id"] for call in told_of(room, CORRECTED)}
    assert topics == {"correction": 3, "alert": 4}


def test_what_a_refused_correction_would_have_told_comes_when_the_chat_is_back(room: Newsroom) -> None:
    alerted(room)
    room.publish("a", BEFORE, CORRECTED, AFTER)
    bot(room).step()

    def shut(connection: sa.Connection) -> None:
        outbox.refuse(connection, outbox.waiting_in(connection, 7, None), "Forbidden: blocked", room.now)
        alerts.hold_refused(connection, 7, room.now)

    room.close_chat()
    room.write(shut)
    room.open_chat()
    room.wait(HOUR)
    assert [call["key"][:7] for call in told_of(room, CORRECTED)] == ["digest."]


def test_a_correction_that_stood_for_an_alert_is_answered_when_it_is_corrected_again(room: Newsroom) -> None:
    alerted(room)
    room.publish("a", BEFORE, CORRECTED, AFTER)
    bot(room).step()
    deliver(room)
    room.now += HOUR
    again = SAID.replace("10,000", "9,000")
    room.publish("a", BEFORE, again, AFTER)
    bot(room).step()
    (notice,), marks = told(room)
    assert again in notice["text"]
    assert "text" not in next(mark for mark in marks if mark["message_id"] == notice["reply_parameters"]["message_id"])
