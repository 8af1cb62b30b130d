"""Days of the year: a question's and a text's are compared, however they are written."""

from __future__ import annotations

from datetime import date

import pytest

from index.article import Draft, Question
from index.library import Library
from index.terms.dates import days, names_the_day, of_another_day, redated
from index.terms.weekdays import of_another_weekday, weekdays


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("on 26 March 2024", (3, 26, 2024)),
        ("Tuesday, March 26, after the storm", (3, 26, None)),
        ("on the 26th of March", (3, 26, None)),
        ("may 5th", (5, 5, None)),
        ("Oct. 28.", (10, 28, None)),
        ("2024-03-26", (3, 26, 2024)),
        ("26/03/2024", (3, 26, 2024)),
        ("03/26/2024", (3, 26, 2024)),
        ("am 26.03. um drei", (3, 26, None)),
        ("26. März 2024", (3, 26, 2024)),
        ("26 марта 2024 года", (3, 26, 2024)),
        ("6 травня", (5, 6, None)),
        ("2024년 3월 26일", (3, 26, 2024)),
        ("el 26 de marzo de 2024", (3, 26, 2024)),
        ("5 mars 2020", (3, 5, 2020)),
    ],
)
def test_a_day_is_read_in_every_form(text: str, named: tuple[int, int, int | None]) -> None:
    (found,) = days(text)
    assert found.day == named


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2024",
        "there may 5 people come",
        "3 of 26 Marines",
        "10 marks",
        "version 3.10.12",
        "5 марок",
        "12 decisions",
    ],
)
def test_what_is_no_day_or_may_be_two_is_none(text: str) -> None:
    assert not days(text)


@pytest.mark.parametrize(
    ("question", "passage", "read"),
    [
        ("What was closed on 26/03/2024?", "Closed on March 26.", "What was closed on March 26?"),
        ("What was closed on March 26?", "Closed on 26 March 2024.", "What was closed on 26 March 2024?"),
        ("What was closed on March 26?", "Closed on 27 March.", "What was closed on March 26?"),
        ("Is it closed on 25 Dec?", "Closed on 24 and 25 December.", "Is it closed on 24 and 25 December?"),
        ("Open on 24 and 25 December?", "Open on 24.12.2024.", "Open on 24.12.2024?"),
        ("What was closed in 2024?", "Closed on 26 March 2024.", "What was closed in 2024?"),
    ],
)
def test_a_day_is_read_as_the_passage_writes_it(question: str, passage: str, read: str) -> None:
    assert redated(question, passage) == read


@pytest.mark.parametrize(
    ("question", "sentence", "above", "year", "another"),
    [
        ("Who came on 5 May?", "Ott came on 6 May.", "", 2025, True),
        ("Who came on 5 May?", "Ott came on 5 May and left on 6 May.", "", 2025, False),
        ("Who came on 5 May?", "Ott came.", "", 2025, False),
        ("Who came on 5 May?", "Ott came on 6 May.", "The events of 5 May", 2025, False),
        ("Is it closed on 5 May?", "It is closed until 6 May.", "", 2025, False),
        ("Is it closed on 5 May?", "It is closed from 3 May to 6 May.", "", 2025, False),
        ("Who came on 5 May 2025?", "Ott came on 5 May.", "", 2025, False),
        ("Who came on 30 December 2024?", "Ott came on 30 December.", "", 2025, False),
        ("Who came on 5 May 2019?", "Ott came on 5 May.", "", 2025, True),
        ("Who came on 5 May 2025?", "Ott came on 5 May.", "", None, True),
        ("Who came?", "Ott came on 6 May.", "", 2025, False),
        ("Is it closed on 24 December?", "It is closed on 24, 25 and 31 December.", "", 2025, False),
        ("Is it closed on 26 December?", "It is closed on 24, 25 and 31 December.", "", 2025, True),
        ("Is it closed on 25 December?", "It is closed on December 24, 25 and 31.", "", 2025, False),
        ("Ist es am 24. Dezember zu?", "Am 24. und 25. Dezember ist es zu.", "", 2025, False),
        ("Зачинено 25 грудня?", "24, 25 та 31 грудня зачинено.", "", 2025, False),
        ("Who died on 25 May?", "On May 24, 25 people died.", "", 2025, True),
        ("Is there school on 18 November?", "Monday 17 to Friday 21 November is half-term.", "", 2025, False),
        ("Is it open on 12 February?", "It is open from 9 to 20 February.", "", 2025, False),
        ("Is it open on 12 February?", "It is open between 9 and 20 February.", "", 2025, False),
        ("Ist es am 12. Februar offen?", "Offen zwischen dem 9. und 20. Februar.", "", 2025, False),
        ("Is it open on 1 March?", "It opens on 12 January and closes on 20 March.", "", 2025, False),
    ],
)
def test_what_is_of_another_day(question: str, sentence: str, above: str, year: int | None, another: bool) -> None:
    assert of_another_day(question, sentence, above, year) is another


