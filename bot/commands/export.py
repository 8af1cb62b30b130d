"""`pullquote export`: the articles as JSONL, or everything that is kept of one chat as JSON."""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from bot.commands.shared import library
from bot.render.json import article as article_object

if TYPE_CHECKING:
    import sqlalchemy as sa

OF_A_CHAT = ("chat", "lane", "user", "owner")
"""Columns that hold a chat's id, or a person's, which is the id of the private chat with them."""


def export(
    out: Annotated[Path | None, typer.Option("--out", help="A file; stdout without it.")] = None,
    chat: Annotated[int | None, typer.Option("--chat", help="What is kept of this chat, instead of articles.")] = None,
) -> None:
    """Write the articles as JSONL, one a line: text, where its sentences stand, and what is said of it.

    `pullquote add` reads it back: an empty library gets the same snapshots, the same one is left as it is.

    With --chat, everything that is kept of a chat as one JSON object, for whoever that chat belongs to.

    Examples:

      pullquote export --out articles.jsonl

      pullquote export --chat 123456789 --out chat.json
    """
    with _written(out) as file:
        for line in _articles() if chat is None else [of_chat(chat)]:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _articles() -> Iterator[dict[str, Any]]:
    with library() as opened:
        for article in opened.articles():
            said = article_object(article) | {"lang": article.lang, "author": article.author}
            lines = opened.sentences(article.id)
            text = opened.snapshot(lines[0].snapshot).text
            yield said | {"text": text, "spans": [[line.start, line.end] for line in lines]}


def of_chat(chat: int) -> dict[str, Any]:
    """Every row that names the chat, by table: what /forget removes. Tables are taken as the database has them."""
    import sqlalchemy as sa

    from bot.settings import BotSettings
    from bot.store.base import open_store
    from index.store.engine import reading
    from index.store.tables import metadata as library

    settings = BotSettings.load()
    engine = open_store(settings.data, settings.database_url)
    tables = sa.MetaData()
    with reading(engine) as connection:
        tables.reflect(connection, only=lambda name, _: name not in library.tables and not name.startswith("word_"))
        found = {table.name: _rows(connection, table, chat) for table in tables.sorted_tables}
    engine.dispose()
    return {"chat": chat, **{name: rows for name, rows in found.items() if rows}}


def _rows(connection: sa.Connection, table: sa.Table, chat: int) -> list[dict[str, Any]]:
    import sqlalchemy as sa

    names = ("id",) if table.name == "chats" else OF_A_CHAT
    numbers = [table.c[name] for name in names if name in table.c and isinstance(table.c[name].type, sa.Integer)]
    named = [column == chat for column in numbers]
    if not named:
        return []
    rows = connection.execute(sa.select(table).where(sa.or_(*named)))
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in rows]


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


@contextmanager
def _written(out: Path | None) -> Iterator[TextIO]:
    """A file that appears whole or not at all, readable by its owner alone; stdout where none is named."""
    if out is None:
        yield sys.stdout
        return
    from index.store.engine import explained

    with explained(out):
        new = out.with_name(f".{out.name}.new")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            yield file
        new.replace(out)
