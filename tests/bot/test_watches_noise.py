"""Alerts at a time that suits: limits, quiet hours, digests, clocks that step, absences, chats that change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store import alerts, outbox, watches, whole_chat
from bot.watches.alert import Dislike, RemoveWatch
from bot.watches.noise import AWAY_SECONDS, GATHER_SECONDS
from bot.watches.watch import Every
from tests.bot.watching import DAY, FACTS, HOUR, TROOPS, Newsroom


@pytest.fixture
def room(tmp_path: Path, database: str | None) -> Iterator[Newsroom]:
    opened = Newsroom(tmp_path, database=database)
    opened.step()
    yield opened
    opened.close()


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
def test_a_digest_comes_once_on_the_days_when_the_clocks_change(
    tmp_path: Path, database: str | None, zone: str, change: str
) -> None:
    room = Newsroom(tmp_path, datetime.fromisoformat(f"{change}T00:00:00+00:00").timestamp() - DAY, database)
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
