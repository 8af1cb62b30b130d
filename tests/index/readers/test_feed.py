"""Feeds of every kind become entries; hostile ones are refused."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import ReadError
from index.readers.feed import read_feed

URL = "https://example.org/feed"
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Example &amp; Co</title><language>en-us</language><ttl>30</ttl>{items}</channel></rss>"""
ITEM = """<item><title>{title}</title><link>{link}</link><guid isPermaLink="false">{guid}</guid>
<description>&lt;p&gt;Short &lt;b&gt;text&lt;/b&gt;.&lt;/p&gt;</description>{more}
<pubDate>Thu, 31 Oct 2024 23:30:00 -0500</pubDate></item>"""
FULL = "<content:encoded><![CDATA[<p>First &amp; long.</p><script>x</script><p>Second.</p>]]></content:encoded>"


def item(title: str = "T", link: str = "/1", guid: str = "g1", more: str = "") -> str:
    return ITEM.format(title=title, link=link, guid=guid, more=more)


def test_an_rss_entry_with_its_full_text():
    feed = read_feed(RSS.format(items=item(more=FULL)).encode(), URL)
    (entry,) = feed.entries
    assert (feed.title, feed.ttl) == ("Example & Co", timedelta(minutes=30))
    assert (entry.draft.text, entry.is_summary) == ("First & long.\n\nSecond.", False)
    assert (entry.link, entry.draft.url, entry.id) == ("https://example.org/1", "https://example.org/1", "g1")
    assert (entry.draft.title, entry.draft.source, entry.draft.lang) == ("T", "Example & Co", "en")
    assert entry.draft.published == date(2024, 10, 31)
    assert entry.published == datetime(2024, 11, 1, 4, 30, tzinfo=UTC)
    assert entry.draft.address == f"{URL}#g1"


def test_an_entry_with_a_description_alone_is_a_summary():
    (entry,) = read_feed(RSS.format(items=item()).encode(), URL).entries
    assert (entry.draft.text, entry.is_summary) == ("Short text.", True)


SIGNED = "<p>The well is dry.</p><p>The post <a href='x'>Dry well</a> appeared first on <a href='y'>Dell Radio</a>.</p>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (SIGNED, "The well is dry."),
        (
            SIGNED.replace("Dry well", "Dry wells"),
            "The well is dry.\n\nThe post Dry wells appeared first on Dell Radio.",
        ),
        (
            "<p>The well is dry.</p><p>Dry well owners called Dell Radio.</p>",
            "The well is dry.\n\nDry well owners called Dell Radio.",
        ),
    ],
)
def test_the_line_that_an_entry_is_signed_with_is_none_of_it(body: str, text: str):
    channel = (
        f"<title>Dell Radio</title><item><title>Dry well</title><description><![CDATA[{body}]]></description></item>"
    )
    feed = read_feed(f'<rss version="2.0"><channel>{channel}</channel></rss>'.encode(), "/feed.xml")
    assert feed.entries[0].draft.text == text


