"""Users, chats and messages: what is so. Messages are kept as the Bot API's own JSON objects."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

TOKEN = "123456:AAFakeTokenForTestsOnly-0123456789abcde"
BOT_ID = 123456
BOT_USERNAME = "pullquote_test_bot"
ANONYMOUS_ADMIN = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_WRITER = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}

ADMINISTRATORS = ("creator", "administrator")


@dataclass
class User:
    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def json(self) -> Json:
        body: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            body["username"] = self.username
        if self.language_code:
            body["language_code"] = self.language_code
        return body


@dataclass
class Topic:
    name: str
    closed: bool = False


@dataclass
class Chat:
    """`members`: user id -> status, the bot's own among them. A private chat's id is its user's."""

    id: int
    type: str
    title: str = ""
    username: str | None = None
    is_forum: bool = False
    linked: int | None = None
    members: dict[int, str] = field(default_factory=dict)
    may_write: bool = True
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    migrated_to: int | None = None

    @property
    def bot_status(self) -> str:
        return self.members.get(BOT_ID, "left")

    def json(self) -> Json:
        body: Json = {"id": self.id, "type": self.type}
        body["first_name" if self.type == "private" else "title"] = self.title
        if self.username:
            body["username"] = self.username
        if self.is_forum:
            body["is_forum"] = True
        return body


@dataclass
class File:
    name: str
    content: bytes


@dataclass
class Query:
    """A callback or inline query: `answer` is what the bot said."""

    user: int
    answer: Json | None = None
    expired: bool = False


@dataclass
class Call:
    """A method that was called: `outcome` is "ok" or the refusal's description; `at` in monotonic seconds."""

    method: str
    params: Json
    outcome: str
    at: float


@dataclass(frozen=True)
class Added:
    """A message as the log of all chats has it; `at` in monotonic seconds."""

    chat: int
    message: Json
    from_bot: bool
    at: float


class World:
    """Everything, for one bot."""

    def __init__(self, privacy: bool = True) -> None:
        self.privacy = privacy
        self.token = TOKEN
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.queries: dict[str, Query] = {}
        self.commands: dict[str, list[Json]] = {}
        self.calls: list[Call] = []
        self.log: list[Added] = []
        self._shared_ids = itertools.count(1)
        self._own_ids: dict[int, itertools.count[int]] = {}
        self._ids = itertools.count(1)
        self.changed = asyncio.Condition()

    def bot(self) -> Json:
        return {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": "Pullquote",
            "username": BOT_USERNAME,
            "can_join_groups": True,
            "can_read_all_group_messages": not self.privacy,
            "supports_inline_queries": True,
        }

    def bot_user(self) -> Json:
        return {name: self.bot()[name] for name in ("id", "is_bot", "first_name", "username")}

    def new_id(self) -> int:
        return next(self._ids)

    def message_id(self, chat: Chat) -> int:
        """Private chats and groups share one count of the account; supergroups and channels have their own."""
        if chat.type in ("private", "group"):
            return next(self._shared_ids)
        # 1 is the message that tells of the chat's creation; in a forum it stands for the General topic.
        return next(self._own_ids.setdefault(chat.id, itertools.count(2)))

    def add(self, chat: Chat, message: Json) -> Json:
        """Puts a message into its chat."""
        message = {"message_id": self.message_id(chat), "date": int(time.time()), "chat": chat.json(), **message}
        chat.messages[message["message_id"]] = message
        self.log.append(Added(chat.id, message, from_bot(message), time.monotonic()))
        return message

    async def tell(self) -> None:
        """Wakes whoever waits for something to become so."""
        async with self.changed:
            self.changed.notify_all()


def from_bot(message: Json) -> bool:
    return bool(message.get("from", {}).get("id") == BOT_ID or message.get("by_bot"))
