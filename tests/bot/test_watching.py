"""Leaving standing questions and looking after them in a chat, beyond what the scripts show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import conversation, script
from bot.conversation import ALERTS, ChatState, Turn
from bot.incoming import Channel, Chat, ChatKind, Message, Press, User
from bot.reply import Content, Edit, Toast
from bot.reply import Message as Said
from bot.stage import Stage
from bot.store import alerts, watches
from bot.watchbook import StoredWatchbook
from bot.watches import noise, request
from bot.watches.alert import AddWatch, ChangeWatch, Dislike, WatchEffect
from bot.watches.request import Unclear
from bot.watches.watch import STRICTNESS, Every, Filters, Rhythm, WatchLimits
from tests.bot.scripted import EVERYTHING, WINTER, Restating, ScriptedLibrary
from tests.bot.watching import DAY, Newsroom

QUESTION = "When did the bridge open again?"
ANN = User(7, "Ann", "en")
PRIVATE = Chat(7, ChatKind.PRIVATE)
TROOPS = "North Korea sent 10,000 soldiers to Kursk."


# --- what is written ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("who resigned?", request.Request("who resigned?", Filters())),
        ("@courier who resigned?", request.Request("who resigned?", Filters(), "courier")),
        ("who lang:en,UK resigned?", request.Request("who resigned?", Filters(langs=("en", "uk")))),
        (
            'who? source:"Coast Courier" source:«Вісник» with:Kursk',
            request.Request("who?", Filters(sources=("Coast Courier", "Вісник"), must=("Kursk",))),
        ),
        ("is 5:30 open-source:free?", request.Request("is 5:30 open-source:free?", Filters())),
        ("@x?", request.Request("@x?", Filters())),
    ],
)
def test_a_watch_is_read_with_its_filters(text: str, read: request.Request) -> None:
    assert request.read(text) == read


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", Rhythm()),
        ("daily", Rhythm(every=Every.DAY)),
        ("daily 7", Rhythm(every=Every.DAY, minute=7 * 60)),
        ("weekly Friday 18:30", Rhythm(every=Every.WEEK, weekday=4, minute=18 * 60 + 30)),
        ("quiet 22:00–7:15", Rhythm(quiet=(22 * 60, 7 * 60 + 15))),
        ("Asia/Seoul limit 3", Rhythm(zone="Asia/Seoul", per_hour=3)),
        ("daily 25:00", Unclear("25:00")),
        ("weekly 18:00 fri", Unclear("fri")),
        ("limit 3 tomorrow daily", Unclear("tomorrow")),
        ("quiet 7-7", Unclear("quiet 7-7")),
        ("limit 0", Unclear("limit 0")),
        ("limit", Unclear("limit")),
        ("Atlantis/Capital", Unclear("Atlantis/Capital")),
        ("../../etc/passwd", Unclear("../../etc/passwd")),
    ],
)
def test_a_rhythm_is_read_whole_or_what_is_unclear_is_named(text: str, made: Rhythm | Unclear) -> None:
    assert request.rhythm(text, Rhythm()) == made


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_no_words_break_the_reading(text: str) -> None:
    request.read(text)
    request.rhythm(text, Rhythm())


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["UTC", "Europe/Kyiv", "Asia/Seoul", "America/New_York", "Australia/Lord_Howe"]),
    st.integers(0, 24 * 60 - 1),
    st.integers(0, 6),
    st.sampled_from([Every.DAY, Every.WEEK]),
    st.floats(1_700_000_000, 1_760_000_000),
)
def test_the_next_digest_is_ahead_and_never_further_than_its_period(
    zone: str, minute: int, weekday: int, every: Every, after: float
) -> None:
    rhythm = Rhythm(zone, every, minute, weekday)
    at = noise.next_digest(rhythm, after)
    assert 0 < at - after <= (DAY if every is Every.DAY else 7 * DAY) + 7200
    local = datetime.fromtimestamp(at, noise.zone(zone))
    assert every is Every.DAY or local.weekday() == weekday


# --- refusals ----------------------------------------------------------------------------------------------


def stage(limits: WatchLimits) -> Stage:
    cast = script.parse("features: alerts\n").cast
    played = Stage(ScriptedLibrary(), cast)
    played.setup = replace(played.setup, watches=limits)
    return played


def said(turn: Turn | None) -> str:
    assert turn is not None
    (reply,) = (reply for reply in turn.replies if isinstance(reply, Said))
    return reply.content.text


def test_a_watch_that_would_have_fired_too_often_is_refused_with_the_number() -> None:
    played = stage(WatchLimits(per_week=10))
    text = said(played.play(script.event(f"Ann: /watch {EVERYTHING}")))
    assert re.match(r"In the last week this would have sent 1\d alerts: too many", text), text
    assert "Ask more narrowly" in text
    assert said(played.play(script.event("Ann: /watches"))).startswith("Nothing is being watched")


def test_the_same_watch_narrowed_down_is_taken() -> None:
    played = stage(WatchLimits(per_week=10))
    assert said(played.play(script.event(f"Ann: /watch {EVERYTHING} with:ferry"))).startswith("From now on")


@pytest.mark.parametrize(
    ("limits", "refusal"),
    [(WatchLimits(per_chat=1), "No more than 1 watch fits"), (WatchLimits(in_all=1), "I have as many watches")],
)
def test_limits_refuse_in_one_line(limits: WatchLimits, refusal: str) -> None:
    played = stage(limits)
    played.play(script.event(f"Ann: /watch {QUESTION}"))
    assert said(played.play(script.event("Ann: /watch Who is the king?"))).startswith(refusal)


def test_a_watch_has_one_number_wherever_it_is_listed() -> None:
    played = stage(WatchLimits())
    for question in ("Who is the king?", "Is the ferry late?", "Who leads the museum?", "How old is the ferry?"):
        played.play(script.event(f"Ann: /watch {question}"))
        played.play(script.event("1 second passes"))
    listed = said(played.play(script.event("Ann: /unwatch ferry"))).splitlines()
    assert listed == ["2 watches:", "2. Is the ferry late?", "4. How old is the ferry?"]
    gone = said(played.play(script.event("Ann: /unwatch 4")))
    assert gone == "No longer watched: How old is the ferry?"


def test_the_bell_under_a_follow_up_watches_what_it_asked(room: Newsroom) -> None:
    """It watched "and in winter?", which no sentence of any article answers."""
    state, now = ChatState(), datetime.fromtimestamp(room.now, UTC)
    for number, text in enumerate(("How often does the ferry run?", "and in winter?"), 1):
        event = Message(f"u{number}", PRIVATE, ANN, number, text)
        said = conversation.respond(Restating(), state, event, now, room.setup)
        state = said.state
    keyboard = said.replies[0].content.keyboard  # type: ignore[union-attr]
    bell = next(button.payload for row in keyboard for button in row if "🔔" in button.label)
    book = StoredWatchbook(room.engine, room.library)
    press = Press("u3", "q", ANN, bell, PRIVATE, 50)
    begun = conversation.respond(Restating(), state, press, now, room.setup, watchbook=book)
    assert [effect.watch.question for effect in begun.effects if isinstance(effect, AddWatch)] == [WINTER]


# --- a channel, from a private chat ------------------------------------------------------------------------


def turn(room: Newsroom, event: Message | Press) -> Turn:
    book = StoredWatchbook(room.engine, room.library)
    now = datetime.fromtimestamp(room.now, UTC)
    made = conversation.respond(room.library, ChatState(), event, now, room.setup, watchbook=book)  # type: ignore[arg-type]
    for effect in made.effects:
        if isinstance(effect, WatchEffect):
            room.write(lambda connection, effect=effect: watches.carry_out(connection, effect))
    return made


@pytest.fixture
def room(tmp_path: Path, database: str | None) -> Iterator[Newsroom]:
    opened = Newsroom(tmp_path, database=database)
    opened.step()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("channel", "answer"),
    [
        (Channel(-100, "Daily", is_admin=True, may_post=True), "From now on"),
        (Channel(-100, "Daily", is_admin=False, may_post=True), "Only the administrators of @daily"),
        (Channel(-100, "Daily", is_admin=True, may_post=False), "I may not post in @daily"),
        (None, "I can't find @daily"),
    ],
)
def test_a_channels_administrators_leave_its_watches_in_private(
    room: Newsroom, channel: Channel | None, answer: str
) -> None:
    asked = Message("u1", PRIVATE, ANN, 1, "/watch @daily Kursk", channel=channel)
    assert conversation.names_channel(asked, room.setup) == "daily"
    assert said(turn(room, asked)).startswith(answer)
    room.publish("a", TROOPS)
    room.step()
    assert [call["chat_id"] for call in room.calls()] == ([-100] if answer == "From now on" else [])
    if channel is not None and channel.is_admin and channel.may_post:
        listed = said(turn(room, Message("u2", PRIVATE, ANN, 2, "/watches")))
        assert listed == "1 watch:\n1. Kursk (Daily)"


# --- buttons under alerts ----------------------------------------------------------------------------------


def sent_alert(room: Newsroom, chat: Chat = PRIVATE) -> dict[str, str]:
    """An alert in a chat; its buttons' payloads by label."""
    room.watch(chat=chat.id)
    room.publish("a", "It rained.", TROOPS, "It snowed.")
    room.step()
    (call,) = room.calls()
    return {
        button["text"]: button["callback_data"] for row in call["reply_markup"]["inline_keyboard"] for button in row
    }


