"""How a question's candidates are read: the best of them first, more while it is in doubt, then what may tell another
figure, what points back, and what owes its title what is said for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from index.answer.context import opens_with_what_is_asked
from index.answer.rivals import asks_for_a_figure, rivals
from index.article import ArticleId, Question
from index.rank import Ranker, Scored
from index.search import Candidate, reading_order

CANDIDATES, FIRST = 20, 7
"""Sentences that may be read of each question while it is in doubt, and how many are read before that is known."""
FOUND, FIRST_OF_FIGURES = 60, 5
"""The same where a figure is asked for: more of what the first stage finds is looked through for what may disagree
(`index/answer/rivals.py`), and fewer are read before that. Development questions (`docs/design.md`) chose both."""
Within = Callable[[Sequence[tuple[str, ArticleId]], int], list[list[Candidate]]]
NAMED, WITHIN = 2, 2
"""Articles that name what the question names in their opening, and not in their title; and the sentences that are read
of each beside the best candidates."""


def looked_for(question: str) -> int:
    """How many candidates of a question the first stage is asked for."""
    return FOUND if asks_for_a_figure(question) else CANDIDATES


def within_what_is_named(
    questions: Sequence[Question], found: Sequence[Sequence[Candidate]], within: Within
) -> list[list[Candidate]]:
    """Of each question what those articles say that name what is asked about in their opening and not in their title:
    a sentence behind it needn't name it again ("Captain Josefa Lund said …"), so that no name finds it. `within`: the
    nearest sentences of an article to a question, for each of such pairs, as many as is said."""
    named = [
        () if question.article else _named(question.text, some) for question, some in zip(questions, found, strict=True)
    ]
    asked = [(n, article) for n, articles in enumerate(named) for article in articles]
    read = within([(questions[n].text, article) for n, article in asked], FIRST + WITHIN)
    more: list[list[Candidate]] = [[] for _ in questions]
    for (n, _), some in zip(asked, read, strict=True):
        first = {each.sentence.id for each in found[n][:FIRST]}
        more[n] += islice((each for each in some if each.sentence.id not in first), WITHIN)
    return more


def _named(question: str, found: Sequence[Candidate]) -> list[ArticleId]:
    """The articles whose opening is among the first candidates and names what is asked about, the best first."""
    openings = (each.article.id for each in found[:FIRST] if opens_with_what_is_asked(question, each))
    return list(dict.fromkeys(openings))[:NAMED]


def read_in_full(
    ranker: Ranker,
    questions: Sequence[str],
    found: Sequence[Sequence[Candidate]],
    within: Sequence[Sequence[Candidate]],
    shown: Sequence[int],
) -> list[list[Scored]]:
    """What was read of each question's candidates, the most probable first. `within`: what is read with the first of
    them. `shown`: how many sentences each question wants, so that no fewer are read."""
    parted = [_parted(*each) for each in zip(questions, found, within, shown, strict=True)]
    ranked = ranker.ranked_until_near(questions, [first for first, _ in parted], [later for _, later in parted])
    return ranker.on_their_own(questions, ranker.in_context(questions, ranked))


def _parted(
    question: str, found: Sequence[Candidate], within: Sequence[Candidate], shown: int
) -> tuple[list[Candidate], list[Candidate]]:
    """The candidates of a question that are read first, and those that are read while it is in doubt."""
    count = max(FIRST_OF_FIGURES if asks_for_a_figure(question) else FIRST, shown)
    first, later = reading_order(found[: max(CANDIDATES, shown)], count)
    known = {each.sentence.id for each in first}
    first += [each for each in within if each.sentence.id not in known]
    first += rivals(question, first, found)
    known = {each.sentence.id for each in first}
    return first, [each for each in later if each.sentence.id not in known]
