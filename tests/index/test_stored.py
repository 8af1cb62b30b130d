"""PostgreSQL finds what FAISS and tantivy find: vectors by inner product, words by BM25, whatever came and went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from math import log
from zlib import crc32

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import ArticleId, Draft
from index.ingest import Ingest
from index.store import articles, changes, embeddings, lexemes, neighbours
from index.store import sentences as sentence_rows
from index.store.engine import connect, reading, writing
from index.store.lexemes import analyses, word_counts, word_rows
from index.store.log import VectorLog, WordLog
from index.store.scope import Scope
from index.vectors import Vectors
from index.vectors.stored import StoredVectors
from index.words import Words
from index.words import stored as stored_words
from index.words.stored import StoredWords
from index.words.tail import K1, TITLE_WEIGHT, B

DIM = 16
NOW = datetime(2024, 3, 26, tzinfo=UTC)


def split(text: str, langs: object = ()) -> list[str]:
    return text.lower().replace(".", "").split()


class Numbers:
    """An encoder without a model: the vector of a text is drawn by its checksum."""

    fingerprint, dim = "numbers", DIM

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.stack([np.random.default_rng(crc32(text.encode())).standard_normal(DIM) for text in texts])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


class Shelf:
    """Articles of made-up words in a database of either engine."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.random = np.random.default_rng(1)

    def put(self, *names: str, lines: int = 5, **more: object) -> None:
        drafts = [self.draft(name, lines, **more) for name in names]
        for group in Ingest(self.engine, Numbers, lambda: NOW).add(drafts):
            assert all(outcome.state in ("added", "changed") for outcome in group)

    def draft(self, name: str, lines: int, source: str = "Courier", published: date | None = None) -> Draft:
        said = [
            f"Line {n} of {name} says " + " ".join(f"w{word % 60}" for word in self.random.zipf(1.3, 3 + n)) + "."
            for n in range(lines)
        ]
        return Draft(f"Title {name} w{crc32(name.encode()) % 40}", " ".join(said), source, published=published,
                     id=ArticleId(name), lang="en")  # fmt: skip

    def remove(self, name: str) -> None:
        with writing(self.engine) as connection:
            standing = articles.standing(connection, ArticleId(name))
            assert standing
            articles.withdraw(connection, ArticleId(name), NOW)
            changes.write(connection, ArticleId(name), None, standing.snapshot, NOW)

    def live(self) -> list[tuple[int, str, str]]:
        """(id, title, text) of every live sentence."""
        with reading(self.engine) as connection:
            ids = list(connection.scalars(changes.live()))
            found = sentence_rows.passages(connection, ids)
        return [(id, each.article.title, each.sentence.text) for id, each in sorted(found.items())]


@pytest.fixture
def shelf(postgresql) -> Iterator[Shelf]:
    address = postgresql.address()
    engine = connect(address)
    yield Shelf(engine)
    engine.dispose()
    postgresql.release(address)


@pytest.fixture
def words(shelf: Shelf) -> StoredWords:
    return StoredWords.open(shelf.engine, analyse=split)


def bm25(rows: list[tuple[int, str, str]], terms: list[str]) -> dict[int, float]:
    """The formula of Robertson and Zaragoza, sentence by sentence, over title and text; only those that match."""
    scores = dict.fromkeys((row[0] for row in rows), 0.0)
    for column, weight in ((1, TITLE_WEIGHT), (2, 1.0)):
        texts = {row[0]: split(str(row[column])) for row in rows}
        mean = sum(map(len, texts.values())) / max(1, len(texts))
        for term in terms:
            holding = sum(term in text for text in texts.values())
            rarity = log(1 + (len(rows) - holding + 0.5) / (holding + 0.5))
            for id, text in texts.items():
                often = min(3, text.count(term)) if column == 2 else min(1, text.count(term))
                scores[id] += weight * rarity * (K1 + 1) * often / (often + K1 * (1 - B + B * len(text) / mean))
    return {id: score for id, score in scores.items() if score > 0}


def ranks_as_bm25(shelf: Shelf, words: StoredWords, terms: list[str], k: int = 20) -> None:
    scores, ids = words.search(terms, k)
    true = bm25(shelf.live(), terms)
    best = sorted(true.values(), reverse=True)[:k]
    assert scores.tolist() == pytest.approx(best, rel=1e-4)
    assert [true[id] for id in ids.tolist()] == pytest.approx(best, rel=1e-4)


WRITTEN = st.characters(exclude_characters="\0", codec="utf-8")
TERMS = ["w1", "w2", "w7", "title", "harbour", "says", "nothing"]


