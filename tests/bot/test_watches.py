"""Alerts: every new fact once, never an old one, in order, at a time that suits, whatever happens to the chat."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.alerts import EDIT_SECONDS, Alerts
from bot.outbox import ALERT
from bot.store import alerts, watches
from bot.watches.alert import ChangeWatch
from bot.watches.facts import WINDOW
from bot.watches.watch import Every, Filters
from index.errors import LibraryError
from tests.bot.watching import DAY, FACTS, HOUR, LIGHTS, TROOPS, Newsroom


@pytest.fixture
def room(tmp_path: Path, database: str | None) -> Iterator[Newsroom]:
    opened = Newsroom(tmp_path, database=database)
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


def test_a_watch_left_before_the_bot_first_ran_hears_of_what_came_since(tmp_path: Path, database: str | None) -> None:
    room = Newsroom(tmp_path, database=database)
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


def test_what_was_retracted_before_it_was_read_is_sent_when_it_comes_again(room: Newsroom) -> None:
    room.watch()
    room.publish("a", TROOPS, LIGHTS)
    room.publish("a", "Something else happened.")
    room.step()
    assert not room.sent()
    room.publish("a", TROOPS, "Something else happened.")
    room.step()
    room.publish("a", "Something else happened.")
    room.publish("a", TROOPS, "Something else happened.")
    room.step()
    (alert,) = room.sent()
    assert TROOPS in alert


def test_what_nobody_was_told_of_is_not_kept_for_ever(room: Newsroom) -> None:
    room.watch()
    room.publish("a", TROOPS)
    room.library.remove("a")
    room.step()
    assert room.read(alerts.missed)
    room.now += 31 * DAY
    room.step()
    assert not room.read(alerts.missed)


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


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("COVID-19 in Kyiv", "COVID-19 killed 500 people in Kyiv.", "COVID-19 killed 700 people in Kyiv."),
        ("flood in Kyiv", "The flood left 500 dead and 30 hurt.", "The flood left 700 dead and 30 hurt."),
        ("flood: how many died?", "The flood left 500 dead and 30 hurt.", "The flood left 700 dead and 30 hurt."),
        ("flood: how many died?", "The flood left 500 dead.", "The flood left 500 dead and 30 hurt."),
        ("strike: when is it?", "The strike is on May 3.", "The strike of May 3 was put off to May 5."),
        (
            "tunnel: when will it open?",
            "The tunnel will open in 2031.",
            "The tunnel will open in May 2031, not before.",
        ),
    ],
)
def test_a_figure_that_was_not_told_is_news_beside_one_that_was(
    room: Newsroom, question: str, first: str, second: str
) -> None:
    room.watch(question)
    for name, text in (("a", first), ("b", second), ("c", second)):
        room.publish(name, text)
        room.step()
    assert len(room.sent()) == 2


def test_a_date_that_says_less_than_one_that_was_told_is_no_news(room: Newsroom) -> None:
    room.watch("tunnel: when will it open?")
    for name, text in (("a", "The tunnel will open on 3 May 2031."), ("b", "The tunnel will open in 2031, at last.")):
        room.publish(name, text)
        room.step()
    assert len(room.sent()) == 1


@pytest.mark.parametrize(("passengers", "heard"), [("240", 1), ("280", 2)])
def test_what_was_not_asked_makes_no_second_alert_of_an_article(room: Newsroom, passengers: str, heard: int) -> None:
    room.watch("Halcyon: how many passengers does the ferry carry?")
    room.publish(
        "a",
        "Up to 240 people can travel on board the ferry Halcyon.",
        f"The ferry Halcyon can carry {passengers} passengers and 60 cars.",
    )
    room.step()
    assert len(room.sent()) == heard


@pytest.mark.parametrize("days", [4, 6])
def test_a_fact_that_another_article_repeats_within_a_week_is_not_told_again(room: Newsroom, days: int) -> None:
    room.watch()
    room.publish("a", TROOPS)
    room.step()
    room.wait(days * DAY)
    room.publish("b", SAME)
    room.wait(HOUR)
    assert [call["method"] for call in room.calls()] == ["sendMessage"]


def test_what_waits_for_a_weekly_digest_names_the_article_that_repeats_it_after_days(room: Newsroom) -> None:
    room.rhythm(every=Every.WEEK, weekday=0, minute=9 * 60)
    room.watch()
    room.publish("a", TROOPS)
    room.wait(4 * DAY)
    room.publish("b", SAME)
    room.wait(3 * DAY)
    assert len(room.sent()) == 1
    assert len(room.alert(TROOPS).also) == 1


def test_facts_of_more_watches_than_fit_into_memory_are_told_once(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.alert_rows.AT_ONCE", 2)
    for chat in range(1, 6):
        room.watch(chat=chat)
    for name in "abc":
        room.publish(name, TROOPS, FACTS[0])
    room.step()
    assert sorted(call["chat_id"] for call in room.calls()) == sorted(2 * [1, 2, 3, 4, 5])


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
    died = True
    with suppress(LibraryError), room.killed_at(statement):
        room.step()
        died = False
    if died:
        assert room.sent() == []
    room.step()
    room.step()
    assert [sum(fact in text for text in room.sent()) for fact in FACTS[:3]] == [1, 1, 1]


@pytest.mark.parametrize("fault", [LibraryError("locked"), ValueError("a fault of ours")])
async def test_a_fault_while_matching_is_tried_again_from_the_same_mark(room: Newsroom, fault: Exception) -> None:
    room.watch()
    room.publish("a", TROOPS)
    matched, faults = room.library.match, [fault]

    def broken(*args: Any, **more: Any) -> Any:
        if faults:
            raise faults.pop()
        return matched(*args, **more)

    room.library.match = broken  # type: ignore[method-assign]
    sent = asyncio.Event()
    bot = Alerts(room.engine, room.writer, room.library, room.setup, sent.set, lambda: room.now, pause=0)
    running = asyncio.create_task(bot.run())
    await asyncio.wait_for(sent.wait(), 30)
    running.cancel()
    assert len(room.sent()) == 1


def test_two_bots_on_one_folder_send_an_alert_once(room: Newsroom) -> None:
    room.watch()
    room.publish("a", TROOPS)
    mine, theirs = room.alerts(), room.alerts()
    came = room.library.arrivals
    stolen: list[int] = []

    def late(*args: Any, **more: Any) -> Any:
        found = came(*args, **more)
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
