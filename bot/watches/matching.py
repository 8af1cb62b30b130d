"""Which new sentences answer which watches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.watches.watch import Filters, Watch
from index.article import Article, Quote, SentenceId
from index.match import Match
from index.store.arrivals import Arrival
from index.terms import terms


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence, new to a watch, that answers it."""

    watch: Watch
    quote: Quote
    arrival: Arrival


def questions(watches: Iterable[Watch]) -> dict[float, list[str]]:
    """The distinct questions for each share of false answers: what must be matched, each once."""
    found: dict[float, dict[str, None]] = {}
    for watch in watches:
        found.setdefault(watch.false_answers, {})[watch.question] = None
    return {share: list(asked) for share, asked in found.items()}


def hits(
    watches: Iterable[Watch], asked: Sequence[str], share: float, matches: Iterable[Match], arrivals: Sequence[Arrival]
) -> list[Hit]:
    """What the watches of one share of false answers hear of. `asked`: the questions that `matches` count in."""
    by_question: dict[str, list[Watch]] = {}
    for watch in watches:
        if watch.false_answers == share:
            by_question.setdefault(watch.question, []).append(watch)
    came: dict[SentenceId, Arrival] = {arrival.sentence: arrival for arrival in arrivals}
    return [
        Hit(watch, match.quote, came[match.quote.sentence.id])
        for match in matches
        if match.answers
        for watch in by_question.get(asked[match.question], ())
        if came[match.quote.sentence.id].seq > watch.since and fits(watch.filters, match.quote)
    ]


def in_order(found: Iterable[Hit]) -> list[Hit]:
    """In the order of publication: by day where articles have one, then as the library got them, then as they read."""

    def place(hit: Hit) -> tuple[object, ...]:
        day = hit.quote.article.published or hit.arrival.at.date()
        return day, hit.arrival.seq, hit.quote.sentence.ordinal, hit.watch.created_at, hit.watch.ref

    return sorted(found, key=place)


def fits(filters: Filters, quote: Quote) -> bool:
    """Whether a sentence is what the filters ask for."""
    article = quote.article
    if filters.langs and (article.lang or "") not in filters.langs:
        return False
    if filters.sources and not _names(article) & {source.casefold() for source in filters.sources}:
        return False
    if not filters.must:
        return True
    langs = (article.lang,) if article.lang else ()
    said = set(terms(quote.sentence.text, langs))
    return all(said.issuperset(terms(word, langs)) for word in filters.must)


def _names(article: Article) -> set[str]:
    """What a source may be called: its name, the host of its address, the host without www."""
    host = (urlsplit(article.url).hostname or "") if article.url else ""
    return {(article.source or "").casefold(), host, host.removeprefix("www.")} - {""}
