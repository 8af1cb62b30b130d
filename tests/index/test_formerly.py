"""Who held an office once is no answer to who holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.article import Question
from index.library import Library
from index.no_answer.formerly import held_it_once

MAYOR = "Who is mayor of Denby?"


@pytest.mark.parametrize(
    ("question", "sentence", "lang"),
    [
        ("Who is the sales director of Aldous?", "He was sales director of Aldous until 2023.", "en"),
        ("Who is finance chief of Kessler?", "Finance chief Riedl, who joined in June from Kessler, agreed.", "en"),
        ("who is finance chief of kessler", "Finance chief Riedl, who joined in June from Kessler, agreed.", "en"),
        ("Who is head nurse at St Anne's?", "Her deputy is Lars Bekker, formerly head nurse at St Anne's.", "en"),
        ("Who leads the fire service in Westby?", "Petra Hain, formerly of the fire service, agreed.", "en"),
        ("Who is finance director of Lowmoor?", "She was finance director of the dairy group Lowmoor.", "en"),
        ("Who is the coach of Rovers?", "Moss came from Rovers, where he was head coach.", "en"),
        ("Who runs the ward?", "For six years he ran the ward.", "en"),
        ("Who runs Lantern Week?", "Her predecessor, Hamish Todd, now runs the festival in Westby.", "en"),
        ("What is the name of the mayor of Denby?", "Ann Ott was mayor of Denby from 2001 to 2009.", "en"),
        (MAYOR, "The former Denby mayor Ann Ott told the Courier that she was tired.", "en"),
        (MAYOR, "Ann Ott resigned as mayor of Denby in May.", "en"),
        ("Wer ist Bürgermeister von Denby?", "Der frühere Bürgermeister von Denby, Karl Ott, lebt in Rom.", "de"),
        ("Wer leitet das Theater in Denby?", "Karl Ott leitete das Theater in Denby bis 2023.", "de"),
        ("Хто мер Денбі?", "Колишній мер Денбі Іван Отт живе у Львові.", "uk"),
        ("Кто директор завода?", "Он был директором завода до 2023 года.", "ru"),
        ("Qui est le maire de Denby ?", "L'ancien maire de Denby, Paul Ott, vit à Rome.", "fr"),
        ("¿Quién es el alcalde de Denby?", "Pablo Ott fue alcalde de Denby hasta 2023.", "es"),
    ],
)
def test_a_sentence_names_who_held_it_once(question: str, sentence: str, lang: str) -> None:
    assert held_it_once(question, sentence, lang)


@pytest.mark.parametrize(
    ("question", "sentence", "lang"),
    [
        ("Who runs the festival in Westby?", "Her predecessor, Hamish Todd, now runs the festival in Westby.", "en"),
        ("Who is Lars Bekker?", "Her deputy is Lars Bekker, formerly head nurse at St Anne's.", "en"),
        ("Who is Ann Ott?", "The former mayor Ann Ott told the Courier that she was tired.", "en"),
        ("Who is the finance chief of Velmora?", "Finance chief Riedl, who joined in June from Kessler, agreed.", "en"),
        ("Who is the head of Aldous?", "Aldous has named Ann Ott, formerly director of Lowmoor, as head.", "en"),
        ("Who is captain of Aldous?", "Ott, who joined from Pendle, is captain of Aldous.", "en"),
        ("Who leads the Labour group?", "Goss, who led the council until 2015, now leads the Labour group.", "en"),
        ("Who runs Aldous?", "Vale has run Aldous for nine years.", "en"),
        ("Who runs the mill?", "The former mill is run by Ann Ott.", "en"),
        ("Who owns the Gaiety?", "Todd left the Gaiety to his daughter Ann.", "en"),
        (MAYOR, "Ann Ott was elected mayor of Denby in May.", "en"),
        (MAYOR, "Ann Ott was elected mayor of Denby until 2027.", "en"),
        (MAYOR, "Ann Ott, who is mayor of Denby, said that it was late.", "en"),
        (MAYOR, "Ann Ott, a former teacher, is mayor of Denby.", "en"),
        (MAYOR, "Ann Ott resigned as mayor of Denby in May and was replaced by Jo Bell.", "en"),
        ("Who was mayor of Denby?", "Ann Ott was mayor of Denby until 2001.", "en"),
        ("Who is the former mayor of Denby?", "The former mayor of Denby is Ann Ott.", "en"),
        ("Wer leitet das Theater?", "Anna Ott, früher Lehrerin, leitet das Theater.", "de"),
    ],
)
def test_a_sentence_may_name_who_holds_it(question: str, sentence: str, lang: str) -> None:
    assert not held_it_once(question, sentence, lang)


def test_who_was_director_until_2023_is_not_said_to_be_it(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "brewers.txt"
    text = "Rival Penhale is led by Marcus Dey. He was sales director of Aldous until 2023."
    path.write_text(f"Title: Brewer Aldous names new chief\n\n{text}", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    assert not library.ask(Question("Who is the sales director of Aldous?")).answered
    assert library.ask(Question("Who was sales director of Aldous until 2023?")).answered
