"""What to do when the Bot API says no. Pure: (method, parameters, error) → verdict.

The texts are those of the Bot API server (github.com/tdlib/telegram-bot-api, Client.cpp: fail_query_with_error and
check_chat_access) and of Telegram's servers behind it, which come through in capitals (TOPIC_CLOSED).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.errors import ApiRefused, ApiUnreachable
from bot.store.chats import WHOLE_CHAT


@dataclass(frozen=True, slots=True)
class Taken:
    """As good as sent: what was asked for is so already, or can't matter any more."""


@dataclass(frozen=True, slots=True)
class Later:
    """Try again after a while, longer each time."""


@dataclass(frozen=True, slots=True)
class Slower:
    """Try again after so many seconds, and send less until then."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Plainer:
    """Try again at once with these parameters: a part that was rejected is left out, the message is not."""

    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """The group lives on under another id."""

    chat: int


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing gets through to this chat or topic any more."""

    topic: int


@dataclass(frozen=True, slots=True)
class Refused:
    """This call will never succeed."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The token is not valid: nothing will succeed."""


Verdict = Taken | Later | Slower | Plainer | Moved | Closed | Refused | Rejected

_TAKEN = re.compile(
    "message is not modified|message to edit not found|message to delete not found|query is too old", re.IGNORECASE
)
_TOPIC_CLOSED = re.compile("TOPIC_CLOSED|TOPIC_DELETED|TOPIC_ID_INVALID|message thread not found", re.IGNORECASE)
_CHAT_CLOSED = re.compile(
    "chat not found|PEER_ID_INVALID|CHAT_WRITE_FORBIDDEN|CHAT_RESTRICTED|CHANNEL_PRIVATE|CHAT_ADMIN_REQUIRED|"
    "not enough rights to send|need administrator rights|have no rights to send|chat is deactivated|"
    "group chat was deactivated|user not found",
    re.IGNORECASE,
)
_ENTITIES = re.compile("parse entities|parse MessageEntity|entit(y|ies)|ENTITY|ENTITIES", re.IGNORECASE)
_REPLY = re.compile("message to be replied not found|REPLY_MESSAGE_ID_INVALID|reply parameters", re.IGNORECASE)
_MARKUP = re.compile("BUTTON|reply markup|keyboard", re.IGNORECASE)


def judge(method: str, params: dict[str, Any], error: ApiRefused | ApiUnreachable) -> Verdict:
    """What to do after `method` failed with `error`."""
    if isinstance(error, ApiUnreachable) or error.code >= 500:
        return Later()
    if error.code == 401 or (error.code == 404 and error.description == "Not Found"):
        return Rejected()
    if error.code == 429:
        return Slower(error.retry_after or 1.0)
    if error.migrate_to is not None:
        return Moved(error.migrate_to)
    if error.code == 403:
        return Closed(WHOLE_CHAT)
    return _of_bad_request(params, error.description)


def _of_bad_request(params: dict[str, Any], said: str) -> Verdict:
    if _TAKEN.search(said):
        return Taken()
    if _TOPIC_CLOSED.search(said) and params.get("message_thread_id"):
        return Closed(int(params["message_thread_id"]))
    for pattern, names in (
        (_ENTITIES, ("entities", "parse_mode", "caption_entities")),
        (_REPLY, ("reply_parameters", "reply_to_message_id")),
        (_MARKUP, ("reply_markup",)),
    ):
        if pattern.search(said) and any(name in params for name in names):
            return Plainer({name: value for name, value in params.items() if name not in names})
    return Closed(WHOLE_CHAT) if _CHAT_CLOSED.search(said) else Refused()
