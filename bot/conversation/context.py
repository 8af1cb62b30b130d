"""One event with everything that it is answered from, handed from function to function as one value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.buttons import Verb, payload, short
from bot.conversation.library import QuoteLibrary
from bot.conversation.setup import Setup
from bot.conversation.state import ChatState
from bot.conversation.watchbook import Watchbook
from bot.incoming import Chat, Message, Press, User
from bot.reply import Button
from bot.words import Words, language, words


def asker_of(event: Message | Press) -> str:
    """Who asks: a user, or the chat that somebody writes as. Never empty."""
    if event.user is not None:
        return f"u{event.user.id}"
    sender = event.sender_chat if isinstance(event, Message) else None
    return f"c{sender or (event.chat.id if event.chat else 0)}"


def spoken(state: ChatState, user: User | None) -> str:
    """The interface language: the chat's setting first, then the user's own."""
    return language(state.lang, user.language_code if user else None)


@dataclass(frozen=True, slots=True)
class Context:
    """`event` is a message or a button press in `chat`; inline queries and memberships have functions of their own."""

    library: QuoteLibrary
    setup: Setup
    state: ChatState
    event: Message | Press
    chat: Chat
    now: datetime
    alerts: Watchbook | None = None

    @property
    def watchbook(self) -> Watchbook:
        """What is known of standing questions; there where the alerts feature is on, as whoever asks has seen to."""
        if self.alerts is None:
            raise LookupError("There are no standing questions here.")
        return self.alerts

    @property
    def words(self) -> Words:
        return words(spoken(self.state, self.event.user))

    @property
    def asker(self) -> str:
        return asker_of(self.event)

    @property
    def is_librarian(self) -> bool:
        return self.event.user is not None and self.event.user.id in self.setup.admins

    @property
    def may_settle(self) -> bool:
        """Whether this person may change the chat's settings: anyone in private, administrators elsewhere."""
        return not self.chat.is_shared or self.event.is_admin is True

    def ref(self, about: str = "") -> str:
        """A name for what comes of this event that buttons can carry. Never given out again, since events' keys are
        not: the buttons of what was forgotten must not open what came after."""
        return short(f"{self.event.key} {about}")

    def key(self, number: int = 0) -> str:
        return f"{self.event.key}.{number}"

    def button(self, label: str, verb: Verb, argument: str = "", value: str = "") -> Button:
        return Button(label, payload(self.setup.secret, self.chat.id, verb, argument, value))

    def command(self, name: str) -> str:
        """How to write a command here: in groups the bot's name goes with it."""
        return f"/{name}@{self.setup.username}" if self.chat.is_shared else f"/{name}"
