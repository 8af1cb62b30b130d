"""`pullquote articles`, `show`, `remove`, `verify`: what is in the library, and whether it is as it says."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.shared import JsonOption, library, print_json, typed, wrong_use
from bot.render import json
from bot.render.text import source_line
from index.article import ArticleId

IdArgument = Annotated[str, typer.Argument(help="The article's id, as `pullquote articles` prints it.", callback=typed)]


def articles(as_json: JsonOption = False) -> None:
    """List the articles, the newest first: id, title, source, date.

    Example:

      pullquote articles --json
    """
    with library() as opened:
        found = opened.articles()
        for article in found:
            if as_json:
                print_json(json.article(article))
            else:
                typer.echo(f"{article.id}  {source_line(article)}")
    if not found and not as_json:
        typer.echo("The library is empty; add articles with: pullquote add FOLDER", err=True)


def show(article: IdArgument, as_json: JsonOption = False) -> None:
    """Print an article with its sentences numbered.

    Example:

      pullquote show 3f2a9c0d1b7e4a55
    """
    with library() as opened:
        found = opened.article(ArticleId(article))
        lines = opened.sentences(found.id)
    if as_json:
        print_json(json.article(found) | {"sentences": [json.sentence(line) for line in lines]})
        return
    typer.echo(source_line(found))
    if found.url:
        typer.echo(found.url)
    for line in lines:
        typer.echo(f"{line.ordinal + 1:4d}  {line.text}")


def remove(article: IdArgument, as_json: JsonOption = False) -> None:
    """Withdraw an article: it is quoted no more. Its snapshots stay, as proof of what was quoted.

    Example:

      pullquote remove 3f2a9c0d1b7e4a55
    """
    with library() as opened:
        gone = opened.remove(ArticleId(article))
    if as_json:
        print_json({"removed": json.article(gone)})
    else:
        typer.echo(f"Removed: {source_line(gone)}")


def verify(
    quote: Annotated[
        str | None, typer.Argument(help="A quote, word for word, or a sentence's id.", callback=typed)
    ] = None,
    today: Annotated[bool, typer.Option("--today", help="Fetch the source now: does it still say so?")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check that every stored sentence is exactly its slice of a snapshot whose hash matches; or prove one quote, or
    each of neighbouring sentences that were shown together.

    Exit code 1: something is not as it should be, or no article ever said so. Of a part of a sentence it is said in
    which one it stands.

    Examples:

      pullquote verify

      pullquote verify "Eight workers were on the bridge when it collapsed." --today
    """
    if quote is not None:
        from bot.commands.proof import verify_quote

        raise typer.Exit(verify_quote(quote, today, as_json))
    if today:
        raise wrong_use("--today needs a quote: pullquote verify QUOTE --today")
    wrong = 0
    with library() as opened:
        for flaw in opened.verify():
            wrong += 1
            if as_json:
                print_json({"what": flaw.what, "reason": flaw.reason})
            else:
                typer.echo(f"{flaw.what}: {flaw.reason}")
        total = opened.count()
    if as_json:
        print_json({"sentences": total, "flaws": wrong})
    else:
        typer.echo(
            f"{total} sentences, {wrong} wrong." if wrong else f"All of {total} sentences stand as they are stored."
        )
    if wrong:
        raise typer.Exit(1)
