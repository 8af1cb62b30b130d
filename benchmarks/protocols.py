"""The protocols of the benchmark data, driven through the public `Library`. Nothing here knows how an answer is found.

Taking an article out, or only its answers, is done as a user would: `remove`, and `add` of the article without those
sentences. Vectors of sentences that were seen are not computed again.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.sets import Asked, Set, draft_of
from index.article import Answer, ArticleId, Draft, Question
from index.embed import Encoder
from index.library import Library
from index.metrics import answered_at, auroc, calibration_error, reciprocal_rank
from index.settings import LibrarySettings

DEPTH = 10
BATCH = 16
OTHERS = 11
"""Articles beside the question's own in a small library."""
FOLDS = 10

Answers = dict[str, Answer]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Order:
    """Finding: of questions that have an answer in the library."""

    mrr: float
    p1: float
    recall: float


@dataclass(frozen=True, slots=True)
class Silence:
    """Keeping silent: between questions that have an answer and those that do not. `answered` and `false`: the shares
    of the two that the library answers at its own threshold."""

    auroc: float
    answered5: float
    answered1: float
    calibration: float
    answered: float
    false: float


@contextmanager
def library_of(drafts: Sequence[Draft], **settings: object) -> Iterator[Library]:
    """A library of these articles in a scratch folder."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(LibrarySettings.load(data=Path(folder), **settings)) as library,
    ):
        fill(library, drafts)
        yield library


def fill(library: Library, drafts: Sequence[Draft]) -> None:
    """Adds drafts; one that is refused stops the benchmark."""
    refused = [outcome for outcome in library.add(drafts) if outcome.state == "refused"]
    if refused:
        raise SystemExit(f"{refused[0].address}: {refused[0].reason}")


def ask(library: Library, questions: Sequence[Asked]) -> Answers:
    """The answers by question id."""
    answers: Answers = {}
    for at in range(0, len(questions), BATCH):
        some = questions[at : at + BATCH]
        said = library.ask_many([Question(each.question, DEPTH, previous=each.previous) for each in some])
        answers |= {each.id: answer for each, answer in zip(some, said, strict=True)}
    return answers


def pooled(library: Library, questions: Sequence[Asked]) -> Answers:
    """Every question of the whole library."""
    return ask(library, questions)


def without_article(library: Library, drafts: Sequence[Draft], questions: Sequence[Asked]) -> Answers:
    """Every question of a library that lacks its article: a tenth of the articles is taken out at a time."""
    shuffled = list(drafts)
    random.Random(0).shuffle(shuffled)
    answers: Answers = {}
    for fold in range(FOLDS):
        out = shuffled[fold::FOLDS]
        gone = {draft.id for draft in out}
        for draft in out:
            library.remove(_id(draft))
        answers |= ask(library, [each for each in questions if each.article in gone])
        fill(library, out)
    return answers


def without_answers(library: Library, drafts: Sequence[Draft], questions: Sequence[Asked]) -> Answers:
    """Every question of a library whose article stands there without the sentences that answer it."""
    by_id = {draft.id: draft for draft in drafts}
    waiting: dict[ArticleId, list[Asked]] = {}
    for each in questions:
        waiting.setdefault(each.article, []).append(each)
    answers: Answers = {}
    while waiting:
        turn = [asked.pop() for asked in waiting.values()]
        kept = [_without(by_id[each.article], each.gold) for each in turn]
        fill(library, [draft for draft in kept if draft.spans])
        for each, draft in zip(turn, kept, strict=True):
            if not draft.spans:
                library.remove(each.article)
        answers |= ask(library, turn)
        fill(library, [by_id[each.article] for each in turn])
        waiting = {article: asked for article, asked in waiting.items() if asked}
    return answers


def small(drafts: Sequence[Draft], questions: Sequence[Asked], **settings: object) -> tuple[Answers, Answers]:
    """Every question of a library of its article and 11 others, and of one of 12 others."""
    with_it: Answers = {}
    without_it: Answers = {}
    with library_of(drafts, **settings) as whole:
        encoder = whole.encoder
        memory: dict[str, Floats] = {}
        for draft in drafts:
            asked = [each for each in questions if each.article == draft.id]
            others = random.Random(f"0 {draft.id}").sample([d for d in drafts if d.id != draft.id], 2 * OTHERS + 1)
            for chosen, answers in (([draft, *others[:OTHERS]], with_it), (others[OTHERS:], without_it)):
                with (
                    tempfile.TemporaryDirectory() as folder,
                    Library.open(whole.settings.model_copy(update={"data": Path(folder)})) as library,
                ):
                    library.encoder, library._ranker = _Remembered(encoder, memory), whole._ranker
                    fill(library, chosen)
                    answers |= ask(library, asked)
    return with_it, without_it


def order(questions: Sequence[Asked], answers: Mapping[str, Answer]) -> Order:
    """How well the sentences that answer are found, over the questions that have some."""
    ranks = [
        reciprocal_rank([quote.sentence.text for quote in answers[each.id].ranked], each.gold)
        for each in questions
        if each.gold
    ]
    return Order(
        sum(ranks) / len(ranks),
        sum(rank == 1 for rank in ranks) / len(ranks),
        sum(rank > 0 for rank in ranks) / len(ranks),
    )


def silence(
    questions: Sequence[Asked], answerable: Mapping[str, Answer], unanswerable: Mapping[str, Answer]
) -> Silence:
    """How well confidence tells the two apart. Calibration is over both, against "the first sentence is gold"."""
    positive = [answerable[each.id].confidence for each in questions if each.id in answerable]
    negative = [answer.confidence for answer in unanswerable.values()]
    right = [_top(answerable[each.id]) in each.gold for each in questions if each.id in answerable]
    return Silence(
        auroc(positive, negative),
        answered_at(positive, negative, 0.05),
        answered_at(positive, negative, 0.01),
        calibration_error(positive + negative, right + [False] * len(negative)),
        float(np.mean([answerable[each.id].answered for each in questions if each.id in answerable])),
        float(np.mean([answer.answered for answer in unanswerable.values()])),
    )


def split(set: Set) -> tuple[list[Asked], list[Asked]]:
    """A reading set's answerable and unanswerable questions."""
    return [each for each in set.questions if each.gold], [each for each in set.questions if not each.gold]


def _top(answer: Answer) -> str | None:
    return answer.ranked[0].sentence.text if answer.ranked else None


def _id(draft: Draft) -> ArticleId:
    assert draft.id is not None
    return draft.id


def _without(draft: Draft, gold: frozenset[str]) -> Draft:
    sentences = [draft.text[span.start : span.end] for span in draft.spans or ()]
    return draft_of(_id(draft), draft.title, [s for s in sentences if s not in gold], draft.lang or "en")


class _Remembered(Encoder):
    """An encoder that embeds a passage once: hundreds of small libraries hold the same sentences."""

    def __init__(self, encoder: Encoder, memory: dict[str, Floats]) -> None:
        self.fingerprint, self.dim = encoder.fingerprint, encoder.dim
        self.questions = encoder.questions  # type: ignore[method-assign]
        self._encoder, self._memory = encoder, memory

    def passages(self, texts: Sequence[str]) -> Floats:
        new = [text for text in dict.fromkeys(texts) if text not in self._memory]
        self._memory.update(zip(new, self._encoder.passages(new), strict=True))
        return np.stack([self._memory[text] for text in texts])
