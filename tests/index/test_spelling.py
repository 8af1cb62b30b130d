"""A misspelt question is read as the passage spells its words, and a name that is another one stays another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Draft, Question
from index.library import Library
from index.terms.spelling import LETTERS, respelt

KNOWN = frozenset({"where", "which", "does", "come", "from", "many", "soldiers", "australia", "austria", "member"})


def known(word: str) -> bool:
    return word.lower() in KNOWN


@pytest.mark.parametrize(
    ("question", "passage", "read"),
    [
        ("Where does Redang come from?", "Rendang comes from Sumatra.", "Where does Rendang come from?"),
        ("Is there wifi?", "Wi-Fi is free.", "Is there Wi-Fi?"),
        ("Which e-mail?", "Write an email.", "Which email?"),
        ("Can I borrow ebooks?", "Members may borrow e-books.", "Can I borrow e-books?"),
        ("Who led al-Queda?", "Osama bin Laden led al-Qaeda.", "Who led al-Qaeda?"),
        ("Who is Negreiors?", "Almada Negreiros was a painter.", "Who is Negreiros?"),
        ("How many Norweigans ski?", "Most Norwegians ski.", "How many Norwegians ski?"),
        ("What did Zelenskyy say?", "Volodymyr Zelensky spoke.", "What did Zelensky say?"),
        ("Кто такой Лукашэнко?", "Лукашенко — президент.", "Кто такой Лукашенко?"),
    ],
)
def test_a_misspelt_word_is_read_as_the_passage_spells_it(question: str, passage: str, read: str) -> None:
    assert respelt(question, passage, known) == read


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("Which soldiers come from Austria?", "Soldiers from Australia came."),
        ("Where does Redang come from?", "Redang and Rendang are two things."),
        ("Where do huguenots come from?", "The Huguenot came from France."),
        ("How old is Iruq?", "Iraq is old."),
        ("Who is Gambiya?", "Zambiya is a name."),
        ("Who is Kostin?", "Martin is a name."),
        ("เขามาจากไหนครับ", "เขามาจากไหนคะ"),
        ("10001 soldiers?", "10002 soldiers."),
        ("", "Rendang"),
        ("Redang?", ""),
    ],
)
def test_another_word_stays_another_word(question: str, passage: str) -> None:
    assert respelt(question, passage, known) == question


@given(st.text(), st.text())
def test_only_words_are_changed_and_none_to_what_the_passage_does_not_hold(question: str, passage: str) -> None:
    read = respelt(question, passage, known)
    assert LETTERS.split(read) == LETTERS.split(question)
    for before, after in zip(LETTERS.findall(question), LETTERS.findall(read), strict=True):
        assert after in (before, *LETTERS.findall(passage))
    assert respelt(question, passage, lambda word: True) == question


def test_a_misspelt_question_is_answered_and_one_of_another_name_is_not(library: Library) -> None:
    text = "Rendang comes from the Minangkabau people of West Sumatra. It is slowly cooked in coconut milk."
    [outcome] = library.add([Draft("Rendang", text, lang="en")])
    assert outcome.state == "added"
    said = library.ask(Question("Where does Redang come from?"))
    assert [quote.sentence.text for quote in said.quotes] == [text.partition(" It")[0]]
    assert library.ask(Question("Where does borscht come from?")).quotes == ()
