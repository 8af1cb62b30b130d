"""`pullquote chat`: the bot in a terminal. What is drawn is what Telegram would show; buttons are numbered choices.

A line is said; a number presses that button; a line that begins with `> ` is an event as scripts have them, so that
other people can join in (`> Olha replies to #1: and in winter?`). Ctrl-D ends the chat.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from bot import script, transcript
from bot.conversation.setup import ALERTS, PROOFS
from bot.incoming import Chat, ChatKind
from bot.render import terminal
from bot.reply import Buttons, Edit, InlineAnswer, Message, Reply
from bot.script import Cast, Event, Person, ScriptError
from bot.stage import Seen, Stage, StageLibrary
from bot.words import commands
from index.settings import LibrarySettings
from index.surrogates import without_surrogates

if TYPE_CHECKING:
    from rich.console import Console

KINDS = {"private": ChatKind.PRIVATE, "group": ChatKind.SUPERGROUP, "channel": ChatKind.CHANNEL}
ROLES = frozenset({"administrator", "librarian"})
HISTORY = "chat-history"


def run(
    library: StageLibrary,
    settings: LibrarySettings,
    as_kind: str = "private",
    user: str = "You",
    lang: str = "en",
    record: Path | None = None,
) -> None:
    """Talks with a person until they leave. With `record`, the chat is written as a script that replays.

    Raises ScriptError for a kind of chat that there is not, or a name that a script can't hold.
    """
    from rich.console import Console

    talk = Talk(Stage(library, cast(settings, as_kind, user, lang)), Console(), time.monotonic, record)
    typed = _prompted(settings, lang, user) if sys.stdin.isatty() else _piped()
    talk.hold(typed)


def cast(settings: LibrarySettings, as_kind: str, user: str, lang: str, now: datetime | None = None) -> Cast:
    """A chat with one person in it, who may do everything that a bot can be asked for."""
    if as_kind not in KINDS:
        raise ScriptError(f"There is no chat of the kind {as_kind}; there are {', '.join(KINDS)}.")
    if not user.replace(" ", "").isalnum():
        raise ScriptError("A name in a script has letters, digits and spaces only; choose another with --user.")
    person = Person(user, script.FIRST_PERSON, lang, ROLES)
    kind = KINDS[as_kind]
    id, title = (person.id, None) if kind is ChatKind.PRIVATE else (script.FIRST_GROUP, "Terminal")
    time = (now or datetime.now(UTC)).replace(microsecond=0)
    return Cast(
        "A chat in the terminal.",
        (Chat(id, kind, title),),
        (person,),
        time,
        frozenset({ALERTS, PROOFS}),
        false_answers=settings.false_answers,
    )


class Talk:
    """One chat at a terminal: lines in, drawings out, and the transcript so far."""

    def __init__(self, stage: Stage, console: Console, clock: Callable[[], float], record: Path | None = None) -> None:
        self.stage = stage
        self.console = console
        self.choices: list[tuple[Seen, str, str | None]] = []
        self._clock = clock
        self._last = clock()
        self._record = record
        self._paragraphs: list[str] = []

    def hold(self, typed: Iterable[str]) -> None:
        """Plays each line; a line that can't be read is explained and costs nothing."""
        for line in map(without_surrogates, typed):
            if not line.strip():
                continue
            try:
                event = self._event(line)
                if event is not None:
                    self._let_time_pass()
                    self._play(event)
            except ScriptError as error:
                self.console.print(str(error), style="red", markup=False)

    def _event(self, line: str) -> Event | None:
        user = self.stage.cast.people[0].name
        if line.startswith("> "):
            event = script.event(line[2:])
            if event.who and self.stage.cast.person(event.who) is None:
                self.stage.cast = script.joined(self.stage.cast, event.who)
            return event
        if line.isdecimal() and 0 < int(line) <= len(self.choices):
            seen, label, url = self.choices[int(line) - 1]
            if url is None:
                return script.event(f"{user} presses {label} under #{seen.number}")
            self.console.print(url, style="cyan", markup=False)
            return None
        return script.event(f"{user}: {script.as_typed(line)}")

    def _let_time_pass(self) -> None:
        """Whole seconds only, so that a replay sees the very same clock."""
        passed = int(self._clock() - self._last)
        if passed > 0:
            self._last += passed
            self._play(script.event(f"{passed} second{'s' * (passed > 1)} pass{'es' * (passed == 1)}"))

    def _play(self, event: Event) -> None:
        standing = dict(self.stage.seen)
        turn = self.stage.play(event)
        lines = list(transcript.said(event))
        if turn is not None:
            lines += transcript.answered(self.stage, turn, event, standing)
            self._draw(turn.replies, event, standing)
            for effect in turn.effects:
                self.console.print(f"a server would now {transcript.done(effect)}", style="yellow", markup=False)
        self._paragraphs.append("\n".join(lines))
        if self._record is not None:
            head = script.head(self.stage.cast)
            self._record.write_text(head + "".join(f"\n{one}\n" for one in self._paragraphs), encoding="utf-8")

    def _draw(self, replies: Iterable[Reply], event: Event, standing: dict[int, Seen]) -> None:
        drawn = [reply for reply in replies if isinstance(reply, Message | Edit | Buttons)]
        if drawn:
            self.choices = []
        for reply in replies:
            if isinstance(reply, Message | Edit | Buttons):
                target = reply.key if isinstance(reply, Message) else reply.target
                seen = self.stage.own(reply.chat, target)
                if seen is not None:
                    self._draw_message(seen, edited=not isinstance(reply, Message))
            elif isinstance(reply, InlineAnswer):
                self.console.print("\n".join(terminal.inline(reply)), markup=False)
            else:
                told = "\n".join(transcript.told(self.stage, reply, event, standing))
                if told:
                    self.console.print(told, style="dim italic", markup=False)

    def _draw_message(self, seen: Seen, edited: bool) -> None:
        self.console.print(f"#{seen.number}{' (edited)' if edited else ''}", style="dim")
        self.console.print(terminal.drawn(seen.content, len(self.choices) + 1))
        self.choices += [(seen, button.label, button.url) for button in seen.buttons]


def _piped() -> Iterator[str]:
    """Lines of a script or a file; bytes that are no text cost their characters, not the chat."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    for line in sys.stdin:
        yield line.rstrip("\n")


def _prompted(settings: LibrarySettings, lang: str, user: str) -> Iterator[str]:
    """Lines from a person, with what they typed in earlier chats to go back to and commands to complete."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory

    settings.data.mkdir(parents=True, exist_ok=True)
    menu = {f"/{name}": description for name, description in commands(lang, librarian=True, alerts=True, proofs=True)}
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(settings.data / HISTORY)),
        completer=WordCompleter(list(menu), meta_dict=menu, sentence=True),
        complete_while_typing=False,
    )
    while True:
        try:
            yield session.prompt(f"{user}: ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
