"""Alerts: every new fact once, never an old one, in order, at a time that suits, whatever happens to the chat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.alerts import EDIT_SECONDS
from bot.outbox import ALERT
from bot.store import alerts, outbox, watches, whole_chat
from bot.watches.alert import ChangeWatch, Dislike, RemoveWatch
from bot.watches.facts import WINDOW
from bot.watches.noise import AWAY_SECONDS, GATHER_SECONDS
from bot.watches.watch import Every, Filters
from index.errors import LibraryError
from tests.bot.watching import DAY, HOUR, Newsroom

TROOPS = "North Korea sent 10,000 soldiers to Kursk."
LIGHTS = "The lights went out in Kursk on Monday."
FACTS = [f"In Kursk {number},000 people came to fair number {number}." for number in range(2, 60)]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    opened = Newsroom(tmp_path)
    opened.step()
    yield opened
    opened.close()


# --- what is new -------------------------------------------------------------------------------------------


def test_a_new_sentence_that_answers_is_sent_with_its_watch_its_source_and_its_date(room: Newsroom) -> None:
    room.watch("Kursk: how many soldiers?")
    room.publish(
        "a", "It rained.", TROOPS, day="2024-11-04", title="Soldiers", source="Courier", url="https://c.example"
    )
    room.step()
    (call,) = room.calls()
    assert call["text"] == f"🔔 Kursk: how many soldiers?\n\n{TROOPS}\nSoldiers — Courier — 4 November 2024"
    assert call["chat_id"] == 7
    assert call["priority"] == ALERT


def test_nothing_from_before_the_watch_is_sent(room: Newsroom) -> None:
    room.publish("a", TROOPS)
    room.watch()
    room.step()
    assert room.sent() == []


def test_a_watch_left_before_the_bot_first_ran_hears_of_what_came_since(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.publish("old", LIGHTS)
    room.watch()
    room.publish("new", TROOPS)
    room.step()
    assert len(room.sent()) == 1
    assert TROOPS in room.sent()[0]
    room.close()


def test_an_edit_sends_only_what_it_added(room: Newsroom) -> None:
    room.watch()
    room.publish("a", TROOPS)
    room.step()
    room.publish("a", TROOPS, LIGHTS)
    room.step()
    assert [TROOPS in text for text in room.sent()] == [True, False]
    assert LIGHTS in room.sent()[1]


def test_an_edit_of_an_edit_that_was_missed_is_sent_once(room: Newsroom) -> None:
    room.watch()
    room.publish("a", TROOPS, "It rained.")
    room.publish("a", TROOPS, "It snowed.")
    room.publish("a", "It hailed.", TROOPS)
    room.step()
    assert len(room.sent()) == 1


def test_a_sentence_of_an_article_from_before_the_watch_stays_old_when_the_article_is_edited(room: Newsroom) -> None:
    room.publish("a", TROOPS)
    room.watch()
    room.publish("a", TROOPS, "It rained.")
    room.step()
    assert room.sent() == []


def test_a_sentence_that_was_taken_out_and_put_back_is_not_new(room: Newsroom) -> None:
    room.watch()
    room.publish("a", TROOPS, "It rained.")
    room.step()
    room.publish("a", "It rained.")
    room.step()
    room.wait(WINDOW + DAY)
    room.publish("a", TROOPS, "It rained.")
    room.step()
    assert len(room.sent()) == 1


def test_what_was_retracted_before_it_was_read_is_not_sent(room: Newsroom) -> None:
    room.watch()
    room.publish("a", TROOPS)
    room.library.remove("a")
    room.publish("b", LIGHTS)
    room.publish("b", "It rained.")
    room.step()
    assert room.sent() == []


def test_alerts_come_in_the_order_of_publication(room: Newsroom) -> None:
    room.watch()
    for number, day in enumerate(("2024-11-03", "2024-11-01", "2024-11-02")):
        room.publish(str(number), FACTS[number], day=day)
    room.step()
    assert [next(fact for fact in FACTS if fact in text) for text in room.sent()] == [FACTS[1], FACTS[2], FACTS[0]]


@pytest.mark.parametrize(
    ("filters", "heard"),
    [
        (Filters(langs=("en",)), True),
        (Filters(langs=("uk", "de")), False),
        (Filters(sources=("courier",)), True),
        (Filters(sources=("news.example",)), True),
        (Filters(sources=("Radio",)), False),
        (Filters(must=("soldier",)), True),
        (Filters(must=("soldiers", "10000")), True),
        (Filters(must=("sailors",)), False),
    ],
)
def test_filters_let_through_what_they_name(room: Newsroom, filters: Filters, heard: bool) -> None:
    room.watch(filters=filters)
    room.publish("a", TROOPS, lang="en", source="Courier", url="https://www.news.example/1")
    room.step()
    assert len(room.sent()) == heard


def test_strictness_decides_what_is_sent(room: Newsroom) -> None:
    for chat, share in ((1, 0.10), (2, 0.05), (3, 0.01)):
        room.watch(chat=chat, false_answers=share)
    room.publish("a", "There is perhaps a storm over Kursk.")
    room.step()
    assert [call["chat_id"] for call in room.calls()] == [1]


def test_a_question_that_many_ask_is_matched_once(room: Newsroom) -> None:
    for chat in range(1, 30):
        room.watch(chat=chat)
    room.publish("a", TROOPS)
    room.step()
    assert [list(questions) for questions, _ in room.library.matched] == [["Kursk"]]
    assert len(room.calls()) == 29


def test_a_paused_watch_is_silent_and_hears_nothing_of_that_time_later(room: Newsroom) -> None:
    watch = room.watch()
    room.write(lambda connection: watches.carry_out(connection, ChangeWatch(watch.ref, "paused", True)))
    room.publish("a", TROOPS)
    room.step()
    room.write(lambda connection: watches.carry_out(connection, ChangeWatch(watch.ref, "paused", False)))
    room.step()
    assert room.sent() == []


# --- a fact once -------------------------------------------------------------------------------------------

SAME = "About 10,000 North Korean soldiers were sent to Kursk, officials say."


def test_another_article_with_the_same_fact_edits_the_alert(room: Newsroom) -> None:
    room.watch("Kursk: how many soldiers?")
    room.publish("a", TROOPS, title="First")
    room.step()
    room.publish("b", SAME, title="Second")
    room.step()
    assert len(room.calls()) == 1
    room.now += EDIT_SECONDS
    room.step()
    sent, edit = room.calls()
    assert edit["method"] == "editMessageText"
    assert edit["message_id"] == {"$sent": sent["key"]}
    assert edit["text"] == sent["text"] + "\nAlso in Second"


def test_many_repetitions_cost_few_edits(room: Newsroom) -> None:
    room.watch("Kursk: how many soldiers?")
    room.publish("a", TROOPS)
    bot = room.alerts()
    for number in range(20):
        room.now += 30
        room.publish(f"b{number}", SAME, title=f"Paper {number}")
        bot.step()
    edits = [call for call in room.calls() if call["method"] == "editMessageText"]
    assert 1 <= len(edits) <= 20 * 30 / EDIT_SECONDS
    assert len(room.sent()) == 1


def test_another_figure_is_another_fact(room: Newsroom) -> None:
    room.watch("Kursk: how many soldiers?")
    room.publish("a", TROOPS)
    room.step()
    room.publish("b", TROOPS.replace("10,000", "12,000"))
    room.step()
    assert len(room.sent()) == 2


def test_the_same_fact_after_the_window_is_told_again(room: Newsroom) -> None:
    room.watch()
    room.publish("a", TROOPS)
    room.step()
    room.wait(WINDOW + HOUR)
    room.publish("b", SAME)
    room.step()
    assert len(room.sent()) == 2


def test_two_watches_of_one_chat_each_hear_of_a_fact(room: Newsroom) -> None:
    room.watch("Kursk: how many soldiers?")
    room.watch("Korea: where did it send soldiers?")
    room.publish("a", TROOPS)
    room.step()
    assert len({call["key"] for call in room.calls()}) == 2


# --- nothing lost, nothing twice ---------------------------------------------------------------------------


class Killed(BaseException):
    """As far as a thread can die."""


@pytest.mark.parametrize("statement", range(1, 12))
def test_a_crash_anywhere_in_the_commit_loses_and_doubles_nothing(room: Newsroom, statement: int) -> None:
    room.watch()
    room.publish("a", *FACTS[:3])
    seen = 0

    def die(*args: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == statement:
            raise LibraryError("killed")

    sa.event.listen(room.engine, "before_cursor_execute", die)
    try:
        room.step()
        died = False
    except LibraryError:
        died = True
    sa.event.remove(room.engine, "before_cursor_execute", die)
    if died:
        assert room.sent() == []
    room.step()
    room.step()
    assert [sum(fact in text for text in room.sent()) for fact in FACTS[:3]] == [1, 1, 1]


def test_two_bots_on_one_folder_send_an_alert_once(room: Newsroom) -> None:
    room.watch()
    room.publish("a", TROOPS)
    mine, theirs = room.alerts(), room.alerts()
    came = room.library.arrivals
    stolen: list[int] = []

    def late(after: int, most: int = 512) -> Any:
        found = came(after, most)
        if not stolen:
            stolen.append(1)
            theirs.step()
        return found

    room.library.arrivals = late  # type: ignore[method-assign]
    mine.step()
    assert len(room.sent()) == 1


def test_a_watch_deleted_while_it_matched_is_not_served(room: Newsroom) -> None:
    watch = room.watch()
    room.publish("a", TROOPS)
    matched = room.library.match

    def late(*args: Any, **more: Any) -> Any:
        room.write(lambda connection: watches.remove(connection, watch.ref))
        return matched(*args, **more)

    room.library.match = late  # type: ignore[method-assign]
    room.step()
    assert room.sent() == []


def test_more_than_one_batch_is_read_to_the_end(room: Newsroom) -> None:
    room.rhythm(per_hour=1000)
    room.watch()
    for number in range(8):
        room.publish(str(number), *[f"It rained {number} times on road {n}." for n in range(100)], FACTS[number])
    room.step()
    assert len(room.library.matched) > 3
    assert len(room.sent()) == 8


# --- noise -------------------------------------------------------------------------------------------------


def digests(room: Newsroom) -> list[str]:
    return [call.get("text", "") for call in room.calls() if call["key"].startswith("digest.")]


def test_at_most_so_many_alerts_an_hour_then_one_digest(room: Newsroom) -> None:
    room.rhythm(per_hour=3)
    room.watch()
    for number in range(10):
        room.publish(str(number), FACTS[number])
    room.step()
    assert len(room.sent()) == 3
    room.wait(2 * HOUR)
    assert len(room.sent()) == 4
    (digest,) = digests(room)
    assert all(fact in digest for fact in FACTS[3:10])
    assert "More than 3 alerts in an hour" in digest


def test_what_comes_later_does_not_overtake_what_waits(room: Newsroom) -> None:
    room.rhythm(per_hour=1)
    room.watch()
    room.publish("0", FACTS[0])
    room.step()
    room.now += HOUR - 60
    room.publish("1", FACTS[1])
    room.step()
    room.now += 120
    room.publish("2", FACTS[2])
    room.step()
    room.wait(2 * HOUR)
    text = "\n".join(room.sent())
    assert [text.count(fact) for fact in FACTS[:3]] == [1, 1, 1]
    assert text.index(FACTS[0]) < text.index(FACTS[1]) < text.index(FACTS[2])


def test_quiet_hours_are_those_of_the_chats_own_clock(room: Newsroom) -> None:
    # 12:00 UTC is 21:00 in Seoul, and 22:00 comes an hour later.
    room.rhythm(zone="Asia/Seoul", quiet=(22 * 60, 7 * 60))
    room.watch()
    room.publish("a", FACTS[0])
    room.step()
    assert len(room.sent()) == 1
    room.now += 2 * HOUR
    room.publish("b", FACTS[1])
    room.publish("c", FACTS[2])
    room.step()
    room.wait(6 * HOUR)
    assert len(room.sent()) == 1
    room.wait(3 * HOUR)
    (digest,) = digests(room)
    assert FACTS[1] in digest
    assert FACTS[2] in digest


def test_a_daily_digest_comes_once_a_day_at_its_time(room: Newsroom) -> None:
    room.rhythm(zone="Europe/Kyiv", every=Every.DAY, minute=9 * 60)
    room.watch()
    for number in range(4):
        room.publish(str(number), FACTS[number])
        room.step()
        room.wait(6 * HOUR)
    # Monday 14:00 in Kyiv and 24 hours on: one digest, on Tuesday at nine.
    (digest,) = digests(room)
    assert "4 new sentences" in digest
    assert room.sent() == [digest]


def test_a_weekly_digest_waits_for_its_day(room: Newsroom) -> None:
    room.rhythm(every=Every.WEEK, weekday=4, minute=18 * 60)
    room.watch()
    room.publish("a", FACTS[0])
    room.wait(4 * DAY + 5 * HOUR)
    assert digests(room) == []
    room.wait(2 * HOUR)
    assert len(digests(room)) == 1


def test_a_watch_set_to_digests_leaves_the_others_alone(room: Newsroom) -> None:
    room.watch("Kursk", digest=True)
    room.watch("Baltimore")
    room.publish("a", TROOPS, "The bridge of Baltimore is open.")
    room.step()
    assert len(room.sent()) == 1
    assert "Baltimore" in room.sent()[0]
    room.wait(DAY)
    assert len(digests(room)) == 1


@pytest.mark.parametrize(("zone", "change"), [("Europe/Kyiv", "2024-10-27"), ("Europe/Kyiv", "2024-03-31")])
def test_a_digest_comes_once_on_the_days_when_the_clocks_change(tmp_path: Path, zone: str, change: str) -> None:
    room = Newsroom(tmp_path, datetime.fromisoformat(f"{change}T00:00:00+00:00").timestamp() - DAY)
    room.step()
    # 3:30 is an hour that one of these days skips, and the other has twice.
    room.rhythm(zone=zone, every=Every.DAY, minute=3 * 60 + 30)
    room.watch()
    for number in range(72):
        room.publish(str(number), f"In Kursk {number + 2},000 trees fell.")
        room.step()
        room.wait(HOUR)
    assert len(digests(room)) == 3
    room.close()


def test_a_long_digest_is_one_message_with_pages(room: Newsroom) -> None:
    room.rhythm(every=Every.DAY)
    room.watch()
    room.publish("a", *FACTS)
    room.wait(DAY)
    (call,) = room.calls()
    assert f"{len(FACTS)} new sentences" in call["text"]
    labels = [button["text"] for row in call["reply_markup"]["inline_keyboard"] for button in row]
    assert labels == ["1 / 6", "›"]


def test_what_was_withdrawn_before_its_digest_is_left_out(room: Newsroom) -> None:
    room.rhythm(every=Every.DAY)
    room.watch()
    room.publish("a", FACTS[0])
    room.publish("b", FACTS[1])
    room.step()
    room.library.remove("a")
    room.wait(DAY)
    (digest,) = digests(room)
    assert FACTS[0] not in digest
    room.wait(DAY)
    assert len(digests(room)) == 1


# --- clocks, and a bot that was off ------------------------------------------------------------------------


def test_a_restart_after_a_week_is_one_digest_that_says_so(room: Newsroom) -> None:
    room.watch()
    room.now += 7 * DAY
    bot = room.alerts()
    bot.step()
    for number in range(30):
        # Followed sources are visited again, one after another.
        room.now += 10
        room.publish(str(number), FACTS[number])
        bot.step()
    assert room.sent() == []
    room.wait(GATHER_SECONDS + HOUR)
    (text,) = room.sent()
    assert "30 new sentences" in text
    assert "I was off from 4 Nov 2024, 12:00 until 11 Nov 2024, 12:00" in text


def test_a_short_restart_holds_nothing_back(room: Newsroom) -> None:
    room.watch()
    room.now += AWAY_SECONDS / 2
    room.publish("a", TROOPS)
    room.step()
    assert len(room.sent()) == 1


def test_a_crash_while_gathering_still_makes_one_digest(room: Newsroom) -> None:
    room.watch()
    room.now += 7 * DAY
    for number in range(5):
        room.now += 10
        room.publish(str(number), FACTS[number])
        room.step()
    room.wait(HOUR)
    assert len(room.sent()) == 1
    assert "5 new sentences" in room.sent()[0]


@pytest.mark.parametrize("jump", [-5 * 365 * DAY, -DAY, -HOUR, HOUR])
def test_a_clock_that_steps_loses_and_repeats_nothing(room: Newsroom, jump: float) -> None:
    room.rhythm(per_hour=2)
    room.watch()
    for number in range(4):
        room.publish(str(number), FACTS[number])
    room.step()
    room.now += jump
    bot = room.alerts()
    bot.step()
    room.publish("later", FACTS[9])
    bot.step()
    room.wait(3 * HOUR)
    told = "\n".join(room.sent())
    assert [told.count(fact) for fact in (*FACTS[:4], FACTS[9])] == [1] * 5


# --- chats that change -------------------------------------------------------------------------------------


def refuse(room: Newsroom, chat: int = 7, topic: int = 0) -> None:
    """What the outbox writes when Telegram says that nothing gets through."""

    def shut(connection: sa.Connection) -> None:
        ids = outbox.waiting_in(connection, chat, topic or None)
        outbox.refuse(connection, ids, "Forbidden: bot was blocked by the user", room.now)
        alerts.hold_refused(connection, chat, room.now)

    room.close_chat(chat, topic)
    room.write(shut)


def test_what_a_blocked_chat_missed_comes_in_one_digest_when_it_is_back(room: Newsroom) -> None:
    room.watch()
    room.publish("a", FACTS[0])
    room.step()
    refuse(room)
    room.publish("b", FACTS[1])
    room.wait(DAY)
    assert len(room.calls()) == 1
    room.open_chat()
    room.wait(HOUR)
    (digest,) = digests(room)
    assert FACTS[0] in digest
    assert FACTS[1] in digest
    assert "I couldn't write here for a while" in digest


def test_a_digest_that_was_refused_too_comes_again(room: Newsroom) -> None:
    room.watch()
    room.publish("a", FACTS[0])
    room.step()
    for _ in range(2):
        refuse(room)
        room.wait(HOUR)
        room.open_chat()
        room.wait(HOUR)
    assert len(digests(room)) == 2
    assert len({call["key"] for call in room.calls()}) == 3


def test_a_closed_topic_holds_only_its_own_alerts(room: Newsroom) -> None:
    room.watch(chat=-5, topic=3)
    room.watch(chat=-5, topic=4)
    room.close_chat(-5, 3)
    room.publish("a", TROOPS)
    room.step()
    assert [call["message_thread_id"] for call in room.calls()] == [4]
    room.open_chat(-5, 3)
    room.wait(HOUR)
    assert [call["message_thread_id"] for call in room.calls()] == [4, 3]


def test_a_chat_that_never_comes_back_does_not_grow_for_ever(room: Newsroom) -> None:
    room.watch()
    room.close_chat()
    room.publish("a", TROOPS)
    for _ in range(32):
        room.step()
        room.now += DAY
    assert room.read(alerts.counts) == {}


def test_a_group_that_became_a_supergroup_is_alerted_there(room: Newsroom) -> None:
    room.rhythm(chat=-5, per_hour=1)
    room.watch(chat=-5)
    room.publish("a", FACTS[0], FACTS[1])
    room.step()
    room.write(lambda connection: whole_chat.move(connection, -5, -100))
    room.publish("b", FACTS[2])
    room.wait(2 * HOUR)
    assert {call["chat_id"] for call in room.calls()} == {-100}
    told = "\n".join(room.sent())
    assert [told.count(fact) for fact in FACTS[:3]] == [1, 1, 1]


def test_a_forgotten_chat_has_no_watches_left(room: Newsroom) -> None:
    room.watch()
    room.write(lambda connection: whole_chat.forget(connection, 7))
    room.publish("a", TROOPS)
    room.step()
    assert room.sent() == []
    assert room.read(watches.count) == 0


def test_what_waits_for_a_deleted_watch_is_not_sent(room: Newsroom) -> None:
    room.rhythm(every=Every.DAY)
    watch = room.watch()
    room.publish("a", TROOPS)
    room.step()
    room.write(lambda connection: watches.carry_out(connection, RemoveWatch(watch.ref)))
    room.wait(2 * DAY)
    assert room.sent() == []


def test_a_dislike_tightens_the_watch(room: Newsroom) -> None:
    watch = room.watch()
    room.publish("a", TROOPS)
    room.step()
    alert = room.alert(TROOPS)
    room.write(lambda connection: watches.carry_out(connection, Dislike(watch.ref, alert.sentence, 0.01)))
    room.publish("b", "There is perhaps a storm over Kursk.")
    room.step()
    assert len(room.sent()) == 1
    assert room.read(lambda connection: watches.get(connection, watch.ref)) == replace(watch, false_answers=0.01)
    assert room.alert(TROOPS).disliked


def test_a_month_of_alerts_leaves_the_tables_as_small_as_a_week(room: Newsroom) -> None:
    room.watch()
    sizes = []
    for number in range(60):
        room.publish(str(number), f"In Kursk {number + 2},000 trees fell.")
        room.now += DAY
        room.step()
        sizes.append(sum(room.read(alerts.counts).values()))
    assert max(sizes) <= 31
