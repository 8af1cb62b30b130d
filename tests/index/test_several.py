"""A message may ask several things: each is answered, or met with silence, by itself."""

from __future__ import annotations

import pytest

from index.article import Question
from index.asides import questions_in
from index.library import Library
from index.several import each_of
from index.terms.follow_ups import halves

WEBB = "When was the Webb telescope launched?"
COST = "How much did it cost?"
KING = "Who is the king of Spain?"


def said(library: Library, text: str, k: int = 3) -> list[str]:
    return [quote.sentence.text for quote in library.ask(Question(text, k)).quotes]


def test_both_questions_of_a_message_are_answered(shipped: Library) -> None:
    """As one text they were answered by nothing."""
    first, second = said(shipped, f"{WEBB} {COST}")
    assert "Dec. 25, 2021" in first
    assert "$10 billion" in second


def test_numbered_questions_are_answered_one_by_one(shipped: Library) -> None:
    numbered = said(shipped, f"1. {WEBB} 2. {COST}")
    assert numbered == said(shipped, f"{WEBB} {COST}") == said(shipped, f"a) {WEBB}\nb) {COST}")


def test_what_and_joins_is_two_questions_where_nothing_answers_both(shipped: Library) -> None:
    first, second = said(shipped, "When was the Webb telescope launched and how much did it cost?")
    assert "Dec. 25, 2021" in first
    assert "$10 billion" in second
    assert said(shipped, "Hi! When was the Webb telescope launched and how much did it cost? Thanks!") == [
        first,
        second,
    ]
    both = "When did the European Parliament adopt the AI Act and by how many votes?"
    assert "523 votes" in said(shipped, both)[0]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("When was Webb launched and how much did it cost?", ["When was Webb launched?", "how much did it cost?"]),
        ("Which bridge fell, and why?", ["Which bridge fell?", "why?"]),
        ("Сколько людей погибло и когда?", ["Сколько людей погибло?", "когда?"]),
        ("Wie viele Menschen starben und wo?", ["Wie viele Menschen starben?", "wo?"]),
        ("When and where was he born?", ["When and where was he born?"]),
        ("Who went to Radcliffe and was trained there?", ["Who went to Radcliffe and was trained there?"]),
        ("How many men and women fought?", ["How many men and women fought?"]),
        ("Explain the war and when it began?", ["Explain the war and when it began?"]),
        ("Who won?", ["Who won?"]),
    ],
)
def test_what_and_joins(question: str, parts: list[str]) -> None:
    assert halves(question) == parts


def test_an_answer_to_one_of_them_is_an_answer(shipped: Library) -> None:
    assert said(shipped, f"{WEBB} {KING}") == said(shipped, WEBB)
    assert said(shipped, f"{KING} {WEBB}") == said(shipped, WEBB)
    assert said(shipped, f"{KING} Who is the queen of Sweden?") == []


def test_the_first_of_each_come_first_and_no_more_than_are_wanted(shipped: Library) -> None:
    soldiers = "How many North Korean soldiers are in Kursk?"
    alone = said(shipped, soldiers)
    assert len(alone) > 1
    assert said(shipped, f"{soldiers} {WEBB}")[:3] == [alone[0], said(shipped, WEBB)[0], alone[1]]
    assert len(said(shipped, f"{soldiers} {WEBB}", k=1)) == 1


def test_one_answer_holds_together(shipped: Library) -> None:
    asked = Question(f"Hi! {WEBB} {KING} Thanks!")
    answer = shipped.ask(asked)
    assert answer.question is asked
    assert answer.answered is (answer.confidence >= answer.threshold) is True
    assert answer.ranked[0].confidence == answer.confidence
    assert len({quote.sentence.id for quote in answer.ranked}) == len(answer.ranked) == asked.k
    assert answer.asked == f"{WEBB} {KING}"


def test_the_same_question_twice_has_one_answer(shipped: Library) -> None:
    assert said(shipped, f"{WEBB} {WEBB}") == said(shipped, WEBB)


def test_a_figure_that_stands_beside_a_quote_does_not_stand_alone_as_well(shipped: Library) -> None:
    answer = shipped.ask(Question("Any news about North Korean troops in Russia? How many are there?", k=5))
    (quote,) = (each for each in answer.quotes if each.conflicts)
    shown = [each.sentence.id for each in answer.quotes]
    assert len({*shown, *(other.sentence.id for other in quote.conflicts)}) == len(shown) + len(quote.conflicts)


def test_each_is_asked_behind_the_one_before_it() -> None:
    parts = each_of(Question(f"And in Kursk? {WEBB} {COST}", 5, previous="How many soldiers are in Russia?"))
    assert [(part.text, part.previous, part.k) for part in parts] == [
        ("And in Kursk?", "How many soldiers are in Russia?", 5),
        (WEBB, "And in Kursk?", 5),
        (COST, WEBB, 5),
    ]


def test_a_question_may_follow_what_its_message_tells(shipped: Library) -> None:
    asked = Question("The Webb telescope is amazing. How much did it cost?")
    answer = shipped.ask(asked)
    assert answer.question is asked
    assert "$10 billion" in answer.quotes[0].sentence.text
    assert not shipped.ask(Question("There was a big earthquake in Japan. How many people died?")).answered


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        (f"{WEBB} {COST}", [WEBB, COST]),
        (f"Hi! I read the news. {WEBB}\n{COST} Thanks!", [WEBB, COST]),
        (f"Really? {WEBB}", [WEBB]),
        (f"{WEBB} Where from?", [WEBB, "Where from?"]),
        (f"{WEBB} OK?", [WEBB]),
        (f"Help! {WEBB} Need it asap", [WEBB]),
        ("What is “I am broke. Times are hard” said for?", ["What is “I am broke. Times are hard” said for?"]),
        (WEBB, [WEBB]),
        (f"1. {WEBB} 2. {COST} 3. {KING}", [WEBB, COST, KING]),
        (f"1) {WEBB}\n2) {COST}", [WEBB, COST]),
        (f"Hi! (a) {WEBB} (b) {COST}", [WEBB, COST]),
        (f"а) {WEBB} б) {COST}", [WEBB, COST]),
        ("1. FC Köln: when was it founded?", ["1. FC Köln: when was it founded?"]),
        (f"2. {WEBB} 1. {COST}", [f"2. {WEBB}", f"1. {COST}"]),
        (f"In Baltimore a bridge fell. {WEBB} {COST}", [f"In Baltimore a bridge fell. {WEBB} {COST}"]),
        ("Who? Who won? Who lost? Who came? Who went?", ["Who? Who won? Who lost? Who came? Who went?"]),
        ("What did Dr. No say?", ["What did Dr. No say?"]),
        ("When? Where?", ["When? Where?"]),
        ("", [""]),
        ("?", ["?"]),
        ("? ? ?", ["? ? ?"]),
    ],
)
def test_the_questions_of_a_message(message: str, asked: list[str]) -> None:
    assert questions_in(message) == asked
