"""A question that follows another is asked of what that one is about; what that one asked is not answered again."""

from __future__ import annotations

import numpy as np
import pytest

from index.article import Question
from index.asides import question_in
from index.library import Library
from index.lifts import FOLLOWED
from index.rank import Ranker
from index.restated import is_follow_up, restated, whole
from index.terms.follow_ups import follows

SOLDIERS = "How many North Korean soldiers are in Russia?"
NATO = "When did Sweden join NATO?"
NOBEL = "Who won the 2024 Nobel Prize in physics?"


@pytest.mark.parametrize(
    ("previous", "said", "asked"),
    [
        (SOLDIERS, "and in Kursk?", "How many North Korean soldiers are in Kursk?"),
        (SOLDIERS, "In Kursk", "How many North Korean soldiers are in Kursk?"),
        ("How many people died in Turkey in the earthquake?", "and in Syria?", "died in Syria in the earthquake?"),
        ("How many people died?", "and in Syria?", "How many people died in Syria?"),
        (NATO, "and Finland?", "When did Finland join NATO?"),
        (NATO, "What about the Finns?", "When did Finns join NATO?"),
        (NOBEL, "and literature?", "Who won the 2024 Nobel Prize in literature?"),
        ("When did Chandrayaan-3 land on the Moon?", "and Luna-25?", "When did Luna-25 land on the Moon?"),
        (NATO, "and why?", "Why did Sweden join NATO?"),
        (NATO, "why", "Why did Sweden join NATO?"),
        (NATO, "and why was that?", "Why did Sweden join NATO?"),
        ("Сколько людей погибло в Турции?", "когда это было?", "Когда людей погибло в Турции?"),
        ("When was President Yoon impeached?", "by how many votes?", "By how many votes was President Yoon impeached?"),
        ("Когда стартовала «Луна-25»?", "а откуда?", "Откуда стартовала «Луна-25»?"),
        ("Сколько людей погибло в Турции?", "а в Сирии?", "Сколько людей погибло в Сирии?"),
        ("Скільки людей загинуло в Херсонській області?", "а в Миколаївській?", "загинуло в Миколаївській?"),
        ("Wer gewann die EM?", "und wann?", "Wann gewann die EM?"),
    ],
)
def test_what_is_left_out_is_taken_from_the_question_before(
    shipped: Library, previous: str, said: str, asked: str
) -> None:
    found = restated(previous, said, shipped.encoder.questions)
    assert found.text.endswith(asked)
    assert not found.own


@pytest.mark.parametrize(
    ("previous", "said", "asked", "own"),
    [
        (
            "When was the Webb telescope launched?",
            "how much did it cost?",
            "How much did it cost (the Webb telescope launched)?",
            "How much did it cost?",
        ),
        ("한강은 어디에서 태어났나요?", "언제?", "언제 (한강은 태어났나요)?", "언제?"),
        (
            "한국에서 계엄이 언제 선포됐나요?",
            "그럼 얼마나 걸렸나요?",
            "얼마나 걸렸나요 (한국에서 계엄이 선포됐나요)?",
            "얼마나 걸렸나요?",
        ),
        (f"Who won? {NATO}", "and who signed it?", "Who signed it (Sweden join NATO)?", "Who signed it?"),
        (NATO, "and who signed it?", "Who signed it (Sweden join NATO)?", "Who signed it?"),
        ("How fast was it (DART hit)?", "how wide is it?", "How wide is it (DART hit)?", "How wide is it?"),
        (
            "How many died (the bridge collapse)?",
            "who are they?",
            "Who are they (died, the bridge collapse)?",
            "Who are they?",
        ),
        ("Коли збудували ГЕС?", "а скільки загинуло?", "Скільки загинуло (збудували ГЕС)?", "Скільки загинуло?"),
    ],
)
def test_what_asks_by_itself_is_read_by_itself_too(
    shipped: Library, previous: str, said: str, asked: str, own: str
) -> None:
    found = restated(previous, said, shipped.encoder.questions)
    assert (found.text, found.own) == (asked, own)


@pytest.mark.parametrize(
    "said",
    [
        "and in Kursk?",
        "in Kursk",
        "when?",
        "and why?",
        "which ship?",
        "how much did it cost?",
        "did he resign?",
        "What did Stubb call it?",
        "and the Scottish National Party?",
        "how many people died?",
        "what happened after it fell?",
        "And who won the men's?",
        "What is her best-known novel?",
        "а в Сирии?",
        "Und wann?",
        "Wie viele Zuschauer?",
        "In welcher Minute?",
        "언제?",
        "그럼 언제?",
    ],
)
def test_a_follow_up_is_told(said: str) -> None:
    assert follows(said)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "?",
        "Kursk",
        "thanks",
        "ok thanks",
        "hello",
        "that was great",
        "it is raining",
        "and that's it",
        "really?",
        "Tell me more",
        "Who is Stubb?",
        "Where is Kursk?",
        "Is Finland in NATO?",
        "What happened in Baltimore?",
        "Why did Hinton leave Google?",
        "Did Putin say he would resign?",
        "How many workers were on the bridge when it collapsed?",
        "What was the price of oil before it rose?",
        "How long does it take to get to Mars?",
        "And who won the British general election of 2024?",
        SOLDIERS,
    ],
)
def test_what_stands_alone_follows_nothing(said: str) -> None:
    assert not follows(said)


