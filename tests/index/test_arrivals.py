"""What is new to the library: each text of an article once, whatever becomes of the article."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bot.watching import DAY, Newsroom

SENTENCES = ["It rained in the hills.", "The mill stood still.", "A ship came in.", "Nobody was hurt."]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    opened = Newsroom(tmp_path)
    yield opened
    opened.close()


def texts(room: Newsroom, after: int, most: int = 512) -> list[str]:
    came = room.library.arrivals(after, most)
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


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sets(st.sampled_from(SENTENCES), min_size=1), min_size=1, max_size=5), st.data())
def test_each_text_arrives_once_wherever_the_reader_pauses(
    room: Newsroom, versions: list[set[str]], data: st.DataObject
) -> None:
    # Each example is an article of its own in the one library.
    article = f"article after {room.library.version}"
    seq, seen = room.library.version, []
    for version in versions:
        room.publish(article, *sorted(version))
        if data.draw(st.booleans()):
            seen += texts(room, seq)
            seq = room.library.version
    seen += texts(room, seq)
    assert len(seen) == len(set(seen))
    # A text that was taken back and came again is not new, whether or not somebody looked in between.
    steady = {text for text in versions[-1] if _runs([text in version for version in versions]) == 1}
    assert steady <= set(seen)


def _runs(stood: list[bool]) -> int:
    """How many times a text came."""
    return sum(now and not before for before, now in zip([False, *stood], stood, strict=False))
