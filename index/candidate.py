"""A sentence worth reading, with what it stands under, and how it reads: under its title, or by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from index.article import Article, Sentence, SentenceId, SnapshotHash, passage
from index.no_answer.labels import of_another_number
from index.no_answer.namesakes import of_another_name
from index.no_answer.opposites import says_the_opposite
from index.no_answer.unnamed import leaves_unnamed
from index.segment.headings import ASKS, Heading, Kind, asks, heading, standing_alone
from index.segment.lists import Listing, listing
from index.store.sentences import Passage
from index.terms.alike import asked_terms, asks_when, denies, said_terms, same_question
from index.terms.claims import asks_for_claims, heads_a_claim, reports_a_claim, takes_back
from index.terms.dates import names_the_day, of_another_day, without_days
from index.terms.relative import Reading, as_asked
from index.terms.verdicts import follows_at_once, judges, tells_who_shared
from index.terms.weekdays import of_another_weekday, opens_with_weekday

SEVERAL = 2
"""Sections whose headings a title names, from which on it is about several things."""
_PARTS = re.compile(r"\s*[:–—|]\s+|\s+-\s+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence worth reading: `cosine` to the question, `words` its BM25 score (0 when no word matches); what it
    stands under, if anything; `heads`: it is a question that begins a line, a claim that is only reported, or a heading
    that says no more than the question, and answers nothing; `opens`: it is the first under its heading;
    `title`: what it is read under in place of the article's, where that names the things of several sections;
    `reading`: how it reads where a day is asked about, if otherwise; `listing`: what it is an item of, or leads to, and
    `whole`: the list is read in its place, as it always is of what leads to it."""

    sentence: Sentence
    article: Article
    cosine: float
    words: float
    heading: Heading | None = None
    heads: bool = False
    opens: bool = False
    title: str | None = None
    reading: Reading | None = None
    listing: Listing | None = None
    whole: bool = False

    @property
    def list_id(self) -> tuple[SnapshotHash, int] | None:
        """Which list it is an item of, or leads to."""
        return (self.sentence.snapshot, self.listing.start) if self.listing else None

    @property
    def with_list(self) -> Candidate:
        """The list that it is of, read whole, in its place."""
        over = self.heading
        if over and self.listing and over.start == self.listing.lead_start:
            over = over.part_of
        return replace(self, heading=over, opens=False, reading=None, whole=True)

    @property
    def said(self) -> str:
        """What it says, with its days as the question names them."""
        if self.whole and self.listing:
            return self.listing.text
        return self.reading.text if self.reading else self.sentence.text

    @property
    def text(self) -> str:
        """The sentence as it reads under its title and its heading."""
        return self.in_place(self.said)

    def in_place(self, text: str) -> str:
        """Another text as it would read where the sentence stands."""
        return passage(self._title, self.heading.over(text) if self.heading else text)

    def behind(self, before: str) -> str:
        """The sentence behind what stands before it, under title and heading."""
        return self.in_place(f"{before} {self.said}")

    def alone(self, before: str = "") -> str:
        """The sentence, behind what stands before it, without its title and its section's heading; a question that its
        text asks, a table's columns and a "Don't" are its own."""
        text = f"{before} {self.said}" if before else self.said
        return self.heading.over(text) if self.heading and self._is_its_own else text

    @property
    def _is_its_own(self) -> bool:
        """Whether what it stands under is part of what it says, and states nothing by itself."""
        return self.heading is not None and (self.heading.kind is not Kind.SECTION or self.heading.rules)

    @property
    def stated(self) -> str:
        """What states something above the sentence: its title and its section's heading, unless they ask."""
        title = "" if self._title.endswith(ASKS) else self._title
        if self.heading is None or self._is_its_own:
            return title
        return passage(title, self.heading.path)

    def misses(self, question: str) -> int:
        """How many words of content of a question stand neither in it, nor in what it stands under or its source."""
        lang = self.article.lang
        return len(asked_terms(question, lang) - said_terms(f"{self.article.source or ''} {self.text}", lang))

    def own_words(self, question: str) -> frozenset[str]:
        """The words of content of a question that a sentence has, and nothing that stands above it. What a title names
        is not the item's own: "Provisional identity card: 10 euros" is not what an identity card costs."""
        lang = self.article.lang
        above = said_terms(f"{self._above} {self.listing.lead if self.listing else ''}", lang)
        return (asked_terms(question, lang) & said_terms(self.sentence.text, lang)) - above

    def answers_the_same(self, question: str) -> bool:
        """Whether its text asks this very question, right above it or as its title."""
        if self.heading and self.heading.kind in (Kind.QUESTION, Kind.OPENING):
            return same_question(question, self.heading.text)
        return self.article.title.endswith(ASKS) and same_question(question, self.article.title)

    def of_another_day(self, question: str) -> bool:
        """Whether it tells of other days than the question asks about."""
        elsewhen = self.reading is not None and self.reading.elsewhen
        weekly = self.listing is not None or opens_with_weekday(self.said)
        if weekly and of_another_weekday(question, self.said):
            return True
        return elsewhen or of_another_day(question, self.said, self._above, self._year)

    def is_of_day(self, question: str) -> bool:
        """Whether it names a day that the question does."""
        that_day = self.reading is not None and self.reading.that_day
        return that_day or names_the_day(question, self.said, self._year)

    def of_another_number(self, question: str) -> bool:
        """Whether it speaks of what the question names with another number."""
        return of_another_number(question, f"{self._above} {self.sentence.text}")

    def of_another_name(self, question: str) -> bool:
        """Whether it says of a name of its own what the question asks of one that stands only above it."""
        return of_another_name(question, self._above, self.sentence.text)

    def leaves_unnamed(self, question: str) -> bool:
        """Whether it only counts or mentions what the question asks which it is."""
        return leaves_unnamed(question, self.sentence.text, self._above, self.article.lang)

    def says_the_opposite(self, question: str) -> bool:
        """Whether it says "previous" where the question says "next", its title with it where that is English."""
        lang = self.article.lang or "en"
        return says_the_opposite(question, self.text if lang == "en" else self.sentence.text, lang)

    @property
    def _above(self) -> str:
        return passage(self._title, self.heading.path) if self.heading else self._title

    @property
    def _title(self) -> str:
        return self.article.title if self.title is None else self.title

    @property
    def _year(self) -> int | None:
        return self.article.published.year if self.article.published else None


