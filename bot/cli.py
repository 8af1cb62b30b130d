"""The `pullquote` command. Each command is a file in `bot/commands/`; nothing is imported before it is needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import Annotated

import typer

from bot.commands import (
    add,
    articles,
    ask,
    backup,
    chat,
    doctor,
    evaluate,
    export,
    init,
    proof,
    replay,
    serve,
    sources,
    watch,
)
from bot.commands.shared import one_line

app = typer.Typer(
    name="pullquote",
    help="Answers with the sentences that answer, word for word, each with its source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Let errors through with their traceback.")] = False,
) -> None:
    """Options of every command."""
    if debug:
        os.environ["PULLQUOTE_DEBUG"] = "1"


def _command(name: str, function: Callable[..., None]) -> None:
    @wraps(function)
    def explained(*args: object, **kwargs: object) -> None:
        with one_line():
            function(*args, **kwargs)

    app.command(name)(explained)


_COMMANDS: dict[str, Callable[..., None]] = {
    "init": init.init,
    "ask": ask.ask,
    "add": add.add,
    "articles": articles.articles,
    "show": articles.show,
    "remove": articles.remove,
    "verify": articles.verify,
    "proof": proof.proof,
    "follow": sources.follow,
    "unfollow": sources.unfollow,
    "sources": sources.sources,
    "serve": serve.serve,
    "health": serve.health,
    "chat": chat.chat,
    "replay": replay.replay,
    "export": export.export,
    "backup": backup.backup,
    "restore": backup.restore,
    "doctor": doctor.doctor,
    "eval": evaluate.evaluate,
}
for _name, _function in _COMMANDS.items():
    _command(_name, _function)
app.add_typer(watch.app, name="watch")


def _unforeseen(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    """A fault of ours is one line too; `--debug` shows where it is."""
    if os.environ.get("PULLQUOTE_DEBUG"):
        sys.__excepthook__(kind, error, at)
    else:
        typer.echo(f"pullquote: a fault of the program ({kind.__name__}: {error}); --debug shows where.", err=True)


def main() -> None:
    """The console script."""
    sys.excepthook = _unforeseen
    app()
