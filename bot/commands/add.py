"""`pullquote add`: files, folders and addresses become articles."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.shared import JsonOption, console, library, print_json

if TYPE_CHECKING:
    from index.ingest import Outcome
    from index.library import Library

REASONS_SHOWN, NAMES_SHOWN = 20, 3


def add(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, pages or feeds.", metavar="PATH|URL...")],
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Articles taken from a feed or a sitemap, the newest; 200 when not set."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Add articles: text, Markdown, HTML and JSONL files, folders of them; pages, feeds, sitemaps and OPML by address.

    Run it again at any time: what has not changed is not touched, an edited article gets a new snapshot.

    Examples:

      pullquote add articles/

      pullquote add report.html notes.md archive.jsonl

      pullquote add https://example.org/sitemap.xml --limit 500
    """
    counts: Counter[str] = Counter()
    refused: list[Outcome] = []
    with library(embedded=True) as opened, progress(opened, paths, limit) as seen:
        for outcome in seen:
            counts[outcome.state] += 1
            if outcome.state == "refused":
                refused.append(outcome)
            if as_json:
                print_json(_object(outcome))
    for outcome in refused[:REASONS_SHOWN]:
        typer.echo(f"pullquote: refused {outcome.address}: {outcome.reason}", err=True)
    if len(refused) > REASONS_SHOWN:
        typer.echo(f"pullquote: and {len(refused) - REASONS_SHOWN} more were refused; --json lists them all.", err=True)
    _say_passed_over([Path(path) for path in paths if "://" not in path])
    if not as_json:
        typer.echo(", ".join(f"{counts[state]} {state}" for state in ("added", "changed", "unchanged", "refused")))
    if refused and not counts.keys() - {"refused"}:
        raise typer.Exit(2)


def _say_passed_over(folders: Iterable[Path]) -> None:
    """Says which files of folders were not read, since nobody else would."""
    from index.readers import passed_over

    names = [str(file.relative_to(folder)) for folder in folders for file in passed_over(folder)]
    if names:
        files = f"{len(names)} file{'s' * (len(names) > 1)} of no readable format {'were' if len(names) > 1 else 'was'}"
        more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
        typer.echo(f"pullquote: {files} passed over: {', '.join(names[:NAMES_SHOWN])}{more}.", err=True)


def _object(outcome: Outcome) -> dict[str, object]:
    return {
        "state": outcome.state,
        "address": outcome.address,
        "article_id": outcome.article.id if outcome.article else None,
        "sentences": outcome.sentences,
        "reason": outcome.reason,
    }


@contextmanager
def progress(opened: Library, paths: Iterable[str], limit: int | None = None) -> Iterator[Iterator[Outcome]]:
    """The outcomes of adding every path, with a progress bar on a terminal."""
    outcomes = (outcome for path in paths for outcome in _added(opened, path, limit))
    if not sys.stderr.isatty():
        yield outcomes
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from index.readers import count

    totals = [count(Path(path)) if "://" not in path else None for path in paths]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console(stderr=True)) as bar:
        task = bar.add_task("adding", total=None if None in totals else sum(n for n in totals if n is not None))

        def counted() -> Iterator[Outcome]:
            for outcome in outcomes:
                bar.advance(task)
                yield outcome

        yield counted()


def _added(opened: Library, path: str, limit: int | None) -> Iterator[Outcome]:
    if "://" in path:
        return opened.add(opened.read_address(path, limit))
    return opened.add(opened.read(Path(path)))
