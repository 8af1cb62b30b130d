"""When a source is visited again."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fetch import Refusal, Refused
from index.follow.plan import CONTINUED, JITTER, LATEST, SOONEST, Visit, after, due, learned_pace
from index.source import Kind, Source, SourceId

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCE = Source(SourceId(1), "https://a.test/feed", "https://a.test/feed", Kind.FEED, NOW, NOW)


def waits(source: Source, visit: Visit) -> timedelta:
    seen = after(source, visit, NOW, random.Random(7))
    assert seen.next_try is not None
    return seen.next_try - NOW


def refused(reason: Refusal, retry_after: timedelta | None = None) -> Visit:
    return Visit(failure=Refused(reason, "https://a.test/feed", retry_after=retry_after))


def near(wait: timedelta, wanted: timedelta) -> bool:
    return abs(wait - wanted) <= wanted * JITTER


def test_a_feed_is_visited_twice_as_often_as_it_publishes() -> None:
    every_four_hours = tuple(NOW - HOUR * 4 * n for n in range(10))
    assert near(waits(SOURCE, Visit(every_four_hours, fresh=True)), HOUR * 2)


def test_one_burst_does_not_hide_the_usual_pace() -> None:
    days = tuple(NOW - HOUR - timedelta(days=1) * n for n in range(9))
    burst = tuple(NOW - HOUR - timedelta(seconds=n) for n in range(4))
    assert near(waits(SOURCE, Visit(days + burst, fresh=True)), HOUR * 12)


def test_a_busy_feed_is_not_visited_more_often_than_every_ten_minutes() -> None:
    assert near(waits(SOURCE, Visit(tuple(NOW - timedelta(seconds=n) for n in range(20)), fresh=True)), SOONEST)


def test_a_feed_without_news_is_visited_less_and_less_but_once_a_day() -> None:
    source, paces = SOURCE, []
    for _ in range(30):
        source = after(source, Visit(), NOW, random.Random(7))
        paces.append(source.pace)
    assert paces == sorted(paces)
    assert paces[0] < paces[1]
    assert paces[-1] == LATEST


def test_a_feed_without_dates_is_visited_more_often_when_it_has_news() -> None:
    assert learned_pace(HOUR * 8, Visit(fresh=True), NOW) == HOUR * 4


def test_dates_in_the_future_teach_nothing() -> None:
    assert learned_pace(HOUR * 8, Visit((NOW + HOUR, NOW + HOUR * 2), fresh=True), NOW) == HOUR * 4


@pytest.mark.parametrize(("asked", "wanted"), [(HOUR * 6, HOUR * 6), (timedelta(days=30), LATEST)])
def test_a_site_that_asks_for_patience_gets_it_up_to_a_day(asked: timedelta, wanted: timedelta) -> None:
    assert waits(SOURCE, Visit(asked=asked)) == wanted


def test_failures_double_the_wait_up_to_a_day_and_a_success_forgets_them() -> None:
    source, found = SOURCE, []
    for _ in range(9):
        source = after(source, refused(Refusal.UNREACHABLE), NOW, random.Random(7))
        found.append((source.next_try or NOW) - NOW)
    assert near(found[0], timedelta(minutes=10))
    assert near(found[1], timedelta(minutes=20))
    assert near(found[-1], LATEST)
    assert source.failures == 9
    assert "can't be fetched" in (source.error or "")
    assert source.last_success is None
    source = after(source, Visit(), NOW, random.Random(7))
    assert (source.failures, source.error, source.last_success) == (0, None, NOW)


def test_retry_after_is_kept() -> None:
    assert waits(SOURCE, refused(Refusal.RATE_LIMITED, timedelta(days=3))) == timedelta(days=3)
    assert near(waits(SOURCE, refused(Refusal.RATE_LIMITED, timedelta(seconds=1))), timedelta(minutes=10))


def test_a_source_that_is_gone_is_never_visited_again() -> None:
    seen = after(SOURCE, refused(Refusal.GONE), NOW, random.Random(7))
    assert seen.gone
    assert seen.next_try is None
    assert list(due([seen], NOW + timedelta(days=999))) == []


def test_what_one_visit_did_not_take_is_fetched_soon() -> None:
    assert waits(SOURCE, Visit(fresh=True, more=True)) == CONTINUED


def test_sources_followed_together_drift_apart() -> None:
    rng = random.Random(1)
    nexts = {after(SOURCE, Visit(), NOW, rng).next_try for _ in range(50)}
    assert len(nexts) > 40


def test_the_longest_waiting_come_first_and_the_others_not_yet() -> None:
    times = {1: NOW + HOUR, 2: NOW, 3: NOW - HOUR, 4: None}
    sources = [replace(SOURCE, id=SourceId(n), next_try=at) for n, at in times.items()]
    assert [source.id for source in due(sources, NOW)] == [3, 2]


def test_a_plan_made_by_a_clock_that_ran_ahead_is_not_waited_for() -> None:
    ahead = replace(SOURCE, next_try=NOW + timedelta(days=400))
    assert list(due([ahead], NOW)) == [ahead]


@given(
    st.lists(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), max_size=30),
    st.booleans(),
    st.timedeltas(timedelta(0), timedelta(days=400)),
    st.integers(0, 10**6),
)
def test_a_next_try_always_lies_between_ten_minutes_and_a_day(
    dates: list[datetime], fresh: bool, asked: timedelta, seed: int
) -> None:
    seen = after(SOURCE, Visit(tuple(dates), fresh, asked), NOW, random.Random(seed))
    assert seen.next_try is not None
    assert SOONEST * (1 - JITTER) <= seen.next_try - NOW <= LATEST * (1 + JITTER)
