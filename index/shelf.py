"""What a library holds and what proves it, as the store has it: neither a model nor a search cache is opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from index.article import Article, ArticleId, Sentence, SentenceId, Snapshot, SnapshotHash, hash_of
from index.candidate import candidate
from index.errors import NotFound
from index.segment.lists import MOST_SENTENCES
from index.store import arrivals, articles, changes, sentences
from index.store.arrivals import NONE_MISSED, Arrivals, Missed
from index.store.changes import Change
from index.store.engine import reading
from index.store.sentences import Passage

if TYPE_CHECKING:
    from index.evidence import Evidence, Found


@dataclass(frozen=True, slots=True)
class Flaw:
    """A stored thing that is not what it says it is."""

    what: str
    reason: str


class Shelf:
    """Articles, their sentences and their snapshots. Any thread may read."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @property
    def version(self) -> int:
        """Grows with every accepted, changed or removed article, whichever process did it."""
        with reading(self._engine) as connection:
            return changes.seq(connection)

    def articles(self) -> list[Article]:
        """Live articles, the newest first."""
        with reading(self._engine) as connection:
            return articles.all_live(connection)

    def article(self, id: ArticleId) -> Article:
        """A live article. Raises NotFound."""
        with reading(self._engine) as connection:
            standing = articles.standing(connection, id)
        if standing is None or standing.snapshot is None:
            raise NotFound(f"There is no article {id}; `pullquote articles` lists them.")
        return standing.article

    def sentences(self, id: ArticleId) -> list[Sentence]:
        """The sentences of an article's current snapshot, in order. Raises NotFound."""
        self.article(id)
        with reading(self._engine) as connection:
            return sentences.of_article(connection, id)

    def snapshot(self, hash: SnapshotHash) -> Snapshot:
        """A snapshot, current or not. Raises NotFound."""
        with reading(self._engine) as connection:
            found = articles.snapshot_of_hash(connection, hash)
        if found is None:
            raise NotFound(f"There is no snapshot {hash}.")
        return found

    def history(self, id: ArticleId) -> list[Snapshot]:
        """Every snapshot of an article, oldest first."""
        with reading(self._engine) as connection:
            return articles.history(connection, id)

    def sentence(self, id: SentenceId) -> Sentence:
        """A live sentence. Raises NotFound when its article was removed or corrected."""
        return self._passage(id).sentence

    def _passage(self, id: SentenceId, live: bool = True) -> Passage:
        with reading(self._engine) as connection:
            found = sentences.passages(connection, [id], live)
        if id not in found:
            raise NotFound("That sentence is no longer in the library.")
        return found[id]

    def is_live(self, id: SentenceId) -> bool:
        """Whether the sentence stands in the current snapshot of an article that was not removed."""
        with reading(self._engine) as connection:
            return id in sentences.passages(connection, [id])

    def around(self, id: SentenceId, count: int = 1) -> tuple[list[Sentence], list[Sentence]]:
        """Up to `count` sentences before and after, in the text's order. Raises NotFound."""
        return self._around(self.sentence(id), count)

    def _around(self, here: Sentence, count: int) -> tuple[list[Sentence], list[Sentence]]:
        with reading(self._engine) as connection:
            near = sentences.around(connection, here.snapshot, here.id, count)
        return (
            [each for each in near if each.ordinal < here.ordinal],
            [each for each in near if each.ordinal > here.ordinal],
        )

    def beside(self, id: SentenceId, question: str) -> tuple[Sentence, ...]:
        """The headings, or the question, that a sentence of any snapshot stands under, where they name what is asked,
        and the list that it leads to, in the text's order. Raises NotFound for a sentence that never was."""
        read = self._passage(id, live=False)
        found = candidate(question, read, cosine=0.0)
        over, listing = found.heading, found.listing if found.whole else None
        if over is None and listing is None:
            return ()
        before, after = self._around(read.sentence, max(over.reach if over else 0, MOST_SENTENCES if listing else 0))
        above = over.among(before) if over else ()
        return (*above, *(each for each in after if listing and listing.has(each.start)))

    def count(self) -> int:
        """How many sentences can be quoted."""
        with reading(self._engine) as connection:
            return sentences.count_live(connection)

    def changes(self, after: int) -> list[Change]:
        """What was accepted and retired after a version, oldest first."""
        with reading(self._engine) as connection:
            return changes.after(connection, after)

    def arrivals(self, after: int, most: int = 512, missed: frozenset[Missed] = NONE_MISSED) -> Arrivals:
        """Sentences new to the library since a version, oldest first: as many changes as it takes for `most`. `missed`:
        what the stretches before had (`Arrivals.missed`)."""
        with reading(self._engine) as connection:
            return arrivals.after(connection, after, most, missed)

    def version_at(self, moment: datetime) -> int:
        """The version that the library had at a time."""
        with reading(self._engine) as connection:
            return arrivals.before(connection, moment)

    def evidence(self, id: SentenceId, beside: bool = True) -> Evidence:
        """All that is known of a sentence, current or not, removed or not. Without `beside`, other articles are not
        looked for, which reads every text. Raises NotFound for a sentence that never was."""
        from index.store.evidence import evidence

        with reading(self._engine) as connection:
            found = evidence(connection, id, beside)
        if found is None:
            raise NotFound(f"There is no sentence {id}.")
        return found

    def find(self, text: str) -> list[SentenceId]:
        """Sentences of any snapshot that read so but for typography, the newest first."""
        return list(self.look_up(text).sentences)

    def look_up(self, text: str) -> Found:
        """The same, and where there are none, the neighbouring sentences that a text is made of or a part of."""
        from index.store.evidence import look_up

        with reading(self._engine) as connection:
            return look_up(connection, text)

    def verify(self) -> Iterator[Flaw]:
        """Checks every snapshot against its hash and every sentence against its slice; yields what is not right."""
        with reading(self._engine) as connection:
            rows = list(articles.texts(connection))
        for row, hash, text in rows:
            if hash_of(text) != hash:
                yield Flaw(f"snapshot {hash}", "its text does not have this hash.")
            with reading(self._engine) as connection:
                stored = sentences.offsets(connection, row)
            end = 0
            for id, span, said in stored:
                if not (end <= span.start < span.end <= len(text)) or text[span.start : span.end] != said:
                    yield Flaw(f"sentence {id}", f"it is not a slice of snapshot {hash}.")
                end = span.end
