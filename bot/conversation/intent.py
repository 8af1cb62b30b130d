"""What an event means: a question, a command, something to refuse, or nothing for this bot. No library is needed."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.conversation.buttons import Pressed, Verb, opened, short
from bot.conversation.context import asker_of
from bot.conversation.setup import ALERTS, PROOFS, Setup
from bot.conversation.state import FOLLOW_UP_SECONDS, ChatState, Given, Outcome
from bot.incoming import ChatKind, Command, Message, Press, command, without_mention
from index.terms.courtesy import only_asks_source, only_greets, only_reacts

COMMANDS = frozenset({"start", "help", "ask", "sources", "settings", "forget", "add", "remove"})
WATCH_COMMANDS = frozenset({"watch", "watches", "unwatch", "digest"})
"""Where standing questions can be left."""
QUESTION_LINK = "q_"
"""`/start q_<base64url of a question>` asks at once."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """Not for this bot."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """One line in place of an answer: why not and what to do, or a kind word to who asks nothing. `question`: kept, so
    that an edit of it is answered after all."""

    word: str
    values: Mapping[str, object] = field(default_factory=dict)
    question: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """`titled`: its asker did not type it, so the answer repeats it. `replaces`: the answer that an edit changes."""

    text: str
    previous: str | None = None
    titled: bool = False
    replaces: Given | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A command other than a question. `addressed`: it can't have been meant for another bot."""

    name: str
    rest: str = ""
    addressed: bool = True


@dataclass(frozen=True, slots=True)
class Publish:
    """A post of a channel whose posts are articles."""


Intent = Ignore | Refuse | Ask | Order | Publish | Pressed


def understand(state: ChatState, event: Message | Press, now: datetime, setup: Setup) -> Intent:
    if isinstance(event, Press):
        return _press(state, event, setup)
    intent = _message(state, event, now, setup)
    return _edit(state, event, intent) if event.edited and not isinstance(intent, Publish) else intent


def deep_link(question: str) -> str | None:
    """The `/start` argument that asks a question, or None where it is too long for Telegram's limit."""
    from telegram.constants import MessageLimit

    argument = QUESTION_LINK + base64.urlsafe_b64encode(question.encode()).decode().rstrip("=")
    return argument if len(argument) <= MessageLimit.DEEP_LINK_LENGTH else None


def _press(state: ChatState, event: Press, setup: Setup) -> Intent:
    pressed = opened(setup.secret, event.chat.id, event.payload) if event.chat else None
    if pressed is None:
        return Pressed("")
    if pressed.verb == Verb.EXAMPLE:
        question = next((text for text in state.examples if short(text) == pressed.argument), None)
        return Ask(question, titled=True) if question else Pressed("")
    return pressed


def _edit(state: ChatState, event: Message, intent: Intent) -> Intent:
    """An edited message changes the answer that it has; any other edit is noise, as is one that changes no word."""
    given = state.given_for(event.message_id)
    if given is None or not isinstance(intent, Ask | Refuse):
        return Ignore()
    refused = given.outcome is Outcome.REFUSED
    if isinstance(intent, Refuse):
        return Ignore() if refused and intent.question == given.question else intent
    if intent.text == given.question and not refused:
        return Ignore()
    return Ask(intent.text, given.previous, replaces=given)


def _message(state: ChatState, event: Message, now: datetime, setup: Setup) -> Intent:
    by_bot = event.user is not None and event.user.is_bot
    if by_bot or event.automatic or event.via_bot:
        return Ignore()
    order = command(event.text)
    if order is not None:
        return _command(state, event, order, now, setup)
    if event.chat.kind is ChatKind.CHANNEL:
        return Ignore() if state.posts_after is None else Publish()
    if event.chat.kind is ChatKind.PRIVATE:
        if event.file is not None:
            return Order("add")
        return _in_private(state, event, now, setup)
    return _in_group(state, event, now, setup)


