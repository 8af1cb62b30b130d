"""How a correction looks: a reply to the message that quoted, and a mark on that message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.conversation import alerting, asking, layout, proof_buttons, proving, retelling
from bot.conversation.context import Context
from bot.conversation.state import Given
from bot.corrections.changed import Correction
from bot.reply import Block, Buttons, Content, Edit, Reply, SentRef, Shown, Span
from bot.watches.alert import Alert
from bot.watches.watch import Watch
from bot.words import Words, words
from index.article import Sentence, SentenceId
from index.errors import NotFound


def notice(context: Context, said: Words, corrections: Sequence[Correction]) -> Content:
    """What was quoted and what stands in its place now. The corrections are of one article."""
    room = asking.text_limit() // (3 * len(corrections))
    pairs = zip((None, *corrections), corrections, strict=False)
    blocks = [block for before, one in pairs for block in _told(one, before, said, room)]
    article = corrections[0].article
    blocks.append(Block(layout.cite(article, said)))
    found = [new for one in corrections if (new := _becomes(one))]
    shows = tuple(Shown(sentence.id, sentence.snapshot) for sentence in found)
    row = tuple(proof_buttons.of_quote(context, said, corrections[0].quoted.id))
    return Content(tuple(blocks), (row,) if row else (), shows)


def _told(one: Correction, before: Correction | None, said: Words, room: int) -> Iterator[Block]:
    """What became of one sentence; of several that are gone, that they are is said before the first."""
    new = _becomes(one)
    if new is not None or before is None or _becomes(before) is not None:
        yield layout.line(f"✎ {_fate(one, said)}", bold=True, gap=True)
        yield layout.line(said.say("correction.said"))
    yield Block((Span(layout.cut(one.quoted.text, room)),), quotation=True)
    if new is not None:
        yield layout.line(said.say("correction.says"))
        yield Block((Span(layout.cut(new.text, room)),), quotation=True)


def _becomes(one: Correction) -> Sentence | None:
    """What stands in its place now."""
    return one.revision.new if one.revision else None


def _fate(one: Correction, said: Words) -> str:
    if one.revision is None:
        return said.say("correction.removed")
    if one.revision.new is None:
        return said.say("correction.gone")
    return said.say("correction.changed", what=proving.what(one.revision, said))


def mark(
    context: Context, said: Words, key: str, target: SentRef, given: Given | None, its: Sequence[Correction]
) -> Reply:
    """The message that quoted, marked by an edit. An answer that is remembered and shows what was corrected gets its
    line ("changed since") and keeps its buttons; any other, and one whose article was removed, gets a button that says
    so."""
    one = its[-1]
    if given is not None and one.revision is not None:
        contents = asking.sheet(context, given)
        shown = {each.sentence for each in contents[-1].shows}
        if len(contents) == len(given.keys) and any(each.quoted.id in shown for each in its):
            return Edit(key, context.chat.id, target, contents[-1])
    rows = asking.keyboard(context, given) if given is not None else ()
    sign = proof_buttons.mark(context, said, one.quoted.id)
    return Buttons(key, context.chat.id, target, ((sign,), *rows))


def alert_marked(context: Context, watch: Watch, alert: Alert, one: Correction) -> Content | None:
    """An alert with its line ("changed since"); None where it has none, fills several messages, or was withdrawn."""
    try:
        found = retelling.retold(context.library, watch, alert, words(watch.lang))
    except NotFound:
        return None
    contents = alerting.alert(context.setup, watch, found.quote, note=found.note, about=alert.sentence)
    return contents[0] if found.note and len(contents) == 1 and one.revision is not None else None


def digest_marked(
    context: Context, key: str, listed: Sequence[tuple[Watch, Alert]], quoted: SentenceId
) -> Content | None:
    """The page of a digest on which the quote stands, with its line; None where nothing of it can be quoted any more.
    `key`: the digest's outbox key."""
    lang = listed[0][0].lang
    found, gone = retelling.digested(context.library, listed, words(lang))
    if not found:
        return None
    _, ref, sentence, round = key.split(".")
    first = replace(listed[0][1], watch=ref, sentence=SentenceId(int(sentence)), round=int(round))
    page = alerting.page_of(found, quoted, lang)
    return alerting.digest(context.setup, first, found, page, retelling.dropped(gone, words(lang)), lang)


def alert_mark(
    context: Context, key: str, target: SentRef, message: str, told: Sequence[tuple[Watch, Alert]], one: Correction
) -> Reply:
    """The message of an alert, or of a digest, marked by an edit; by a button above its own where its text can't be
    drawn again. `message`: the outbox key that it was sent under; `told`: what it told, in its order."""
    watch, alert = told[0]
    is_digest = message.startswith(alerting.DIGEST)
    if is_digest:
        content = digest_marked(context, message, told, one.quoted.id)
    else:
        content = alert_marked(context, watch, alert, one)
    if content is not None:
        return Edit(key, context.chat.id, target, content)
    said = words(watch.lang)
    sign = proof_buttons.mark(context, said, one.quoted.id)
    own = () if is_digest else alerting.keyboard(context.setup, watch, alert.sentence, said, False, whole=False)
    return Buttons(key, context.chat.id, target, ((sign,), *own))
