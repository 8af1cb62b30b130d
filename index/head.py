"""The small head: what a cross-encoder says, and what it can't see, as the probability that a sentence answers.

No feature depends on how many sentences the library holds or on how other sentences scored, so one threshold holds
for a library of eleven sentences and for one of a million. Weights and thresholds are in `head.json`, measured by
`python -m benchmarks.head` on development data.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.candidate import Candidate
from index.terms.alike import asked_terms, said_terms

ACROSS = "across"
"""The head of a question in another language than the sentence; its cross-encoder is the multilingual one."""
HEADS = Path(__file__).with_name("head.json")


@dataclass(frozen=True, slots=True)
class Head:
    """A logistic regression: probability = 1 / (1 + exp(-(bias + sum of weight x feature))).

    `thresholds` maps an accepted share of false answers to the least probability that is answered. `models`: the
    fingerprints of the encoder and of the cross-encoder, if any, that it was measured with; it holds for no others.
    """

    bias: float
    weights: Mapping[str, float]
    thresholds: Mapping[float, float]
    models: tuple[str, ...] = ()

    def probability(self, parts: Mapping[str, float]) -> float:
        """Of a candidate's features; those that the head does not know count nothing."""
        logit = self.bias + sum(weight * parts[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))

    def threshold(self, false_answers: float) -> float:
        """For an accepted share of false answers: that of the nearest measured share below it, else the strictest."""
        fitting = [rate for rate in self.thresholds if rate <= false_answers + 1e-9]
        return self.thresholds[max(fitting)] if fitting else self.thresholds[min(self.thresholds)]


@cache
def heads(path: Path = HEADS) -> Mapping[str, Head]:
    """The measured heads by name: `en` and `multi` for the two cross-encoders, `across` where question and sentence
    are in two languages, and `dense` for the first stage alone."""
    return {
        name: Head(
            said["bias"],
            said["weights"],
            {float(rate): least for rate, least in said["thresholds"].items()},
            tuple(said["models"]),
        )
        for name, said in json.loads(path.read_text(encoding="utf-8"))["heads"].items()
    }


def features(question: str, candidate: Candidate) -> dict[str, float]:
    """What the heads may use beside a cross-encoder's logit, from question and passage alone.

    `coverage`: the share of the question's content words that stand there; `asked`: how many, at most 5, as a share.
    """
    asked = asked_terms(question, candidate.article.lang)
    covered = coverage(question, candidate.text, candidate.article.lang)
    return {"cosine": candidate.cosine, "coverage": covered, "asked": min(len(asked), 5) / 5}


def coverage(question: str, text: str, lang: str | None) -> float:
    """The share of a question's content words that a text has."""
    asked = asked_terms(question, lang)
    return len(asked & said_terms(text, lang)) / len(asked) if asked else 1.0


def log_odds(probability: float) -> float:
    """What a probability's logistic function is of."""
    return math.log(probability / (1 - probability))