def _command(state: ChatState, event: Message, order: Command, now: datetime, setup: Setup) -> Intent:
    if order.bot is not None and order.bot.lower() != setup.username.lower():
        return Ignore()
    if order.name not in _commands(setup):
        return Ignore() if event.chat.is_shared else Refuse("ask.unknown")
    if order.name == "ask":
        text = order.rest or _replied_text(event)
        return _question(state, event, text, now, setup) if text else Refuse("ask.empty")
    if order.name == "start" and order.rest.startswith(QUESTION_LINK):
        question = _linked_question(order.rest.removeprefix(QUESTION_LINK))
        if question and len(question) <= setup.limits.question_length:
            return Ask(question, titled=True)
    return Order(order.name, order.rest, order.bot is not None or not event.chat.is_shared)


def _commands(setup: Setup) -> frozenset[str]:
    alerts = WATCH_COMMANDS if ALERTS in setup.features else frozenset()
    return COMMANDS | alerts | ({"proof"} if PROOFS in setup.features else frozenset())


def _in_private(state: ChatState, event: Message, now: datetime, setup: Setup) -> Intent:
    said = event.text.strip()
    if not said:
        return Refuse("ask.words_only")
    if only_greets(said):
        return Refuse("start.greeting")
    return Refuse("ask.any_time") if only_reacts(said) else _question(state, event, said, now, setup)


def _in_group(state: ChatState, event: Message, now: datetime, setup: Setup) -> Intent:
    mentioned = without_mention(event.text, setup.username)
    to_me = event.reply_to is not None and event.reply_to.from_self
    said = (event.text if mentioned is None else mentioned).strip()
    if (mentioned is None and not to_me) or only_reacts(said):
        return Ignore()
    text = said or _replied_text(event)
    if mentioned is not None and (not text or only_greets(text)):
        return Order("start")
    return _question(state, event, text, now, setup) if text else Ignore()


def _replied_text(event: Message) -> str:
    """The words of the message that this one replies to, unless they are the bot's own."""
    earlier = event.reply_to
    return earlier.text.strip() if earlier is not None and not earlier.from_self else ""


def _question(state: ChatState, event: Message, text: str, now: datetime, setup: Setup) -> Intent:
    limit = setup.limits.question_length
    question = text.strip()
    if len(question) > limit:
        return Refuse("ask.too_long", {"limit": limit}, question[:limit])
    if only_asks_source(question) and _was_answered(state, event, now):
        return Refuse("ask.source_above")
    return Ask(question, _previous(state, event, now))


def _was_answered(state: ChatState, event: Message, now: datetime) -> bool:
    """Whether a message stands behind quotes: in reply to them, or as what their asker writes next; thanks between them
    are nothing."""
    if event.reply_to is not None:
        given = state.given_under(event.reply_to.key)
        return bool(event.reply_to.shows) or (given is not None and given.outcome is Outcome.ANSWERED)
    place = (asker_of(event), event.chat.topic)
    mine = [one for one in state.answers if (one.asker, one.topic) == place and one.outcome is not Outcome.REFUSED]
    recent = mine and now.timestamp() - mine[-1].at <= FOLLOW_UP_SECONDS
    return bool(recent) and mine[-1].outcome is Outcome.ANSWERED


def _previous(state: ChatState, event: Message, now: datetime) -> str | None:
    """The question that this one may follow up: of the answer that it replies to, else its asker's last one."""
    if event.reply_to is not None:
        given = state.given_under(event.reply_to.key)
        if given is not None:
            return given.stands_alone
    last = state.previous.get(thread_of(event))
    return last.question if last and now.timestamp() - last.at <= FOLLOW_UP_SECONDS else None


def thread_of(event: Message | Press) -> str:
    """Whose questions follow one another: one person's in one topic."""
    topic = event.chat.topic if event.chat else None
    return f"{asker_of(event)} {topic or ''}".rstrip()


def _linked_question(argument: str) -> str | None:
    try:
        padded = argument + "=" * (-len(argument) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode().strip() or None
    except (binascii.Error, ValueError):
        return None
