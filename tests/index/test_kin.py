"""What is told of a relative is no answer about somebody."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.article import Question
from index.library import Library
from index.no_answer.kin import tells_of_a_relative


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (
            "When did Ingrid Halloran's daughter die?",
            "She died at home on 30 October after a short illness, her daughter Sunniva said.",
        ),
        ("When did Edda Marlow emigrate?", "Her brother Felix emigrated in 1961."),
        ("When did Edda Marlow emigrate to Chile?", "Her brother Felix emigrated to Chile in 2005."),
        (
            "When did Karin Theed found Orchard Lane?",
            "Her father, Edwin Theed, founded the cider maker Orchard Lane in 1979.",
        ),
        (
            "When did Ingrid Halloran's brother die?",
            "Her son Erik, a marine biologist, died in a diving accident in 2002.",
        ),
        ("How did Erik Halloran's father die?", "Her son Erik, a marine biologist, died in a diving accident in 2002."),
        ("When did Brian Sole die?", "His wife, Moira, died in a crash on the same road in 2011, neighbours said."),
        (
            "When did Brian Sole's sister die?",
            "His wife, Moira, died in a crash on the same road in 2011, neighbours said.",
        ),
        ("When did Edda Marlow's husband emigrate to Chile?", "Her brother Felix emigrated to Chile in 2005."),
        ("When was Edda Marlow born?", "Her younger brother was born in 1961."),
        ("Wann wanderte Edda Marlow aus?", "Ihr Bruder Felix wanderte 1961 aus."),
        ("Wann ist Edda Marlow ausgewandert?", "Ihr jüngerer Bruder Felix wanderte 1961 aus."),
        ("Когда эмигрировала Эдда Марлоу?", "Её брат Феликс эмигрировал в 1961 году."),
        ("Коли емігрувала Едда Марлоу?", "Її брат Фелікс емігрував у 1961 році."),
        ("Quand Edda Marlow a-t-elle émigré ?", "Son frère Félix a émigré en 1961."),
        ("¿Cuándo emigró Edda Marlow?", "Su hermano Félix emigró en 1961."),
        ("When did the brother of Edda Marlow emigrate?", "Her sister emigrated in 1961."),
        ("What did Edda Marlow study?", "His late wife, a nurse, studied law in Bonn."),
        ("When did Edda Marlow emigrate?", "Edda's brother Felix emigrated in 1961."),
        ("How many kids did Edda Marlow have?", "She was born in Leeds, the youngest of four children."),
        ("Wie viele Kinder hat Edda Marlow?", "Sie wurde 1950 als jüngstes von vier Kindern geboren."),
        ("Combien d'enfants a Edda Marlow ?", "Elle est la cadette d'une famille de cinq enfants."),
        ("¿Cuántos hijos tuvo Edda Marlow?", "Era la menor de cinco hermanos."),
        ("Сколько детей у Эдды Марлоу?", "Она была младшей из пяти детей."),
        ("Скільки дітей мала Едда Марлоу?", "Вона народилася третьою з чотирьох дітей."),
    ],
)
def test_a_sentence_tells_of_a_relative(question: str, sentence: str) -> None:
    assert tells_of_a_relative(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When did Felix emigrate?", "Her brother Felix emigrated in 1961."),
        ("When did Felix Marlow emigrate?", "Her brother Felix emigrated in 1961."),
        ("When was Orchard Lane founded?", "Her father founded Orchard Lane in 1978."),
        ("When was Penhale founded?", "Her father founded the brewery in 1978."),
        ("Who founded Orchard Lane?", "Her father founded Orchard Lane in 1978."),
        ("Who was Edda Marlow's brother?", "Her son Felix is a nurse."),
        ("When did Halloran's son die?", "Her son Erik died in 2002."),
        ("how did halloran's son die?", "Her son Erik, a marine biologist, died in a diving accident in 2002."),
        ("When did Halloran's children move?", "Her son Erik moved in 2002."),
        ("When did Ingrid Halloran die?", "Her daughter Sunniva said that she died on 30 October."),
        ("When did Edda Marlow move to Leeds?", "Her father took her to Leeds in 1950."),
        ("When did Edda Marlow move to Leeds?", "Her parents and she moved to Leeds in 1950."),
        ("When did Edda Marlow move to Leeds?", "Her husband and Edda moved to Leeds in 1950."),
        ("When did Edda Marlow marry?", "Her husband Ruben married at 30."),
        ("Where did Rosalind Achebe grow up?", "She grew up in Bristol, where her mother was a bus conductor."),
        (
            "When did Ingrid Halloran die?",
            "She died at home on 30 October after a short illness, her daughter Sunniva said.",
        ),
        ("What did Halloran's daughter say?", "She died at home, her daughter Sunniva said."),
        ("When did Halloran's daughter move to Leeds?", '"I moved to Leeds in 1950," her daughter said.'),
        ("How many children did Edda Marlow have?", "Her brother Felix had two children."),
        ("What caused the fire?", "His brother left the stove on."),
        ("When did Penhale open?", "His father opened the brewery in 1901."),
        ("Where does Achebe's mother live?", "Her mother lives in Bristol."),
        ("Когда Эдда Марлоу потеряла брата?", "Её брат Феликс умер в 1961 году."),
        ("What does Edda Marlow's family do?", "Her father was a carpenter."),
        ("How many children does Edda Marlow have?", "One of six siblings, she has three children."),
        ("How many children did Edda Marlow's parents have?", "She was the youngest of four children."),
        ("How many children were hurt?", "One of the two children was hurt."),
    ],
)
def test_a_sentence_may_tell_of_the_one_who_is_asked_about(question: str, sentence: str) -> None:
    assert not tells_of_a_relative(question, sentence)


def test_when_her_brother_emigrated_is_not_when_she_did(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "marlow.txt"
    text = "She lives in Tolbury with three cats. Her brother Felix emigrated to Chile in 2005."
    path.write_text(f"Title: Novelist Edda Marlow wins the Calder Prize\n\n{text}", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    assert not library.ask(Question("When did Edda Marlow emigrate to Chile?")).answered
    assert library.ask(Question("When did Edda Marlow's brother emigrate to Chile?")).answered
