"""`pullquote serve` and `pullquote health`: the bot, and whether it is well."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.shared import JsonOption, print_json, wrong_use


def serve(
    webhook: Annotated[
        str | None, typer.Option("--webhook", help="The public https address that Telegram calls; polling without it.")
    ] = None,
) -> None:
    """Run the bot: answers in chats, alerts, and the sources that are followed. Stop it with Ctrl-C or SIGTERM.

    The token comes from TELEGRAM_BOT_TOKEN or from pullquote.toml.

    Examples:

      TELEGRAM_BOT_TOKEN=123:abc pullquote serve

      pullquote serve --webhook https://bot.example.org/telegram
    """
    from bot.serve import run
    from bot.settings import BotSettings

    run(BotSettings.load(), webhook)


def health(as_json: JsonOption = False) -> None:
    """Ask the running bot whether it is well. Exit code 1: it is not; 2: it does not answer.

    Example:

      pullquote health --json
    """
    import httpx

    from bot.settings import BotSettings

    address = BotSettings.load().listen_address
    if address is None:
        raise wrong_use("PULLQUOTE_LISTEN is empty, so the bot has no /healthz to ask.")
    host, port = address
    asked = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    try:
        said = httpx.get(f"http://{asked}:{port}/healthz", timeout=5, trust_env=False)
    except httpx.HTTPError:
        raise wrong_use(f"no bot answers at {host}:{port}; start it with: pullquote serve") from None
    if as_json:
        print_json(said.json())
    else:
        typer.echo("well" if said.is_success else f"not well: {said.text}")
    if not said.is_success:
        raise typer.Exit(1)
