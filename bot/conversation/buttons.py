"""What a button carries: `1` (the version), a verb, up to two short arguments and a signature, in at most 64 bytes.

A client can send any payload for any message, so each is signed together with its chat's id: what was not made here for
this chat does not open. Whose button it is, and whether they may, is looked up when it is pressed, never carried.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

VERSION = "1"
_SEPARATOR = ":"
_SIGNATURE_BYTES = 6


class Verb(StrEnum):
    CONTEXT = "c"
    SHEET = "m"
    USEFUL = "u"
    USELESS = "d"
    WATCH = "w"
    EXAMPLE = "e"
    SOURCES = "p"
    SETTING = "s"
    FORGET = "f"
    REMOVE = "r"
    WATCHING = "g"
    ALERT = "a"
    DIGEST = "n"
    RHYTHM = "h"
    PROOF = "q"
    RECHECK = "t"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A payload that opened. `argument` and `value` are "" where the verb has none."""

    verb: str
    argument: str = ""
    value: str = ""


def payload(secret: bytes, chat: int, verb: Verb, argument: str = "", value: str = "") -> str:
    """Raises ValueError when it would not fit into Telegram's limit."""
    from telegram.constants import InlineKeyboardButtonLimit

    body = _SEPARATOR.join((VERSION, verb, argument, value))
    signed = f"{body}{_SEPARATOR}{_signature(secret, chat, body)}"
    if len(signed.encode()) > InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
        raise ValueError(f"The payload {signed!r} is too long for a button.")
    return signed


def opened(secret: bytes, chat: int, signed: str) -> Pressed | None:
    """What the payload says, or None when it is of another version, of another chat, or not ours."""
    body, _, signature = signed.rpartition(_SEPARATOR)
    if not hmac.compare_digest(signature.encode(), _signature(secret, chat, body).encode()):
        return None
    parts = body.split(_SEPARATOR)
    return Pressed(*parts[1:]) if parts[0] == VERSION and len(parts) == 4 else None


def short(text: str) -> str:
    """A short name for a longer text that buttons must point at."""
    return hashlib.blake2s(text.encode(), digest_size=6).hexdigest()


def _signature(secret: bytes, chat: int, body: str) -> str:
    digest = hashlib.blake2s(f"{chat} {body}".encode(), key=secret[:32], digest_size=_SIGNATURE_BYTES).digest()
    return base64.urlsafe_b64encode(digest).decode()
