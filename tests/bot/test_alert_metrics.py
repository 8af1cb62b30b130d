"""What becomes of alerts, as /metrics has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import metrics
from bot.alerts import EDIT_SECONDS
from tests.bot.watching import HOUR, LIGHTS, TROOPS, Newsroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    opened = Newsroom(tmp_path)
    yield opened
    opened.close()


def test_what_becomes_of_alerts_is_counted(room: Newsroom) -> None:
    names = ("sent", "repeated", "quiet")
    before = {name: counted("pullquote_alerts_total", outcome=name) for name in names}
    digests, edits = counted("pullquote_digests_total"), counted("pullquote_alert_edits_total")
    room.watch()
    room.publish("a", TROOPS)
    room.publish("b", TROOPS)
    room.step()
    room.wait(EDIT_SECONDS + 60)
    room.rhythm(quiet=(12 * 60, 14 * 60))
    room.publish("c", LIGHTS)
    room.step()
    room.wait(3 * HOUR)
    after = {name: counted("pullquote_alerts_total", outcome=name) - before[name] for name in names}
    assert after == {"sent": 1, "repeated": 1, "quiet": 1}
    assert counted("pullquote_digests_total") - digests == 1
    assert counted("pullquote_alert_edits_total") - edits == 1


def counted(name: str, **labels: str) -> float:
    """A figure of /metrics as it stands."""
    return metrics.registry.get_sample_value(name, labels) or 0.0
