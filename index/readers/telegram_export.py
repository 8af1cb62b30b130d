"""A channel as Telegram Desktop exports it: `result.json`, one article per post."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from index.article import ArticleId, Draft
from index.errors import ReadError
from index.readers.dates import parse_date
from index.readers.failure import ReadFailure
from index.readers.jsonl import parse
from index.readers.plain import decode, normalise

_LONGEST_TITLE = 100


def is_export(value: Any) -> bool:
    """Whether a parsed JSON file is an export of one chat, or of several."""
    if not isinstance(value, Mapping):
        return False
    return isinstance(value.get("messages"), list) or isinstance(value.get("chats"), Mapping)


def read_telegram(data: bytes, address: str) -> Iterator[Draft | ReadFailure]:
    """`posts` of an export's bytes; raises ReadError for JSON that is no export."""
    value = parse(decode(data))
    if not is_export(value):
        raise ReadError("It is no export of a Telegram chat.")
    yield from posts(value, address)


def posts(export: Mapping[str, Any], address: str) -> Iterator[Draft | ReadFailure]:
    """The posts with text, oldest first, as the export has them.

    Service messages and posts without text or caption are passed over. The link is known where the export names the
    channel's user name; the article's id is `telegram:<chat>/<post>`.
    """
    for chat in _chats(export):
        for number, message in enumerate(chat["messages"], start=1):
            if not isinstance(message, Mapping):
                yield ReadFailure(f"{address}#{number}", f"Message {number} of the export is no JSON object.")
                continue
            draft = _draft(message, chat, address)
            if draft is not None:
                yield draft


def _chats(export: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if isinstance(export.get("messages"), list):
        return [export]
    listed = export["chats"].get("list")
    chats = listed if isinstance(listed, list) else []
    return [chat for chat in chats if isinstance(chat, Mapping) and isinstance(chat.get("messages"), list)]


def _draft(message: Mapping[str, Any], chat: Mapping[str, Any], address: str) -> Draft | None:
    text = normalise(_joined(message.get("text"))).strip("\n")
    if message.get("type") != "message" or not text.strip():
        return None
    post = message.get("id")
    name = normalise(str(chat.get("name") or "Telegram"))
    username = chat.get("username")
    return Draft(
        title=_title(text),
        text=text,
        source=name,
        url=f"https://t.me/{username}/{post}" if isinstance(username, str) and username else None,
        published=parse_date(str(message.get("date") or "")),
        author=_author(message, name),
        id=post_id(chat.get("id", name), post),
        address=f"{address}#{post}",
    )


def post_id(channel: object, post: object) -> ArticleId:
    """The article that a channel's post is, whichever way it came."""
    return ArticleId(f"telegram:{channel}/{post}")


def read_post(
    id: ArticleId, text: str, channel: str, url: str | None, published: date | None, author: str | None
) -> Draft | None:
    """A post as it has just been made in a channel, by its `post_id`; None where it has no words."""
    text, source = normalise(text).strip("\n"), normalise(channel)
    if not text.strip():
        return None
    author = normalise(author) if author and normalise(author) != source else None
    return Draft(_title(text), text, source, url, published, author=author, id=id, address=url or id)


def _joined(text: Any) -> str:
    """A message's text: a string, or a list of strings and entities with a text of their own."""
    if isinstance(text, str):
        return text
    pieces = text if isinstance(text, list) else []
    return "".join(str(piece.get("text", "")) if isinstance(piece, Mapping) else str(piece) for piece in pieces)


def _title(text: str) -> str:
    line = text.strip().split("\n", 1)[0].strip()
    if len(line) <= _LONGEST_TITLE:
        return line
    return line[:_LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(",;:—– ") + "…"


def _author(message: Mapping[str, Any], channel: str) -> str | None:
    signed = message.get("author") or message.get("from")
    return normalise(signed) if isinstance(signed, str) and normalise(signed) != channel else None
