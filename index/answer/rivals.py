"""Which other sentences may tell another figure than the answer does, and which tell of the day that is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from index.answer.asked import asked
from index.candidate import Candidate
from index.search import few_of_each
from index.terms import terms

RIVALS = 3
"""How many of them are read. A figure that is left out misleads, so that these are read beside the best."""
OF_THAT_DAY = 4
"""How many sentences are read that name the day that is asked about."""


def of_that_day(question: str, best: Sequence[Candidate], found: Sequence[Candidate]) -> list[Candidate]:
    """What of `found` is worth reading beside the `best` where a question names a day: sentences that name it too, of
    every article few. The searches know no dates from other figures, nor one "yesterday" from another."""
    return _few_unread([each for each in found if each.is_of_day(question)], best, OF_THAT_DAY)


def asks_for_a_figure(question: str) -> bool:
    """Whether a question asks for a count, a measure, a date or a time."""
    return bool(asked(question).kinds)


def rivals(question: str, best: Sequence[Candidate], found: Sequence[Candidate]) -> list[Candidate]:
    """What else of `found` is worth reading beside the `best` where a question asks for a figure: sentences with one of
    that kind, those that name the question's places first, of every article few."""
    wanted = asked(question)
    if not wanted.kinds:
        return []
    telling = [each for each in found if wanted.of(each.sentence.text)]
    telling.sort(key=lambda each: -len(wanted.places & set(terms(each.sentence.text, (each.article.lang or "en",)))))
    return _few_unread(telling, best, RIVALS)


def _few_unread(telling: Sequence[Candidate], best: Sequence[Candidate], most: int) -> list[Candidate]:
    """The first `most` of candidates that are not among the `best`, few of an article together with those that are."""
    unread = (each for each in telling if each not in best)
    return list(islice(few_of_each(unread, (each for each in telling if each in best)), most))
