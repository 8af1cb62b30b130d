"""Words, figures and names are found in every form that they are written in."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Span
from index.terms import content_terms, matching_spans, names, numbers, only_keywords, terms
from index.terms.ukrainian import stem


def test_words_are_folded_and_stemmed():
    assert terms("The SOLDIERS’ cafés") == terms("the soldier cafe")


def test_compatibility_characters_are_one_with_their_plain_forms():
    assert terms("ﬁnance １２ Ⅻ") == terms("finance 12 xii")


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("en", "countries", "country"),
        ("de", "Häuser", "Hauses"),
        ("fr", "nationales", "national"),
        ("es", "soldados", "soldado"),
        ("ru", "солдатами", "солдаты"),
        ("uk", "солдатами", "солдати"),
        ("pl", "żołnierze", "żołnierza"),
        ("sv", "soldaterna", "soldater"),
    ],
)
def test_two_forms_of_a_word_meet_in_its_language(lang: str, one: str, other: str):
    assert terms(one, (lang,)) == terms(other, (lang,))


def test_latin_diacritics_do_not_keep_words_apart():
    assert terms("Zürich Łódź Ærø naïve") == terms("Zurich Lodz Aero naive")


def test_cyrillic_letters_keep_their_marks():
    assert terms("йод") != terms("иод")
    assert terms("ещё") == terms("еще")


def test_ukrainian_is_told_from_russian_by_its_letters():
    assert terms("солдатів") == [stem("солдатів")]
    assert terms("війська солдатів") == terms("війська солдатів", ("uk",))


def test_a_word_read_in_two_languages_gives_both_stems():
    both = terms("Häuser", ("de", "en"))
    assert set(both) == {*terms("Häuser", ("de",)), *terms("Häuser", ("en",))}
    assert len(both) == 2


UKRAINIAN = """
солдат солдати солдатів солдатам солдатами солдата
війна війни війну війною війні
російський російського російському російським російська російської російську російські російських
президент президента президентом президентові
область області областю областей
заявив заявила заявили заявити
україна україни україні україну україною
військо війська військам військами військовий військових
місто міста місту містом місті
корейці корейців корейцям кореєць
ракета ракети ракету ракет ракетами
тисяча тисячі тисяч тисячами
уряд уряду урядом
країна країни країн країною
київ києва києву києві києвом
харків харкова харкову харкові
швидкість швидкості швидкістю
вторгнення вторгненню вторгнень
атака атаки атакує атакували атакував атаці
сказав сказала сказали сказати
рік року році роках
зеленський зеленського
держава держави держав державою
генерал генерала генерали генералів
америка америки америці америку
депутат депутати депутатів
голова голови голову головою
""".strip().split("\n")


@pytest.mark.parametrize("line", UKRAINIAN)
def test_the_forms_of_a_ukrainian_word_have_one_stem(line: str):
    assert len({stem(form) for form in line.split()}) == 1


def test_different_ukrainian_words_keep_different_stems():
    assert len({stem(line.split()[0]) for line in UKRAINIAN}) == len(UKRAINIAN)


def test_an_apostrophe_does_not_part_a_ukrainian_word():
    assert terms("п'ять об’єктів") == terms("п’ять обʼєктів")


def test_a_korean_word_is_found_under_its_particles():
    assert set(terms("북한군")) <= set(terms("북한군이")) & set(terms("북한군은"))


def test_chinese_and_japanese_become_pairs_of_characters():
    assert terms("朝鲜军队") == ["朝鲜", "鲜军", "军队"]
    assert terms("スター") == ["スタ", "ター"]
    assert terms("好") == ["好"]


def test_marks_do_not_part_hindi_and_thai_words():
    assert terms("मंत्री") == terms("मंत्री।")
    assert len(terms("मंत्री")) == 1


@pytest.mark.parametrize(
    "written", ["10,000", "10 000", "10.000", "10\u00a0000", "10\u202f000", "10’000", "10000", "１０，０００"]
)
def test_a_thousand_separator_changes_nothing(written: str):
    assert terms(written) == ["10000"]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("3.5", ["3.5"]),
        ("3,50", ["3.5"]),
        ("0.125", ["0.125"]),
        ("1,234,567.89", ["1234567.89"]),
        ("1.234.567,89", ["1234567.89"]),
        ("31.10.2024", ["31", "10", "2024"]),
        ("2024 100", ["2024", "100"]),
        ("05", ["5"]),
        ("٣", ["3"]),
        ("COVID-19", ["covid", "19"]),
    ],
)
def test_figures_have_one_form(written: str, plain: list[str]):
    assert terms(written) == plain


@pytest.mark.parametrize(
    ("question", "content"),
    [
        ("How many North Korean soldiers are in Russia?", "north korean soldier russia"),
        ("What is the capital's name?", "capit"),
        ("Скільки північнокорейських солдатів у Росії?", "північнокорейськ солд рос"),
        ("Сколько солдат в России?", "солдат росс"),
        ("러시아에 북한군이 몇 명 있습니까?", "러시 시아 아에 북한 한군 군이 명"),
        ("Was ist der Krieg?", "krieg"),
    ],
)
def test_a_question_is_searched_by_its_content(question: str, content: str):
    langs = ("de",) if question.startswith("Was") else ()
    assert content_terms(question, langs) == content.split()


def test_a_question_of_function_words_alone_keeps_them():
    assert content_terms("Who are you?") == terms("Who are you?")
    assert content_terms("?!") == []


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("12 thousand", "12000"),
        ("12,000", "12000"),
        ("twelve thousand", "12000"),
        ("12 тысяч", "12000"),
        ("двенадцать тысяч", "12000"),
        ("дванадцять тисяч", "12000"),
        ("zwölftausend", "12000"),
        ("zwölf Tausend", "12000"),
        ("1만 2천 명", "12000"),
        ("1만2000명", "12000"),
        ("1.2万人", "12000"),
        ("п’ять мільйонів", "5000000"),
        ("3.5 million", "3500000"),
        ("$3bn", "3000000000"),
        ("1,5 млрд", "1500000000"),
        ("two hundred thousand and five", "200005"),
        ("twenty-one", "21"),
        ("двадцать пять тысяч", "25000"),
        ("сорок два", "42"),
        ("einundzwanzig", "21"),
        ("zweihundertfünfzig", "250"),
        ("a million", "1000000"),
        ("one hundred", "100"),
        ("one of the", ""),
        ("hundred", ""),
        ("five six", "5 6"),
        ("between five and six thousand", "5 6000"),
        ("three million 500 men", "3000000 500"),
        ("3-4", "3 4"),
        ("31.10.2024", "31 10 2024"),
        ("und and thousand", ""),
    ],
)
def test_figures_are_equal_however_they_are_written(text: str, figures: str):
    assert numbers(text) == frozenset(figures.split())


def test_names_are_the_words_with_capitals_that_are_no_function_words():
    assert names("The minister met Pat Ryder of NATO in Kyiv.") == frozenset(terms("Pat Ryder NATO Kyiv"))
    assert names("У Києві президент Зеленський зустрів гостей.") == frozenset(terms("Києві Зеленський", ("uk",)))
    assert names("how many soldiers") == frozenset()
    assert names("북한군이 도착했다") == frozenset()


def test_the_words_that_match_are_marked():
    sentence = "About 10,000 North Korean soldiers are in Russia."
    wanted = content_terms("How many soldiers of Russia? 10 000")
    marked = [sentence[span.start : span.end] for span in matching_spans(sentence, wanted)]
    assert marked == ["10,000", "soldiers", "Russia"]


def test_only_the_matching_part_of_a_korean_or_chinese_run_is_marked():
    assert matching_spans("북한군이 왔다", content_terms("북한군")) == (Span(0, 3),)
    assert matching_spans("朝鲜军队抵达", ["军队"]) == (Span(2, 4),)


def test_nothing_is_marked_when_nothing_matches():
    assert matching_spans("The soldiers left.", ["tank"]) == ()


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.sampled_from([(), ("en",), ("de", "en"), ("uk",), ("ru", "uk"), ("ko",), ("xx",)]))
def test_every_term_is_folded_and_marks_something(text: str, langs: tuple[str, ...]):
    found = terms(text, langs)
    assert all(term and not term.isspace() for term in found)
    spans = matching_spans(text, found, langs)
    assert bool(spans) == bool(found)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end < other.start for one, other in pairwise(spans))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_case_and_composition_do_not_matter(text: str):
    composed = unicodedata.normalize("NFC", text)
    assert terms(composed) == terms(unicodedata.normalize("NFC", composed))
    assert set(content_terms(text)) <= set(terms(text))
    names(text)
    assert all(float(figure) >= 0 for figure in numbers(text))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**12))
def test_a_whole_number_survives_every_grouping(value: int):
    for mark in (",", " ", "\u202f"):
        assert numbers(f"{value:,}".replace(",", mark)) == {str(value)}
        assert terms(f"{value:,}".replace(",", mark)) == [str(value)]


def test_threads_may_stem_at_the_same_time():
    words = [f"соединения{n % 97} countries{n % 89} nationales" for n in range(3000)]
    alone = [terms(text) for text in words]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(terms, words)) == alone


@pytest.mark.parametrize(
    "said", ["price eggs Baltimore", "nobel prize literature 2024", "North Korean soldiers Kursk?"]
)
def test_keywords_are_words_to_look_for_and_nothing_else(said: str) -> None:
    assert only_keywords(said)


@pytest.mark.parametrize(
    "said",
    ["", "Ukraine", "Key Bridge", "the price of eggs", "hello Kitty Japan", "who won Wimbledon", "is Sweden free"],
)
def test_a_name_alone_and_what_asks_are_no_keywords(said: str) -> None:
    assert not only_keywords(said)
