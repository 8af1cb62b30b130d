"""A library of any size without embedding all of it, filled through `Library.add`: texts made of SelQA's sentences, and
vectors made of the real ones of some thousands of them.

A made sentence is the first half of one real sentence and the second half of another. Its vector is v1 + 0.7 (v2 - v3),
at unit length, of three real sentence vectors that a hash of its text picks. It keeps the mean and most of the spread
of real ones, but it is no reading of its text. Questions are real ones, really embedded.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.sets import draft_of, selqa
from index.article import Draft, passage
from index.embed import Encoder
from index.library import Library
from index.settings import LibrarySettings

PER_ARTICLE = 25
REAL = 6_000
"""Real sentences that are embedded."""
SPREAD = 0.7
SOURCES = ("Gazette", "Herald", "Courier", "Observer")

Floats = npt.NDArray[np.float32]


def real_sentences() -> list[tuple[str, str]]:
    """(title, text) of real sentences."""
    drafts = selqa("dev").drafts
    pairs = [(each.title, each.text[span.start : span.end]) for each in drafts for span in each.spans or ()]
    return pairs[:REAL]


def real_questions(count: int) -> list[str]:
    """Different questions of the same set."""
    return list(dict.fromkeys(each.question for each in selqa("dev").questions))[:count]


def real_vectors(folder: Path, encoder: Encoder) -> Floats:
    """(REAL, dim) float32 of `real_sentences`, embedded once for a folder."""
    file = folder / f"real-{encoder.fingerprint}.npy"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        np.save(file, encoder.passages([passage(title, text) for title, text in real_sentences()]))
    vectors: Floats = np.load(file)
    return vectors


def drafts(first: int, until: int) -> Iterator[Draft]:
    """Made articles from number `first` on; the same number is the same article on every run."""
    sentences = real_sentences()
    for number in range(first, until):
        picks = np.random.default_rng(number).integers(len(sentences), size=(PER_ARTICLE, 2)).tolist()
        texts = [_crossed(sentences[a][1], sentences[b][1]) for a, b in picks]
        made = draft_of(f"made-{number}", f"{sentences[picks[0][0]][0]}, part {number}", texts)
        yield replace(made, source=SOURCES[number % len(SOURCES)], published=date(2000 + number % 25, 1, 1))


def _crossed(first: str, second: str) -> str:
    """The first half of the words of one and the second half of those of the other."""
    begin, end = first.split(), second.split()
    return " ".join((*begin[: (len(begin) + 1) // 2], *end[len(end) // 2 :]))


class Made:
    """An encoder for passages only, as `Ingest` needs one: of the real one's fingerprint, so that both fit together.

    `embedded` counts the passages that were asked for.
    """

    def __init__(self, real: Floats, fingerprint: str) -> None:
        self._real = real
        self.fingerprint = fingerprint
        self.dim = real.shape[1]
        self.embedded = 0

    def passages(self, texts: Sequence[str]) -> Floats:
        """(n, dim) float32, unit length."""
        self.embedded += len(texts)
        hashes = np.array([zlib.crc32(text.encode()) for text in texts], dtype=np.int64)
        a, b, c = (self._real[hashes * factor % 2_147_483_647 % len(self._real)] for factor in (1, 48_271, 69_621))
        made = a + SPREAD * (b - c)
        unit: Floats = made / np.linalg.norm(made, axis=1, keepdims=True)
        return unit


def made_library(settings: LibrarySettings, made: Made) -> Library:
    """A library into which articles go with made vectors."""
    library = Library.open(settings)
    vars(library)["encoder"] = made  # where its cached property would be
    return library


def fill(settings: LibrarySettings, made: Made, sentences: int) -> float:
    """Adds what is missing of the first articles; returns how many sentences were stored in a second."""
    began = time.perf_counter()
    with made_library(settings, made) as library:
        articles = len(library.articles())
        for outcome in library.add(drafts(articles, sentences // PER_ARTICLE)):
            if outcome.state != "added":
                raise SystemExit(f"{outcome.address}: {outcome.state} {outcome.reason or ''}")
    return (sentences - articles * PER_ARTICLE) / (time.perf_counter() - began)
