"""Export: every sentence comes back through `add`; a chat gets all that is kept of it and nothing of another."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from bot.store import chats, judgements, shown
from bot.store.base import open_store
from bot.store.shown import ShownQuote
from index.library import Library
from index.settings import LibrarySettings
from index.store.engine import writing
from tests.bot.test_cli import SEEDS, Command


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Command:
    command = Command(tmp_path_factory.mktemp("exported"))
    assert command("add", str(SEEDS)).returncode == 0
    return command


def sentences(data: Path) -> dict[str, list[str]]:
    with Library.open(LibrarySettings.load(data=data)) as library:
        return {one.id: [each.text for each in library.sentences(one.id)] for one in library.articles()}


def about(data: Path) -> set[object]:
    with Library.open(LibrarySettings.load(data=data)) as library:
        return set(library.articles())


def stored(data: Path) -> dict[str, tuple[str, list[tuple[int, int]]]]:
    """The hash of each article's snapshot and where its sentences stand."""
    with Library.open(LibrarySettings.load(data=data)) as library:
        lines = {one.id: library.sentences(one.id) for one in library.articles()}
    return {id: (some[0].snapshot, [(line.start, line.end) for line in some]) for id, some in lines.items()}


def rows(data: Path) -> list[str]:
    """Everything in the library's database."""
    with sqlite3.connect(data / "library.db") as database:
        return list(database.iterdump())


ANY_FORMAT = {
    "paragraphs.txt": "Title: Mill\n\nIt was rebuilt in 1785.\n\n\n  It grinds wheat.\tTwice a day.\n",
    "page.md": "# Rock\n\n* It is 41 metres high.\n* Its lamp was electrified in 1926.\n\n> She left in 1988.\n",
    "page.html": "<title>Ferry</title><article><p>It sank at night.</p><p>Nobody was hurt.</p></article>",
    "split.jsonl": json.dumps({"title": "Told twice", "sentences": ["No.", "It said: “No.” Then no more.", "No."]}),
    "said.jsonl": json.dumps({"id": 7, "title": "Éling", "lang": "fr", "text": "Le moulin.\r\nIl tourne."}),
}


def test_an_export_added_to_its_own_library_changes_nothing(seeds: Command, tmp_path: Path) -> None:
    out = tmp_path / "articles.jsonl"
    assert seeds("export", "--out", str(out)).returncode == 0
    before = rows(seeds.data)
    outcomes = [json.loads(line) for line in seeds("add", "--json", str(out)).stdout.splitlines()]
    assert {one["state"] for one in outcomes} == {"unchanged"}
    assert rows(seeds.data) == before


def test_an_export_in_an_empty_library_is_the_same_snapshots_split_at_the_same_places(tmp_path: Path) -> None:
    here, there, out = Command(tmp_path / "here"), Command(tmp_path / "there"), tmp_path / "articles.jsonl"
    (tmp_path / "articles").mkdir()
    for name, text in ANY_FORMAT.items():
        (tmp_path / "articles" / name).write_text(text, "utf-8")
    assert "5 added" in here("add", str(tmp_path / "articles")).stdout
    assert here("export", "--out", str(out)).returncode == 0
    assert there("add", str(out)).returncode == 0
    assert stored(there.data) == stored(here.data)
    assert about(there.data) == about(here.data)
    assert "5 unchanged" in here("add", str(out)).stdout
    assert "5 unchanged" in here("add", str(tmp_path / "articles")).stdout


def test_no_sentence_and_nothing_said_of_an_article_is_lost_on_the_way_through_jsonl(
    seeds: Command, tmp_path: Path
) -> None:
    assert seeds("export", "--out", str(tmp_path / "articles.jsonl")).returncode == 0
    there = Command(tmp_path / "there")
    added = there("add", str(tmp_path / "articles.jsonl"))
    assert added.returncode == 0
    assert "0 refused" in added.stdout
    assert sentences(there.data) == sentences(seeds.data)
    assert about(there.data) == about(seeds.data)
    assert there("export").stdout == (tmp_path / "articles.jsonl").read_text("utf-8")


def test_a_chat_gets_everything_of_its_own_and_nothing_of_another(tmp_path: Path) -> None:
    pullquote = Command(tmp_path / "data")
    engine = open_store(pullquote.data)
    with writing(engine) as connection:
        for chat in (7, 8):
            chats.save(connection, chat, json.dumps({"lang": f"mine {chat}"}), 1.0)
            shown.add(connection, [ShownQuote(chat, f"u{chat}", 1, "0" * 64, 1.0)])
        judgements.judge(connection, -100, 7, 3, "asked in a group by 7", True, 2.0)
        judgements.judge(connection, -100, 8, 3, "asked in a group by 8", True, 2.0)
    engine.dispose()
    said = pullquote("export", "--chat", "7").stdout
    found = json.loads(said)
    assert found["chat"] == 7
    assert found.keys() == {"chat", "chats", "shown", "judgements"}
    assert found["judgements"][0]["question"] == "asked in a group by 7"
    assert "mine 8" not in said
    assert "by 8" not in said
    assert json.loads(pullquote("export", "--chat", "9").stdout) == {"chat": 9}


def test_an_export_is_readable_by_its_owner_alone(seeds: Command, tmp_path: Path) -> None:
    out = tmp_path / "chat.json"
    assert seeds("export", "--chat", "7", "--out", str(out)).returncode == 0
    assert out.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["chat.json"]