def test_a_day_without_a_year_is_of_its_articles() -> None:
    assert names_the_day("on 5 May 2025", "Ott came on May 5.", 2025)
    assert not names_the_day("on 5 May 2025", "Ott came on May 5.", 2019)


STORM = (
    "Gusts of 141 km/h were measured at Cape Sorrel in the night. Ferries to the islands stopped on Oct. 22 at noon. "
    "Schools in four counties were closed on Friday, Oct. 24. A falling tree killed a man in Tarn on Oct. 24."
)


def test_an_answer_is_of_the_day_that_is_asked_about(library: Library) -> None:
    list(library.add([Draft("Storm Gerda", STORM, published=date(2025, 10, 24), lang="en")]))
    ferries, schools = "Ferries to the islands", ("Schools in four", "A falling tree")
    for question, start in (
        ("What happened on October 22?", ferries),
        ("what happened on 24/10/2025", schools),
        ("Were schools closed on 24 October?", schools[:1]),
    ):
        assert library.ask(Question(question)).quotes[0].sentence.text.startswith(start), question
    for question in (
        "What happened on 20 October?",
        "Did the ferries stop on 21 October?",
        "what happened on 24/10/2019",
    ):
        assert not library.ask(Question(question)).answered, question


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Monday: closed; Tuesday to Thursday: 10 to 6", {0, 1, 2, 3}),
        ("Mon–Fri 9 to 5, Sat 10-2", {0, 1, 2, 3, 4, 5}),
        ("Mo–Fr 8–12 Uhr, Sa. 9–12 Uhr", {0, 1, 2, 3, 4, 5}),
        ("Di. und Do. 8 bis 18 Uhr", {1, 3}),
        ("Samstag bis Montag", {5, 6, 0}),
        ("вівторок–п'ятниця: з 12:00", {1, 2, 3, 4}),
        ("По будням с девяти", {0, 1, 2, 3, 4}),
        ("du lundi au mercredi", {0, 1, 2}),
        ("평일 9시부터, 토요일 10시부터", {0, 1, 2, 3, 4, 5}),
        ("daily from ten", {0, 1, 2, 3, 4, 5, 6}),
        ("So, he sat in the sun and wed her.", set()),
    ],
)
def test_the_weekdays_of_a_time_that_comes_again_are_known(text: str, named: set[int]) -> None:
    assert weekdays(text) == named


@pytest.mark.parametrize(
    ("question", "text", "another"),
    [
        ("What time does it open on Sunday?", "Friday: 10 to 8", True),
        ("What time does it open on Wednesday?", "Tuesday to Thursday: 10 to 6", False),
        ("Is it open at the weekend?", "Saturday: 9 to 1", False),
        ("When is it open?", "Friday: 10 to 8", False),
        ("Wann ist am Sonntag geöffnet?", "Öffnungszeiten wie immer", False),
    ],
)
def test_hours_of_another_weekday_are_told_apart(question: str, text: str, another: bool) -> None:
    assert of_another_weekday(question, text) is another
