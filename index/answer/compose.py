"""From scored sentences to what is said: which are shown, what says the same, what disagrees, what stands beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from index.answer.asked import Asked, asked
from index.answer.context import MOST, below, context, needs_context
from index.answer.same import Claim, claim, conflicting, repeated, same_fact, same_figures
from index.answer.speaker import is_quotation, speaker
from index.article import Quote, Sentence, SentenceId
from index.rank import Scored
from index.segment.lists import MOST_SENTENCES
from index.terms.typography import heard

NEAR = 0.05
"""Probabilities this close are equal: then the more recent article is shown first."""
PLAUSIBLE = 0.5
"""Share of the threshold from which a sentence may disagree. A figure left out misleads, so that the bar is lower than
for an answer; below half of it the sentence is more likely about something else than a contradiction."""

Neighbours = Callable[[SentenceId, int], tuple[Sequence[Sentence], Sequence[Sentence]]]
"""The sentences before and after one, so many each way where they exist, in the text's order."""


@dataclass(slots=True)
class _Fact:
    """Claims of different articles that say the same; `first` is the most probable of them."""

    first: Claim
    claims: list[Claim]
    conflicts: list[_Fact] = field(default_factory=list)

    def shown(self) -> Claim:
        """The most recent of those that are as probable as the best."""
        best = _probability(self.first)
        near = [each for each in self.claims if _probability(each) >= best - NEAR]
        return min(near, key=lambda each: (-_published(each).toordinal(), *_order(each)))


def quote(scored: Scored) -> Quote:
    """A scored candidate as a bare quote."""
    candidate = scored.candidate
    return Quote(candidate.sentence, candidate.article, scored.probability, parts=scored.parts)


def compose(
    ranked: Sequence[Scored],
    threshold: float,
    count: int,
    *,
    question: str = "",
    neighbours: Neighbours | None = None,
    similarity: npt.NDArray[np.float32] | None = None,
) -> tuple[Quote, ...]:
    """The quotes that may be shown as an answer: at most `count`, all at or above the threshold, best first.

    `similarity`: (n, n) float32, cosines between the vectors of `ranked`, in its order. Without it no two languages are
    compared; without `neighbours` quotes have neither context nor speaker. The order of `ranked` does not matter: equal
    probabilities are ordered by length, then by the newer article, then by sentence id.
    """
    wanted = asked(question)
    claims = sorted(
        (claim(each, place, wanted) for place, each in enumerate(ranked) if each.probability >= threshold * PLAUSIBLE),
        key=_order,
    )
    compared = _Comparison(wanted, similarity)
    facts = compared.facts([each for each in claims if _probability(each) >= threshold])
    doubtful = compared.facts([each for each in claims if _probability(each) < threshold])
    shown = compared.disagreements(facts, doubtful)[: max(0, count)]
    return tuple(_quoted(fact, neighbours) for fact in shown)


