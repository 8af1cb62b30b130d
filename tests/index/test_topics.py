"""Messages that name a topic and ask nothing of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.answer import newest_first
from index.article import Question
from index.library import Library
from index.restated import is_follow_up
from index.terms.topics import happened_to, topic_of, without_request


@pytest.mark.parametrize(
    ("message", "topic", "newest"),
    [
        ("Any news about the Key Bridge?", "the Key Bridge", True),
        ("Is there any news on the visa rules", "the visa rules", True),
        ("do you have any new updates on the tram", "the tram", True),
        ("what's the latest on Sweden and NATO??", "Sweden and NATO", True),
        ("What is happening in Kursk?", "Kursk", True),
        ("latest news from Baltimore", "Baltimore", True),
        ("does anyone have news on North Korean troops?", "North Korean troops", True),
        ("anything new about Luna-25?", "Luna-25", True),
        ("Key Bridge news", "Key Bridge", True),
        ("NATO Sweden latest?", "NATO Sweden", True),
        ("Can you tell me about the Webb telescope?", "the Webb telescope", False),
        ("could someone give me info on Han Kang", "Han Kang", False),
        ("I'd like to know more about the AI Act", "the AI Act", False),
        ("tell me about the Webb telescope", "the Webb telescope", False),
        ("What do we know about North Korean troops in Russia?", "North Korean troops in Russia", False),
        ("Gibt es Neues vom EM-Finale?", "EM-Finale", True),
        ("Was gibt’s Neues über Luna-25?", "Luna-25", True),
        ("Erzähl mir etwas über Han Kang", "Han Kang", False),
        ("есть новости о Луне-25?", "Луне-25", True),
        ("Что известно о северокорейских солдатах?", "северокорейских солдатах", False),
        ("що нового з Каховської ГЕС", "Каховської ГЕС", True),
        ("розкажіть мені про Каховську ГЕС", "Каховську ГЕС", False),
        ("한강 소식 있나요?", "한강", True),
        ("비상계엄에 대해 알려줘", "비상계엄", False),
    ],
)
def test_a_request_names_its_topic(message: str, topic: str, newest: bool) -> None:
    assert topic_of(message) == (topic, newest)
    assert without_request(message) == topic


@pytest.mark.parametrize(
    "message",
    [
        "any news?",
        "any news about it?",
        "What's up?",
        "What are the new rules on plastic?",
        "What is the latest figure on North Korean soldiers?",
        "What did the Pentagon say about North Korean troops?",
        "What happened in Baltimore?",
        "Who reads the news?",
        "Is this fake news?",
        "latest news",
        "What's the news today?",
        "News of the World",
        "How many people are in the news?",
        "Что случилось с мостом?",
        "소식",
    ],
)
def test_a_question_is_none(message: str) -> None:
    assert topic_of(message) is None
    assert without_request(message) == message


@pytest.mark.parametrize(
    ("message", "start"),
    [
        ("Any news about the Key Bridge?", "The Francis Scott Key Bridge"),
        ("hi, what's the latest on Sweden and NATO?", "Sweden became the 32nd member"),
        ("расскажи про землетрясение", "Более 2600 человек"),
    ],
)
def test_what_is_about_the_topic_answers(seeded: Library, message: str, start: str) -> None:
    answer = seeded.ask(Question(message))
    assert answer.quotes[0].sentence.text.startswith(start)
    assert answer.asked == without_request(answer.asked)


@pytest.mark.parametrize(
    "message",
    ["Any news about the Crimea Bridge?", "what's the latest on Norway and NATO?", "расскажи про наводнение"],
)
def test_what_is_about_something_near_it_does_not(seeded: Library, message: str) -> None:
    assert not seeded.ask(Question(message)).answered


def test_news_comes_newest_first(seeded: Library) -> None:
    told = seeded.ask(Question("What do we know about North Korean troops in Russia?")).quotes
    news = seeded.ask(Question("Any news about North Korean troops in Russia?")).quotes
    assert {each.sentence for each in told} == {each.sentence for each in news}
    dates = [each.article.published or date.min for each in news]
    assert dates == sorted(dates, reverse=True)
    undated = replace(news[0], article=replace(news[0].article, published=None))
    assert newest_first((undated, news[1])) == (news[1], undated)


def test_a_topic_needs_no_question_before_it() -> None:
    assert not is_follow_up(Question("what's up with kursk", previous="Who won?"))


def test_a_question_may_follow_a_request(seeded: Library) -> None:
    answer = seeded.ask(Question("When did it collapse?", previous="Any news about the Key Bridge?"))
    assert "Key Bridge" in answer.asked
    assert "news" not in answer.asked


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("What happened to the Key Bridge?", "the Key Bridge"),
        ("whats happened with martial law in Korea", "martial law in Korea"),
        ("What exactly happened at the concert", "the concert"),
        ("What became of the Rwanda plan?", "the Rwanda plan"),
        ("Was ist im EM-Finale passiert?", "EM-Finale"),
        ("Was passierte mit der Brücke?", "der Brücke"),
        ("что случилось со станцией Луна-25", "станцией Луна-25"),
        ("що сталося під час концерту?", "концерту"),
        ("12월 3일에 무슨 일이 있었나요?", "12월 3일"),
        ("What happened when Mary died?", ""),
        ("what happened to them?", ""),
        ("What happened next?", ""),
        ("What happens to light in a gravity well?", ""),
        ("How many people died?", ""),
    ],
)
def test_what_is_asked_to_have_happened_to_something_is_about_it(question: str, about: str) -> None:
    assert happened_to(question) == about


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("What happened to the Key Bridge?", "The Francis Scott Key Bridge in Baltimore collapsed"),
        ("What happened to Luna-25?", "Only four days before this success, Russia’s Luna-25"),
        ("что случилось со станцией Луна-25", "Станция столкнулась"),
    ],
)
def test_what_happened_to_something_is_told(seeded: Library, question: str, start: str) -> None:
    assert seeded.ask(Question(question)).quotes[0].sentence.text.startswith(start)


@pytest.mark.parametrize(
    "question",
    ["What happened to the Golden Gate Bridge?", "What happened to Luna-26?", "що сталося з Дніпровською ГЕС?"],
)
def test_what_happened_to_something_else_is_not(seeded: Library, question: str) -> None:
    assert not seeded.ask(Question(question)).answered
