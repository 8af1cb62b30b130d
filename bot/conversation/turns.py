"""The whole trip of an event: what it means, whether it may, what must be asked, and what is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.conversation import asking, commands, inline, limits, presses, publishing, speech
from bot.conversation.alerting import USELESS
from bot.conversation.buttons import Pressed, Verb, opened
from bot.conversation.context import Context, asker_of, spoken
from bot.conversation.intent import WATCH_COMMANDS, Ask, Ignore, Intent, Order, Publish, Refuse, understand
from bot.conversation.library import QuoteLibrary
from bot.conversation.setup import ALERTS, Setup
from bot.conversation.state import ChatState
from bot.conversation.turn import Turn
from bot.conversation.watchbook import Watchbook
from bot.incoming import ChatKind, Incoming, InlineQuery, Membership, Press, Standing
from bot.incoming import Message as Said
from bot.incoming import command as command_in
from bot.reply import Message, Toast, Typing
from bot.watches import request
from bot.words import words
from index.article import Answer, Question

_SETTLING = frozenset({"settings", "forget"}) | WATCH_COMMANDS
_SETTLING_VERBS = (Verb.SETTING, Verb.FORGET, Verb.WATCH, Verb.WATCHING, Verb.RHYTHM)


def chat_of(incoming: Incoming) -> int:
    """Whose state an event needs: its chat's, or that of the person's private chat where there is none."""
    if isinstance(incoming, Said | Membership):
        return incoming.chat.id
    if isinstance(incoming, Press) and incoming.chat is not None:
        return incoming.chat.id
    return incoming.user.id


def needs_admin(incoming: Incoming, state: ChatState, setup: Setup) -> bool:
    """Whether `is_admin` must be looked up before this event is answered; it is not asked where it is known."""
    if not isinstance(incoming, Said | Press) or incoming.is_admin is not None:
        return False
    if incoming.chat is None or not incoming.chat.is_shared:
        return False
    if isinstance(incoming, Said):
        order = command_in(incoming.text)
        ours = order is not None and (order.bot or setup.username).lower() == setup.username.lower()
        return ours and order is not None and order.name in _SETTLING
    pressed = opened(setup.secret, incoming.chat.id, incoming.payload)
    if pressed is None:
        return False
    given = state.given(pressed.argument)
    turning = pressed.verb in (Verb.CONTEXT, Verb.SHEET) and given is not None and given.asker.startswith("c")
    disliking = pressed.verb == Verb.ALERT and pressed.value.startswith(USELESS)
    return turning or disliking or pressed.verb in _SETTLING_VERBS


def names_channel(incoming: Incoming, setup: Setup) -> str | None:
    """The username of a channel that must be looked up (`Message.channel`) before this event is answered: that of a
    `/watch @channel …` in a private chat."""
    if not isinstance(incoming, Said) or incoming.chat.is_shared or ALERTS not in setup.features:
        return None
    order = command_in(incoming.text)
    return request.read(order.rest).channel if order is not None and order.name == "watch" else None


def question(state: ChatState, incoming: Incoming, now: datetime, setup: Setup) -> Question | None:
    """What must be asked of the library before this event can be answered, or None where nothing must."""
    if isinstance(incoming, InlineQuery):
        allowed = _admitted(state, incoming, now, setup).allowed
        return inline.question(state, incoming) if allowed else None
    if isinstance(incoming, Membership):
        return None
    intent = understand(state, incoming, now, setup)
    if not isinstance(intent, Ask) or not _admitted(state, incoming, now, setup).allowed:
        return None
    return _question(state, intent)


def typing(incoming: Incoming) -> Typing | None:
    """What to show while a question of this event waits for its answer; None where there is no place for it."""
    if isinstance(incoming, Said | Press) and incoming.chat is not None:
        return Typing(f"{incoming.key}.typing", incoming.chat.id, incoming.chat.topic)
    return None


def respond(
    library: QuoteLibrary,
    state: ChatState,
    incoming: Incoming,
    now: datetime,
    setup: Setup,
    answer: Answer | None = None,
    watchbook: Watchbook | None = None,
) -> Turn:
    """What an event brings about. `answer` is the library's answer to `question(...)` of the same arguments; without it
    the library is asked here. `watchbook` goes with the alerts feature. Nothing but these is read, and nothing is
    written."""
    if isinstance(incoming, Membership):
        return _joined(state, incoming, setup)
    if isinstance(incoming, InlineQuery):
        return _inline(library, state, incoming, now, setup, answer)
    intent = understand(state, incoming, now, setup)
    if isinstance(intent, Ignore):
        return Turn((), state)
    if incoming.chat is None:
        toast = Toast(f"{incoming.key}.toast", incoming.query_id, words(spoken(state, incoming.user)).say("toast.old"))
        return Turn((toast,), state)
    if isinstance(intent, Publish) and isinstance(incoming, Said):
        return publishing.published(library, state, incoming)
    verdict = _admitted(state, incoming, now, setup)
    context = Context(library, setup, verdict.state, incoming, incoming.chat, now, watchbook)
    if not verdict.allowed:
        return _slowed(context, verdict)
    return _carried_out(context, intent, answer)


def _carried_out(context: Context, intent: Intent, answer: Answer | None) -> Turn:
    event = context.event
    match intent:
        case Ask():
            found = answer or context.library.ask(_question(context.state, intent))
            turn = asking.answered(context, intent, found)
            if isinstance(event, Press):
                return replace(turn, replies=(*turn.replies, Toast(f"{event.key}.toast", event.query_id)))
            return turn
        case Pressed() if isinstance(event, Press):
            return presses.pressed(context, event, intent)
        case Order() if isinstance(event, Said):
            return commands.ordered(context, event, intent)
        case Refuse():
            return asking.refused(context, intent)
    raise AssertionError(f"{intent!r} can't come of {event!r}")


def _question(state: ChatState, ask: Ask) -> Question:
    return Question(ask.text, k=asking.CANDIDATES, previous=ask.previous, false_answers=state.false_answers)


def _admitted(state: ChatState, incoming: Said | Press | InlineQuery, now: datetime, setup: Setup) -> limits.Verdict:
    shared = not isinstance(incoming, InlineQuery) and incoming.chat is not None and incoming.chat.is_shared
    asker = f"u{incoming.user.id}" if isinstance(incoming, InlineQuery) else asker_of(incoming)
    return limits.admit(state, incoming, asker, shared, now, setup.limits)


def _slowed(context: Context, verdict: limits.Verdict) -> Turn:
    """Says so once; after that, nothing until there is a token again."""
    event = context.event
    if not verdict.tell:
        return Turn((), verdict.state)
    if isinstance(event, Press):
        return presses.toast(context, event, "toast.slow")
    return speech.answer(context, event, speech.lines(context.words.say("ask.slow", n=verdict.wait)))


def _inline(
    library: QuoteLibrary,
    state: ChatState,
    incoming: InlineQuery,
    now: datetime,
    setup: Setup,
    answer: Answer | None,
) -> Turn:
    verdict = _admitted(state, incoming, now, setup)
    if not verdict.allowed:
        return Turn((inline.slowed(state, incoming),), verdict.state)
    asked = inline.question(state, incoming)
    found = (answer or library.ask(asked)) if asked else None
    return Turn((inline.answered(state, incoming, found),), verdict.state)


def _joined(state: ChatState, incoming: Membership, setup: Setup) -> Turn:
    """A group that lets the bot in is told how to ask; a channel's readers, and anyone else, are not disturbed."""
    came = incoming.before in _OUTSIDE and incoming.after not in _OUTSIDE
    if not came or incoming.chat.kind not in (ChatKind.GROUP, ChatKind.SUPERGROUP):
        return Turn((), state)
    say = words(spoken(state, incoming.user)).say
    me = f"@{setup.username}"
    content = speech.lines(say("start.group", ask=f"/ask{me}", me=me))
    return Turn((Message(f"{incoming.key}.0", incoming.chat.id, content),), state)


_OUTSIDE = (Standing.LEFT, Standing.KICKED)
