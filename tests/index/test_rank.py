"""Heads: a probability, thresholds by rate, and the models that they were measured with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from index.article import Question
from index.candidate import Candidate
from index.head import Head, heads
from index.library import Library
from index.lifts import LOOKED_FOR
from index.rank import Ranker
from index.search import reading_order


@pytest.mark.parametrize("name", ["en", "multi", "across", "dense"])
def test_a_stricter_rate_asks_for_more_confidence(name):
    head = heads()[name]
    assert 1 > head.threshold(0.01) > head.threshold(0.05) > head.threshold(0.10) > 0


def test_a_rate_that_was_not_measured_takes_the_next_stricter_one():
    head = Head(0.0, {}, {0.01: 0.9, 0.05: 0.6, 0.1: 0.4})
    assert [head.threshold(rate) for rate in (0.001, 0.01, 0.03, 0.05, 0.07, 0.5)] == [0.9, 0.9, 0.9, 0.6, 0.6, 0.4]


def test_a_probability_grows_with_what_the_cross_encoder_says_and_stays_a_probability():
    head = heads()["en"]
    said = [head.probability({"cross": logit}) for logit in (-1e9, -5, 0, 5, 1e9)]
    assert said == sorted(said)
    assert 0 <= said[0] < said[-1] <= 1


def test_the_shipped_heads_were_measured_with_the_models_that_are_prepared(seeded):
    assert seeded.uncalibrated() == []


def test_a_head_of_other_models_is_named():
    assert Ranker({}).strangers("another encoder") == ["dense"]


def test_one_article_leaves_room_for_others(seeded):
    found = seeded.ask(Question("How many North Korean soldiers are in Russia?", k=10)).ranked
    assert len({quote.article.id for quote in found}) > 1
    of_one = [Candidate(found[0].sentence, found[0].article, 0.9, 0.0)] * 20
    assert [len(part) for part in reading_order(of_one, 10)] == [10, 10]
    other = Candidate(next(q for q in found if q.article != found[0].article).sentence, _other(found), 0.1, 0.0)
    first, later = reading_order([*of_one, other, other], 10)
    assert first == [*of_one[:10], other, other]
    assert later == of_one[10:]


class _Counting:
    """A cross-encoder that is sure of one sentence and in doubt about all others, or sure that they say nothing."""

    fingerprint = "counting"

    def __init__(self, sure: str, others: float = -1.0) -> None:
        self.sure, self.others, self.read = sure, others, 0

    def scores(self, pairs):
        self.read += len(pairs)
        return np.array([9.0 if passage.endswith(self.sure) else self.others for _, passage in pairs], dtype=np.float32)


def numbered(library: Library, question: str) -> list[Candidate]:
    """The candidates of a question, each with its place as its text."""
    found = library._search.candidates([Question(question)], [20])[0]
    texts = [replace(each, sentence=replace(each.sentence, text=f"{n}")) for n, each in enumerate(found)]
    return [replace(each, article=replace(each.article, lang="en")) for each in texts]


@pytest.mark.parametrize(("part", "place"), [(0, 0), (0, -1), (1, 0), (1, -1)])
def test_more_is_read_only_where_nothing_is_near(seeded, part, place):
    question = "How many North Korean soldiers are in Russia?"
    english = numbered(seeded, question)
    parts = reading_order(english, 10)
    sure = parts[part][place].sentence.text
    scorer = _Counting(f". {sure}")
    ranked = Ranker({"en": lambda: scorer}).ranked_until_near([question], [parts[0]], [parts[1]])[0]
    assert ranked[0].candidate.sentence.text == sure
    assert scorer.read == sum(map(len, parts[: part + 1]))


def test_no_more_is_read_where_all_are_far_from_an_answer(seeded):
    question = "How many North Korean soldiers are in Russia?"
    english = numbered(seeded, question)
    first, later = reading_order(english, 10)
    scorer = _Counting("nothing", others=-9.0)
    Ranker({"en": lambda: scorer}).ranked_until_near([question], [first], [later])
    assert scorer.read == len(first)


class _Saying:
    """A cross-encoder whose logits are given by the end of the passage, the longest that fits."""

    fingerprint = "saying"

    def __init__(self, said: dict[str, float]) -> None:
        self.said, self.read = said, []

    def scores(self, pairs):
        self.read += [passage for _, passage in pairs]
        return np.array([self._logit(passage) for _, passage in pairs], dtype=np.float32)

    def _logit(self, passage):
        return next((self.said[end] for end in sorted(self.said, key=len, reverse=True) if passage.endswith(end)), -9.0)


class _Texts:
    """Sentences and what stands before each."""

    def __init__(self, before: dict[str, str]) -> None:
        self.texts = before

    def points_back(self, candidate):
        return candidate.sentence.text.startswith("It ")

    def before(self, candidate):
        return self.texts.get(candidate.sentence.text, "")


COST, BUILT, OTHER = "It cost $4 million.", "The bridge was built in 2021.", "The tunnel cost $9 million."


def _in_context(seeded, said, texts=(COST, BUILT, OTHER)):
    """These sentences, ranked after the second reading, and what was read in it."""
    article, sentence = seeded.articles()[0], seeded.sentences(seeded.articles()[0].id)[0]
    article = replace(article, title="T", lang="en")
    candidates = [Candidate(replace(sentence, text=text), article, 0.8, 0.0) for text in texts]
    scorer = _Saying(said)
    ranker = Ranker({"en": lambda: scorer}, _Texts({COST: BUILT, OTHER: "Elsewhere it rained."}))
    question = "How much did the bridge cost?"
    ranked = ranker.in_context([question], ranker.ranked([question], [candidates]))[0]
    return ranked, scorer.read[len(texts) :]


def test_a_sentence_that_points_back_counts_as_it_reads_behind_what_it_points_to(seeded):
    ranked, again = _in_context(seeded, {COST: -1.0, BUILT: -3.0, f"{BUILT} {COST}": 4.0, OTHER: 2.9})
    assert ranked[0].candidate.sentence.text == COST
    assert (ranked[0].parts["cross"], ranked[0].parts["bare"], ranked[0].before) == (4.0, -1.0, BUILT)
    assert again == [f"T. {BUILT}", f"T. {BUILT} {COST}"], "nothing else was in doubt"


def test_it_gets_no_credit_for_what_the_sentence_before_it_says(seeded):
    ranked, _ = _in_context(seeded, {COST: -1.0, BUILT: 3.5, f"{BUILT} {COST}": 4.0, OTHER: -4.0})
    assert [each.candidate.sentence.text for each in ranked] == [BUILT, COST, OTHER]
    assert ranked[1].parts["cross"] == -1.0


def test_context_lowers_nothing_and_lifts_what_stands_alone_by_half_where_the_first_is_in_doubt(seeded):
    lifted = f"Elsewhere it rained. {OTHER}"
    ranked, _ = _in_context(seeded, {COST: 2.0, f"{BUILT} {COST}": 1.0, OTHER: 1.9, lifted: 4.0})
    assert [(each.candidate.sentence.text, round(each.parts["cross"], 2), each.before) for each in ranked[:2]] == [
        (OTHER, 2.95, ""),
        (COST, 2.0, ""),
    ]


def test_a_first_that_is_in_no_doubt_is_not_read_again(seeded):
    _, again = _in_context(seeded, {OTHER: 5.0, BUILT: 1.0}, texts=(OTHER, BUILT))
    assert again == []


def test_what_has_nothing_to_do_with_the_question_is_not_read_again(seeded):
    """A greeting once got 0.34 by a sentence that points back, whose own logit was -9."""
    ranked, again = _in_context(seeded, {COST: -9.1, BUILT: -9.0, f"{BUILT} {COST}": 1.3, OTHER: -8.0})
    assert again == []
    assert ranked[0].probability < 0.01


TITLE, VISIT, COUNT = "Ten thousand soldiers are there", "The minister has travelled there.", "They are ten thousand."


def _titled(seeded, *, title: float, visit: float = -3.0, count: float = 5.0, each_at: float | None = None):
    """Two sentences under a title that lifts the first of them, which says nothing of what is asked; what may be quoted
    of them, and what was read without the title. `title`: its logit by itself; `visit`, `count`: of the sentences by
    themselves."""
    article, sentence = seeded.articles()[0], seeded.sentences(seeded.articles()[0].id)[0]
    article = replace(article, title=TITLE, lang="en")
    candidates = [Candidate(replace(sentence, text=text), article, 0.8, 0.0) for text in (VISIT, COUNT)]
    titled = {f"{TITLE}. {VISIT}": 5.1, f"{TITLE}. {COUNT}": 5.0}
    scorer = _Saying({**titled, TITLE: title, VISIT: visit, COUNT: count})
    ranker, question = Ranker({"en": lambda: scorer}), ["How many soldiers are there?"]
    ranked = ranker.on_their_own(question, ranker.ranked(question, [candidates]), each_at)
    read = scorer.read[len(candidates) :]
    found = ranker.sound(question, ranked, [0.05])[0]
    return [each.candidate.sentence.text for each in found if each.probability > 0.7], read


def test_a_first_that_owes_its_title_what_is_said_for_it_gives_way_to_a_sentence_that_answers(seeded):
    assert _titled(seeded, title=6.0)[0] == [COUNT]


def test_where_no_sentence_answers_but_the_title_nothing_is_quoted(seeded):
    said, read = _titled(seeded, title=6.0, count=-3.0)
    assert said == []
    assert read == [TITLE, VISIT, COUNT], "the title is read once, however many sentences stand under it"


def test_a_title_may_name_what_a_sentence_is_about(seeded):
    said, read = _titled(seeded, title=-2.5)
    assert said == [VISIT, COUNT], "it needs its title to be understood"
    assert read == [TITLE], "and nothing more is read where the title is no answer"


def test_a_sentence_that_answers_as_well_as_its_title_stays(seeded):
    assert _titled(seeded, title=6.0, visit=4.5) == ([VISIT, COUNT], [TITLE, VISIT])


def test_of_standing_questions_every_sentence_is_read_without_its_title_and_that_once(seeded):
    """A headline that answers once made an alert of every sentence under it: 102 where 8 answered."""
    said, read = _titled(seeded, title=6.0, each_at=0.05)
    assert (said, read) == ([COUNT], [TITLE, VISIT, COUNT])


def _other(found):
    return next(quote.article for quote in found if quote.article != found[0].article)


def test_each_sentence_that_answers_a_follow_up_is_read_with_the_question_before(shipped):
    """The second one was read with "and in Kursk?" alone, and was never quoted."""
    answer = shipped.ask(Question("and in Kursk?", previous="How many North Korean soldiers are in Russia?"))
    assert len(answer.quotes) > 1
    assert all("Kursk" in quote.sentence.text for quote in answer.quotes)


@pytest.mark.parametrize(
    ("question", "read_by"),
    [
        ("How much did the bridge cost?", "en"),
        ("Was hat die neue Bruecke am Ende gekostet?", "multi"),
        ("Сколько стоил мост?", "multi"),
    ],
)
def test_the_english_model_reads_english_questions_alone(seeded, question, read_by):
    article, sentence = seeded.articles()[0], seeded.sentences(seeded.articles()[0].id)[0]
    candidate = Candidate(replace(sentence, text=COST), replace(article, title="T", lang="en"), 0.8, 0.0)
    scorers = {"en": _Saying({COST: 1.0}), "multi": _Saying({COST: 2.0})}
    Ranker({name: lambda name=name: scorers[name] for name in scorers}).ranked([question], [[candidate]])
    assert {name for name, scorer in scorers.items() if scorer.read} == {read_by}


@pytest.mark.parametrize(
    "question", ["Who won Britain's general election?", "When did Sweden become NATO's 32nd member?"]
)
def test_an_apostrophe_as_phones_write_it_changes_nothing(shipped, question):
    typed, phoned = shipped.ask(Question(question)), shipped.ask(Question(question.replace("'", "’")))
    assert typed.answered
    assert [quote.sentence for quote in phoned.quotes] == [quote.sentence for quote in typed.quotes]
    assert phoned.threshold == typed.threshold


def test_keywords_are_lifted_alike_and_questions_are_not(seeded):
    candidates = seeded._search.candidates([Question("North Korean soldiers Kursk")], [2])[0]
    english = [replace(each, article=replace(each.article, lang="en")) for each in candidates]
    ranker = Ranker({"en": lambda: _Saying({each.sentence.text: 1.0 for each in english})})
    asked = "Are there North Korean soldiers in Kursk?"
    keywords, question = ranker.ranked(["North Korean soldiers Kursk", asked], [english, english])
    assert {each.parts["cross"] for each in question} == {1.0}
    assert {each.parts["cross"] for each in keywords} == {1.0 + LOOKED_FOR["en"]}
