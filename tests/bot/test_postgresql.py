"""A bot on PostgreSQL: with the least rights, by every command, and told in one line what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.commands import doctor
from bot.commands.export import of_chat
from bot.store import chats
from bot.store.base import open_store
from index.article import ArticleId, Draft, Question
from index.errors import LibraryReadOnly
from index.library import MIGRATIONS, Library
from index.settings import LibrarySettings
from index.store import tables
from index.store.engine import connect, writing
from index.store.migrate import upgrade
from tests.postgresql import Server

ROLES = (Path(__file__).parents[2] / "deploy" / "postgresql.sql").read_text("utf-8")
MILL = "The tidal mill of Eling was rebuilt in 1785. It grinds wheat to this day."
QUESTION = Question("When was the tidal mill of Eling rebuilt?")


@pytest.fixture
def roles(postgresql: Server) -> dict[str, str]:
    """Addresses of one database by role, the tables made by their owner."""
    address = postgresql.empty()
    name = address.partition("?")[0].rpartition("/")[2]
    for role in ("pullquote_bot", "pullquote_owner"):
        postgresql.run(f"DROP ROLE IF EXISTS {role}")
    postgresql.run(ROLES, name)
    found = {role: address.replace("postgres:@", f"{role}:@") for role in ("pullquote_owner", "pullquote_bot")}
    upgrade(connect(found["pullquote_owner"]), MIGRATIONS)
    open_store(Path(), found["pullquote_owner"]).dispose()
    yield found
    postgresql.run(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_bot_needs_no_more_than_to_read_and_write_rows(roles, tmp_path):
    settings = LibrarySettings.load(data=tmp_path, database_url=roles["pullquote_bot"])
    with Library.open(settings) as library:
        list(library.add([Draft("Mill", MILL, id=ArticleId("mill"), lang="en")]))
        assert library.ask(QUESTION).answered
        library.remove(ArticleId("mill"))
        assert library.ask(QUESTION).ranked == ()
    engine = open_store(tmp_path, roles["pullquote_bot"])
    with writing(engine) as connection:
        chats.save(connection, 7, "{}", 1.0)
    with pytest.raises(LibraryReadOnly, match="Give the role the right"), writing(engine) as connection:
        tables.facts.drop(connection)
    engine.dispose()


def test_a_graph_that_the_role_may_not_make_is_told_and_stops_nothing(roles, tmp_path, monkeypatch):
    monkeypatch.setattr("index.vectors.stored.EXACT", 1)
    with Library.open(LibrarySettings.load(data=tmp_path, database_url=roles["pullquote_bot"])) as library:
        list(library.add([Draft("Mill", MILL, id=ArticleId("mill"), lang="en")]))
        assert "must be owner" in library.vectors.state.trouble
        assert library.ask(QUESTION).answered
    with Library.open(LibrarySettings.load(data=tmp_path, database_url=roles["pullquote_owner"])) as library:
        assert library.vectors.maintain()
        assert library.vectors.state.kind == "hnsw"


def test_doctor_tells_what_the_database_is_and_what_it_lacks(postgresql, tmp_path):
    address = postgresql.empty()
    found = {each.name: each for each in doctor.database(address)}
    assert found["database"].value.startswith("PostgreSQL 18")
    assert (found["pgvector"].value, found["pgvector"].well) == ("missing", False)
    with Library.open(LibrarySettings.load(data=tmp_path, database_url=address)):
        found = {each.name: each for each in doctor.database(address)}
    assert all(each.well for each in found.values())
    [finding] = doctor.database("postgresql://nobody:secret@127.0.0.1:1/none")
    assert not finding.well
    assert "secret" not in finding.value


def test_what_is_kept_of_a_chat_is_exported_from_either_engine(database, tmp_path, monkeypatch):
    monkeypatch.setenv("PULLQUOTE_DATA", str(tmp_path))
    monkeypatch.setenv("PULLQUOTE_DATABASE_URL", database or "")
    engine = open_store(tmp_path, database)
    with writing(engine) as connection:
        chats.save(connection, 7, '{"lang": "en"}', 1.0)
    engine.dispose()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert of_chat(7)["chats"][0]["state"] == '{"lang": "en"}'


def test_a_question_to_a_folder_imports_nothing_of_postgresql(tmp_path):
    Library.open(LibrarySettings.load(data=tmp_path)).close()
    code = "import sys; from bot.cli import app; app(standalone_mode=False)"
    command = [sys.executable, "-X", "importtime", "-c", code, "ask", "Who?"]
    environment = os.environ | {"PULLQUOTE_DATA": str(tmp_path), "PULLQUOTE_CROSS_ENCODER": "off"}
    environment.pop("PULLQUOTE_DATABASE_URL", None)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "index.store.engine" in imported
    assert not {name for name in imported if name.startswith(("psycopg", "sqlalchemy.dialects.postgresql"))}


def test_tables_are_in_the_database_and_nothing_is_in_the_folder(postgresql, tmp_path):
    address = postgresql.address()
    with Library.open(LibrarySettings.load(data=tmp_path / "data", database_url=address)) as library:
        list(library.add([Draft("Mill", MILL, id=ArticleId("mill"), lang="en")]))
        assert library.ask(QUESTION).answered
        with library._engine.connect() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(tables.sentences)) == 2
    assert not (tmp_path / "data").exists()
    postgresql.release(address)
