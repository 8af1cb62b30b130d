"""What is new to the library: each text of an article once, whatever becomes of the article."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.store.arrivals import NONE_MISSED, Arrivals
from tests.bot.watching import DAY, Newsroom

SENTENCES = ["It rained in the hills.", "The mill stood still.", "A ship came in.", "Nobody was hurt."]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    opened = Newsroom(tmp_path)
    yield opened
    opened.close()


def said(room: Newsroom, came: Arrivals) -> list[str]:
    return [room.library.sentence(arrival.sentence).text for arrival in came.sentences]


def test_stretches_hold_whole_changes_and_miss_none(room: Newsroom) -> None:
    for number in range(5):
        room.publish(str(number), *SENTENCES[:2])
    seq, seen = 0, 0
    while (came := room.library.arrivals(seq, 3)).until > seq:
        seq, seen = came.until, seen + len(came.sentences)
        assert len(came.sentences) % 2 == 0
    assert (seq, seen) == (5, 10)


def test_the_version_of_a_time_is_the_last_before_it(room: Newsroom) -> None:
    for number in range(3):
        room.publish(str(number), SENTENCES[number])
        room.now += DAY
    moment = datetime.fromtimestamp(room.now - 1.5 * DAY, UTC)
    assert room.library.version_at(moment) == 2
    assert room.library.version_at(datetime(2000, 1, 1, tzinfo=UTC)) == 0


VERSIONS = st.lists(st.sets(st.sampled_from(SENTENCES)), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VERSIONS, st.data())
def test_each_text_arrives_once_wherever_the_reader_pauses(
    room: Newsroom, versions: list[set[str]], data: st.DataObject
) -> None:
    # Each example is an article of its own in the one library; a version without a sentence is a removal.
    article = f"article after {room.library.version}"
    seq, missed, seen, stands = room.library.version, NONE_MISSED, [], False
    for version in versions:
        if version:
            room.publish(article, *sorted(version))
        elif stands:
            room.library.remove(article)
        stands = bool(version)
        if data.draw(st.booleans()):
            came = room.library.arrivals(seq, missed=missed)
            seq, missed = came.until, came.missed
            seen += said(room, came)
    seen += said(room, room.library.arrivals(seq, missed=missed))
    assert len(seen) == len(set(seen))
    assert versions[-1] <= set(seen)


@pytest.mark.parametrize("looks", [(), (1,), (2,), (1, 2), (3,)])
def test_what_was_taken_back_and_came_again_arrives_once(room: Newsroom, looks: tuple[int, ...]) -> None:
    seq, missed, seen = 0, NONE_MISSED, []
    for version, said_in_it in enumerate([SENTENCES[:2], SENTENCES[:1], SENTENCES[:2], SENTENCES[:1]], start=1):
        room.publish("mill", *said_in_it)
        if version in looks or version == 3:
            came = room.library.arrivals(seq, missed=missed)
            seq, missed = came.until, came.missed
            seen += said(room, came)
    assert sorted(seen) == SENTENCES[:2]
    assert not missed
