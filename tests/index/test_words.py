"""The word cache ranks as BM25 does, whatever was added, taken back, committed, lost or torn before."""

from __future__ import annotations

import resource
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.caches import writers_turn
from index.words import WordLimits, Words
from index.words.live import MANIFEST
from index.words.source import Ids, Row
from index.words.tail import TITLE_WEIGHT

SMALL = WordLimits(tail=60, tail_at_open=20, in_memory=150, changes=2, overfetch=50, runs=3)
NONE = np.empty(0, dtype=np.int64)


def split(text: str, langs: object = ()) -> list[str]:
    return text.lower().split()


@dataclass
class Log:
    """A store in memory: each change is (rows, retired)."""

    identity: str = "one"
    changes: list[tuple[list[Row], Ids]] = field(default_factory=list)
    next_id: int = 5
    reads: int = 0

    def seq(self) -> int:
        return len(self.changes)

    def added(self, after: int, until: int) -> Iterator[Sequence[Row]]:
        for rows, _ in self.changes[after:until]:
            self.reads += len(rows)
            yield rows

    def retired(self, after: int, until: int) -> Ids:
        return np.concatenate([NONE, *(gone for _, gone in self.changes[after:until])])

    def change(self, count: int, retire: Ids = NONE) -> list[Row]:
        random = np.random.default_rng(self.next_id)
        title = f"Title{self.next_id} w{random.integers(40)}"
        rows: list[Row] = [
            (self.next_id + n, title, " ".join(f"w{word}" for word in random.zipf(1.3, 3 + n % 20) % 60), "en")
            for n in range(count)
        ]
        self.next_id += count + 3
        self.changes.append((rows, retire))
        return rows

    def live(self) -> list[Row]:
        gone = set(self.retired(0, self.seq()).tolist())
        return [row for rows, _ in self.changes for row in rows if row[0] not in gone]


def opened(folder: Path, log: Log, **more: Any) -> Words:
    return Words.open(folder, log, analyse=split, limits=SMALL, **more)


def bm25(rows: list[Row], terms: list[str]) -> dict[int, float]:
    """The formula of Robertson and Zaragoza, sentence by sentence, over title and text."""
    scores: dict[int, float] = {row[0]: 0.0 for row in rows}
    for column, weight in ((1, TITLE_WEIGHT), (2, 1.0)):
        texts = {row[0]: split(str(row[column])) for row in rows}
        mean = sum(map(len, texts.values())) / max(1, len(texts))
        for term in terms:
            holding = sum(term in text for text in texts.values())
            rarity = log(1 + (len(rows) - holding + 0.5) / (holding + 0.5))
            for id, text in texts.items():
                times = text.count(term)
                scores[id] += weight * rarity * 2.2 * times / (times + 1.2 * (0.25 + 0.75 * len(text) / mean))
    return {id: score for id, score in scores.items() if score > 0}


def agrees(words: Words, log: Log, terms: list[str], allowed: Ids | None = None, exact: bool = True) -> None:
    """Search finds what holds a term, in the order of its scores; `exact`: and the scores are BM25's."""
    expected = bm25(log.live(), terms)
    within = {id: score for id, score in expected.items() if allowed is None or id in allowed}
    scores, ids = words.search(terms, 100_000, allowed)
    assert set(ids.tolist()) == set(within)
    assert (np.diff(scores) <= 0).all()
    np.testing.assert_array_equal(words.search(terms, 7, allowed)[0], scores[:7])
    if exact:  # tantivy counts the index's own mark as one more, empty sentence
        np.testing.assert_allclose(scores, [within[id] for id in ids.tolist()], rtol=0.08, atol=0.02)


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.sampled_from([1, 7, 30, 170])),
            st.tuples(st.just("retire"), st.sampled_from([1, 30])),
            st.tuples(st.sampled_from(["maintain", "reopen"]), st.just(0)),
        ),
        max_size=10,
    ),
    share=st.sampled_from([0.0, 0.03, 0.5, 1.0]),
    seed=st.integers(0, 1000),
)
def test_every_history_is_searched_alike(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]], share: float, seed: int
) -> None:
    folder, log, random = tmp_path_factory.mktemp("w"), Log(), np.random.default_rng(seed)
    words = opened(folder, log)
    for step, count in steps:
        live = [row[0] for row in log.live()]
        if step == "add":
            log.change(count)
        elif step == "retire":
            log.change(0, random.choice(np.array(live, np.int64), min(count, len(live)), replace=False))
        elif step == "reopen":
            words = opened(folder, log)
        words.catch_up()
        assert step != "maintain" or words.maintain()
    live_ids = np.array([row[0] for row in log.live()], np.int64)
    assert words.state.count == len(live_ids)
    allowed = np.sort(random.choice(live_ids, round(share * len(live_ids)), replace=False))
    for terms in (["w1"], ["w2", "w30", "title5", "w2"], ["nowhere"], []):
        agrees(words, log, terms, exact=False)
        agrees(words, log, terms, allowed, exact=False)


