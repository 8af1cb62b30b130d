"""Running it for years: old folders open, what was forgotten is gone from the disk, /metrics tells what it should."""

# ruff: noqa: F811 - the end-to-end fixtures are imported and then named by tests
from __future__ import annotations

import json
import re
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from prometheus_client import generate_latest

from bot import metrics
from bot.settings import BotSettings
from bot.stock import measured
from bot.store import outbox, shown, updates
from bot.store.base import MIGRATIONS as CHAT_MIGRATIONS
from bot.store.base import empty_log, open_store
from bot.store.outbox import Outgoing
from bot.store.shown import ShownQuote
from bot.tidy import DAY, Retention, prune
from index.errors import LibraryTooNew
from index.library import MIGRATIONS as LIBRARY_MIGRATIONS
from index.library import Library
from index.settings import LibrarySettings
from index.store.engine import connect, reading, writing
from index.store.migrate import newest, upgrade
from tests.bot.test_cli import Command, refuses
from tests.end_to_end.conftest import QUESTION, SENTENCE, Start, api, library, own_telegram, start  # noqa: F401
from tests.end_to_end.processes import Bot
from tests.fake_telegram.client import Telegram

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "fixtures"
VERSIONS = sorted(path.name.removeprefix("schema-") for path in FIXTURES.glob("schema-*"))
DATABASES = (("library", LIBRARY_MIGRATIONS), ("chats", CHAT_MIGRATIONS))
MARKER = "zyzzyva quagga 8421"


def folder_of(version: str, data: Path) -> Path:
    """A data folder as a released schema made it, each database at its newest version up to this one."""
    data.mkdir()
    for name, _ in DATABASES:
        kept = [path for path in sorted(FIXTURES.glob(f"schema-*/{name}.sql")) if path.parent.name[7:] <= version]
        with sqlite3.connect(data / f"{name}.db") as database:
            database.executescript(kept[-1].read_text("utf-8"))
    return data


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A data folder as the first schema made it: two articles, one chat with settings, one question unanswered."""
    return folder_of("0001", tmp_path / "data")


def rows(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of a database by its table, but for Alembic's own."""
    with sqlite3.connect(file) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: database.execute(f'SELECT * FROM "{table}"').fetchall()
            for table in tables
            if not table.startswith(("alembic", "sqlite"))
        }


@pytest.mark.parametrize(("name", "migrations"), DATABASES, ids=["library", "chats"])
def test_a_folder_is_kept_of_every_schema_before_the_newest(name: str, migrations: Path) -> None:
    # The newest is what this program makes; a folder of it is kept once there is a newer one.
    older = {path.name[:4] for path in (migrations / "versions").glob("[0-9]*.py")} - {newest(migrations)}
    assert older | {"0001"} <= {path.parent.name[7:] for path in FIXTURES.glob(f"schema-*/{name}.sql")}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_folder_of_any_schema_opens_and_loses_no_row(version: str, tmp_path: Path) -> None:
    data = folder_of(version, tmp_path / "data")
    before = {name: rows(data / f"{name}.db") for name, _ in DATABASES}
    open_store(data).dispose()
    with Library.open(LibrarySettings.load(data=data)) as library:
        assert list(library.verify()) == []
        assert len(library.articles()) == 2
    for name, _ in DATABASES:
        after = rows(data / f"{name}.db")
        for table, kept in before[name].items():
            assert [row[: len(old)] for row, old in zip(after[table], kept, strict=True)] == kept, table


def test_watches_of_the_schema_that_brought_them_are_still_listed(tmp_path: Path) -> None:
    said = Command(folder_of("0002", tmp_path / "data"))("watch", "list", "--json")
    assert [json.loads(line)["chat"] for line in said.stdout.splitlines()] == [7, -1001]


def test_a_folder_of_the_first_schema_opens_answers_and_is_whole(first: Path) -> None:
    pullquote = Command(first)
    said = pullquote("ask", QUESTION, "--json")
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)["quotes"][0]["sentence"] == SENTENCE
    assert pullquote("verify").returncode == 0


