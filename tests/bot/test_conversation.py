"""The conversation core, where a script can't say it: purity, batching, state, buttons that were tampered with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import conversation
from bot.conversation import ChatState, Limits, Setup, Turn
from bot.conversation.buttons import Verb, opened, payload
from bot.conversation.state import FOLLOW_UP_SECONDS, KEPT_ANSWERS, Bucket
from bot.conversation.turn import Adding, AddLink, Done, Failed, Job, Judged, Reading, Removed
from bot.incoming import (
    Chat,
    ChatKind,
    Command,
    Incoming,
    InlineQuery,
    Membership,
    Message,
    Press,
    Standing,
    User,
    command,
    without_mention,
)
from bot.reply import Content, Edit, InlineAnswer, Toast
from bot.reply import Message as Sent
from bot.words import LANGUAGES
from index.article import ArticleId, Question
from tests.bot.scripted import WINTER, Restating, ScriptedLibrary

NOW = datetime(2024, 11, 6, 9, 0, tzinfo=UTC)
SETUP = Setup("pullquote_bot", 1, b"secret", admins=frozenset({103}), limits=Limits(user_burst=1000, chat_burst=1000))
ANN, OLHA, LARS = User(101, "Ann", "en"), User(102, "Olha", "uk"), User(103, "Lars", "en")
PRIVATE = Chat(101, ChatKind.PRIVATE)
GROUP = Chat(-1001, ChatKind.SUPERGROUP, "Newsroom")
FERRY, BRIDGE = "How often does the ferry run?", "When did the bridge open again?"


def said(text: str, number: int = 1, chat: Chat = PRIVATE, user: User = ANN) -> Message:
    return Message(f"u{number}", chat, user, number, text)


def told(event: Incoming, state: ChatState | None = None, setup: Setup = SETUP, now: datetime = NOW) -> Turn:
    return conversation.respond(ScriptedLibrary(), state or ChatState(), event, now, setup)


def content(turn: Turn) -> Content:
    reply = turn.replies[0]
    assert isinstance(reply, Sent | Edit)
    return reply.content


def press(turn: Turn, label: str, number: int = 2, user: User = ANN, chat: Chat = PRIVATE) -> Press:
    found = [button for row in content(turn).keyboard for button in row if label in button.label]
    assert found[0].payload
    return Press(f"u{number}", "q", user, found[0].payload, chat, 50)


def events() -> Iterator[Incoming]:
    yield said(FERRY)
    yield said("/start")
    yield said("/ask " + BRIDGE, chat=GROUP)
    yield said("nothing for the bot", chat=GROUP)
    yield said("x" * 2000)
    yield InlineQuery("u1", "q", ANN, BRIDGE)
    yield InlineQuery("u1", "q", ANN, "")
    yield Membership("u1", GROUP, ANN, Standing.LEFT, Standing.MEMBER)
    yield press(told(said("/start")), "ferry")
    yield press(told(said(FERRY)), "Context")


@pytest.mark.parametrize("event", list(events()), ids=repr)
def test_an_event_answered_twice_comes_to_the_same(event: Incoming) -> None:
    state = told(said("/start")).state
    assert told(event, state) == told(event, state)


@pytest.mark.parametrize("event", list(events()), ids=repr)
def test_what_question_says_is_all_that_is_asked_of_the_library(event: Incoming) -> None:
    state = told(said("/start")).state
    asked = conversation.question(state, event, NOW, SETUP)
    library = ScriptedLibrary()
    conversation.respond(library, state, event, NOW, SETUP)
    assert library.questions == ([] if asked is None else [asked])


@pytest.mark.parametrize("event", list(events()), ids=repr)
def test_an_answer_that_was_asked_in_a_batch_gives_the_same_turn(event: Incoming) -> None:
    state = told(said("/start")).state
    asked = conversation.question(state, event, NOW, SETUP)
    library = ScriptedLibrary()
    answers = library.ask_many([asked] if asked else [])
    turn = conversation.respond(library, state, event, NOW, SETUP, answers[0] if answers else None)
    assert turn == told(event, state)
    assert len(library.questions) == len(answers)


@pytest.mark.parametrize("event", list(events()), ids=repr)
def test_reply_keys_are_made_of_the_events_key_and_are_unique(event: Incoming) -> None:
    keys = [reply.key for reply in told(event, told(said("/start")).state).replies]
    assert all(key.startswith(f"{event.key}.") for key in keys)
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("event", list(events()), ids=repr)
def test_a_state_survives_being_stored(event: Incoming) -> None:
    state = told(event, told(said("/start")).state).state
    assert ChatState.from_json(state.to_json()) == state


def test_a_state_stored_by_a_newer_version_is_read_without_what_is_unknown() -> None:
    stored = json.loads(told(said(FERRY)).state.to_json())
    stored["tomorrow"] = {"x": 1}
    stored["answers"][0]["tomorrow"] = 2
    assert ChatState.from_json(json.dumps(stored)) == told(said(FERRY)).state


def test_a_flood_asks_nothing_of_the_library() -> None:
    setup = replace(SETUP, limits=Limits(user_burst=1, user_per_minute=1))
    first = told(said(FERRY), setup=setup)
    assert conversation.question(first.state, said(BRIDGE, 2), NOW, setup) is None
    assert told(said(BRIDGE, 2), first.state, setup).replies


def test_a_clock_that_is_set_back_neither_fills_nor_empties_a_bucket() -> None:
    state = ChatState(buckets={"u101": Bucket(1.0, NOW.timestamp())})
    setup = replace(SETUP, limits=Limits(user_burst=2, user_per_minute=60))
    earlier = NOW - timedelta(hours=1)
    turn = told(said(BRIDGE), state, setup, earlier)
    assert turn.state.buckets["u101"].tokens == 0.0


def test_buckets_that_nobody_touches_are_forgotten() -> None:
    state = ChatState(buckets={f"u{number}": Bucket(0.0, 0.0) for number in range(500)})
    assert set(told(said(BRIDGE), state).state.buckets) == {"u101"}


def test_a_chat_remembers_a_limited_number_of_answers_and_their_buttons_say_so_kindly() -> None:
    first = told(said(FERRY))
    state = first.state
    for number in range(2, KEPT_ANSWERS + 2):
        state = told(said(BRIDGE, number), state).state
    assert len(state.answers) == KEPT_ANSWERS
    (reply,) = told(press(first, "Context", 999), state).replies
    assert isinstance(reply, Toast)
    assert "too old" in reply.text


def test_a_busy_chats_state_stays_small() -> None:
    state = ChatState()
    for number in range(200):
        user = User(1000 + number, "Somebody", "en")
        state = told(said("/ask Who won a race of the regatta?", number, GROUP, user), state).state
    assert len(state.to_json()) < 64_000


def test_an_old_button_never_opens_what_came_after_a_forget() -> None:
    first = told(said(FERRY))
    asked = told(said("/forget", 2), first.state)
    gone = told(press(asked, "Yes", 3), asked.state)
    assert gone.state == ChatState()
    after = told(said("Who is the king?", 4), gone.state)
    (reply,) = told(press(first, "Context", 5), after.state).replies
    assert isinstance(reply, Toast)


@settings(max_examples=200)
@given(st.data())
def test_a_payload_that_was_changed_in_any_way_does_not_open(data: st.DataObject) -> None:
    made = payload(b"secret", -1001, Verb.SETTING, "lang", "ko")
    place = data.draw(st.integers(0, len(made) - 1))
    other = data.draw(st.characters(exclude_characters=made[place], exclude_categories=["Cs"]))
    assert opened(b"secret", -1001, made[:place] + other + made[place + 1 :]) is None
    assert opened(b"secret", -1001, made[:place]) is None


@settings(max_examples=200)
@given(st.text(max_size=64))
def test_no_text_at_all_opens_as_a_button(text: str) -> None:
    assert opened(b"secret", -1001, text) is None


def test_a_payload_opens_only_in_its_chat_and_with_its_secret() -> None:
    made = payload(b"secret", -1001, Verb.SETTING, "lang", "ko")
    assert opened(b"secret", -1001, made) is not None
    assert opened(b"secret", -1002, made) is None
    assert opened(b"other", -1001, made) is None


def test_a_payload_that_would_not_fit_is_an_error_where_it_is_made() -> None:
    with pytest.raises(ValueError, match="too long"):
        payload(b"secret", -1001, Verb.REMOVE, "x" * 60)


def test_a_button_under_an_inline_message_is_answered_kindly() -> None:
    turn = told(Press("u1", "q", ANN, "1:c:1::xxxxxxxx", None, None))
    assert [type(reply) for reply in turn.replies] == [Toast]


def test_only_settings_and_forgetting_need_to_know_who_administers() -> None:
    def needed(text: str, chat: Chat = GROUP) -> bool:
        return conversation.needs_admin(said(text, chat=chat), ChatState(), SETUP)

    assert all(map(needed, ("/settings", "/forget@pullquote_bot")))
    assert not any(map(needed, ("/settings@other_bot", "/ask settings", "hello")))
    assert not needed("/settings", PRIVATE)
    assert not conversation.needs_admin(replace(said("/settings", chat=GROUP), is_admin=True), ChatState(), SETUP)


def test_presses_are_looked_up_again_for_settings_forgetting_and_what_nobody_owns() -> None:
    admin = told(replace(said("/settings", chat=GROUP), is_admin=True))
    assert conversation.needs_admin(press(admin, "한국어", chat=GROUP), admin.state, SETUP)
    asked = told(said("/ask " + FERRY, chat=GROUP))
    assert not conversation.needs_admin(press(asked, "Context", chat=GROUP), asked.state, SETUP)
    anonymous = told(replace(said("/ask " + FERRY, chat=GROUP), user=None, sender_chat=GROUP.id, is_admin=True))
    assert conversation.needs_admin(press(anonymous, "Context", chat=GROUP), anonymous.state, SETUP)
    assert not conversation.needs_admin(press(anonymous, "👍", chat=GROUP), anonymous.state, SETUP)


def test_settings_are_refused_where_nobody_looked_up_who_administers() -> None:
    admin = told(replace(said("/settings", chat=GROUP), is_admin=True))
    turn = told(press(admin, "한국어", chat=GROUP), admin.state)
    assert turn.state.lang is None
    assert [type(reply) for reply in turn.replies] == [Toast]


def test_a_chats_rate_of_false_answers_is_asked_of_the_library() -> None:
    asked = conversation.question(ChatState(false_answers=0.01), said(FERRY), NOW, SETUP)
    assert asked is not None
    assert asked.false_answers == 0.01


def test_a_follow_up_brings_the_question_before_it() -> None:
    state = told(said(FERRY)).state
    soon = NOW + timedelta(seconds=FOLLOW_UP_SECONDS)
    for now, previous in ((soon, FERRY), (soon + timedelta(seconds=1), None)):
        asked = conversation.question(state, said("and in winter?", 2), now, SETUP)
        assert asked is not None
        assert asked.previous == previous


def followed_up() -> Turn:
    """The answer to a follow-up that was read as WINTER."""
    first = conversation.respond(Restating(), ChatState(), said(FERRY), NOW, SETUP)
    return conversation.respond(Restating(), first.state, said("and in winter?", 2), NOW, SETUP)


def test_a_follow_up_of_a_follow_up_brings_what_that_one_asked() -> None:
    second = followed_up()
    asked = conversation.question(second.state, said("since when?", 3), NOW, SETUP)
    assert asked is not None
    assert asked.previous == WINTER
    given = second.state.answers[-1]
    assert given.question == "and in winter?"
    assert given.stands_alone == WINTER
    assert ChatState.from_json(second.state.to_json()) == second.state


def test_thanks_are_no_question_that_could_be_followed() -> None:
    state = told(said("Thanks, that helped!", 2), told(said(FERRY)).state).state
    asked = conversation.question(state, said("and in winter?", 3), NOW, SETUP)
    assert asked is not None
    assert asked.previous == FERRY


def test_a_judged_follow_up_is_a_question_that_stands_alone() -> None:
    second = followed_up()
    judged = conversation.respond(Restating(), second.state, press(second, "👍", 3), NOW, SETUP)
    assert [effect.question for effect in judged.effects if isinstance(effect, Judged)] == [WINTER]


def test_a_quote_whose_article_has_changed_says_so_when_it_is_shown_again() -> None:
    library = ScriptedLibrary()
    first = conversation.respond(library, ChatState(), said(BRIDGE), NOW, SETUP)
    library.change(ArticleId("bridge"))
    turn = conversation.respond(library, first.state, press(first, "Context"), NOW, SETUP)
    assert "The article has changed since" in content(turn).text


def test_another_figure_stands_beside_what_it_cannot_be_understood_without_and_is_drawn_again_so() -> None:
    library = ScriptedLibrary()
    (rival,) = library.ask(Question("What did the mayor say about the timetable?")).quotes
    answer = library.ask(Question(FERRY))
    quote = replace(answer.quotes[0], conflicts=(rival,))
    first = conversation.respond(library, ChatState(), said(FERRY), NOW, SETUP, replace(answer, quotes=(quote,)))
    assert f"{rival.context[0].text} {rival.sentence.text}" in content(first).text
    assert "Said by: Mayor Ida Holm" in content(first).text
    assert {rival.sentence.id, rival.context[0].id} <= {one.sentence for one in content(first).shows}
    state = ChatState.from_json(first.state.to_json())
    opened = conversation.respond(library, state, press(first, "Context"), NOW, SETUP)
    closed = conversation.respond(library, opened.state, press(opened, "Less context", 3), NOW, SETUP)
    assert content(closed).text == content(first).text


def test_what_was_shown_is_recorded_by_sentence_and_snapshot() -> None:
    turn = told(said(FERRY))
    library = ScriptedLibrary()
    shown = content(turn).shows
    assert [library.sentence(one.sentence).text for one in shown] == [
        "In summer the ferry runs every hour, from six in the morning to midnight.",
        "In winter it runs four times a day, and not at all when the harbour is frozen.",
    ]
    assert all(library.sentence(one.sentence).snapshot == one.snapshot for one in shown)


def test_a_withdrawn_quote_is_not_recorded_as_shown() -> None:
    library = ScriptedLibrary()
    first = conversation.respond(library, ChatState(), said(FERRY), NOW, SETUP)
    library.remove(ArticleId("ferry"))
    turn = conversation.respond(library, first.state, press(first, "Context"), NOW, SETUP)
    assert content(turn).shows == ()


def test_inline_answers_are_cached_shortly_and_only_for_their_asker() -> None:
    (answer,) = told(InlineQuery("u1", "q", ANN, BRIDGE)).replies
    assert isinstance(answer, InlineAnswer)
    assert 0 < answer.cache_seconds <= 60


def test_typing_is_shown_where_the_question_was_asked() -> None:
    forum = Chat(-1002, ChatKind.SUPERGROUP, "Forum", topic=7, is_forum=True)
    typing = conversation.typing(said("/ask x", chat=forum))
    assert typing is not None
    assert (typing.chat, typing.topic) == (-1002, 7)
    assert conversation.typing(InlineQuery("u1", "q", ANN, "x")) is None


def test_whose_state_an_event_needs() -> None:
    assert conversation.chat_of(said("x", chat=GROUP)) == GROUP.id
    assert conversation.chat_of(InlineQuery("u1", "q", ANN, "x")) == ANN.id
    assert conversation.chat_of(Press("u1", "q", ANN, "x", None, None)) == ANN.id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_progress_is_told_by_editing_the_message_of_the_job(lang: str) -> None:
    turn = told(said("/add https://courier.example/new", user=LARS, chat=Chat(103, ChatKind.PRIVATE)))
    (effect,) = turn.effects
    assert isinstance(effect, AddLink)
    job = replace(effect.job, lang=lang)
    steps = (
        Reading("report.txt"), Adding(3), Adding(3, 10), Done(added=1, title="Title"),
        Done(2, 1, 21, 5, reasons=("why",)),
        Done(), Done(refused=1, title="Title"), Removed("Title"), Failed("The page has no text."),
    )  # fmt: skip
    texts = []
    for number, step in enumerate(steps):
        edit = conversation.progress(job, step, number)
        assert (edit.key, edit.target) == (f"u1.p{number}", turn.replies[0].key)
        texts.append(edit.content.text)
    assert len(set(texts)) == len(texts)
    assert texts[-1].endswith("The page has no text.")


def test_progress_in_english() -> None:
    job = Job("u1", 1, "u1.0", "en")
    done = conversation.progress(job, Done(added=2, changed=1, refused=1, reasons=("b.txt is empty.",)), 0)
    assert done.content.text == "2 articles added, 1 updated, 1 refused\nb.txt is empty."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/ask", Command("ask", None, "")),
        ("/ask  why?", Command("ask", None, "why?")),
        ("/Ask@Pullquote_Bot why?\nreally", Command("ask", "Pullquote_Bot", "why?\nreally")),
        ("/ask\nwhy?", Command("ask", None, "why?")),
        (" /ask", None),
        ("/", None),
        ("/путь", None),
        ("/ask?", None),
        ("and/or", None),
    ],
)
def test_what_counts_as_a_command(text: str, found: Command | None) -> None:
    assert command(text) == found


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("@pullquote_bot why?", "why?"),
        ("@PullQuote_Bot, why?", "why?"),
        ("why, @pullquote_bot?", "why?"),
        ("who, @pullquote_bot, is the king?", "who is the king?"),
        ("@pullquote_bot", ""),
        ("@pullquote_bot2 why?", None),
        ("mail@pullquote_bot", None),
        ("why?", None),
    ],
)
def test_what_counts_as_a_mention(text: str, rest: str | None) -> None:
    assert without_mention(text, "pullquote_bot") == rest


def test_ten_thousand_questions_marks_and_entities_are_refused_without_asking() -> None:
    library = ScriptedLibrary()
    conversation.respond(library, ChatState(), said("?" * 100_000), NOW, SETUP)
    assert library.questions == []


def test_the_core_imports_no_network_and_no_clock() -> None:
    folder = Path(conversation.__file__).parent
    for source in folder.glob("*.py"):
        text = source.read_text()
        for forbidden in ("import httpx", "import time", "datetime.now(", "import random", "import asyncio", "open("):
            assert forbidden not in text, source.name
