"""The conversation core: (library, chat state, incoming event, now) -> replies, a new state, effects. It is pure: no
network, no clock, no storage of its own. Every front-end runs it and only translates.

    chat_of(incoming)                                   whose state is needed
    needs_admin(incoming, state, setup)                 whether `is_admin` must be looked up first
    question(state, incoming, now, setup)               what to ask of the library (so that many can be asked together)
    respond(library, state, incoming, now, setup, answer)   the turn
    progress(job, step, number)                         how far a job is, as an edit of its message
    apology(state, incoming, now, setup)                what to say where `respond` failed for a fault of ours

`respond` and `question` must be given the same state and the same `now`.
"""

from bot.conversation.apology import apology, bare_apology
from bot.conversation.librarian import progress
from bot.conversation.library import QuoteLibrary
from bot.conversation.setup import ALERTS, Limits, Setup
from bot.conversation.state import ChatState
from bot.conversation.turn import Effect, Job, Step, Turn
from bot.conversation.turns import chat_of, names_channel, needs_admin, question, respond, typing

__all__ = [
    "ALERTS",
    "ChatState",
    "Effect",
    "Job",
    "Limits",
    "QuoteLibrary",
    "Setup",
    "Step",
    "Turn",
    "apology",
    "bare_apology",
    "chat_of",
    "names_channel",
    "needs_admin",
    "progress",
    "question",
    "respond",
    "typing",
]
