"""What is denied of one is not denied of everyone."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.article import Question
from index.library import Library
from index.no_answer.anyone import denies_of_one


@pytest.mark.parametrize(
    ("question", "sentence", "lang"),
    [
        ("Was anyone hurt in the Skerrow robbery?", "Ms Lomax was not hurt.", "en"),
        ("Did anybody get hurt when the jeweller was robbed?", "Ms Lomax was not hurt.", "en"),
        ("Was anyone hurt in the coach crash?", "The driver of the coach, Brian Sole, was unhurt.", "en"),
        ("Was anybody injured when the coach overturned?", "Brian Sole was not hurt.", "en"),
        ("Has anyone been charged?", "The bus driver has not been charged.", "en"),
        ("Did anyone survive?", "The pilot did not survive.", "en"),
        ("Was someone injured?", "He wasn't injured.", "en"),
        ("Wurde jemand verletzt?", "Frau Lomax wurde nicht verletzt.", "de"),
        ("Wurde jemand verletzt?", "Der Fahrer blieb unverletzt.", "de"),
        ("Пострадал ли кто-нибудь?", "Водитель не пострадал.", "ru"),
        ("Чи постраждав хтось у аварії?", "Водій не постраждав.", "uk"),
    ],
)
def test_a_sentence_denies_of_one_what_is_asked_of_anyone(question: str, sentence: str, lang: str) -> None:
    assert denies_of_one(question, sentence, lang)


@pytest.mark.parametrize(
    ("question", "sentence", "lang"),
    [
        ("Was anyone hurt in the robbery?", "Nobody was hurt.", "en"),
        ("Was anyone hurt in the robbery?", "No one was hurt.", "en"),
        ("Was anyone hurt?", "There were no injuries.", "en"),
        ("Was anyone hurt?", "Ms Lomax was not hurt, but a customer broke his wrist.", "en"),
        ("Was anyone hurt?", "The driver and all passengers were unhurt.", "en"),
        ("Was Ms Lomax hurt?", "Ms Lomax was not hurt.", "en"),
        ("Was the driver hurt?", "The driver was unhurt.", "en"),
        ("Has anyone been arrested?", "Police have not arrested anyone.", "en"),
        ("Has anyone been arrested?", "The police has not made arrests.", "en"),
        ("Is anyone allowed to swim?", "The owner does not allow swimming.", "en"),
        ("Was anyone hurt?", "The driver was hurt.", "en"),
        ("Was anyone hurt?", "Three passengers were unhurt.", "en"),
        ("Wurde jemand verletzt?", "Niemand wurde verletzt.", "de"),
        ("Did anyone know of the cracks?", "The minister did not resign.", "en"),
    ],
)
def test_a_sentence_may_say_whether_there_is_anyone(question: str, sentence: str, lang: str) -> None:
    assert not denies_of_one(question, sentence, lang)


def test_that_the_owner_was_not_hurt_does_not_say_that_nobody_was(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "robbery.txt"
    text = "One threatened the owner, Judith Lomax, with a hammer. A customer broke his wrist. Ms Lomax was not hurt."
    path.write_text(f"Title: Police seek witnesses after jeweller is robbed in Skerrow\n\n{text}", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    answer = library.ask(Question("Was anyone hurt in the Skerrow robbery?"))
    assert "Ms Lomax was not hurt." not in [quote.sentence.text for quote in answer.quotes]
    assert library.ask(Question("Was Ms Lomax hurt?")).answered
