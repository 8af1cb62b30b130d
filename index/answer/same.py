"""Whether two sentences of different articles say the same, or give different figures for the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.answer.asked import Asked, places
from index.answer.context import needs_context
from index.answer.figures import Figure, figures
from index.answer.subject import own_names, regions, stems
from index.rank import Scored
from index.terms import content_terms

# Measured on the 4,164 pairs of sentences from two articles on one event under seeds/, embedded with their titles. In
# one language the cosine tells events apart, not facts (0.93 for half of the unrelated pairs): words and figures do.
# Across languages half of the unrelated pairs lie below 0.81 and 99 % below 0.863; pairs with the same fact and a
# shared figure lie from 0.796 (Korean) to 0.880, those without a figure from 0.861.
SAME_WITH_FIGURES = 0.78
SAME_WITHOUT = 0.86
OVERLAP = 0.4
"""Least share of the shorter sentence's content words that two sentences of one language have in common."""
REPEATED = 0.8
"""The share above which a sentence of the same article is a repetition."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A candidate as it is compared. `place`: its row in the matrix of cosines. `names`: of what it is about, to be
    looked for in what is `told` with a title. `points_back`: what it is about stands before it."""

    scored: Scored
    place: int
    words: frozenset[str]
    figures: tuple[Figure, ...]
    asked: tuple[Figure, ...]
    places: frozenset[str]
    names: frozenset[str]
    told: frozenset[str]
    points_back: bool

    @property
    def lang(self) -> str:
        return self.scored.candidate.article.lang or "en"


def claim(scored: Scored, place: int, asked: Asked) -> Claim:
    """Reads a candidate once, for all comparisons."""
    text, title = scored.candidate.sentence.text, scored.candidate.article.title or ""
    lang = scored.candidate.article.lang or "en"
    given = asked.of(text)
    return Claim(
        scored,
        place,
        _words(text, lang),
        figures(text),
        given,
        places=places(text, (lang,)) or regions(text) or regions(title),
        names=own_names(text, tuple(figure.start for figure in given), title, lang, implied=not asked.names),
        told=stems(f"{title} {text}", lang),
        points_back=needs_context(text, lang),
    )


@lru_cache(maxsize=2048)
def _words(text: str, lang: str) -> frozenset[str]:
    return frozenset(term for term in content_terms(text, (lang,)) if not term.isdecimal())


def same_fact(one: Claim, other: Claim, asked: Asked, cosine: float) -> bool:
    """Whether two answers of different articles say the same. `cosine` is that of their vectors, nan when unknown."""
    if asked.kinds and (one.asked or other.asked):
        return _covered(one.asked, other.asked) and _one_subject(one, other, asked, cosine)
    if not _covered(_told(one), _told(other)):
        return False
    if one.lang != other.lang:
        shared = bool(_told(one) and _told(other))
        return cosine >= (SAME_WITH_FIGURES if shared else SAME_WITHOUT)
    beyond = (one.words & other.words) - asked.terms
    return bool(beyond) and _overlap(one, other) >= OVERLAP


def conflicting(one: Claim, other: Claim, asked: Asked, cosine: float) -> bool:
    """Whether two sentences answer with figures of one kind and unit that can't both be meant."""
    shared = _sorts(one.asked) & _sorts(other.asked)
    if not shared or _agree(one.asked, other.asked) or _others_names(one, other, asked):
        return False
    return _one_subject(one, other, asked, cosine)


def _others_names(one: Claim, other: Claim, asked: Asked) -> bool:
    """Whether each of two sentences is about a name that the other, with its title, does not tell; not where both tell
    the names that are asked about."""
    if one.lang != other.lang or (asked.names and asked.names <= one.told & other.told):
        return False
    return bool(one.names - other.told and other.names - one.told)


def same_figures(one: Claim, other: Claim, asked: Asked, cosine: float) -> bool:
    """Whether a sentence answers with no figure that another, which may be of its own article, has not told."""
    return _within(one.asked, other.asked) and _one_subject(one, other, asked, cosine)