def press(payload: str, key: str = "u9", chat: Chat = PRIVATE, user: User = ANN, admin: bool | None = None) -> Press:
    return Press(key, "q", user, payload, chat, 55, is_admin=admin)


def test_a_thumb_down_tightens_once_for_each_alert(room: Newsroom) -> None:
    buttons = sent_alert(room)
    first = turn(room, press(buttons["👎"]))
    assert [effect for effect in first.effects if isinstance(effect, Dislike)]
    again = turn(room, press(buttons["👎"], "u10"))
    assert not [effect for effect in again.effects if isinstance(effect, Dislike)]
    (watch,) = room.read(watches.every)
    assert watch.false_answers == STRICTNESS[2]


def test_a_thumb_up_changes_nothing(room: Newsroom) -> None:
    made = turn(room, press(sent_alert(room)["👍"]))
    assert not [effect for effect in made.effects if isinstance(effect, WatchEffect)]


def test_in_a_group_only_administrators_tighten(room: Newsroom) -> None:
    group = Chat(-5, ChatKind.SUPERGROUP)
    buttons = sent_alert(room, group)
    by_reader = press(buttons["👎"], chat=group, user=User(8, "Bo"), admin=False)
    assert conversation.needs_admin(replace(by_reader, is_admin=None), ChatState(), room.setup)
    assert not [effect for effect in turn(room, by_reader).effects if isinstance(effect, Dislike)]
    by_admin = press(buttons["👎"], "u10", group, User(9, "Cy"), admin=True)
    assert [effect for effect in turn(room, by_admin).effects if isinstance(effect, Dislike)]


