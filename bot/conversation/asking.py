"""A question's way to a reply: the answer onto sheets, the sheet that shows, and what its buttons turn it into."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bot.conversation import layout, proof_buttons
from bot.conversation.buttons import Verb
from bot.conversation.context import Context
from bot.conversation.intent import Ask, Refuse, thread_of
from bot.conversation.library import QuoteLibrary
from bot.conversation.setup import ALERTS
from bot.conversation.state import Given, KeptQuote, Outcome, Previous
from bot.conversation.turn import Turn
from bot.incoming import Message as Said
from bot.incoming import Press
from bot.reply import Block, Content, Delete, Edit, Keyboard, Message, Reply, Shown
from bot.words import Words, words
from index.article import Answer, Quote, Sentence, SentenceId
from index.errors import NotFound
from index.terms.courtesy import asks_nothing

NEAREST = 3
"""This many sentences are offered where there is no answer."""
CANDIDATES = 10
"""This many are asked of the library, so that "more" has some to show."""


def answered(context: Context, ask: Ask, answer: Answer) -> Turn:
    """The answer to a question: a new message, or the earlier one edited."""
    quotes = answer.quotes
    given = Given(
        ref=ask.replaces.ref if ask.replaces else context.ref(),
        outcome=Outcome.ANSWERED if quotes else Outcome.SILENT,
        keys=ask.replaces.keys if ask.replaces else (),
        question=ask.text,
        asker=context.asker,
        at=context.now.timestamp(),
        lang=context.words.lang,
        message_id=context.event.message_id if isinstance(context.event, Said) else None,
        topic=context.chat.topic,
        previous=ask.previous,
        whole="" if answer.asked == ask.text else answer.asked,
        titled=ask.titled,
        answers=tuple(map(KeptQuote.of, quotes)),
        nearest=tuple(map(KeptQuote.of, _nearest(answer))),
        starts=_starts(quotes, context, ask),
    )
    # Ranked quotes are bare: what was composed of the same sentence knows what agrees, what differs and who said it.
    fresh = {quote.sentence.id: quote for quote in (*answer.ranked, *quotes)}
    replies, given = place(context, given, sheet(context, given, fresh))
    state = context.state.with_given(given)
    if not asks_nothing(ask.text):
        asked = Previous(given.stands_alone, context.now.timestamp())
        state = state.with_previous(thread_of(context.event), asked)
    return Turn(replies, state)


def refused(context: Context, refusal: Refuse) -> Turn:
    """One line; remembered, so that an edited question is answered in its place."""
    event = context.event
    values = {"ask": context.command("ask"), **refusal.values}
    content = Content((layout.line(context.words.say(refusal.word, **values)),))
    earlier = context.state.given_for(event.message_id) if isinstance(event, Said) and event.edited else None
    given = Given(
        ref=earlier.ref if earlier else context.ref(),
        outcome=Outcome.REFUSED,
        keys=earlier.keys if earlier else (),
        question=refusal.question,
        asker=context.asker,
        at=context.now.timestamp(),
        lang=context.words.lang,
        message_id=event.message_id,
        topic=context.chat.topic,
    )
    replies, given = place(context, given, (content,))
    return Turn(replies, context.state.with_given(given))


def place(context: Context, given: Given, contents: tuple[Content, ...]) -> tuple[tuple[Reply, ...], Given]:
    """Puts an answer's parts where its parts stand: edits those there are, adds what is missing, deletes what is over.

    The message under which a button was pressed is named by its real id, the others by their outbox keys.
    """
    chat, event = context.chat.id, context.event
    pressed = event if isinstance(event, Press) and given.keys else None
    replies: list[Reply] = []
    keys: list[str] = []
    for number, content in enumerate(contents):
        key = context.key(number)
        if number < len(given.keys):
            keys.append(given.keys[number])
            last = number == len(given.keys) - 1
            target = pressed.message_id if pressed and pressed.message_id and last else given.keys[number]
            replies.append(Edit(key, chat, target, content))
        else:
            keys.append(key)
            reply_to = given.message_id if context.chat.is_shared and not number else None
            replies.append(Message(key, chat, content, given.topic, reply_to))
    for number, key in enumerate(given.keys[len(contents) :], start=len(contents)):
        replies.append(Delete(context.key(number), chat, key))
    return tuple(replies), replace(given, keys=tuple(keys))


def sheet(
    context: Context, given: Given, fresh: Mapping[SentenceId, Quote] = MappingProxyType({})
) -> tuple[Content, ...]:
    """What an answer shows now, in as many messages as its length forces; the buttons under the last one.

    `fresh`: quotes that have just come from the library and needn't be fetched again.
    """
    said = words(given.lang)
    blocks = [*_heading(given, said)]
    shows: list[Shown] = []
    withdrawn = False
    for kept in _showing(given):
        try:
            quote = fresh.get(kept.sentence) or _fetched(context, kept)
        except NotFound:
            withdrawn = True
            continue
        before, after = _neighbours(context, given, quote)
        changed = () if kept.sentence in fresh else _changed(context, quote)
        blocks += quote_blocks(quote, before, after, said, gap=bool(blocks), changed=changed)
        shows += layout.shows(quote, (*before, *after))
    if withdrawn:
        blocks.append(layout.line(said.say("answer.withdrawn"), gap=bool(blocks)))
    pieces = layout.parts(blocks, text_limit())
    last = Content(pieces[-1], keyboard(context, given, quoting=bool(shows)), tuple(dict.fromkeys(shows)))
    return (*(Content(piece) for piece in pieces[:-1]), last)


def text_limit() -> int:
    from telegram.constants import MessageLimit

    return int(MessageLimit.MAX_TEXT_LENGTH)


def sheets(given: Given) -> int:
    """How many sheets an answer has: of quotes (or the one that says there are none), then the nearest sentences."""
    return len(given.starts) + bool(given.nearest)


def on_nearest(given: Given) -> bool:
    return given.sheet >= len(given.starts)


def keyboard(context: Context, given: Given, quoting: bool = True) -> Keyboard:
    """`quoting`: a quote is left on this sheet for the buttons to be about."""
    said = words(given.lang)
    first, second = [], []
    if quoting and _showing(given):
        label = "button.plain" if given.context else "button.context"
        first.append(context.button(f"📖 {said.say(label)}", Verb.CONTEXT, given.ref))
    if given.sheet:
        first.append(context.button(f"‹ {said.say('button.back')}", Verb.SHEET, given.ref, str(given.sheet - 1)))
    if given.sheet + 1 < sheets(given):
        label = "button.more" if given.outcome is Outcome.ANSWERED else "button.nearest"
        first.append(context.button(f"{said.say(label)} ›", Verb.SHEET, given.ref, str(given.sheet + 1)))
    if quoting and given.outcome is Outcome.ANSWERED and not on_nearest(given):
        for sign, verb, vote in (("👍", Verb.USEFUL, 1), ("👎", Verb.USELESS, -1)):
            count = sum(cast == vote for cast in given.votes.values())
            label = f"{sign} {count if context.chat.is_shared else '✓'}" if count else sign
            second.append(context.button(label, verb, given.ref))
    if quoting and given.outcome is Outcome.ANSWERED:
        second += proof_buttons.under_answer(context, said, given.ref, showing(given))
    if ALERTS in context.setup.features and given.outcome is not Outcome.REFUSED:
        second.append(context.button(f"🔔 {said.say('button.alert')}", Verb.WATCH, given.ref))
    return tuple(tuple(row) for row in (first, second) if row)


def _showing(given: Given) -> tuple[KeptQuote, ...]:
    """What the sheet that is open shows."""
    if on_nearest(given):
        return given.nearest
    ends = (*given.starts[1:], len(given.answers))
    return given.answers[given.starts[given.sheet] : ends[given.sheet]]


def showing(given: Given) -> list[tuple[SentenceId, ...]]:
    """The quotes that an answer shows now: a sentence each, or those of a list."""
    return [kept.quoted for kept in _showing(given)]


def _heading(given: Given, said: Words) -> Iterator[Block]:
    if given.titled:
        yield layout.line(said.say("answer.asked", question=given.question), bold=True)
    if on_nearest(given):
        yield layout.line(said.say("answer.nearest"), bold=True)
    elif given.outcome is Outcome.SILENT:
        yield layout.line(said.say("answer.none"))


def _changed(context: Context, quote: Quote) -> list[SentenceId]:
    """Of a quote and those with other figures, what stands in an article that has changed since."""
    return [
        one.sentence.id
        for one in layout.figures(quote)
        if not all(context.library.is_live(each.id) for each in (one.sentence, *one.rest))
    ]


def quote_blocks(
    quote: Quote,
    before: Sequence[Sentence],
    after: Sequence[Sentence],
    said: Words,
    gap: bool,
    changed: Collection[SentenceId] = (),
) -> list[Block]:
    """A quote and those with other figures, each with its source. `changed`: those of them whose article has changed
    since, which a line says under each."""
    blocks: list[Block] = []
    shown = layout.figures(quote)
    if len(shown) > 1:
        blocks.append(layout.line(said.say("answer.differ"), gap=gap))
        gap = False
    for number, one in enumerate(shown):
        sides = (before, after) if one is quote else _fitting(list(one.before), [], quotes=len(shown))
        blocks.append(layout.quotation(one.sentence, *sides, rest=one.rest, gap=gap or bool(number)))
        blocks.append(Block(layout.cite(one.article, said)))
        if one.speaker:
            blocks.append(layout.line(said.say("answer.speaker", speaker=one.speaker)))
        if one.sentence.id in changed:
            blocks.append(layout.line(said.say("answer.changed")))
    return [*blocks, *layout.also(quote, said)]


def _fetched(context: Context, kept: KeptQuote) -> Quote:
    """Raises NotFound where the sentence's own article is gone; other articles that are gone are left out. Other
    tellings of a fact carry the confidence of the quote that they stand under."""
    first = _quote(context, kept.sentence, kept.confidence)
    return replace(
        first,
        also=tuple(_those_left(context, kept.also, kept.confidence)),
        conflicts=tuple(_rivals_left(context, kept)),
        context=tuple(quote.sentence for quote in _those_left(context, kept.context, kept.confidence)),
        speaker=kept.speaker,
    )


def _quote(context: Context, id: SentenceId, confidence: float) -> Quote:
    try:
        sentence = context.library.sentence(id)
    except NotFound:
        # What was corrected since is shown as it stood; what was removed is shown no more.
        sentence = context.library.evidence(id, beside=False).sentence
    return Quote(sentence, context.library.article(sentence.article), confidence)


def _those_left(context: Context, ids: tuple[SentenceId, ...], confidence: float) -> Iterator[Quote]:
    for id in ids:
        try:
            yield _quote(context, id, confidence)
        except NotFound:
            continue


def _rivals_left(context: Context, kept: KeptQuote) -> Iterator[Quote]:
    for rival in kept.rivals:
        try:
            yield _fetched(context, rival)
        except NotFound:
            continue


def _neighbours(context: Context, given: Given, quote: Quote) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences around it when asked for, else those without which it can't be understood."""
    sides = neighbours(context.library, quote) if given.context else (list(quote.before), [])
    return _fitting(*sides, quotes=len(_showing(given)))


