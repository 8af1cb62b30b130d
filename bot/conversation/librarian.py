"""/add and /remove, for PULLQUOTE_ADMINS. The work itself is an effect; its progress is told by editing one message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from bot.conversation import layout, proving, publishing, speech
from bot.conversation.buttons import Verb
from bot.conversation.context import Context
from bot.conversation.intent import Order
from bot.conversation.state import ChatState, Given, Pending
from bot.conversation.turn import (
    AddFile,
    Adding,
    AddLink,
    Done,
    Failed,
    Job,
    Reading,
    Rechecked,
    Remove,
    Removed,
    Step,
    Turn,
)
from bot.incoming import ChatKind, Earlier, Press
from bot.incoming import Message as Said
from bot.reply import Block, Content, Edit, Toast
from bot.words import Words, words
from index.article import Article
from index.errors import NotFound

OFFERED = 5
"""This many articles are offered where the words of a /remove fit several."""
PICK, YES, NO = "pick", "yes", "no"


def add(context: Context, said: Said, order: Order) -> Turn:
    if not context.is_librarian:
        return _not_a_librarian(context, said, order)
    say = context.words.say
    job = Job(context.event.key, context.chat.id, context.key(), context.words.lang)
    if said.file is not None:
        queued = speech.lines(say("library.queued", name=layout.cut(said.file.name, 200)))
        return speech.answer(context, said, queued, effects=(AddFile(job, said.file.id, said.file.name),))
    link = order.rest or (said.reply_to.text.strip() if said.reply_to else "")
    if not link:
        return speech.answer(context, said, speech.lines(say("library.add_usage", add=context.command("add"))))
    if not _is_link(link):
        return speech.answer(context, said, speech.lines(say("library.not_link")))
    queued = speech.lines(say("library.queued", name=layout.cut(link, 200)))
    return speech.answer(context, said, queued, effects=(AddLink(job, link),))


def remove(context: Context, said: Said, order: Order) -> Turn:
    post = _own_post(context, said)
    if post is not None:
        return _withdrawn(context, said, post)
    if not context.is_librarian:
        return _not_a_librarian(context, said, order)
    say = context.words.say
    given = context.state.given_under(said.reply_to.key) if said.reply_to else None
    if given is None and not order.rest:
        return speech.answer(context, said, speech.lines(say("library.remove_usage", remove=context.command("remove"))))
    articles = _titled(context, order.rest) if order.rest or given is None else _quoted(context, given)
    if not articles:
        none = say("library.remove_none", sources=context.command("sources"))
        return speech.answer(context, said, speech.lines(none))
    state, pending = _pending(context, articles[:OFFERED])
    if len(pending) == 1:
        return speech.answer(context, said, _question(context, articles[0], pending[0]), state)
    rows = tuple(
        (context.button(layout.cut(article.title, 60), Verb.REMOVE, one.ref, PICK),)
        for article, one in zip(articles, pending, strict=False)
    )
    return speech.answer(context, said, Content(speech.lines(say("library.remove_which")).blocks, rows), state)


def _own_post(context: Context, said: Said) -> Earlier | None:
    """The post that a channel itself takes back: whoever may post there replies to it with /remove."""
    taken = context.chat.kind is ChatKind.CHANNEL and context.state.posts_after is not None
    return said.reply_to if taken and said.reply_to is not None and not said.reply_to.from_self else None


def _withdrawn(context: Context, said: Said, post: Earlier) -> Turn:
    job = Job(context.event.key, context.chat.id, context.key(), context.words.lang)
    title = layout.cut(" ".join(post.text.split()), 100)
    removing = speech.lines(context.words.say("library.removing", title=title))
    article = publishing.article_of(context.chat.id, post.message_id)
    return speech.answer(context, said, removing, effects=(Remove(job, article),))


def decided(context: Context, press: Press, pending: Pending, choice: str, toast: Toast) -> Turn:
    """A button under the question which article to remove, or whether to."""
    say = context.words.say
    try:
        article = context.library.article(pending.article)
    except NotFound:
        gone = speech.edit(context, press, speech.lines(say("answer.withdrawn")))
        return Turn((gone, toast), _settled(context.state, pending))
    if choice == PICK:
        return Turn((speech.edit(context, press, _question(context, article, pending)), toast), context.state)
    state = _settled(context.state, pending)
    if choice == NO:
        return Turn((speech.edit(context, press, speech.lines(say("library.remove_kept"))), toast), state)
    removing = say("library.removing", title=layout.cut(article.title, 300))
    job = Job(press.key, context.chat.id, pending.key, context.words.lang)
    edit = speech.edit(context, press, speech.lines(removing))
    return Turn((edit, toast), state, (Remove(job, article.id),))


def progress(job: Job, step: Step, number: int) -> Edit:
    """The message of a job, telling how far it is. `number` counts the edits of one job from 0."""
    if isinstance(step, Rechecked):
        return Edit(f"{job.key}.p{number}", job.chat, job.message, proving.today(step.revision, words(job.lang)))
    text = "\n".join(_told(step, words(job.lang)))
    return Edit(f"{job.key}.p{number}", job.chat, job.message, speech.lines(layout.cut(text, 1000)))


def _told(step: Step, said: Words) -> Iterable[str]:
    match step:
        case Reading(name):
            yield said.say("library.reading", name=layout.cut(name, 200))
        case Adding(done, 0):
            yield said.say("library.adding", done=done)
        case Adding(done, total):
            yield said.say("library.adding_of", done=done, total=total)
        case Removed(title):
            yield said.say("library.removed", title=title)
        case Failed(reason):
            yield said.say("library.failed", reason=reason)
        case Done():
            yield from _counted(step, said)


def _counted(done: Done, said: Words) -> Iterable[str]:
    counts = {name: getattr(done, name) for name in ("added", "changed", "unchanged", "refused")}
    named = [name for name, count in counts.items() if count]
    if not named:
        yield said.say("library.nothing")
    elif done.title is not None and sum(counts.values()) == 1 and named[0] != "refused":
        yield said.say(f"library.{named[0]}_one", title=done.title)
    else:
        yield ", ".join(said.say(f"library.{name}", n=counts[name]) for name in named)
    yield from (reason for reason in done.reasons)


def _not_a_librarian(context: Context, said: Said, order: Order) -> Turn:
    """In a group an unaddressed /add may be another bot's command: silence."""
    if not order.addressed:
        return Turn((), context.state)
    return speech.answer(context, said, speech.lines(context.words.say("library.admins")))


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, text))


