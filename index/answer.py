"""From scored sentences to what is said: which are shown, what says the same, what disagrees, what must stand beside."""

from __future__ import annotations

from collections.abc import Sequence

from index.article import Quote
from index.rank import Scored


def quote(scored: Scored) -> Quote:
    """A scored candidate as a bare quote."""
    candidate = scored.candidate
    return Quote(candidate.sentence, candidate.article, scored.probability, parts=scored.parts)


def compose(ranked: Sequence[Scored], threshold: float, count: int) -> tuple[Quote, ...]:
    """The quotes that may be shown as an answer: at most `count`, all at or above the threshold."""
    return tuple(quote(scored) for scored in ranked if scored.probability >= threshold)[:count]
