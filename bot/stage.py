"""Chats without Telegram: events of a script, or of a person at a terminal, played on the conversation core.

A stage remembers what a chat's members see and what Telegram would know (message ids, who wrote what, which buttons
stand where). Front-ends and scripts only name events; here they become what a Bot API server would report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from bot import conversation, script
from bot.conversation import ALERTS, ChatState, Effect, QuoteLibrary, Setup, Turn
from bot.conversation.library import WatchedLibrary
from bot.conversation.watchbook import Watchbook
from bot.incoming import Chat, ChatKind, Earlier, File, Incoming, InlineQuery, Membership, Post, Press, Standing, User
from bot.incoming import Message as Said
from bot.reply import Button, Buttons, Content, Delete, Edit, Message, Reply, SentRef
from bot.script import Cast, Event, Person, ScriptError
from bot.watches.alert import WatchEffect
from index.article import ArticleId

USERNAME = "pullquote_bot"
BOT_ID = 1
SECRET = b"the same in every transcript"
LINKED_CHANNEL = -2001
OTHER_CHANNEL = -2002
NOTHING = Content(())


class StageLibrary(QuoteLibrary, WatchedLibrary, Protocol):
    """What an event can do to the library, beside asking it."""

    def remove(self, id: ArticleId) -> object: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """A message that stands in a chat. The bot's own have a `number` from 1, an outbox key and perhaps buttons; `past`:
    buttons that stood there before, since one that is on its way out can still be pressed."""

    chat: Chat
    id: int
    who: str
    text: str
    number: int = 0
    key: str | None = None
    content: Content = NOTHING
    from_bot: bool = False
    past: tuple[Button, ...] = ()

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(button for row in self.content.keyboard for button in row)


class Desk:
    """The standing questions of a stage: the bot's own tables, in memory."""

    def __init__(self, library: StageLibrary) -> None:
        import sqlalchemy as sa

        from bot.store.alerts import alerts
        from bot.store.base import metadata
        from bot.store.watches import rhythms, watches
        from bot.watchbook import StoredWatchbook

        self._engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
        metadata.create_all(self._engine, [watches, rhythms, alerts])
        self.watchbook: Watchbook = StoredWatchbook(self._engine, library)

    def carry_out(self, effects: Iterable[Effect]) -> None:
        """Stores what is asked for here, and leaves the other effects alone."""
        from bot.store import watches

        with self._engine.begin() as connection:
            for effect in effects:
                if isinstance(effect, WatchEffect):
                    watches.carry_out(connection, effect)