def test_a_follow_up_is_not_answered_with_the_answer_before(shipped: Library) -> None:
    """Behind the whole question before it, "where was it bound for?" was answered with the collapse of the bridge."""
    answer = shipped.ask(Question("where was it bound for?", previous="Which ship struck the Key Bridge?"))
    assert answer.answered
    assert "bound for Colombo" in answer.quotes[0].sentence.text
    asked = shipped.ask(Question("who designed it?", previous="When was the Key Bridge opened?"))
    assert not asked.answered


def test_an_answer_says_what_was_asked(shipped: Library) -> None:
    assert shipped.ask(Question("and in Kursk?", previous=SOLDIERS)).asked == SOLDIERS.replace("Russia", "Kursk")
    assert shipped.ask(Question(f"Hi! {SOLDIERS}", previous=NATO)).asked == SOLDIERS


def test_follow_ups_follow_one_another(shipped: Library) -> None:
    first = shipped.ask(Question("and in literature?", previous=NOBEL))
    second = shipped.ask(Question("and peace?", previous=first.asked))
    assert second.asked == "Who won the 2024 Nobel Prize in peace?"
    assert "Nihon Hidankyo" in second.quotes[0].sentence.text


@pytest.mark.parametrize(
    "previous", ["", " ", "?", "and?", "Kursk", "(" * 50, "how many " * 500, "x" * 4096, "🤔", "in in in?", "«»"]
)
@pytest.mark.parametrize("said", ["and in Kursk?", "and Finland?", "when?", "how much did it cost?", "in?", "and?"])
def test_whatever_was_asked_before_something_is_asked(shipped: Library, previous: str, said: str) -> None:
    found = whole(Question(said, previous=previous), shipped.encoder.questions)
    assert 0 < len(found.text) < 5000


def test_long_messages_take_no_long_time() -> None:
    for said in ("it " * 2000, "he " * 2000 + "?", "and " * 1000, "in " * 1300 + "?", "A" * 4096 + "?", "who. " * 800):
        follows(said)
        question_in(said)


class _Both:
    """Says 4 of the whole question and -1 of what it asks by itself."""

    fingerprint = "both"

    def scores(self, pairs):
        return np.array([4.0 if "(" in question else -1.0 for question, _ in pairs], dtype=np.float32)


def test_both_readings_count_alike(shipped: Library) -> None:
    asked = "Who signed it (Sweden join NATO)?"
    candidate = shipped._search.candidates([Question(asked)], [1])[0]
    ranker = Ranker({"en": _Both})
    alone = ranker.ranked([asked], [candidate])[0][0]
    both = ranker.asked({asked: "Who signed it?"}).ranked([asked], [candidate])[0][0]
    assert alone.parts["cross"] == 4.0
    assert both.parts["cross"] == pytest.approx(1.5 + FOLLOWED["en"])


@pytest.mark.parametrize(
    "said",
    [
        "I was reading the news yesterday. {}",
        "{} My boss wants to know.",
        "Yesterday I saw a headline.\n{} I can't find it anywhere.",
        "Hi all! My friend and I are arguing about this. Can you tell me: {} Thanks!",
        "Я вчера читал новости. {}",
    ],
)
def test_what_one_says_of_oneself_is_not_asked(said: str) -> None:
    assert question_in(said.format(SOLDIERS)).casefold() == SOLDIERS.casefold()


@pytest.mark.parametrize(
    "said",
    [
        "I was in Baltimore. How many people died in the collapse?",
        "I was told 20. How many people died in the collapse?",
        "How many soldiers are in Russia? South Korean ones I mean.",
        "There was an eclipse before. How long did totality last?",
        "I read a lot. I like it. I do. I really do. How many people died in the collapse?",
        "I saw Dr. Who. When?",
        "What did Maj. Gen. Pat Ryder say about our troops?",
    ],
)
def test_what_may_belong_to_the_question_stays(said: str) -> None:
    assert question_in(said) == said


def test_a_follow_up_may_have_asides(shipped: Library) -> None:
    asked = Question("Thanks! My boss wants to know. And in Kursk?", previous=f"I read the news. {SOLDIERS}")
    assert is_follow_up(asked)
    assert whole(asked, shipped.encoder.questions).text == SOLDIERS.replace("Russia", "Kursk")
