"""Figures of articles that the first candidates leave no room for are read, and shown, as well."""

from __future__ import annotations

from datetime import date

from index.answer.rivals import RIVALS, rivals
from index.article import Question
from index.candidate import Candidate
from index.library import Library
from index.rank import Ranker
from index.reading import CANDIDATES, looked_for, read_in_full
from index.search import OF_ONE
from tests.index.test_answer import HOW_MANY, MIDDLE, scored

ANSWER = scored(*MIDDLE).candidate


def beside(article: str, text: str, id: int = 0) -> Candidate:
    return scored(article, text, id=id).candidate


NEWEST = beside("abc", "There could be 11,000 to 12,000 North Korean troops in Russia by now.")
ELSEWHERE = beside("abc", "About 11,000 North Korean soldiers had reached the Kursk region.")
NO_FIGURE = beside("abc", "North Korean soldiers are in Russia.")
NO_COUNT = beside("abc", "The North Korean soldiers came to Russia on Oct. 13.")


def test_sentences_with_a_figure_of_that_kind_are_read_those_of_the_place_first() -> None:
    assert rivals(HOW_MANY, [ANSWER], [ANSWER, NO_FIGURE, ELSEWHERE, NO_COUNT, NEWEST]) == [NEWEST, ELSEWHERE]


def test_nothing_more_is_read_where_no_figure_is_asked_for() -> None:
    assert rivals("Who has North Korean soldiers in Russia?", [ANSWER], [ANSWER, NEWEST]) == []


def test_few_of_each_article_and_few_in_all_are_read() -> None:
    found = [beside(f"{n // 5}", f"{n} North Korean soldiers are in Russia.", n) for n in range(1000, 1020)]
    chosen = rivals(HOW_MANY, [ANSWER], found)
    assert [each.article.id for each in chosen] == ["200"] * OF_ONE + ["201"] * (RIVALS - OF_ONE)
    assert all(each.article.id != "200" for each in rivals(HOW_MANY, found[:OF_ONE], found))


def test_all_that_was_found_is_looked_through_only_for_a_figure() -> None:
    assert looked_for("Who has North Korean soldiers in Russia?") == CANDIDATES
    assert looked_for(HOW_MANY) > CANDIDATES


def test_what_is_of_the_day_and_tells_a_figure_is_read_once() -> None:
    before = [beside(str(n), "North Korean soldiers came to Russia.", n) for n in range(10)]
    both = [beside(str(n), f"On Oct. 24 {n} North Korean soldiers came to Russia.", n) for n in range(1000, 1010)]
    (read,) = read_in_full(Ranker({}), ["How many soldiers came to Russia on Oct. 24?"], [[*before, *both]], [3])
    ids = [each.candidate.sentence.id for each in read]
    assert both[0].sentence.id in ids
    assert len(ids) == len(set(ids))


def test_a_headline_that_is_asked_hides_no_newer_figure(shipped: Library) -> None:
    """Every sentence under "About 10,000 North Korean soldiers are now in Russia" stands before the newest one."""
    (quote,) = shipped.ask(Question(HOW_MANY)).quotes
    told = [(each.article.published, each.sentence.text) for each in (quote, *quote.conflicts)]
    figures = ("At least 3,000 ", "About 10,000 ", "There could be 11,000 to 12,000 ")
    dates = (date(2024, 10, 24), date(2024, 10, 31), date(2024, 11, 5))
    assert len(told) == len(figures)
    for (published, text), figure, day in zip(sorted(told), figures, dates, strict=True):
        assert (published, text[: len(figure)]) == (day, figure)
