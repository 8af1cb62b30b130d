"""A move takes everything, row by row, into either engine and back, can be broken off, and never mixes libraries."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import move as moving
from bot.move import Place
from bot.store import outbox, shown
from bot.store.base import open_store
from bot.store.outbox import Outgoing
from bot.store.shown import ShownQuote
from index.article import ArticleId, Draft, Question
from index.errors import LibraryError
from index.library import Library
from index.settings import LibrarySettings
from index.store import copying, tables
from index.store.engine import connect, reading, writing
from tests.postgresql import Server

FERRY = "The ferry Aurora sank near Gotland on 3 May 2021. All 48 passengers were rescued by the coast guard."
MILL = "The tidal mill of Eling was rebuilt in 1785. It grinds wheat to this day."


@pytest.fixture
def old(tmp_path: Path) -> Place:
    """A folder with two articles, one of them corrected and one removed article, and a chat that was quoted."""
    place = Place(tmp_path / "old")
    with Library.open(LibrarySettings.load(data=place.folder)) as library:
        list(library.add([Draft("Ferry", FERRY, id=ArticleId("ferry"), lang="en")]))
        list(library.add([Draft("Mill", MILL, id=ArticleId("mill"), lang="en")]))
        list(library.add([Draft("Ferry", FERRY.replace("48", "52"), id=ArticleId("ferry"), lang="en")]))
        list(library.add([Draft("Gone", "It was removed.", id=ArticleId("gone"), lang="en")]))
        library.remove(ArticleId("gone"))
        sentence = library.sentences(ArticleId("mill"))[0]
    engine = open_store(place.folder)
    with writing(engine) as connection:
        outbox.add(connection, [Outgoing("1.0", "sendMessage", {"chat_id": 7, "text": "Привіт \x00 '"}, 7, 0, 1, 1.5)])
        shown.add(connection, [ShownQuote(7, "1.0", sentence.id, sentence.snapshot, 2.0)])
    engine.dispose()
    return place


@pytest.fixture
def server(postgresql: Server) -> Place:
    return Place(Path(), postgresql.empty())


def settings_of(place: Place, data: Path) -> LibrarySettings:
    return LibrarySettings.load(data=place.folder if place.address is None else data, database_url=place.address)


def rows(place: Place) -> dict[str, list[object]]:
    """All rows of both packages' tables, but for the library's own name."""
    found: dict[str, list[object]] = {}
    for file, plan in (("library.db", moving.PLAN), ("chats.db", moving.chats_plan())):
        engine = connect(place.where(file))
        with reading(engine) as connection:
            for table in plan.tables:
                if table is not tables.facts:
                    query = sa.select(table).order_by(*table.primary_key)
                    found[table.name] = [tuple(row) for row in connection.execute(query)]
        engine.dispose()
    return found


@pytest.fixture
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return Place(tmp_path / "new") if request.param == "folder" else request.getfixturevalue("server")


@pytest.mark.parametrize("new", ["folder", "server"], indirect=True)
def test_everything_arrives_and_answers_as_before_without_embedding(old, new, tmp_path, monkeypatch):
    question = Question("When was the tidal mill of Eling rebuilt?")
    with Library.open(settings_of(old, tmp_path)) as library:
        before = library.ask(question)
        monkeypatch.setattr(type(library.encoder), "passages", lambda self, texts: pytest.fail("embedded again"))
    list(moving.move(old, new))
    assert rows(new) == rows(old)
    assert moving.ready(LibrarySettings.load(data=tmp_path), new) == 4
    with Library.open(settings_of(new, tmp_path)) as library:
        after = library.ask(question)
        assert list(library.verify()) == []
    assert after.quotes
    assert [quote.sentence for quote in after.quotes] == [quote.sentence for quote in before.quotes]
    assert after.confidence == pytest.approx(before.confidence, abs=1e-3)


def test_there_and_back_again_nothing_has_changed(old, server, tmp_path):
    list(moving.move(old, server))
    back = Place(tmp_path / "back")
    list(moving.move(server, back))
    assert rows(back) == rows(old)


@pytest.mark.parametrize("new", ["folder", "server"], indirect=True)
@pytest.mark.parametrize("steps", [1, 4, 9, 14])
def test_a_move_that_is_broken_off_goes_on_and_nobody_uses_what_is_half_there(old, new, steps, tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "TOGETHER", 1)
    with closing(moving.move(old, new)) as begun:
        for _ in range(steps):
            next(begun)
    with pytest.raises(LibraryError, match="Run the same `pullquote move` again"):
        Library.open(settings_of(new, tmp_path))
    list(moving.move(old, new))
    assert rows(new) == rows(old)


@pytest.mark.parametrize("new", ["folder", "server"], indirect=True)
def test_ids_go_on_where_they_were(old, new, tmp_path):
    list(moving.move(old, new))
    ids = []
    for place in (old, new):
        with Library.open(settings_of(place, tmp_path)) as library:
            list(library.add([Draft("Next", "A new sentence stands here.", id=ArticleId("next"), lang="en")]))
            ids.append((library.sentences(ArticleId("next"))[0].id, library.version))
    assert ids[0] == ids[1]


def test_a_place_that_holds_a_library_is_left_alone(old, server, tmp_path):
    list(moving.move(old, server))
    before = rows(server)
    for full in (server, old):
        with pytest.raises(LibraryError, match="already"):
            list(moving.move(old, full))
    assert rows(server) == before
    with Library.open(settings_of(server, tmp_path)) as library:
        assert library.count() == 4


def test_what_was_written_meanwhile_is_noticed_and_taken_along_the_next_time(old, server, tmp_path):
    begun = moving.move(old, server)
    next(step for step in begun if step.table == "articles")
    with Library.open(settings_of(old, tmp_path)) as library:
        list(library.add([Draft("Late", "It came late.", id=ArticleId("late"), lang="en")]))
    with pytest.raises(LibraryError, match="written to while it was moved"):
        list(begun)
    list(moving.move(old, server))
    assert rows(server) == rows(old)


def test_a_row_that_differs_is_named(old, server, monkeypatch):
    real = copying.copy

    def damaged(source, target, plan):
        yield from real(source, target, plan)
        if tables.snapshots in plan.tables:
            with writing(target) as connection:
                connection.execute(tables.snapshots.update().where(tables.snapshots.c.id == 2).values(text="other"))

    monkeypatch.setattr("index.move.copy", damaged)
    with pytest.raises(LibraryError, match=r"differs from the original \(snapshots, at 2\)"):
        list(moving.move(old, server))


def test_a_moved_library_has_a_name_of_its_own(old, tmp_path):
    new = Place(tmp_path / "new")
    list(moving.move(old, new))
    names = []
    for place in (old, new):
        engine = connect(place.where("library.db"))
        with reading(engine) as connection:
            names.append(connection.scalar(sa.select(tables.facts.c.value).where(tables.facts.c.name == "identity")))
        engine.dispose()
    assert names[1]
    assert names[0] != names[1]


def test_the_command_moves_and_says_so_in_one_line(old, server, tmp_path):
    def pullquote(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot", *words]
        base = {"PATH": "/usr/bin:/bin", "PULLQUOTE_DATA": str(old.folder), "PULLQUOTE_CROSS_ENCODER": "off"}
        return subprocess.run(command, env=base | environment, capture_output=True, text=True, timeout=120, check=False)

    done = pullquote("move", "--to", str(server.address), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sentences"] == 4
    again = pullquote("move", "--to", str(server.address))
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    nowhere = pullquote("move", "--to", "postgresql://nobody@127.0.0.1:1/none")
    assert (nowhere.returncode, nowhere.stderr.count("\n")) == (2, 1)
    assert "can't be reached" in nowhere.stderr
    backup = pullquote("backup", str(tmp_path / "b.zip"), PULLQUOTE_DATABASE_URL=str(server.address))
    assert (backup.returncode, backup.stderr.count("\n")) == (2, 1)
    assert "pg_dump" in backup.stderr
