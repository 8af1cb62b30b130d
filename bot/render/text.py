"""An answer for the command line: plain text when piped, drawn with rich on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from index.article import Answer, Article, Quote, Sentence
from index.segment.lists import shares_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

NO_ANSWER = "Nothing in the library answers that."


def plain_answer(answer: Answer, explain: bool = False) -> str:
    """The quotes, each followed by its source; one line when there is none."""
    if not answer.answered:
        lines = [NO_ANSWER]
        if explain:
            lines += [_parts(each) + " " + each.sentence.text for each in answer.ranked]
        return "\n".join(lines)
    return "\n\n".join("\n".join(_lines(quote, explain)) for quote in answer.quotes)


def _lines(quote: Quote, explain: bool) -> Iterator[str]:
    if quote.before:
        yield f"(context) {_joined(quote.before)}"
    yield from _lines_of(quote)
    if quote.speaker:
        yield f"  said by {quote.speaker}"
    yield f"  {source_line(quote.article)}"
    if quote.article.url:
        yield f"  {quote.article.url}"
    for other in quote.also:
        yield f"  also in: {source_line(other.article)}"
    for other in quote.conflicts:
        yield f"  differs: {_differing(other)}"
    if explain:
        yield f"  {_parts(quote)}"


def _lines_of(quote: Quote) -> Iterator[str]:
    """The sentence; of a list its items, each a line."""
    line = quote.sentence.text
    for above, sentence in pairwise((quote.sentence, *quote.rest)):
        if shares_line(above, sentence):
            line += f" {sentence.text}"
        else:
            yield line
            line = sentence.text
    yield line


def _differing(other: Quote) -> str:
    """A quote with another figure in one line, behind what it can't be understood without."""
    parts = [f"(context) {_joined(other.before)}"] if other.before else []
    parts.append(f"“{' | '.join(_lines_of(other))}”")
    parts += [f"said by {other.speaker},"] if other.speaker else []
    return " ".join((*parts, source_line(other.article)))


def _joined(sentences: Sequence[Sentence]) -> str:
    """Sentences behind each other; what ends as a heading does is parted from what follows."""
    *first, last = sentences
    return "".join(each.text + (" | " if each.unmarked else " ") for each in first) + last.text


def source_line(article: Article) -> str:
    """Title, source and date, as far as they are known."""
    return " — ".join(
        part
        for part in (article.title, article.source, article.published.isoformat() if article.published else None)
        if part
    )


def _parts(quote: Quote) -> str:
    parts = ", ".join(f"{name} {value:.2f}" for name, value in quote.parts.items())
    return f"[{quote.confidence:.3f}: {parts}]"


def print_answer(console: Console, answer: Answer, explain: bool = False) -> None:
    """Draws the quotes with the matching words marked; links can be clicked where the terminal knows how."""
    from rich.padding import Padding
    from rich.text import Text

    if not answer.answered:
        console.print(Text(NO_ANSWER, style="yellow"))
        for each in answer.ranked if explain else ():
            console.print(Padding(Text(_parts(each) + " " + each.sentence.text, style="dim"), (0, 2)))
        return
    for n, quote in enumerate(answer.quotes):
        if n:
            console.print()
        for near in quote.before:
            console.print(Padding(Text(near.text, style="dim italic"), (0, 2)))
        for sentence in (quote.sentence, *quote.rest):
            console.print(Padding(marked(sentence, answer.terms), (0, 2)))
        _print_source(console, quote, explain)


def marked(sentence: Sentence, terms: frozenset[str]) -> Text:
    """A sentence exactly as it stands, with the words that the question names in bold."""
    from rich.text import Text

    from index.terms import matching_spans

    text = Text(sentence.text)
    for span in matching_spans(sentence.text, terms):
        text.stylize("bold green", span.start, span.end)
    return text


def _print_source(console: Console, quote: Quote, explain: bool) -> None:
    from rich.text import Text

    if quote.speaker:
        console.print(Text(f"    said by {quote.speaker}", style="dim"))
    console.print(Text(f"    {source_line(quote.article)}", style="cyan"))
    if quote.article.url:
        console.print(Text(f"    {quote.article.url}", style=f"dim link {quote.article.url}"), soft_wrap=True)
    for other in quote.also:
        console.print(Text(f"    also in: {source_line(other.article)}", style="dim"))
    for other in quote.conflicts:
        console.print(Text(f"    differs: {_differing(other)}", style="yellow"))
    if explain:
        console.print(Text(f"    {_parts(quote)}", style="dim"))
