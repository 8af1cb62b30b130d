"""`pullquote add` of addresses, `follow`, `unfollow` and `sources`, over a site on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from tests.index.hostile.site import Site, answer

PAGE = (
    "<html><title>Page {n}</title><article><p>Page number {n} tells of the harbour at some length.</p></article></html>"
)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with Site({"/robots.txt": answer(status="404 Not Found")}) as running:
        monkeypatch.setenv("PULLQUOTE_DATA", str(tmp_path))
        monkeypatch.setenv("PULLQUOTE_ALLOW_HOSTS", f"127.0.0.1:{running.port}")
        monkeypatch.setenv("PULLQUOTE_FETCH_DELAY", "0")
        yield running


def at(site: Site, path: str) -> str:
    return f"http://127.0.0.1:{site.port}{path}"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def feed(site: Site, *names: str) -> None:
    items = "".join(f"<item><title>{name}</title><link>{at(site, '/' + name)}</link></item>" for name in names)
    site.plays["/feed"] = answer(f"<rss><channel>{items}</channel></rss>".encode(), kind="application/rss+xml")
    site.plays |= {f"/{name}": answer(PAGE.format(n=name).encode()) for name in names}


def test_a_sitemap_gives_as_many_pages_as_were_asked_for(site: Site) -> None:
    pages = "".join(f"<url><loc>{at(site, f'/{n}')}</loc><lastmod>2024-06-0{n}</lastmod></url>" for n in range(1, 6))
    site.plays["/map"] = answer(f"<urlset>{pages}</urlset>".encode(), kind="application/xml")
    site.plays |= {f"/{n}": answer(PAGE.format(n=n).encode()) for n in range(1, 6)}
    added = run("add", at(site, "/map"), "--limit", "2", "--json")
    assert [json.loads(line)["address"][-1] for line in added.stdout.splitlines()] == ["4", "5"]
    assert run("add", at(site, "/map")).stdout.startswith("3 added, 0 changed, 2 unchanged")


def test_a_source_is_followed_listed_visited_and_left(site: Site) -> None:
    feed(site, "a", "b")
    assert run("follow", at(site, "/feed")).stdout.endswith(": 2 added\n")
    assert "2 added, 0 changed" in run("sources").stdout
    early = run("sources", "--visit")
    assert early.stdout == ""
    assert early.stderr.startswith("Nothing is due; the next visit is due 20")
    assert run("unfollow", "1").exit_code == 0
    assert "Nothing is followed" in run("sources").stderr


def test_a_source_that_fails_says_so_in_its_line(site: Site) -> None:
    feed(site, "a")
    opml = f"<opml><body><outline text='Gone' xmlUrl='{at(site, '/none')}'/></body></opml>".encode()
    site.plays["/list"] = answer(opml, kind="text/x-opml")
    assert "no such page" in run("follow", at(site, "/list")).stdout
    assert "1 failure: " in run("sources").stdout
    refused = run("follow", "nonsense")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
