"""`pullquote init`: from a token to a settings file, with the token tried on Telegram before anything is written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import wrong_use
from index.settings import SETTINGS_FILE

TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}")


def init(
    token: Annotated[
        str | None, typer.Option("--token", help="The token; asked for, or read from stdin, without it.")
    ] = None,
    admins: Annotated[str | None, typer.Option("--admins", help="Your user id, for /add and /remove.")] = None,
    data: Annotated[Path | None, typer.Option("--data", help="The data folder.")] = None,
) -> None:
    """Set up a bot: asks for its token, checks it with Telegram, writes pullquote.toml, says what to type next.

    What the file says already is kept. It is made readable for you alone, because it holds the token.

    Examples:

      pullquote init

      pullquote init --admins 123456789 --data /srv/pullquote < token.txt
    """
    from bot.settings import BotSettings

    given = _token(token)
    asked = {"telegram_bot_token": given} | ({} if admins is None else {"admins": admins})
    settings = BotSettings.load(**asked)
    username = _username(given, settings.telegram_api)
    if admins is None and sys.stdin.isatty() and not settings.admins:
        admins = typer.prompt("Your Telegram user id, for /add and /remove (empty: nobody)", default="").strip()
        BotSettings.load(admins=admins)
    said = {"telegram_bot_token": given, "admins": admins, "data": None if data is None else str(data)}
    file = Path(SETTINGS_FILE)
    write(file, {name: value for name, value in said.items() if value})
    typer.echo(f"{file} is written: the bot is @{username}.")
    if _in_git(file):
        typer.echo(f"Git follows {file}: keep the token out of it with: git update-index --skip-worktree {file}")
    typer.echo("Next:\n  pullquote add FOLDER     your articles\n  pullquote doctor         whether all is well")
    typer.echo(f"  pullquote serve          then write to https://t.me/{username}")


def _token(given: str | None) -> str:
    found = given or os.environ.get("TELEGRAM_BOT_TOKEN")
    if not found and sys.stdin.isatty():
        typer.echo("Write to @BotFather in Telegram: /newbot, or /mybots for a bot that you have. It gives a token.")
        found = typer.prompt("The token", hide_input=True)
    found = (found or sys.stdin.readline()).strip()
    if not found:
        raise wrong_use("there is no token. Give it with --token, on stdin, or in TELEGRAM_BOT_TOKEN.")
    if not TOKEN.fullmatch(found):
        raise wrong_use("that is no bot token. One looks like 123456789:AAH… and comes from @BotFather.")
    return found


def _username(token: str, address: str) -> str:
    """The bot's name. Raises TokenRejected, ApiRefused, ApiUnreachable."""
    import asyncio

    from bot.errors import ApiRefused, ApiUnreachable
    from bot.telegram.api import BotApi, rejected

    async def ask() -> str:
        async with BotApi(token, address) as api:
            return api.username

    try:
        return asyncio.run(ask())
    except ApiRefused as error:
        raise rejected(error) or error from None
    except ApiUnreachable as error:
        raise ApiUnreachable(f"{address} can't be reached, so the token is not checked: {error}") from None


def write(file: Path, values: dict[str, str]) -> None:
    """Sets values in a TOML file and leaves every other line as it is. Whole or not at all; for its owner alone."""
    from index.store.engine import explained

    with explained(file):
        lines = file.read_text("utf-8").splitlines() if file.exists() else ["# Settings; the environment comes first."]
        try:
            tomllib.loads("\n".join(lines))
        except tomllib.TOMLDecodeError as error:
            raise wrong_use(f"{file} can't be read as it is ({error}). Correct it, or move it away.") from None
        for name, value in values.items():
            _set(lines, name, f"{name} = {json.dumps(value, ensure_ascii=False)}")
        tomllib.loads("\n".join(lines))  # A value over several lines would be torn here, not in the bot.
        new = file.with_name(f".{file.name}.new")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
            handle.write("\n".join(lines) + "\n")
        new.replace(file)


def _set(lines: list[str], name: str, line: str) -> None:
    """In the place of the value that is there, else below the other values of the first part, above any [table]."""
    tables = [number for number, each in enumerate(lines) if each.lstrip().startswith("[")]
    first_part = range(tables[0] if tables else len(lines))
    here = [number for number in first_part if re.match(rf"\s*{name}\s*=", lines[number])]
    if here:
        lines[here[0]] = line
    else:
        lines.insert(len(first_part), line)


def _in_git(file: Path) -> bool:
    command = ["git", "ls-files", "--error-unmatch", str(file)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    except FileNotFoundError:
        return False