@pytest.mark.parametrize(("name", "migrations"), DATABASES, ids=["library", "chats"])
def test_a_database_of_the_first_schema_reaches_the_newest_through_every_one(
    first: Path, name: str, migrations: Path
) -> None:
    engine = connect(first / f"{name}.db")
    upgrade(engine, migrations)
    new = connect(first / "new" / f"{name}.db")
    upgrade(new, migrations)
    with reading(engine) as old_one, reading(new) as new_one:
        assert old_one.scalar(sa.text(f"SELECT version_num FROM alembic_version_{migrations.parents[1].name}")) == (
            newest(migrations)
        )
        old_tables, new_tables = sa.inspect(old_one), sa.inspect(new_one)
        assert set(old_tables.get_table_names()) == set(new_tables.get_table_names())
        for table in new_tables.get_table_names():
            names = {column["name"] for column in new_tables.get_columns(table)}
            assert {column["name"] for column in old_tables.get_columns(table)} == names, table


@pytest.mark.parametrize(("name", "migrations"), DATABASES, ids=["library", "chats"])
def test_a_newer_folder_is_refused_in_one_line_and_left_as_it_is(first: Path, name: str, migrations: Path) -> None:
    table = f"alembic_version_{migrations.parents[1].name}"
    with sqlite3.connect(first / f"{name}.db") as database:
        database.execute(f"UPDATE {table} SET version_num = '9999'")
    with pytest.raises(LibraryTooNew, match="newer Pullquote") as refused:
        upgrade(connect(first / f"{name}.db"), migrations)
    assert "\n" not in str(refused.value)
    if name == "library":
        refuses(Command(first)("ask", QUESTION), "newer Pullquote")


async def test_the_bot_takes_up_a_folder_of_the_first_schema_and_answers_what_waited_in_it(
    first: Path,
    api: str,
    own_telegram: Telegram,
) -> None:
    await own_telegram.user(7)
    await own_telegram.say(7, "/start@nobody")
    bot = Bot(first, api)
    bot.start()
    try:
        await own_telegram.said(7, 1, text=SENTENCE, timeout=60)
    finally:
        assert bot.stop() == 0


async def test_after_forget_no_table_and_no_byte_on_the_disk_holds_what_the_chat_said(
    own_telegram: Telegram,
    start: Start,
) -> None:
    bot = start()
    await own_telegram.user(5, "Zyzzyva")
    for number in range(3):
        await own_telegram.say(5, f"{QUESTION} {MARKER} {number}")
    await own_telegram.said(5, 3, timeout=60)
    await own_telegram.say(5, "/watch " + MARKER)
    await own_telegram.said(5, 4)
    await own_telegram.say(5, "/forget")
    said = await own_telegram.said(5, 5)
    label = said[-1]["reply_markup"]["inline_keyboard"][0][0]["text"]
    await own_telegram.answer(await own_telegram.press(5, said[-1]["message_id"], label))
    assert bot.stop() == 0
    for table, kept in rows(bot.data / "chats.db").items():
        assert MARKER not in str(kept), table
    # What was being done when it was forgotten: the answer to the press, and that it can be written to.
    left = json.loads(Command(bot.data)("export", "--chat", "5").stdout)
    assert left.keys() <= {"chat", "outbox"}, left.keys()
    assert {row["params"] for row in left.get("outbox", [])} <= {"{}"}
    for file in (path for path in bot.data.rglob("*") if path.is_file()):
        held = file.read_bytes().lower()
        assert b"quagga" not in held, file
        assert b"zyzzyva" not in held, file


def test_what_was_deleted_is_gone_from_the_file_of_a_bot_that_still_runs(tmp_path: Path) -> None:
    engine = open_store(tmp_path)
    body = {"update_id": 1, "text": MARKER}
    with writing(engine) as connection:
        updates.accept(connection, [updates.Update(1, 5, body, 1.0)])
    assert MARKER.encode() in (tmp_path / "chats.db-wal").read_bytes()
    with writing(engine) as connection:
        updates.finish(connection, 1, 2.0)
    assert empty_log(engine)
    for file in tmp_path.iterdir():
        assert MARKER.encode() not in file.read_bytes(), file