def test_context_is_shown_and_hidden(room: Newsroom) -> None:
    buttons = sent_alert(room)
    shown = content(turn(room, press(buttons["📖 Context"])))
    assert shown.text.startswith(f"🔔 Kursk\n\nIt rained. {TROOPS} It snowed.\n")
    plain = next(button for row in shown.keyboard for button in row if "Less context" in button.label)
    hidden = content(turn(room, press(plain.payload or "", "u10")))
    assert hidden.text == room.sent()[0]


def test_pause_under_an_alert_leaves_the_quote_in_place(room: Newsroom) -> None:
    made = turn(room, press(sent_alert(room)["⏸ Pause"]))
    assert [type(reply) for reply in made.replies] == [Toast]
    assert made.effects[0] == ChangeWatch("w0", "paused", True)


def test_buttons_of_a_deleted_watch_say_so(room: Newsroom) -> None:
    buttons = sent_alert(room)
    room.write(lambda connection: watches.remove(connection, "w0"))
    for label in ("👎", "📖 Context", "⏸ Pause"):
        (toast,) = turn(room, press(buttons[label])).replies
        assert isinstance(toast, Toast)
        assert toast.text == "This watch has been deleted."


def test_a_digest_is_paged(room: Newsroom) -> None:
    room.rhythm(every=Every.DAY)
    room.watch()
    room.publish("a", *[f"In Kursk {number},000 trees fell." for number in range(2, 27)])
    room.wait(DAY)
    (call,) = room.calls()
    onward = call["reply_markup"]["inline_keyboard"][0][-1]["callback_data"]
    second = content(turn(room, press(onward)))
    assert "In Kursk 12,000 trees fell." in second.text
    assert [button.label for button in second.keyboard[0]] == ["‹", "2 / 3", "›"]
    last = content(turn(room, press(second.keyboard[0][-1].payload or "", "u10")))
    assert "In Kursk 26,000 trees fell." in last.text
    back = content(turn(room, press(second.keyboard[0][0].payload or "", "u11")))
    assert back.text == call["text"]


def test_a_resumed_watch_starts_from_now(room: Newsroom) -> None:
    room.watch()
    for key, act in (("u1", "pause"), ("u2", "run")):
        room.publish(key, TROOPS)
        payload = conversation_button(room, act)
        turn(room, press(payload, key))
    room.step()
    assert room.sent() == []
    assert room.read(alerts.counts) == {}


def conversation_button(room: Newsroom, act: str) -> str:
    from bot.conversation.buttons import Verb, payload

    return payload(room.setup.secret, 7, Verb.WATCHING, "w0", act)


def content(made: Turn) -> Content:
    (edit,) = (reply for reply in made.replies if isinstance(reply, Edit))
    return edit.content


def test_a_watch_that_is_processed_twice_is_one_watch(room: Newsroom) -> None:
    asked = Message("u1", PRIVATE, ANN, 1, "/watch Kursk")
    first, second = turn(room, asked), turn(room, Message("u1", PRIVATE, ANN, 1, "/watch Baltimore"))
    refs = [effect.watch.ref for made in (first, second) for effect in made.effects if isinstance(effect, AddWatch)]
    assert refs[0] == refs[1]
    assert room.read(watches.count) == 1


def test_without_the_feature_no_watch_is_left(room: Newsroom) -> None:
    room.setup = replace(room.setup, features=room.setup.features - {ALERTS})
    made = turn(room, Message("u1", PRIVATE, ANN, 1, "/watch Kursk"))
    assert made.effects == ()
