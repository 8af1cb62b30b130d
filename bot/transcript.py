"""A stage's turns as lines of a script: what `pullquote replay` compares and `pullquote chat --record` writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from bot.conversation import Effect, Turn
from bot.conversation.turn import Job
from bot.render import terminal
from bot.reply import Buttons, Delete, Edit, InlineAnswer, Message, Reply, Toast
from bot.script import Event
from bot.stage import Seen, Stage


def played(stage: Stage, event: Event) -> Iterator[str]:
    """The event's own lines, then those of what the bot did with it; none where it kept silent."""
    yield from said(event)
    standing = dict(stage.seen)
    turn = stage.play(event)
    if turn is not None:
        yield from answered(stage, turn, event, standing)


def answered(stage: Stage, turn: Turn, event: Event, standing: dict[int, Seen]) -> Iterator[str]:
    """What the bot did with an event that has just been played. `standing`: what stood in the chats before it."""
    for reply in turn.replies:
        yield from (f"< {line}".rstrip() for line in told(stage, reply, event, standing))
    for effect in turn.effects:
        yield f"< {done(effect)}"


def said(event: Event) -> Iterator[str]:
    """The event as it stands in a script."""
    first, *more = event.text.split("\n")
    yield f"> {first}"
    yield from more


def told(stage: Stage, reply: Reply, event: Event, standing: dict[int, Seen]) -> Iterator[str]:
    """A reply in words. `standing`: what stood in the chats before it, for the number of a message that it deletes."""
    match reply:
        case Message():
            own = stage.own(reply.chat, reply.key)
            to = stage.seen.get(reply.reply_to) if isinstance(reply.reply_to, int) else None
            topic = f" in topic {reply.topic}" if reply.topic else ""
            yield f"#{own.number if own else 0}{topic}{f' to {to.who}' if to else ''}:"
            yield from (f"  {line}" for line in terminal.plain(reply.content))
        case Edit():
            yield f"edits {_name(stage, reply.chat, reply.target, standing)}:"
            yield from (f"  {line}" for line in terminal.plain(reply.content))
        case Buttons():
            yield f"changes the buttons of {_name(stage, reply.chat, reply.target, standing)}:"
            yield from (f"  {line}" for line in terminal.buttons(reply.keyboard))
        case Delete():
            yield f"deletes {_name(stage, reply.chat, reply.target, standing)}"
        case Toast(text=text) if text:
            yield f"tells {event.who}: {text}"
        case InlineAnswer():
            yield f"offers {event.who}:"
            yield from (f"  {line}" for line in terminal.inline(reply))


def done(effect: Effect) -> str:
    """An effect in words: its name, and what it is about."""
    values = (
        f"{one.name}={getattr(effect, one.name)}"
        for one in fields(effect)
        if one.name != "at" and not isinstance(getattr(effect, one.name), Job)
    )
    return f"({type(effect).__name__}: {', '.join(values)})"


def _name(stage: Stage, chat: int, target: int | str, standing: dict[int, Seen]) -> str:
    seen = stage.own(chat, target)
    if seen is None:
        seen = next((one for one in standing.values() if target in (one.id, one.key)), None)
    return f"#{seen.number}" if seen else "a message that is gone"
