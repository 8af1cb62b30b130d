"""`@bot question` in any chat: quotes to pick from, ten at a time."""

from __future__ import annotations

from bot.conversation import layout
from bot.conversation.asking import quote_blocks, text_limit
from bot.conversation.context import spoken
from bot.conversation.intent import deep_link
from bot.conversation.state import ChatState
from bot.incoming import InlineQuery
from bot.reply import Button, Content, InlineAnswer, InlineResult
from bot.words import Words, words
from index.article import Answer, Question, Quote

PAGE = 10
MOST = 50
"""Nobody scrolls further; each page asks the library for all those before it again."""
CACHE_SECONDS = 30
"""How long Telegram may repeat an answer. Short, because it can't be told that the library has changed."""
START = "inline"


def question(state: ChatState, query: InlineQuery) -> Question | None:
    text = query.query.strip()
    if not text:
        return None
    # One more than the page shows tells whether there is another page.
    return Question(text, k=_offset(query) + PAGE + 1, false_answers=state.false_answers)


def answered(state: ChatState, query: InlineQuery, answer: Answer | None) -> InlineAnswer:
    """`answer` None: nothing was typed yet."""
    said = words(spoken(state, query.user))
    key = f"{query.key}.0"
    if answer is None:
        return InlineAnswer(key, query.query_id, (), hint=said.say("inline.hint"), start=START)
    offset = _offset(query)
    if not answer.quotes and not offset:
        start = deep_link(answer.question.text) or START
        return InlineAnswer(key, query.query_id, (), "", CACHE_SECONDS, said.say("inline.none"), start)
    page = answer.quotes[offset : offset + PAGE]
    results = tuple(result for quote in page if (result := _result(quote, said)))
    if page and not results:
        start = deep_link(answer.question.text) or START
        return InlineAnswer(key, query.query_id, (), "", CACHE_SECONDS, said.say("inline.long"), start)
    following = offset + PAGE
    more = len(answer.quotes) > following and following < MOST
    return InlineAnswer(key, query.query_id, results, str(following) if more else "", CACHE_SECONDS)


def slowed(state: ChatState, query: InlineQuery) -> InlineAnswer:
    said = words(spoken(state, query.user))
    return InlineAnswer(f"{query.key}.0", query.query_id, (), hint=said.say("inline.slow"), start=START)


def _offset(query: InlineQuery) -> int:
    """An offset is what the last page gave out, or anything at all from a strange client."""
    asked = int(query.offset) if query.offset.isascii() and query.offset.isdecimal() else 0
    return min(asked, MOST)


def _result(quote: Quote, said: Words) -> InlineResult | None:
    """None for a quote too long for one message: what is picked here must be whole."""
    blocks = tuple(quote_blocks(quote, quote.before, (), said, gap=False))
    if layout.units(blocks) > text_limit():
        return None
    article = quote.article
    address = layout.web_address(article)
    keyboard = ((Button(said.say("button.source"), url=address),),) if address else ()
    about = " — ".join(
        part for part in (article.source, said.date(article.published) if article.published else None) if part
    )
    return InlineResult(
        id=str(quote.sentence.id),
        title=layout.cut(article.title, 100),
        description="\n".join(part for part in (about, layout.cut(quote.sentence.text, 200)) if part),
        content=Content(blocks, keyboard, tuple(layout.shows(quote, quote.before))),
        url=address,
    )
