"""`pullquote backup` and `pullquote restore`: one file, made while the bot runs, and the way back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import JsonOption, print_json

FileArgument = Annotated[Path, typer.Argument(help="The backup.", metavar="FILE")]


def backup(
    file: FileArgument,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write everything that can't be made again into one file: articles, vectors, chats, watches. The bot may run.

    Left out: the search caches, which are rebuilt, and pullquote.toml, which holds the token.

    Example:

      pullquote backup pullquote-monday.zip
    """
    from bot.backup import save
    from index.settings import LibrarySettings

    manifest = save(LibrarySettings.load(), file, force)
    if as_json:
        print_json({"file": str(file), **asdict(manifest)})
    else:
        held = ", ".join(f"{name} {part.bytes / 1e6:.1f} MB" for name, part in manifest.parts.items())
        typer.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB ({held})")


def restore(
    file: FileArgument,
    force: Annotated[bool, typer.Option("--force", help="Replace what the data folder holds.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Put a backup into the data folder. It is checked against its hashes and verified before anything is replaced.

    Stop the bot first. A backup of an older version is brought up to date; one of a newer version is refused.

    Examples:

      PULLQUOTE_DATA=/srv/pullquote pullquote restore pullquote-monday.zip

      pullquote restore pullquote-monday.zip --force
    """
    from bot.backup import restore as put_back
    from index.settings import LibrarySettings

    settings = LibrarySettings.load()
    manifest, sentences = put_back(settings, file, force)
    if as_json:
        print_json({"data": str(settings.data), "sentences": sentences, **asdict(manifest)})
    else:
        typer.echo(f"{settings.data} holds the backup of {manifest.made_at}: {sentences} sentences, all verified.")
