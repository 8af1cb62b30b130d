"""By how much is no answer to how much."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.article import Question
from index.library import Library
from index.no_answer.margins import tells_only_a_margin


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (
            "How many votes did Stephen Goss get?",
            "Raman beat the council leader, Labour's Stephen Goss, by 41 votes after two recounts.",
        ),
        (
            "How many votes did Sofia Renn get?",
            "Sofia Renn won the by-election on Thursday by 318 votes over Paul Addy.",
        ),
        ("How many votes did Imran Shah get?", "Labour's Imran Shah finished 1,902 votes behind the winner."),
        ("How much is a pint of bitter?", "A pint of its bitter was made 35 pence dearer."),
        ("How many votes did Joanne Tibbs get?", "Joanne Tibbs held her seat with a majority of 512."),
        ("How many T-shirts were sold at the marathon?", "Organisers sold 1,200 fewer T-shirts than in 2025."),
        ("What was Joyce Kiptoo's time?", "Joyce Kiptoo finished 48 seconds ahead of Hanna Lindt."),
        (
            "What is the market share of Aldous?",
            "It brewed 40,000 barrels fewer, and its market share fell by two points.",
        ),
        ("What was the turnout in the by-election?", "Turnout was four points lower than at the general election."),
        ("How many people ran the marathon?", "There were 640 more runners than last year."),
        ("How much is the entry fee?", "The entry fee went up by £6, and the town's grant was cut by £9,000."),
        (
            "How many votes did Margaret Shaw get?",
            "Margaret Shaw lost to Osei, who had lost by nine votes four years ago.",
        ),
        ("What is the course record?", "She missed the course record by two minutes."),
        ("What was the price of eggs in May?", "Prices of eggs rose 11 percent in May."),
        ("Wie hoch war der Preis?", "Der Preis stieg um 5 Prozent."),
        ("Сколько стоит билет?", "Билет подорожал на 5 рублей."),
        ("Скільки коштує квиток?", "Квиток подорожчав на 5 гривень."),
    ],
)
def test_a_sentence_tells_only_by_how_much(question: str, sentence: str) -> None:
    assert tells_only_a_margin(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How many employees has Velmora?", "Velmora has 7,900 employees, 250 fewer than at the start of the year."),
        ("How much are the shares?", "The shares fell 7.4 percent to €18.20."),
        ("How many seats has Labour?", "The number of its seats rose by three to 41."),
        ("How many people were hurt?", "Three more people were hurt on Sunday."),
        ("How many people were hurt?", "Fewer than 40 people were hurt."),
        ("How many people came?", "It was attended by 300 people."),
        ("How many drivers voted for it?", "The drivers voted by 87 percent for the walkout."),
        ("By how many votes did Sofia Renn win?", "Sofia Renn won by 318 votes."),
        ("How much did prices rise?", "Prices rose 11 percent."),
        ("How many more runners were there than last year?", "There were 640 more runners than last year."),
        ("How much will parking cost?", "Parking will cost £2.80 an hour, 30 pence more than now."),
        ("How many votes did Goss get?", "Goss got 1,163 votes and lost by 41."),
        ("How many votes did Goss get?", "He got 1,163, losing by 41 votes."),
        (
            "How many tyres did Velmora sell?",
            "The tyre division sold 3.1 million tyres, 9 percent fewer than a year ago.",
        ),
        ("How many people died?", "300 people or fewer died."),
        ("How many prisoners are there?", "There are 300 people behind bars."),
        ("How old is she?", "She is two years older than Ann."),
        ("How many goals did Okafor score?", "He has scored seven goals in 15 games."),
        ("How many jobs were created?", "Employment grew by 200,000 jobs."),
        ("Wie viele Menschen kamen?", "Es kamen 300 Menschen um 8 Uhr."),
    ],
)
def test_a_sentence_tells_how_much(question: str, sentence: str) -> None:
    assert not tells_only_a_margin(question, sentence)


def test_by_how_many_votes_she_won_is_not_how_many_she_got(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "hartley.txt"
    text = "Green candidate Sofia Renn won the by-election in Hartley North on Thursday by 318 votes over Paul Addy."
    path.write_text(f"Title: Hartley by-election: the figures\n\n{text}", encoding="utf-8")
    assert [outcome.state for outcome in library.add(library.read(path))] == ["added"]
    assert not library.ask(Question("How many votes did Sofia Renn get?")).answered
    assert library.ask(Question("By how many votes did Sofia Renn win?")).answered
