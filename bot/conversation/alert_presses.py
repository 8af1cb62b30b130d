"""Buttons under alerts and digests: context, thumbs, pages."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation import alerting, asking, retelling, speech
from bot.conversation.buttons import Pressed
from bot.conversation.context import Context
from bot.conversation.turn import Judged, Turn
from bot.incoming import Press
from bot.reply import Toast
from bot.watches.alert import Alert, Dislike
from bot.watches.watch import Watch
from bot.words import words
from index.article import SentenceId
from index.errors import NotFound


def alert_pressed(context: Context, press: Press, button: Pressed) -> Turn:
    """📖, 👍 or 👎 under an alert."""
    act, sentence = button.value[:1], SentenceId(int(button.value[1:]))
    watch = context.watchbook.get(button.argument)
    alert = context.watchbook.alert(button.argument, sentence)
    if watch is None or alert is None:
        return _said(context, press, "toast.watch_gone" if watch is None else "toast.old")
    if act in (alerting.CONTEXT, alerting.PLAIN):
        return _turned(context, press, watch, alert, act == alerting.CONTEXT)
    return _judged(context, press, watch, alert, act == alerting.USEFUL)


def _turned(context: Context, press: Press, watch: Watch, alert: Alert, in_context: bool) -> Turn:
    """The sentences around it, shown or hidden."""
    try:
        found = retelling.retold(context.library, watch, alert, words(watch.lang))
    except NotFound:
        return _said(context, press, "toast.withdrawn")
    around = asking.neighbours(context.library, found.quote) if in_context else None
    content = alerting.alert(context.setup, watch, found.quote, around, found.note, alert.sentence)[-1]
    return Turn((speech.edit(context, press, content), _toast(context, press, "")), context.state)


def _judged(context: Context, press: Press, watch: Watch, alert: Alert, useful: bool) -> Turn:
    """👍 loosens nothing; 👎 of one who may change the watch makes it stricter, once for each alert."""
    own = press.user.id == watch.owner
    judged = Judged(
        context.chat.id, press.user.id, alert.sentence, watch.question if own else None, useful, context.now
    )
    stricter = watch.tighter()
    if useful or alert.disliked or not (own or context.may_settle):
        return replace(_said(context, press, "toast.thanks"), effects=(judged,))
    if stricter is None:
        return replace(_said(context, press, "toast.strictest"), effects=(judged,))
    text = context.words.say("toast.stricter", value=context.words.percent(stricter))
    dislike = Dislike(watch.ref, alert.sentence, stricter)
    return Turn((Toast(f"{press.key}.toast", press.query_id, text),), context.state, (judged, dislike))


def digest_pressed(context: Context, press: Press, button: Pressed) -> Turn:
    """Another page of a digest."""
    sentence, round, page = map(int, button.value.split("."))
    listed = context.watchbook.digest(f"digest.{button.argument}.{sentence}.{round}")
    if not listed:
        return _said(context, press, "toast.old")
    lang = listed[0][0].lang
    found, gone = retelling.digested(context.library, listed, words(lang))
    if not found:
        return _said(context, press, "toast.old")
    first = replace(listed[0][1], watch=button.argument, sentence=SentenceId(sentence), round=round)
    notes = retelling.dropped(gone, words(lang))
    content = alerting.digest(context.setup, first, found, page, notes, lang)
    return Turn((speech.edit(context, press, content), _toast(context, press, "")), context.state)


def _toast(context: Context, press: Press, word: str) -> Toast:
    return Toast(f"{press.key}.toast", press.query_id, context.words.say(word) if word else "")


def _said(context: Context, press: Press, word: str) -> Turn:
    return Turn((_toast(context, press, word),), context.state)
