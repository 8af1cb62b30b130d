"""Whose words a question asks for, and that nobody else's answer it."""

from __future__ import annotations

import pytest

from index.article import Question
from index.library import Library
from index.terms.speech import asked_speaker, is_named


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("What did Putin say about North Korean soldiers?", "Putin"),
        ("What has President Biden promised?", "President Biden"),
        ("Why did Mr. Stubb say that?", "Mr. Stubb"),
        ("Was hat Olaf Scholz zum Haushalt gesagt?", "Olaf Scholz"),
        ("Was sagt Merz über die Rente?", "Merz"),
        ("Что сказал Путин о мосте?", "Путин"),
        ("Что Путин сказал о мосте?", "Путин"),
        ("Що сказав Зеленський про міст?", "Зеленський"),
        ("what did putin say about the bridge?", "putin"),
        ("что сказал путин о мосте", "путин"),
        ("what did the judge say", ""),
        ("what did people say", ""),
        ("what did he say", ""),
        ("What did he say?", ""),
        ("what did the report say about the bridge", ""),
        ("What did the residents do when Forbes announced the cuts?", ""),
        ("What does Article 288 not say?", ""),
        ("What did Putin do?", ""),
        ("Who said that?", ""),
    ],
)
def test_who_is_asked_to_have_said_something(question: str, speaker: str) -> None:
    assert asked_speaker(question) == speaker


@pytest.mark.parametrize(
    ("speaker", "text", "named"),
    [
        ("Mr. Stubb", "Finland’s President Alexander Stubb was in Beijing.", True),
        ("Zelensky", "President Volodymyr Zelenskyy discussed it.", True),
        ("Putin", "Secretary General Mark Rutte said so.", False),
        ("Путина", "Путин не возражал.", True),
        ("Li", "Lieutenant Roe spoke.", False),
    ],
)
def test_a_text_names_a_speaker(speaker: str, text: str, named: bool) -> None:
    assert is_named(speaker, text, None) is named


def test_what_somebody_else_said_is_no_answer(seeded: Library) -> None:
    """It was Rutte who called the deployment a sign of Putin's "growing desperation"."""
    answer = seeded.ask(Question("What did Putin say about North Korean soldiers?", k=10))
    assert not answer.answered
    assert answer.confidence < 0.77
    (rutte,) = (each for each in answer.ranked if "growing desperation" in each.sentence.text)
    assert rutte.parts["other"] > 0.77 > rutte.confidence


def test_what_a_pronoun_stands_for_is_named_by_what_it_points_back_to(seeded: Library) -> None:
    answer = seeded.ask(Question("What did Alexander Stubb say about North Korean soldiers?"))
    assert answer.quotes[0].sentence.text.startswith("The deployment, he said")
    assert "Stubb" in answer.quotes[0].context[0].text
