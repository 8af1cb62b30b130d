"""`pullquote move`: everything into another folder or into PostgreSQL, and back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.shared import JsonOption, console, print_json

if TYPE_CHECKING:
    from index.store.copying import Copied


def move(
    to: Annotated[str, typer.Option("--to", help="postgresql://user:password@host/database, or a folder.")],
    as_json: JsonOption = False,
) -> None:
    """Copy articles, vectors, chats and watches into a PostgreSQL (with pgvector), or into another folder.

    Stop the bot first. Nothing is embedded again. What is copied is compared row by row at the end; the old place is
    left as it was. A move that was broken off goes on when the same command is given again.

    Examples:

      pullquote move --to postgresql://pullquote@db.example.org/pullquote?sslmode=verify-full

      PULLQUOTE_DATABASE_URL=postgresql://pullquote@db.example.org/pullquote pullquote move --to /srv/pullquote
    """
    from bot import move as moving
    from index.settings import LibrarySettings

    settings = LibrarySettings.load()
    old, new = moving.Place(settings.data, settings.database_url), moving.Place.of(to, settings.data)
    steps = moving.move(old, new)
    if sys.stderr.isatty():
        steps = _shown(steps, moving.total(old))
    rows = sum(step.rows for step in steps)
    sentences = moving.ready(settings, new)
    if as_json:
        print_json({"from": str(old), "to": str(new), "rows": rows, "sentences": sentences})
    else:
        setting = "PULLQUOTE_DATABASE_URL" if new.address else "PULLQUOTE_DATA"
        typer.echo(f"{new}: {rows} rows, {sentences} sentences, the same as in {old}. Set {setting} to it.")


def _shown(steps: Iterator[Copied], total: int) -> Iterator[Copied]:
    """The steps, with a progress bar that goes by rows."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:>16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True)) as bar:
        task = bar.add_task("", total=total)
        for step in steps:
            bar.update(task, description=step.table, advance=step.rows)
            yield step
        bar.update(task, description="all compared")
