"""What reaches the conversation: one frozen value per kind of event. Front-ends build these and decide nothing else.

Every event carries `key`, unique per event (Telegram: the update id), from which the keys of its replies are made: an
event that is answered twice after a crash gives the same keys, and the outbox takes each key once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from index.article import SentenceId


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Chat:
    """Where something happened. `topic` is the forum topic (message_thread_id), only where `is_forum`."""

    id: int
    kind: ChatKind
    title: str | None = None
    topic: int | None = None
    is_forum: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether more people than one read this chat."""
        return self.kind is not ChatKind.PRIVATE


@dataclass(frozen=True, slots=True)
class User:
    """A person (or another bot). Someone who writes as a channel or as the group itself is not one: see `Message`."""

    id: int
    name: str
    language_code: str | None = None
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """The message that this one replies to. `key`: the outbox key, where this bot sent it and it is still known.
    `shows`: the quotes that it has shown, as far as that is recorded.

    `from_self`: this bot wrote it. `from_bot`: any bot did. A topic's opening service message is none.
    """

    message_id: int
    text: str
    from_self: bool = False
    from_bot: bool = False
    key: str | None = None
    shows: tuple[SentenceId, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A document. `size` in bytes where Telegram says so."""

    id: str
    name: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that a private message names (`conversation.names_channel`), looked up: whether its writer administers
    it, and whether this bot may post there."""

    id: int
    title: str
    is_admin: bool
    may_post: bool


@dataclass(frozen=True, slots=True)
class Post:
    """What a channel's post is known by as an article: its own address where the channel is public, its day (UTC), and
    who signed it or said it first."""

    url: str | None
    day: date
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message, an edited message or a channel post.

    `text`: text or caption as it came, "" for anything else (a sticker, a photo without words).
    `user`: None for channel posts, and for people who write as the group (anonymous administrators) or as a channel;
    then `sender_chat` is that chat's id.
    `is_admin`: whether the writer administers this chat; True for channel posts, for anonymous administrators and for
    the linked channel; None when it was not looked up (`conversation.needs_admin` says when it must be).
    `post`: with posts of a channel.
    `automatic`: the copy of a channel's post that Telegram puts into its discussion group.
    """

    key: str
    chat: Chat
    user: User | None
    message_id: int
    text: str
    edited: bool = False
    channel_post: bool = False
    forwarded: bool = False
    automatic: bool = False
    via_bot: bool = False
    sender_chat: int | None = None
    is_admin: bool | None = None
    reply_to: Earlier | None = None
    file: File | None = None
    channel: Channel | None = None
    post: Post | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """A button under a message. `chat` and `message_id` are None under a message that was sent by inline mode.
    `sent_key`: the outbox key of that message where it is still known."""

    key: str
    query_id: str
    user: User
    payload: str
    chat: Chat | None
    message_id: int | None
    sent_key: str | None = None
    is_admin: bool | None = None


@dataclass(frozen=True, slots=True)
class InlineQuery:
    """`@bot query` typed in some chat. Its chat state is that of the user's private chat (chat id == user id)."""

    key: str
    query_id: str
    user: User
    query: str
    offset: str = ""


class Standing(StrEnum):
    """What the bot is in a chat, after a change."""

    MEMBER = "member"
    ADMINISTRATOR = "administrator"
    RESTRICTED = "restricted"
    LEFT = "left"
    KICKED = "kicked"


@dataclass(frozen=True, slots=True)
class Membership:
    """The bot's own standing in a chat changed (`my_chat_member`). In a private chat KICKED means blocked."""

    key: str
    chat: Chat
    user: User | None
    before: Standing
    after: Standing


Incoming = Message | Press | InlineQuery | Membership


@dataclass(frozen=True, slots=True)
class Command:
    """`/name@bot rest`, as written at the start of a message. `name` is lower-case; `bot` None when none is named."""

    name: str
    bot: str | None
    rest: str


_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?=\s|$)\s*", re.ASCII)


def command(text: str) -> Command | None:
    """The command that a text starts with, or None."""
    found = _COMMAND.match(text)
    if found is None:
        return None
    return Command(found[1].lower(), found[2], text[found.end() :].strip())


def without_mention(text: str, username: str) -> str | None:
    """The text without `@username` in it, or None when it isn't mentioned. Usernames know no case."""
    pattern = rf"(?:,\s*)?(?<![A-Za-z0-9_@/])@{re.escape(username)}(?![A-Za-z0-9_])[,:]?"
    rest, count = re.subn(pattern, " ", text, flags=re.IGNORECASE)
    return re.sub(r" ([?!.])", r"\1", " ".join(rest.split())) if count else None
