"""What is said once candidates are scored."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answer import compose
from index.answer.asked import asked
from index.answer.compose import PLAUSIBLE
from index.article import Article, ArticleId, Quote, Sentence, SentenceId, hash_of
from index.candidate import Candidate
from index.rank import Scored

HOW_MANY = "How many North Korean soldiers are in Russia?"
OCTOBER = ("white-house", "At least 3,000 North Korean soldiers were moved to eastern Russia.", date(2024, 10, 24))
MIDDLE = ("trt", "About 10,000 North Korean soldiers are in Russia.", date(2024, 10, 31))
NOVEMBER = (
    "abc",
    "There could be 11,000 to 12,000 North Korean troops in Russia by now, the Pentagon said on Monday, Nov. 4.",
    date(2024, 11, 5),
)


def scored(
    article: str,
    text: str,
    published: date | None = None,
    probability: float = 0.9,
    lang: str = "en",
    id: int = 0,
    title: str = "",
) -> Scored:
    number = id or zlib.crc32(f"{article} {text}".encode())
    sentence = Sentence(SentenceId(number), ArticleId(article), hash_of(article), number, 0, len(text), text)
    about = Article(ArticleId(article), title or article, published=published, lang=lang)
    return Scored(Candidate(sentence, about, 0.9, 1.0), probability, {})


def texts(quotes: Sequence[Quote]) -> list[str]:
    return [each.sentence.text for each in quotes]


def everything(quotes: Sequence[Quote]) -> list[Quote]:
    return [each for quote in quotes for each in (quote, *everything(quote.also), *everything(quote.conflicts))]


def test_nothing_below_the_threshold_is_said() -> None:
    assert compose([scored(*MIDDLE, probability=0.49)], 0.5, 3, question=HOW_MANY) == ()


def test_a_paraphrase_in_another_article_stands_with_the_first() -> None:
    one = scored(
        "a", "North Korea’s foreign minister, Choe Son-hui, travelled to Moscow for talks.", date(2024, 10, 31)
    )
    other = scored("b", "Foreign Minister Choe Son-hui of North Korea ended a visit to Moscow.", date(2024, 11, 5), 0.8)
    answer = compose([one, other], 0.5, 3, question="Where did Choe Son-hui go?")
    assert len(answer) == 1
    assert texts(answer[0].also) == [other.candidate.sentence.text]


def test_among_equally_direct_sentences_the_most_recent_is_shown() -> None:
    old = scored("old", "About 10,000 North Korean soldiers are in Russia.", date(2024, 10, 31), 0.92)
    new = scored("new", "More than 10,000 North Korean soldiers are in Russia now.", date(2024, 11, 5), 0.90)
    (shown,) = compose([old, new], 0.5, 3, question=HOW_MANY)
    assert shown.article.id == "new"
    assert [each.article.id for each in shown.also] == ["old"]


def test_a_much_more_probable_sentence_is_shown_before_a_recent_one() -> None:
    old = scored("old", "About 10,000 North Korean soldiers are in Russia.", date(2024, 10, 31), 0.95)
    new = scored("new", "More than 10,000 North Korean soldiers are in Russia now.", date(2024, 11, 5), 0.6)
    (shown,) = compose([new, old], 0.5, 3, question=HOW_MANY)
    assert shown.article.id == "old"


def test_the_same_fact_in_two_languages_is_one_answer() -> None:
    english = scored("en", "Kyiv expects that number to grow to 12,000.", date(2024, 10, 31))
    ukrainian = scored("uk", "Київ очікує, що їхня кількість зросте до 12 тисяч.", date(2024, 10, 30), 0.8, "uk")
    near = np.array([[1, 0.876], [0.876, 1]], dtype=np.float32)
    asked = "To how many does Kyiv expect the number to grow?"
    (shown,) = compose([english, ukrainian], 0.5, 3, question=asked, similarity=near)
    assert texts(shown.also) == [ukrainian.candidate.sentence.text]
    far = np.array([[1, 0.7], [0.7, 1]], dtype=np.float32)
    assert len(compose([english, ukrainian], 0.5, 3, question=asked, similarity=far)) == 2


def test_sentences_of_one_article_are_never_the_same_fact_in_another() -> None:
    first = scored("a", "About 10,000 North Korean soldiers are in Russia.")
    second = scored("a", "In Russia there are about 10,000 North Korean soldiers and their officers.", probability=0.7)
    answer = compose([first, second], 0.5, 3, question=HOW_MANY)
    assert all(not quote.also for quote in answer)


def test_conflicting_figures_stand_together_from_oldest_to_newest() -> None:
    answer = compose([scored(*NOVEMBER, 0.7), scored(*MIDDLE, 0.95), scored(*OCTOBER, 0.8)], 0.5, 3, question=HOW_MANY)
    assert texts(answer) == [MIDDLE[1]]
    assert texts(answer[0].conflicts) == [OCTOBER[1], NOVEMBER[1]]


@pytest.mark.parametrize(("probability", "shown"), [(0.3, True), (0.2, False)])
def test_a_conflicting_figure_is_not_hidden_by_a_somewhat_lower_score(probability: float, shown: bool) -> None:
    (best,) = compose([scored(*MIDDLE, 0.9), scored(*OCTOBER, probability)], 0.5, 1, question=HOW_MANY)
    assert bool(best.conflicts) is shown


@pytest.mark.parametrize("asked", ["How many people did the flood in Kyiv kill?", "What did the flood in Kyiv do?"])
def test_a_figure_in_common_hides_no_other(asked: str) -> None:
    old = scored("a", "The flood in Kyiv left 500 dead and 30 hurt.", date(2024, 5, 1))
    new = scored("b", "The flood in Kyiv left 700 dead and 30 hurt.", date(2024, 5, 2), 0.8)
    answer = compose([old, new], 0.5, 3, question=asked)
    assert len({each.article.id for each in everything(answer)}) == 2
    assert not any(quote.also for quote in answer)


def test_a_number_in_a_name_is_no_figure_in_common() -> None:
    old = scored("a", "COVID-19 killed 500 people in Kyiv.", date(2024, 5, 1))
    new = scored("b", "COVID-19 killed 700 people in Kyiv.", date(2024, 5, 2), 0.8)
    answer = compose([old, new], 0.5, 3, question="What did COVID-19 do in Kyiv?")
    assert not any(quote.also for quote in answer)


def test_figures_of_different_places_are_separate_answers() -> None:
    front = scored(
        "b", "He said that 3,000 North Korean soldiers were stationed near the Ukrainian front line.", None, 0.7
    )
    answer = compose([scored(*MIDDLE), front], 0.5, 3, question=HOW_MANY)
    assert len(answer) == 2
    assert not any(quote.conflicts for quote in answer)


@pytest.mark.parametrize(
    ("question", "lang", "title", "text", "other_title", "other"),
    [
        (
            "скільки місто витратило на генератори торік?",
            "uk",
            "Сесія міськради Кам'янопільська: бюджет",
            "Торік на генератори місто витратило 14,2 млн грн.",
            "Область у цифрах",
            "Минулого року Дубравинськ витратив на генератори 3 млн грн.",
        ),
        (
            "How much did the city spend on generators?",
            "en",
            "The council of Vik",
            "Last year the city spent 3 million euros on generators.",
            "Budgets of the region",
            "Last year Halden spent 5 million euros on generators.",
        ),
        (
            "심야버스 요금 얼마인가요",
            "ko",
            "해림시, 3월부터 요금 인상",
            "심야버스 요금은 2500원이다.",
            "버스 소식",
            "동산시 심야버스 요금은 3000원이다.",
        ),
    ],
)
def test_figures_of_two_towns_do_not_disagree(
    question: str, lang: str, title: str, text: str, other_title: str, other: str
) -> None:
    one = scored("a", text, lang=lang, title=title)
    of_another = scored("b", other, None, 0.8, lang, title=other_title)
    answer = compose([one, of_another], 0.5, 3, question=question)
    assert len(answer) == 2
    assert not any(quote.conflicts for quote in answer)


@pytest.mark.parametrize(
    ("question", "lang", "text", "other"),
    [
        (
            "How many people marched?",
            "en",
            "In all 3,000 people marched, Ann Ott said.",
            "In all 8,000 people marched, Jim Roe said.",
        ),
        (
            "How many people marched?",
            "en",
            "On Sunday Ann Ott counted 3,000 people who marched.",
            "On Sunday Jim Roe counted 8,000 people who marched.",
        ),
        (
            "How much did the telescope cost?",
            "en",
            "The James Webb telescope cost 10 billion dollars.",
            "The telescope, built by Northrop Grumman, cost 9 billion dollars.",
        ),
        ("How many soldiers are there?", "en", "By October 3,000 were there.", "It says 8,000 were there in November."),
        ("심야버스 요금 얼마인가요", "ko", "해림시 심야버스 요금은 2500원이다.", "해림시 심야버스 요금은 3000원이다."),
        ("요금은 얼마인가요", "ko", "다시 오른 요금은 2500원이다.", "연구 결과 요금은 3000원이다."),
    ],
)
def test_who_counted_and_when_makes_no_other_subject(question: str, lang: str, text: str, other: str) -> None:
    answer = compose([scored("a", text, lang=lang), scored("b", other, None, 0.8, lang)], 0.5, 3, question=question)
    assert texts(answer[0].conflicts) == [other]


FERRY = "How much did the ferry cost?"


def test_what_something_else_cost_is_no_other_figure() -> None:
    ferry = scored("a", "The ferry cost 44 million euros in the end, the port authority said.", date(2025, 3, 8))
    tickets = scored("b", "Tickets cost 4.20 euros for adults and 2.10 euros for children.", date(2025, 3, 4), 0.7)
    answer = compose([ferry, tickets], 0.5, 3, question=FERRY)
    assert texts(answer) == [ferry.candidate.sentence.text, tickets.candidate.sentence.text]
    assert not any(quote.conflicts for quote in answer)


@pytest.mark.parametrize(
    "other", ["The ferry cost 41 million euros.", "Its price was 41 million euros, the port said."]
)
def test_a_question_that_is_all_price_still_meets_other_figures(other: str) -> None:
    one = scored("a", "It cost 44 million euros, the port authority said.", date(2025, 3, 8))
    answer = compose([one, scored("b", other, date(2025, 3, 4), 0.8)], 0.5, 3, question="What did it cost?")
    assert texts(answer[0].conflicts) == [other]


def test_a_sentence_that_points_back_to_what_is_asked_meets_other_figures() -> None:
    one = scored("a", "The telescope cost 10 billion dollars.", date(2022, 1, 1))
    other = scored("b", "It cost about $8 billion and was more than a decade late.", date(2021, 12, 25), 0.8)
    (answer,) = compose([one, other], 0.5, 3, question="How much did the telescope cost?")
    assert texts(answer.conflicts) == [other.candidate.sentence.text]


@pytest.mark.parametrize("probability", [0.8, 0.4])
def test_another_figure_stands_once_whoever_repeats_it(probability: float) -> None:
    first = scored("a", "The ferry cost 44 million euros in the end, the port authority said.", date(2025, 3, 8), 0.9)
    other = scored("b", "The ferry cost 41 million euros.", date(2025, 3, 5), 0.85)
    again = scored(
        "b", "The ferry's price was 41 million euros, the port authority said.", date(2025, 3, 5), probability
    )
    third = scored("c", "For 41 million euros the ferry was a bargain.", date(2025, 3, 4), probability)
    (answer,) = compose([first, other, again, third], 0.5, 3, question=FERRY)
    assert texts(answer.conflicts) == [other.candidate.sentence.text]
    assert texts(answer.conflicts[0].also) == [third.candidate.sentence.text]


def test_a_date_is_no_other_figure_for_a_count() -> None:
    dated = scored("b", "North Korean soldiers have been in Russia since Oct. 8, 2024.", date(2024, 11, 1), 0.7)
    answer = compose([scored(*MIDDLE), dated], 0.5, 3, question=HOW_MANY)
    assert not any(quote.conflicts for quote in answer)


def test_two_dates_for_one_event_are_shown_together() -> None:
    one = scored("a", "Chandrayaan-3 landed on the Moon on Aug. 23, 2023.", date(2023, 8, 26))
    other = scored("b", "Chandrayaan-3 landed on the Moon on Aug. 24.", date(2023, 8, 25), 0.8)
    (answer,) = compose([one, other], 0.5, 3, question="When did Chandrayaan-3 land on the Moon?")
    assert texts(answer.conflicts) == [other.candidate.sentence.text]


@pytest.mark.parametrize("other", ["School ends at 1 pm on Fridays.", "On Fridays, school ends at 12:30."])
def test_noon_is_another_time_than_one(other: str) -> None:
    noon = scored("a", "School ends at 12 noon on Fridays.", date(2025, 3, 8))
    one = scored("b", other, date(2025, 3, 5), 0.8)
    (answer,) = compose([noon, one], 0.5, 3, question="When does school end on Fridays?")
    assert not answer.also
    assert texts(answer.conflicts) == [other]


def test_rounding_words_make_no_conflict() -> None:
    exact = scored("a", "The earthquake killed 53,537 people in Turkey.", date(2024, 2, 6))
    rough = scored("b", "The earthquake killed more than 53,000 people in Turkey.", date(2024, 2, 7), 0.8)
    (answer,) = compose([exact, rough], 0.5, 3, question="How many people did the earthquake kill in Turkey?")
    assert len(answer.also) == 1
    assert not answer.conflicts


def test_several_facts_are_shown_and_no_more_than_asked_for() -> None:
    said = [scored(f"a{n}", text, None, 0.9 - n / 100) for n, text in enumerate(("One ran.", "Two swam.", "Six flew."))]
    assert texts(compose(said, 0.5, 2)) == ["One ran.", "Two swam."]


def test_a_repetition_in_the_same_article_is_not_shown_twice() -> None:
    first = scored("a", "The mission cost about $75 million.", None, 0.9, id=1)
    again = scored("a", "The mission cost about $75 million, then.", None, 0.8, id=9)
    assert texts(compose([again, first], 0.5, 3)) == [first.candidate.sentence.text]


SENTENCES = st.sampled_from(
    [
        *(each[1] for each in (OCTOBER, MIDDLE, NOVEMBER)),
        "About 11,000 North Korean soldiers, he said, had reached the Kursk region.",
        "At least 10,000 of them are in the Kursk region.",
        "It cost about $10 billion and was more than a decade late.",
        "The telescope cost 10 billion dollars.",
        "Північна Корея відправила до Росії близько 10 тисяч військових.",
        "상금은 1100만 스웨덴 크로나다.",
    ]
)
CANDIDATES = st.lists(
    st.builds(
        scored,
        article=st.sampled_from("abcde"),
        text=SENTENCES,
        published=st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2024, 12, 31))),
        probability=st.sampled_from([0.1, 0.2, 0.3, 0.5, 0.7, 0.72, 0.9]),
        lang=st.sampled_from(["en", "uk", "ko"]),
    ),
    max_size=10,
    unique_by=lambda each: (each.candidate.article.id, each.candidate.sentence.text),
)
QUESTIONS = st.sampled_from(
    [HOW_MANY, "How many are in Kursk?", "How much did it cost?", "When?", "상금은 얼마인가?", ""]
)


@settings(max_examples=60, deadline=None)
@given(CANDIDATES, QUESTIONS, st.sampled_from([0.4, 0.6, 0.8]))
def test_every_answer_above_the_threshold_is_shown_somewhere(
    ranked: list[Scored], question: str, threshold: float
) -> None:
    cosines = np.full((len(ranked), len(ranked)), 0.85, dtype=np.float32)
    answer = compose(ranked, threshold, 99, question=question, similarity=cosines)
    said = everything(answer)
    shown = {each.sentence.id for each in said}
    assert len(shown) == len(said)
    assert all(quote.confidence >= threshold for quote in answer)
    assert all(each.confidence >= threshold for quote in answer for each in quote.also)
    assert all(each.confidence >= threshold * PLAUSIBLE for each in said)
    # Nothing is left out but what another sentence of its own article says in the same words.
    for each in ranked:
        if each.probability >= threshold and each.candidate.sentence.id not in shown:
            own = [other for other in said if other.article.id == each.candidate.article.id]
            words = set(re.findall(r"\w+", each.candidate.sentence.text.lower()))
            assert any(len(words & set(re.findall(r"\w+", o.sentence.text.lower()))) >= len(words) / 2 for o in own)
    for quote in said:
        of_articles = [quote.article.id, *(each.article.id for each in quote.also)]
        assert len(of_articles) == len(set(of_articles))
        dates = [each.article.published for each in quote.conflicts if each.article.published]
        assert dates == sorted(dates)
    assert compose(ranked, threshold, 1, question=question, similarity=cosines) == answer[:1]


@settings(max_examples=40, deadline=None)
@given(CANDIDATES, QUESTIONS, st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_does_not_matter(ranked: list[Scored], question: str, random) -> None:
    mixed = list(ranked)
    random.shuffle(mixed)
    assert compose(mixed, 0.5, 3, question=question) == compose(ranked, 0.5, 3, question=question)


def test_an_article_that_gives_both_figures_is_heard_on_both() -> None:
    same = scored("abc", "More than 10,000 North Korean soldiers had gone to Russia.", date(2024, 11, 5), 0.8)
    answer = compose([scored(*MIDDLE, 0.95), scored(*NOVEMBER, 0.85), same], 0.5, 3, question=HOW_MANY)
    assert texts(answer) == [MIDDLE[1]]
    assert texts(answer[0].also) == [same.candidate.sentence.text]
    assert texts(answer[0].conflicts) == [NOVEMBER[1]]


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("How many people were in the water when the bridge fell?", {"count"}),
        ("When was the bridge opened?", {"date", "time"}),
        ("How long did martial law last?", {"measure"}),
        ("Скільки військових відправлено до Росії?", {"count"}),
        ("Когда Индия посадила аппарат на Луну?", {"date", "time"}),
        ("Wie viele Tore fielen?", {"count"}),
        ("상금은 얼마인가?", {"measure"}),
        ("계엄은 언제 해제됐나요?", {"date", "time"}),
        ("Who is the president of Finland?", set()),
        ("скільки коштуватиме проїзд", {"measure"}),
        ("скільки місто витратило на генератори?", {"measure"}),
        ("сколько владельцев платят взнос?", {"count"}),
        ("на сколько вырастет тариф?", {"count", "measure"}),
        ("combien coûte l'abonnement ?", {"measure"}),
        ("ile kosztuje bilet?", {"measure"}),
    ],
)
def test_a_question_says_what_kind_of_figure_it_wants(question: str, kinds: set[str]) -> None:
    assert asked(question).kinds == kinds


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("скільки місто витратило на генератори?", "На 20 генераторів місто витратило 14,2 млн грн.", 14_200_000),
        ("сколько стоит кладовка?", "Кладовые сдаются по 900 руб. в месяц.", 900),
        ("на сколько вырастет тариф?", "Тариф с 1 января вырастет на 9,6 %.", 9.6),
        ("на скільки збільшили видатки?", "Видатки збільшили на 48,3 млн грн.", 48_300_000),
    ],
)
def test_who_asks_for_money_is_told_money(question: str, text: str, told: float) -> None:
    (figure,) = asked(question).of(text)
    assert figure.low == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The ferry can carry 240 passengers and 60 cars.", [240]),
        ("Up to 240 people and 60 cars fit on the ferry.", [240, 60]),
        ("It carried 240 passengers in May and 260 in June.", [240, 260]),
    ],
)
def test_beside_what_a_question_counts_other_things_are_not_asked(text: str, told: list[float]) -> None:
    figures = asked("How many passengers does the ferry carry?").of(text)
    assert [figure.low for figure in figures] == told
