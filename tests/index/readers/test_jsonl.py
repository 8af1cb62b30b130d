"""Articles as JSON come in exactly as given, and a bad line says where it is bad."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Draft
from index.errors import ReadError
from index.readers import ReadFailure, read
from index.readers import jsonl as module
from index.readers.jsonl import draft_of
from index.readers.plain import normalise


def lines(tmp_path: Path, *given: Any) -> list[Draft | ReadFailure]:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in given) + "\n")
    return list(read(path))


def test_every_field_is_read(tmp_path: Path):
    (draft,) = lines(
        tmp_path,
        {
            "id": "a1",
            "title": "T",
            "source": "S",
            "url": "https://example.org",
            "published": "2024-10-31",
            "lang": "en-US",
            "author": "A",
            "text": "Text.\r\nMore.",
            "other": [1],
        },
    )
    assert draft == Draft(
        title="T",
        text="Text.\nMore.",
        source="S",
        url="https://example.org",
        published=date(2024, 10, 31),
        lang="en",
        author="A",
        id="a1",
        address=f"{tmp_path}/a.jsonl#1",
    )


@pytest.mark.parametrize(("given", "kept"), [("x", "x"), (7, "7"), (1.5, "1.5"), (None, None), ("", None), (0, "0")])
def test_an_id_is_kept_as_given(given: Any, kept: str | None):
    assert draft_of({"id": given, "text": "T."}, "n", "a").id == kept


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(codec=None), max_size=20), min_size=1, max_size=6))
def test_given_sentences_come_back_exactly_as_given_after_normalising(sentences: list[str]):
    try:
        draft = draft_of({"sentences": sentences}, "n", "a")
    except ReadError:
        assert any(not normalise(sentence).strip() for sentence in sentences)
        return
    assert draft.spans is not None
    assert [draft.text[span.start : span.end] for span in draft.spans] == [normalise(text) for text in sentences]
    assert draft.text == normalise(draft.text) == " ".join(map(normalise, sentences))


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("{bad", "Line 2: it is no JSON"),
        ('{"text": "a", "text": }', "at column 23"),
        ("[]", "this is a list"),
        ('"text"', "this is a string"),
        ("null", "this is null"),
        ("7", "this is a number"),
        ({"id": 1}, 'neither "text" nor "sentences"'),
        ({"text": ["a"]}, '"text" is a list: make it a string'),
        ({"text": " "}, '"text" is empty'),
        ({"sentences": "a"}, '"sentences" is no list'),
        ({"sentences": []}, "empty one"),
        ({"sentences": ["a", 5]}, "sentence 2"),
        ({"sentences": ["a", " "]}, 'sentence 2 of "sentences" is empty'),
        ({"text": "a", "title": 5}, '"title" is a number'),
        ({"text": "a", "url": {}}, '"url" is an object'),
        ({"text": "a", "id": True}, '"id" is true or false'),
        ({"text": "a", "id": []}, '"id" is a list'),
        ({"text": "a", "published": "soon"}, "Write it as 2024-10-31"),
        ({"text": "a", "published": 2024}, '"published" is a number'),
        ("[" * 100_000, "Line 2"),
        ('{"text": "a", "id": ' + "9" * 5000 + "}", "Line 2"),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_the_rest_goes_on(tmp_path: Path, item: Any, reason: str):
    first, bad, last = lines(tmp_path, {"text": "First."}, item, {"text": "Last."})
    assert isinstance(first, Draft)
    assert isinstance(last, Draft)
    assert isinstance(bad, ReadFailure)
    assert bad.address.endswith("a.jsonl#2")
    assert bad.reason.startswith("Line 2: ")
    assert reason in bad.reason


def test_blank_lines_count_and_are_passed_over(tmp_path: Path):
    only = lines(tmp_path, "", "   ", {"text": "T."})
    assert [item.address.rpartition("#")[2] for item in only if item.address] == ["3"]


def test_bytes_that_are_no_utf_8_spoil_their_line_alone(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"text": "A."}\n{"text": "\xff"}\n{"text": "B."}')
    one, bad, two = read(path)
    assert (one.text, two.text) == ("A.", "B.")
    assert "UTF-8" in bad.reason


def test_a_line_that_is_too_long_is_refused_without_being_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "LONGEST_LINE", 100)
    one, bad, two = lines(tmp_path, {"text": "A."}, {"text": "x" * 5000}, {"text": "B."})
    assert isinstance(one, Draft)
    assert isinstance(two, Draft)
    assert "Line 2 is longer" in bad.reason


def test_a_json_file_holds_one_article_or_a_list(tmp_path: Path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"text": "A."}, {"no": 1}, {"text": "B."}]))
    one, bad, two = read(path)
    assert (one.text, two.text, two.address) == ("A.", "B.", f"{path}#3")
    assert bad.reason.startswith("Article 2: ")
    path.write_text(json.dumps({"text": "C."}))
    (only,) = read(path)
    assert (only.text, only.title, only.address) == ("C.", "a", str(path))
    path.write_text("{")
    (failure,) = read(path)
    assert "no JSON" in failure.reason


texts = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12), min_size=1, max_size=5)


@settings(max_examples=100, deadline=None)
@given(texts, st.sampled_from(["", " ", "\n\n", "\t—\n"]))
def test_a_text_is_split_where_its_spans_say(given: list[str], between: str):
    text, spans = "", []
    for part in given:
        before = normalise(text + between)
        text = normalise(before + part)
        if not text.startswith(before):
            spans = []  # An accent has joined what stood before it.
        elif text[len(before) :].strip():
            spans.append([len(before), len(text)])
    if text.strip() and spans:
        draft = draft_of({"text": text, "spans": spans}, "n", "a")
        assert draft.text == text
        assert [[span.start, span.end] for span in draft.spans or ()] == spans


@pytest.mark.parametrize(
    "spans",
    [[], {}, "0-3", [[0]], [[0, 9]], [[2, 2]], [[-1, 2]], [[0, 3], [2, 4]], [[0, True]], [[0.0, 3]], [[4, 5]], [None]],
)
def test_spans_that_are_no_sentences_are_refused_by_name(spans: Any):
    with pytest.raises(ReadError, match='"spans"'):
        draft_of({"text": "One. Two", "spans": spans}, "n", "a")


@pytest.mark.parametrize("text", ["One.\r\nTwo.", "Cafe\u0301."])
def test_spans_of_a_text_that_would_be_changed_in_reading_are_refused(text: str):
    with pytest.raises(ReadError, match="NFC"):
        draft_of({"text": text, "spans": [[0, 4]]}, "n", "a")