def candidate(question: str, read: Passage, cosine: float, words: float = 0.0, on: date | None = None) -> Candidate:
    """A stored sentence as a candidate for a question that is asked `on` a day. Its heading counts where it names what
    is asked: a section's where nothing else does."""
    found = _candidate(question, read, cosine, words)
    reading = as_asked(question, on, read.sentence.text, read.article.published)
    found = replace(found, reading=reading) if reading else found
    of = listing(read.above, read.sentence.start, read.sentence.text, read.below)
    if of is None or found.heads:
        return found
    found = replace(found, listing=of)
    return found if of.has(read.sentence.start) else found.with_list


def _candidate(question: str, read: Passage, cosine: float, words: float) -> Candidate:
    sentence, article, above, below = read
    over = heading(above, sentence.start, sentence.text, below)
    if _only_claims(sentence.text, over):
        return Candidate(sentence, article, cosine, words, heads=not asks_for_claims(question))
    if sentence.text.endswith(ASKS) or asks(above, sentence.text):
        return Candidate(sentence, article, cosine, words, heads=True)
    title = _without_sections(over, read) if over and over.kind is Kind.SECTION else None
    if over is None or (title is None and not _names(over, question, read)):
        return Candidate(sentence, article, cosine, words)
    return Candidate(sentence, article, cosine, words, over, opens=above.rstrip().endswith(over.text), title=title)


def _without_sections(over: Heading, read: Passage) -> str | None:
    """The title without what names the things of several sections, this one's among them: "Two bikes compared", of "Two
    bikes compared: Vela City and Torrent X"; None where it names no such. Else each section is read as about all."""
    lang, title = read.article.lang, read.article.title
    named = said_terms(title, lang)
    own = asked_terms(over.text, lang)
    if not own or not own <= named:
        return None
    lines = standing_alone(f"{read.above}{read.sentence.text}{read.below}")
    things = {own, *(terms for line in lines if (terms := asked_terms(line, lang)) and terms <= named)}
    if len(things) < SEVERAL:
        return None
    parts = [part for part in _PARTS.split(title) if not any(each & said_terms(part, lang) for each in things)]
    return ": ".join(parts)


def _only_claims(sentence: str, over: Heading | None) -> bool:
    """Whether a sentence reports what is claimed, or stands under a heading that says so of it."""
    return reports_a_claim(sentence) or (over is not None and over.kind is Kind.SECTION and heads_a_claim(over.text))


def says_nothing_new(above: Candidate, question: str) -> bool:
    """Whether a heading names only what the question and its title do: "Dogs", but neither "Bridge closed until Friday"
    nor "No dogs". A day beside it says something to who asks when."""
    text, lang = above.sentence.text, above.article.lang
    if denies(text) > denies(question):
        return False
    known = asked_terms(question, lang) | said_terms(above.article.title, lang)
    return asked_terms(text if asks_when(question) else without_days(text), lang) <= known


class Under(NamedTuple):
    """A passage, and what it stands under."""

    passage: Passage
    heading: Heading


def those_under(read: Iterable[Passage]) -> dict[SentenceId, Under]:
    """Those passages that stand under something, by their sentences."""
    overs = ((each, heading(each.above, each.sentence.start, each.sentence.text, each.below)) for each in read)
    return {each.sentence.id: Under(each, over) for each, over in overs if over}


def saying_most(question: str, under: Sequence[Under]) -> list[Passage]:
    """Passages in order, but those first that say more of what is asked, together with what they stand under."""

    def said(each: Under) -> int:
        sentence, article, _, _ = each.passage
        return len(asked_terms(question, article.lang) & said_terms(each.heading.over(sentence.text), article.lang))

    return [each.passage for each in sorted(under, key=said, reverse=True)]


def _names(over: Heading, question: str, read: Passage) -> bool:
    """Whether a heading says of a sentence what the question asks."""
    if over.kind in (Kind.TABLE, Kind.LEAD) or over.rules:
        return True
    lang = read.article.lang
    named = asked_terms(question, lang) & said_terms(over.path, lang)
    if over.kind is Kind.SECTION:
        named -= said_terms(passage(read.article.title, read.sentence.text), lang)
    if over.kind is Kind.CLAIM:
        return bool(named) and _is_of_the_claim(over, named, question, read)
    return bool(named)


def _is_of_the_claim(over: Heading, named: frozenset[str], question: str, read: Passage) -> bool:
    """Whether a sentence is read under the claim above it, which names these terms of the question: it judges the
    claim; or it does not name them all itself, and stands right behind the claim, is a correction's, or says some of
    what is asked. What tells who shared the claim says nothing of it."""
    text, lang = read.sentence.text, read.article.lang
    if judges(text):
        return True
    said = asked_terms(question, lang) & said_terms(text, lang)
    behind = takes_back(over.text) or follows_at_once(read.above.rpartition(over.text)[2])
    return not named <= said and bool(said or behind) and not tells_who_shared(text)
