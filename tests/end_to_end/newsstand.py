"""Web sites in a process of their own, which say what a test tells them to: articles, nonsense, or nothing at all.

python -m tests.end_to_end.newsstand       prints {"url": …}; PUT /control/PATH sets what PATH answers from then on
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from tests.fake_telegram.client import ROOT

CONTROL = "/control"
RSS = "application/rss+xml"


class Server(ThreadingHTTPServer):
    """`pages`: what each path answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.pages: dict[str, dict[str, Any]] = {}


class _Page(BaseHTTPRequestHandler):
    server: Server

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.pages[self.path.removeprefix(CONTROL)] = json.loads(body)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        page = self.server.pages.get(self.path, {"status": 404})
        if page.get("silent"):
            threading.Event().wait()
        body = base64.b64decode(page.get("body", ""))
        self.send_response(page["status"])
        for name, value in page.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + page.get("short_by", 0)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@dataclass(frozen=True)
class Newsstand:
    """The test's end of it. A page's address is that of the server with its name behind."""

    url: str

    def puts(self, name: str, body: bytes = b"", status: int = 200, type: str = RSS, **more: Any) -> str:
        """Sets what a page answers and returns its address. `headers`, `short_by` (bytes that never come), `silent`."""
        headers = {"Content-Type": type, **more.pop("headers", {})}
        page = {"status": status, "body": base64.b64encode(body).decode(), "headers": headers, **more}
        httpx.put(f"{self.url}{CONTROL}/{name}", json=page).raise_for_status()
        return f"{self.url}/{name}"

    def feed(self, name: str, entries: Sequence[Entry], encoding: str = "utf-8") -> str:
        return self.puts(name, rss(self.url, name, entries).encode(encoding))


@dataclass(frozen=True)
class Entry:
    """An entry of a feed; its link is its id where no other is given. `day`: of June 2024."""

    link: str
    text: str
    title: str = "News of the island"
    day: int = 3
    guid: str | None = None
    summary: bool = False


def rss(base: str, name: str, entries: Sequence[Entry]) -> str:
    """A feed that has its articles whole, or as summaries."""
    items = "".join(_item(base, entry) for entry in entries)
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>{name}</title><link>{base}</link>{items}</channel></rss>"
    )


def _item(base: str, entry: Entry) -> str:
    said = f"<![CDATA[<p>{entry.text}</p>]]>"
    body = f"<description>{said}</description>" if entry.summary else f"<content:encoded>{said}</content:encoded>"
    return (
        f"<item><title>{entry.title}</title><link>{base}/{entry.link}</link><guid>{entry.guid or entry.link}</guid>"
        f"<pubDate>{entry.day:02d} Jun 2024 10:00:00 GMT</pubDate>{body}</item>"
    )


@contextmanager
def open_newsstand() -> Iterator[Newsstand]:
    """A newsstand in a process of its own."""
    command = [sys.executable, "-m", "tests.end_to_end.newsstand"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
    try:
        assert process.stdout is not None
        yield Newsstand(json.loads(process.stdout.readline())["url"])
    finally:
        process.kill()
        process.wait()


def main() -> None:
    server = Server()
    print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}"}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
