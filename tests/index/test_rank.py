"""Heads: a probability, thresholds by rate, and the models that they were measured with."""

from __future__ import annotations

import pytest

from index.article import Question
from index.rank import Head, Ranker, heads
from index.search import MOST_OF_ONE, Candidate, spread


@pytest.mark.parametrize("name", ["en", "multi", "dense"])
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
    assert len(spread(of_one, 10)) == 10
    other = Candidate(next(q for q in found if q.article != found[0].article).sentence, found[-1].article, 0.1, 0.0)
    mixed = spread([*of_one, *([Candidate(other.sentence, _other(found), 0.1, 0.0)] * 9)], 10)
    assert sum(each.article == found[0].article for each in mixed) == MOST_OF_ONE


def _other(found):
    return next(quote.article for quote in found if quote.article != found[0].article)
