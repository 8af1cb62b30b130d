"""Saying a line: as a new message, or in place of the one whose button was pressed."""

from __future__ import annotations

from bot.conversation import layout
from bot.conversation.context import Context
from bot.conversation.state import ChatState
from bot.conversation.turn import Effect, Turn
from bot.incoming import Message as Said
from bot.incoming import Press
from bot.reply import Content, Edit, Message


def lines(*texts: str) -> Content:
    """Paragraphs, an empty line between them."""
    return Content(tuple(layout.line(text, gap=number > 0) for number, text in enumerate(texts)))


def answer(
    context: Context, said: Said, content: Content, state: ChatState | None = None, effects: tuple[Effect, ...] = ()
) -> Turn:
    """One message in reply; without the reply mark in a private chat, where nobody else is talked to."""
    reply_to = said.message_id if context.chat.is_shared else None
    message = Message(context.key(), context.chat.id, content, context.chat.topic, reply_to)
    return Turn((message,), state or context.state, effects)


def edit(context: Context, press: Press, content: Content) -> Edit:
    """Another text for the message under which the button was pressed."""
    target = press.message_id if press.message_id is not None else press.sent_key or ""
    return Edit(context.key(), context.chat.id, target, content)
