"""Buttons. Each is looked up again when it is pressed: what it belongs to, whose it is, and whether they may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.conversation import alert_presses, asking, commands, librarian, proving, speech, watching
from bot.conversation.buttons import Pressed, Verb
from bot.conversation.context import Context
from bot.conversation.setup import ALERTS, PROOFS
from bot.conversation.state import Given
from bot.conversation.turn import Judged, Turn
from bot.incoming import Press
from bot.reply import Buttons, Toast


def pressed(context: Context, press: Press, button: Pressed) -> Turn:
    """What a button does, and the toast that stops its clock."""
    if button.verb in _ON_WATCHES and ALERTS not in context.setup.features:
        return toast(context, press, "toast.old")
    if button.verb in _ON_PROOFS and PROOFS not in context.setup.features:
        return toast(context, press, "toast.old")
    if button.verb in _ON_ANSWERS:
        given = context.state.given(button.argument)
        return _ON_ANSWERS[button.verb](context, press, given, button) if given else toast(context, press, "toast.old")
    if button.verb in _ON_CHAT:
        return _ON_CHAT[button.verb](context, press, button)
    return toast(context, press, "toast.old")


def toast(context: Context, press: Press, word: str = "") -> Turn:
    return Turn((_toast(context, press, word),), context.state)


def _toast(context: Context, press: Press, word: str = "") -> Toast:
    return Toast(f"{press.key}.toast", press.query_id, context.words.say(word) if word else "")


def _owns(context: Context, given: Given) -> bool:
    """Whoever asked; the administrators where a channel or an anonymous administrator did."""
    return given.asker == context.asker or (given.asker.startswith("c") and context.may_settle)


def _turned(context: Context, press: Press, given: Given, button: Pressed) -> Turn:
    """Another sheet of an answer, or the sentences around it shown or hidden: the message is edited."""
    if not _owns(context, given):
        return toast(context, press, "toast.foreign" if given.asker.startswith("u") else "toast.admins")
    if button.verb == Verb.CONTEXT:
        changed = replace(given, context=not given.context)
    else:
        changed = replace(given, sheet=min(int(button.value), asking.sheets(given) - 1), context=False)
    replies, changed = asking.place(context, changed, asking.sheet(context, changed))
    return Turn((*replies, _toast(context, press)), context.state.with_given(changed))


def _judged(context: Context, press: Press, given: Given, button: Pressed) -> Turn:
    """A thumb: the same one again takes it back. Everyone in the chat has one."""
    vote = 1 if button.verb == Verb.USEFUL else -1
    kept = {asker: cast for asker, cast in given.votes.items() if asker != context.asker}
    taken_back = given.votes.get(context.asker) == vote
    changed = replace(given, votes=kept if taken_back else {**kept, context.asker: vote})
    target = press.message_id or given.keys[-1]
    effect = Judged(
        chat=context.chat.id,
        user=press.user.id,
        sentence=given.answers[given.starts[min(given.sheet, len(given.starts) - 1)]].sentence,
        question=given.stands_alone if given.asker == context.asker else None,
        useful=None if taken_back else vote > 0,
        at=context.now,
    )
    replies = (
        Buttons(context.key(), context.chat.id, target, asking.keyboard(context, changed)),
        _toast(context, press, "toast.taken_back" if taken_back else "toast.thanks"),
    )
    return Turn(replies, context.state.with_given(changed), (effect,))


def _settings(context: Context, press: Press, button: Pressed) -> Turn:
    if not context.may_settle:
        return toast(context, press, "toast.admins")
    state = commands.with_setting(context.state, button, press.message_id)
    if state is None:
        return toast(context, press, "toast.old")
    changed = replace(context, state=state)
    edit = speech.edit(changed, press, commands.settings_content(changed))
    return Turn((edit, _toast(changed, press, "toast.saved")), state)


def _sources(context: Context, press: Press, button: Pressed) -> Turn:
    content = commands.sources_content(context, int(button.argument))
    return Turn((speech.edit(context, press, content), _toast(context, press)), context.state)


def _forget(context: Context, press: Press, button: Pressed) -> Turn:
    if not context.may_settle:
        return toast(context, press, "toast.admins")
    if not context.chat.is_shared or button.value in ("", context.asker):
        return commands.forgotten(context, press, button.argument == commands.YES, _toast(context, press))
    return toast(context, press, "toast.foreign")


def _remove(context: Context, press: Press, button: Pressed) -> Turn:
    pending = next((one for one in context.state.pending if one.ref == button.argument), None)
    if pending is None:
        return toast(context, press, "toast.old")
    if not context.is_librarian or pending.asker != context.asker:
        return toast(context, press, "toast.foreign")
    return librarian.decided(context, press, pending, button.value, _toast(context, press))


_ON_ANSWERS: dict[str, Callable[[Context, Press, Given, Pressed], Turn]] = {
    Verb.CONTEXT: _turned,
    Verb.SHEET: _turned,
    Verb.USEFUL: _judged,
    Verb.USELESS: _judged,
    Verb.WATCH: watching.bell,
}
_ON_WATCHES = frozenset({Verb.WATCH, Verb.WATCHING, Verb.ALERT, Verb.DIGEST, Verb.RHYTHM})
_ON_PROOFS = frozenset({Verb.PROOF, Verb.RECHECK})
_ON_CHAT: dict[str, Callable[[Context, Press, Pressed], Turn]] = {
    Verb.SETTING: _settings,
    Verb.SOURCES: _sources,
    Verb.FORGET: _forget,
    Verb.REMOVE: _remove,
    Verb.PROOF: proving.pressed,
    Verb.RECHECK: proving.recheck,
    Verb.WATCHING: watching.watch_pressed,
    Verb.ALERT: alert_presses.alert_pressed,
    Verb.DIGEST: alert_presses.digest_pressed,
    Verb.RHYTHM: watching.rhythm_pressed,
}