def test_words_rank_as_bm25_does_after_additions_corrections_and_removals(shelf, words):
    assert [len(part) for part in words.search(TERMS, 10)] == [0, 0]
    shelf.put("harbour", "mill", "bridge")
    assert words.catch_up()
    assert not words.catch_up()
    ranks_as_bm25(shelf, words, TERMS)
    shelf.put("mill", "tower", lines=8)
    shelf.remove("harbour")
    assert words.catch_up()
    ranks_as_bm25(shelf, words, TERMS)
    ranks_as_bm25(shelf, words, ["w2"])


def test_words_score_as_the_embedded_index_does(shelf, words, tmp_path):
    shelf.put(*map(str, range(12)))
    words.catch_up()
    beside = Words.open(tmp_path, WordLog(shelf.engine), analyse=split)
    theirs, mine = beside.search(TERMS, 15), words.search(TERMS, 15)
    assert mine[0].tolist() == pytest.approx(theirs[0].tolist(), rel=1e-3)
    assert set(mine[1][:5].tolist()) == set(theirs[1][:5].tolist())


def test_what_was_counted_is_what_is_there(shelf, words):
    shelf.put("harbour", "mill", "bridge")
    words.catch_up()
    shelf.put("mill", lines=9)
    shelf.remove("bridge")
    words.maintain()
    with reading(shelf.engine) as connection:
        counted = {row.term: (row.titles, row.bodies) for row in connection.execute(sa.select(word_counts))}
        about = connection.execute(sa.select(analyses)).one()
    rows = [(set(split(title)), split(title), set(split(text)), split(text)) for _, title, text in shelf.live()]
    assert (about.sentences, about.title_terms, about.body_terms) == (
        len(rows), sum(len(row[1]) for row in rows), sum(len(row[3]) for row in rows),
    )  # fmt: skip
    there = {term for row in rows for term in row[0] | row[2]}
    assert {term: pair for term, pair in counted.items() if pair != (0, 0)} == {
        term: (sum(term in row[0] for row in rows), sum(term in row[2] for row in rows)) for term in there
    }


def test_many_processes_bring_the_words_up_together_and_count_each_sentence_once(shelf):
    shelf.put(*map(str, range(30)))
    everyone = [StoredWords.open(shelf.engine, analyse=split) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: one.catch_up(), everyone))
    everyone[0].maintain()
    for one in everyone:
        ranks_as_bm25(shelf, one, TERMS)


def test_two_versions_of_the_analysis_live_side_by_side_until_one_is_unused(shelf, words):
    def otherwise(text: str, langs: object = ()) -> list[str]:
        return [f"{term}!" for term in split(text)]

    other = StoredWords.open(shelf.engine, analyse=otherwise)
    shelf.put("harbour", "mill")
    words.catch_up()
    other.catch_up()
    assert len(other.search(["harbour!"], 10)[1]) == len(words.search(["harbour"], 10)[1]) == 5
    assert not len(other.search(["harbour"], 10)[1])
    with writing(shelf.engine) as connection:
        connection.execute(analyses.update().where(analyses.c.code == words._code).values(used_at=NOW))
        lexemes.forget_unused(connection, NOW + timedelta(days=1))
        assert connection.scalar(sa.select(sa.func.count()).select_from(word_rows)) == 10
    assert len(other.search(["harbour!"], 10)[1]) == 5
    words.catch_up()
    assert len(words.search(["harbour"], 10)[1]) == 5


def test_a_question_of_common_words_looks_at_few_and_finds_the_best(shelf, words, monkeypatch):
    shelf.put(*map(str, range(40)), "harbour")
    words.maintain()
    true = bm25(shelf.live(), ["harbour", "says", "title"])
    monkeypatch.setattr(stored_words, "LOOKED_AT", 50)
    scores, _ = words.search(["harbour", "says", "title"], 5)
    best = sorted(true.values(), reverse=True)[:5]
    assert scores.tolist() == pytest.approx(best, rel=1e-4)
    assert len(words.search(["says"], 5)[1]) == 5


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=8), min_size=1, max_size=6
    )
)
def test_any_term_is_found_as_it_was_written(shelf, terms):
    with writing(shelf.engine) as connection:
        connection.execute(word_rows.delete())
        connection.execute(
            word_rows.insert().values(
                analysis=1, sentence=1, terms=lexemes.vector_text(terms[:1], terms), title_length=1, body_length=3
            )
        )
        weighing = lexemes.Weighing(dict.fromkeys(terms, 1.0), dict.fromkeys(terms, 1.0), K1, B, 1.0, 3.0)
        for matching in (lexemes.any_of(terms), lexemes.any_of(terms[:1])):
            assert list(lexemes.best(connection, 1, matching, weighing, 1, 10, None)) == [1]
        assert not lexemes.best(connection, 1, lexemes.any_of(["".join(terms) + "x"]), weighing, 1, 10, None)


