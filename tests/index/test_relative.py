"""Days that are told from another day: "yesterday" of an article is not the one of who asks a year later."""

from __future__ import annotations

from datetime import date

import pytest

from index.article import Draft, Question
from index.library import Library
from index.terms.relative import as_asked

TODAY = date(2026, 12, 1)
MONDAY = date(2026, 6, 8)


@pytest.mark.parametrize(
    ("question", "sentence", "read"),
    [
        ("Who won on 6 June?", "Last Saturday Ott won, and Roe on Sunday.", "on 6 June Ott won, and Roe on Sunday."),
        ("Who plays on 13/06/2026?", "On Saturday night Holm play Brae.", "on 13/06/2026 Holm play Brae."),
        ("Who was hurt on 7 June?", "Two were hurt yesterday.", "Two were hurt on 7 June."),
        ("Who was hurt on 5 June?", "Two were hurt yesterday.", "Two were hurt on 7 June 2026."),
        ("Who won on 5 June 2025?", "On Friday Ott won.", "On Friday Ott won."),
        ("Who won on 6 June?", "On Saturday, 30 May, Ott won.", "On Saturday, 30 May, Ott won."),
        ("Is it open on 6 June?", "Open Monday to Saturday.", "Open Monday to Saturday."),
        ("Is it open on 6 June?", "Open every Saturday.", "Open every Saturday."),
        ("Is it open on 6 June?", "Saturdays are quiet.", "Saturdays are quiet."),
        ("Wer siegte am 6. Juni?", "Am Samstagabend siegte Ott.", "am 6. Juni siegte Ott."),
        ("Кто победил 6 июня?", "В субботу победил Отт.", "6 июня победил Отт."),
        ("Хто переміг 8 червня?", "Сьогодні переміг Отт.", "8 червня переміг Отт."),
        ("Who won?", "Yesterday Ott won.", "Yesterday Ott won."),
        ("Who was hurt yesterday?", "Two were hurt yesterday.", "Two were hurt on 7 June 2026."),
        ("Who was hurt yesterday?", "Two were hurt on 29 November.", "Two were hurt on 29 November."),
        ("Who was hurt yesterday?", "Two were hurt on 30 November 2026.", "Two were hurt yesterday."),
        ("Is it open tonight?", "Open daily until 9.", "Open daily until 9."),
        ("Wer siegte gestern Abend?", "Gestern Abend siegte Ott.", "am 7.06.2026 siegte Ott."),
        ("Qui a gagné hier soir ?", "Hier soir, Ott a gagné.", "le 7.06.2026, Ott a gagné."),
        ("¿Quién ganó anoche?", "Anoche ganó Ott.", "el 7.06.2026 ganó Ott."),
        ("кто победил вчера?", "Вчера победил Отт.", "7.06.2026 победил Отт."),
        ("хто переміг учора?", "Учора переміг Отт.", "7.06.2026 переміг Отт."),
        ("어제 누가 이겼나요?", "어제 오트가 이겼다.", "7.06.2026 오트가 이겼다."),
        ("Was kostet es hier?", "Es kostet hier zwei Euro.", "Es kostet hier zwei Euro."),
    ],
)
def test_a_sentence_reads_with_the_day_that_is_asked_about(question: str, sentence: str, read: str) -> None:
    found = as_asked(question, TODAY, sentence, MONDAY)
    assert (found.text if found else sentence) == read


