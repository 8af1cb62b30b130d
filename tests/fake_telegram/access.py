"""Whether the bot may do what it asks in a chat (Client.cpp: check_chat, check_chat_access, check_message)."""

from __future__ import annotations

from typing import Any

from tests.fake_telegram.errors import Refusal, bad_request, forbidden
from tests.fake_telegram.world import ADMINISTRATORS, Chat, Json, World, from_bot

GENERAL_TOPIC = 1


def chat_named(world: World, chat_id: Any) -> Chat:
    """The chat, or the server's refusal."""
    if chat_id in (None, ""):
        raise bad_request("chat_id is empty")
    text = str(chat_id)
    if text.startswith("@"):
        named = [chat for chat in world.chats.values() if chat.username and "@" + chat.username.lower() == text.lower()]
        if not named:
            raise bad_request("chat not found")
        return named[0]
    if not text.lstrip("-").isdigit() or int(text) not in world.chats:
        raise bad_request("chat not found")
    return world.chats[int(text)]


def writable(world: World, chat_id: Any) -> Chat:
    """The chat, if the bot may send to it."""
    chat = chat_named(world, chat_id)
    if chat.migrated_to is not None:
        raise Refusal(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to,
        )
    if chat.type == "private":
        if chat.bot_status == "kicked":
            raise forbidden("bot was blocked by the user")
        if chat.bot_status != "member":
            raise forbidden("bot can't initiate conversation with a user")
        return chat
    if chat.bot_status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if chat.bot_status == "left":
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    if chat.type == "channel" and chat.bot_status not in ADMINISTRATORS:
        raise bad_request("need administrator rights in the channel chat")
    if not chat.may_write and chat.bot_status not in ADMINISTRATORS:
        raise bad_request("not enough rights to send text messages to the chat")
    return chat


def topic_in(chat: Chat, topic: Any) -> int | None:
    """The topic to send to; None outside of topics."""
    if not topic or not chat.is_forum:
        return None
    thread = int(topic)
    if thread == GENERAL_TOPIC or thread not in chat.topics:
        raise bad_request("message thread not found")
    if chat.topics[thread].closed and chat.bot_status not in ADMINISTRATORS:
        raise bad_request("TOPIC_CLOSED")
    return thread


def own_message(chat: Chat, message_id: Any, what: str) -> Json:
    """A message of the bot's own; `what` is "message to edit" or "message to delete"."""
    if message_id in (None, ""):
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(int(message_id))
    if message is None:
        raise bad_request(f"{what} not found")
    if not from_bot(message):
        raise bad_request("message can't be edited" if what == "message to edit" else "message can't be deleted")
    return message
