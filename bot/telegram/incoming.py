"""Telegram's updates (JSON) into events of the conversation. Pure; what must be looked up is an argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.incoming import (
    Chat,
    ChatKind,
    Earlier,
    File,
    Incoming,
    InlineQuery,
    Membership,
    Message,
    Post,
    Press,
    Standing,
    User,
)

Json = dict[str, Any]
KeyOf = Callable[[int, int], str | None]
"""(chat, message id) -> the outbox key that the bot sent this message under, or None."""

MESSAGES = ("message", "edited_message", "channel_post", "edited_channel_post")
STANDINGS = {standing.value: standing for standing in Standing} | {"creator": Standing.ADMINISTRATOR}


def lane_of(update: Json) -> int:
    """Whose order an update belongs to: its chat's, or its sender's where there is no chat."""
    body = _body(update)
    chat = body.get("chat") or (body.get("message") or {}).get("chat")
    return int((chat or body.get("from") or {"id": 0})["id"])


def migration(update: Json) -> tuple[int, int] | None:
    """(old, new) where the update tells that a group became a supergroup."""
    message = update.get("message") or {}
    if "migrate_to_chat_id" in message:
        return int(message["chat"]["id"]), int(message["migrate_to_chat_id"])
    if "migrate_from_chat_id" in message:
        return int(message["migrate_from_chat_id"]), int(message["chat"]["id"])
    return None


@dataclass(frozen=True, slots=True)
class Translator:
    """Knows which bot it is, and finds the keys of the bot's own messages."""

    bot_id: int
    key_of: KeyOf

    def translate(self, update: Json) -> Incoming | None:
        """The event, or None for what the conversation has no use for."""
        key = f"u{update['update_id']}"
        for kind in MESSAGES:
            if kind in update:
                return self._message(key, kind, update[kind])
        if "callback_query" in update:
            return self._press(key, update["callback_query"])
        if "inline_query" in update:
            query = update["inline_query"]
            return InlineQuery(key, str(query["id"]), _user(query["from"]), query["query"], query.get("offset", ""))
        if "my_chat_member" in update:
            return _membership(key, update["my_chat_member"])
        return None

    def _message(self, key: str, kind: str, body: Json) -> Message:
        posted = "channel_post" in kind
        sender_chat = None if posted else (body.get("sender_chat") or {}).get("id")
        own = sender_chat is not None and sender_chat == body["chat"]["id"]
        return Message(
            key=key,
            chat=_chat(body),
            user=None if posted or sender_chat is not None else _user(body["from"]),
            message_id=int(body["message_id"]),
            text=body.get("text") or body.get("caption") or "",
            edited=kind.startswith("edited"),
            channel_post=posted,
            forwarded="forward_origin" in body,
            automatic=bool(body.get("is_automatic_forward")),
            via_bot="via_bot" in body,
            sender_chat=sender_chat,
            is_admin=True if posted or own else None,
            reply_to=self._earlier(body),
            file=_file(body),
            post=_post(body) if posted else None,
        )

    def _earlier(self, body: Json) -> Earlier | None:
        replied = body.get("reply_to_message")
        if not replied or "forum_topic_created" in replied:
            return None
        message_id = int(replied["message_id"])
        if body.get("is_topic_message") and message_id == body.get("message_thread_id"):
            return None
        author = replied.get("from") or {}
        key = self.key_of(int(body["chat"]["id"]), message_id)
        return Earlier(
            message_id=message_id,
            text=replied.get("text") or replied.get("caption") or "",
            from_self=author.get("id") == self.bot_id or key is not None,
            from_bot=bool(author.get("is_bot")),
            key=key,
        )

    def _press(self, key: str, query: Json) -> Press | None:
        if "data" not in query:
            return None
        message = query.get("message")
        chat = None if message is None else _chat(message)
        message_id = None if message is None else int(message["message_id"])
        sent_key = None if chat is None or message_id is None else self.key_of(chat.id, message_id)
        return Press(key, str(query["id"]), _user(query["from"]), query["data"], chat, message_id, sent_key)


def _body(update: Json) -> Json:
    return next((value for value in update.values() if isinstance(value, dict)), {})


def _chat(body: Json) -> Chat:
    chat = body["chat"]
    # Outside of forums a thread id only says which message a chain of replies began with.
    topic = int(body["message_thread_id"]) if body.get("is_topic_message") else None
    return Chat(int(chat["id"]), ChatKind(chat["type"]), chat.get("title"), topic, bool(chat.get("is_forum")))


def _user(user: Json) -> User:
    name = " ".join(part for part in (user.get("first_name"), user.get("last_name")) if part)
    return User(int(user["id"]), name, user.get("language_code"), bool(user.get("is_bot")))


def _file(body: Json) -> File | None:
    document = body.get("document")
    if document is None:
        return None
    return File(document["file_id"], document.get("file_name") or "file", document.get("file_size"))


def _post(body: Json) -> Post:
    origin = body.get("forward_origin") or {}
    first = (origin.get("chat") or origin.get("sender_chat") or {}).get("title") or origin.get("sender_user_name")
    if "sender_user" in origin:
        first = _user(origin["sender_user"]).name
    username = body["chat"].get("username")
    url = f"https://t.me/{username}/{body['message_id']}" if username else None
    return Post(url, datetime.fromtimestamp(body["date"], UTC).date(), body.get("author_signature") or first)


def _membership(key: str, change: Json) -> Membership:
    before, after = (STANDINGS[change[name]["status"]] for name in ("old_chat_member", "new_chat_member"))
    return Membership(key, _chat(change), _user(change["from"]) if "from" in change else None, before, after)
