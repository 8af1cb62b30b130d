"""Several questions of one message ("When was Webb launched? How much did it cost?"): each is asked, and what answers
them is one answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain, zip_longest

from index.article import Answer, Question, Quote, SentenceId
from index.asides import question_in, questions_in, told_before
from index.restated import is_follow_up
from index.terms.follow_ups import follows, halves

Ask = Callable[[Sequence[Question]], list[Answer]]
"""Answers questions in their order."""


def ask_each(questions: Sequence[Question], ask: Ask) -> list[Answer]:
    """An answer to each of the messages. What "and" joins is one question, and two where nothing answers both."""
    answers = _ask_parts([(question, each_of(question)) for question in questions], ask)
    silent = [n for n, answer in enumerate(answers) if not answer.answered]
    parted = {n: _behind_one_another(questions[n], halves(question_in(questions[n].text))) for n in silent}
    joined = {n: parts for n, parts in parted.items() if len(parts) > 1}
    again = _ask_parts([(questions[n], parts) for n, parts in joined.items()], ask)
    for n, answer in zip(joined, again, strict=True):
        answers[n] = answer if answer.answered else answers[n]
    return answers


def _ask_parts(parted: Sequence[tuple[Question, Sequence[Question]]], ask: Ask) -> list[Answer]:
    """One answer to the questions of each message; all of all messages are asked at once."""
    answers = iter(ask([part for _, parts in parted for part in parts]))
    return [as_one(question, [next(answers) for _ in parts]) for question, parts in parted]


def each_of(question: Question) -> list[Question]:
    """The questions of a message, each behind the one before it, as follow-ups are; itself where there is one. One that
    follows what is told in the same message is behind that."""
    texts = questions_in(question.text)
    told, asked = told_before(texts[0]) if len(texts) == 1 else ("", "")
    if told and follows(asked):
        return [replace(question, text=asked, previous=told)]
    return _behind_one_another(question, texts)


def _behind_one_another(question: Question, texts: Sequence[str]) -> list[Question]:
    if len(texts) == 1:
        return [question]
    previous = [question.previous, *texts]
    return [replace(question, text=text, previous=before) for text, before in zip(texts, previous, strict=False)]


def has_follow_up(question: Question) -> bool:
    """Whether the question before a message has a say in its answer."""
    return is_follow_up(each_of(question)[0])


def as_one(question: Question, answers: Sequence[Answer]) -> Answer:
    """One answer of those to its questions: the first quote of each, then the second ones, `question.k` in all. Its
    confidence and its threshold are those of the answer that is furthest above it."""
    best = max(answers, key=lambda answer: (answer.answered, answer.confidence - answer.threshold))
    if len(answers) == 1:
        return replace(best, question=question)
    others = [answer for answer in answers if answer is not best]
    return replace(
        best,
        question=question,
        quotes=_in_turn(question.k, [answer.quotes for answer in answers]),
        ranked=_in_turn(question.k, [answer.ranked for answer in (best, *others)]),
        ms=sum(answer.ms for answer in answers),
        asked=" ".join(answer.asked for answer in answers),
        terms=frozenset().union(*(answer.terms for answer in answers)),
    )


def _in_turn(count: int, quotes: Iterable[Sequence[Quote]]) -> tuple[Quote, ...]:
    """The first of each, then the second of each, every sentence once: one that stands as another figure beside a
    quote does not stand alone as well."""
    once: dict[SentenceId, Quote] = {}
    for quote in filter(None, chain.from_iterable(zip_longest(*quotes))):
        if quote.sentence.id in {id for shown in once.values() for id in (shown.sentence.id, *_beside(shown))}:
            continue
        said = {id: shown for id, shown in once.items() if id not in _beside(quote)}
        once = {**said, quote.sentence.id: quote}
    return tuple(once.values())[: max(0, count)]


def _beside(quote: Quote) -> set[SentenceId]:
    return {other.sentence.id for other in quote.conflicts}
