"""What a terminal shows."""

from __future__ import annotations

import io

from rich.console import Console

from bot.conversation import layout
from bot.render import terminal
from bot.reply import Block, Button, Content, InlineAnswer, InlineResult, Span
from index.article import SentenceId

CONTENT = Content(
    (
        layout.line("Heading", bold=True),
        Block(
            (Span("before ", italic=True), Span("A quote\tof [two]\nlines.", bold=True, quote=SentenceId(1))),
            True,
            True,
        ),
        Block((Span("Title", link="https://a.example"), Span(" — Source"))),
    ),
    ((Button("More", payload="1"), Button("Open", url="https://a.example")),),
)


def drawn(content: Content, width: int) -> str:
    screen = io.StringIO()
    Console(file=screen, width=width, color_system=None, legacy_windows=False).print(terminal.drawn(content, 3))
    return "\n".join(line.rstrip() for line in screen.getvalue().splitlines())


def test_a_transcript_marks_styles_links_and_buttons_and_shows_what_telegram_would() -> None:
    assert list(terminal.plain(CONTENT)) == [
        "**Heading**",
        "",
        "▎ _before_ **A quote of [two]",
        "▎ lines.**",
        "[Title](https://a.example) — Source",
        "[More] [Open](https://a.example)",
    ]


def test_a_drawing_takes_no_brackets_for_markup_and_numbers_the_buttons() -> None:
    assert drawn(CONTENT, 60).splitlines() == [
        "Heading",
        "",
        "▎ before A quote of [two]",
        "▎ lines.",
        "Title — Source",
        "   3  More   4  Open",
    ]


def test_a_quotation_keeps_its_bar_on_every_line_that_it_wraps_to() -> None:
    long = Content((Block((Span("word " * 30, quote=SentenceId(1)),), quotation=True),))
    lines = drawn(long, 24).splitlines()
    assert len(lines) > 5
    assert all(line.startswith("▎ ") and len(line) <= 24 for line in lines)


def test_inline_results_are_a_list_to_pick_from() -> None:
    result = InlineResult("1", "Title", "Source — date\nA sentence.", Content((layout.line("A sentence."),)))
    answer = InlineAnswer("k", "q", (result,), next_offset="10", hint="Type", start="inline")
    assert list(terminal.inline(answer)) == [
        "(Type → /start inline)",
        "1. Title | Source — date | A sentence.",
        "   A sentence.",
        "(more from 10)",
    ]
