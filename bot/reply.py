"""What a reply is: text in blocks, quotes marked, buttons, and where it goes. Front-ends draw it, and add nothing.

    Reply
    ├── Message        a new message
    ├── Edit           another text and other buttons for an earlier message of the bot
    ├── Buttons        other buttons for an earlier message, its text left as it is
    ├── Delete         an earlier message of the bot, taken away
    ├── Toast          the short answer to a button press
    ├── InlineAnswer   the results of an inline query
    └── Typing         "typing…"

Toast, InlineAnswer and Typing are worth nothing a minute later (`durable` is False); the others must arrive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from index.article import SentenceId, SnapshotHash

SentRef = int | str
"""An earlier message of the bot: its real message id (int), or the outbox key that it was sent under (str)."""


def utf16(text: str) -> int:
    """Length in UTF-16 code units: how Telegram counts (core.telegram.org/api/entities#entity-length)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style. `quote`: this is a sentence of a snapshot, to be shown exactly."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None
    quote: SentenceId | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph; `quotation` draws it as a block quotation. Blocks are parted by a line end, by an empty line where
    `gap` is true."""

    spans: tuple[Span, ...]
    quotation: bool = False
    gap: bool = False

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Button:
    """`payload` comes back in a Press; `url` opens; exactly one of them is set. `app`: the address opens inside of
    Telegram, which it does in private chats alone."""

    label: str
    payload: str | None = None
    url: str | None = None
    app: bool = False


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence that this reply shows, for the record of what was ever shown."""

    sentence: SentenceId
    snapshot: SnapshotHash


@dataclass(frozen=True, slots=True)
class Content:
    blocks: tuple[Block, ...]
    keyboard: Keyboard = ()
    shows: tuple[Shown, ...] = ()

    @property
    def text(self) -> str:
        """The plain text, before what a front-end must change in it."""
        parts: list[str] = []
        for number, block in enumerate(self.blocks):
            if number:
                parts.append("\n\n" if block.gap else "\n")
            parts.append(block.text)
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Message:
    """`reply_to`: the message that it answers; sent all the same when that one is gone."""

    durable: ClassVar[bool] = True
    key: str
    chat: int
    content: Content
    topic: int | None = None
    reply_to: SentRef | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    durable: ClassVar[bool] = True
    key: str
    chat: int
    target: SentRef
    content: Content


@dataclass(frozen=True, slots=True)
class Buttons:
    durable: ClassVar[bool] = True
    key: str
    chat: int
    target: SentRef
    keyboard: Keyboard


@dataclass(frozen=True, slots=True)
class Delete:
    durable: ClassVar[bool] = True
    key: str
    chat: int
    target: SentRef


@dataclass(frozen=True, slots=True)
class Toast:
    """Answers a button press: "" stops the button's clock and says nothing; `alert` must be closed by hand."""

    durable: ClassVar[bool] = False
    key: str
    query_id: str
    text: str = ""
    alert: bool = False


@dataclass(frozen=True, slots=True)
class InlineResult:
    """`id`: 1–64 bytes, unique among the results. `content` is what is sent when it is picked."""

    id: str
    title: str
    description: str
    content: Content
    url: str | None = None


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """`next_offset` "" ends the paging. `hint` is a line above the results that opens the bot with `/start start`."""

    durable: ClassVar[bool] = False
    key: str
    query_id: str
    results: tuple[InlineResult, ...]
    next_offset: str = ""
    cache_seconds: int = 0
    hint: str | None = None
    start: str = ""


@dataclass(frozen=True, slots=True)
class Typing:
    durable: ClassVar[bool] = False
    key: str
    chat: int
    topic: int | None = None


Reply = Message | Edit | Buttons | Delete | Toast | InlineAnswer | Typing
