"""What is said where the bot itself failed: one kind sentence, to those who wait for an answer and to nobody else."""

from __future__ import annotations

from datetime import datetime

from bot.conversation import inline, speech
from bot.conversation.context import spoken
from bot.conversation.intent import Ignore, Publish, understand
from bot.conversation.setup import Setup
from bot.conversation.state import ChatState
from bot.incoming import Incoming, InlineQuery, Membership, Press
from bot.reply import InlineAnswer, Message, Reply, Toast
from bot.words import language, words


def apology(state: ChatState, incoming: Incoming, now: datetime, setup: Setup) -> Reply | None:
    """The reply to an event that could not be answered for a fault of ours; None where nobody waits for one."""
    if isinstance(incoming, Membership):
        return None
    said = words(spoken(state, incoming.user))
    if isinstance(incoming, InlineQuery):
        hint = said.say("inline.fault")
        return InlineAnswer(f"{incoming.key}.fault", incoming.query_id, (), hint=hint, start=inline.START)
    if isinstance(incoming, Press):
        return Toast(f"{incoming.key}.fault", incoming.query_id, said.say("toast.fault"))
    if isinstance(understand(state, incoming, now, setup), Ignore | Publish):
        return None
    chat, content = incoming.chat, speech.lines(said.say("ask.fault"))
    reply_to = incoming.message_id if chat.is_shared else None
    return Message(f"{incoming.key}.fault", chat.id, content, chat.topic, reply_to)


def bare_apology(key: str, chat: int, language_code: str | None) -> Message:
    """The same for a private chat of which nothing is known but its id: what failed was to understand the event."""
    content = speech.lines(words(language(language_code)).say("ask.fault"))
    return Message(f"{key}.fault", chat, content)
