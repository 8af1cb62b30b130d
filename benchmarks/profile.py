"""Where the time of a question and of an article goes: a table of parts, each without what it calls.

    python -m benchmarks.profile [--folder FOLDER] [--questions 100] [--articles 40]

FOLDER is one that `benchmarks.scale --folder` filled; without it, a scratch library of SelQA's articles. Processor time
is the process's, so that it holds on a busy machine as well.
"""

from __future__ import annotations

import argparse
import functools
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import local
from typing import Any

from benchmarks.sets import selqa
from index.article import ArticleId, Draft, Question
from index.library import Library
from index.settings import LibrarySettings

REST = "everything else"


class Parts:
    """Wall and processor seconds by part, exclusive of the parts within."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = defaultdict(float)
        self.cpu: dict[str, float] = defaultdict(float)
        self._threads = local()

    @property
    def _within(self) -> list[list[float]]:
        """Of this thread: what the parts within took so far, for each part that is open."""
        if not hasattr(self._threads, "within"):
            self._threads.within = []
        within: list[list[float]] = self._threads.within
        return within

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Counts the block to a part."""
        wall, cpu = time.perf_counter(), time.process_time()
        self._within.append([0.0, 0.0])
        try:
            yield
        finally:
            took = (time.perf_counter() - wall, time.process_time() - cpu)
            inner = self._within.pop()
            self.wall[name] += took[0] - inner[0]
            self.cpu[name] += took[1] - inner[1]
            if self._within:
                self._within[-1][0] += took[0]
                self._within[-1][1] += took[1]

    def watch(self, owner: Any, function: str, name: str) -> None:
        """Counts every call of a function of a class or a module, until the process ends."""
        plain: Callable[..., Any] = getattr(owner, function)

        @functools.wraps(plain)
        def counted(*arguments: Any, **more: Any) -> Any:
            if not self._within:  # another thread's, or outside of what is measured
                return plain(*arguments, **more)
            with self.part(name):
                return plain(*arguments, **more)

        setattr(owner, function, counted)

    def table(self, each: int, what: str) -> Iterator[str]:
        """Lines of Markdown, the largest part first; milliseconds for one of `each`."""
        yield f"| {what} | ms | of it processor | share |"
        yield "|---|---|---|---|"
        whole = sum(self.wall.values())
        for name, seconds in sorted(self.wall.items(), key=lambda part: -part[1]):
            cpu = self.cpu[name] * 1000 / each
            yield f"| {name} | {seconds * 1000 / each:.2f} | {cpu:.2f} | {seconds / whole:.0%} |"
        yield f"| together | {whole * 1000 / each:.2f} | {sum(self.cpu.values()) * 1000 / each:.2f} | |"


def watch_questions(parts: Parts) -> None:
    """Names the parts of a question."""
    from index import embed, reading, search
    from index.cross import CrossEncoder
    from index.models.session import Session
    from index.models.words import PieceTokenizer
    from index.rank import Ranker
    from index.vectors.base import Base
    from index.vectors.live import Vectors
    from index.vectors.sketch import Sketch
    from index.words.live import Words

    parts.watch(Vectors, "catch_up", "is anything new (vectors)")
    parts.watch(Words, "catch_up", "is anything new (words)")
    parts.watch(PieceTokenizer, "ids", "text to tokens")
    parts.watch(embed.Encoder, "questions", "embedding, around the graph")
    parts.watch(Session, "run_each", "the cross-encoder's graph")
    parts.watch(Sketch, "nearest", "vectors: scanning the sketch")
    parts.watch(Base, "_reread", "vectors: rows read exactly")
    parts.watch(Base, "exact", "vectors: exact scan")
    parts.watch(Vectors, "search", "vectors: tail and the rest")
    parts.watch(Vectors, "scores", "cosines of the candidates")
    parts.watch(Words, "search", "words")
    parts.watch(search.Search, "_languages", "languages of the library")
    parts.watch(search.sentences, "passages", "texts of the candidates")
    parts.watch(search.Search, "_mixed", "mixing")
    parts.watch(CrossEncoder, "scores", "cross-encoder, around the graph")
    parts.watch(Ranker, "ranked_until_near", "features and probability")
    parts.watch(reading, "_parted", "what is read, and what may tell another figure")
    parts.watch(Ranker, "on_their_own", "what owes its title what is said for it")
    parts.watch(Ranker, "in_context", "what is read behind what stands before it")
    parts.watch(Ranker, "sound", "what can stand without its title")
    parts.watch(Library, "_answer", "composing the answer")


def watch_articles(parts: Parts) -> None:
    """Names the parts of an article's way in."""
    from index import ingest
    from index.models.session import Session
    from index.models.words import PieceTokenizer
    from index.vectors.live import Vectors
    from index.words.live import Words

    parts.watch(ingest.Ingest, "_plan", "who it is")
    parts.watch(ingest.Ingest, "_segmented", "sentences")
    parts.watch(PieceTokenizer, "ids", "text to tokens")
    parts.watch(Session, "run_each", "the encoder's graph")
    parts.watch(ingest.Ingest, "_embedded", "embedding, around the graph")
    parts.watch(ingest.Ingest, "_write", "rows into the store")
    parts.watch(ingest.Ingest, "_accept", "the transaction's end: fsync")
    parts.watch(Vectors, "catch_up", "vectors: new ones into memory")
    parts.watch(Vectors, "maintain", "vectors: saving")
    parts.watch(Words, "catch_up", "words: analysed, into memory")
    parts.watch(Words, "maintain", "words: commit")


def asked(settings: LibrarySettings, questions: Sequence[str]) -> tuple[Parts, int]:
    """Questions through `Library.ask`, after ten to warm up; and how many sentences there are."""
    parts = Parts()
    with closing(Library.open(settings, serving=True)) as library:
        library.encoder.warm()
        parts.watch(library.encoder._session, "run_each", "the encoder's graph")
        watch_questions(parts)
        for question in questions[:10]:
            library.ask(Question(question))
        for question in questions:
            with parts.part(REST):
                library.ask(Question(question))
        return parts, library.count()


def added(settings: LibrarySettings, drafts: Sequence[Draft]) -> Parts:
    """Articles through one `Library.add`; they are removed again."""
    parts = Parts()
    watch_articles(parts)
    with closing(Library.open(settings)) as library:
        library.refresh()
        with parts.part(REST):
            for _ in library.add(drafts):
                pass
        for draft in drafts:
            library.remove(ArticleId(str(draft.id)))
    return parts


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--articles", type=int, default=40)
    said = parser.parse_args()
    data = selqa("dev")
    questions = list(dict.fromkeys(each.question for each in data.questions))[: said.questions]
    with tempfile.TemporaryDirectory() as scratch:
        settings = LibrarySettings.load(data=(said.folder or Path(scratch)) / "data")
        if not said.folder:
            with closing(Library.open(settings)) as library:
                list(library.add(data.drafts))
        question_parts, count = asked(settings, questions)
        drafts = [
            replace(draft, id=ArticleId(f"profile-{time.time_ns()}-{n}"))
            for n, draft in enumerate(data.drafts[: said.articles])
        ]
        article_parts = added(settings, drafts)
    print("\n".join(question_parts.table(len(questions), f"a question, {count:,} sentences")))
    print()
    sentences = sum(len(draft.spans or ()) for draft in drafts)
    print("\n".join(article_parts.table(len(drafts), f"an article of {sentences / len(drafts):.0f} sentences")))


if __name__ == "__main__":
    main()