def _fitting(before: list[Sentence], after: list[Sentence], quotes: int) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences beside one of several quotes, each cut where a message would grow past a third of its limit by
    them; the quote never is."""
    room = text_limit() // (3 * max(len(before) + len(after), 1) * max(quotes, 1))

    def shortened(sentences: list[Sentence]) -> list[Sentence]:
        return [replace(sentence, text=layout.cut(sentence.text, room)) for sentence in sentences]

    return shortened(before), shortened(after)


def neighbours(library: QuoteLibrary, quote: Quote) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences before and after what is quoted, in its own snapshot where that is no longer the current one."""
    first, last = quote.sentence, (quote.sentence, *quote.rest)[-1]
    try:
        return library.around(first.id)[0], library.around(last.id)[1]
    except NotFound:
        lines = library.evidence(first.id, beside=False).version.sentences
        return list(lines[max(first.ordinal - 1, 0) : first.ordinal]), list(lines[last.ordinal + 1 : last.ordinal + 2])


def _nearest(answer: Answer) -> list[Quote]:
    """The best sentences that are not already in the answer."""
    quoted = {quote.sentence.id for quote in answer.quotes}
    quoted |= {other.sentence.id for quote in answer.quotes for other in (*quote.also, *quote.conflicts)}
    quoted |= {each.id for quote in answer.quotes for each in quote.rest}
    return [quote for quote in answer.ranked if quote.sentence.id not in quoted][:NEAREST]


def _starts(quotes: tuple[Quote, ...], context: Context, ask: Ask) -> tuple[int, ...]:
    """Where each sheet begins: as many quotes on one as the chat's setting allows and one message holds."""
    said = context.words
    room = text_limit() - len(ask.text) * 2 * ask.titled
    starts = [0]
    size = 0
    for number, quote in enumerate(quotes):
        blocks = quote_blocks(quote, quote.before, (), said, gap=True)
        more = layout.units(blocks) + len("\n\n")
        full = number - starts[-1] >= context.state.per_answer or size + more > room
        if number > starts[-1] and full:
            starts.append(number)
            size = 0
        size += more
    return tuple(starts)
