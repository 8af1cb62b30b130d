"""`pullquote follow`, `unfollow`, `sources`: what is visited again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.shared import JsonOption, library, print_json, typed

if TYPE_CHECKING:
    from index.follow import Following, Report
    from index.source import Source


def follow(
    urls: Annotated[
        list[str],
        typer.Argument(help="Feeds, sites with a feed, sitemaps, OPML lists.", metavar="URL...", callback=typed),
    ],
    page: Annotated[bool, typer.Option("--page", help="Follow the page itself, not the feed that it names.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Follow sources: what they hold is added now, and `pullquote serve` visits them at their own pace.

    Example:

      pullquote follow https://example.org/feed.xml
    """
    with library() as opened:
        following = opened.following
        for url in urls:
            for source in following.follow(url, page=page):
                _print_report(following.visit(source), as_json)


def unfollow(
    url: Annotated[
        str, typer.Argument(help="The source's address or number, as `pullquote sources` prints it.", callback=typed)
    ],
    as_json: JsonOption = False,
) -> None:
    """Follow a source no longer. The articles that came from it stay.

    Example:

      pullquote unfollow https://example.org/feed.xml
    """
    with library() as opened:
        source = opened.following.unfollow(url)
    if as_json:
        print_json({"unfollowed": _object(source)})
    else:
        typer.echo(f"No longer followed: {source.title or source.url}")


def sources(
    visit: Annotated[bool, typer.Option("--visit", help="Visit those that are due, now.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List what is followed: last success, next try, error, and what it brought.

    Example:

      pullquote sources --visit
    """
    with library() as opened:
        following = opened.following
        if visit:
            _visit_due(following, as_json)
            return
        found = following.sources()
    for source in found:
        if as_json:
            print_json(_object(source))
        else:
            typer.echo(f"{source.id:4d}  {source.title or source.url}\n      {_state(source)}")
    if not found and not as_json:
        typer.echo("Nothing is followed; begin with: pullquote follow URL", err=True)


def _visit_due(following: Following, as_json: bool) -> None:
    visited = 0
    for report in following.visit_due():
        _print_report(report, as_json)
        visited += 1
    times = [source.next_try for source in following.sources() if source.next_try is not None]
    if not visited and not as_json:
        ahead = f"; the next visit is due {min(times):%Y-%m-%d %H:%M} UTC" if times else ""
        typer.echo(f"Nothing is due{ahead}.", err=True)


def _print_report(report: Report, as_json: bool) -> None:
    if as_json:
        print_json(_object(report.source) | {"outcomes": dict(report.outcomes)})
        return
    source = report.source
    counts = ", ".join(f"{count} {state}" for state, count in report.outcomes.items()) or "nothing new"
    typer.echo(f"{source.title or source.url}: {source.error or counts}")


def _state(source: Source) -> str:
    seen = f"last success {source.last_success:%Y-%m-%d %H:%M}" if source.last_success else "never seen yet"
    after = f"next try {source.next_try:%Y-%m-%d %H:%M}" if source.next_try else "gone"
    count = f"{source.failures} failure{'s' if source.failures > 1 else ''}"
    trouble = f", {count}: {source.error}" if source.error else ""
    return f"{source.url}, {seen}, {after}, {source.added} added, {source.changed} changed{trouble}"


def _object(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "url": source.url,
        "kind": str(source.kind),
        "title": source.title,
        "last_success": source.last_success.isoformat() if source.last_success else None,
        "next_try": source.next_try.isoformat() if source.next_try else None,
        "error": source.error,
        "failures": source.failures,
        "found": source.found,
        "added": source.added,
        "changed": source.changed,
    }
