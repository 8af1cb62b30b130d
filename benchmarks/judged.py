"""Answers that a benchmark counts as false although they are right: another sentence says what the marked one does.

They were found by reading the most confident of SelQA's test questions: the first 34 of those without their article,
and the first 80 (5 %) of those without their answers. `questions/selqa_right.txt` names each by `key`. What is read is
what this engine was most confident of, so that the figures without them are its own and compare with no other's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from benchmarks.sets import Asked
from index.article import Answer

FILE = Path(__file__).with_name("questions") / "selqa_right.txt"


def key(question: str, sentence: str) -> str:
    """Return the name of a question with the sentence that answers it: no text of others lies here."""
    return sha256(f"{question}\n{sentence}".encode()).hexdigest()[:16]


@cache
def right() -> frozenset[str]:
    """Return the keys of the answers that were found right."""
    return frozenset(FILE.read_text(encoding="utf-8").split())


def left_out(questions: Sequence[Asked], answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return the answers by question id, without those whose first sentence was found right."""
    asked = {each.id: each.question for each in questions}
    return {id: answer for id, answer in answers.items() if not _is_right(asked[id], answer)}


def _is_right(question: str, answer: Answer) -> bool:
    return bool(answer.ranked) and key(question, answer.ranked[0].sentence.text) in right()