def newest_first(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """The same quotes, those of newer articles before others."""
    return tuple(sorted(quotes, key=lambda each: -(each.article.published or date.min).toordinal()))


@dataclass(frozen=True, slots=True)
class _Comparison:
    asked: Asked
    similarity: npt.NDArray[np.float32] | None

    def facts(self, claims: Iterable[Claim]) -> list[_Fact]:
        """Claims that say the same together, one of each article; repetitions within an article are left out."""
        facts: list[_Fact] = []
        for each in claims:
            fact = next((fact for fact in facts if self._joins(each, fact)), None)
            if fact is not None:
                fact.claims.append(each)
            elif not any(self._repeats(each, fact.first) for fact in facts):
                facts.append(_Fact(each, [each]))
        return facts

    def _repeats(self, each: Claim, first: Claim) -> bool:
        """Whether a claim is told in its own article by a better one, as an item is by its list, not the list by it."""
        if _article(each) != _article(first) or _is_list(each):
            return False
        if _is_list(first):
            return _lists(first, each)
        return repeated(each, first)

    def disagreements(self, facts: Sequence[_Fact], doubtful: Sequence[_Fact]) -> list[_Fact]:
        """The facts that are shown: those that disagree with a better one stand with it."""
        shown: list[_Fact] = []
        for fact in (*facts, *doubtful):
            rival = next((each for each in shown if self._conflict(fact, each)), None)
            if rival is not None:
                self._against(fact, rival)
            elif not any(fact is each for each in doubtful):
                shown.append(fact)
        return shown

    def _joins(self, each: Claim, fact: _Fact) -> bool:
        if _article(each) in {_article(other) for other in fact.claims}:
            return False
        if _is_list(each, fact.first):
            return _said(each) == _said(fact.first)
        return same_fact(each, fact.first, self.asked, self._cosine(each, fact.first))

    def _against(self, fact: _Fact, rival: _Fact) -> None:
        """A figure stands against another once, whoever repeats it."""
        told = next((each for each in rival.conflicts if self._told(fact, each)), None)
        if told is None:
            rival.conflicts.append(fact)
            return
        heard = {_article(each) for each in told.claims}
        told.claims += [each for each in fact.claims if _article(each) not in heard]

    def _told(self, fact: _Fact, other: _Fact) -> bool:
        return same_figures(fact.first, other.first, self.asked, self._cosine(fact.first, other.first))

    def _conflict(self, fact: _Fact, shown: _Fact) -> bool:
        if _article(shown.shown()) in {_article(each) for each in fact.claims} or _is_list(fact.first, shown.first):
            return False
        return conflicting(fact.first, shown.first, self.asked, self._cosine(fact.first, shown.first))

    def _cosine(self, one: Claim, other: Claim) -> float:
        return float("nan") if self.similarity is None else float(self.similarity[one.place, other.place])


def _quoted(fact: _Fact, neighbours: Neighbours | None) -> Quote:
    shown = fact.shown()
    also = tuple(quote(each.scored) for each in sorted(fact.claims, key=_order) if each is not shown)
    conflicts = sorted(fact.conflicts, key=lambda other: (_published(other.shown(), date.max), *_order(other.shown())))
    return replace(
        _beside(shown.scored, neighbours),
        also=also,
        conflicts=tuple(_quoted(each, neighbours) for each in conflicts),
    )


def _beside(scored: Scored, neighbours: Neighbours | None) -> Quote:
    """With the context and the speaker that a quote needs, and the heading that names what is asked; neighbours are
    looked up only for one that needs them."""
    if scored.candidate.whole and neighbours:
        return whole_list(scored, *neighbours(scored.candidate.sentence.id, MOST_SENTENCES))
    bare, heading = quote(scored), scored.candidate.heading
    sentence, lang = bare.sentence, bare.article.lang
    pointing, said = needs_context(sentence.text, lang), is_quotation(sentence.text)
    if neighbours is None or not (pointing or said or heading):
        return bare
    before, after = neighbours(sentence.id, heading.reach if heading else MOST)
    above = heading.among(before) if heading else ()
    return replace(
        bare,
        context=(*above, *context(sentence, below(heading, before), lang)),
        speaker=speaker(sentence, before[-MOST:], after[:MOST]) if said else None,
    )


def whole_list(scored: Scored, before: Sequence[Sentence], after: Sequence[Sentence]) -> Quote:
    """The list that a candidate was read as: what leads to it, else its first sentence, with the rest beside it, the
    heading that it was read under, and what it points back to. `before`, `after`: the sentences around the candidate's
    own."""
    bare, candidate = quote(scored), scored.candidate
    listing, heading = candidate.listing, candidate.heading
    around = (*before, candidate.sentence, *after)
    if listing is None:
        return bare
    own = [each for each in around if each.end == listing.lead_end or listing.has(each.start)]
    before = [each for each in around if each.ordinal < own[0].ordinal]
    above = (*(heading.among(before) if heading else ()), *context(own[0], below(heading, before), bare.article.lang))
    return replace(bare, sentence=own[0], context=(*above, *own[1:]))


def _is_list(*claims: Claim) -> bool:
    return any(each.scored.candidate.whole for each in claims)


def _lists(whole: Claim, item: Claim) -> bool:
    """Whether a list that is read whole has an item."""
    of, sentence = whole.scored.candidate.listing, item.scored.candidate.sentence
    return of is not None and of.has(sentence.start) and sentence.snapshot == whole.scored.candidate.sentence.snapshot


def _said(claim: Claim) -> tuple[str, ...]:
    return heard(claim.scored.candidate.said, claim.lang)


def _order(claim: Claim) -> tuple[float, int, int, int]:
    sentence = claim.scored.candidate.sentence
    return -_probability(claim), len(sentence.text), -_published(claim).toordinal(), sentence.id


def _probability(claim: Claim) -> float:
    return claim.scored.probability


def _article(claim: Claim) -> str:
    return claim.scored.candidate.article.id


def _published(claim: Claim, undated: date = date.min) -> date:
    return claim.scored.candidate.article.published or undated
