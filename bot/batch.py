"""Questions from a JSONL stream: answered in small batches, in order, without waiting for a batch to fill."""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO

from index.article import Answer, ArticleId, Question
from index.errors import NotFound, ReadError
from index.surrogates import without_surrogates

if TYPE_CHECKING:
    from index.library import Library

LARGEST_BATCH = 32
QUEUED = 4 * LARGEST_BATCH


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer with the id that its question came with."""

    id: Any
    answer: Answer


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no question; `number` counts from 1."""

    number: int
    reason: str
    id: Any = None


@contextmanager
def open_lines(path: str) -> Iterator[BinaryIO]:
    """The lines of a file, or of stdin for `-`."""
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(path, "rb")  # noqa: SIM115 - closed by the context below
    except OSError as error:
        raise ReadError(f"{path} can't be read: {error.strerror}.") from error
    with file:
        yield file


def answers(library: Library, lines: BinaryIO, defaults: Question) -> Iterator[Answered | BadLine]:
    """Answers each line, in order. As many lines as are there already are asked together, 32 at most."""
    for batch in _batches(lines):
        parsed = [_checked(library, number, parse(number, line, defaults)) for number, line in batch]
        asked = iter(library.ask_many([each[1] for each in parsed if isinstance(each, tuple)]))
        for each in parsed:
            yield Answered(each[0], next(asked)) if isinstance(each, tuple) else each


def parse(number: int, line: bytes, defaults: Question) -> tuple[Any, Question] | BadLine:
    """A line's id and question, or what is wrong with it."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return BadLine(number, f"not JSON: {error}.")
    if not isinstance(value, dict):
        return BadLine(number, 'not an object; write {"id": "q1", "question": "…"}.')
    id, text, k, since = value.get("id"), value.get("question"), value.get("k", defaults.k), value.get("since")
    if not isinstance(text, str) or not text.strip():
        return BadLine(number, "there is no question in it; it needs a string `question`.", id)
    if not isinstance(k, int) or isinstance(k, bool) or not 1 <= k <= 100:
        return BadLine(number, "`k` must be a whole number from 1 to 100.", id)
    within, source = value.get("in"), value.get("source")
    if not all(each is None or isinstance(each, str) for each in (within, source, since)):
        return BadLine(number, "`in`, `source` and `since` must be strings.", id)
    text, within, source = (without_surrogates(each or "") for each in (text, within, source))
    try:
        day = date.fromisoformat(since) if since else defaults.since
    except ValueError:
        return BadLine(number, f"{since!r} is no date; write it as 2024-10-31.", id)
    article = ArticleId(within) if within else defaults.article
    return id, Question(text, k, article, source or defaults.source, day)


def _checked(library: Library, number: int, parsed: tuple[Any, Question] | BadLine) -> tuple[Any, Question] | BadLine:
    if isinstance(parsed, tuple) and parsed[1].article is not None:
        try:
            library.article(parsed[1].article)
        except NotFound as error:
            return BadLine(number, str(error), parsed[0])
    return parsed


def _batches(lines: BinaryIO) -> Iterator[list[tuple[int, bytes]]]:
    waiting: queue.Queue[tuple[int, bytes] | None] = queue.Queue(QUEUED)

    def read() -> None:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                waiting.put((number, line))
        waiting.put(None)

    threading.Thread(target=read, daemon=True).start()
    ended = False
    while not ended:
        batch = []
        item = waiting.get()
        while item is not None:
            batch.append(item)
            if len(batch) == LARGEST_BATCH or waiting.empty():
                break
            item = waiting.get()
        ended = item is None
        if batch:
            yield batch
