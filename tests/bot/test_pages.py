"""The web page of a quote: nobody finds it by guessing, nothing on it runs, and Chromium shows it as it is meant."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import pytest
import uvicorn
from starlette.testclient import TestClient

from bot.pages import routes
from bot.proof import Pages
from bot.web import application
from index.article import SentenceId
from tests.bot.conftest import Newsroom

PAGES = Pages("https://bot.example", b"a secret of this installation")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars"
)
CHROMIUM = shutil.which("chromium")
HOSTILE = '<script>alert(1)</script> & "quotes" </title></style><img src=x onerror=alert(2)>'


def client(newsroom: Newsroom) -> TestClient:
    return TestClient(application(lambda: {"ok": True}, pages=routes(newsroom.library, PAGES)))


def quoted(newsroom: Newsroom, ordinal: int = 1) -> SentenceId:
    article = newsroom.put("The bridge fell at night.", "As many as 20 people were in the water.", "Divers came.")
    return newsroom.library.sentences(article)[ordinal].id


def path(id: SentenceId) -> str:
    return f"/q/{PAGES.name(id)}"


def test_the_page_shows_the_snapshot_with_the_sentence_marked(newsroom: Newsroom) -> None:
    id = quoted(newsroom)
    answer = client(newsroom).get(path(id))
    assert answer.status_code == 200
    snapshot = newsroom.library.evidence(id).version.snapshot
    shown = re.search(r'<div class="text"[^>]*>(.*?)</div>', answer.text, re.DOTALL)
    assert shown
    assert unescape(re.sub("<[^>]+>", "", shown[1])) == snapshot.text
    assert '<mark id="quote">As many as 20 people were in the water.</mark>' in answer.text
    assert snapshot.hash in answer.text
    assert 'href="https://news.example/bridge"' in answer.text


def test_earlier_and_later_versions_are_told_with_what_changed(newsroom: Newsroom) -> None:
    id = quoted(newsroom)
    newsroom.put("The bridge fell at night.", "As many as 8 people were in the water.", "Divers came.")
    text = client(newsroom).get(path(id)).text
    assert "2 versions of the article" in text
    assert "Changed: figures." in text
    assert "As many as 8 people were in the water." in text


@pytest.mark.parametrize(
    "name", ["1", "1-", "1-AAAAAAAAAAAAAAAAAAAAAA", "x", "-", "9" * 40, "%00", "1-é", "..%2f..%2fetc"]
)
def test_an_address_that_was_not_given_out_shows_nothing(newsroom: Newsroom, name: str) -> None:
    quoted(newsroom)
    answer = client(newsroom).get(f"/q/{name}")
    assert answer.status_code == 404
    assert "bridge" not in answer.text


def test_one_address_says_nothing_of_another(newsroom: Newsroom) -> None:
    first, second = PAGES.name(SentenceId(1)), PAGES.name(SentenceId(2))
    assert PAGES.opened(first) == 1
    assert PAGES.opened("2" + first[1:]) is None
    assert first[1:] != second[1:]
    assert Pages(PAGES.base, b"another secret").opened(first) is None
    assert b"secret" not in repr(PAGES).encode()


def test_every_answer_carries_the_strict_headers_and_no_cookie(newsroom: Newsroom) -> None:
    id = quoted(newsroom)
    browser = client(newsroom)
    for address in (path(id), f"{path(id)}.json", "/q/unknown"):
        headers = browser.get(address).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in headers
    assert browser.post(path(id)).status_code == 405


def test_the_policy_admits_the_style_of_the_page_and_nothing_else(newsroom: Newsroom) -> None:
    answer = client(newsroom).get(path(quoted(newsroom)))
    styles = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()
    assert len(styles) == 1
    assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert not re.search(r"\s(?:style|on\w+)=", answer.text)


def test_a_hostile_article_is_text_on_the_page(newsroom: Newsroom) -> None:
    article = newsroom.put(f"It said {HOSTILE} today.", title=HOSTILE, url='https://news.example/"><script>x</script>')
    text = client(newsroom).get(path(newsroom.library.sentences(article)[0].id)).text
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_script_address_is_no_link(newsroom: Newsroom) -> None:
    article = newsroom.put("It rained in the night.", url="javascript:alert(1)")
    text = client(newsroom).get(path(newsroom.library.sentences(article)[0].id)).text
    assert 'href="javascript' not in text


@pytest.mark.parametrize(
    ("asked", "header", "lang"),
    [
        ("", "", "en"),
        ("", "uk-UA,uk;q=0.9,en;q=0.8", "uk"),
        ("", "fr;q=1,ko;q=0.4,ru;q=0.7", "ru"),
        ("?lang=ko", "uk", "ko"),
        ("?lang=xx", "uk", "uk"),
        ("", "uk;q=nonsense, ,;;;q=,*", "en"),
    ],
)
def test_the_page_speaks_the_language_that_is_asked_for(newsroom: Newsroom, asked: str, header: str, lang: str) -> None:
    answer = client(newsroom).get(path(quoted(newsroom)) + asked, headers={"accept-language": header})
    assert f'<html lang="{lang}">' in answer.text


def test_the_text_of_an_article_that_was_withdrawn_is_shown_no_more(newsroom: Newsroom) -> None:
    id = quoted(newsroom)
    browser = client(newsroom)
    assert "Divers came." in browser.get(path(id)).text
    newsroom.library.remove(newsroom.library.sentence(id).article)
    answer = browser.get(path(id))
    assert "withdrawn" in answer.text
    assert "As many as 20 people were in the water." in answer.text
    assert "Divers came." not in answer.text
    assert browser.get(f"{path(id)}.json").status_code == 410


def test_where_a_file_lay_is_not_told(newsroom: Newsroom, tmp_path: Path) -> None:
    page = tmp_path / "private" / "bridge.txt"
    page.parent.mkdir()
    page.write_text("Title: Bridge\n\nThe bridge fell at night.", encoding="utf-8")
    article = next(one.article for one in newsroom.library.add(newsroom.library.read(page)))
    assert article
    address = path(newsroom.library.sentences(article.id)[0].id)
    for answer in (client(newsroom).get(address), client(newsroom).get(f"{address}.json")):
        assert "bridge.txt" in answer.text
        assert "private" not in answer.text


@contextmanager
def served(newsroom: Newsroom) -> Iterator[str]:
    app = application(lambda: {"ok": True}, pages=routes(newsroom.library, PAGES))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def browse(address: str, profile: Path, *flags: str) -> str:
    assert CHROMIUM
    usual = FLAGS.split()
    command = [CHROMIUM, *usual, f"--user-data-dir={profile}", *flags, address]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt-get install chromium)")
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 900)])
def test_chromium_draws_the_page_at_the_size_of_a_phone_and_of_a_desk(
    newsroom: Newsroom, tmp_path: Path, width: int, height: int
) -> None:
    article = newsroom.put(f"It said {HOSTILE} today.", "A" * 300 + ".", title=HOSTILE)
    id = newsroom.library.sentences(article)[0].id
    picture = tmp_path / "page.png"
    with served(newsroom) as base:
        dom = browse(f"{base}{path(id)}", tmp_path / "one", "--dump-dom")
        browse(
            f"{base}{path(id)}?lang=uk", tmp_path / "two", f"--screenshot={picture}", f"--window-size={width},{height}"
        )
    assert '<mark id="quote">It said &lt;script&gt;alert(1)&lt;/script&gt;' in dom
    assert "<script" not in dom
    header = picture.read_bytes()[16:24]
    assert (int.from_bytes(header[:4], "big"), int.from_bytes(header[4:], "big")) == (width, height)
