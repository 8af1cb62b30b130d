"""What became of a sentence: typography is no change; figures, names, dates and negations are, and are named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import ArticleId, Sentence, SentenceId, hash_of
from index.difference import What, differences
from index.revise import Fate, Revision, revise
from index.terms.typography import same_typography


def sentences(*texts: str, first: int = 1) -> list[Sentence]:
    whole = " ".join(texts)
    found = []
    start = 0
    for ordinal, text in enumerate(texts):
        place = SentenceId(first + ordinal)
        found.append(Sentence(place, ArticleId("a"), hash_of(whole), ordinal, start, start + len(text), text))
        start += len(text) + 1
    return found


def revised(old: list[str], new: list[str], lang: str = "en") -> list[Revision]:
    return revise(sentences(*old), sentences(*new, first=100), lang)


TYPOGRAPHY = [
    ("en", 'He said "no comment" on Monday.', "He said “no comment” on Monday."),
    ("en", "Rescue teams - 12 of them - left.", "Rescue teams – 12 of them — left."),
    ("en", "Eight workers were  on the bridge .", "Eight workers were on the bridge."),
    ("en", "KEY BRIDGE FALLS INTO THE RIVER", "Key Bridge falls into the river"),
    ("en", "It cost 12,000 dollars.", "It cost 12 000 dollars."),
    ("en", "The fall was 5 % deep.", "The fall was 5% deep."),
    ("en", "They didn't know.", "They didn’t know."),
    ("en", "First, they left.", "First they left."),
    ("uk", "П'ять людей були на мосту.", "П’ять людей були на мосту."),
    ("uk", 'Він сказав: "Ні".', "Він сказав: «Ні»."),
    ("ru", "Всё произошло в мае, в 10 000 км.", "Все произошло в мае, в 10\u00a0000 км."),
    ("ko", "그는 '예'라고 말했다.", "그는 ‘예’라고 말했다."),
]


@pytest.mark.parametrize(("lang", "old", "new"), TYPOGRAPHY)
def test_typography_is_no_change(lang: str, old: str, new: str) -> None:
    assert same_typography(old, new, lang)
    assert differences(old, new, lang) == ()
    assert revised([old], [new], lang)[0].fate is Fate.TYPOGRAPHICAL


CHANGES = [
    ("en", "As many as 20 people were in the water.", "As many as 8 people were in the water.", What.FIGURES),
    ("en", "The rate rose by 5%.", "The rate rose by 5.", What.FIGURES),
    ("en", "It was -3 degrees outside.", "It was 3 degrees outside.", None),
    ("en", "It fell 1.5 metres.", "It fell 15 metres.", What.FIGURES),
    ("en", "It cost $5 million.", "It cost €5 million.", What.FIGURES),
    ("en", "Twelve workers were rescued.", "Eleven workers were rescued.", What.FIGURES),
    ("en", "The bridge fell on 26 March 2024.", "The bridge fell on 27 March 2024.", What.DATES),
    ("en", "The vote is on Monday.", "The vote is on Tuesday.", What.DATES),
    ("en", "The ship left in October.", "The ship left in November.", What.DATES),
    ("en", "The vote begins at 13:30.", "The vote begins at 14:30.", What.DATES),
    ("en", "On Friday Wes Moore spoke.", "On Friday Paul Wiedefeld spoke.", What.NAMES),
    ("en", "The ship was bound for Colombo.", "The ship was bound for Durban.", What.NAMES),
    ("en", "The minister was at the meeting.", "The minister was not at the meeting.", What.NEGATION),
    ("en", "The pilot did know.", "The pilot didn’t know.", What.NEGATION),
    ("uk", "Загинули 12 людей.", "Загинули 21 людина.", What.FIGURES),
    ("uk", "Міст відкрили у вівторок.", "Міст відкрили в середу.", What.DATES),
    ("uk", "Про це заявив Сергій Коваль.", "Про це заявив Петро Гнатюк.", What.NAMES),
    ("uk", "Дамбу підірвали.", "Дамбу не підірвали.", What.NEGATION),
    ("ru", "Погибли пять человек.", "Погибли шесть человек.", What.FIGURES),
    ("ru", "Станция села 19 августа.", "Станция села 20 августа.", What.DATES),
    ("ru", "Связь с аппаратом есть.", "Связи с аппаратом нет.", What.NEGATION),
    ("ko", "군인 1만 명이 도착했다.", "군인 1만 2천 명이 도착했다.", What.FIGURES),
    ("ko", "회의는 월요일에 열린다.", "회의는 화요일에 열린다.", What.DATES),
    ("ko", "그는 회의에 참석했다.", "그는 회의에 참석하지 않았다.", What.NEGATION),
    ("ko", "윤석열 대통령이 말했다.", "이재명 대통령이 말했다.", What.NAMES),
    ("en", "The crew was tired.", "The crew was exhausted.", What.WORDS),
    ("en", "Did he leave.", "Did he leave?", What.WORDS),
]


@pytest.mark.parametrize(("lang", "old", "new", "what"), CHANGES)
def test_a_change_of_what_is_said_is_always_a_change_and_named(
    lang: str, old: str, new: str, what: What | None
) -> None:
    found = differences(old, new, lang)
    assert found
    assert what is None or what in found
    assert revised([old], [new], lang)[0].fate in (Fate.CHANGED, Fate.GONE)


def test_what_did_not_change_is_not_named() -> None:
    assert differences("The ship left in October.", "The boat left in October.", "en") == (What.WORDS,)
    assert differences("On 26 March 8 people fell.", "On 26 March 6 people fell.", "en") == (What.FIGURES,)


def test_a_name_that_opens_the_sentence_is_known_from_the_rest_of_the_article() -> None:
    old = ["Moore spoke first.", "After that Moore left, and Scott stayed."]
    new = ["Scott spoke first.", "After that Moore left, and Scott stayed."]
    assert revised(old, new)[0].what == (What.NAMES,)


def test_a_sentence_that_moved_is_unchanged() -> None:
    old = ["One ship sank.", "Two men swam.", "Three birds sang."]
    assert [each.fate for each in revised(old, [old[2], "A new line came.", old[0], old[1]])] == [Fate.UNCHANGED] * 3


def test_a_replacement_is_found_among_moved_and_new_sentences() -> None:
    old = [
        "The Dali left the port of Baltimore at half past midnight.",
        "As many as 20 people might be in the water, the fire department says.",
        "Divers are on their way.",
    ]
    new = [
        "Divers are on their way.",
        "The governor declared an emergency.",
        "Eight people were in the water, the fire department says.",
        "The Dali left the port of Baltimore at half past midnight.",
    ]
    fates = revised(old, new)
    assert [each.fate for each in fates] == [Fate.UNCHANGED, Fate.CHANGED, Fate.UNCHANGED]
    assert fates[1].new is not None
    assert fates[1].new.text == new[2]
    assert What.FIGURES in fates[1].what


def test_an_unrelated_sentence_is_no_replacement() -> None:
    old = ["The bridge is closed.", "The mayor resigned over the scandal.", "Trains run."]
    new = ["The bridge is closed.", "Ice cream sold well this July.", "Trains run."]
    assert revised(old, new)[1] == Revision(sentences(*old)[1], Fate.GONE)


def test_a_sentence_cut_in_two_by_a_full_stop_and_one_joined_by_a_comma_are_typography() -> None:
    two = ["Eight workers were on the bridge,", "and six of them died."]
    one = ["Eight workers were on the bridge, and six of them died."]
    assert [each.fate for each in revised(one, two)] == [Fate.TYPOGRAPHICAL]
    assert [each.fate for each in revised(two, one)] == [Fate.TYPOGRAPHICAL] * 2


def test_a_sentence_put_into_another_that_denies_it_is_changed() -> None:
    found = revised(["The captain was drunk."], ["It is not true that the captain was drunk."])[0]
    assert found.fate is Fate.CHANGED
    assert What.NEGATION in found.what


VOCABULARY = "the ship sank on Monday with 12 men 7 not in Baltimore harbour fire 3.5 never Moore"
WORDS = st.sampled_from(VOCABULARY.split())
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=8).map(lambda words: " ".join(words) + "."), max_size=8)


@given(TEXTS, TEXTS)
@settings(max_examples=60, deadline=None)
def test_every_sentence_has_one_fate_and_a_replacement_is_given_once(old: list[str], new: list[str]) -> None:
    found = revised(old, new)
    assert [each.old.text for each in found] == old
    replaced = [each.new.id for each in found if each.fate is Fate.CHANGED and each.new]
    assert len(replaced) == len(set(replaced))
    for each in found:
        assert (each.fate is Fate.GONE) == (each.new is None)
        assert (each.fate is Fate.UNCHANGED) == (each.old.text in new)
        assert (each.fate is Fate.CHANGED) == bool(each.what)


@given(TEXTS)
@settings(max_examples=20, deadline=None)
def test_an_article_against_itself_is_unchanged(texts: list[str]) -> None:
    assert all(each.fate is Fate.UNCHANGED for each in revised(texts, texts))


def test_a_live_page_of_hundreds_of_lines_keeps_each_line_with_its_own() -> None:
    old = [f"At {n % 24}:{n % 60:02} the ship reported {n} knots near buoy {n}." for n in range(300)]
    new = [f"At {n % 24}:{n % 60:02} the ship reported {n + 1} knots near buoy {n}." for n in range(0, 600, 2)]
    found = revised(old, new)
    pairs = [(each.old.text.split("buoy ")[1], each.new.text.split("buoy ")[1]) for each in found if each.new]
    assert len(found) == 300
    assert sum(one == other for one, other in pairs) >= 150
