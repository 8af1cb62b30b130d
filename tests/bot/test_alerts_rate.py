"""Alerts that Telegram does not take for an hour: they wait, lose nothing, repeat nothing and keep their order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import ApiRefused, ApiUnreachable
from bot.outbox import Outbox
from tests.bot.test_outbox import FAST, ScriptedApi
from tests.bot.watching import FACTS, Newsroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    opened = Newsroom(tmp_path)
    opened.step()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "refusals",
    [
        [ApiRefused(429, "Too Many Requests: retry after 3600", retry_after=3600)],
        [ApiRefused(429, "Too Many Requests: retry after 600", retry_after=600) for _ in range(6)],
        [ApiUnreachable("The network is down.") for _ in range(12)],
        [ApiRefused(502, "Bad Gateway") for _ in range(12)],
    ],
    ids=["an hour at once", "ten minutes again and again", "no network", "bad gateway"],
)
async def test_what_waits_for_an_hour_arrives_once_and_in_order(room: Newsroom, refusals: list[Exception]) -> None:
    room.rhythm(per_hour=1000)
    room.watch()
    api = ScriptedApi(errors={7: list(refusals)})
    sender = Outbox(room.engine, room.writer, api, FAST, lambda: room.now, lambda: 1.0)
    for minute in range(120):
        if minute % 12 == 0 and minute < 60:
            room.publish(str(minute), FACTS[minute // 12])
        room.step()
        await sender.settle()
        room.now += 60
    await sender.settle()
    refused, taken = api.calls[: len(refusals)], api.calls[len(refusals) :]
    assert len(refused) == len(refusals)
    assert [next(fact for fact in FACTS if fact in params["text"]) for _, params in taken] == FACTS[:5]
