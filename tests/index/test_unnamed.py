"""What is only counted or mentioned is no answer to who asks which it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.article import Question
from index.library import Library
from index.no_answer.unnamed import leaves_unnamed


@pytest.mark.parametrize(
    ("question", "sentence", "lang"),
    [
        ("Which pubs will Aldous close?", "Aldous will close two of its pubs and sell a warehouse.", "en"),
        ("Which of its pubs will Aldous close?", "Ruth Imber said Aldous will close two of its pubs.", "en"),
        ("Which models of bus were recalled?", "Two models of bus were recalled because the brakes failed.", "en"),
        ("What kind of dog bit the postman?", "A dog bit the postman.", "en"),
        ("Which minister resigned?", "In 2024, a minister resigned.", "en"),
        ("Which other book did the judges praise?", "The judges praised another book, which they did not name.", "en"),
        (
            "Which arches of the viaduct fell?",
            "The viaduct at Elder Gill, built in 1871, fell at two of its arches.",
            "en",
        ),
        ("Who was the customer who was hurt?", "A customer was hurt.", "en"),
        ("Welche Straßen wurden gesperrt?", "Nach dem Unfall wurden zwei Straßen gesperrt.", "de"),
        ("welche kneipen schließt aldous?", "Aldous schließt zwei seiner Kneipen und verkauft ein Lager.", "de"),
        ("Wer war der Kunde, der verletzt wurde?", "Ein Kunde wurde verletzt.", "de"),
        ("Какую книгу похвалили судьи?", "Судьи похвалили одну книгу, которую они не назвали.", "ru"),
        ("Какие пабы закроет Олдос?", "Олдос закроет два своих паба и продаст склад.", "ru"),
        ("які вулиці перекрили після аварії", "Після аварії перекрили дві вулиці.", "uk"),
    ],
)
def test_what_is_counted_is_left_unnamed(question: str, sentence: str, lang: str) -> None:
    assert leaves_unnamed(question, sentence, "", lang)


@pytest.mark.parametrize(
    ("question", "sentence", "lang"),
    [
        ("Which team won?", "The home team won.", "en"),
        ("Which arches fell?", "The two northern arches fell.", "en"),
        ("Which side won?", "Both sides won.", "en"),
        ("Which house was burgled?", "Their house was burgled.", "en"),
        ("Which bridge is closed?", "The bridge is closed.", "en"),
        ("Which pubs will Aldous close?", "Aldous will close two pubs in Tolbury.", "en"),
        ("Which pubs will close?", "Two pubs, the Swan and the Bell, will close.", "en"),
        ("Which pubs will close?", "Two pubs will close: the Swan and the Bell.", "en"),
        ("Which gas does the plant emit?", "The plant emits a gas called methane.", "en"),
        ("Which gas does the plant emit?", "The plant emits methane, a gas.", "en"),
        ("Which animals are protected?", "Bats and two other animals are protected.", "en"),
        ("Which animal is protected?", "The bat is a protected animal.", "en"),
        ("Which adaptation helps prey?", "One adaptation helping prey is camouflage.", "en"),
        ("Which car did they use?", "They used a car that they had stolen.", "en"),
        ("Which floor is the lab on?", "The lab is on floor 12.", "en"),
        ("How many pubs will Aldous close?", "Aldous will close two of its pubs.", "en"),
        ("Which pubs will Aldous close?", "Penhale will open two pubs.", "en"),
        ("Welche Kneipen schließt Aldous?", "Aldous schließt zwei alte Kneipen.", "de"),
        ("Welche Kneipen schließt Aldous?", "Aldous schließt zwei Kneipen, den Hirsch und die Krone.", "de"),
        ("Какие пабы закроет Олдос?", "Олдос закроет два паба на набережной.", "ru"),
        ("Які паби закриє Олдос?", "Олдос закриє два паби: «Лебідь» і «Дзвін».", "uk"),
        ("Як Олдос закриє два паби?", "Олдос закриє два паби.", "uk"),
        ("¿Qué bares cierra Aldous?", "Aldous cierra dos bares.", "es"),
    ],
)
def test_what_is_told_from_others_is_not(question: str, sentence: str, lang: str) -> None:
    assert not leaves_unnamed(question, sentence, "", lang)


def test_its_title_says_the_rest_of_what_is_asked() -> None:
    asked = "Which roads were closed after the coach crash?"
    assert leaves_unnamed(asked, "Two roads were closed for six hours.", "Coach crash near Tolbury", "en")
    assert not leaves_unnamed(asked, "Two roads were closed for six hours.", "Storm Nils", "en")


def test_two_of_its_pubs_do_not_answer_which(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "aldous.txt"
    text = "Aldous will close two of its pubs and sell a warehouse. The brewer was founded in 1879."
    path.write_text(f"Title: Brewer Aldous names new chief\n\n{text}", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    assert library.ask(Question("How many pubs will Aldous close?")).answered
    assert not library.ask(Question("Which pubs will Aldous close?")).answered
