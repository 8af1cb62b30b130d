"""`pullquote replay`: a scripted conversation, compared with what the bot says now."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import library


def replay(
    script: Annotated[Path, typer.Argument(help="A conversation script, or a recording of `pullquote chat`.")],
    update: Annotated[bool, typer.Option("--update", help="Accept what the bot says now: rewrite the script.")] = False,
) -> None:
    """Play a conversation script on the conversation core with a fixed clock, and print what differs.

    Exit code 1: something differs.

    Example:

      pullquote replay conversation.txt --update
    """
    from bot.replay import run

    with library(embedded=True) as opened:
        difference = run(script, opened, update)
    if difference:
        typer.echo(difference)
        if not update:
            raise typer.Exit(1)