def test_an_atom_entry():
    source = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="uk"><title>F</title><entry><id>tag:1</id>
    <title type="html">A &amp;lt;b&amp;gt;bold&amp;lt;/b&amp;gt; title</title><link href="https://example.org/a"/>
    <updated>2024-11-02T10:00:00Z</updated><published>2024-10-31T10:00:00Z</published><author><name>Jane</name></author>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>Two.</p></div></content>
    </entry></feed>"""
    (entry,) = read_feed(source.encode(), URL).entries
    assert (entry.draft.text, entry.is_summary, entry.draft.author) == ("One.\n\nTwo.", False, "Jane")
    assert (entry.published, entry.updated) == (
        datetime(2024, 10, 31, 10, tzinfo=UTC),
        datetime(2024, 11, 2, 10, tzinfo=UTC),
    )


def test_a_json_feed():
    items = [
        {
            "id": 1,
            "url": "https://example.org/1",
            "title": "T",
            "content_html": "<p>A.</p><p>B.</p>",
            "authors": [{"name": "J"}],
        },
        {"id": "2", "url": "/2", "content_text": "First line.\nMore.", "date_published": "2024-10-31T10:00:00+02:00"},
        {"id": "3", "summary": "Only that."},
        {"id": "4"},
        "nothing",
    ]
    source = {"version": "https://jsonfeed.org/version/1.1", "title": "F", "language": "en", "items": items}
    one, two, three = read_feed(json.dumps(source).encode(), URL).entries
    assert (one.draft.text, one.is_summary, one.draft.author, one.id) == ("A.\n\nB.", False, "J", "1")
    assert (two.draft.title, two.link, two.draft.published) == (
        "First line.",
        "https://example.org/2",
        date(2024, 10, 31),
    )
    assert (three.draft.text, three.is_summary, three.link, three.draft.id) == ("Only that.", True, None, f"{URL}#3")


def test_an_entry_that_is_repeated_is_one():
    items = item() + item(title="Again") + item(link="/2")
    entries = read_feed(RSS.format(items=items).encode(), URL).entries
    assert [(entry.draft.title, entry.link) for entry in entries] == [
        ("T", "https://example.org/1"),
        ("T", "https://example.org/2"),
    ]


def test_an_entry_with_a_title_alone_is_its_title_and_one_with_nothing_is_passed_over():
    items = "<item><title>Only a title</title><link>https://example.org/x</link></item><item><guid>g</guid></item>"
    (entry,) = read_feed(RSS.format(items=items).encode(), URL).entries
    assert (entry.draft.text, entry.is_summary) == ("Only a title", True)


def test_a_link_that_is_no_page_is_none():
    (entry,) = read_feed(RSS.format(items=item(link="javascript:alert(1)")).encode(), URL).entries
    assert entry.link is None


@pytest.mark.parametrize(
    ("declared", "actual", "charset"),
    [("windows-1251", "cp1251", None), ("utf-8", "cp1251", "windows-1251"), ("iso-8859-1", "utf-8", "utf-8")],
)
def test_an_encoding_that_is_declared_somewhere_is_found(declared: str, actual: str, charset: str | None):
    source = RSS.format(items=item(title="Солдаты прибыли")).replace('"1.0"?', f'"1.0" encoding="{declared}"?')
    (entry,) = read_feed(source.encode(actual), URL, charset).entries
    assert entry.draft.title == "Солдаты прибыли"


def test_a_wrong_encoding_does_not_lose_the_feed():
    source = RSS.format(items=item(title="Солдаты прибыли")).replace('"1.0"?', '"1.0" encoding="utf-8"?')
    (entry,) = read_feed(source.encode("cp1251"), URL).entries
    assert entry.draft.text == "Short text."


def test_a_feed_that_breaks_off_gives_what_came_before():
    source = RSS.format(items=item() + item(guid="g2", link="/2"))
    entries = read_feed(source[: source.rindex("<pubDate>")].encode(), URL).entries
    assert [entry.id for entry in entries] == ["g1", "g2"]


BOMBS = [
    '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE r [<!entity % p SYSTEM "https://example.org/p.dtd"> %p;]>',
]


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_its_own_are_refused(bomb: str, encoding: str):
    source = RSS.format(items=item(title="&b;")).replace("<rss", bomb + "<rss")
    with pytest.raises(ReadError, match="entities"):
        read_feed(source.encode(encoding), URL)


@pytest.mark.parametrize(
    "data", [b"", b"<html><p>page</p></html>", b"plain text", b'{"items": 5}', b"{", b'{"a": 1}', b"\xff\x00"]
)
def test_what_is_no_feed_is_refused(data: bytes):
    with pytest.raises(ReadError):
        read_feed(data, URL)


def test_thousands_of_entries_are_read():
    items = "".join(item(link=f"/{n}", guid=f"g{n}") for n in range(2_000))
    assert len(read_feed(RSS.format(items=items).encode(), URL).entries) == 2_000


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=80),
        st.lists(
            st.sampled_from(
                [
                    "<rss>",
                    "<channel>",
                    "<item>",
                    "<title>",
                    "</title>",
                    "<![CDATA[",
                    "]]>",
                    "<link>",
                    "<entry>",
                    "<feed",
                    "<?xml",
                    "&x;",
                    "<!DOCTYPE",
                    "[",
                    ">",
                    "é",
                    "a",
                ]
            )
        ).map(lambda pieces: b"<rss version='2.0'>" + " ".join(pieces).encode()),
    )
)
def test_any_bytes_are_a_feed_or_refused(data: bytes):
    try:
        feed = read_feed(data, URL)
    except ReadError:
        return
    assert all(entry.draft.text.strip() for entry in feed.entries)
