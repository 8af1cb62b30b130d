"""Chat states that were read or written lately, so that a chat that goes on talking is not parsed anew each time."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from bot.conversation.state import ChatState

KEPT = 256
"""States in memory, some tens of kilobytes each where a chat remembers all the answers that it may."""


class States:
    """States by their JSON: what the database holds stays the truth, whoever wrote it. Any thread may use it."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, ChatState] = OrderedDict()
        self._turn = Lock()

    def read(self, text: str | None) -> ChatState:
        """The state of this JSON; a new chat's where there is none."""
        if text is None:
            return ChatState()
        with self._turn:
            state = self._known.get(text)
        return self._kept(text, ChatState.from_json(text)) if state is None else state

    def written(self, state: ChatState) -> str:
        """The JSON of a state, which is read again at the chat's next update."""
        text = state.to_json()
        self._kept(text, state)
        return text

    def _kept(self, text: str, state: ChatState) -> ChatState:
        with self._turn:
            self._known[text] = state
            self._known.move_to_end(text)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return state