def _titled(context: Context, wanted: str) -> list[Article]:
    """The article of that id or title, or those whose titles hold every word."""
    articles = context.library.articles()
    exact = [article for article in articles if wanted in (article.id, article.title)]
    parts = wanted.casefold().split()
    return exact or [article for article in articles if all(part in article.title.casefold() for part in parts)]


def _quoted(context: Context, given: Given) -> list[Article]:
    """The articles that an answer quotes, as far as they are still there."""
    library, found = context.library, {}
    for kept in given.answers or given.nearest:
        try:
            article = library.article(library.sentence(kept.sentence).article)
        except NotFound:
            continue
        found[article.id] = article
    return list(found.values())


def _pending(context: Context, articles: list[Article]) -> tuple[ChatState, list[Pending]]:
    pending = [Pending(context.ref(article.id), context.key(), context.asker, article.id) for article in articles]
    return context.state.with_pending(*pending), pending


def _settled(state: ChatState, pending: Pending) -> ChatState:
    return replace(state, pending=tuple(one for one in state.pending if one.key != pending.key))


def _question(context: Context, article: Article, pending: Pending) -> Content:
    say = context.words.say
    row = (
        context.button(say("button.yes_remove"), Verb.REMOVE, pending.ref, YES),
        context.button(say("button.no"), Verb.REMOVE, pending.ref, NO),
    )
    fitting = replace(article, title=layout.cut(article.title, 300))
    blocks = (layout.line(say("library.remove_question")), Block(layout.cite(fitting, context.words)))
    return Content(blocks, (row,))
