"""`pullquote serve`: the bot."""

from __future__ import annotations

from typing import Annotated

import typer


def serve(
    webhook: Annotated[
        str | None, typer.Option("--webhook", metavar="URL", help="Get updates at this address instead of polling.")
    ] = None,
) -> None:
    """Run the Telegram bot until Ctrl-C or SIGTERM. The token comes from TELEGRAM_BOT_TOKEN.

    Examples:

      TELEGRAM_BOT_TOKEN=… pullquote serve

      TELEGRAM_BOT_TOKEN=… pullquote serve --webhook https://bot.example.org/telegram
    """
    from bot.serve import run
    from bot.settings import BotSettings

    run(BotSettings.load(), webhook)
