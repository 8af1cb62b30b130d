"""One article, many addresses: the canonical form is what they share."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.address import canonical, without_tracking

SAME = [
    ("http://example.com/story", "https://example.com/story"),
    ("https://EXAMPLE.com:443/story#part", "https://example.com/story"),
    ("http://example.com:80/story/", "https://example.com/story"),
    ("https://www.example.com/story", "https://example.com/story"),
    ("https://m.example.com/story?utm_source=x&utm_medium=y", "https://example.com/story"),
    ("https://example.com/story?fbclid=1&b=2&a=1", "https://example.com/story?a=1&b=2"),
    ("https://en.m.wikipedia.org/wiki/Moon", "https://en.wikipedia.org/wiki/Moon"),
    ("https://amp.example.com/story", "https://example.com/story"),
    ("https://example.com/story/amp/", "https://example.com/story"),
    ("https://example.com/amp/story", "https://example.com/story"),
    ("https://example.com/story.amp.html", "https://example.com/story.html"),
    ("https://example.com/story?amp=1", "https://example.com/story"),
    ("https://www.google.com/amp/s/www.example.com/story/amp/", "https://example.com/story"),
    ("https://example-com.cdn.ampproject.org/c/s/example.com/story?usqp=mq", "https://example.com/story"),
    ("https://example.com/a/../b/./story", "https://example.com/b/story"),
    ("https://example.com/caf%c3%a9", "https://example.com/café"),
    ("https://пример.укр/новини", "https://xn--e1afmkfd.xn--j1amh/новини"),
    ("https://user:word@example.com/story", "https://example.com/story"),
    ("  https://example.com.  ", "https://example.com/"),
    ("https://example.com/story;jsessionid=1A2B?x=1", "https://example.com/story?x=1"),
]
DIFFERENT = [
    ("https://example.com/story", "https://example.com/Story"),
    ("https://example.com/?id=1", "https://example.com/?id=2"),
    ("https://example.com/archive?y=2024&m=1", "https://example.com/archive?y=2024"),
    ("https://example.com:8080/story", "https://example.com/story"),
    ("https://news.example.com/story", "https://example.com/story"),
    ("https://example.com/a%2Fb", "https://example.com/a/b"),
    ("https://example.com/amp", "https://example.com/"),
    ("https://mobile.de/", "https://de/"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_addresses_of_one_article_have_one_canonical_form(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_addresses_of_two_articles_stay_apart(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("odd", ["", "notes/today.md", "tg://resolve", "http://[broken", "mailto:a@b.c", "https://"])
def test_what_is_not_a_web_address_is_left_as_it_is(odd: str) -> None:
    assert canonical(odd) == odd


PIECES = st.sampled_from(
    [
        *(
            "http://",
            "HTTPS://",
            "www.",
            "m.",
            "amp.",
            "example",
            ".com",
            ".co.uk",
            ":80",
            ":8080",
            "/",
            "//",
            "amp",
            "s/",
            "c/",
        ),
        *(
            "?",
            "&",
            "=",
            "utm_source",
            "fbclid",
            "amp=1",
            "#",
            "%",
            "%2F",
            "%zz",
            "%41",
            "é",
            "ж",
            " ",
            "..",
            ".",
            ".amp.html",
        ),
        *(
            ".cdn.ampproject.org",
            "google.com/amp/s/",
            "@",
            "[",
            "]",
            "[::1]",
            ";jsessionid=1",
            "\t",
            "+",
            "ß",
            "。",
            "\ud800",
        ),
    ]
)


@settings(max_examples=400)
@given(st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=40).map("http://".__add__)))
def test_canonical_is_idempotent_and_never_fails(url: str) -> None:
    once = canonical(url)
    assert canonical(once) == once


@given(st.permutations(["a=1", "b=2", "b=1", "c", "utm_campaign=z", "gclid=q"]))
def test_the_order_of_parameters_does_not_matter(pairs: list[str]) -> None:
    assert canonical("https://example.com/?" + "&".join(pairs)) == "https://example.com/?a=1&b=1&b=2&c"


@pytest.mark.parametrize(
    ("given_url", "shown"),
    [
        ("http://m.example.com/a?utm_source=x&id=2&fbclid=y#v2", "http://m.example.com/a?id=2#v2"),
        ("http://example.com/a?UTM_Medium=x", "http://example.com/a"),
        ("http://example.com/a?b=%2F&a=1&", "http://example.com/a?b=%2F&a=1&"),
        ("http://[broken", "http://[broken"),
        ("notes.md?utm_source=x", "notes.md?utm_source=x"),
    ],
)
def test_tracking_alone_is_taken_from_an_address_that_is_shown(given_url: str, shown: str) -> None:
    assert without_tracking(given_url) == shown


@given(st.lists(PIECES, max_size=14).map("".join))
def test_an_address_without_tracking_leads_to_the_same_article(url: str) -> None:
    assert canonical(without_tracking(canonical(url))) == canonical(url)