@pytest.mark.parametrize("committed", [True, False])
def test_scores_are_bm25_in_the_index_and_in_the_tail(tmp_path: Path, committed: bool) -> None:
    log = Log()
    for _ in range(4):
        log.change(100)
    words = Words.open(
        tmp_path, log, analyse=split, limits=replace(SMALL, tail=9999, tail_at_open=9999, in_memory=9999)
    )
    assert words.state.tail == 400
    if committed:
        assert words.maintain()
        assert words.state.tail == 0
    agrees(words, log, ["w3", "w17", "title5", "w44"])


def indexed(folder: Path, changes: int = 6) -> tuple[Log, Words]:
    log = Log()
    for _ in range(changes):
        log.change(50)
    words = opened(folder, log)
    assert words.state.tail == 0
    return log, words


def test_one_allowed_sentence_is_found_among_all(tmp_path: Path) -> None:
    log, words = indexed(tmp_path)
    for row in log.live()[::13]:
        assert words.search(split(row[2]), 5, np.array([row[0]]))[1].tolist() == [row[0]]


def test_a_question_full_of_query_syntax_is_only_words(tmp_path: Path) -> None:
    log, words = indexed(tmp_path)
    log.change(0)
    log.changes.append(([(9000, "AND", 'body:w1 "OR) *', None)], NONE))
    words.catch_up()
    assert words.search(["body:w1", '"or)', "*"], 3)[1].tolist() == [9000]
    assert words.maintain()
    assert words.search(["body:w1", '"or)', "*"], 3)[1].tolist() == [9000]


def test_opening_and_catching_up_read_only_what_is_new(tmp_path: Path) -> None:
    log, _ = indexed(tmp_path)
    log.reads = 0
    log.change(3)
    words = opened(tmp_path, log)
    assert log.reads == 3
    assert not words.catch_up()
    log.change(2)
    assert words.catch_up()
    assert log.reads == 5


def test_a_retired_sentence_is_gone_at_once_and_stays_gone(tmp_path: Path) -> None:
    log, words = indexed(tmp_path)
    best = words.search(["w1", "w2"], 1)[1]
    log.change(0, best)
    words.catch_up()
    agrees(words, log, ["w1", "w2"], exact=False)
    assert words.search(["w1", "w2"], 3, best)[1].tolist() == []
    assert words.maintain()
    assert words.state.retired == 0
    agrees(opened(tmp_path, log), log, ["w1", "w2"], exact=False)


