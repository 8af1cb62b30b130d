"""One process that measures one design on a filled folder, and prints what it found as JSON: a fresh process, so that
its memory is its own.

python -m benchmarks.scale_measure ours|plain FOLDER
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from benchmarks.scale_made import SOURCES, drafts, real_questions
from index.article import ArticleId, Question
from index.library import Library
from index.reading import CANDIDATES
from index.search import DEPTH
from index.settings import LibrarySettings

ASKED = 300
"""Questions, each once, after ten to warm up."""
ANSWERED = 20
"""Questions that the cross-encoder reads for."""
CHANGES = 5
AT_ONCE = (1, 10, 100)
SECONDS = 4.0
"""Of asking, for each number of questions at once."""
SINCE = date(2020, 1, 1)

Figures = dict[str, float]


def timed(act: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def percentiles(name: str, seconds: Sequence[float]) -> Figures:
    """In milliseconds."""
    p50, p99 = np.percentile(np.array(seconds) * 1000, (50, 99))
    return {f"{name}.p50": float(p50), f"{name}.p99": float(p99)}


def memory() -> Figures:
    """Megabytes of this process: all that is resident, its own, and the greatest ever resident."""
    lines = (line.split() for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    said = {words[0]: float(words[1]) / 1024 for words in lines if words[0] in ("VmRSS:", "RssAnon:", "VmHWM:")}
    return {"mb": said["VmRSS:"], "mb.own": said["RssAnon:"], "mb.peak": said["VmHWM:"]}


def ours(folder: Path) -> Figures:
    """A serving library: opened, asked, changed, asked by many at once."""
    settings = LibrarySettings.load(data=folder / "data")
    questions = [Question(text) for text in real_questions(ASKED)]
    with closing(Library.open(settings, serving=True)) as library:
        library.encoder.warm()
        found = {"open": timed(library.refresh), "sentences": float(library.count())}
        library.vectors.maintain()
        library.words.maintain()
        for question in questions[:10]:
            library._search.candidates([question], [CANDIDATES])
        seconds = [timed(lambda q=question: library._search.candidates([q], [CANDIDATES])) for question in questions]
        found |= percentiles("question", seconds)
        vectors = library.encoder.questions([question.text for question in questions])
        found["recall"] = library.vectors.recall(vectors, 10)
        found |= percentiles("nearest", [timed(lambda v=v: library.vectors.search(v, DEPTH)) for v in vectors[:, None]])
        found |= _filtered(library, questions)
        found |= _changed(library)
        found |= {f"at_once.{count}": _rate(library, questions, count) for count in AT_ONCE}
        found |= percentiles("answer", [timed(lambda q=question: library.ask(q)) for question in questions[:ANSWERED]])
        found |= memory()
    return found


def _filtered(library: Library, questions: Sequence[Question]) -> Figures:
    """Milliseconds with each filter; the second question under it, since the first one reads the filter."""
    kinds = {
        "in": {"article": ArticleId("made-7")},
        "source": {"source": SOURCES[1]},
        "since": {"since": SINCE},
    }
    found = {}
    for name, only in kinds.items():
        times = [
            timed(lambda q=question, only=only: library._search.candidates([replace(q, **only)], [CANDIDATES]))  # type: ignore[arg-type]
            for question in questions[:20]
        ]
        found[f"filter.{name}.first"] = times[0] * 1000
        found |= percentiles(f"filter.{name}", times[1:])
    return found


def _changed(library: Library) -> Figures:
    """Seconds until an added article is durable, until it is found, and until a removed one is gone."""
    durable, answerable, removed = [], [], []
    for draft in drafts(10_000_000, 10_000_000 + CHANGES):
        new = replace(draft, title=f"Zyzzyva {draft.title}")
        question = Question(f"What does it say of Zyzzyva {draft.title}?")
        began = time.perf_counter()
        article = next(outcome.article for outcome in library.add([new]))
        durable.append(time.perf_counter() - began)
        library.refresh()
        first = library._search.candidates([question], [CANDIDATES])[0][0]
        answerable.append(time.perf_counter() - began)
        if article is None or first.article.id != article.id:
            raise SystemExit(f"{new.title} is not found")
        began = time.perf_counter()
        library.remove(article.id)
        library.refresh()
        left = library._search.candidates([question], [CANDIDATES])[0]
        removed.append(time.perf_counter() - began)
        if any(candidate.article.id == article.id for candidate in left):
            raise SystemExit(f"{new.title} is not gone")
    names = ("add.durable", "add.answerable", "remove")
    return {name: float(np.median(times)) for name, times in zip(names, (durable, answerable, removed), strict=True)}


def _rate(library: Library, questions: Sequence[Question], at_once: int) -> float:
    """Questions answered in a second by so many threads, without the cross-encoder."""
    library._search.candidates(questions[:1], [CANDIDATES])
    until = time.perf_counter() + SECONDS

    def ask(first: int) -> int:
        done = 0
        for question in islice(cycle(questions), first, None):
            if time.perf_counter() > until:
                return done
            library._search.candidates([question], [CANDIDATES])
            done += 1
        return done

    began = time.perf_counter()
    with ThreadPoolExecutor(at_once) as threads:
        done = sum(threads.map(ask, range(at_once)))
    return done / (time.perf_counter() - began)


def plain(folder: Path) -> Figures:
    """Flat float32 FAISS and FTS5, asked by a sentence-transformers model, one question after another."""
    from benchmarks.embedding import e5
    from benchmarks.scale_plain import Plain
    from index.embed import Encoder

    settings = LibrarySettings.load(data=folder / "data")
    encoder = Encoder.open(settings)
    indices = Plain(settings, encoder.fingerprint, encoder.dim, folder)
    questions = real_questions(60 if indices.flat.ntotal > 200_000 else ASKED)
    vectors = encoder.questions(questions)
    pairs = list(zip(questions, vectors, strict=True))
    for question, vector in pairs[:5]:
        indices.nearest(vector), indices.worded(question)
    flat = [timed(lambda v=vector: indices.nearest(v)) for _, vector in pairs]
    words = [timed(lambda q=question: indices.worded(q)) for question in questions]
    model = e5()
    model.encode(questions[0])
    embedded = [timed(lambda q=question: model.encode(q)) for question in questions]
    indices.save(folder)
    both = [sum(times) for times in zip(flat, words, strict=True)]
    whole = [sum(times) for times in zip(flat, words, embedded, strict=True)]
    sizes = dict(zip(("bytes.flat", "bytes.words"), map(float, indices.bytes), strict=True))
    return {
        **percentiles("flat", flat), **percentiles("words", words), **percentiles("search", both),
        **percentiles("question", whole), "open": indices.flat_seconds,
        "rebuild": indices.flat_seconds + indices.words_seconds, **sizes, **memory(),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps({"ours": ours, "plain": plain}[sys.argv[1]](Path(sys.argv[2]))))
