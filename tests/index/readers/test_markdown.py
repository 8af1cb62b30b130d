"""Markdown reads as its page would."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import ReadError
from index.readers.markdown import read_markdown
from index.segment import segment


def test_markup_is_gone_and_every_block_stands_alone():
    source = (
        "# Head\n\nText *bold* **x** `code` [a link](https://a.b) ![picture](p.png) here.\\\n"
        "Second\nline &amp; more.\n\n"
        "## Sub\n\n- one\n- two **x**\n  - three\n\n1. first\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "after\n\n<div>plain <b>html</b></div>\n\n```py\nx = 1\n```\n\n---\n\nend <!-- gone --> ~~old~~\n"
    )
    draft = read_markdown(source.encode(), "file", "/f.md")
    assert draft.title == "Head"
    assert draft.text.split("\n\n") == [
        "Text bold x code a link  here.\nSecond\nline & more.",
        "Sub",
        "- one\n- two x\n  - three",
        "first",
        "quoted",
        "a | b",
        "1 | 2",
        "after",
        "plain html",
        "x = 1",
        "end  old",
    ]


def test_an_empty_cell_keeps_its_place():
    table = (
        "| | Single | Return |\n|---|---|---|\n| Bicycle | | £5 |\n| Car | £38 | |\n| | | |\n| Dog | ![](yes.png) | £0"
    )
    assert read_markdown(f"Fares.\n\n{table}\n\nBy card.".encode(), "f", "/f.md").text.split("\n\n") == [
        "Fares.",
        "– | Single | Return",
        "Bicycle | – | £5",
        "Car | £38 | –",
        "Dog | … | £0",
        "By card.",
    ]


def test_items_of_a_list_are_sentences_of_their_own():
    draft = read_markdown(b"Text.\n\n- one item\n- another item\n", "f", "/f.md")
    assert [draft.text[span.start : span.end] for span in segment(draft.text, "en")] == [
        "Text.",
        "one item",
        "another item",
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("1. one\n2. two\n   and more\n\n   It goes on.", "one\n\ntwo\nand more\n\nIt goes on."),
        ("3. one\n\n4. two.\n\n   It goes on.", "3) one\n4) two. It goes on."),
        ("- one\n  1. first\n  2. second\n- two", "- one\n  1) first\n  2) second\n- two"),
        ("- one\n\n  > quoted\n- two", "one\n\nquoted\n\ntwo"),
        ("- one\n\n  ```\n  x = 1\n  ```\n- two", "one\n\nx = 1\n\ntwo"),
        ("- one", "one"),
    ],
)
def test_a_list_has_its_items_below_each_other(source: str, text: str):
    assert read_markdown(f"Text.\n\n{source}\n\nEnd.".encode(), "f", "/f.md").text == f"Text.\n\n{text}\n\nEnd."


def test_scripts_and_styles_are_no_text():
    script = "<script>\nvar a = 1;\n\nvar b = 2;\n</script>\n\n<STYLE>p {color: red}</STYLE>"
    source = f"Text.\n\n{script}\n\nEnd <script>x</script>here.\n"
    assert read_markdown(source.encode(), "f", "/f.md").text == "Text.\n\nEnd here."


def test_the_mark_of_a_footnote_is_none_of_its_sentence():
    notes = "[^1]: By nine to four.\n[^cost]: About.\n\n[^2]: http://a.b"
    source = f"It passed on Thursday.[^1] It costs £5,[^cost] or `[^a]`.[^2] So **they** said[^1]: yes.\n\n{notes}\n"
    text = read_markdown(source.encode(), "f", "/f.md").text
    said = "It passed on Thursday. It costs £5, or [^a]. So they said: yes."
    assert text == f"{said}\n\nBy nine to four.\nAbout."


@pytest.mark.parametrize(
    "above", ["[Skip to content](#main)", "[![logo](a.png)](/) [Home](/) [News](/n)", "<!-- made -->"]
)
def test_a_heading_below_links_alone_is_the_title(above: str):
    draft = read_markdown(f"{above}\n\n# Council approves the park\n\nText.".encode(), "f", "/f.md")
    assert draft.title == "Council approves the park"
    assert draft.text.endswith("Text.")
    below_text = read_markdown(b"[Brill](/b), Thursday\n\n# Head\n\nText.", "f", "/f.md")
    assert (below_text.title, below_text.text) == ("f", "Brill, Thursday\n\nHead\n\nText.")


def test_front_matter_is_the_header():
    source = (
        '---\ntitle: "Troops: they arrive"\nsite: Example\ndate: 2024-10-31\ntags: [a, b]\nlanguage: en\n---\n\nText.\n'
    )
    draft = read_markdown(source.encode(), "file", "/f.md")
    assert (draft.title, draft.source, draft.published) == ("Troops: they arrive", "Example", date(2024, 10, 31))
    assert (draft.lang, draft.text) == ("en", "Text.")


def test_header_lines_serve_as_well_and_a_heading_of_another_title_is_text():
    draft = read_markdown(b"Title: A\nSource: B\n\n# Another\n\nText.", "f", "/f.md")
    assert (draft.title, draft.source, draft.text) == ("A", "B", "Another\n\nText.")
    same = read_markdown(b"---\ntitle: A\n---\n# A\n\nText.", "f", "/f.md")
    assert (same.title, same.text) == ("A", "Text.")


def test_a_rule_at_the_top_is_no_front_matter():
    assert read_markdown(b"---\n\nText.", "file", "/f.md").text == "Text."


@pytest.mark.parametrize("data", [b"# Only a heading\n", b"---\ntitle: A\n---\n", b"<!-- nothing -->\n"])
def test_a_page_without_text_is_refused(data: bytes):
    with pytest.raises(ReadError, match="no text"):
        read_markdown(data, "f", "/f.md")


def test_quotes_in_quotes_are_read_and_what_is_too_deep_is_refused_for_that():
    assert read_markdown(b"> " * 60 + b"He said so.", "f", "/f.md").text == "He said so."
    with pytest.raises(ReadError, match="too deep"):
        read_markdown(b"> " * 200 + b"He said so.", "f", "/f.md")


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("#*_[]()!<>|`~-\n \\&;aé1.\t:"), max_size=60))
def test_any_markdown_is_read_or_refused(text: str):
    try:
        draft = read_markdown(text.encode(), "f", "/f.md")
    except ReadError:
        return
    assert draft.text.strip()