def test_rows_are_kept_for_as_long_as_the_settings_say(tmp_path: Path) -> None:
    engine = open_store(tmp_path)
    with writing(engine) as connection:
        for day in range(10):
            updates.accept(connection, [updates.Update(day, 5, {"update_id": day}, day * DAY)])
            updates.finish(connection, day, day * DAY)
            shown.add(connection, [ShownQuote(5, f"u{day}", 1, "0" * 64, day * DAY)])
            outbox.add(connection, [Outgoing(f"u{day}", "sendMessage", {}, 5, 0, 1, day * DAY)])
            outbox.sent(connection, outbox.waiting(connection)[-1].id, day, day * DAY)
    now = 9.5 * DAY
    for_ever = Retention.of(BotSettings.load(keep_updates=3, keep_sent=4))
    with writing(engine) as connection:
        assert prune(connection, for_ever, now) == 7 + 6
        assert updates.counts(connection) == {"done": 3}
        assert outbox.counts(connection) == {"sent": 4}
        assert len(shown.of_sentences(connection, [1])) == 10
        prune(connection, Retention.of(BotSettings.load(keep_shown=5)), now)
        assert len(shown.of_sentences(connection, [1])) == 5


def test_metrics_tell_queues_the_oldest_undelivered_sources_and_the_library(first: Path) -> None:
    engine = open_store(first)
    with Library.open(LibrarySettings.load(data=first)) as opened, measured(engine, opened):
        said = generate_latest(metrics.registry).decode()
    assert 'pullquote_inbox_updates{state="waiting"} 1.0' in said
    assert "pullquote_oldest_undelivered_seconds 0.0" in said
    assert 'pullquote_sources{state="failing"} 0.0' in said
    assert "pullquote_articles 2.0" in said
    assert "pullquote_sentences 4.0" in said
    assert "pullquote_store_up 1.0" in said


async def test_a_question_is_counted_with_the_seconds_of_its_steps(
    own_telegram: Telegram,
    start: Start,
) -> None:
    bot = start()
    await own_telegram.user(5)
    await own_telegram.say(5, QUESTION)
    await own_telegram.say(5, "What did Napoleon have for breakfast?")
    await own_telegram.said(5, 2, timeout=60)
    said = httpx.get(f"http://127.0.0.1:{bot.port}/metrics", timeout=20).text
    assert 'pullquote_questions_total{outcome="answered"} 1.0' in said
    assert 'pullquote_questions_total{outcome="silent"} 1.0' in said
    for step in ("waiting", "asking", "embed", "vectors", "words", "cross-encoder", "composing", "render", "send"):
        assert re.search(rf'pullquote_step_seconds_count{{step="{step}"}} [1-9]', said), step


def test_a_store_that_cannot_be_read_is_told_and_breaks_no_scrape(first: Path) -> None:
    engine = open_store(first)
    with Library.open(LibrarySettings.load(data=first)) as opened, measured(engine, opened):
        engine.dispose()
        shutil.rmtree(first)
        first.mkdir()
        (first / "chats.db").write_text("no database")
        said = generate_latest(metrics.registry).decode()
    assert "pullquote_store_up 0.0" in said


async def test_a_backup_of_a_running_bot_is_restored_verified_and_served_from(
    own_telegram: Telegram, start: Start
) -> None:
    bot = start()
    await own_telegram.user(5)
    await own_telegram.say(5, QUESTION)
    await own_telegram.said(5, 1, timeout=60)
    pullquote, file = Command(bot.data), str(bot.data.parent / "b.zip")
    assert pullquote("backup", file).returncode == 0
    refuses(pullquote("restore", file, "--force"), "Stop the bot")
    bot.kill()
    assert pullquote("restore", file, "--force").returncode == 0
    assert pullquote("verify").returncode == 0
    bot.start()
    await own_telegram.say(5, QUESTION)
    said = await own_telegram.said(5, 2, timeout=60)
    assert len(said) == 2
    assert all(SENTENCE in message["text"] for message in said)