class Stage:
    """Plays events one after another. `now` moves only when an event lets time pass."""

    def __init__(self, library: StageLibrary, cast: Cast) -> None:
        librarians = frozenset(person.id for person in cast.people if "librarian" in person.roles)
        self.library = library
        self.cast = cast
        self.now = cast.time
        self.setup = Setup(USERNAME, BOT_ID, SECRET, librarians, cast.features, cast.false_answers, cast.limits)
        self.states: dict[int, ChatState] = {}
        self.seen: dict[int, Seen] = {}
        self.desk = Desk(library) if ALERTS in cast.features else None
        self._events = 0

    def play(self, event: Event) -> Turn | None:
        """What comes of an event; None for one that no chat hears of. Raises ScriptError where it can't happen."""
        if event.verb == "pass":
            self.now += timedelta(seconds=script.seconds(event))
            return None
        if event.verb == "drop":
            self._drop(event)
            return None
        self._events += 1
        turn = self._respond(self._incoming(event))
        for reply in turn.replies:
            self._show(reply)
        return turn

    def own(self, chat: int, target: SentRef) -> Seen | None:
        """The bot's message with that id or outbox key, as it stands."""
        if isinstance(target, int):
            return self.seen.get(target)
        return next((seen for seen in self.seen.values() if seen.key == target and seen.chat.id == chat), None)

    def _respond(self, incoming: Incoming) -> Turn:
        """Asks and answers in two steps, as a server does that asks for many chats at once."""
        chat = conversation.chat_of(incoming)
        state = self.states.get(chat, ChatState())
        if conversation.needs_admin(incoming, state, self.setup) and isinstance(incoming, Said | Press):
            incoming = replace(incoming, is_admin=self._administers(incoming.user))
        question = conversation.question(state, incoming, self.now, self.setup)
        answer = self.library.ask(question) if question is not None else None
        book = self.desk.watchbook if self.desk is not None else None
        turn = conversation.respond(self.library, state, incoming, self.now, self.setup, answer, book)
        if self.desk is not None:
            self.desk.carry_out(turn.effects)
        self.states[chat] = ChatState.from_json(turn.state.to_json())
        return turn

    def _administers(self, user: User | None) -> bool:
        person = self.cast.person(user.name) if user else None
        return person is not None and bool(person.roles & {"administrator", "anonymous"})

    def _show(self, reply: Reply) -> None:
        match reply:
            case Message():
                number = 1 + max((seen.number for seen in self.seen.values()), default=0)
                chat = self._chat_with(reply.chat, reply.topic)
                text = reply.content.text
                self._put(Seen(chat, self._next_id(), "bot", text, number, reply.key, reply.content, True))
            case Edit() | Buttons():
                seen = self.own(reply.chat, reply.target)
                if seen is not None and isinstance(reply, Edit):
                    past = (*seen.buttons, *seen.past)
                    self._put(replace(seen, content=reply.content, text=reply.content.text, past=past))
                elif seen is not None and isinstance(reply, Buttons):
                    self._put(replace(seen, content=replace(seen.content, keyboard=reply.keyboard)))
            case Delete():
                seen = self.own(reply.chat, reply.target)
                if seen is not None:
                    del self.seen[seen.id]

    def _put(self, seen: Seen) -> None:
        self.seen[seen.id] = seen

    def _next_id(self) -> int:
        return max(self.seen, default=0) + 1

    def _chat_with(self, id: int, topic: int | None) -> Chat:
        known = next((chat for chat in self.cast.chats if chat.id == id), Chat(id, ChatKind.PRIVATE))
        return replace(known, topic=topic)

    def _drop(self, event: Event) -> None:
        article = next((one for one in self.library.articles() if event.argument in one.title), None)
        if article is None:
            raise ScriptError(f"Line {event.line}: the library has no article called {event.argument}.")
        self.library.remove(article.id)

    def _incoming(self, event: Event) -> Incoming:
        person = self.cast.person(event.who)
        if person is None:
            raise ScriptError(f"Line {event.line}: {event.who} is not in the cast.")
        return _FORMS.get(event.verb, Stage._says)(self, event, person)

    def place(self, event: Event, person: Person | None = None) -> Chat:
        """Where an event takes place; a private chat is its person's own."""
        chat = self.cast.chat(event.where) if event.where else self.cast.chats[0]
        if chat is None:
            raise ScriptError(f"Line {event.line}: no chat is called {event.where}.")
        if chat.kind is ChatKind.PRIVATE and person is not None:
            return replace(chat, id=person.id)
        return replace(chat, topic=event.topic)

    def _says(self, event: Event, person: Person) -> Said:
        chat = self.place(event, person)
        text = script.spoken(event.words)
        said = self._said(chat, person, self._next_id(), text)
        if event.verb == "edit":
            said = replace(said, message_id=self._last(chat, person.name, event).id, edited=True)
        if event.verb == "reply":
            said = replace(said, reply_to=self._earlier(chat, event))
        if event.verb == "send" and event.argument != "a sticker":
            said = replace(said, file=File(f"file-{event.argument}", event.argument, 1000))
        said = replace(
            said, forwarded=event.verb == "forward", via_bot=event.verb == "via", automatic=event.verb == "copy"
        )
        self._put(Seen(chat, said.message_id, person.name, text, from_bot="bot" in person.roles))
        return said

    def _said(self, chat: Chat, person: Person, message_id: int, text: str) -> Said:
        said = Said(f"e{self._events}", chat, None, message_id, text)
        if chat.kind is ChatKind.CHANNEL:
            post = Post(None, self.now.date())
            return replace(said, channel_post=True, is_admin=True, sender_chat=chat.id, post=post)
        if "anonymous" in person.roles:
            return replace(said, sender_chat=chat.id, is_admin=True)
        if "linked channel" in person.roles:
            return replace(said, sender_chat=LINKED_CHANNEL, is_admin=True)
        if "channel" in person.roles:
            return replace(said, sender_chat=OTHER_CHANNEL, is_admin=False)
        return replace(said, user=self._user(person))

    def _user(self, person: Person) -> User:
        return User(person.id, person.name, person.lang, "bot" in person.roles)

    def _last(self, chat: Chat, who: str, event: Event) -> Seen:
        mine = [seen for seen in self.seen.values() if seen.who == who and seen.chat.id == chat.id]
        if not mine:
            raise ScriptError(f"Line {event.line}: {who} has said nothing there yet.")
        return max(mine, key=lambda seen: seen.id)

    def _numbered(self, event: Event) -> Seen:
        found = next((seen for seen in self.seen.values() if f"#{seen.number}" == event.argument), None)
        if found is None:
            raise ScriptError(f"Line {event.line}: there is no {event.argument}.")
        return found

    def _earlier(self, chat: Chat, event: Event) -> Earlier:
        seen = self._numbered(event) if event.argument.startswith("#") else self._last(chat, event.argument, event)
        return Earlier(seen.id, seen.text, bool(seen.number), seen.from_bot, seen.key)

    def _presses(self, event: Event, person: Person) -> Press:
        chat = self.place(event, person)
        under = self._numbered(event) if event.argument else None
        found = [
            (seen, button)
            for seen in ([under] if under else sorted(self.seen.values(), key=lambda seen: -seen.id))
            for button in (*seen.buttons, *(seen.past if under else ()))
            if seen.chat.id == chat.id and event.words in button.label and button.payload
        ]
        if not found:
            raise ScriptError(f"Line {event.line}: there is no button {event.words}.")
        exact = [(seen, button) for seen, button in found if event.words in (button.label, button.label[2:])]
        seen, button = (exact or found)[0]
        return self._press(person, seen, button.payload or "")

    def _forges(self, event: Event, person: Person) -> Press:
        return self._press(person, self._numbered(event), event.words)

    def _press(self, person: Person, seen: Seen, payload: str) -> Press:
        key = f"e{self._events}"
        return Press(key, f"q{self._events}", self._user(person), payload, seen.chat, seen.id, seen.key)

    def _types(self, event: Event, person: Person) -> InlineQuery:
        key = f"e{self._events}"
        return InlineQuery(key, f"q{self._events}", self._user(person), script.spoken(event.words), event.argument)

    def _moves(self, event: Event, person: Person) -> Membership:
        states = Standing.LEFT, Standing.MEMBER
        before, after = states if event.verb == "add" else reversed(states)
        return Membership(f"e{self._events}", self.place(event), self._user(person), before, after)


_FORMS: dict[str, Callable[[Stage, Event, Person], Incoming]] = {
    "press": Stage._presses,
    "forge": Stage._forges,
    "type": Stage._types,
    "add": Stage._moves,
    "remove": Stage._moves,
}
