r"""Conversation scripts: plain text that says who says what where, and what the bot must answer.

    What this conversation shows, in prose.

    chat: supergroup Newsroom
    person: Ann, en
    person: Olha, uk, administrator

    > Ann: /ask How many soldiers are in Kursk?
    < #1 to Ann:
    <   ▎ The sentence that answers.
    <   [Title](https://…) — Source — 31 October 2024
    <   [📖 Context] [👍] [👎]

    > Olha presses Context

Events begin with `>`; what the bot did with each follows on lines that begin with `<`. No such line: silence.

    NAME: TEXT                         says; `{word * 300}` repeats, `\{word * 300}` is said so; a line `>> MORE` goes
                                       on with the text
    NAME replies to NAME|#1: TEXT      answers the last message of somebody, or one of the bot's by its number
    NAME edits: TEXT                   changes what they said last
    NAME forwards: TEXT                a forwarded message
    NAME sends by inline: TEXT         what they picked from this bot's inline results
    NAME's post appears: TEXT          the copy of a channel's post in its discussion group
    NAME sends FILE: CAPTION           a file; `a sticker` for something without words
    NAME presses LABEL [under #1]      the newest button whose label has that in it
    NAME forges PAYLOAD under #1       a payload that no button carries
    NAME types: QUERY                  inline, `types from 10:` a further page
    NAME adds the bot, removes the bot
    5 minutes pass
    the library drops TITLE            an article is removed

`[Newsroom]` or `[Newsroom/7]` before an event names another chat, or a topic; the first chat is meant without.

The head: `chat: KIND TITLE` (private, group, supergroup, forum, channel), `person: NAME, LANGUAGE, ROLES`
(administrator, librarian, bot, anonymous, linked channel, channel), `time:`, `features:`, `limits: user_burst=3`,
`library:`, `false_answers:`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.conversation import Limits
from bot.errors import BotError
from bot.incoming import Chat, ChatKind

START = datetime(2024, 11, 6, 9, 0, tzinfo=UTC)
FIRST_PERSON = 101
FIRST_GROUP = -1001


class ScriptError(BotError):
    """A conversation script has a line that can't be read."""


@dataclass(frozen=True, slots=True)
class Person:
    """`roles`: administrator (of shared chats), librarian, bot; anonymous, linked channel, channel: writes as that."""

    name: str
    id: int
    lang: str | None
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is there, where, when, and with what library."""

    prose: str = ""
    chats: tuple[Chat, ...] = ()
    people: tuple[Person, ...] = ()
    time: datetime = START
    features: frozenset[str] = frozenset()
    limits: Limits = field(default_factory=Limits)
    library: str = ""
    false_answers: float = 0.05

    def person(self, name: str) -> Person | None:
        return next((person for person in self.people if person.name == name), None)

    def chat(self, title: str) -> Chat | None:
        return next((chat for chat in self.chats if chat.title == title), None)


@dataclass(frozen=True, slots=True)
class Event:
    """One `>` line: `verb` names its form; `where` a chat's title ("" for the first), `topic` its topic."""

    line: int
    text: str
    verb: str
    who: str = ""
    argument: str = ""
    words: str = ""
    where: str = ""
    topic: int | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """`head` is everything before the first event, as it stands."""

    head: str
    cast: Cast
    events: tuple[Event, ...]


_PLACE = re.compile(r"\[(?P<where>[^\]/]*)(?:/(?P<topic>\d+))?\]\s*")
_FORMS = {
    "pass": r"(?P<argument>\d+) (?P<words>second|minute|hour|day)s? pass(?:es)?",
    "drop": r"the library drops (?P<argument>.+)",
    "edit": r"(?P<who>[\w ]+?) edits: ?(?P<words>.*)",
    "forward": r"(?P<who>[\w ]+?) forwards: ?(?P<words>.*)",
    "reply": r"(?P<who>[\w ]+?) replies to (?P<argument>#\d+|[\w ]+): ?(?P<words>.*)",
    "via": r"(?P<who>[\w ]+?) sends by inline: ?(?P<words>.*)",
    "copy": r"(?P<who>[\w ]+?)'s post appears: ?(?P<words>.*)",
    "send": r"(?P<who>[\w ]+?) sends (?P<argument>[^:]+)(?:: ?(?P<words>.*))?",
    "forge": r"(?P<who>[\w ]+?) forges (?P<words>\S+) under (?P<argument>#\d+)",
    "press": r"(?P<who>[\w ]+?) presses (?P<words>.+?)(?: under (?P<argument>#\d+))?",
    "type": r"(?P<who>[\w ]+?) types(?: from (?P<argument>[^:]*))?: ?(?P<words>.*)",
    "add": r"(?P<who>[\w ]+?) adds the bot",
    "remove": r"(?P<who>[\w ]+?) removes the bot",
    "say": r"(?P<who>[\w ]+?): ?(?P<words>.*)",
}
_PATTERNS = {verb: re.compile(form, re.DOTALL) for verb, form in _FORMS.items()}
_REPEATED = re.compile(r"(\\*)\{([^{}*]+?) \* (\d+)\}")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