def _sorts(figures: tuple[Figure, ...]) -> set[tuple[str, str]]:
    return {(figure.kind, figure.unit) for figure in figures}


def repeated(one: Claim, other: Claim) -> bool:
    """Whether two sentences of one article say nothing that the other does not."""
    return {_plain(each) for each in one.figures} == {_plain(each) for each in other.figures} and (
        _overlap(one, other) >= REPEATED
    )


def asked_again(new: Claim, old: Claim, asked: Asked) -> bool:
    """Whether a sentence gives only figures that were asked for and that another of its article gave: what else it
    counts was not asked."""
    mine, its = ({_plain(figure) for figure in each.asked} for each in (new, old))
    return bool(mine) and mine <= its and _one_subject(new, old, asked, float("nan"))


def _plain(figure: Figure) -> tuple[str, float, float, str]:
    return figure.kind, figure.low, figure.high, figure.unit


def _told(claim: Claim) -> tuple[Figure, ...]:
    """What is counted, measured or ranked: the day of the report differs between articles that tell the same."""
    return tuple(figure for figure in claim.figures if figure.kind not in ("date", "time"))


def adds_figures(new: Claim, old: Claim) -> bool:
    """Whether one claim counts or measures what the other does not, or gives a figure or a date that was asked for:
    "in May 2031" after "in 2031" as well."""
    if not _within((*_counted(_told(new)), *new.asked), (*_told(old), *old.asked)):
        return True
    return any(all(date.finer(told) for told in old.asked if date.agrees(told)) for date in _dates(new))


def _dates(claim: Claim) -> Iterator[Figure]:
    """The dates that were asked for."""
    return (figure for figure in claim.asked if figure.kind == "date")


def _covered(one: tuple[Figure, ...], other: tuple[Figure, ...]) -> bool:
    """Whether the one that tells fewer figures tells none that the other does not: "500 dead, 30 hurt" and "700 dead,
    30 hurt" have one in common, and are two facts. What is part of a name tells only where nothing is counted."""
    if not one or not other:
        return not one and not other
    one, other = (_counted(one), _counted(other)) if _counted(one) and _counted(other) else (one, other)
    return _within(*sorted((one, other), key=len))


def _within(some: tuple[Figure, ...], others: tuple[Figure, ...]) -> bool:
    """Whether each of some figures agrees with one of others."""
    return all(any(a.agrees(b) for b in others) for a in some)


def _counted(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Without what is part of a name ("COVID-19", "F-16") or a place in an order."""
    return tuple(figure for figure in figures if figure.kind != "order")


def _agree(one: tuple[Figure, ...], other: tuple[Figure, ...]) -> bool:
    return any(a.agrees(b) for a in one for b in other)


def _one_subject(one: Claim, other: Claim, asked: Asked, cosine: float) -> bool:
    """Whether two figures are of the same thing: the same part of the question's words, and no two different places."""
    if one.lang != other.lang:
        return cosine >= SAME_WITH_FIGURES
    if one.places and other.places and not one.places & other.places:
        return False
    if (asked.places & one.words != asked.places & other.words) and asked.places & (one.words | other.words):
        return False
    # "Tickets cost" and "The ferry cost" have a word in common that names neither; "It cost" names nothing by itself.
    naming_nothing = frozenset() if one.points_back or other.points_back else asked.asking
    subject = asked.terms - naming_nothing
    covered = subject & one.words, subject & other.words
    if covered[0] & covered[1] or not (covered[0] or covered[1]):
        return True
    return _overlap(one, other, naming_nothing) >= OVERLAP


def _overlap(one: Claim, other: Claim, but: frozenset[str] = frozenset()) -> float:
    """The share of the shorter one's words, `but` for some, that the other has."""
    mine, its = one.words - but, other.words - but
    return len(mine & its) / max(1, min(len(mine), len(its)))