@pytest.mark.parametrize("how", ["missing", "empty", "cut", "flipped"])
@pytest.mark.parametrize(
    "name", [MANIFEST, "*/meta.json", "*/*.term", "*/*.idx", "*/*.store", "*/*.fast", "*/*.fieldnorm"]
)
def test_a_damaged_file_is_rebuilt(tmp_path: Path, name: str, how: str) -> None:
    log, _ = indexed(tmp_path)
    path = next(tmp_path.glob(name))
    content = path.read_bytes()
    middle = len(content) // 3
    flipped = bytes(255 - byte for byte in content[middle : middle + 4])
    damaged = {"empty": b"", "cut": content[: len(content) // 2]}.get(
        how, content[:middle] + flipped + content[middle + 4 :]
    )
    path.unlink()  # never cut in place: a process that has mapped it would die
    if how != "missing":
        path.write_bytes(damaged)
    words = opened(tmp_path, log)
    agrees(words, log, ["w1", "w40", "title5"], exact=False)
    assert words.maintain()
    agrees(opened(tmp_path, log), log, ["w1", "w40", "title5"], exact=False)


def test_a_cache_of_another_store_analysis_or_time_is_not_used(tmp_path: Path) -> None:
    log, words = indexed(tmp_path)

    def folded(text: str, langs: object = ()) -> list[str]:
        return [word.replace("w", "v") for word in split(text)]

    assert Words.open(tmp_path, log, analyse=folded, limits=SMALL).search(["v1"], 3)[1].size == 3
    other = replace(log, identity="two", changes=log.changes[3:])
    agrees(opened(tmp_path, other), other, ["w1"], exact=False)
    del log.changes[2:]
    agrees(opened(tmp_path, log), log, ["w1"], exact=False)
    words.catch_up()
    agrees(words, log, ["w1"], exact=False)


def test_while_another_process_writes_answers_come_from_memory(tmp_path: Path) -> None:
    log, words = indexed(tmp_path)
    with writers_turn(tmp_path) as ours:
        assert ours
        log.change(200)
        words.catch_up()
        assert not words.maintain()
        agrees(words, log, ["w1", "w9"], exact=False)
    assert words.maintain()
    agrees(words, log, ["w1", "w9"], exact=False)


def test_two_processes_share_one_index(tmp_path: Path) -> None:
    log, first = indexed(tmp_path)
    second = opened(tmp_path, log)
    for writer, other in ((first, second), (second, first)):
        log.change(90)
        writer.catch_up()
        assert writer.state.tail == 0
        other.catch_up()
        assert other.state.tail == 0
        agrees(other, log, ["w1", "w9"], exact=False)


def test_a_library_is_indexed_in_commits_that_are_kept_when_it_is_cut_off(tmp_path: Path) -> None:
    log = Log()
    for _ in range(12):
        log.change(30)

    class Cut(Exception):
        pass

    read = log.added

    def cut(after: int, until: int) -> Iterator[Sequence[Row]]:
        if 8 <= after < until <= 10:
            raise Cut
        yield from read(after, until)

    log.added = cut  # type: ignore[method-assign]
    with pytest.raises(Cut):
        opened(tmp_path, log)
    log.added = read  # type: ignore[method-assign]
    committed = log.changes[:8]
    log.changes[:8] = [([], NONE)] * 8  # so that nothing of it can be read again
    words = opened(tmp_path, log)
    log.changes[:8] = committed
    agrees(words, log, ["w1", "w9"], exact=False)


def test_a_full_disk_leaves_answers_whole_and_says_so(tmp_path: Path) -> None:
    log, words = indexed(tmp_path)
    log.change(140)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        words.catch_up()
        assert not words.maintain()
        trouble = words.state.trouble
        agrees(words, log, ["w1", "w9"], exact=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "can't be saved" in str(trouble)
    assert words.maintain()
    assert words.state.trouble is None
    agrees(opened(tmp_path, log), log, ["w1", "w9"], exact=False)


def test_an_empty_library_finds_nothing_and_writes_nothing(tmp_path: Path) -> None:
    words = opened(tmp_path / "words", Log())
    assert words.search(["w1"], 3)[1].tolist() == []
    assert not (tmp_path / "words").exists()


def test_a_serving_process_commits_by_itself(tmp_path: Path) -> None:
    log, words = Log(), opened(tmp_path, Log())
    words = opened(tmp_path, log, serving=True)
    log.change(100)
    words.catch_up()
    assert words._worker is not None
    words._worker.join()
    assert words.state.tail == 0
    agrees(words, log, ["w1"], exact=False)
    words.close()


def test_the_terms_are_those_of_the_library(tmp_path: Path) -> None:
    log = Log(changes=[([(7, "Soldiers in Kursk", "There were 10,000 troops.", "en")], NONE)])
    words = Words.open(tmp_path, log)
    from index.terms import terms

    assert words.search(terms("soldier 10000", ["en"]), 3)[1].tolist() == [7]
