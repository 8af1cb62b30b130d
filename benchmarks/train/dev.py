"""Development figures: order and silence on held-out questions, from a module's own scores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from benchmarks.train.data import Overlap, Pair, Paragraph, passage, tokens

CANDIDATES = 10
Logits = NDArray[np.float32]
Score = Callable[[Sequence[Pair]], Logits]


@dataclass(frozen=True)
class Case:
    """A question with its candidates, the likest sentences of its article, and the same without its answers.

    `gold[i]` says whether candidate i answers; the last of them are there for the second reading only.
    """

    question: str
    passages: tuple[str, ...]
    gold: tuple[bool, ...]


@dataclass(frozen=True)
class Measures:
    """Order over answerable questions (MRR, P@1), and silence as AUROC of the best score: `hard` between the
    candidates with and without the answers, `unanswerable` against questions that nothing answers."""

    mrr: float
    p_at_1: float
    hard: float
    unanswerable: float | None

    @property
    def mean(self) -> float:
        """Return one figure to choose by."""
        found = [value for value in asdict(self).values() if value is not None]
        return float(np.mean(found))


def cases(paragraphs: Sequence[Paragraph], limit: int) -> list[Case]:
    """Return about `limit` questions, evenly spread, each with CANDIDATES sentences of its article and its answers."""
    overlap = Overlap(paragraphs)
    articles: dict[str, list[int]] = defaultdict(list)
    for at, paragraph in enumerate(paragraphs):
        articles[paragraph.title or f"paragraph {at}"].append(at)
    asked = [(at, i) for at, paragraph in enumerate(paragraphs) for i in range(len(paragraph.questions))]
    chosen = asked[:: max(1, len(asked) // limit)]
    return [_case(paragraphs, overlap, articles, at, i) for at, i in chosen]


def _case(paragraphs: Sequence[Paragraph], overlap: Overlap, articles: dict[str, list[int]], at: int, i: int) -> Case:
    paragraph, question = paragraphs[at], paragraphs[at].questions[i]
    words = tokens(question.text)
    article = articles[paragraph.title or f"paragraph {at}"]
    places = [(p, s) for p in article for s in range(len(paragraphs[p].sentences))]
    places.sort(key=lambda place: (-overlap.score(words, overlap.bags[place[0]][place[1]]), place))
    answers = [(at, s) for s in sorted(question.gold)]
    kept = answers + [place for place in places if place not in answers][:CANDIDATES]
    texts = tuple(passage(paragraphs[p].title, paragraphs[p].sentences[s]) for p, s in kept)
    return Case(question.text, texts, tuple(place in answers for place in kept))


def measure(chosen: Sequence[Case], score: Score) -> Measures:
    """Score every candidate and return the figures."""
    pairs = [Pair(case.question, text, 0.0, "dev") for case in chosen for text in case.passages]
    logits = np.split(score(pairs), np.cumsum([len(case.passages) for case in chosen])[:-1])
    ranks, best, without, silent = [], [], [], []
    for case, found in zip(chosen, logits, strict=True):
        gold = np.array(case.gold)
        if not gold.any():
            silent.append(found.max())
            continue
        order = np.argsort(-found, kind="stable")
        ranks.append(1 + int(np.argmax(gold[order])))
        if (~gold).any():
            best.append(found.max())
            without.append(found[~gold].max())
    return Measures(
        mrr=float(np.mean([1 / rank for rank in ranks])),
        p_at_1=float(np.mean([rank == 1 for rank in ranks])),
        hard=_auroc(best, without),
        unanswerable=_auroc(best, silent) if silent else None,
    )


def _auroc(answered: list[float], silent: list[float]) -> float:
    labels = [1] * len(answered) + [0] * len(silent)
    return float(roc_auc_score(labels, answered + silent))
