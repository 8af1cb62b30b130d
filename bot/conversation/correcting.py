"""How a correction looks: a reply to the message that quoted, and a mark on that message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.conversation import asking, layout, proof_buttons, proving
from bot.conversation.context import Context
from bot.conversation.state import Given
from bot.corrections.changed import Correction
from bot.reply import Block, Buttons, Content, Edit, Reply, SentRef, Shown, Span
from bot.words import Words


def notice(context: Context, said: Words, corrections: Sequence[Correction]) -> Content:
    """What was quoted and what stands in its place now. The corrections are of one article."""
    room = asking.text_limit() // (3 * len(corrections))
    blocks = [block for one in corrections for block in _told(one, said, room)]
    article = corrections[0].article
    blocks.append(Block(layout.cite(article, said)))
    found = [one.revision.new for one in corrections if one.revision and one.revision.new]
    shows = tuple(Shown(sentence.id, sentence.snapshot) for sentence in found)
    row = tuple(proof_buttons.of_quote(context, said, corrections[0].quoted.id))
    return Content(tuple(blocks), (row,) if row else (), shows)


def _told(one: Correction, said: Words, room: int) -> Iterator[Block]:
    revision = one.revision
    if revision is None:
        yield layout.line(f"✎ {said.say('correction.removed')}", bold=True, gap=True)
    elif revision.new is None:
        yield layout.line(f"✎ {said.say('correction.gone')}", bold=True, gap=True)
    else:
        what = proving.what(revision, said)
        yield layout.line(f"✎ {said.say('correction.changed', what=what)}", bold=True, gap=True)
    yield layout.line(said.say("correction.said"))
    yield Block((Span(layout.cut(one.quoted.text, room)),), quotation=True)
    if revision is not None and revision.new is not None:
        yield layout.line(said.say("correction.says"))
        yield Block((Span(layout.cut(revision.new.text, room)),), quotation=True)


def mark(context: Context, said: Words, key: str, target: SentRef, given: Given | None, one: Correction) -> Reply:
    """The message that quoted, marked by an edit. An answer that is remembered gets its line ("changed since") and
    keeps its buttons; any other, and one whose article was removed, gets a button that says so."""
    if given is not None and one.revision is not None:
        contents = asking.sheet(context, given)
        if len(contents) == len(given.keys) and contents[-1].shows:
            return Edit(key, context.chat.id, target, contents[-1])
    rows = asking.keyboard(context, given) if given is not None else ()
    sign = proof_buttons.mark(context, said, one.quoted.id)
    return Buttons(key, context.chat.id, target, ((sign,), *rows))
