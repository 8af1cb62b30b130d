"""How a question's candidates are read: the best of them first, more while it is in doubt, then what may tell another
figure, what points back, the lists that the best are of, and what owes its title what is said for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.answer.rivals import asks_for_a_figure, of_that_day, rivals
from index.article import SnapshotHash
from index.candidate import Candidate
from index.head import log_odds
from index.lifts import LIFT
from index.rank import GAIN, Ranker, Scored
from index.search import reading_order
from index.terms.relative import asks_of_a_day

CANDIDATES, FIRST = 20, 7
"""Sentences that may be read of each question while it is in doubt, and how many are read before that is known."""
FOUND, FIRST_OF_FIGURES = 60, 5
"""The same where a figure is asked for, or a day is named: more of what the first stage finds is looked
through for what may disagree or is of that day (`index/answer/rivals.py`), and of figures fewer are read before that.
Development questions (`docs/design.md`) chose both."""
LISTED, LISTS, PROMISING, LEVEL = 7, 2, 0.05, 1.5
"""Among how many of the first candidates items of lists are looked for, how many lists are read whole for them and from
which probability on, and how far below the best item's log-odds the second lies where more than one answers. With lists
read from 0.005 on no more of 92 questions were answered, and one took 163 ms in place of 142 (129 without lists; most
sentences there are of one)."""

_Key = tuple[SnapshotHash, int]


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
    ranked = ranker.in_context(questions, ranked)
    return ranker.on_their_own(questions, _with_lists(ranker, questions, ranked))


def _with_lists(ranker: Ranker, questions: Sequence[str], ranked: Sequence[list[Scored]]) -> list[list[Scored]]:
    """The same candidates; a list that answers better as a whole than its best item, or of which several items answer,
    stands in the place of all of them."""
    lists = [_lists(found) for found in ranked]
    unread = [[each for each in found.values() if not each.candidate.whole] for found in lists]
    wholes = ranker.ranked(questions, [[each.candidate.with_list for each in found] for found in unread])
    placed = []
    for question, found, best, read in zip(questions, ranked, lists, wholes, strict=True):
        whole = {each.candidate.list_id: each for each in read}
        for key in best:
            found = _placed(question, found, key, whole.get(key))
        placed.append(found)
    return placed


def _lists(found: Sequence[Scored]) -> dict[_Key, Scored]:
    """The lists that are read for the first candidates, each with the best of what is of it or leads to it."""
    best: dict[_Key, Scored] = {}
    for each in found[:LISTED]:
        key = each.candidate.list_id
        if key and "cross" in each.parts and each.probability >= PROMISING:
            best.setdefault(key, each)
    return dict(list(best.items())[:LISTS])


def _placed(question: str, found: Sequence[Scored], key: _Key, read: Scored | None) -> list[Scored]:
    """The candidates with a list in the place of its items, or with its items alone. `read`: the list, where what leads
    to it was not read as such. It answers no less than an item that is lifted no more than it is."""
    own = [each for each in found if each.candidate.list_id == key]
    items = [each for each in own if not each.candidate.whole]
    whole = read or next(each for each in own if each.candidate.whole)
    others = [each for each in found if each.candidate.list_id != key]
    if not items or _answers_whole(question, whole, items):
        lift = whole.parts.get(LIFT, 0.0)
        best = max(each.probability for each in (whole, *own) if each.parts.get(LIFT, 0.0) <= lift)
        kept = [replace(whole, probability=best)]
    else:
        kept = items
    return sorted([*others, *kept], key=lambda each: -each.probability)


def _answers_whole(question: str, whole: Scored, items: Sequence[Scored]) -> bool:
    """Whether a list answers rather than the best of its items: it does better, or about as well where that item has
    nothing of what is asked that does not stand above it, or no more than another that does as well."""
    above = _logit(whole) - _logit(items[0])
    first, second = items[0], next(iter(items[1:]), None)
    named = first.candidate.own_words(question)
    level = second is not None and log_odds(first.probability) - log_odds(second.probability) <= LEVEL
    if named and not (second and level and named <= second.candidate.own_words(question)):
        return above >= GAIN
    return above >= -GAIN


def _logit(each: Scored) -> float:
    """What a cross-encoder says of a candidate, less what that loses where it tells of another day, or of another thing
    than is asked about."""
    return each.parts["cross"] + min(0.0, each.parts.get(LIFT, 0.0))


def _parted(question: str, found: Sequence[Candidate], shown: int) -> tuple[list[Candidate], list[Candidate]]:
    """The candidates of a question that are read first, and those that are read while it is in doubt."""
    count = max(FIRST_OF_FIGURES if asks_for_a_figure(question) else FIRST, shown)
    first, later = reading_order(found[: max(CANDIDATES, shown)], count)
    first += of_that_day(question, first, found)
    first += rivals(question, first, found)
    return first, [each for each in later if each not in first]
