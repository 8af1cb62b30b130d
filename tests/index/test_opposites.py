"""The opposite of what is asked is no answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.article import Question
from index.library import Library
from index.no_answer.opposites import says_the_opposite


@pytest.mark.parametrize(
    ("question", "sentence", "opposite"),
    [
        ("When is the next eclipse?", "The previous eclipse was in 2017.", True),
        ("How many South Korean soldiers are there?", "About 10,000 North Korean soldiers are there.", True),
        ("Which is the largest lake?", "The smallest lake is Lake Roe.", True),
        ("When was he born?", "He died in 1898.", True),
        ("When was he born?", "He was born in 1832 and died in 1898.", False),
        ("Which came first, and which last?", "The last was Roe.", False),
        ("When is the next eclipse?", "The next one after the previous one is far off.", False),
        ("When did Rovers last win?", "It was their first victory since 2019.", False),
        ("What is its average speed?", "It has a top speed of 45 kilometres per hour.", True),
        ("What is its top speed?", "Its average speed is 40, its top speed 45 kilometres per hour.", False),
        ("Who won?", "England lost to Spain.", False),
        ("What happened before the vote?", "After a debate they voted.", False),
    ],
)
def test_what_says_the_opposite(question: str, sentence: str, opposite: bool) -> None:
    assert says_the_opposite(question, sentence) is opposite


@pytest.mark.parametrize(
    ("lang", "question", "sentence", "opposite"),
    [
        ("de", "wann schließt das freibad", "Das Freibad öffnet erst am 4. Juli.", True),
        ("de", "wann schließt das freibad", "Es öffnet von 8 bis 20 Uhr.", False),
        ("de", "Was kostet die Monatskarte?", "Die Jahreskarte kostet 60 Euro.", True),
        ("de", "Wann ist die nächste Sitzung?", "Letztere ist im Mai.", False),
        ("de", "Wann hat er zuletzt gewonnen?", "Es war der erste Sieg seit 2019.", False),
        ("fr", "combien coûte l'abonnement mensuel", "L'abonnement annuel coûte 22 €.", True),
        ("fr", "quand est la prochaine grève", "La précédente grève remonte à mai.", True),
        ("fr", "Quels sont les horaires en hiver ?", "Il a été fermé en mai.", False),
        ("fr", "Qui était le dernier roi ?", "Le premier ministre l'a reçu.", False),
        ("es", "¿Cuándo es la próxima reunión?", "La última reunión fue en mayo.", True),
        ("es", "¿Cuándo abre?", "Cierra los lunes.", True),
        ("ru", "во сколько закрывается музей", "Музей открывается в 9 часов.", True),
        ("ru", "во сколько закрывается музей", "Музей открывается в 9 часов и работает до 18.", False),
        ("ru", "на сколько выросла прибыль", "Прибыль сократилась на 5 %.", False),
        ("ru", "когда следующее собрание", "Предыдущее собрание было в мае, следующее будет в июне.", False),
        ("uk", "коли була попередня атака", "Наступна атака була 3 лютого.", True),
        ("uk", "скільки років найстаршому учаснику", "Наймолодшому учаснику 7 років.", True),
        ("pl", "kiedy następna sesja", "Poprzednia sesja była w maju.", False),
    ],
)
def test_what_says_the_opposite_in_other_languages(lang: str, question: str, sentence: str, opposite: bool) -> None:
    assert says_the_opposite(question, sentence, lang) is opposite


def test_the_previous_eclipse_is_not_the_next(seeded: Library) -> None:
    answer = seeded.ask(Question("When is the next total eclipse in the contiguous United States?", k=10))
    assert not any(each.sentence.text.startswith("The previous") for each in answer.quotes)
    (previous,) = (each for each in answer.ranked if each.sentence.text.startswith("The previous total eclipse"))
    assert previous.parts["lift"] == -2.0


def test_what_a_year_costs_is_not_what_a_month_costs(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_text(
        "Titel: Preise im Freibad\n\nDie Jahreskarte kostet 60 Euro. Kinder zahlen nichts.", encoding="utf-8"
    )
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    answer = library.ask(Question("Was kostet die Monatskarte?"))
    assert not answer.answered
    assert answer.ranked[0].parts["lift"] == -1.5
    assert library.ask(Question("Was kostet die Jahreskarte?")).answered
