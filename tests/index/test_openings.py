"""What an article's opening names, for the sentences behind it that leave it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from index.answer.context import Surroundings
from index.article import ArticleId, Draft, Question
from index.library import Library
from index.reading import within_what_is_named
from index.search import Candidate
from index.settings import LibrarySettings

FERRY = (
    "The electric ferry Aurora made its first crossing to the Isle of Brenn on Wednesday. The trip takes 55 minutes. "
    "A ticket costs 9 euros for adults. Its batteries are charged at night. "
    'Captain Josefa Lund said the ship was "so quiet that you hear the seals".'
)
MAYOR = (
    "Anna Lindqvist will be the next mayor of the city. She won the run-off against the incumbent, Karl Moser. "
    "Turnout was 61 percent. Lindqvist, a 41-year-old harbour pilot, takes office in September. "
    "She has promised free school lunches."
)


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(LibrarySettings.load(data=tmp_path_factory.mktemp("news"))) as library:
        ferry = Draft("New ship takes up service", FERRY, lang="en", id=ArticleId("ferry"))
        mayor = Draft("A close vote", MAYOR, lang="en", id=ArticleId("mayor"))
        assert [outcome.state for outcome in library.add([ferry, mayor])] == ["added", "added"]
        yield library


def opening(library: Library, article: str, place: int, question: str, title: str = "") -> str:
    sentence = library.sentences(ArticleId(article))[place]
    found = library.article(ArticleId(article))
    candidate = Candidate(sentence, replace(found, title=title or found.title), 0.8, 0.0)
    return Surroundings(library.around, library.opening).opening(question, candidate)


def test_the_sentence_that_names_it_is_found(news: Library) -> None:
    assert opening(news, "ferry", 4, "Who is the captain of the Aurora?").startswith("The electric ferry Aurora")


@pytest.mark.parametrize(
    ("place", "question", "title"),
    [
        (4, "Who is the captain?", ""),
        (4, "Who is the captain of the Titanic?", ""),
        (4, "Who is the captain of the Aurora?", "The Aurora sails"),
        (4, "Who is the captain of the ferry Aurora?", "Ferry"),
        (0, "Where did the Aurora go?", ""),
    ],
    ids=["nothing is named", "the opening does not name it", "the title does", "so it does", "it is the opening"],
)
def test_nothing_is_read_where_nothing_is_lacking(news: Library, place: int, question: str, title: str) -> None:
    assert opening(news, "ferry", place, question, title) == ""


def test_what_is_said_of_one_person_is_not_said_of_another(news: Library) -> None:
    assert opening(news, "mayor", 3, "How old is Karl Moser?") == ""
    assert opening(news, "mayor", 4, "What has Karl Moser promised?") == ""
    assert opening(news, "mayor", 4, "What has Lindqvist promised?").startswith("Anna Lindqvist")
    assert opening(news, "mayor", 2, "What was the turnout when Moser lost?")


def test_people_ask_by_the_name_that_the_headline_leaves_out(news: Library) -> None:
    captain = news.ask(Question("Who is the captain of the Aurora?"))
    assert captain.answered
    assert captain.quotes[0].sentence.text.startswith("Captain Josefa Lund")
    assert not news.ask(Question("How old is Karl Moser?")).answered
    assert not news.ask(Question("What has Karl Moser promised?")).answered
    assert not news.ask(Question("Who is the captain of the Titanic?")).answered


def test_what_an_article_says_of_whom_its_opening_names_is_read_though_no_name_finds_it(news: Library) -> None:
    asked = Question("Who is the captain of the Aurora?")
    opening_alone = [each for each in news._search.candidates([asked], [20])[0] if not each.sentence.ordinal][:1]
    within = within_what_is_named([asked], [opening_alone], news._search.within)[0]
    assert any(each.sentence.text.startswith("Captain Josefa Lund") for each in within)
    assert all(each.article.id == "ferry" and each.sentence.ordinal for each in within)


@pytest.mark.parametrize(
    "asked",
    [Question("Who is the captain?"), Question("Who is the captain of the Aurora?", article=ArticleId("ferry"))],
    ids=["nothing is named", "one article is asked of"],
)
def test_no_more_is_read_where_nothing_is_named_or_all_is_read_anyway(news: Library, asked: Question) -> None:
    found = news._search.candidates([asked], [20])
    assert within_what_is_named([asked], found, news._search.within) == [[]]
