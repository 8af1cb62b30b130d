"""The first trip, article in: draft -> who is it -> segment -> embed -> store, one transaction for a group of articles.

An article is accepted whole or not at all. What is stored already is neither segmented nor embedded again: a second
run over ten thousand unchanged files only reads and hashes them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from index.address import canonical
from index.article import Article, ArticleId, Draft, SnapshotHash, Span, hash_of, passage
from index.readers.failure import ReadFailure
from index.segment import language, segment
from index.store import articles, changes, embeddings, sentences
from index.store.engine import reading, writing

GROUP_SENTENCES = 512
"""Sentences embedded and stored together: about two seconds of work, which is what a kill -9 can cost."""
GROUP_DRAFTS = 256

State = Literal["added", "unchanged", "changed", "refused"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft: `reason` says why it was refused, `sentences` how many can be quoted from it."""

    state: State
    address: str
    article: Article | None = None
    sentences: int = 0
    reason: str | None = None


class PassageEncoder(Protocol):
    """The half of an encoder that ingest needs."""

    fingerprint: str
    dim: int

    def passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """(n, dim) float32, unit length."""
        ...


@dataclass(frozen=True, slots=True)
class _Plan:
    """A draft, who it is, and how that article stood when this was planned."""

    draft: Draft
    article: Article
    hash: SnapshotHash
    standing: articles.Standing | None
    spans: tuple[Span, ...] = ()

    @property
    def keys(self) -> set[object]:
        """Two drafts that share one of these may be one article: the second is planned after the first is stored."""
        return {self.article.id, (self.hash, self.draft.title), _page(self.draft) or self.article.id}

    @property
    def same_text(self) -> bool:
        now = self.standing
        return now is not None and now.hash == self.hash and now.snapshot_title == self.draft.title

    @property
    def unchanged(self) -> bool:
        return self.same_text and self.standing is not None and self.standing.article == self.article

    @property
    def outcome(self) -> Outcome:
        state: State = "unchanged" if self.unchanged else "changed"
        if self.standing is None or self.standing.snapshot is None:
            state = "added"
        return Outcome(state, self.draft.address or self.article.id, self.article, len(self.spans))


