"""/proof and its buttons: what proves a quote, told in a chat, and the way to its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from bot.conversation import asking, layout, proof_buttons, speech
from bot.conversation.buttons import Pressed
from bot.conversation.context import Context
from bot.conversation.intent import Order
from bot.conversation.state import Outcome
from bot.conversation.turn import Job, Recheck, Turn
from bot.incoming import Message as Said
from bot.incoming import Press
from bot.proof.address import public
from bot.proof.proof import Proof, Step, prove
from bot.reply import Block, Button, Content, Message, Shown, Toast
from bot.words import Words
from index.article import SentenceId
from index.errors import NotFound
from index.revise import Fate, Revision

MOST = 5
"""Quotes that are proved in one message."""


def proof(context: Context, said: Said, order: Order) -> Turn:
    """`/proof` as a reply to an answer; alone, for the last answer in the chat."""
    ids = _meant(context, said)
    if ids is None:
        usage = context.words.say("proof.usage", proof=context.command("proof"))
        return speech.answer(context, said, speech.lines(usage))
    return speech.answer(context, said, proofs(context, context.words, ids))


def pressed(context: Context, press: Press, button: Pressed) -> Turn:
    """The button under an answer (by the answer's name) or on a mark (by the sentence): the proof as a new message."""
    given = context.state.given(button.argument)
    if given is not None:
        ids = asking.showing(given)
    elif button.argument.isdecimal():
        ids = [(SentenceId(int(button.argument)),)]
    else:
        return Turn((_toast(context, press, "toast.old"),), context.state)
    content = proofs(context, context.words, ids)
    message = Message(context.key(), context.chat.id, content, context.chat.topic, press.message_id)
    return Turn((message, _toast(context, press)), context.state)


def recheck(context: Context, press: Press, button: Pressed) -> Turn:
    """The source is asked whether it still says so: a job, told by editing one message."""
    say, key = context.words.say, context.key()
    content = speech.lines(say("proof.checking"))
    message = Message(key, context.chat.id, content, context.chat.topic, press.message_id)
    job = Job(press.key, context.chat.id, key, context.words.lang)
    effect = Recheck(job, SentenceId(int(button.argument)))
    return Turn((message, _toast(context, press)), context.state, (effect,))


def _toast(context: Context, press: Press, word: str = "") -> Toast:
    return Toast(f"{press.key}.toast", press.query_id, context.words.say(word) if word else "")


def _meant(context: Context, said: Said) -> list[tuple[SentenceId, ...]] | None:
    """The quotes of the message that is replied to, without a reply of the newest answer; None where neither is."""
    earlier = said.reply_to
    if earlier is not None and earlier.from_self:
        given = context.state.given_under(earlier.key)
        return asking.showing(given) if given else [(id,) for id in earlier.shows]
    answers = [given for given in context.state.answers if given.outcome is Outcome.ANSWERED]
    return asking.showing(answers[-1]) if answers and earlier is None else None


def proofs(context: Context, said: Words, quoted: Iterable[tuple[SentenceId, ...]]) -> Content:
    """What proves these quotes: a sentence each, or those of a list, in their order."""
    blocks: list[Block] = []
    rows: list[tuple[Button, ...]] = []
    shows: list[Shown] = []
    wanted = list(dict.fromkeys(quoted))[:MOST]
    for number, (id, *others) in enumerate(wanted, start=1):
        try:
            proved = prove(context.library.evidence(id))
            rest = [prove(context.library.evidence(other, beside=False)) for other in others]
        except NotFound:
            continue
        blocks += [] if proved.evidence.removed else _around(proved, rest)
        blocks += _facts(proved, rest, said)
        if not proved.evidence.removed:
            shows += [Shown(each.sentence.id, each.sentence.snapshot) for each in (proved, *rest)]
            rows.append(tuple(proof_buttons.of_quote(context, said, id, True, number if len(wanted) > 1 else None)))
    if not blocks:
        return speech.lines(said.say("proof.none"))
    title = layout.line(f"🔎 {said.say('proof.title')}", bold=True)
    first = layout.parts([title, *blocks], asking.text_limit())[0]
    return Content(first, tuple(row for row in rows if row), tuple(shows))


def _around(proved: Proof, rest: Sequence[Proof]) -> Iterator[Block]:
    before, after = proved.around()[0], (proved, *rest)[-1].around()[1]
    yield layout.quotation(proved.sentence, before, after, [each.sentence for each in rest], gap=True)


def _facts(proved: Proof, rest: Sequence[Proof], said: Words) -> Iterator[Block]:
    """What is known of a quote; `rest`: of a list, what follows its first sentence."""
    evidence, start, end = proved.evidence, proved.sentence.start, (proved, *rest)[-1].sentence.end
    snapshot = evidence.version.snapshot
    yield Block(layout.cite(evidence.article, said))
    address = public(snapshot.address) or "—"
    yield layout.line(said.say("proof.line_fetched", at=moment(snapshot.taken_at, said), address=address))
    # As text: in a snapshot there are no thousands to be set apart.
    yield layout.line(said.say("proof.line_characters", start=str(start), end=str(end), hash=snapshot.hash))
    for other in evidence.corrected_by:
        yield Block((*layout.line(said.say("proof.corrected_by") + " ").spans, *layout.cite(other, said)))
    for other in evidence.corrects:
        yield Block((*layout.line(said.say("proof.corrects") + " ").spans, *layout.cite(other, said)))
    if evidence.removed_at is not None:
        yield layout.line(said.say("proof.removed", date=said.date(evidence.removed_at.date())))
        return
    changed = [each for each in (proved, *rest) if each.last.revision.fate is not Fate.UNCHANGED]
    for each in changed or (proved,):
        yield from _versions(each, said)


def _versions(proved: Proof, said: Words) -> Iterator[Block]:
    others = [step for step in proved.steps if not step.quoted and step.revision.fate is not Fate.UNCHANGED]
    if proved.last.revision.fate is Fate.UNCHANGED:
        yield layout.line(said.say("proof.still_alone" if proved.changed_beside else "proof.still"))
    for step in others:
        at = moment(step.version.snapshot.taken_at, said)
        yield layout.line(f"{said.say('proof.later', at=at)} {fate(step, said)}")
        if step.revision.new is not None and step.revision.fate.matters:
            yield layout.quotation(step.revision.new)


def what(revision: Revision, said: Words) -> str:
    """What changed, in words."""
    return ", ".join(said.say(f"changed.{one}") for one in revision.what)


def fate(step: Step, said: Words) -> str:
    """How the quote reads in a version."""
    if step.revision.fate is Fate.CHANGED:
        return said.say("proof.changed", what=what(step.revision, said))
    return said.say(f"proof.{step.revision.fate}")


def today(revision: Revision, said: Words) -> Content:
    """What the source says today."""
    if revision.fate is not Fate.CHANGED or revision.new is None:
        return speech.lines(said.say(f"proof.today_{revision.fate}"))
    heading = layout.line(said.say("proof.today_changed", what=what(revision, said)))
    return Content((heading, layout.quotation(revision.new)))


def moment(at: datetime, said: Words) -> str:
    """A day and a time, in UTC."""
    there = at.astimezone(UTC)
    return f"{said.date(there.date())}, {there:%H:%M} UTC"
