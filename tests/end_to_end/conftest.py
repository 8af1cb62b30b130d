"""A library with a few articles, a fake Telegram, and a bot between them."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from index.library import Library
from index.settings import LibrarySettings
from tests.end_to_end.processes import Bot
from tests.fake_telegram.client import Telegram, running

ARTICLES = {
    "mill": """Title: The tidal mill of Eling
Source: Harbour Notes
URL: https://example.org/eling
Published: 2024-03-02

The tidal mill of Eling was rebuilt in 1785. It grinds wheat twice a day, when the tide has turned. The miller opens
the sluice by hand. Nobody was hurt in the flood of 1953.
""",
    "lighthouse": """Title: The lighthouse on Gull Rock
Source: Coast Weekly
URL: https://example.org/gull-rock
Published: 2024-05-11

The lighthouse on Gull Rock is 41 metres high. Its lamp was electrified in 1926. Margaret Hale was its last keeper; she
left the rock in 1988.
""",
}
QUESTION, SENTENCE = "When was the tidal mill of Eling rebuilt?", "The tidal mill of Eling was rebuilt in 1785."

Start = Callable[..., Bot]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the articles in it, to be copied."""
    folder = tmp_path_factory.mktemp("library")
    for name, text in ARTICLES.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    data = folder / "data"
    with Library.open(LibrarySettings.load(data=data)) as opened:
        assert [outcome.state for outcome in opened.add(opened.read(folder))] == ["added"] * len(ARTICLES)
    return data


@pytest.fixture(scope="session")
def shared_api() -> Iterator[str]:
    """The address of a fake Telegram for tests that leave it as it was."""
    with running() as url:
        yield url


@pytest.fixture(scope="session")
def shared_bot(library: Path, shared_api: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """A bot that polls, for tests that only talk to it, each in chats of its own."""
    data = tmp_path_factory.mktemp("shared") / "data"
    shutil.copytree(library, data)
    bot = Bot(data, shared_api, settings={"PULLQUOTE_ADMINS": "9001"})
    bot.start()
    yield bot
    if bot.process is not None:
        bot.stop()


@pytest.fixture
async def telegram(shared_api: str, shared_bot: Bot) -> AsyncIterator[Telegram]:
    """The people's side of the shared bot."""
    async with Telegram(shared_api) as opened:
        yield opened


@pytest.fixture
def api() -> Iterator[str]:
    """A fake Telegram for one test alone."""
    with running() as url:
        yield url


@pytest.fixture
async def own_telegram(api: str) -> AsyncIterator[Telegram]:
    """The people's side of `api`."""
    async with Telegram(api) as opened:
        yield opened


@pytest.fixture
def start(library: Path, api: str, tmp_path: Path) -> Iterator[Start]:
    """Starts a bot for one test alone (or makes it ready only), with other settings where it asks for them."""
    bots: list[Bot] = []

    def started(webhook: bool = False, run: bool = True, **settings: str) -> Bot:
        data = tmp_path / "data"
        if not data.exists():
            shutil.copytree(library, data)
        bot = Bot(data, api, webhook, settings)
        if run:
            bot.start()
        bots.append(bot)
        return bot

    yield started
    for bot in bots:
        if bot.process is not None:
            bot.kill()