class Ingest:
    """Accepts drafts into a store. `encoder` is opened only when a sentence has to be embedded."""

    def __init__(self, engine: sa.Engine, encoder: Callable[[], PassageEncoder], now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._encoder = encoder
        self._now = now

    def add(self, drafts: Iterable[Draft | ReadFailure]) -> Iterator[list[Outcome]]:
        """Accepts drafts in groups; after each yielded group its articles are durable."""
        done: list[Outcome] = []
        plans: list[_Plan] = []
        planned: set[object] = set()
        for draft in drafts:
            if isinstance(draft, ReadFailure):
                done.append(Outcome("refused", draft.address, reason=draft.reason))
                continue
            plan = self._plan(draft)
            if not planned.isdisjoint(plan.keys):
                done += self._accept(plans)
                plans, planned = [], set()
                plan = self._plan(draft)
            if plan.unchanged:
                done.append(self._note_address(plan))
            elif not (plan := self._segmented(plan)).spans:
                done.append(Outcome("refused", plan.outcome.address, reason="There is no sentence in it."))
            else:
                plans.append(plan)
                planned |= plan.keys
            if len(done) >= GROUP_DRAFTS or sum(len(p.spans) for p in plans) >= GROUP_SENTENCES:
                yield done + self._accept(plans)
                done, plans, planned = [], [], set()
        yield done + self._accept(plans)

    def _plan(self, draft: Draft) -> _Plan:
        with reading(self._engine) as connection:
            id, hash = identify(connection, draft), hash_of(draft.text)
            standing = articles.standing(connection, id)
        lang = draft.lang or (standing.article.lang if standing and standing.hash == hash else language(draft.text))
        article = Article(id, draft.title, draft.source, draft.url, draft.published, lang, draft.author)
        return _Plan(draft, article, hash, standing)

    def _segmented(self, plan: _Plan) -> _Plan:
        spans = plan.draft.spans if plan.draft.spans is not None else segment(plan.draft.text, plan.article.lang)
        return _Plan(plan.draft, plan.article, plan.hash, plan.standing, spans)

    def _note_address(self, plan: _Plan) -> Outcome:
        if plan.draft.id is not None and _is_line(plan.draft):
            # It is known by its id wherever it stands; an export beside it is not where the article lives.
            return plan.outcome
        with reading(self._engine) as connection:
            known = plan.draft.address is None or articles.at_address(connection, plan.draft.address) is not None
        if not known:
            with writing(self._engine) as connection:
                articles.write_address(connection, str(plan.draft.address), plan.article.id)
        return plan.outcome

    def _accept(self, plans: list[_Plan]) -> list[Outcome]:
        """Embeds and stores a group in one transaction. A plan that another process overtook is made again."""
        if not plans:
            return []
        vectors = self._embedded(plans)
        overtaken: list[_Plan] = []
        outcomes: list[Outcome] = []
        with writing(self._engine) as connection:
            model = embeddings.write_model(connection, self._encoder().fingerprint, self._encoder().dim)
            for plan in plans:
                if articles.standing(connection, plan.article.id) != plan.standing:
                    overtaken.append(plan)
                    continue
                self._write(connection, plan, model, vectors)
                outcomes.append(plan.outcome)
        for plan in overtaken:
            again = self._segmented(self._plan(plan.draft))
            outcomes += [self._note_address(again)] if again.unchanged else self._accept([again])
        return outcomes

    def _embedded(self, plans: Sequence[_Plan]) -> dict[str, bytes]:
        """Vectors by passage, as stored: those of the snapshots before, and the new ones embedded together."""
        vectors: dict[str, bytes] = {}
        wanted: dict[str, None] = {}
        with reading(self._engine) as connection:
            model = embeddings.model_row(connection, self._encoder().fingerprint)
            for plan in plans:
                vectors |= self._earlier(connection, plan, model)
                wanted |= dict.fromkeys(_passages(plan))
        new = [text for text in wanted if text not in vectors]
        if new:
            rows = self._encoder().passages(new).astype("<f2")
            vectors |= {text: row.tobytes() for text, row in zip(new, rows, strict=True)}
        return vectors

    @staticmethod
    def _earlier(connection: sa.Connection, plan: _Plan, model: int | None) -> dict[str, bytes]:
        last = articles.last_snapshot(connection, plan.article.id)
        if model is None or last is None:
            return {}
        known = embeddings.of_snapshot(connection, model, last.id)
        return {passage(last.title, text): vector for text, vector in known.items()}

    def _write(self, connection: sa.Connection, plan: _Plan, model: int, vectors: dict[str, bytes]) -> None:
        now = self._now()
        articles.write(connection, plan.article, now)
        for address in {plan.draft.address, _page(plan.draft)} - {None}:
            articles.write_address(connection, str(address), plan.article.id)
        if plan.same_text:
            return
        snapshot = articles.write_snapshot(connection, plan.article.id, plan.hash, plan.draft, now)
        ids = sentences.write(connection, snapshot, plan.spans)
        rows = np.frombuffer(b"".join(vectors[text] for text in _passages(plan)), dtype="<f2")
        embeddings.write(connection, model, ids, rows.reshape(len(ids), -1))
        changes.write(connection, plan.article.id, snapshot, plan.standing.snapshot if plan.standing else None, now)


def embed_snapshot(connection: sa.Connection, encoder: PassageEncoder, snapshot: int) -> int:
    """Embeds a stored snapshot with another model; returns how many sentences it has."""
    model = embeddings.write_model(connection, encoder.fingerprint, encoder.dim)
    title = articles.title_of_snapshot(connection, snapshot)
    stored = sentences.offsets(connection, snapshot)
    rows = encoder.passages([passage(title, text) for _, _, text in stored]).astype(np.float16)
    embeddings.write(connection, model, [id for id, _, _ in stored], rows)
    return len(stored)


def identify(connection: sa.Connection, draft: Draft) -> ArticleId:
    """Which article a draft is: the source's own id, else the one found before at its address, on its page, or with
    just this title and text, else a new one, named after the page or the address.

    A line of a file (`file#3`) may hold another article after an edit, so there the text and the page come first.
    """
    if draft.id is not None:
        return draft.id
    page = _page(draft)
    by_text = partial(articles.with_text, connection, hash_of(draft.text), draft.title)
    by_page = partial(_on_page, connection, page)
    by_address = partial(articles.at_address, connection, draft.address or "")
    for look in (by_text, by_page, by_address) if _is_line(draft) else (by_address, by_page, by_text):
        if known := look():
            return known
    new_page = page is not None and articles.at_address(connection, page) is None
    name = page if new_page else draft.address or page
    return ArticleId(hashlib.sha256((name or f"{draft.title}\n{draft.text}").encode()).hexdigest()[:16])


def _on_page(connection: sa.Connection, page: str | None) -> ArticleId | None:
    """The article of this page, unless it is also a file that still exists: then this one is another article."""
    known = articles.at_address(connection, page) if page else None
    if known is None:
        return None
    found = articles.addresses_of(connection, known)
    elsewhere = any(Path(address.partition("#")[0]).is_file() for address in found if "://" not in address)
    return None if elsewhere else known


def _is_line(draft: Draft) -> bool:
    """Whether it was read as one of many in a file."""
    return draft.address is not None and "#" in draft.address and "://" not in draft.address


def _page(draft: Draft) -> str | None:
    return canonical(draft.url) if draft.url else None


def _passages(plan: _Plan) -> list[str]:
    text, title = plan.draft.text, plan.draft.title
    return [passage(title, text[span.start : span.end]) for span in plan.spans]
