"""`pullquote watch add`, `list`, `remove`: standing questions from a script. The running bot takes them up at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.shared import JsonOption, library, one_line, print_json, typed, wrong_use

if TYPE_CHECKING:
    import sqlalchemy as sa

    from bot.watches.watch import Watch

app = typer.Typer(help="Leave, list and remove standing questions.", no_args_is_help=True, rich_markup_mode=None)


def _command(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def registered(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def explained(*args: object, **kwargs: object) -> None:
            with one_line():
                function(*args, **kwargs)

        return app.command(name)(explained)

    return registered


@_command("add")
def add(
    question: Annotated[str, typer.Argument(help="What new sentences are to answer.", callback=typed)],
    chat: Annotated[int, typer.Option(help="The id of the chat that alerts go to; groups and channels are negative.")],
    topic: Annotated[int, typer.Option(help="The forum topic.")] = 0,
    lang: Annotated[
        list[str] | None, typer.Option(help="Only sentences in this language; repeat for more.", callback=typed)
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="Only from this source; repeat for more.", callback=typed)
    ] = None,
    must: Annotated[
        list[str] | None, typer.Option("--with", help="Only with this word; repeat for more.", callback=typed)
    ] = None,
    words: Annotated[str, typer.Option(help="The language of the words around alerts: en, uk, ru, ko.")] = "en",
    false_answers: Annotated[float, typer.Option(help="The accepted share of false alerts: 0.10, 0.05, 0.01.")] = 0.05,
    as_json: JsonOption = False,
) -> None:
    """Leave a standing question in a chat: it gets each new sentence that answers it, once.

    Example:

      pullquote watch add "How many soldiers are in Kursk?" --chat -1001234567890 --lang en
    """
    import secrets
    import time

    from bot.watches.watch import STRICTNESS, Filters, Watch
    from bot.words import LANGUAGES

    if not question.strip():
        raise wrong_use("The question is empty.")
    if false_answers not in STRICTNESS:
        raise wrong_use("--false-answers is 0.10, 0.05 or 0.01.")
    if words not in LANGUAGES:
        raise wrong_use(f"--words is one of {', '.join(LANGUAGES)}.")
    filters = Filters(*(tuple(chosen or ()) for chosen in (lang, source, must)))
    with library() as opened:
        since = opened.version
        made = Watch(
            secrets.token_hex(6), chat, topic, question.strip(), words, 0, since, time.time(), filters, false_answers
        )
        _refuse_noise(opened, made)
    with _store() as engine:
        from bot.store import watches
        from index.store.engine import writing

        with writing(engine) as connection:
            _refuse_more(connection, made)
            watches.add(connection, made)
    print_json(_object(made)) if as_json else typer.echo(f"{made.ref}  {made.question}")


@_command("list")
def list_all(
    chat: Annotated[int | None, typer.Option(help="Only those of this chat.")] = None, as_json: JsonOption = False
) -> None:
    """List standing questions, the oldest first.

    Example:

      pullquote watch list --json
    """
    from bot.store import watches
    from index.store.engine import reading

    with _store() as engine, reading(engine) as connection:
        found = [watch for watch in watches.every(connection) if chat in (None, watch.chat)]
    for watch in found:
        if as_json:
            print_json(_object(watch))
        else:
            place = f"{watch.chat}/{watch.topic}" if watch.topic else f"{watch.chat}"
            typer.echo(f"{watch.ref}  {place}{'  paused' if watch.paused else ''}  {watch.question}")
    if not found and not as_json:
        typer.echo("Nothing is watched; begin with: pullquote watch add QUESTION --chat ID", err=True)


@_command("remove")
def remove(
    ref: Annotated[str, typer.Argument(help="The watch's name, as `pullquote watch list` prints it.", callback=typed)],
    as_json: JsonOption = False,
) -> None:
    """Remove a standing question, and what waits to be sent for it.

    Example:

      pullquote watch remove a1b2c3d4
    """
    from bot.store import watches
    from bot.watches.alert import RemoveWatch
    from index.store.engine import writing

    with _store() as engine, writing(engine) as connection:
        found = watches.get(connection, ref)
        if found is not None:
            watches.carry_out(connection, RemoveWatch(ref))
    if found is None:
        raise wrong_use(f"There is no watch {ref}; `pullquote watch list` lists them.")
    print_json({"removed": _object(found)}) if as_json else typer.echo(f"No longer watched: {found.question}")


def _refuse_noise(opened: Any, made: Watch) -> None:
    from datetime import UTC, datetime

    from bot.watchbook import rehearse
    from bot.watches.watch import WatchLimits

    fired = len(rehearse(opened, made, datetime.now(UTC)))
    if fired > WatchLimits().per_week:
        raise wrong_use(
            f"In the last week this would have sent {fired} alerts: too many. Name a person, a place or a thing, or "
            "narrow it down with --source, --lang or --with."
        )


def _refuse_more(connection: sa.Connection, made: Watch) -> None:
    """The same limits as in a chat."""
    from bot.settings import BotSettings
    from bot.store import watches

    limits = BotSettings.load()
    there = [one for one in watches.every(connection) if one.chat == made.chat]
    like = (made.question.casefold(), made.filters, made.topic)
    same = next((one for one in there if (one.question.casefold(), one.filters, one.topic) == like), None)
    if same is not None:
        raise wrong_use(f"That is watched for there already: {same.ref}.")
    if len(there) >= limits.watches_per_chat:
        raise wrong_use(f"A chat has {limits.watches_per_chat} watches at most (PULLQUOTE_WATCHES_PER_CHAT).")
    if watches.count(connection) >= limits.watches:
        raise wrong_use(f"There are {limits.watches} watches, as many as this bot takes (PULLQUOTE_WATCHES).")


@contextmanager
def _store() -> Iterator[sa.Engine]:
    from bot.store.base import open_store
    from index.settings import LibrarySettings

    settings = LibrarySettings.load()
    engine = open_store(settings.data, settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def _object(watch: Watch) -> dict[str, Any]:
    return {
        "ref": watch.ref,
        "chat": watch.chat,
        "topic": watch.topic or None,
        "question": watch.question,
        "langs": list(watch.filters.langs),
        "sources": list(watch.filters.sources),
        "with": list(watch.filters.must),
        "false_answers": watch.false_answers,
        "paused": watch.paused,
        "digest": watch.digest,
    }
