"""A feed, the bot and Telegram as three parties: what the feed publishes reaches the chat that waits for it, once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.end_to_end.conftest import Start
from tests.fake_telegram.client import Telegram

QUESTION = "When does the ferry to Skerry Island sail again?"
NEWS = "The ferry to Skerry Island sails again from 4 June."
ITEM = """<item><title>{title}</title><link>{base}/{name}</link><guid>{name}</guid>
<pubDate>Mon, 03 Jun 2024 10:00:00 GMT</pubDate><content:encoded><![CDATA[<p>{text}</p>]]></content:encoded></item>"""


class Feed(ThreadingHTTPServer):
    """A feed on loopback whose entries the test decides."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.base = f"http://127.0.0.1:{self.server_port}"
        self.entries = [("Harbour", "old", "The harbour office in Ness has moved to Quay Street. It opens at nine.")]

    def document(self) -> bytes:
        items = "".join(ITEM.format(title=t, base=self.base, name=n, text=x) for t, n, x in self.entries)
        return (
            '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
            f"<channel><title>Ness News</title><link>{self.base}</link>{items}</channel></rss>"
        ).encode()


class _Page(BaseHTTPRequestHandler):
    server: Feed

    def do_GET(self) -> None:
        known = self.path == "/feed.xml"
        body = self.server.document() if known else b""
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def feed() -> Iterator[Feed]:
    with Feed() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


async def test_what_a_followed_feed_publishes_becomes_an_alert(
    start: Start, own_telegram: Telegram, feed: Feed
) -> None:
    allowed = {"PULLQUOTE_ALLOW_HOSTS": f"127.0.0.1:{feed.server_port}", "PULLQUOTE_FETCH_DELAY": "0"}
    bot = start(run=False, **allowed)
    environment = os.environ | allowed | {"PULLQUOTE_DATA": str(bot.data)}
    follow = [sys.executable, "-m", "bot", "follow", f"{feed.base}/feed.xml"]
    followed = subprocess.run(follow, env=environment, capture_output=True, text=True, check=True)
    assert "1 added" in followed.stdout

    bot.start()
    chat = await own_telegram.user(301, "Una", language_code="en")
    await own_telegram.say(chat, f"/watch {QUESTION}")
    await own_telegram.said(chat, 1)
    bot.stop()
    feed.entries.insert(0, ("Skerry ferry", "new", f"{NEWS} A ticket costs seven pounds."))
    with sqlite3.connect(bot.data / "library.db") as database:
        database.execute("UPDATE sources SET next_try = '2024-01-01 00:00:00'")

    bot.start()
    said = await own_telegram.said(chat, 1, text=NEWS, timeout=60)
    (alert,) = [message for message in said if NEWS in message["text"]]
    assert f"{feed.base}/new" in str(alert["entities"])
    bot.stop()
    shown = await own_telegram.said(chat)
    assert sum(NEWS in message["text"] for message in shown) == 1
