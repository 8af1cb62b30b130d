"""Replies as a terminal shows them: plain lines for transcripts, and drawn with rich for people.

Both start from the text that Telegram would show (`bot.render.telegram.shown`): what is seen here stands in a chat.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.render.telegram import shown
from bot.reply import Block, Button, Content, InlineAnswer, Span

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.text import Text

QUOTED = "▎ "


def plain(content: Content) -> Iterator[str]:
    """Lines of text: `▎` before a quotation, `**bold**`, `_italic_`, `[text](address)`, and the buttons in brackets."""
    for number, block in enumerate(content.blocks):
        if block.gap and number:
            yield ""
        text = "".join(map(_marked, shown(block)))
        yield from (f"{QUOTED if block.quotation else ''}{line}" for line in text.split("\n"))
    yield from buttons(content.keyboard)


def buttons(keyboard: Sequence[Sequence[Button]]) -> Iterator[str]:
    for row in keyboard:
        yield " ".join(f"[{button.label}]({button.url})" if button.url else f"[{button.label}]" for button in row)


def inline(answer: InlineAnswer) -> Iterator[str]:
    """The results as a list to pick from, what each would send, and the way on."""
    if answer.hint:
        yield f"({answer.hint} → /start {answer.start})"
    for number, result in enumerate(answer.results, start=1):
        about = result.description.replace("\n", " | ")
        yield f"{number}. {result.title} | {about}"
        yield from (f"   {line}" for line in plain(result.content))
    if answer.next_offset:
        yield f"(more from {answer.next_offset})"


def _marked(span: Span) -> str:
    text = span.text
    if span.link:
        text = f"[{text}]({span.link})"
    if span.bold:
        text = f"**{text}**"
    if span.italic:
        core = text.strip()
        text = text.replace(core, f"_{core}_") if core else text
    return text


def drawn(content: Content, first_button: int = 1) -> RenderableType:
    """The message for a rich console, its buttons numbered from `first_button`."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    parts: list[RenderableType] = []
    for number, block in enumerate(content.blocks):
        if block.gap and number:
            parts.append(Text(""))
        parts.append(_Quotation(_styled(block)) if block.quotation else _styled(block))
    parts += [Padding(row, (0, 0, 0, 2)) for row in _numbered(content.keyboard, first_button)]
    return Group(*parts)


def _styled(block: Block) -> Text:
    from rich.text import Text

    text = Text()
    for span in shown(block):
        styles = [name for name, wanted in (("bold", span.bold), ("italic", span.italic)) if wanted]
        styles += [f"link {span.link}", "cyan"] if span.link else []
        text.append(span.text, style=" ".join(styles))
    return text


@dataclass(frozen=True, slots=True)
class _Quotation:
    """A text with a bar along its left side, however it wraps."""

    text: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.segment import Segment
        from rich.style import Style

        narrower = options.update(width=max(options.max_width - len(QUOTED), 1))
        for line in console.render_lines(self.text, narrower, pad=False):
            yield Segment(QUOTED, Style(color="green"))
            yield from line
            yield Segment.line()


def _numbered(keyboard: Sequence[Sequence[Button]], first: int) -> Iterator[Text]:
    from rich.text import Text

    number = first
    for row in keyboard:
        text = Text()
        for button in row:
            text.append(f" {number} ", style="reverse").append(f" {button.label}  ", style="bold")
            number += 1
        yield text
