"""What the commands have in common: the open library, one line for an error, JSON on a line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.errors import PullquoteError
from index.settings import LibrarySettings
from index.surrogates import without_surrogates

if TYPE_CHECKING:
    from rich.console import Console

    from index.library import Library

WRONG_USE = 2
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def typed(words: Any) -> Any:
    """What was typed on the command line, as the callback of an argument that is text: bytes that are no text become
    U+FFFD. A path is left as it is, or its file would not be found."""
    if isinstance(words, str):
        return without_surrogates(words)
    return [without_surrogates(word) for word in words] if words else words


@contextmanager
def library(embedded: bool = False) -> Iterator[Library]:
    """The library that the settings name, closed at the end. With `embedded`, every sentence has a vector of the model
    that is set: after a change of model that takes a while, once."""
    from index.library import Library

    with Library.open(LibrarySettings.load()) as opened:
        if embedded and (missing := opened.unembedded()):
            embed(opened, missing)
        yield opened


def embed(opened: Library, missing: int) -> None:
    """Embeds what another model embedded, with a progress bar on a terminal; it can be stopped and taken up again."""
    typer.echo(f"pullquote: the model was changed; embedding {missing} articles with it, once.", err=True)
    made = opened.embed_missing()
    if sys.stderr.isatty():
        from rich.progress import track

        made = iter(track(made, "embedding", missing, console=console(stderr=True)))
    for _ in made:
        pass


def wrong_use(message: str) -> typer.Exit:
    """Says one line on stderr; raise what is returned: exit code 2."""
    typer.echo(f"pullquote: {message}", err=True)
    return typer.Exit(WRONG_USE)


@contextmanager
def one_line() -> Iterator[None]:
    """What goes wrong becomes one line on stderr and exit code 2; `--debug` (PULLQUOTE_DEBUG) lets it through."""
    try:
        yield
    except PullquoteError as error:
        if os.environ.get("PULLQUOTE_DEBUG"):
            raise
        raise wrong_use(str(error)) from None
    except KeyboardInterrupt:
        typer.echo("pullquote: stopped. What was finished is kept; run it again for the rest.", err=True)
        raise typer.Exit(130) from None
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): Python must not complain about it while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def print_json(value: Any) -> None:
    """One JSON value on one line, flushed, so that a reader sees it at once. A lone surrogate, as the id of a question
    may have, is written as it came: "\\ud800"."""
    typer.echo(json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8"))
    sys.stdout.flush()


def console(stderr: bool = False) -> Console:
    """A terminal to draw on."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False)
