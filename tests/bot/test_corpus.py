"""From the bytes of any article to the messages of a chat: what is read is whole, what can't be read says so."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.constants import MessageLimit

from bot.conversation import layout
from bot.render import telegram as render
from bot.reply import Block, Content, Message, utf16
from bot.words import words
from index.article import Article, ArticleId, Draft, Sentence, SentenceId, SnapshotHash
from index.errors import ReadError
from index.readers import ReadFailure, read
from index.readers.plain import normalise
from index.segment import language, segment

CORPUS = sorted(path for path in (Path(__file__).parents[1] / "corpus").iterdir() if path.name != "README.md")

cuts = st.tuples(st.integers(0, 2000), st.integers(0, 40), st.binary(max_size=6), st.integers(1, 3))


def changed(data: bytes, edits: list[tuple[int, int, bytes, int]]) -> bytes:
    """The bytes with some cut out (place, how many), and others put there, so many times."""
    for place, count, new, times in edits:
        at = place % (len(data) + 1)
        data = data[:at] + new * times + data[at + count :]
    return data


def shown(file: Path, data: bytes) -> int:
    """Reads these bytes as that file and takes every article to the messages of a chat; returns how many articles."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file.name
        path.write_bytes(data)
        try:
            found = list(read(path))
        except ReadError:
            return 0
    drafts = [one for one in found if isinstance(one, Draft)]
    for failure in (one for one in found if not isinstance(one, Draft)):
        assert isinstance(failure, ReadFailure)
        assert failure.reason
        assert "\n" not in failure.reason
    for draft in drafts:
        check(draft)
    return len(drafts)


def check(draft: Draft) -> None:
    assert draft.text.strip()
    assert normalise(draft.text) == draft.text
    assert draft.published is None or isinstance(draft.published, date)
    article = Article(ArticleId("a"), draft.title, draft.source, draft.url, draft.published, draft.lang)
    end = 0
    for number, span in enumerate(draft.spans or segment(draft.text, draft.lang or language(draft.text))):
        assert end <= span.start < span.end <= len(draft.text)
        end = span.end
        text = draft.text[span.start : span.end]
        said(article, Sentence(SentenceId(1), article.id, SnapshotHash("0" * 64), number, span.start, span.end, text))


def said(article: Article, sentence: Sentence) -> None:
    """Every message that a quote becomes fits into Telegram's limits, its entities inside of its text."""
    blocks = [layout.quotation(sentence), Block(layout.cite(article, words("en")))]
    for part in layout.parts(blocks, MessageLimit.MAX_TEXT_LENGTH):
        for call in render.calls(Message("u1.0", 7, Content(part))):
            text = str(call.params["text"])
            assert utf16(text) <= MessageLimit.MAX_TEXT_LENGTH
            for entity in call.params.get("entities", []):  # type: ignore[union-attr]
                assert 0 <= entity["offset"] <= entity["offset"] + entity["length"] <= utf16(text)  # type: ignore[index]


@pytest.mark.parametrize("file", CORPUS, ids=lambda path: path.name)
def test_what_is_whole_in_the_corpus_is_read_and_the_rest_refused(file: Path) -> None:
    refused = {"bomb.xml", "too-deep.md"}
    assert (shown(file, file.read_bytes()) > 0) == (file.name not in refused)


@given(st.sampled_from(CORPUS), st.lists(cuts, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_an_article_that_was_damaged_anywhere_is_read_or_refused(
    file: Path, edits: list[tuple[int, int, bytes, int]]
) -> None:
    shown(file, changed(file.read_bytes(), edits))


@pytest.mark.soak
@given(st.sampled_from(CORPUS), st.lists(cuts, min_size=1, max_size=6))
@settings(max_examples=20_000, deadline=None)
def test_twenty_thousand_damaged_articles_are_read_or_refused(
    file: Path, edits: list[tuple[int, int, bytes, int]]
) -> None:
    shown(file, changed(file.read_bytes(), edits))
