"""What became of the sentences of one snapshot in another: which stand, which changed into what, which are gone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from index.article import Sentence
from index.difference import What, differences, names_in
from index.terms import content_terms
from index.terms.typography import heard

ALIKE = 0.5
"""Least share of their terms (Dice) that a sentence and its replacement have in common, wherever they stand."""
ALIKE_IN_PLACE = 0.25
"""The same where both are the only ones between two sentences that stand unchanged."""
JOINED = 4
"""The most sentences that another punctuation makes of one, or one of."""


class Fate(StrEnum):
    """What became of a sentence."""

    UNCHANGED = "unchanged"
    TYPOGRAPHICAL = "typographical"
    CHANGED = "changed"
    GONE = "gone"

    @property
    def matters(self) -> bool:
        """Whether whoever was quoted the sentence must hear of it."""
        return self in (Fate.CHANGED, Fate.GONE)


@dataclass(frozen=True, slots=True)
class Revision:
    """A sentence of the older snapshot and what stands in its place (None where it is gone); `what` changed in it."""

    old: Sentence
    fate: Fate
    new: Sentence | None = None
    what: tuple[What, ...] = ()


def revise(old: Sequence[Sentence], new: Sequence[Sentence], lang: str | None = None) -> list[Revision]:
    """The fate of each sentence of `old` (a whole snapshot, in order) in `new` (another of the same article).

    A sentence that stands anywhere in the new snapshot is unchanged. One that was cut in two, or joined to the next, by
    punctuation alone has changed in typography. The others are paired with sentences that nothing else explains, the
    most alike first; what finds no partner is gone.
    """
    kept = {place: (Fate.UNCHANGED, found) for place, found in _standing(old, new)}
    for place, found in _alike_in_sound(old, new, lang):
        kept.setdefault(place, (Fate.TYPOGRAPHICAL, found))
    taken = {found for _, found in kept.values()}
    left = [place for place in range(len(old)) if place not in kept]
    free = [place for place in range(len(new)) if place not in taken]
    pairs = dict(_paired(old, new, left, free, {place: found for place, (_, found) in kept.items()}, lang))
    known = names_in(" ".join(each.text for each in (*old, *new)))
    return [_revision(each, place, new, kept, pairs, known, lang) for place, each in enumerate(old)]


def _revision(
    old: Sentence,
    place: int,
    new: Sequence[Sentence],
    kept: dict[int, tuple[Fate, int]],
    pairs: dict[int, int],
    known: frozenset[str],
    lang: str | None,
) -> Revision:
    if place in kept:
        fate, found = kept[place]
        return Revision(old, fate, new[found])
    if place not in pairs:
        return Revision(old, Fate.GONE)
    other = new[pairs[place]]
    return Revision(old, Fate.CHANGED, other, differences(old.text, other.text, lang, known))


def _standing(old: Sequence[Sentence], new: Sequence[Sentence]) -> Iterator[tuple[int, int]]:
    """(place in old, place in new) of sentences whose text stands in both; the nth of several is the nth again."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(new):
        places[each.text].append(place)
    seen: Counter[str] = Counter()
    for place, each in enumerate(old):
        if found := places.get(each.text):
            yield place, found[min(seen[each.text], len(found) - 1)]
            seen[each.text] += 1


def _alike_in_sound(old: Sequence[Sentence], new: Sequence[Sentence], lang: str | None) -> Iterator[tuple[int, int]]:
    """(place in old, place in new) of runs of up to JOINED sentences that sound alike, one side a single sentence."""
    ours, theirs = ([heard(each.text, lang) for each in side] for side in (old, new))
    singles = {said: place for place, said in reversed(list(enumerate(theirs))) if said}
    for place, said in enumerate(ours):
        if said in singles:
            yield place, singles[said]
    for start, count, said in _runs(ours):
        if said in singles:
            yield from ((place, singles[said]) for place in range(start, start + count))
    joined = {said: start for start, _, said in _runs(theirs)}
    for place, said in enumerate(ours):
        if said in joined:
            yield place, joined[said]


def _runs(said: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for start in range(len(said)):
        for count in range(2, min(JOINED, len(said) - start) + 1):
            yield start, count, tuple(word for each in said[start : start + count] for word in each)


def _paired(
    old: Sequence[Sentence],
    new: Sequence[Sentence],
    left: Sequence[int],
    free: Sequence[int],
    kept: dict[int, int],
    lang: str | None,
) -> Iterator[tuple[int, int]]:
    """(place in old, place in new): what replaced what, the surest first, each sentence once."""
    ours = {place: _terms(old[place].text, lang) for place in left}
    theirs = {place: _terms(new[place].text, lang) for place in free}
    in_place = set(_alone_between(old, new, ours, theirs, kept))
    scored = [
        (_dice(ours[a], theirs[b]) + (ALIKE if (a, b) in in_place else 0.0), -abs(a - b), a, b)
        for a, b in _sharing(ours, theirs)
    ]
    done: set[int] = set()
    taken: set[int] = set()
    for score, _, a, b in sorted(scored, reverse=True):
        least = ALIKE_IN_PLACE + ALIKE if (a, b) in in_place else ALIKE
        if score >= least and a not in done and b not in taken:
            done.add(a)
            taken.add(b)
            yield a, b


def _terms(text: str, lang: str | None) -> Counter[str]:
    return Counter(content_terms(text, (lang,) if lang else ()))


def _dice(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _sharing(ours: dict[int, Counter[str]], theirs: dict[int, Counter[str]]) -> Iterator[tuple[int, int]]:
    """The pairs that have a term in common: the others can't be alike."""
    by_term: defaultdict[str, set[int]] = defaultdict(set)
    for place, terms in theirs.items():
        for term in terms:
            by_term[term].add(place)
    for place, terms in ours.items():
        yield from ((place, other) for other in sorted(set().union(*(by_term.get(term, ()) for term in terms))))


def _alone_between(
    old: Sequence[Sentence],
    new: Sequence[Sentence],
    ours: dict[int, Counter[str]],
    theirs: dict[int, Counter[str]],
    kept: dict[int, int],
) -> Iterator[tuple[int, int]]:
    """Pairs that are alone between the same two sentences that stand, or between one and an end of the text."""
    anchors = [(-1, -1), *sorted(kept.items()), (len(old), len(new))]
    for (before, other_before), (after, other_after) in pairwise(anchors):
        mine = [place for place in range(before + 1, after) if place in ours]
        its = [place for place in range(other_before + 1, other_after) if place in theirs]
        if len(mine) == len(its) == 1:
            yield mine[0], its[0]


def became(old: Sequence[Sentence], ordinal: int, new: Sequence[Sentence], lang: str | None = None) -> Revision:
    """The fate of one sentence of `old`; quick where it stands as it did."""
    sentence = old[ordinal]
    same = next((each for each in new if each.text == sentence.text), None)
    return Revision(sentence, Fate.UNCHANGED, same) if same else revise(old, new, lang)[ordinal]
