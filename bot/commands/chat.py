"""`pullquote chat`: the bot in a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import library


def chat(
    as_kind: Annotated[str, typer.Option("--as", help="The kind of chat: private, group or channel.")] = "private",
    user: Annotated[str, typer.Option("--user", help="Your name in it.")] = "You",
    lang: Annotated[str, typer.Option("--lang", help="The interface: en, uk, ru or ko.")] = "en",
    record: Annotated[Path | None, typer.Option("--record", help="Write the chat as a script that replays.")] = None,
) -> None:
    """Talk with the bot in a terminal: the same conversation as in Telegram, buttons as numbered choices.

    Examples:

      pullquote chat --as group --lang uk

      pullquote chat --record talk.txt
    """
    from bot.chat import run

    with library(embedded=True) as opened:
        run(opened, opened.settings, as_kind, user, lang, record)
