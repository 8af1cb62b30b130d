"""The buttons that lead to what proves a quote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.conversation.buttons import Verb
from bot.conversation.context import Context
from bot.conversation.setup import PROOFS
from bot.proof.address import Pages
from bot.reply import Button
from bot.words import Words
from index.article import SentenceId


def under_answer(context: Context, said: Words, ref: str, showing: Sequence[Sequence[SentenceId]]) -> Iterator[Button]:
    """To the page of the one sentence that shows, else to the proof as a message."""
    if PROOFS not in context.setup.features or not showing:
        return
    label = f"🔎 {said.say('button.proof')}"
    if context.setup.pages is not None and [len(quoted) for quoted in showing] == [1]:
        yield _page(context, context.setup.pages, label, showing[0][0])
    else:
        yield context.button(label, Verb.PROOF, ref)


def of_quote(
    context: Context, said: Words, id: SentenceId, check: bool = False, number: int | None = None
) -> Iterator[Button]:
    """To the quote's page, where pages are reached; `check`: and the question to its source. `number`: which of several
    quotes it is."""
    suffix = f" ({number})" if number is not None else ""
    if context.setup.pages is not None:
        yield _page(context, context.setup.pages, said.say("proof.page") + suffix, id)
    if check:
        yield context.button(said.say("proof.check") + suffix, Verb.RECHECK, str(id))


def mark(context: Context, said: Words, id: SentenceId) -> Button:
    """The mark on a message whose quote has changed: it leads to the proof."""
    return context.button(f"✎ {said.say('correction.mark')}", Verb.PROOF, str(id))


def _page(context: Context, pages: Pages, label: str, id: SentenceId) -> Button:
    """A Mini App in a private chat, which opens over https alone; a link elsewhere."""
    link = pages.link(id)
    return Button(label, url=link, app=not context.chat.is_shared and link.startswith("https://"))
