"""How watches and a chat's rhythm look, with the buttons that change them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.conversation import layout
from bot.conversation.buttons import Verb
from bot.conversation.context import Context
from bot.reply import Block, Button, Content
from bot.watches.noise import zone
from bot.watches.watch import STRICTNESS, Every, Rhythm, Watch

ON_A_ROW = 5
MOST_LISTED = 40
HOURS = (7 * 60, 9 * 60, 18 * 60)
NIGHT = (22 * 60, 7 * 60)
PER_HOUR = (5, 10, 30)


def card(context: Context, watch: Watch, heading: str | None = None) -> Content:
    """One watch, with everything that can be done to it."""
    say = context.words.say
    blocks = [layout.line(heading)] if heading else []
    blocks.append(layout.line(f"🔔 {watch.question}", bold=True, gap=bool(heading)))
    blocks += [layout.line(text) for text in _said_of(context, watch)]
    first = [
        _act(context, watch, f"▶ {say('button.resume')}", "run")
        if watch.paused
        else _act(context, watch, f"⏸ {say('button.pause')}", "pause"),
        _act(context, watch, say("button.at_once"), "once")
        if watch.digest
        else _act(context, watch, say("button.digest"), "gather"),
    ]
    second = [_act(context, watch, say("button.looser"), "loose")] if watch.looser() else []
    second += [_act(context, watch, say("button.stricter"), "tight")] if watch.tighter() else []
    third = [
        _act(context, watch, say("button.preview"), "see"),
        _act(context, watch, f"🗑 {say('button.delete')}", "drop"),
    ]
    back = [_act(context, watch, f"‹ {say('button.all_watches')}", "list")]
    return Content(tuple(blocks), tuple(tuple(row) for row in (first, second, third, back) if row))


def deletion(context: Context, watch: Watch) -> Content:
    """Asks whether a watch is really to be deleted."""
    say = context.words.say
    row = (
        _act(context, watch, say("button.yes_delete"), "gone"),
        _act(context, watch, say("button.no"), "card"),
    )
    return Content((layout.line(say("watch.delete_question")), layout.line(f"🔔 {watch.question}", bold=True)), (row,))


def all_watches(context: Context, watches: Sequence[Watch], only: Collection[Watch] | None = None) -> Content:
    """The watches of a chat, numbered, a button for each. `only`: those of them that are listed, under the numbers that
    they have among all."""
    say = context.words.say
    if not watches:
        return Content((layout.line(say("watch.none", watch=context.command("watch"))),))
    numbered = [(n, watch) for n, watch in enumerate(watches, start=1) if only is None or watch in only]
    blocks = [layout.line(say("watch.list", n=len(numbered)), bold=True)]
    for number, watch in numbered[:MOST_LISTED]:
        marks = [say("watch.paused")] if watch.paused else []
        marks += [watch.title] if watch.title and watch.chat != context.chat.id else []
        told = f" ({', '.join(marks)})" if marks else ""
        blocks.append(layout.line(f"{number}. {layout.cut(watch.question, 80)}{told}"))
    buttons = [_act(context, watch, str(n), "card") for n, watch in numbered[:MOST_LISTED]]
    rows = tuple(tuple(buttons[at : at + ON_A_ROW]) for at in range(0, len(buttons), ON_A_ROW))
    return Content(tuple(blocks), rows)


def _act(context: Context, watch: Watch, label: str, act: str) -> Button:
    return context.button(label, Verb.WATCHING, watch.ref, act)


def _said_of(context: Context, watch: Watch) -> list[str]:
    say, filters = context.words.say, watch.filters
    lines = []
    if watch.title and watch.chat != context.chat.id:
        lines.append(say("watch.where", chat=watch.title))
    for name, values in (("langs", filters.langs), ("sources", filters.sources), ("must", filters.must)):
        if values:
            lines.append(say(f"watch.{name}", names=", ".join(values)))
    share = context.words.percent(watch.false_answers)
    lines.append(say("watch.share", value=share))
    if watch.paused:
        lines.append(say("watch.is_paused"))
    elif watch.digest:
        lines.append(say("watch.in_digest", digest=context.command("digest")))
    return lines


def nearest_share(share: float) -> float:
    """The strictness of a new watch, where a chat's own setting is of another scale."""
    return min(STRICTNESS, key=lambda one: abs(one - share))


def rhythm_panel(context: Context, rhythm: Rhythm) -> Content:
    """When a chat is disturbed, and how to change that."""
    say = context.words.say
    now = context.now.astimezone(zone(rhythm.zone))
    lines = [
        _when(context, rhythm),
        say("rhythm.zone", zone=rhythm.zone, now=f"{now:%H:%M}"),
        say("rhythm.quiet", start=clock(rhythm.quiet[0]), end=clock(rhythm.quiet[1]))
        if rhythm.quiet
        else say("rhythm.no_quiet"),
        say("rhythm.per_hour", n=rhythm.per_hour),
    ]
    blocks: list[Block] = [layout.line(say("rhythm.title"), bold=True), *map(layout.line, lines)]
    blocks.append(layout.line(usage(context), gap=True))
    return Content(tuple(blocks), _choices(context, rhythm))


def usage(context: Context) -> str:
    digest = context.command("digest")
    forms = ("daily 9:00", "weekly fri 18:00", "off", "quiet 22:00-7:00", "quiet off", "limit 5", "Europe/Kyiv")
    return f"{context.words.say('rhythm.usage')}\n" + "\n".join(f"{digest} {form}" for form in forms)


def chosen(rhythm: Rhythm, setting: str, value: str) -> Rhythm | None:
    """The rhythm with what a button of the panel chose, or None for a choice that is not offered."""
    match setting:
        case "every" if value in set(Every):
            return replace(rhythm, every=Every(value))
        case "at" if value in map(str, HOURS):
            return replace(rhythm, minute=int(value))
        case "quiet" if value in ("on", "off"):
            return replace(rhythm, quiet=NIGHT if value == "on" else None)
        case "hour" if value in map(str, PER_HOUR):
            return replace(rhythm, per_hour=int(value))
    return None


def _choices(context: Context, rhythm: Rhythm) -> tuple[tuple[Button, ...], ...]:
    say = context.words.say

    def choice(label: str, setting: str, value: str, is_set: bool) -> Button:
        return context.button(f"✓ {label}" if is_set else label, Verb.RHYTHM, setting, value)

    every = [choice(say(f"rhythm.button_{one}"), "every", one, one is rhythm.every) for one in Every]
    hours = [choice(clock(one), "at", str(one), one == rhythm.minute) for one in HOURS]
    quiet = [
        choice(f"🌙 {clock(NIGHT[0])}–{clock(NIGHT[1])}", "quiet", "on", rhythm.quiet == NIGHT),
        choice(say("rhythm.button_loud"), "quiet", "off", rhythm.quiet is None),
    ]
    many = [choice(say("rhythm.button_hour", n=one), "hour", str(one), one == rhythm.per_hour) for one in PER_HOUR]
    return tuple(every), tuple(hours), tuple(quiet), tuple(many)


def _when(context: Context, rhythm: Rhythm) -> str:
    say, at = context.words.say, clock(rhythm.minute)
    if rhythm.every is Every.WEEK:
        from babel.dates import get_day_names

        day = get_day_names("wide", locale=context.words.lang)[rhythm.weekday]
        return say("rhythm.weekly", day=day, at=at)
    return say("rhythm.daily", at=at) if rhythm.every is Every.DAY else say("rhythm.never")


def clock(minute: int) -> str:
    """Minutes after midnight as 9:00."""
    return f"{minute // 60}:{minute % 60:02d}"
