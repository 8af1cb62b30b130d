"""The one face of this package: a folder (or a database) of articles that answers questions in their own words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from index.article import (
    Answer,
    Article,
    ArticleId,
    Draft,
    Question,
    Quote,
    SentenceId,
)
from index.errors import NotFound
from index.settings import LibrarySettings
from index.shelf import Shelf
from index.store import articles, changes, embeddings, sentences
from index.store.engine import connect, reading, writing
from index.store.log import embedded_until, start_generation
from index.store.migrate import upgrade

Floats = npt.NDArray[np.float32]

if TYPE_CHECKING:
    from index.embed import Encoder
    from index.evidence import Evidence
    from index.fetch import Door
    from index.follow import Following
    from index.ingest import Outcome
    from index.match import Match, Watched
    from index.rank import Ranker, Scored
    from index.readers.failure import ReadFailure
    from index.restated import Restated
    from index.revise import Revision
    from index.search import Search
    from index.vectors.nearest import Nearest
    from index.words.matching import Matching

EXAMPLES = {
    "en": "What happened: {title}?",
    "uk": "Що сталося: {title}?",
    "ru": "Что произошло: {title}?",
    "ko": "무슨 일이 있었나요: {title}?",
}
MIGRATIONS = Path(__file__).parent / "store" / "migrations"
CACHE_SECONDS = 2.0
"""How long a long `add` lets the search caches lag behind the store."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Library(Shelf):
    """Articles in, sourced sentences out. Any thread may ask; writers of any process take turns."""

    def __init__(
        self,
        settings: LibrarySettings,
        engine: sa.Engine,
        serving: bool = False,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        super().__init__(engine)
        self.settings = settings
        self._serving = serving
        self._now = now

    @classmethod
    def open(
        cls, settings: LibrarySettings, *, serving: bool = False, now: Callable[[], datetime] = _utc_now
    ) -> Library:
        """Opens the library that the settings name, and makes it when it is not there. Models and caches are opened
        when they are first needed. With `serving`, for a process that stays, caches are kept up in the background.
        Raises LibraryError."""
        engine = connect(settings.database_url or settings.data / "library.db")
        upgrade(engine, MIGRATIONS)
        return cls(settings, engine, serving, now)

    def close(self) -> None:
        """Lets go of the caches and the database."""
        for name in ("vectors", "words"):
            if name in self.__dict__:
                self.__dict__[name].close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # --- articles in ----------------------------------------------------------------------------------------

    def read(self, path: Path) -> Iterator[Draft | ReadFailure]:
        """Drafts of a file, or of every article file in a folder. Raises ReadError when there is none."""
        from index.readers import read

        return read(path)

    def read_address(self, url: str, limit: int | None = None) -> Iterator[Draft | ReadFailure]:
        """Drafts of a page, a feed or a sitemap on the network: of a feed or a sitemap as many as `limit`, the newest.
        Raises FetchError, ReadError."""
        from index.follow import ADDED, add_url

        return add_url(url, self._door, limit or ADDED)

    @property
    def following(self) -> Following:
        """The sources that this library follows."""
        from index.follow import Following

        return Following(self._engine, self._door, self.add, withdraw=self._withdraw_page)

    def _withdraw_page(self, address: str) -> None:
        with reading(self._engine) as connection:
            id = articles.at_address(connection, address)
            standing = articles.standing(connection, id) if id else None
        if id and standing and standing.snapshot is not None:
            self.remove(id)

    def add(self, drafts: Iterable[Draft | ReadFailure]) -> Iterator[Outcome]:
        """Accepts drafts, each whole or not at all; a yielded outcome is durable. Raises LibraryError, ModelError."""
        from index.ingest import Ingest

        refreshed = time.monotonic()
        changed = False
        for group in Ingest(self._engine, lambda: self.encoder, self._now).add(drafts):
            yield from group
            changed = changed or any(outcome.state in ("added", "changed") for outcome in group)
            if changed and time.monotonic() - refreshed > CACHE_SECONDS:
                self.refresh()
                refreshed = time.monotonic()
        if changed:
            self.refresh()
            self.vectors.maintain()
            self.words.maintain()

    def remove(self, id: ArticleId) -> Article:
        """Withdraws an article: its sentences are quoted no more; its snapshots stay as proof. Raises NotFound."""
        with writing(self._engine) as connection:
            standing = articles.standing(connection, id)
            if standing is None or standing.snapshot is None:
                raise NotFound(f"There is no article {id}; `pullquote articles` lists them.")
            articles.withdraw(connection, id, self._now())
            changes.write(connection, id, None, standing.snapshot, self._now())
        return standing.article

    def refresh(self) -> None:
        """Brings the search caches up to the store."""
        self.vectors.catch_up()
        self.words.catch_up()

    # --- questions ------------------------------------------------------------------------------------------

    def ask(self, question: Question) -> Answer:
        """The sentences that answer, or silence. Raises ModelError, LibraryError."""
        return self.ask_many([question])[0]

    def ask_many(self, questions: Sequence[Question]) -> list[Answer]:
        """Answers in the questions' order; all are embedded together, and all pairs are read in one batch."""
        from index.several import ask_each

        return ask_each(questions, self._answers)

    def _answers(self, questions: Sequence[Question]) -> list[Answer]:
        from index.reading import looked_for, read_in_full
        from index.restated import whole

        if not questions:
            return []
        began, today = time.perf_counter(), self._now().astimezone().date()
        questions = [question if question.on else replace(question, on=today) for question in questions]
        wholes = [whole(question, self.encoder.questions) for question in questions]
        texts = [each.text for each in wholes]
        asked = [replace(question, text=text) for question, text in zip(questions, texts, strict=True)]
        with self._warming():
            self.refresh()
            found = self._search.candidates(asked, list(map(looked_for, texts)))
        own = {each.text: each.own for each in wholes if each.own}
        ranker = self._ranker.asked(own, [each.text for each in wholes if each.topic])
        ranked = read_in_full(ranker, texts, found, [question.k for question in asked])
        sound = ranker.sound(texts, ranked, [self._rate(question) for question in asked])
        ms = (time.perf_counter() - began) * 1000 / len(questions)
        return [self._answer(*each, ms) for each in zip(questions, wholes, ranked, sound, strict=True)]

    @contextmanager
    def _warming(self) -> Iterator[None]:
        """Opens the cross-encoder beside the encoder, the first time: each takes about as long as the other."""
        if "_ranker" in self.__dict__:
            yield
            return
        with ThreadPoolExecutor(1) as beside:
            opened = beside.submit(self._ranker.warm)
            yield
            opened.result()

    def _rate(self, question: Question) -> float:
        return self.settings.false_answers if question.false_answers is None else question.false_answers

    def _answer(
        self, question: Question, whole: Restated, ranked: Sequence[Scored], sound: Sequence[Scored], ms: float
    ) -> Answer:
        """`whole`: what was looked for."""
        from index.answer import compose, newest_first, quote
        from index.terms import content_terms

        rate, text = self._rate(question), whole.text
        threshold = self._ranker.threshold(text, ranked[0].candidate, rate) if ranked else 1.0
        quotes: tuple[Quote, ...] = ()
        if sound:
            quotes = compose(
                sound,
                threshold,
                question.k,
                question=text,
                neighbours=self.around,
                similarity=self._similarity([each.candidate.sentence.id for each in sound]),
            )
        return Answer(
            question=question,
            quotes=newest_first(quotes) if whole.topic and whole.topic.newest else quotes,
            ranked=tuple(quote(scored) for scored in ranked[: question.k]),
            confidence=ranked[0].probability if ranked else 0.0,
            threshold=threshold,
            ms=ms,
            asked=text,
            terms=frozenset(content_terms(question.text)),
        )

    def match(
        self,
        questions: Sequence[str],
        ids: Sequence[SentenceId],
        false_answers: float | None = None,
        *,
        most: int | None = None,
        live: bool = True,
    ) -> list[Match]:
        """Standing questions against some sentences, with the same probability as an answer's: every pair that is near
        enough to be read in full, and of each question no more than `most` of its nearest. `question` in a match is a
        place in `questions`; unless `live` is False, sentences that were edited or removed match nothing."""
        from index.match import matches, near

        if not questions or not ids:
            return []
        rate = false_answers if false_answers is not None else self.settings.false_answers
        with reading(self._engine) as connection:
            model = embeddings.model_row(connection, self.encoder.fingerprint)
            if model is None:
                return []
            known, vectors = embeddings.of_ids(connection, model, ids, self.encoder.dim)
            passages = sentences.passages(connection, known, live)
        standing = self._watched.ready(questions)
        pairs = near(standing, known, vectors.astype(np.float32), passages, rate, most)
        return matches(self._ranker, standing, known, pairs, passages, rate)

    def examples(self, count: int, lang: str) -> list[str]:
        """Up to `count` questions that this library answers, in a language, about its newest articles."""
        form = EXAMPLES.get(lang, EXAMPLES["en"])
        newest = sorted(self.articles(), key=lambda article: article.lang != lang)[: 3 * count]
        questions = [Question(form.format(title=article.title)) for article in newest]
        answers = self.ask_many(questions)
        return [answer.question.text for answer in answers if answer.answered][:count]

    def _similarity(self, ids: Sequence[SentenceId]) -> Floats:
        """Cosines between stored sentences: (n, n) float32, in the order of `ids`."""
        rows = self.vectors_of(ids)
        some = np.stack([rows.get(id, np.zeros(self.encoder.dim, np.float32)) for id in ids])
        return np.asarray(some @ some.T, dtype=np.float32)

    def vectors_of(self, ids: Sequence[SentenceId]) -> dict[SentenceId, Floats]:
        """Unit vectors, (dim,) float32, of the sentences that have one of this model."""
        if not ids:
            return {}
        with reading(self._engine) as connection:
            model = embeddings.model_row(connection, self.encoder.fingerprint)
            if model is None:
                return {}
            known, vectors = embeddings.of_ids(connection, model, ids, self.encoder.dim)
        return dict(zip(known, vectors.astype(np.float32), strict=True))

    def today(self, evidence: Evidence) -> Revision:
        """What became of a sentence where it was read, looked up now; nothing is stored. Raises ReadError, FetchError,
        NotFound where the source no longer has the article."""
        from index.today import compared, its_draft, page_of

        address = evidence.version.snapshot.address
        if address is None:
            raise NotFound("Where it was read is not known.")
        page = page_of(address)
        drafts = self.read_address(page) if page.startswith(("http://", "https://")) else self.read(Path(page))
        return compared(evidence, its_draft(evidence, drafts))

    # --- models ---------------------------------------------------------------------------------------------

    def unembedded(self) -> int:
        """How many articles have no vectors of the model that is set: some, after the model was changed. Until they
        have, their sentences are found by words alone."""
        return len(self._without_vectors())

    def embed_missing(self) -> Iterator[int]:
        """Embeds what has no vector of this model, an article at a time; yields their sentences. Can be stopped."""
        from index.ingest import embed_snapshot

        missing = self._without_vectors()
        for snapshot in missing:
            with writing(self._engine) as connection:
                yield embed_snapshot(connection, self.encoder, snapshot)
        if missing:
            with writing(self._engine) as connection:
                start_generation(connection, self.encoder.fingerprint)

    def _without_vectors(self) -> list[int]:
        with reading(self._engine) as connection:
            model = embeddings.model_row(connection, self.encoder.fingerprint)
            if embeddings.is_alone(connection, model):
                return []
            done = embedded_until(connection, self.encoder.fingerprint)
            return embeddings.snapshots_without(connection, model, done)

    def uncalibrated(self) -> list[str]:
        """The parts of the answer engine whose thresholds were measured with other models than the settings name."""
        return self._ranker.strangers(self.encoder.fingerprint)

    def cache_states(self) -> Iterator[tuple[str, str]]:
        """The search caches by name, each with how it stands in one line."""
        self.refresh()
        yield "vectors", str(self.vectors.state)
        yield "words", str(self.words.state)

    # --- parts, opened when first needed --------------------------------------------------------------------

    @cached_property
    def _door(self) -> Door:
        from index.fetch import Door

        return Door.of(self.settings)

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder that the settings name."""
        from index.embed import Encoder

        return Encoder.open(self.settings)

    @cached_property
    def vectors(self) -> Nearest:
        """The search of this model's vectors."""
        from index.vectors.nearest import open_nearest

        folder = self.settings.data / "cache" / "vectors" / self.encoder.fingerprint
        return open_nearest(self._engine, folder, self.encoder.fingerprint, self.encoder.dim, self._serving)

    @cached_property
    def words(self) -> Matching:
        """The search of words."""
        from index.words.matching import open_matching

        return open_matching(self._engine, self.settings.data / "cache" / "words", self._serving)

    @cached_property
    def _watched(self) -> Watched:
        from index.match import Watched

        return Watched(self.encoder)

    @cached_property
    def _search(self) -> Search:
        from index.search import Search

        return Search(self._engine, self.encoder, self.vectors, self.words)

    @cached_property
    def _ranker(self) -> Ranker:
        from index.answer.context import Surroundings
        from index.cross import CrossEncoder
        from index.models.reranker import available
        from index.rank import PairScorer, Ranker

        kinds = available(self.settings.cross_encoder)
        scorers: dict[str, Callable[[], PairScorer]] = {
            kind: cache(partial(CrossEncoder.open, self.settings, kind)) for kind in kinds
        }
        return Ranker(scorers, Surroundings(self.around))
