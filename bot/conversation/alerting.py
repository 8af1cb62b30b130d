"""How alerts and digests look: as an answer does, with the watch above them and buttons of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.conversation import layout
from bot.conversation.asking import quote_blocks, text_limit
from bot.conversation.buttons import Verb, payload
from bot.conversation.library import QuoteLibrary
from bot.conversation.setup import Setup
from bot.reply import Block, Button, Content
from bot.watches.alert import Alert
from bot.watches.noise import GATHER_SECONDS, Away, Held, zone
from bot.watches.watch import Rhythm, Watch
from bot.words import Words, words
from index.answer.context import context, needs_context, question_before
from index.answer.speaker import is_quotation, speaker
from index.article import Article, Quote, Sentence, SentenceId
from index.errors import NotFound

ON_A_PAGE = 10
"""Quotes on one page of a digest."""
DIGEST = "digest."
"""How the outbox keys of digests begin."""
CONTEXT, PLAIN, USEFUL, USELESS = "c", "p", "u", "d"
"""What a button under an alert does; the number of its sentence follows."""


@dataclass(frozen=True, slots=True)
class Found:
    """A quote with the watch that found it, and a line that says what became of it where something did."""

    watch: Watch
    quote: Quote
    note: str = ""

    def shows(self, sentence: SentenceId) -> bool:
        """Whether a sentence is quoted here, or stands beside the quote."""
        return sentence in (self.quote.sentence.id, *(each.id for each in self.quote.context))


def quote_of(
    library: QuoteLibrary, question: str, id: SentenceId, confidence: float, also: Iterable[SentenceId] = ()
) -> Quote:
    """A quote that answers a standing question, with what must stand beside it. Raises NotFound where the sentence is
    no longer to be quoted; other tellings that are gone are left out."""
    sentence = library.sentence(id)
    before, after = library.around(id, 2)
    others = tuple(_tellings(library, also, confidence))
    quote = Quote(sentence, library.article(sentence.article), confidence, also=others)
    return _with_neighbours(quote, before, after, library.beside(id, question))


def quote_among(
    library: QuoteLibrary, question: str, article: Article, lines: Sequence[Sentence], sentence: Sentence, alert: Alert
) -> Quote:
    """The same of a sentence of an older version, whose sentences are `lines`."""
    at = sentence.ordinal
    others = tuple(_tellings(library, alert.also, alert.confidence))
    quote = Quote(sentence, article, alert.confidence, also=others)
    own = library.beside(sentence.id, question)
    return _with_neighbours(quote, lines[max(at - 2, 0) : at], lines[at + 1 : at + 3], own)


def _tellings(library: QuoteLibrary, also: Iterable[SentenceId], confidence: float) -> Iterator[Quote]:
    for other in also:
        try:
            telling = library.sentence(other)
            yield Quote(telling, library.article(telling.article), confidence)
        except NotFound:
            continue


def _with_neighbours(
    quote: Quote, before: Sequence[Sentence], after: Sequence[Sentence], own: Sequence[Sentence] = ()
) -> Quote:
    """With the speaker and the sentences that must stand beside it; `own`: the headings that it stands under and the
    list that it leads to, where they are known."""
    sentence, lang = quote.sentence, quote.article.lang
    beside = context(sentence, before, lang) if needs_context(sentence.text, lang) else ()
    beside = tuple(sorted({*own, *beside}, key=lambda each: each.ordinal)) or question_before(before)
    return replace(
        quote,
        context=beside,
        speaker=speaker(sentence, before, after) if is_quotation(sentence.text) else None,
    )


def alert(
    setup: Setup,
    watch: Watch,
    quote: Quote,
    around: tuple[list[Sentence], list[Sentence]] | None = None,
    note: str = "",
    about: SentenceId | None = None,
) -> tuple[Content, ...]:
    """An alert in as many messages as its length forces, the buttons under the last. `around`: the sentences before and
    after the one that was found, where they are asked for. `note`: what became of it since, where something did.
    `about`: the sentence that was found, where a newer snapshot has given it another number."""
    said = words(watch.lang)
    before, after = list(quote.before), list[Sentence]()
    if around is not None:
        room = text_limit() // (3 * max(len(around[0]) + len(around[1]), 1))
        before, after = ([replace(each, text=layout.cut(each.text, room)) for each in side] for side in around)
    blocks = [title(watch), *quote_blocks(quote, before, after, said, gap=True), *_noted(note)]
    pieces = layout.parts(blocks, text_limit())
    shows = tuple(layout.shows(quote, (*before, *after)))
    found = about or quote.sentence.id
    rows = keyboard(setup, watch, found, said, around is not None, whole=len(pieces) == 1)
    return (*(Content(piece) for piece in pieces[:-1]), Content(pieces[-1], rows, shows))


def title(watch: Watch, gap: bool = False) -> Block:
    """The line that says which watch this is."""
    return layout.line(f"🔔 {layout.cut(watch.question, 300)}", bold=True, gap=gap)


def keyboard(
    setup: Setup, watch: Watch, sentence: SentenceId, said: Words, in_context: bool, whole: bool
) -> tuple[tuple[Button, ...], ...]:
    def button(label: str, verb: Verb, value: str) -> Button:
        return Button(label, payload(setup.secret, watch.chat, verb, watch.ref, value))

    first = [
        button("👍", Verb.ALERT, f"{USEFUL}{sentence}"),
        button("👎", Verb.ALERT, f"{USELESS}{sentence}"),
    ]
    if whole:
        label, act = ("button.plain", PLAIN) if in_context else ("button.context", CONTEXT)
        first.insert(0, button(f"📖 {said.say(label)}", Verb.ALERT, f"{act}{sentence}"))
    second = (
        button(f"⏸ {said.say('button.pause')}", Verb.WATCHING, "halt"),
        button(f"⚙ {said.say('button.this_watch')}", Verb.WATCHING, "open"),
    )
    return tuple(first), second


def _noted(note: str) -> list[Block]:
    return [layout.line(f"✎ {note}")] if note else []


def digest_key(first: Alert) -> str:
    """The outbox key of the digest that begins with this alert. Never the same twice: an alert that comes into another
    digest after the first was refused has a higher round."""
    return f"{DIGEST}{first.watch}.{first.sentence}.{first.round}"


def digest(
    setup: Setup, first: Alert, found: Sequence[Found], page: int = 0, notes: Sequence[str] = (), lang: str = "en"
) -> Content:
    """One page of a digest; a page past the end shows the last one. `notes`: why it comes."""
    said = words(lang)
    pages = _pages(found, said)
    page = min(max(page, 0), len(pages) - 1)
    head = [layout.line(said.say("watch.digest", n=len(found)), bold=True), *map(layout.line, notes)]
    shows = tuple(dict.fromkeys(shown for one in pages[page] for shown in layout.shows(one.quote, one.quote.before)))
    blocks = (*head, *_listed(pages[page], said))

    def button(label: str, to: int) -> Button:
        value = f"{first.sentence}.{first.round}.{to}"
        return Button(label, payload(setup.secret, first.chat, Verb.DIGEST, first.watch, value))

    row = [button(f"{page + 1} / {len(pages)}", page)]
    if page:
        row.insert(0, button("‹", page - 1))
    if page + 1 < len(pages):
        row.append(button("›", page + 1))
    return Content(blocks, (tuple(row),) if len(pages) > 1 else (), shows)


def page_of(found: Sequence[Found], sentence: SentenceId, lang: str) -> int:
    """The page of a digest on which a sentence stands, quoted or beside a quote; the first where it stands on none."""
    pages = _pages(found, words(lang))
    return next((n for n, page in enumerate(pages) if any(one.shows(sentence) for one in page)), 0)


def listed(found: Sequence[Found], heading: str, lang: str) -> Content:
    """Quotes under a heading, as many of the last as one message holds."""
    said = words(lang)
    last = _pages(found, said)[-1] if found else []
    return Content((layout.line(heading, bold=True), *_listed(last, said)))


def notes(reasons: Iterable[Held], away: Away, rhythm: Rhythm, said: Words) -> list[str]:
    """Why a digest comes, where it was not asked for."""
    lines = []
    for reason in dict.fromkeys(reasons):
        if reason is Held.AWAY:
            start, end = (_moment(at, rhythm, said) for at in (away.since, away.until - GATHER_SECONDS))
            lines.append(said.say("watch.away", start=start, end=end))
        elif reason is Held.MANY:
            lines.append(said.say("watch.many", n=rhythm.per_hour))
        elif reason is Held.UNREACHABLE:
            lines.append(said.say("watch.unreachable"))
    return lines


def _moment(at: float, rhythm: Rhythm, said: Words) -> str:
    from babel.dates import format_datetime

    here = datetime.fromtimestamp(at, UTC).astimezone(zone(rhythm.zone))
    return str(format_datetime(here, "d MMM y, HH:mm", tzinfo=zone(rhythm.zone), locale=said.lang))


def _pages(found: Sequence[Found], said: Words) -> list[list[Found]]:
    """Where each page begins: as many quotes on one as ON_A_PAGE allows and one message holds."""
    room = text_limit() - 600  # the heading, and the notes under it
    pages: list[list[Found]] = [[]]
    size = 0
    for one in found:
        more = layout.units(_listed([one], said)) + len("\n\n")
        if pages[-1] and (len(pages[-1]) >= ON_A_PAGE or size + more > room):
            pages.append([])
            size = 0
        pages[-1].append(one)
        size += more
    return pages


def _listed(found: Sequence[Found], said: Words) -> list[Block]:
    """Quotes, each watch named above its first of a run."""
    blocks: list[Block] = []
    watch: Watch | None = None
    for one in found:
        if one.watch != watch:
            watch = one.watch
            blocks.append(title(watch, gap=True))
        quoted = quote_blocks(one.quote, one.quote.before, (), said, gap=True)
        if layout.units(quoted) > text_limit() - 1000:
            # Longer than a message: it is named, and read at its source; a quote is never cut.
            quoted = [Block(layout.cite(one.quote.article, said), gap=True)]
        blocks += [*quoted, *_noted(one.note)]
    return blocks