def nearest_of_all(shelf: Shelf, query: np.ndarray, k: int, ids: set[int] | None = None) -> list[float]:
    with reading(shelf.engine) as connection:
        model = embeddings.model_row(connection, "numbers")
        assert model
        live = [row[0] for row in shelf.live() if ids is None or row[0] in ids]
        _, vectors = embeddings.of_ids(connection, model, live, DIM)
    return sorted((vectors.astype(np.float32) @ query).tolist(), reverse=True)[:k]


QUERIES = Numbers().passages([f"question {n}" for n in range(5)])


def finds_the_nearest(shelf: Shelf, vectors: StoredVectors, k: int = 8, scope: Scope | None = None) -> None:
    scores, ids = vectors.search(QUERIES, k, scope)
    for query, row, found in zip(QUERIES, scores, ids, strict=True):
        true = nearest_of_all(shelf, query, k, None if scope is None else set(scope.ids.tolist()))
        assert row[: len(true)].tolist() == pytest.approx(true, abs=2e-3)
        assert (found[len(true) :] == -1).all()
        assert vectors.scores(query, found[: len(true)]).tolist() == pytest.approx(true, abs=2e-3)


def test_vectors_are_found_as_brute_force_finds_them_and_what_was_retired_is_not(shelf):
    vectors = StoredVectors(shelf.engine, "numbers", DIM)
    assert vectors.search(QUERIES, 3)[1].tolist() == [[-1] * 3] * 5
    shelf.put(*map(str, range(6)))
    finds_the_nearest(shelf, vectors)
    shelf.put("3", lines=9)
    shelf.remove("4")
    finds_the_nearest(shelf, vectors)


def test_vectors_score_as_the_embedded_index_does(shelf, tmp_path):
    shelf.put(*map(str, range(6)))
    beside = Vectors.open(tmp_path, VectorLog(shelf.engine, "numbers", DIM))
    ids = np.array([row[0] for row in shelf.live()] + [99_999])
    mine = StoredVectors(shelf.engine, "numbers", DIM).scores(QUERIES[0], ids)
    assert mine.tolist() == pytest.approx(beside.scores(QUERIES[0], ids).tolist(), abs=1e-6)


def test_a_graph_is_made_when_it_pays_and_finds_the_nearest(shelf, monkeypatch):
    vectors = StoredVectors(shelf.engine, "numbers", DIM)
    monkeypatch.setattr(vectors, "_exact", 100)
    shelf.put(*map(str, range(30)))
    assert vectors.state.kind == "exact"
    assert vectors.maintain()
    assert vectors.state.kind == "hnsw"
    assert vectors.maintain()
    assert vectors.recall(QUERIES) >= 0.9
    shelf.put("new", lines=7)
    shelf.remove("5")
    finds_the_nearest(shelf, vectors)


def test_a_graph_that_was_broken_off_is_made_anew(shelf, postgresql, monkeypatch):
    vectors = StoredVectors(shelf.engine, "numbers", DIM)
    monkeypatch.setattr(vectors, "_exact", 10)
    shelf.put(*map(str, range(4)))
    assert vectors.maintain()
    name = shelf.engine.url.database
    postgresql.run("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'graph_embeddings_1'::regclass", name)
    assert vectors.state.kind == "exact"
    assert vectors.maintain()
    assert vectors.state.kind == "hnsw"


def test_a_question_of_one_source_or_since_a_day_finds_the_nearest_of_these(shelf, words, monkeypatch):
    shelf.put(*map(str, range(8)), source="Herald", published=date(2024, 1, 1))
    shelf.put(*"abc", published=date(2024, 3, 1))
    words.maintain()
    vectors = StoredVectors(shelf.engine, "numbers", DIM)
    scopes = [Scope(shelf.engine, source="COURIER"), Scope(shelf.engine, since=date(2024, 2, 1))]
    for gather in (20_000, 3):
        monkeypatch.setattr("index.vectors.stored.GATHER", gather)
        for scope in scopes:
            finds_the_nearest(shelf, vectors, scope=scope)
            found = set(words.search(["says", "w1"], 50, scope)[1].tolist())
            assert found == set(scope.ids.tolist())
    assert vectors.search(QUERIES, 3, Scope(shelf.engine, source="nobody"))[1].max() == -1
    assert not len(words.search(["says"], 3, Scope(shelf.engine, source="nobody"))[1])


def test_neighbours_use_the_graph_only_of_their_model(shelf, monkeypatch):
    shelf.put(*map(str, range(20)))
    vectors = StoredVectors(shelf.engine, "numbers", DIM)
    monkeypatch.setattr(vectors, "_exact", 10)
    vectors.maintain()
    assert StoredVectors(shelf.engine, "another", DIM).search(QUERIES, 3)[1].max() == -1
    with reading(shelf.engine) as connection:
        assert neighbours.graph(connection, 1)
        assert neighbours.graph(connection, 2) is None
