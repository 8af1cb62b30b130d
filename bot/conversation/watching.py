"""/watch, /watches, /unwatch, /digest and the bell: leaving standing questions, and looking after them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.conversation import alerting, layout, speech, watch_cards
from bot.conversation.buttons import Pressed
from bot.conversation.context import Context
from bot.conversation.intent import Order
from bot.conversation.state import Given
from bot.conversation.turn import Turn
from bot.conversation.watchbook import Watchbook
from bot.incoming import Channel, Press
from bot.incoming import Message as Said
from bot.reply import Content, Message, Toast
from bot.watches import request
from bot.watches.alert import AddWatch, ChangeWatch, Declined, RemoveWatch, SetRhythm
from bot.watches.watch import Filters, Watch
from bot.words import words

PREVIEWED = 5
QUOTED = 80
"""Characters that are repeated of what was not understood."""
TOAST = 200
"""Characters that a toast can show: core.telegram.org/bots/api#answercallbackquery."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a watch is not taken, in one line. `kind`: as `Declined.reason` has it."""

    reason: str
    kind: str = "channel"


def watch(context: Context, said: Said, order: Order) -> Turn:
    """/watch [@channel] question [lang:… source:… with:…]"""
    say = context.words.say
    if not context.may_settle:
        return _line(context, said, say("watch.admins"))
    asked = request.read(order.rest)
    target = _target(context, said, asked.channel)
    if isinstance(target, Refused):
        return _declined(context, said, target)
    earlier = said.reply_to
    question = asked.question or (earlier.text.strip() if earlier and not earlier.from_self else "")
    if not question:
        return _line(context, said, say("watch.usage", watch=context.command("watch")))
    limit = context.setup.limits.question_length
    if len(question) > limit:
        return _line(context, said, say("ask.too_long", limit=limit))
    made = _made(context, question, asked.filters, target, context.chat.topic)
    refusal = refused(context, made)
    if refusal is not None:
        return _declined(context, said, refusal)
    content = watch_cards.card(context, made, say("watch.begun"))
    return speech.answer(context, said, content, effects=(AddWatch(made),))


def bell(context: Context, press: Press, given: Given, button: Pressed) -> Turn:
    """The bell under an answer: its question stands from now on."""
    if not context.may_settle:
        return _toast(context, press, "toast.admins")
    made = _made(context, given.stands_alone, Filters(), None, given.topic)
    refusal = refused(context, made)
    if refusal is not None:
        text = layout.cut(refusal.reason, TOAST)
        toast = Toast(f"{press.key}.toast", press.query_id, text, alert=True)
        return Turn((toast,), context.state, (Declined(refusal.kind),))
    content = watch_cards.card(context, made, context.words.say("watch.begun"))
    message = Message(context.key(), context.chat.id, content, given.topic)
    return Turn((message, _stop(context, press)), context.state, (AddWatch(made),))


def _made(context: Context, question: str, filters: Filters, target: Channel | None, topic: int | None) -> Watch:
    user = context.event.user
    chosen = context.state.false_answers
    return Watch(
        ref=context.ref("watch"),
        chat=target.id if target else context.chat.id,
        topic=0 if target else topic or 0,
        question=question,
        lang=context.words.lang,
        owner=user.id if user else 0,
        since=context.watchbook.version,
        created_at=context.now.timestamp(),
        filters=filters,
        false_answers=watch_cards.nearest_share(context.setup.false_answers if chosen is None else chosen),
        title=target.title if target else None,
    )


def _target(context: Context, said: Said, username: str | None) -> Channel | Refused | None:
    """The channel that a watch is for, None for the chat it was said in."""
    say = context.words.say
    if username is None:
        return None
    if context.chat.is_shared:
        return Refused(say("watch.channel_in_private"))
    channel = said.channel
    if channel is None:
        return Refused(say("watch.channel_unknown", channel=f"@{username}"))
    if not channel.is_admin:
        return Refused(say("watch.channel_admins", channel=f"@{username}"))
    if not channel.may_post:
        return Refused(say("watch.channel_posting", channel=f"@{username}"))
    return channel


