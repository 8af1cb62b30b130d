"""The commands beside /ask: greeting, help, sources, settings, forgetting. `librarian` has /add and /remove."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.conversation import layout, librarian, proving, speech, watching
from bot.conversation.buttons import Pressed, Verb, short
from bot.conversation.context import Context
from bot.conversation.intent import Order
from bot.conversation.setup import ALERTS, PROOFS
from bot.conversation.state import ChatState
from bot.conversation.turn import Forget, Turn
from bot.incoming import ChatKind, Press
from bot.incoming import Message as Said
from bot.reply import Block, Button, Content, Keyboard, Span, Toast
from bot.words import LANGUAGES, commands, words

EXAMPLES = 3
SOURCES_ON_A_PAGE = 8
RATES = (0.01, 0.05, 0.10)
COUNTS = (1, 2, 3, 5)
YES, NO = "yes", "no"
ON, OFF = "on", "off"


def ordered(context: Context, said: Said, order: Order) -> Turn:
    return _COMMANDS[order.name](context, said, order)


def _start(context: Context, said: Said, order: Order) -> Turn:
    if context.chat.is_shared:
        return speech.answer(context, said, speech.lines(group_greeting(context)))
    say = context.words.say
    examples = tuple(context.library.examples(EXAMPLES, context.words.lang))[:EXAMPLES]
    keyboard = tuple((context.button(text, Verb.EXAMPLE, short(text)),) for text in examples)
    blocks = speech.lines(say("start.greeting"), say("start.examples" if examples else "start.empty")).blocks
    return speech.answer(context, said, Content(blocks, keyboard), replace(context.state, examples=examples))


def group_greeting(context: Context) -> str:
    me = f"@{context.setup.username}"
    return context.words.say("start.group", ask=context.command("ask"), me=me)


def _help(context: Context, said: Said, order: Order) -> Turn:
    say, me = context.words.say, f"@{context.setup.username}"
    blocks = [layout.line(say("help.intro")), layout.line(say("help.ways"), bold=True, gap=True)]
    if not context.chat.is_shared:
        blocks.append(layout.line(f"• {say('help.private')}"))
    blocks.append(layout.line(f"• {say('help.group', ask=f'/ask{me}', me=me)}"))
    blocks.append(layout.line(f"• {say('help.inline', me=me)}"))
    blocks.append(layout.line(say("help.commands"), bold=True, gap=True))
    alerts = ALERTS in context.setup.features
    listed = commands(
        context.words.lang, context.chat.is_shared, context.is_librarian, alerts, PROOFS in context.setup.features
    )
    blocks += [layout.line(f"/{name} — {description}") for name, description in listed]
    return speech.answer(context, said, Content(tuple(blocks)))


def _sources(context: Context, said: Said, order: Order) -> Turn:
    return speech.answer(context, said, sources_content(context, 0))


def sources_content(context: Context, page: int) -> Content:
    """One page of the articles; a page past the end shows the last one."""
    articles = context.library.articles()
    if not articles:
        return speech.lines(context.words.say("sources.empty"))
    last = (len(articles) - 1) // SOURCES_ON_A_PAGE
    page = min(max(page, 0), last)
    first = page * SOURCES_ON_A_PAGE
    blocks = [layout.line(context.words.say("sources.title", n=len(articles)), bold=True)]
    for article in articles[first : first + SOURCES_ON_A_PAGE]:
        fitting = replace(article, title=layout.cut(article.title, 200))
        blocks.append(Block((Span("• "), *layout.cite(fitting, context.words))))
    return Content(tuple(blocks), _pager(context, page, last))


def _pager(context: Context, page: int, last: int) -> Keyboard:
    if not last:
        return ()
    row = [context.button(f"{page + 1} / {last + 1}", Verb.SOURCES, str(page))]
    if page:
        row.insert(0, context.button("‹", Verb.SOURCES, str(page - 1)))
    if page < last:
        row.append(context.button("›", Verb.SOURCES, str(page + 1)))
    return (tuple(row),)


def _settings(context: Context, said: Said, order: Order) -> Turn:
    if not context.may_settle:
        return speech.answer(context, said, speech.lines(context.words.say("settings.admins")))
    return speech.answer(context, said, settings_content(context))


def settings_content(context: Context) -> Content:
    say, state = context.words.say, context.state
    rate = context.setup.false_answers if state.false_answers is None else state.false_answers
    lang = words(state.lang).say("language.name") if state.lang else say("language.auto")
    blocks = (
        layout.line(say("settings.title"), bold=True),
        layout.line(say("settings.lang", value=lang), gap=True),
        layout.line(say("settings.rate", value=context.words.percent(rate))),
        layout.line(say("settings.count", value=state.per_answer)),
        *_of_corrections(context),
        *_of_posts(context),
    )

    def choice(label: str, name: str, value: str, chosen: bool) -> Button:
        return context.button(f"✓ {label}" if chosen else label, Verb.SETTING, name, value)

    auto = choice(say("language.auto"), "lang", "", state.lang is None)
    langs = [choice(words(one).say("language.name"), "lang", one, one == state.lang) for one in LANGUAGES]
    rates = [choice(f"≤ {context.words.percent(one)}", "rate", str(one), one == rate) for one in RATES]
    counts = [choice(str(one), "count", str(one), one == state.per_answer) for one in COUNTS]
    rows = [(auto,), tuple(langs[:2]), tuple(langs[2:]), tuple(rates), tuple(counts)]
    if PROOFS in context.setup.features:
        kept = ((say("settings.on"), ON, state.corrections), (say("settings.off"), OFF, not state.corrections))
        rows.append(tuple(choice(f"✎ {label}", "corrections", value, chosen) for label, value, chosen in kept))
    if context.chat.kind is ChatKind.CHANNEL:
        taken = state.posts_after is not None
        posts = ((say("settings.on"), ON, taken), (say("settings.off"), OFF, not taken))
        rows.append(tuple(choice(f"📥 {label}", "posts", value, chosen) for label, value, chosen in posts))
    return Content(blocks, tuple(rows))


def _of_corrections(context: Context) -> Iterator[Block]:
    if PROOFS in context.setup.features:
        say = context.words.say
        value = say("settings.on" if context.state.corrections else "settings.off")
        yield layout.line(say("settings.corrections", value=value))


def _of_posts(context: Context) -> Iterator[Block]:
    if context.chat.kind is ChatKind.CHANNEL:
        say = context.words.say
        value = say("settings.off" if context.state.posts_after is None else "settings.on")
        yield layout.line(f"📥 {say('settings.posts', value=value)}")


def with_setting(state: ChatState, button: Pressed, message_id: int | None = None) -> ChatState | None:
    """The state with what a settings button chose, or None for a choice that is not offered. `message_id`: of the
    panel; a channel's posts after it are articles where that is turned on."""
    match button.argument, button.value:
        case "lang", "":
            return replace(state, lang=None)
        case "lang", value if value in LANGUAGES:
            return replace(state, lang=value)
        case "rate", value if value in map(str, RATES):
            return replace(state, false_answers=float(value))
        case "count", value if value in map(str, COUNTS):
            return replace(state, per_answer=int(value))
        case "corrections", value if value in (ON, OFF):
            return replace(state, corrections=value == ON)
        case "posts", value if value in (ON, OFF):
            return replace(state, posts_after=message_id if value == ON else None)
    return None


def _forget(context: Context, said: Said, order: Order) -> Turn:
    say = context.words.say
    if not context.may_settle:
        return speech.answer(context, said, speech.lines(say("forget.admins")))
    owner = context.asker if said.user is not None else ""
    row = (
        context.button(say("button.yes_forget"), Verb.FORGET, YES, owner),
        context.button(say("button.no"), Verb.FORGET, NO, owner),
    )
    return speech.answer(context, said, Content(speech.lines(say("forget.question")).blocks, (row,)))


def forgotten(context: Context, press: Press, sure: bool, toast: Toast) -> Turn:
    content = speech.lines(context.words.say("forget.done" if sure else "forget.kept"))
    replies = (speech.edit(context, press, content), toast)
    return Turn(replies, ChatState(), (Forget(context.chat.id),)) if sure else Turn(replies, context.state)


_COMMANDS: dict[str, Callable[[Context, Said, Order], Turn]] = {
    "start": _start,
    "help": _help,
    "sources": _sources,
    "settings": _settings,
    "forget": _forget,
    "add": librarian.add,
    "remove": librarian.remove,
    "watch": watching.watch,
    "watches": watching.watches,
    "unwatch": watching.unwatch,
    "digest": watching.digest,
    "proof": proving.proof,
}
