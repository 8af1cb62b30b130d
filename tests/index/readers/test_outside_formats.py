"""Telegram exports, OPML and sitemaps."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Draft
from index.errors import ReadError
from index.readers import ReadFailure
from index.readers.opml import Subscription, read_opml
from index.readers.sitemap import Location, read_sitemap
from index.readers.telegram_export import read_telegram


def post(id: int, text: Any, **more: Any) -> dict[str, Any]:
    return {"id": id, "type": "message", "date": "2024-10-31T10:00:00", "from": "Channel", "text": text, **more}


def export(*messages: Any, **more: Any) -> bytes:
    chat = {"name": "Channel", "type": "public_channel", "id": 42, "messages": list(messages)}
    return json.dumps({**chat, **more}).encode()


def test_a_post_is_an_article():
    text = ["Troops ", {"type": "bold", "text": "have arrived"}, ".\nMore at ", {"type": "link", "text": "https://a.b"}]
    (draft,) = read_telegram(export(post(7, text), username="example"), "/result.json")
    assert isinstance(draft, Draft)
    assert draft.text == "Troops have arrived.\nMore at https://a.b"
    assert (draft.title, draft.source, draft.url) == ("Troops have arrived.", "Channel", "https://t.me/example/7")
    assert (draft.id, draft.published, draft.address) == ("telegram:42/7", date(2024, 10, 31), "/result.json#7")
    assert draft.author is None


def test_posts_without_text_and_service_messages_are_passed_over():
    messages = [post(1, ""), post(2, []), post(3, "Pinned", type="service"), post(4, "Text."), {"id": 5}]
    assert [draft.id for draft in read_telegram(export(*messages), "a")] == ["telegram:42/4"]


def test_a_link_is_only_given_where_the_channels_name_is_known():
    (draft,) = read_telegram(export(post(7, "T.", author="Jane")), "a")
    assert (draft.url, draft.author) == (None, "Jane")


def test_a_long_first_line_is_cut_at_a_word():
    (draft,) = read_telegram(export(post(7, "word " * 60)), "a")
    assert len(draft.title) <= 101
    assert draft.title.endswith("word…")


def test_an_export_of_several_chats_is_read_and_a_broken_message_is_told():
    chats = {"chats": {"list": [json.loads(export(post(1, "A."))), 5, json.loads(export("broken", id=43))]}}
    one, bad = read_telegram(json.dumps(chats).encode(), "a")
    assert isinstance(one, Draft)
    assert isinstance(bad, ReadFailure)


@pytest.mark.parametrize("data", [b"{}", b"[]", b"{", b'{"messages": 5}', b'{"chats": 5}', b"\x00"])
def test_what_is_no_export_is_refused(data: bytes):
    with pytest.raises(ReadError):
        list(read_telegram(data, "a"))


def test_opml_is_the_feeds_that_it_names():
    source = """<?xml version="1.0" encoding="utf-8"?><opml version="2.0"><head><title>x</title></head><body>
    <outline text="News"><outline type="rss" text="A" title="Feed A" xmlUrl="https://a.org/feed"/>
    <outline text="B" xmlurl=" https://b.org/feed "/><outline text="A again" xmlUrl="https://a.org/feed"/></outline>
    <outline text="no" xmlUrl="file:///etc/passwd"/><outline text="no feed"/></body></opml>"""
    assert read_opml(source.encode()) == (
        Subscription("Feed A", "https://a.org/feed"),
        Subscription("B", "https://b.org/feed"),
    )


SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc> https://a.org/1 </loc><lastmod>2024-10-31</lastmod></url><url><loc>https://a.org/2</loc></url>
<url><loc>https://a.org/1</loc></url><url><loc>ftp://a.org/3</loc></url><url/></urlset>"""


def test_a_sitemap_is_its_pages_up_to_the_limit():
    sitemap = read_sitemap(SITEMAP.encode(), limit=10)
    first = Location("https://a.org/1", datetime(2024, 10, 31, tzinfo=UTC))
    assert sitemap.pages == (first, Location("https://a.org/2", None))
    assert (sitemap.sitemaps, sitemap.more) == ((), 0)
    limited = read_sitemap(SITEMAP.encode(), limit=1)
    assert (limited.pages, limited.more) == ((first,), 1)


def test_an_index_of_sitemaps_is_the_sitemaps_that_it_names():
    source = b"<sitemapindex><sitemap><loc>https://a.org/s.xml</loc></sitemap></sitemapindex>"
    sitemap = read_sitemap(source, limit=10)
    assert (sitemap.pages, sitemap.sitemaps) == ((), (Location("https://a.org/s.xml", None),))


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE r SYSTEM "https://example.org/r.dtd">',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_a_document_type_is_refused(bomb: str):
    with pytest.raises(ReadError, match="document type"):
        read_sitemap(SITEMAP.replace("<urlset", bomb + "<urlset").encode(), limit=10)
    with pytest.raises(ReadError, match="document type"):
        read_opml(f"{bomb}<opml/>".encode())


def test_a_wrong_declaration_of_the_encoding_does_not_matter():
    source = '<?xml version="1.0" encoding="utf-8"?><opml><outline text="Новости" xmlUrl="https://a.org/f"/></opml>'
    (found,) = read_opml(source.encode("cp1251"), "windows-1251")
    assert found.title == "Новости"


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.lists(
            st.sampled_from(
                [
                    "<opml>",
                    "<urlset>",
                    "<url>",
                    "<loc>",
                    "</loc>",
                    "<!--",
                    "-->",
                    "<?x",
                    "?>",
                    "&",
                    "<",
                    ">",
                    "https://a.b",
                    "é",
                ]
            )
        ).map(lambda pieces: " ".join(pieces).encode()),
    )
)
def test_any_bytes_are_read_or_refused(data: bytes):
    for reader in (read_opml, lambda body: read_sitemap(body, 5), lambda body: list(read_telegram(body, "a"))):
        try:
            reader(data)
        except ReadError:
            continue
