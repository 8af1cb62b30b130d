"""How good the answers are on somebody's own questions, and where they go wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.article import Answer, Question
from index.errors import ReadError
from index.library import Library
from index.metrics import auroc, calibration_error, reciprocal_rank
from index.surrogates import without_surrogates

DEPTH = 10
BATCH = 16
BINS = 10
MARKER = re.compile(r"^(?:[-*•–·]|\d{1,3}[.)])\s+")
"""What stands before an item of a list; it is of the sentence."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the starts of the sentences that answer it; none: it must meet silence. `previous`: what was
    asked before it, of a follow-up."""

    question: str
    gold: tuple[str, ...]
    lang: str | None = None
    previous: str | None = None

    @property
    def asked(self) -> str:
        """All that was asked, by which cases are told apart."""
        return f"{self.previous} {self.question}" if self.previous else self.question

    def right(self, sentence: str) -> bool:
        """Whether this sentence begins as one that answers, with or without the marker of a list before it."""
        texts = (sentence, MARKER.sub("", sentence))
        return any(text.startswith((start, MARKER.sub("", start) or start)) for start in self.gold for text in texts)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a case: the first sentence, its confidence, whether it was shown and whether it answers."""

    question: str
    must_be_silent: bool
    answered: bool
    right: bool
    rank: float
    confidence: float
    sentence: str | None
    expected: str | None
    parts: Mapping[str, float]

    @property
    def good(self) -> bool:
        """Silent where it must be, and a right answer elsewhere."""
        return not self.answered if self.must_be_silent else self.answered and self.right

    @property
    def cost(self) -> float:
        """How bad a mistake it is: confident and wrong is worst, silent for no reason is mild."""
        if self.good:
            return 0.0
        return 1 + self.confidence if self.answered else 1 - self.confidence


@dataclass(frozen=True, slots=True)
class Report:
    """Shares from 0 to 1; None where the questions hold nothing to measure it with."""

    questions: int
    mrr: float | None
    p1: float | None
    answered: float | None
    wrong_answers: float | None
    false_answers: float | None
    auroc: float | None
    calibration_error: float
    verdicts: tuple[Verdict, ...]

    def figures(self) -> dict[str, float | int | None]:
        """Everything but the verdicts."""
        return {name: value for name, value in asdict(self).items() if name != "verdicts"}


def read_cases(path: Path) -> list[Case]:
    """Questions as JSONL: `{"question", "gold": [start of a sentence that answers, ...]}`, of a follow-up with the
    `"previous"` question. Raises ReadError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path} can't be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}.") from error
    cases = [_case(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not cases:
        raise ReadError(f"{path} holds no question.")
    return cases


def _case(path: Path, number: int, line: str) -> Case:
    where = f"{path.name}, line {number}"
    try:
        said = json.loads(line)
    except ValueError as error:
        raise ReadError(f"{where}: not JSON: {error}.") from error
    if not isinstance(said, dict) or not isinstance(said.get("question"), str) or not said["question"].strip():
        raise ReadError(f'{where}: write {{"question": "…", "gold": ["start of a sentence", …]}}.')
    gold = said.get("gold", [])
    if not isinstance(gold, list) or not all(isinstance(start, str) and start.strip() for start in gold):
        raise ReadError(f"{where}: `gold` must be a list of the starts of sentences, empty for silence.")
    previous = said.get("previous")
    if previous is not None and not isinstance(previous, str):
        raise ReadError(f"{where}: `previous` must be the question that was asked before.")
    question, *starts = map(without_surrogates, [said["question"], *gold])
    return Case(question, tuple(starts), said.get("lang"), previous and without_surrogates(previous))


def evaluate(library: Library, cases: Sequence[Case]) -> Iterator[Verdict]:
    """Asks every case, a batch at a time, and judges what is said."""
    for at in range(0, len(cases), BATCH):
        some = cases[at : at + BATCH]
        answers = library.ask_many([Question(case.question, DEPTH, previous=case.previous) for case in some])
        yield from (judged(case, answer) for case, answer in zip(some, answers, strict=True))


def judged(case: Case, answer: Answer) -> Verdict:
    """The verdict on one answer. What is judged is the first quote where there is one."""
    first = (answer.quotes or answer.ranked or (None,))[0]
    ranked = [quote.sentence.text for quote in answer.ranked]
    gold = frozenset(sentence for sentence in ranked if case.right(sentence))
    return Verdict(
        case.asked,
        not case.gold,
        answer.answered,
        first is not None and case.right(first.sentence.text),
        reciprocal_rank(ranked, gold, DEPTH),
        answer.confidence,
        first.sentence.text if first else None,
        case.gold[0] if case.gold else None,
        dict(first.parts) if first else {},
    )


def report(verdicts: Sequence[Verdict]) -> Report:
    """The figures over all verdicts."""
    answerable = [each for each in verdicts if not each.must_be_silent]
    silent = [each for each in verdicts if each.must_be_silent]
    shown = [each for each in answerable if each.answered]
    both = bool(answerable and silent)
    return Report(
        len(verdicts),
        _mean([each.rank for each in answerable]),
        _mean([each.rank == 1 for each in answerable]),
        _mean([each.answered for each in answerable]),
        _mean([not each.right for each in shown]),
        _mean([each.answered for each in silent]),
        auroc([v.confidence for v in answerable], [v.confidence for v in silent]) if both else None,
        calibration_error([v.confidence for v in verdicts], [v.right for v in verdicts]),
        tuple(verdicts),
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def risk_coverage(verdicts: Sequence[Verdict]) -> list[tuple[float, float]]:
    """Points (coverage, risk): of the most confident share of all questions, how many first sentences are wrong
    (El-Yaniv and Wiener, 2010)."""
    ordered = sorted(verdicts, key=lambda each: -each.confidence)
    points, wrong = [], 0
    for count, each in enumerate(ordered, start=1):
        wrong += not each.right
        points.append((count / len(ordered), wrong / count))
    return points


def reliability(verdicts: Sequence[Verdict]) -> list[tuple[float, float, int]]:
    """Per bin of confidence: its mean, the share that is right, and how many there are; empty bins are left out."""
    bins: list[list[Verdict]] = [[] for _ in range(BINS)]
    for each in verdicts:
        bins[min(int(each.confidence * BINS), BINS - 1)].append(each)
    return [
        (sum(v.confidence for v in some) / len(some), sum(v.right for v in some) / len(some), len(some))
        for some in bins
        if some
    ]


def worst(verdicts: Sequence[Verdict], count: int = 10) -> list[Verdict]:
    """The worst mistakes, the most confident false answers first."""
    return sorted((each for each in verdicts if not each.good), key=lambda each: -each.cost)[:count]


def save(made: Report, path: Path) -> None:
    """Writes a run, to be compared with later. Raises ReadError when it can't be written."""
    run = {"figures": made.figures(), "verdicts": [asdict(each) for each in made.verdicts]}
    try:
        path.write_text(json.dumps(run, ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise ReadError(f"{path} can't be written: {error.strerror}.") from error


def compare(made: Report, path: Path) -> tuple[list[Verdict], list[Verdict], dict[str, Any]]:
    """What got better and what got worse since an earlier run, and that run's figures. Raises ReadError."""
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
        before, figures = {each["question"]: Verdict(**each) for each in run["verdicts"]}, run["figures"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReadError(f"{path} is no earlier run; make one with --save.") from error
    known = [(each, before[each.question]) for each in made.verdicts if each.question in before]
    return (
        [now for now, then in known if now.good and not then.good],
        [now for now, then in known if then.good and not now.good],
        figures,
    )