def refused(context: Context, made: Watch) -> Refused | None:
    """Why a watch can't be taken: there is one like it, there are too many, or it would fire too often."""
    say, book, limits = context.words.say, context.watchbook, context.setup.watches
    like = (made.question.casefold(), made.filters, made.topic)
    if any((one.question.casefold(), one.filters, one.topic) == like for one in _in_chat(book, made.chat)):
        return Refused(say("watch.known", watches=context.command("watches")), "known")
    if book.count(made.chat) >= limits.per_chat:
        return Refused(say("watch.too_many", n=limits.per_chat, unwatch=context.command("unwatch")), "too_many")
    if book.count() >= limits.in_all:
        return Refused(say("watch.full"), "full")
    fired = len(book.rehearse(made, context.now))
    return Refused(say("watch.too_often", n=fired), "too_often") if fired > limits.per_week else None


def _in_chat(book: Watchbook, chat: int) -> list[Watch]:
    return [one for one in book.of_chat(chat) if one.chat == chat]


def watches(context: Context, said: Said, order: Order) -> Turn:
    """/watches"""
    if not context.may_settle:
        return _line(context, said, context.words.say("watch.admins"))
    return speech.answer(context, said, watch_cards.all_watches(context, context.watchbook.of_chat(context.chat.id)))


def unwatch(context: Context, said: Said, order: Order) -> Turn:
    """/unwatch NUMBER, or words of the question, or `all`; without any, the list."""
    say = context.words.say
    if not context.may_settle:
        return _line(context, said, say("watch.admins"))
    there = context.watchbook.of_chat(context.chat.id)
    chosen = _chosen(there, order.rest)
    if not chosen or (len(chosen) > 1 and order.rest.lower() != "all"):
        return speech.answer(context, said, watch_cards.all_watches(context, there, chosen or None))
    gone = tuple(RemoveWatch(one.ref) for one in chosen)
    names = "; ".join(layout.cut(one.question, 200) for one in chosen[:PREVIEWED])
    content = speech.lines(say("watch.gone", names=names))
    return speech.answer(context, said, content, effects=gone)


def _chosen(there: list[Watch], rest: str) -> list[Watch]:
    if rest.lower() == "all":
        return there
    if rest.isascii() and rest.isdigit():
        return there[int(rest) - 1 : int(rest)] if int(rest) else []
    parts = rest.casefold().split()
    return [one for one in there if parts and all(part in one.question.casefold() for part in parts)]


def digest(context: Context, said: Said, order: Order) -> Turn:
    """/digest, with what is to change or without."""
    if not context.may_settle:
        return _line(context, said, context.words.say("watch.admins"))
    rhythm = context.watchbook.rhythm(context.chat.id)
    made = request.rhythm(order.rest, rhythm)
    if isinstance(made, request.Unclear):
        unclear = context.words.say("rhythm.unclear", words=layout.cut(made.words, QUOTED))
        return speech.answer(context, said, speech.lines(unclear, watch_cards.usage(context)))
    effects = (SetRhythm(context.chat.id, made),) if made != rhythm else ()
    return speech.answer(context, said, watch_cards.rhythm_panel(context, made), effects=effects)


def rhythm_pressed(context: Context, press: Press, button: Pressed) -> Turn:
    """A choice of the panel."""
    if not context.may_settle:
        return _toast(context, press, "toast.admins")
    made = watch_cards.chosen(context.watchbook.rhythm(context.chat.id), button.argument, button.value)
    if made is None:
        return _toast(context, press, "toast.old")
    edit = speech.edit(context, press, watch_cards.rhythm_panel(context, made))
    toast = Toast(f"{press.key}.toast", press.query_id, context.words.say("toast.saved"))
    return Turn((edit, toast), context.state, (SetRhythm(context.chat.id, made),))


