"""What names the things that are asked for by number, and counts none, is no answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.article import Question
from index.library import Library
from index.no_answer.counts import counts_none


@pytest.mark.parametrize(
    ("question", "sentence", "lang", "none"),
    [
        ("Wie viele Hunde sind erlaubt?", "(4) Hunde sind an der Leine zu führen.", "de", True),
        ("Wie viele Hunde sind erlaubt?", "Erlaubt sind höchstens zwei Hunde.", "de", False),
        ("Wie viele Hunde sind erlaubt?", "Hunde sind verboten, keine Hunde am Ufer.", "de", False),
        ("Wie viele Kinder zahlen?", "Kinder zahlen künftig 2,50 Euro.", "de", True),
        ("Wie viele Lehrer streiken?", "Von den Lehrern sind 51 im Streik.", "de", False),
        ("Wie viele Lehrer streiken?", "51 sind im Streik.", "de", False),
        ("скільки рятувальників гасили пожежу", "Пожежу на площі 800 кв. м рятувальники гасили до ранку.", "uk", True),
        ("скільки рятувальників гасили пожежу", "Пожежу гасили 24 рятувальники.", "uk", False),
        ("скільки свідків є у справі за ст. 438", "Свідків опитали за ст. 438 КК.", "uk", True),
        ("на скільки днів закрили міст", "Міст закрили на кілька днів.", "uk", False),
        ("сколько владельцев помещений платят", "Владельцы помещений платят 21 руб. за кв. м.", "ru", True),
        ("сколько завод заработал", "Завод заработал 21 млн рублей.", "ru", False),
        ("combien d'étudiants ont le tarif réduit", "Le tarif réduit (5 €) s'applique aux étudiants.", "fr", True),
        ("combien d'heures de vol a-t-il fait", "Il a fait plus de 1 800 heures de vol.", "fr", False),
        ("combien d'étudiants sont venus", "Une trentaine d'étudiants sont venus.", "fr", False),
        ("cuántos bomberos llegaron", "A las 19.30 h llegaron los bomberos.", "es", True),
        ("cuántos bomberos llegaron", "Llegaron doce, todos bomberos de Las Lomas.", "es", False),
        ("a cuántos kilómetros está el mar", "El mar está a 12 kilómetros.", "es", False),
        ("몇 명이 왔나요?", "소방관들이 왔다.", "ko", False),
    ],
)
def test_a_sentence_counts_none_of_what_it_names(question: str, sentence: str, lang: str, none: bool) -> None:
    assert counts_none(question, sentence, lang) is none


def test_what_names_the_things_and_counts_none_does_not_answer_how_many(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "parkordnung.txt"
    text = "(3) Im Park stehen 14 Bänke.\n\n(4) Hunde sind an der Leine zu führen."
    path.write_text(f"Title: Parkordnung\n\n{text}", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    assert library.ask(Question("Wie viele Bänke stehen im Park?")).answered
    assert not library.ask(Question("Wie viele Hunde sind an der Leine zu führen?")).answered
