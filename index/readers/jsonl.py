"""Articles as JSON: one per line, or a list of them in a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from index.article import ArticleId, Draft, Span
from index.errors import ReadError
from index.readers.dates import parse_date
from index.readers.failure import ReadFailure
from index.readers.plain import language_code, normalise
from index.surrogates import path_text

LONGEST_LINE = 50_000_000
"""Bytes in the longest line that is read."""

_OPTIONAL = ("title", "source", "url", "published", "lang", "author")


def read_jsonl(path: Path) -> Iterator[Draft | ReadFailure]:
    """The articles of a JSONL file, in its order, streamed. A bad line is a failure of its own: `path#line`."""
    with path.open("rb") as lines:
        for number, line in enumerate(_lines(lines), start=1):
            if line is None:
                yield ReadFailure(
                    f"{path_text(path)}#{number}", f"Line {number} is longer than {LONGEST_LINE:,} bytes: split it."
                )
            elif line.strip():
                yield _read_line(line, number, path)


def _lines(stream: Any) -> Iterator[bytes | None]:
    """Lines of a bounded length; None for each that is longer."""
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) <= LONGEST_LINE or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)
        yield None


def _read_line(line: bytes, number: int, path: Path) -> Draft | ReadFailure:
    address = f"{path_text(path)}#{number}"
    try:
        return draft_of(parse(line), f"{path_text(path.stem)} {number}", address)
    except ReadError as error:
        return ReadFailure(address, f"Line {number}: {error}")


def parse(data: bytes | str) -> Any:
    """JSON, or ReadError with where it breaks."""
    try:
        return json.loads(data.removeprefix(b"\xef\xbb\xbf") if isinstance(data, bytes) else data)
    except UnicodeDecodeError:
        raise ReadError("it is not UTF-8: save the file as UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ReadError(f"it is no JSON ({error.msg.lower()} at column {error.colno}).") from None
    except RecursionError:
        raise ReadError("it is nested too deeply.") from None
    except ValueError as error:
        raise ReadError(f"it is no JSON that can be read ({error}).") from None


def read_list(items: Iterable[Any], path: Path) -> Iterator[Draft | ReadFailure]:
    """The articles of a JSON list, each addressed by its place in the list, from 1."""
    for number, item in enumerate(items, start=1):
        address = f"{path_text(path)}#{number}"
        try:
            yield draft_of(item, f"{path_text(path.stem)} {number}", address)
        except ReadError as error:
            yield ReadFailure(address, f"Article {number}: {error}")


def draft_of(item: Any, name: str, address: str) -> Draft:
    """One article's draft. Raises ReadError, naming the field, for anything that is not as documented.

    With "sentences", the snapshot is their join with single spaces, and each sentence is exactly as given but for
    `normalise`. With "spans" beside "text" (`pullquote export` writes them), the text is split there and nowhere else.
    An unreadable date is an error here: this is data, not prose.
    """
    if not isinstance(item, Mapping):
        raise ReadError(f"an article is a JSON object, and this is {_kind(item)}.")
    fields = {name: _string(item, name) for name in _OPTIONAL}
    text, spans = _text(item)
    published = parse_date(fields["published"] or "")
    if fields["published"] and published is None:
        raise ReadError(f'"published" is no date: {fields["published"]!r}. Write it as 2024-10-31.')
    given = _id(item)
    return Draft(
        title=fields["title"] or name,
        text=text,
        source=fields["source"],
        url=fields["url"],
        published=published,
        lang=language_code(fields["lang"]),
        author=fields["author"],
        id=ArticleId(given) if given else None,
        address=address,
        spans=spans,
    )


def _id(item: Mapping[str, Any]) -> str | None:
    value = item.get("id")
    if isinstance(value, bool) or not isinstance(value, (str, int, float, type(None))):
        raise ReadError(f'"id" is {_kind(value)}: make it a string or a number.')
    return None if value is None or value == "" else normalise(str(value))


def _string(item: Mapping[str, Any], name: str) -> str | None:
    value = item.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ReadError(f'"{name}" is {_kind(value)}: make it a string, or leave it out.')
    return normalise(value).strip() or None


def _text(item: Mapping[str, Any]) -> tuple[str, tuple[Span, ...] | None]:
    if "sentences" in item:
        return _sentences(item["sentences"])
    value = item.get("text")
    if value is None:
        raise ReadError('it has neither "text" nor "sentences".')
    if not isinstance(value, str):
        raise ReadError(f'"text" is {_kind(value)}: make it a string.')
    text = normalise(value)
    if not text.strip():
        raise ReadError('"text" is empty.')
    if item.get("spans") is None:
        return text, None
    if text != value:
        raise ReadError('"spans" count characters of a text in NFC with "\\n" line ends, and this "text" is not so.')
    return text, tuple(_spans(item["spans"], text))


def _spans(value: Any, text: str) -> Iterator[Span]:
    """[start, end] of each sentence in the text, in order, none over another."""
    if not isinstance(value, list) or not value:
        raise ReadError('"spans" is no list of [start, end], or an empty one.')
    place = 0
    for number, pair in enumerate(value, start=1):
        whole = isinstance(pair, list) and len(pair) == 2 and all(type(each) is int for each in pair)
        if not whole or not place <= pair[0] < pair[1] <= len(text) or not text[pair[0] : pair[1]].strip():
            raise ReadError(f'number {number} of "spans" is no [start, end] of a sentence behind the one before it.')
        yield Span(*pair)
        place = pair[1]


def _sentences(value: Any) -> tuple[str, tuple[Span, ...]]:
    if not isinstance(value, list) or not value:
        raise ReadError('"sentences" is no list of strings, or an empty one.')
    given: list[str] = []
    spans: list[Span] = []
    start = 0
    for number, sentence in enumerate(value, start=1):
        if not isinstance(sentence, str):
            raise ReadError(f'sentence {number} of "sentences" is {_kind(sentence)}: make it a string.')
        text = normalise(sentence)
        if not text.strip():
            raise ReadError(f'sentence {number} of "sentences" is empty: leave it out.')
        given.append(text)
        spans.append(Span(start, start + len(text)))
        start += len(text) + 1
    return " ".join(given), tuple(spans)


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