def watch_pressed(context: Context, press: Press, button: Pressed) -> Turn:
    """A button of a watch's card, of the list, or of an alert."""
    found = context.watchbook.get(button.argument)
    there = context.watchbook.of_chat(context.chat.id)
    if button.value == "list":
        return _edited(context, press, watch_cards.all_watches(context, there))
    if found is None:
        return _toast(context, press, "toast.watch_gone")
    if not _may_change(context, found):
        return _toast(context, press, "toast.admins")
    return _acted(context, press, found, button.value)


def _may_change(context: Context, found: Watch) -> bool:
    """Its chat's administrators, and whoever left it: who lost a channel can still take their watch out of it."""
    mine = context.event.user is not None and context.event.user.id == found.owner
    return mine or (found.chat == context.chat.id and context.may_settle)


def _acted(context: Context, press: Press, found: Watch, act: str) -> Turn:
    match act:
        case "card":
            return _edited(context, press, watch_cards.card(context, found))
        case "open":
            message = Message(context.key(), context.chat.id, watch_cards.card(context, found), context.chat.topic)
            return Turn((message, _stop(context, press)), context.state)
        case "halt":
            # Under an alert the message stays as it is: it is a quote, not a card.
            pause = ChangeWatch(found.ref, "paused", True)
            said = context.words.say("toast.paused", watches=context.command("watches"))
            return Turn((Toast(f"{press.key}.toast", press.query_id, said),), context.state, (pause,))
        case "see":
            message = Message(context.key(), context.chat.id, preview(context, found), context.chat.topic)
            return Turn((message, _stop(context, press)), context.state)
        case "drop":
            return _edited(context, press, watch_cards.deletion(context, found))
        case "gone":
            content = speech.lines(context.words.say("watch.gone", names=found.question))
            turn = _edited(context, press, content)
            return replace(turn, effects=(RemoveWatch(found.ref),))
    return _changed(context, press, found, act)


def _changed(context: Context, press: Press, found: Watch, act: str) -> Turn:
    """A setting of the watch itself, shown on its card at once."""
    changes: dict[str, tuple[str, float | bool | None]] = {
        "pause": ("paused", True),
        "run": ("paused", False),
        "gather": ("digest", True),
        "once": ("digest", False),
        "loose": ("false_answers", found.looser()),
        "tight": ("false_answers", found.tighter()),
    }
    setting, value = changes.get(act, ("", None))
    if value is None:
        return _toast(context, press, "toast.old")
    made = replace(found, **{setting: value})  # type: ignore[arg-type]
    effects = [ChangeWatch(found.ref, setting, value)]
    if act == "run":
        # What came while it was paused is not new to it.
        effects.append(ChangeWatch(found.ref, "since", context.watchbook.version))
    turn = _edited(context, press, watch_cards.card(context, made), "toast.saved")
    return replace(turn, effects=tuple(effects))


def preview(context: Context, found: Watch) -> Content:
    """The last that it would have sent in the week before."""
    quotes = context.watchbook.rehearse(found, context.now)
    if not quotes:
        return speech.lines(context.words.say("watch.preview_none"))
    last = [alerting.Found(found, quote) for quote in quotes[-PREVIEWED:]]
    heading = context.words.say("watch.preview", n=len(last), all=len(quotes))
    return alerting.listed(last, heading, words(found.lang).lang)


def _line(context: Context, said: Said, text: str) -> Turn:
    return speech.answer(context, said, speech.lines(text))


def _declined(context: Context, said: Said, refusal: Refused) -> Turn:
    return speech.answer(context, said, speech.lines(refusal.reason), effects=(Declined(refusal.kind),))


def _stop(context: Context, press: Press, word: str = "") -> Toast:
    return Toast(f"{press.key}.toast", press.query_id, context.words.say(word) if word else "")


def _toast(context: Context, press: Press, word: str) -> Turn:
    return Turn((_stop(context, press, word),), context.state)


def _edited(context: Context, press: Press, content: Content, word: str = "") -> Turn:
    return Turn((speech.edit(context, press, content), _stop(context, press, word)), context.state)
