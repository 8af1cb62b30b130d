"""How an answer looks: quotes into blocks, blocks onto sheets, and what is too long for one message into several."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from bot.reply import Block, Content, Shown, Span, utf16
from bot.words import Words
from index.article import Article, Quote, Sentence
from index.segment.lists import shares_line

ALSO_NAMED = 3
"""This many other articles that say the same are named; the rest are counted."""


def line(text: str, bold: bool = False, gap: bool = False) -> Block:
    return Block((Span(text, bold=bold),), gap=gap)


def name(article: Article) -> Span:
    """The title, linked where the article has an address on the web."""
    return Span(article.title, link=web_address(article))


def web_address(article: Article) -> str | None:
    """The address, unless it is one that a chat can't open: Telegram refuses a whole message for such a button."""
    url = article.url
    return url if url and url.lower().startswith(("http://", "https://")) else None


def cite(article: Article, words: Words) -> tuple[Span, ...]:
    """Title — source — date, as far as they are known."""
    rest = [article.source, words.date(article.published) if article.published else None]
    return (name(article), *(Span(f" — {part}") for part in rest if part))


def quotation(
    quote: Sentence,
    before: Sequence[Sentence] = (),
    after: Sequence[Sentence] = (),
    rest: Sequence[Sentence] = (),
    gap: bool = False,
) -> Block:
    """The sentence alone, or marked in bold among its neighbours in italics; one that does not stand directly before
    the next, and a heading, in a line of its own. `rest`: of a list that is quoted whole what follows its first
    sentence, each item in a line of its own."""
    marked = bool(before or after)
    spans: list[Span] = []
    for sentence, below in pairwise((*before, quote)):
        spans += [_neighbour(sentence), Span("\n" if _ends_its_line(sentence, below) else " ")]
    spans.append(Span(quote.text, bold=marked, quote=quote.id))
    for above, sentence in pairwise((quote, *rest)):
        spans += [
            Span(" " if shares_line(above, sentence) else "\n"),
            Span(sentence.text, bold=marked, quote=sentence.id),
        ]
    for sentence in after:
        spans += [Span("\n" if rest and sentence is after[0] else " "), _neighbour(sentence)]
    return Block(tuple(spans), quotation=True, gap=gap)


def _neighbour(sentence: Sentence) -> Span:
    """A sentence beside a quote: a quote itself, unless it was cut."""
    whole = len(sentence.text) == sentence.end - sentence.start
    return Span(sentence.text, italic=True, quote=sentence.id if whole else None)


def _ends_its_line(sentence: Sentence, below: Sentence) -> bool:
    return below.ordinal - sentence.ordinal > 1 or (sentence.unmarked and below.start - sentence.end > 1)


def shows(quote: Quote, beside: Iterable[Sentence]) -> Iterator[Shown]:
    """Every sentence that is shown of a quote: its own, its list's, those beside it, and the same of those with other
    figures."""
    for sentence in (quote.sentence, *quote.rest, *beside):
        yield Shown(sentence.id, sentence.snapshot)
    for rival in quote.conflicts:
        yield from shows(rival, rival.before)


def figures(quote: Quote) -> list[Quote]:
    """A quote and those with other figures for the same fact, oldest first; undated ones last."""
    return sorted((quote, *quote.conflicts), key=lambda one: one.article.published or date.max)


def also(quote: Quote, words: Words) -> Iterator[Block]:
    """The line that names the other articles that say the same, one that says so twice named once."""
    others = list({other.article.id: other.article for other in quote.also}.values())
    if not others:
        return
    opening, _, closing = words.say("answer.also", names="\0").partition("\0")
    spans = [Span(opening)]
    for number, article in enumerate(others[:ALSO_NAMED]):
        spans += [Span("; ")] if number else []
        spans += cite(article, words)
    if len(others) > ALSO_NAMED:
        spans.append(Span(" " + words.say("answer.also_more", n=len(others) - ALSO_NAMED)))
    yield Block((*spans, Span(closing)) if closing else tuple(spans))


def cut(text: str, limit: int) -> str:
    """The text in at most `limit` UTF-16 units, cut at a word with an ellipsis where it is longer."""
    if utf16(text) <= limit:
        return text
    return text[: border(text, limit - 2)].rstrip() + " …"


def border(text: str, limit: int) -> int:
    """Where to cut so that the first part has at most `limit` UTF-16 units: after the last white space within, else
    where no character is torn from its accents and no emoji from its parts. The first part gets a character or more."""
    units = 0
    end = len(text)
    for position, character in enumerate(text):
        units += utf16(character)
        if units > limit:
            end = position
            break
    if end == len(text):
        return end
    spaced = next((place for place in range(end, end // 2, -1) if text[place - 1].isspace()), 0)
    if spaced:
        return spaced
    whole = end
    while whole > 1 and _continues(text, whole):
        whole -= 1
    return whole if whole > 1 else max(end, 1)


def _continues(text: str, position: int) -> bool:
    """Whether the character there belongs to the one before it: a mark, a joiner, a variation or skin tone."""
    here, before = text[position], text[position - 1]
    joins = "\u200d" in (here, before) or "\U0001f3fb" <= here <= "\U0001f3ff"
    flag = "\U0001f1e6" <= here <= "\U0001f1ff"
    return joins or flag or unicodedata.category(here) in ("Mn", "Me", "Mc")


def units(blocks: Iterable[Block]) -> int:
    """UTF-16 units of the blocks' plain text, the line ends between them included."""
    return utf16(Content(tuple(blocks)).text)


def parts(blocks: Sequence[Block], limit: int) -> list[tuple[Block, ...]]:
    """The blocks in as few messages of at most `limit` units as their order allows. A block that fits in none is split:
    between its spans (sentences) if it can be, else at a word, else inside one."""
    done: list[tuple[Block, ...]] = []
    open_part: list[Block] = []
    for block in blocks:
        if units([*open_part, block]) <= limit:
            open_part.append(block)
            continue
        if open_part:
            done.append(tuple(open_part))
        *whole, rest = _pieces(block, limit)
        done += [(piece,) for piece in whole]
        open_part = [rest]
    return [*done, tuple(open_part)]


def _pieces(block: Block, limit: int) -> list[Block]:
    pieces: list[list[Span]] = [[]]
    room = limit
    for span in block.spans:
        rest = span
        while utf16(rest.text) > room:
            if room < limit and utf16(rest.text) <= limit:
                pieces.append([])
                room = limit
                continue
            at = border(rest.text, room)
            pieces[-1].append(replace(rest, text=rest.text[:at]))
            rest = replace(rest, text=rest.text[at:])
            pieces.append([])
            room = limit
        pieces[-1].append(rest)
        room -= utf16(rest.text)
    return [replace(block, spans=tuple(piece), gap=False) for piece in pieces if piece]
