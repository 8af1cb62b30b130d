"""The `pullquote` command. Each command is a file in `bot/commands/`; nothing is imported before it is needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, cast

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
    move,
    proof,
    replay,
    serve,
    sources,
    watch,
)
from bot.commands.shared import WRONG_USE, one_line, wrong_use

_WrongUse = cast("type[Exception]", typer.BadParameter.__mro__[1])
"""Typer's UsageError, which has no public name of its own."""

FAULT = 70
"""The exit code of a fault of ours, EX_SOFTWARE of sysexits.h: neither "nothing answers that" nor wrong use."""

app = typer.Typer(
    name="pullquote",
    help="Answers with the sentences that answer, word for word, each with its source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"pullquote {version('pullquote')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_say_version, is_eager=True)
    ] = False,
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
    "move": move.move,
    "doctor": doctor.doctor,
    "eval": evaluate.evaluate,
}
for _name, _function in _COMMANDS.items():
    _command(_name, _function)
app.add_typer(watch.app, name="watch")


def main() -> None:
    """Runs the command that was typed. A fault of ours is one line too; `--debug` shows where it is."""
    try:
        code = app(standalone_mode=False)
    except _WrongUse as error:
        code = _used_wrongly(error)
    except typer.Abort:
        raise SystemExit(wrong_use("stopped; nothing was done.").exit_code) from None
    except Exception as error:
        if os.environ.get("PULLQUOTE_DEBUG"):
            raise
        said = f"{type(error).__name__}: {error}"
        typer.echo(f"pullquote: a fault of the program ({said}); --debug shows where.", err=True)
        raise SystemExit(FAULT) from None
    sys.exit(code)


def _used_wrongly(error: Any) -> int:
    """Says what was wrong and where the help is, in one line; a command that was given nothing at all gets its help."""
    said = error.format_message()
    if said.startswith("Usage:"):
        typer.echo(said, err=True)
        return WRONG_USE
    within = error.ctx.command_path.removeprefix(error.ctx.find_root().info_name) if error.ctx else ""
    command = f"pullquote{within}"
    return int(wrong_use(f"{said[:1].lower()}{said[1:].rstrip('.')}; {command} --help shows how.").exit_code)
