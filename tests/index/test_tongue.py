"""A question in another language than the sentence is told from one in its own."""

from __future__ import annotations

import pytest

from index.terms.tongue import asked_across, may_be_english

RUSSIAN = "Около 10 тысяч солдат прибыли в Россию."
UKRAINIAN = "Близько 10 тисяч солдатів прибули до Росії."
GERMAN = "Etwa 10.000 Soldaten sind in Russland angekommen."
FRENCH = "Environ 10 000 soldats sont arrivés en Russie."
KOREAN = "약 1만 명의 군인이 러시아에 도착했다."


@pytest.mark.parametrize(
    ("question", "sentence", "lang"),
    [
        ("Сколько солдат прибыло в Россию?", RUSSIAN, "ru"),
        ("Скільки солдатів прибуло до Росії?", UKRAINIAN, "uk"),
        ("Wie viele Soldaten sind in Russland?", GERMAN, "de"),
        ("Combien de soldats sont arrivés en Russie ?", FRENCH, "fr"),
        ("러시아에 도착한 군인은 몇 명인가?", KOREAN, "ko"),
        ("兵士は何人ロシアに到着したか", "約1万人の兵士がロシアに到着した。", "ja"),
        ("c'est quand le festival ?", "Le festival a lieu en mai.", "fr"),
        ("Qual é a capital do Brasil?", "A capital do Brasil é Brasília.", "pt"),
        ("можна сверлить в выходные?", "В выходные сверлить нельзя.", "ru"),
        ("шо там с мостом?", "Міст відкрито.", "uk"),
        ("Han Kang", "The prize went to Han Kang.", "en"),
        ("NATO?", GERMAN, "de"),
        ("2024?", RUSSIAN, "ru"),
        ("", RUSSIAN, None),
    ],
)
def test_in_its_own_language(question: str, sentence: str, lang: str | None) -> None:
    assert not asked_across(question, sentence, lang)


@pytest.mark.parametrize(
    ("question", "sentence", "lang"),
    [
        ("How many soldiers are in Russia?", RUSSIAN, "ru"),
        ("How many soldiers are in Russia?", GERMAN, "de"),
        ("How many soldiers are there in Russia?", FRENCH, "fr"),
        ("Скільки солдатів прибуло до Росії та коли?", RUSSIAN, "ru"),
        ("Combien de soldats sont en Russie ?", "About 10,000 soldiers are in Russia.", "en"),
        ("cuantos soldados hay en Rusia", "About 10,000 soldiers are in Russia.", "en"),
        ("Wie viele Soldaten sind in Russland?", "About 10,000 soldiers are in Russia.", "en"),
        ("How many soldiers are in Russia?", KOREAN, "ko"),
    ],
)
def test_across_languages(question: str, sentence: str, lang: str) -> None:
    assert asked_across(question, sentence, lang)


@pytest.mark.parametrize(
    "question",
    [
        "Who won Britain's election?",
        "Who won Britain’s “snap” election – and when?",
        "Where was Beyoncé born?",
        "WHAT did Zoë say?",
        "",
    ],
)
def test_a_question_that_can_be_read_as_english(question: str) -> None:
    assert may_be_english(question)


@pytest.mark.parametrize(
    "question",
    [
        "Où est née Beyoncé ?",
        "Was für ein Brückenpfeiler ist das?",
        "¿Dónde está el río?",
        "What does Правда mean?",
        "Скільки солдатів?",
    ],
)
def test_a_question_that_can_not_be_read_as_english(question: str) -> None:
    assert not may_be_english(question)
