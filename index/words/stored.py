"""Words searched where the articles are: in PostgreSQL. The terms are ours, the index is its own (see
`index.store.lexemes`).

Like every cache this one follows the log of changes, but for all processes together: whoever finds it behind takes the
turn and brings it up, the others go on with what there is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf, log
from threading import Event, Thread

import numpy as np
import sqlalchemy as sa

from index.store import lexemes
from index.store.dialect import take_turn, take_turn_if_free
from index.store.engine import reading, writing
from index.store.lexemes import Analysed, Analysis, Term, Weighing
from index.store.log import WordLog
from index.store.scope import Scope
from index.words.matching import Found
from index.words.source import Analyse, Floats, Ids
from index.words.tail import K1, WEIGHTS, B

TOGETHER = 500
"""Changes brought up in one transaction."""
AT_ONCE = 2_000
"""More changes than these are brought up beside the answering, in a process that stays."""
LOOKED_AT = 8_000
"""Matches that one stage of a search scores; what has only common terms may be cut off there."""
PAIRED = 6
"""Common terms of which two together count as a match."""
UNUSED = timedelta(days=7)
"""After so long nobody needs the rows of another version's analysis."""


@dataclass(frozen=True, slots=True)
class StoredState:
    """What `doctor` shows: `behind` is how many changes are yet to be brought up."""

    count: int
    bytes: int
    behind: int


class StoredWords:
    """Sentences by BM25 over their title and text, by full-text search."""

    def __init__(self, engine: sa.Engine, analyse: Analyse, code: str, serving: bool) -> None:
        self._engine = engine
        self._source = WordLog(engine)
        self._analyse = analyse
        self._code = code
        self._serving = serving
        self._closing = Event()
        self._worker: Thread | None = None

    @classmethod
    def open(cls, engine: sa.Engine, *, serving: bool = False, analyse: Analyse | None = None) -> StoredWords:
        """Opens the words of a database. `analyse` takes the place of `index.terms.terms`."""
        if analyse is None:
            from index.terms import terms
            from index.words.live import analysis_of_terms

            return cls(engine, terms, analysis_of_terms(), serving)
        return cls(engine, analyse, getattr(analyse, "__qualname__", ""), serving)

    def close(self) -> None:
        """Gives up background work after the transaction at hand."""
        self._closing.set()
        if self._worker is not None:
            self._worker.join(timeout=2)

    def catch_up(self) -> bool:
        """Takes in what changed in the store, if no other process is doing so; says whether anything had."""
        about, seq = self._stand()
        if about is not None and about.seq >= seq:
            return False
        if self._serving and seq - (about.seq if about else 0) > AT_ONCE:
            self._start()
        else:
            self._follow(wait=False)
        return True

    def maintain(self) -> bool:
        """Takes in all that waits, and drops what was analysed in ways that nobody uses any more."""
        self._follow(wait=True)
        with writing(self._engine, alone=False) as connection:
            lexemes.forget_unused(connection, datetime.now(UTC) - UNUSED)
        about, seq = self._stand()
        return about is not None and about.seq >= seq

    @property
    def state(self) -> StoredState:
        """For `doctor`."""
        about, seq = self._stand()
        with reading(self._engine) as connection:
            size = lexemes.size(connection)
        return StoredState(about.sentences if about else 0, size, seq - (about.seq if about else 0))

    def search(self, terms: Sequence[str], k: int, scope: Scope | None = None) -> Found:
        """The `k` best sentences that hold any of `terms`: scores (n,) float32, descending, and ids (n,) int64."""
        wanted = list(_kept(dict.fromkeys(terms)))
        with reading(self._engine) as connection:
            about, known = lexemes.terms_of(connection, self._code, wanted)
            if about is None:
                return _arrays([])
            weighing = _weighing(about, known)
            found: dict[int, float] = {}
            for stage in _stages(known, weighing, scope):
                if len(found) >= k and sorted(found.values())[-k] >= stage.at_most:
                    break
                found |= lexemes.best(connection, about.id, stage.matching, weighing, k, LOOKED_AT, scope)
        return _arrays(sorted(found.items(), key=lambda each: (-each[1], each[0]))[:k])

    def _stand(self) -> tuple[Analysis | None, int]:
        with reading(self._engine) as connection:
            return lexemes.stand(connection, self._code)

    def _start(self) -> None:
        if self._worker is None or not self._worker.is_alive():
            self._worker = Thread(target=self._follow, args=(True,), name="words", daemon=True)
            self._worker.start()

    def _follow(self, wait: bool) -> None:
        """Brings the rows up to the store, some changes at a time; each time is durable."""
        until = self._source.seq()
        while not self._closing.is_set() and self._brought_up(until, wait):
            pass

    def _brought_up(self, until: int, wait: bool) -> bool:
        """One transaction's part; False when nothing is left, or another process is at it."""
        turn = f"words {self._code}"
        with writing(self._engine, alone=False) as connection:
            if not wait and not take_turn_if_free(connection, turn):
                return False
            take_turn(connection, turn)
            about = lexemes.analysis(connection, self._code)
            if about is None:
                lexemes.begin_analysis(connection, self._code, datetime.now(UTC))
                return True
            if about.seq >= until:
                return False
            end = min(about.seq + TOGETHER, until)
            gone = self._source.retired(about.seq, end).tolist()
            new = [row for block in self._analysed(about.seq, end) for row in block]
            lexemes.follow(connection, about, end, gone, new, datetime.now(UTC))
        return True

    def _analysed(self, after: int, until: int) -> Iterator[list[Analysed]]:
        title: tuple[str, str | None] | None = None
        terms: Sequence[str] = ()
        for block in self._source.added(after, until):
            found = []
            for id, written, text, lang in block:
                langs: Collection[str] = (lang,) if lang else ()
                if title != (written, lang):  # the sentences of an article come one after the other
                    title, terms = (written, lang), _kept(self._analyse(written, langs))
                found.append(Analysed(id, terms, _kept(self._analyse(text, langs))))
            yield found


