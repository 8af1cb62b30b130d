"""What stands beside a quote: its context and its speaker, from the articles that ship with it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from index.answer import compose
from index.answer.context import MOST, context, needs_context
from index.answer.figures import figures
from index.answer.speaker import speaker
from index.article import Article, ArticleId, Sentence, SentenceId, hash_of
from index.candidate import Candidate
from index.rank import Scored
from index.readers import read
from index.segment import segment

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))


@cache
def sentences() -> tuple[tuple[Sentence, str], ...]:
    found = []
    for path in SEEDS:
        (draft,) = read(path)
        for place, span in enumerate(segment(draft.text, draft.lang)):
            text = draft.text[span.start : span.end]
            sentence = Sentence(
                SentenceId(len(found)), ArticleId(path.stem), hash_of(draft.text), place, span.start, span.end, text
            )
            found.append((sentence, draft.lang or "en"))
    return tuple(found)


def around(id: SentenceId, count: int = 2) -> tuple[list[Sentence], list[Sentence]]:
    here = sentences()[id][0]
    near = [each for each, _ in sentences()[max(0, id - count) : id + count + 1] if each.snapshot == here.snapshot]
    return [each for each in near if each.id < id], [each for each in near if each.id > id]


def starting(start: str) -> tuple[Sentence, str]:
    return next(found for found in sentences() if found[0].text.startswith(start))


@pytest.mark.parametrize(
    ("start", "before"),
    [
        ("He called it “escalation", "The deployment, he said"),
        ("Kyiv expects that number", None),
        ("Тоді він сказав", "Про участь КНДР"),
        ("За його словами, 3000", "Президент України В. Зеленський"),
        ("Они назвали положение", "На северо-западе Сирии"),
        ("At least 10,000 of them", "There could be 11,000"),
        ("그는 작가가 아들과", "발표는 마츠 말름"),
        ("Er war im Finale", "Yamal wurde"),
        ("Mayor Brandon", None),
        ("About 10,000 North Korean soldiers", None),
        ("“This is a watershed moment", None),
    ],
)
def test_a_sentence_that_points_back_comes_with_the_one_before(start: str, before: str | None) -> None:
    found = [each for each in sentences() if each[0].text.startswith(start)]
    for sentence, lang in found:
        said = context(sentence, around(sentence.id)[0], lang)
        assert said[-1].text.startswith(before) if before else not said, said


def test_context_is_what_stands_right_before_in_the_snapshot() -> None:
    for sentence, lang in sentences():
        said = context(sentence, around(sentence.id)[0], lang)
        assert len(said) <= MOST
        assert [each.ordinal for each in said] == list(range(sentence.ordinal - len(said), sentence.ordinal))
        assert all(each.snapshot == sentence.snapshot for each in said)


@pytest.mark.parametrize(
    ("start", "who"),
    [
        ("He called it “escalation", "President Alexander Stubb"),
        ("He spoke of a “relatively small", "Maj. Gen. Pat Ryder"),
        ("“Those numbers could go up,” he said", "Maj. Gen. Pat Ryder"),
        ("“I am sorry,” he told", "Rishi Sunak"),
        ("He described that as a “highly", "Kirby"),
        ("“Good things come to those", None),
        ("The Swedish Academy praised her", None),
        ("Her best-known novel is “The Vegetarian.”", None),
        ("He called the matter “very", None),
        ("«Луна-25» стартовала", None),
    ],
)
def test_a_quotation_without_a_speaker_gets_the_one_that_the_article_names(start: str, who: str | None) -> None:
    sentence, _ = starting(start)
    assert speaker(sentence, *around(sentence.id)) == who


def test_a_speaker_is_named_in_the_words_of_a_neighbour() -> None:
    named = [(sentence, speaker(sentence, *around(sentence.id))) for sentence, _ in sentences()]
    assert sum(who is not None for _, who in named) >= 5
    for sentence, who in named:
        assert who is None or any(who in each.text for side in around(sentence.id) for each in side)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("It is unlikely that the tram will run before June.", "en"),
        ("It is not true that you must pay at the door.", "en"),
        ("It’s not known when the bridge will open.", "en"),
        ("It was announced that the pool would close.", "en"),
        ("However, it is often claimed that garlic keeps mosquitoes away.", "en"),
        ("It has become clear that nobody paid.", "en"),
        ("It turned out that the keys were lost.", "en"),
        ("It is hard to find a flat in Halden.", "en"),
        ("It takes 71 days to sell a home.", "en"),
        ("It takes about 40 minutes to walk to the top.", "en"),
        ("It took the council up to three years to approve the plan.", "en"),
        ("Es ist unwahrscheinlich, dass die Bahn vor Juni fährt.", "de"),
        ("Es wurde nicht bekannt, ob jemand verletzt wurde.", "de"),
        ("Es ist nicht erlaubt, Hunde mitzubringen.", "de"),
    ],
)
def test_an_it_that_means_nothing_points_nowhere(text: str, lang: str) -> None:
    assert not needs_context(text, lang)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("It is known to be poisonous.", "en"),
        ("It was built to last.", "en"),
        ("It was damaged that day.", "en"),
        ("It was cleared of snow.", "en"),
        ("It was so damaged that nobody could use it.", "en"),
        ("It is software that runs on phones.", "en"),
        ("It is something that everybody needs.", "en"),
        ("It is likely to close in May.", "en"),
        ("It is safe to drink.", "en"),
        ("It is important to the town.", "en"),
        ("It was closed when the storm came.", "en"),
        ("It cost 71 days and $4 million.", "en"),
        ("It took three hours.", "en"),
        ("It took the prize to the town.", "en"),
        ("It takes 20 minutes to cook.", "en"),
        ("Es ist inzwischen so groß, dass niemand es tragen kann.", "de"),
        ("Es wurde 1925 gebaut.", "de"),
    ],
)
def test_an_it_that_means_something_points_back(text: str, lang: str) -> None:
    assert needs_context(text, lang)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("In 2016 she stopped the demolition for seven weeks.", "en"),
        ("At 22, he is the youngest member of the council.", "en"),
        ("Last year it paid 15 cents.", "en"),
        ("On Saturday and Sunday it closes at 5 pm.", "en"),
        ("On Friday, 13 May 2022, she left.", "en"),
        ("But at the age of 21 he settled in Halden.", "en"),
        ("Two years later they moved.", "en"),
        ("With 1,377 votes, she came third.", "en"),
        ("As a child, he was often ill.", "en"),
        ("Under the plan, it would cost $4.5 million.", "en"),
        ("In 1922, it was moved to the museum.", "en"),
        ("Im Jahr 2016 hörte sie auf.", "de"),
        ("Mit 39 Jahren ist er der älteste Spieler.", "de"),
        ("2016 zog er nach Halden.", "de"),
        ("В 2016 году он ушёл.", "ru"),
        ("После войны она уехала.", "ru"),
        ("У 2016 році вона пішла.", "uk"),
        ("До цього він п’ять років очолював бібліотеку.", "uk"),
    ],
)
def test_a_pronoun_behind_an_opener_points_back(text: str, lang: str) -> None:
    assert needs_context(text, lang)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("In Halden she is known to everybody.", "en"),
        ("After the mayor had left, he lived in Halden.", "en"),
        ("On the day she died, Anna Berg wrote a letter.", "en"),
        ("The year it opened, the pool had 900 visitors.", "en"),
        ("After winning it twice, Anna Berg left.", "en"),
        ("By building it, Anna Berg saved the town.", "en"),
        ("In 2016 the firm closed, and she left.", "en"),
        ("On Monday it rained.", "en"),
        ("In winter it is dark at four.", "en"),
        ("In 2019 it was announced that the pool would close.", "en"),
        ("In May it was announced on the radio that the pool would close.", "en"),
        ("In winter it takes two hours to reach the island.", "en"),
        ("Until 1900 it was common for women, and for girls, to wear hats.", "en"),
        ("In most countries, it is a requirement to be insured.", "en"),
        ("In 2019 it was Anna Berg who won.", "en"),
        ("At the end it was up to the council.", "en"),
        ("Am Montag können Sie die Karten abholen.", "de"),
        ("Im Jahr 2016 gab es zwei Bahnen.", "de"),
        ("Im Jahr 2016 hörte Anna Berg auf.", "de"),
        ("После того как мэр ушёл, он написал книгу.", "ru"),
        ("В Москве он неизвестен.", "ru"),
        ("Після того як мер пішов, він написав книгу.", "uk"),
    ],
)
def test_an_opener_that_names_somebody_and_an_it_that_means_nothing_behind_one_point_nowhere(
    text: str, lang: str
) -> None:
    assert not needs_context(text, lang)


@pytest.mark.parametrize(
    ("text", "lang", "points"),
    [
        ("The first of them opened in 1925.", "en", True),
        ("The second one cost $4 million.", "en", True),
        ("The largest of these is 40 metres long.", "en", True),
        ("In 2031, the first of them opened.", "en", False),
        ("The first one hundred visitors pay nothing.", "en", False),
        ("The last one to leave was Henrik Storm.", "en", False),
        ("There were 8,412 of them.", "en", True),
        ("There are about a dozen of these.", "en", True),
        ("There were 8,412 of the birds on the island.", "en", False),
        ("Unlike the others, it runs at night.", "en", True),
        ("Unlike the trams, it runs at night.", "en", True),
        ("Unlike the trams, the ferry runs at night.", "en", False),
        ("Die erste von ihnen fuhr 1925.", "de", True),
        ("Der erste Bürgermeister von Halden fuhr mit.", "de", False),
        ("Первая из них открылась в 1925 году.", "ru", True),
        ("Первая из станций открылась в 1925 году.", "ru", False),
        ("Перша з них відкрилася 1925 року.", "uk", True),
        ("Перша зі станцій відкрилася 1925 року.", "uk", False),
    ],
)
def test_what_is_told_from_its_like_points_back(text: str, lang: str, points: bool) -> None:
    assert needs_context(text, lang) is points


def after(*before: str, text: str) -> tuple[Sentence, list[Sentence]]:
    """A sentence, and those before it."""
    texts = (*before, text)
    whole = " ".join(texts)
    made = [
        Sentence(
            SentenceId(n), ArticleId("made"), hash_of(whole), n, whole.index(each), whole.index(each) + len(each), each
        )
        for n, each in enumerate(texts)
    ]
    return made[-1], made[:-1]


@pytest.mark.parametrize(
    ("before", "text", "who"),
    [
        (
            "Henrik Storm is stubborn, and he would never have let her.",
            "Rumours that she had tried are “nothing but gossip”, she says.",
            None,
        ),
        ("Henrik Storm sold his boat.", "“I cried for a week,” she said.", None),
        ("Henrik Storm sold his boat.", "“I cried for a week,” he said.", "Henrik Storm"),
        ("Anna Berg left when she could.", "When he came, “I was gone already,” she recalls.", "Anna Berg"),
        ("Anna Weber kam, weil sie musste.", "Das war „ein großer Fehler“, sagt er.", None),
        ("Иван Петров продал дом, который он построил.", "Это было «очень давно», говорит она.", None),
        ("Олена Коваль приїхала, бо вона так хотіла.", "Це було «дуже давно», каже він.", None),
        ("Олена Коваль приїхала, бо вона так хотіла.", "Це було «дуже давно», каже вона.", "Олена Коваль"),
    ],
)
def test_nobody_speaks_as_she_of_whom_the_sentence_before_says_he(before: str, text: str, who: str | None) -> None:
    sentence, earlier = after(before, text=text)
    assert speaker(sentence, earlier, []) == who


@pytest.mark.parametrize(
    "before",
    [
        "She was nominated for a prize twice, for Kestrel Summer.",
        "She sailed round the Cape on the Bright Star.",
        "She won the Calder Prize last week.",
        "She bought a Skoda Octavia.",
        "She was born in New Zealand.",
        "Storm Odette cut off her house.",
        "Velmora Tyres had sacked her husband.",
        "Hob Cargo opened in May.",
        "She had lost to Daniel Osei four years ago.",
        "Her lawyer, Gareth Moule, smiled.",
        "Her coach, Carla Venn, said nothing.",
        "The judge sentenced Daniel Osei to three years.",
        "The woman who beat Carla Venn said nothing.",
        "A lawyer for Carla Venn said nothing.",
        "Carla Venn’s boat sank.",
        "Carla Venn and Anna Berg left when she could.",
        "Velmora said that it would close.",
        "Police said nothing.",
    ],
)
def test_what_she_says_is_not_given_to_whom_or_what_a_sentence_merely_names(before: str) -> None:
    sentence, earlier = after(before, text="“It was the best day of my life,” she said.")
    assert speaker(sentence, earlier, []) is None


@pytest.mark.parametrize(
    ("before", "text", "who"),
    [
        ("On Monday Daniel Osei sold his boat.", "“I cried for a week,” he said.", "Daniel Osei"),
        ("On Monday, Daniel Osei, 34, left.", "“I cried for a week,” he said.", "Daniel Osei"),
        ("Harrowgate manager Keith Dowd was angry.", "“I cried for a week,” he said.", "Keith Dowd"),
        ("The captain of the Bright Star, Ann Poole, said no.", "“I cried for a week.”", None),
        ("Bright Star captain Ann Poole left.", "“I cried for a week,” she said.", "Ann Poole"),
        ("The vicar, Julian Frost, is less keen.", "“I cried for a week,” he said.", "Julian Frost"),
        ("“No,” said Daniel Osei, who lost.", "“I cried for a week.”", "Daniel Osei"),
        ("“I don’t know,” Osei said.", "“I cried for a week.”", "Osei"),
        ("Osei said nothing.", "The vicar said he was “very, very sad.”", None),
        ("Osei said nothing.", "They called it “a very sad day.”", None),
        ("Anna Weber sagte, sie komme.", "Das war „ein großer Fehler“, sagte sie.", "Anna Weber"),
        ("Sie traf Anna Weber in Halden.", "Das war „ein großer Fehler“, sagte sie.", None),
        ("Das Neue Rathaus brannte.", "Das war „ein großer Fehler“, sagte sie.", None),
        ("Президент Иван Петров приехал в Рим.", "Он назвал это «очень хорошим днём».", "Президент Иван Петров"),
        ("Она встретила Ивана Петрова.", "Она назвала это «очень хорошим днём».", None),
        ("У понеділок Іван Петренко сказав, що їде.", "Він назвав це «дуже добрим днем».", "Іван Петренко"),
        ("Поліція сказала, що їде.", "Вона назвала це «дуже добрим днем».", None),
        ("한덕수 총리는 월요일 서울에 왔다.", "그는 “매우 기쁘다”고 말했다.", "한덕수 총리"),
        ("기자가 한덕수 총리를 만났다.", "그는 “매우 기쁘다”고 말했다.", None),
    ],
)
def test_a_speaker_is_the_subject_of_the_sentence_before_or_speaks_in_it(
    before: str, text: str, who: str | None
) -> None:
    sentence, earlier = after(before, text=text)
    assert speaker(sentence, earlier, []) == who


@pytest.mark.parametrize(
    ("first", "second", "who"),
    [
        ("Anna Berg sailed for her town.", "She had lost to Carla Venn.", "Anna Berg"),
        ("Anna Berg said so.", "The hall had to close.", "Anna Berg"),
        ("Anna Berg said so.", "Venn has won, twice.", None),
        ("Anna Berg said so.", "Her boss, Carla Venn, calls her the best.", None),
    ],
)
def test_a_speaker_two_sentences_before_counts_where_nobody_came_between(
    first: str, second: str, who: str | None
) -> None:
    sentence, earlier = after(first, second, text="“It was the best day of my life,” she said.")
    assert speaker(sentence, earlier, []) == who


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Nobody was told, she says.", "en"),
        ("The boat was sold in May, he adds.", "en"),
        ("„Das war ein Fehler“, sagt sie.", "de"),
        ("«Это было давно», — говорит она.", "ru"),
        ("«Це було давно», — каже він.", "uk"),
    ],
)
def test_what_she_says_today_points_back_as_what_she_said(text: str, lang: str) -> None:
    assert needs_context(text, lang)
    assert not needs_context(f"Anna Berg: {text}", "en")


@pytest.mark.parametrize(
    ("text", "lang", "points"),
    [
        ("“I said that at 60,” she admits.", "en", True),
        ('"I said that at 60," she later insisted.', "en", True),
        ("“I was asleep,” he laughs.", "en", True),
        ("“Why me?” she asked.", "en", True),
        ("“Daniel Osei was asleep,” she said.", "en", True),
        ("“I was asleep,” Anna Berg remembers.", "en", False),
        ("When “Blue” came out, Anna Berg laughed.", "en", False),
        ("As Anna Berg was ill, she continued at home.", "en", False),
        ("While “Blue” was a success, she continued to teach.", "en", False),
        ("„Das war ein Fehler“, meinte sie.", "de", True),
        ("«Это было давно», — вспоминает она.", "ru", True),
        ("— Это было давно, — ответил он.", "ru", True),
        ("«Це було давно», — зазначила вона.", "uk", True),
        ("— Це було давно, — відповів він.", "uk", True),
    ],
)
def test_what_she_says_in_other_verbs_points_back(text: str, lang: str, points: bool) -> None:
    assert needs_context(text, lang) is points


def test_a_quote_carries_its_context_and_its_speaker() -> None:
    sentence, lang = starting("“Those numbers could go up,” he said")
    article = Article(sentence.article, "Pentagon raises its count", lang=lang)
    (said,) = compose([Scored(Candidate(sentence, article, 0.9, 1.0), 0.9, {})], 0.5, 3, neighbours=around)
    assert said.speaker == "Maj. Gen. Pat Ryder"
    assert [each.text[:15] for each in said.context] == ["The new figures"]


def test_neighbours_are_looked_up_only_for_a_sentence_that_needs_them() -> None:
    sentence, lang = starting("About 10,000 North Korean soldiers are in Russia")

    def never(id: SentenceId, count: int) -> tuple[list[Sentence], list[Sentence]]:
        raise AssertionError("this sentence needs no neighbour")

    article = Article(sentence.article, "t", lang=lang)
    assert compose([Scored(Candidate(sentence, article, 0.9, 1.0), 0.9, {})], 0.5, 3, neighbours=never)


def test_a_language_without_rules_has_no_context() -> None:
    assert not needs_context("Il a dit que oui.", "fr")


@pytest.mark.parametrize(
    ("text", "kind", "low", "high", "unit"),
    [
        ("There could be 11,000 to 12,000 troops.", "count", 11_000, 12_000, ""),
        ("It fell from some 5–9 million people.", "count", 5_000_000, 9_000_000, ""),
        ("It costs 1.5 to 2 million euros.", "measure", 1_500_000, 2_000_000, "euro"),
        ("Between 500 to 2 thousand people came.", "count", 500, 2_000, ""),
        ("роздали 10 до 12 тисяч книг", "count", 10_000, 12_000, ""),
        ("It takes 2 to 3 hours.", "measure", 7_200, 10_800, "second"),
        ("близько 10 тисяч військових", "count", 10_000, 10_000, ""),
        ("Погиб 1651 человек", "count", 1_651, 1_651, ""),
        ("상금은 1100만 스웨덴 크로나다.", "measure", 11_000_000, 11_000_000, "krona"),
        ("Now it needs 11 hours and 23 minutes.", "measure", 40_980, 40_980, "second"),
        ("roughly 95 km farther north", "measure", 95_000, 95_000, "m"),
        ("It ended at 6:04 p.m.", "time", 1_084, 1_084, ""),
        ("밤 10시 20분이 조금 지나", "time", 1_340, 1_340, ""),
        ("School ends at 12 noon.", "time", 720, 720, ""),
        ("School ends at noon.", "time", 720, 720, ""),
        ("School ends at 12 p.m.", "time", 720, 720, ""),
        ("Sie ist bis Mittag offen.", "time", 720, 720, ""),
        ("Пушка стреляет в полдень.", "time", 720, 720, ""),
        ("Гармата стріляє опівдні.", "time", 720, 720, ""),
        ("학교는 정오에 끝난다.", "time", 720, 720, ""),
        ("It is open until midnight.", "time", 0, 0, ""),
        ("It is open until 12 a.m.", "time", 0, 0, ""),
        ("Sie ist bis 24:00 Uhr offen.", "time", 0, 0, ""),
        ("Sie ist bis Mitternacht offen.", "time", 0, 0, ""),
        ("Музей открыт до полуночи.", "time", 0, 0, ""),
        ("Музей зачиняють опівночі.", "time", 0, 0, ""),
        ("자정까지 연다.", "time", 0, 0, ""),
        ("am Sonntag, dem 14. Juli 2024,", "date", 20240714, 20240714, ""),
        ("в ніч на 6 червня 2023 року", "date", 20230606, 20230606, ""),
        ("12월 3일 밤", "date", 1203, 1203, ""),
        ("It was named in 1961.", "date", 19610000, 19610000, ""),
        ("in der 47. Minute", "order", 47, 47, ""),
        ("The Chandrayaan-3 probe", "order", 3, 3, ""),
        ("Turnout was about 60%, the lowest", "measure", 60, 60, "percent"),
        ("Квиток коштує 18 грн.", "measure", 18, 18, "hryvnia"),
        ("Взнос — 3 500 руб. в месяц.", "measure", 3_500, 3_500, "rouble"),
        ("Штраф вырос до 96 тыс. руб.", "measure", 96_000, 96_000, "rouble"),
        ("Ремонт коштує 2 млн. грн.", "measure", 2_000_000, 2_000_000, "hryvnia"),
        ("Bilet kosztuje 4,5 zł.", "measure", 4.5, 4.5, "zloty"),
        ("Poród kosztuje 2,9 tys. zł.", "measure", 2_900, 2_900, "zloty"),
        ("Der Bau kostet 5 Mio. Euro.", "measure", 5_000_000, 5_000_000, "euro"),
        ("Nowak odszedł w 2010 r. i wrócił", "date", 20100000, 20100000, ""),
        ("Тривало 9 год. 30 хв.", "measure", 34_200, 34_200, "second"),
        ("Тривало 1 год. 30 хв.", "measure", 5_400, 5_400, "second"),
        ("Ему 21 год.", "measure", 21, 21, "year"),
        ("Починаємо о 9 год. 30 хв.", "time", 570, 570, ""),
        ("Начало в 18 ч. 30 мин.", "time", 1_110, 1_110, ""),
        ("Il ferme à 17 h.", "time", 1_020, 1_020, ""),
        ("Il ferme à 5 h du soir.", "time", 1_020, 1_020, ""),
        ("La plage est à 3 h de route.", "measure", 10_800, 10_800, "second"),
        ("Es dauert 17 h.", "measure", 61_200, 61_200, "second"),
        ("Beginn ist um 19.30 h.", "time", 1_170, 1_170, ""),
        ("지난달 15일 사고가 났다.", "date", 15, 15, ""),
        ("15일까지 신청한다.", "date", 15, 15, ""),
        ("15일 동안 열린다.", "measure", 1_296_000, 1_296_000, "second"),
        ("15일간 열린다.", "measure", 1_296_000, 1_296_000, "second"),
    ],
)
def test_a_figure_is_known_by_its_kind_and_unit(text: str, kind: str, low: float, high: float, unit: str) -> None:
    (found,) = figures(text)
    assert (found.kind, found.low, found.high, found.unit) == (kind, low, high, unit)


@pytest.mark.parametrize(
    "text", ["She came in the afternoon.", "Sie essen zu Mittag.", "Она пришла после полудня.", "업계의 자정 노력이다."]
)
def test_a_part_of_the_day_is_no_figure(text: str) -> None:
    assert not figures(text)
