"""How a question's candidates are read: the best of them first, more while it is in doubt, then what may tell another
figure, what points back, and what owes its title what is said for it."""

from __future__ import annotations

from collections.abc import Sequence

from index.answer.rivals import asks_for_a_figure, of_that_day, rivals
from index.candidate import Candidate
from index.rank import Ranker, Scored
from index.search import reading_order
from index.terms.relative import asks_of_a_day

CANDIDATES, FIRST = 20, 7
"""Sentences that may be read of each question while it is in doubt, and how many are read before that is known."""
FOUND, FIRST_OF_FIGURES = 60, 5
"""The same where a figure is asked for, or a day is named: more of what the first stage finds is looked
through for what may disagree or is of that day (`index/answer/rivals.py`), and of figures fewer are read before that.
Development questions (`docs/design.md`) chose both."""


def looked_for(question: str) -> int:
    """How many candidates of a question the first stage is asked for."""
    return FOUND if asks_for_a_figure(question) or asks_of_a_day(question) else CANDIDATES


def read_in_full(
    ranker: Ranker, questions: Sequence[str], found: Sequence[Sequence[Candidate]], shown: Sequence[int]
) -> list[list[Scored]]:
    """What was read of each question's candidates, the most probable first. `shown`: how many sentences each question
    wants, so that no fewer are read."""
    parted = [_parted(*each) for each in zip(questions, found, shown, strict=True)]
    ranked = ranker.ranked_until_near(questions, [first for first, _ in parted], [later for _, later in parted])
    return ranker.on_their_own(questions, ranker.in_context(questions, ranked))


def _parted(question: str, found: Sequence[Candidate], shown: int) -> tuple[list[Candidate], list[Candidate]]:
    """The candidates of a question that are read first, and those that are read while it is in doubt."""
    count = max(FIRST_OF_FIGURES if asks_for_a_figure(question) else FIRST, shown)
    first, later = reading_order(found[: max(CANDIDATES, shown)], count)
    first += of_that_day(question, first, found)
    first += rivals(question, first, found)
    return first, [each for each in later if each not in first]