@pytest.mark.parametrize(
    ("question", "sentence", "read"),
    [
        ("How many came in 2025?", "Last year 12 came.", "in 2025 12 came."),
        ("How many came in 2024?", "Next year 12 are to come.", "in 2027 12 are to come."),
        ("Who won on 6 June 2025?", "Last year Ott won.", "Last year Ott won."),
        ("How many came last year?", "Last year 12 came.", "last year 12 came."),
        ("How many came last year?", "This year 12 came, more than in 2024.", "in 2026 12 came, more than in 2024."),
        ("How many came last year?", "In 2025 12 came.", "last year 12 came."),
        ("How many came?", "Last year 12 came.", "Last year 12 came."),
        ("Wie viele kamen 2025?", "Im vergangenen Jahr kamen zwölf.", "im Jahr 2025 kamen zwölf."),
        ("Combien en 2025 ?", "L’année dernière, douze.", "en 2025, douze."),
        ("¿Cuántos en 2025?", "El año pasado, doce.", "en 2025, doce."),
        ("Скільки у 2025 році?", "Торік було 12.", "у 2025 році було 12."),
        ("Сколько в 2025 году?", "В прошлом году было 12.", "в 2025 году было 12."),
        ("2025년에 몇 명?", "지난해 12명이 왔다.", "2025년 12명이 왔다."),
    ],
)
def test_a_sentence_reads_with_the_year_that_is_asked_about(question: str, sentence: str, read: str) -> None:
    found = as_asked(question, TODAY, sentence, MONDAY)
    assert (found.text if found else sentence) == read


def test_last_year_of_another_year_is_another() -> None:
    found = as_asked("How many came last year?", TODAY, "Last year 12 came.", date(2023, 5, 1))
    assert found == ("in 2022 12 came.", False, True)
    found = as_asked("How many came last year?", TODAY, "Last year 12 came, in 2025 14.", date(2023, 5, 1))
    assert found is not None
    assert not found.elsewhen


def test_yesterday_of_the_next_day_is_today() -> None:
    tomorrow = "A tug comes tomorrow."
    found = as_asked("What comes today?", date(2026, 6, 9), tomorrow, MONDAY)
    assert found == ("A tug comes today.", True, False)
    assert as_asked("What comes tomorrow?", MONDAY, tomorrow, MONDAY) == (tomorrow, True, False)
    assert as_asked("What comes tomorrow?", date(2026, 6, 9), tomorrow, MONDAY) == (
        "A tug comes on 9 June 2026.",
        False,
        True,
    )


def test_without_a_date_nothing_is_told() -> None:
    hurt = "Two were hurt yesterday."
    for question in ("Who was hurt yesterday?", "Who was hurt on 7 June?", "Who was hurt in 2025?"):
        for written in (None, date.min, date.max):
            assert as_asked(question, TODAY, hurt, written) is None


def test_what_is_told_of_today_is_of_its_own_day() -> None:
    closed = "The bridge is closed today."
    assert as_asked("Is the bridge closed today?", TODAY, closed, MONDAY) == (
        "The bridge is closed on 8 June 2026.",
        False,
        True,
    )
    assert as_asked("Is the bridge closed today?", MONDAY, closed, MONDAY) == (closed, True, False)
    assert as_asked("Is the bridge closed today?", TODAY, closed, None) is None
    assert as_asked("Is the bridge closed?", TODAY, closed, MONDAY) is None


WRECK = (
    "A helicopter from Lossie winched the crew of the Maud to safety yesterday. "
    "The fairway to Pell is closed today to all ships. "
    "Skipper Ivo Tarn was taken to hospital on Saturday afternoon."
)


def test_yesterday_is_told_from_the_day_of_the_article(library: Library) -> None:
    list(library.add([Draft("The Maud aground", WRECK, published=MONDAY, lang="en")]))
    for question, on, start in (
        ("Who winched the crew to safety yesterday?", MONDAY, "A helicopter"),
        ("Who winched the crew to safety yesterday?", TODAY, None),
        ("Who winched the crew to safety on 7 June 2026?", TODAY, "A helicopter"),
        ("Who winched the crew to safety on 6 June 2026?", TODAY, None),
        ("Is the fairway to Pell closed today?", MONDAY, "The fairway"),
        ("Is the fairway to Pell closed today?", TODAY, None),
        ("Who was taken to hospital on 6 June?", TODAY, "Skipper"),
        ("Who was taken to hospital on 4 June?", TODAY, None),
    ):
        quotes = library.ask(Question(question, on=on)).quotes
        assert [quote.sentence.text.startswith(start or "?") for quote in quotes[:1]] == [True] * bool(start), question
