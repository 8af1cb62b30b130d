"""A follow-up as a question that stands alone: behind "How many soldiers are in Russia?", "and in Kursk?" asks how many
soldiers are in Kursk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.article import Question
from index.asides import question_in
from index.terms import content_words
from index.terms.follow_ups import (
    asks,
    asks_in_part,
    asks_only,
    follows,
    phrases,
    preposition,
    topic,
    what_follows,
    without_asking,
)
from index.terms.topics import Topic, happened_to, topic_of, without_request

LONGEST = 200
"""Characters of the question before it that are looked at."""

Alike = Callable[[Sequence[str]], npt.NDArray[np.float32]]
"""Unit vectors of some texts, (n, dim)."""


@dataclass(frozen=True, slots=True)
class Restated:
    """A question as it is looked for. `own`: what is read as well: what a follow-up asks by itself, or what "What
    happened to the bridge?" is about; "" where that is nothing to read ("and in Kursk?"), and of any other question.
    `topic`: where the text is what the message wants to hear of and asks nothing, or hardly more ("What happened?")."""

    text: str
    own: str = ""
    topic: Topic | None = None


def whole(question: Question, alike: Alike) -> Restated:
    """What is looked for: the message without greeting and thanks; of "Any news about the bridge?" what it is about; a
    follow-up as a question that stands alone."""
    asked = question_in(question.text)
    if wanted := topic_of(asked):
        return Restated(wanted.text, topic=wanted)
    if question.previous and _leans(question.text, asked):
        return restated(without_request(question_in(question.previous)), asked, alike)
    if about := happened_to(asked):
        return Restated(asked, about, Topic(asked, newest=False))
    return Restated(asked)


def is_follow_up(question: Question) -> bool:
    """Whether the question before it has a say in the answer."""
    return bool(question.previous) and _leans(question.text, question_in(question.text))


def _leans(message: str, asked: str) -> bool:
    # "Thanks, that was great" is no question, however little "that was great" says; who names a topic needs no other.
    return topic_of(asked) is None and follows(asked if "?" in message else message)


def restated(previous: str, follow_up: str, alike: Alike) -> Restated:
    """A follow-up behind the question before it. What `previous` asked is not asked again: its answer would come again.

    "when?" and "by how many votes?" take the place of the words that `previous` asks with; "and in Kursk?" that of what
    stands there behind the same preposition; "and Finland?" that of the phrase that is most like it. A question of its
    own ("how much did it cost?") stands before what `previous` is about, and so does every Korean one that asks.
    """
    before, said = _flat(previous), what_follows(follow_up).rstrip(" ?!.")
    if not said or not before:
        return Restated(f"{previous} {follow_up}".strip())
    if not asks(said):
        return Restated(_with(before, said, alike) or f"{previous} {follow_up}")
    if asks_only(said) or asks_in_part(said):
        return Restated(f"{_capital(said)} {without_asking(before)}?")
    return Restated(f"{_capital(said)} ({topic(before)})?", f"{_capital(said)}?")


def _with(before: str, said: str, alike: Alike) -> str:
    """The question before it, with what is said in the place of what is most like it; "" where there is no place."""
    behind = preposition(said)
    places: Sequence[tuple[int, int]]
    if behind:
        said = said[len(behind) :].strip()
        places = phrases(before, behind)
        if said and not places:
            return f"{before.rstrip(' ?!.')} {behind} {said}?"
    else:
        places = _of_its_kind(before, said, phrases(before))
    if not places or not said:
        return ""
    said = _bare(said)
    vectors = alike([said, *(before[start:end] for start, end in places)])
    start, end = places[int(np.argmax(vectors[1:] @ vectors[0]))]
    return f"{before[:start]}{said}{before[end:]}"


def _of_its_kind(before: str, said: str, places: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Those of the phrases that have a figure or a capital letter as what is said has; all where none has."""
    for has in (str.isdigit, str.isupper):
        wanted = any(map(has, said))
        alike = [(start, end) for start, end in places if any(map(has, before[start:end])) == wanted]
        places = alike or places
    return places


def _bare(said: str) -> str:
    """Without the article before it."""
    first, _, rest = said.partition(" ")
    return rest if rest and first.casefold() in ("the", "der", "die", "das") else said


def _flat(previous: str) -> str:
    """The question before it, the last of several; of one that was restated itself, what it is about stands in no
    brackets, and alone where it asked no more than "how fast was it?"."""
    _, _, last = previous.rstrip(" ?!.").rpartition("? ")
    if not last:
        return ""
    said, _, about = f"{last}?"[:LONGEST].partition(" (")
    about = about.replace(")", "").rstrip(" ?!.")
    if not about:
        return said.strip()
    return f"{said}, {about}?" if content_words(topic(said)) else f"{about}?"


def _capital(said: str) -> str:
    return said[0].upper() + said[1:]
