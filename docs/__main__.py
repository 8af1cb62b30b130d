"""`make docs`: writes the pages that are generated from the code, `commands.md` and `settings.md`, and into the README
what its commands print.

A test compares them with the code, so they can't rot.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main
from pydantic_core import PydanticUndefined

from bot.cli import app
from bot.settings import BotSettings
from docs.shown import README, rewritten, terminal

FOLDER = Path(__file__).parent


def commands() -> str:
    """Every command with its help, as the program prints it."""
    pages = ["# Commands\n\nGenerated from the program by `make docs`.\n"]
    pages += [f"## {name}\n\n```\n{said.rstrip()}\n```\n" for name, said in helps()]
    return "\n".join(pages)


def helps() -> Iterator[tuple[str, str]]:
    """(name, help) of every command, those of a group after the group's place: `pullquote watch add`."""
    group = typer.main.get_command(app)
    yield from _helps(group, typer.Context(group, info_name="pullquote", terminal_width=100, max_content_width=100))


def _helps(command: Any, context: typer.Context) -> Iterator[tuple[str, str]]:
    names = command.list_commands(context) if hasattr(command, "list_commands") else ()
    if not names:
        yield context.command_path, command.get_help(context)
    for name in names:
        inner = command.get_command(context, name)
        within = typer.Context(inner, info_name=name, parent=context, terminal_width=100, max_content_width=100)
        yield from _helps(inner, within)


def settings() -> str:
    """Every setting with its default and what it means."""
    return (
        "# Settings\n\nFrom the environment, or from `pullquote.toml` in the current folder (lower case, without the "
        "prefix); the environment comes first. `pullquote doctor` prints them all, secrets masked. "
        "Generated from the program by `make docs`.\n\n"
        "| setting | default | meaning |\n|---|---|---|\n" + "".join(_rows())
    )


def _rows() -> Iterator[str]:
    for name, field in BotSettings.model_fields.items():
        variable = name.upper() if name.startswith("telegram_bot") else f"PULLQUOTE_{name.upper()}"
        if field.default_factory is not None:
            default = "a folder of the user's or of the environment's"
        else:
            default = "" if field.default in (None, PydanticUndefined) else f"`{field.default}`"
        yield f"| `{variable}` | {default} | {field.description} |\n"


PAGES = {"commands.md": commands, "settings.md": settings}

if __name__ == "__main__":
    for page, text in PAGES.items():
        (FOLDER / page).write_text(text(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as empty:
        written = rewritten(README.read_text("utf-8"), terminal(Path(empty)))
    README.write_text(written, encoding="utf-8")