def _kept(terms: Collection[str]) -> list[str]:
    return [term for term in terms if term and len(term) <= lexemes.LONGEST]


def _weighing(about: Analysis, known: Sequence[Term]) -> Weighing:
    """Robertson and Zaragoza 2009, with the idf of tantivy and Lucene: ln(1 + (N - n + 0.5) / (n + 0.5))."""

    def idf(holding: int) -> float:
        holding = min(holding, about.sentences)
        return log(1 + (about.sentences - holding + 0.5) / (holding + 0.5))

    return Weighing(
        titles={term.text: WEIGHTS["title"] * idf(term.titles) for term in known if term.titles > 0},
        bodies={term.text: WEIGHTS["body"] * idf(term.bodies) for term in known if term.bodies > 0},
        k1=K1,
        b=B,
        title_length=about.title_terms / max(1, about.sentences),
        body_length=about.body_terms / max(1, about.sentences),
    )


@dataclass(frozen=True, slots=True)
class _Stage:
    """Sentences that are looked at together: a `tsquery`, and the score that none of them can be above."""

    matching: str
    at_most: float


def _stages(known: Sequence[Term], weighing: Weighing, scope: Scope | None) -> Iterator[_Stage]:
    """Everything that has a term, as long as no more than LOOKED_AT sentences do. Else first everything that has a rare
    one, which is scored whatever else it has; then what has all the common ones, two of them, or one."""
    order = sorted(known, key=lambda term: term.titles + term.bodies)
    holding = np.cumsum([term.titles + term.bodies for term in order])
    few = len(order) if scope is not None and scope.article is not None else int((holding <= LOOKED_AT).sum())
    rare, common = [term.text for term in order[:few]], [term.text for term in order[few:]]
    if rare:
        yield _Stage(lexemes.any_of(rare), inf)
    at_most = weighing.at_most(common)
    for matching in (lexemes.all_of(common), lexemes.two_of(common[:PAIRED]), lexemes.any_of(common)):
        if matching:
            yield _Stage(matching, at_most)


def _arrays(found: Sequence[tuple[int, float]]) -> Found:
    scores: Floats = np.array([score for _, score in found], dtype=np.float32)
    ids: Ids = np.array([id for id, _ in found], dtype=np.int64)
    return scores, ids
