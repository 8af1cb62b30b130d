"""The log: a request's every step under one name, readable on a terminal, JSON elsewhere, and nobody's words in it."""

# ruff: noqa: F811 - the end-to-end fixtures are imported and then named by tests
from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot import log as logging
from bot.log import request, request_of
from tests.end_to_end.conftest import QUESTION, SENTENCE, Start, api, library, own_telegram, start  # noqa: F401
from tests.end_to_end.processes import Bot
from tests.fake_telegram.client import Telegram
from tests.fake_telegram.world import TOKEN

NAME, HANDLE, GROUP, CHANNEL = "Zyzzyva Quagga", "zyzzyva_quagga", "Axolotl friends", "okapi_news"
STEPS = ["update received", "question", "stored to be sent", "sent"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def restored() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def lines(bot: Bot) -> list[dict[str, Any]]:
    """What a bot logged; each line must be one JSON object."""
    return [json.loads(line) for line in bot.written().splitlines()]


async def test_one_request_id_goes_through_every_step_of_a_question(own_telegram: Telegram, start: Start) -> None:
    bot = start()
    await own_telegram.user(5)
    asked = [QUESTION, "What did Napoleon have for breakfast?"]
    for text in asked:
        await own_telegram.say(5, text)
    said = await own_telegram.said(5, 2, timeout=60)
    assert SENTENCE in said[0]["text"]
    # The line comes after Telegram has the message; asking Telegram again passes the time.
    for _ in range(5000):
        if bot.written().count('"event": "sent"') == len(asked):
            break
        await own_telegram.state()
    bot.kill()
    logged = [line for line in lines(bot) if "request" in line]
    received = [line["request"] for line in logged if line["event"] == "update received"]
    assert len(received) == len(set(received)) == len(asked)
    for name, outcome in zip(received, ("answered", "silent"), strict=True):
        its = [line for line in logged if line["request"] == name]
        assert [line["event"] for line in its] == STEPS
        assert its[1]["outcome"] == outcome
        assert its[1]["seconds"] > 0
        assert its[2]["key"] == its[3]["key"]
        assert request_of(its[2]["key"]) == name


async def test_no_token_no_question_no_quote_and_no_name_is_logged(own_telegram: Telegram, start: Start) -> None:
    bot = start()
    await own_telegram.user(5, NAME, username=HANDLE)
    await own_telegram.chat(-1005, "supergroup", {5: "creator", "bot": "member"}, title=GROUP)
    await own_telegram.say(5, QUESTION)
    (answer,) = await own_telegram.said(5, 1, timeout=60)
    await own_telegram.press(5, answer["message_id"], "Context")
    await own_telegram.say(-1005, f"/ask {QUESTION}", user=5)
    await own_telegram.said(-1005, 1, timeout=60)
    await own_telegram.say(5, f"/watch @{CHANNEL} {QUESTION}")
    await own_telegram.fault("500", "sendMessage", chat=5)
    await own_telegram.say(5, "/watch Is the okapi striped?")
    await own_telegram.said(5, 2, timeout=60)
    bot.kill()
    written = bot.written()
    assert "a call failed" in written
    assert len(lines(bot)) > 12
    for secret in (TOKEN, TOKEN.partition(":")[2], QUESTION, "Eling", "okapi", *NAME.split(), HANDLE, GROUP, CHANNEL):
        assert secret.lower() not in written.lower(), secret


@pytest.mark.usefixtures("restored")
def test_a_terminal_gets_lines_for_people_and_a_file_gets_json() -> None:
    for stream in (Terminal(), io.StringIO()):
        logging.configure(stream)
        with request("u7"):
            structlog.get_logger().info("sent", key="u7.0")
        structlog.get_logger().info("stopping")
        first, second = stream.getvalue().splitlines()
        if stream.isatty():
            assert "sent" in first
            assert "u7.0" in first
            assert not first.startswith("{")
        else:
            said = json.loads(first)
            assert (said["event"], said["request"], said["level"]) == ("sent", "u7", "info")
            assert "request" not in json.loads(second)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("u7.0", "u7"),
        ("u7.toast", "u7"),
        ("u7.0.p3", "u7"),
        ("alert.w1.33.e2", "alert.w1.33"),
        ("digest.w1.33.0", "digest.w1.33.0"),
        ("correction.5.-1001.u7.0.mark", "correction.5"),
    ],
)
def test_what_is_sent_belongs_to_what_it_came_of(key: str, name: str) -> None:
    assert request_of(key) == name