def read(path: Path) -> Script:
    """Raises ScriptError naming the line that can't be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ScriptError(f"The script {path} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ScriptError(f"The script {path} can't be read: it is not UTF-8.") from None
    return parse(text, str(path))


def parse(text: str, name: str = "script") -> Script:
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if line.startswith("> ")), len(lines))
    head = "\n".join(lines[:first]).rstrip() + "\n"
    cast = _cast(lines[:first], name)
    return Script(head, cast, tuple(_events(lines, first, cast, name)))


def seconds(event: Event) -> int:
    """How much time a `pass` event lets pass."""
    return int(event.argument) * _SECONDS[event.words]


def spoken(words: str) -> str:
    """The text that is said, its repetitions written out; one behind a backslash stands as it is, without that."""
    return _REPEATED.sub(lambda found: found[0][1:] if found[1] else " ".join([found[2]] * int(found[3])), words)


def as_typed(text: str) -> str:
    """What stands in a script for a text that is said as it is."""
    return _REPEATED.sub(r"\\\g<0>", text)


def event(line: str, number: int = 0, name: str = "script") -> Event:
    """An event from what stands after its `> `. Raises ScriptError."""
    place = _PLACE.match(line)
    rest = line[place.end() :] if place else line
    topic = int(place["topic"]) if place and place["topic"] else None
    for verb, pattern in _PATTERNS.items():
        found = pattern.fullmatch(rest)
        if found:
            parts = {key: value or "" for key, value in found.groupdict().items()}
            return Event(number, line, verb, **parts, where=place["where"] if place else "", topic=topic)
    where = f"{name}, line {number}: " if number else ""
    raise ScriptError(f"{where}“{line}” is no event; write NAME: TEXT, NAME presses LABEL or another of its forms.")


def joined(cast: Cast, name: str) -> Cast:
    """The cast with one more person in it, who has no role."""
    return _with_person(cast, f"{name}, {cast.people[0].lang or '-'}")


def head(cast: Cast) -> str:
    """The head of a script with this cast. Limits are left out: a chat that is recorded has the usual ones."""
    kinds = {chat: "forum" if chat.is_forum else chat.kind.value for chat in cast.chats}
    lines = [cast.prose, ""]
    lines += [f"person: {', '.join((one.name, one.lang or '-', *sorted(one.roles)))}" for one in cast.people]
    lines += [f"chat: {kinds[chat]} {chat.title or ''}".rstrip() for chat in cast.chats]
    lines += [f"time: {cast.time.replace(tzinfo=None).isoformat()}", f"false_answers: {cast.false_answers}"]
    lines += [f"features: {' '.join(sorted(cast.features))}"] if cast.features else []
    return "\n".join(lines) + "\n"


def _events(lines: list[str], first: int, cast: Cast, name: str) -> Iterator[Event]:
    pending: Event | None = None
    for number, line in enumerate(lines[first:], start=first + 1):
        if line.startswith(">> ") and pending is not None:
            words = f"{pending.words}\n{line[3:]}"
            pending = replace(pending, words=words, text=f"{pending.text}\n>> {line[3:]}")
        elif line.startswith("> "):
            if pending is not None:
                yield pending
            pending = event(line[2:], number, name)
            if pending.who and cast.person(pending.who) is None:
                raise ScriptError(
                    f"{name}, line {number}: {pending.who} is not in the cast; add `person: {pending.who}`."
                )
        elif line.strip() and not line.startswith("<"):
            raise ScriptError(f"{name}, line {number}: a line starts with `> `, `>> ` or `<`.")
    if pending is not None:
        yield pending


def _cast(lines: list[str], name: str) -> Cast:
    cast = Cast()
    prose: list[str] = []
    for number, line in enumerate(lines, start=1):
        key, colon, value = line.partition(": ")
        if not colon or key not in _HEAD:
            prose.append(line)
            continue
        try:
            cast = _HEAD[key](cast, value.strip())
        except ValueError as error:
            raise ScriptError(f"{name}, line {number}: {error}.") from None
    people = cast.people or (Person("Ann", FIRST_PERSON, "en"),)
    chats = cast.chats or (Chat(people[0].id, ChatKind.PRIVATE),)
    return replace(cast, prose="\n".join(prose).strip(), people=people, chats=chats)


def _with_chat(cast: Cast, value: str) -> Cast:
    kind, _, title = value.partition(" ")
    number = FIRST_GROUP - len(cast.chats)
    if kind == "private":
        chat = Chat(cast.people[0].id if cast.people else FIRST_PERSON, ChatKind.PRIVATE, title or None)
    else:
        forum = kind == "forum"
        known = ChatKind.SUPERGROUP if forum else ChatKind(kind)
        chat = Chat(number, known, title or None, is_forum=forum)
    return replace(cast, chats=(*cast.chats, chat))


def _with_person(cast: Cast, value: str) -> Cast:
    name, *rest = (part.strip() for part in value.split(","))
    lang = rest[0] if rest and rest[0] != "-" else None
    person = Person(name, FIRST_PERSON + len(cast.people), lang, frozenset(rest[1:]))
    return replace(cast, people=(*cast.people, person))


def _with_limits(cast: Cast, value: str) -> Cast:
    known = {one.name for one in fields(Limits)}
    given = dict(part.split("=", 1) for part in value.split())
    if not given.keys() <= known:
        raise ValueError(f"limits are {', '.join(sorted(known))}")
    return replace(cast, limits=replace(cast.limits, **{key: int(number) for key, number in given.items()}))


_HEAD: dict[str, Callable[[Cast, str], Cast]] = {
    "chat": _with_chat,
    "person": _with_person,
    "limits": _with_limits,
    "time": lambda cast, value: replace(cast, time=datetime.fromisoformat(value).replace(tzinfo=UTC)),
    "features": lambda cast, value: replace(cast, features=frozenset(value.split())),
    "false_answers": lambda cast, value: replace(cast, false_answers=float(value)),
    "library": lambda cast, value: replace(cast, library=value),
}
