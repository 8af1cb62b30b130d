"""What holds for the sentences of every text, however odd."""

import gc
import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.readers.plain import normalise
from index.segment import LONGEST, boilerplate, language, segment

PIECES = st.one_of(
    st.sampled_from("«»\"'….!?。！？”()\n\t \u00a0\u2003\u0301•-—"),
    st.sampled_from(["\n\n", "The", "U.S.", "Dr.", "he", "said", "“It", "is", "over.”", "...", "10,000", "3.", "5."]),
    st.sampled_from(["Mai", "2024 г.", "и т. д.", "다.", "라고", "他说", "Share this", "By Jane Doe", "Read more:"]),
    st.sampled_from(["e\u0301", "😀", "👩‍👩‍👧", "न", "मस्ते।", "[1]", "https://a.b/c.d", "x" * 60, "* * *", "Inc."]),
    st.sampled_from(["\n- a", "\n- b", "\n* c", "\n1) d", "\n2) e", "\n• f"]),
    st.sampled_from(["p.m.", "№ 5", "a.", "A.", "»«", "„a.“", "الجملة؟", ". . ."]),
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(PIECES, max_size=60).map(" ".join),
    st.lists(PIECES, max_size=60).map("".join),
    st.lists(PIECES, max_size=60).map("\n".join),
).map(normalise)
LANGS = st.sampled_from(["en", "uk", "ru", "de", "ko", "zh", "fr", "ar", "hi", "xx", None])


@settings(max_examples=120, deadline=None)
@given(TEXTS, LANGS)
@example("a" * (LONGEST * 2 + 1), "en")
@example("\u0301" * (LONGEST + 5), None)
def test_spans_are_trimmed_ascending_disjoint_and_bounded(text: str, lang: str | None):
    end = 0
    for span in segment(text, lang):
        assert end <= span.start < span.end <= len(text)
        assert span.end - span.start <= LONGEST
        sentence = text[span.start : span.end]
        assert sentence == sentence.strip()
        end = span.end


@settings(max_examples=120, deadline=None)
@given(TEXTS, LANGS)
def test_every_character_lies_in_one_sentence_or_in_boilerplate_but_for_bullets(text: str, lang: str | None):
    left = list(text)
    for span in (*segment(text, lang), *boilerplate(text)):
        assert "\0" not in left[span.start : span.end]
        left[span.start : span.end] = "\0" * (span.end - span.start)
    lines = "".join(left).replace("\0", "").split("\n")
    assert all(re.fullmatch(r"\s*([•◦▪‣●○■□·*-]|\d{1,3}\))?\s*", line) for line in lines)


@settings(max_examples=60, deadline=None)
@given(TEXTS, LANGS)
def test_no_sentence_crosses_a_blank_line(text: str, lang: str | None):
    for span in segment(text, lang):
        lines = text[span.start : span.end].split("\n")
        assert all(line.strip() for line in lines)


@settings(max_examples=60, deadline=None)
@given(TEXTS, LANGS)
def test_segmenting_is_the_same_every_time_and_whatever_stands_around_it(text: str, lang: str | None):
    alone = [text[span.start : span.end] for span in segment(text, lang)]
    assert alone == [text[span.start : span.end] for span in segment(text, lang)]
    around = f"\n\n\n{text}\n\n"
    assert alone == [around[span.start : span.end] for span in segment(around, lang)]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_a_language_is_a_code_or_unknown(text: str):
    code = language(text)
    assert code is None or (len(code) == 2 and code.islower())


@pytest.mark.parametrize(
    "unit",
    ["word ", "It is over. ", "A. ", ". ", '"a. ', "(a. ", "Xy. ", "abc d\n", "x.", "Foo. — bar ", "т. ", "。", "a"],
)
def test_time_grows_with_length_and_not_with_its_square(unit: str):
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        segment(text, "en")
        return time.process_time() - start

    # The best of three, without the garbage collector, whose pauses grow with what other tests left: eight times the
    # text may take sixteen times as long, where squared time would take sixty-four times.
    gc.disable()
    try:
        assert min(seconds(200_000) for _ in range(3)) < 16 * min(seconds(25_000) for _ in range(3)) + 0.2
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("North Korea has sent soldiers to Russia, officials said.", "en"),
        ("Nordkorea hat Soldaten nach Russland geschickt, hieß es.", "de"),
        ("La Corée du Nord a envoyé des soldats en Russie, selon Séoul.", "fr"),
        ("КНДР отправила солдат в Россию, сообщили в Сеуле. Это было вчера, и мы были там.", "ru"),
        ("КНДР відправила солдатів до Росії, повідомили в Сеулі.", "uk"),
        ("Войната продължава вече трета година и никой не знае докога.", "bg"),
        ("북한이 러시아에 병력을 보냈다.", "ko"),
        ("朝鲜向俄罗斯派兵。", "zh"),
        ("北朝鮮はロシアに兵士を送った。", "ja"),
        ("북한", "ko"),
        ("123 456", None),
        ("Ok", None),
        ("", None),
    ],
)
def test_the_language_of_an_article_is_told(text: str, code: str | None):
    assert language(text) == code
