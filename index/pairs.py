"""Questions and passages read together: all pairs of one cross-encoder in one batch, each once, and a follow-up in both
of its readings."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.steps import CROSS_ENCODER, step
from index.terms import only_keywords

FOLLOWED = {"en": 2.0, "multi": 1.0}
"""What a follow-up's logit lies above the mean of its two readings, by cross-encoder: the logits of one span twice as
much as those of the other. Of the whole question ("How much did it cost (the Webb telescope launched)?") a sentence
that is about the same comes too near an answer, and of what it asks by itself one that is about something else. Of 52
follow-ups made of development questions (`benchmarks/follow_ups.py`) 40 % are answered so, 2 % without their answers;
31 and 0 % with 1.5, 50 and 4 % with 2.5. Of 26 of our own in Russian, Ukrainian and German ten of 16 are, and none of
ten without an answer; six with 0, and twelve and one with 2."""
LOOKED_FOR = {"en": 0.5}
"""What a question of nothing but keywords gets beside its logit, by cross-encoder: their sentences are found as well as
those of whole questions, and said with less confidence. Development questions without their function words: MRR 0.897
(0.922 as they stand), answered 44 % (64), with 4.2 % false answers without their own (6.1); so 55 % and 5.6 %."""

Pair = tuple[str, str]


class PairScorer(Protocol):
    """A cross-encoder."""

    fingerprint: str

    def scores(self, pairs: Sequence[Pair]) -> npt.NDArray[np.float32]:
        """One logit for each pair of question and passage: (n,) float32."""
        ...


class Pairs:
    """Reads pairs by the cross-encoders that are there; `scorers` maps the name of each to what opens it, which happens
    when a pair first needs it. `own` maps a follow-up's whole question to what it asks by itself; both are read."""

    def __init__(self, scorers: Mapping[str, Callable[[], PairScorer]], own: Mapping[str, str] | None = None) -> None:
        self.scorers = scorers
        self._own = own or {}

    def following(self, own: Mapping[str, str]) -> Pairs:
        """The same for follow-ups."""
        return Pairs(self.scorers, own)

    def is_follow_up(self, question: str) -> bool:
        """Whether this question is read in two ways."""
        return question in self._own

    def logits(self, models: Sequence[str], pairs: Sequence[Pair]) -> list[float]:
        """The logit of each pair by its model, nan where that is not there. All pairs of one are read in one batch,
        each once, and a cross-encoder is opened only where there are any."""
        found = [math.nan] * len(pairs)
        for name, scorer in self.scorers.items():
            places = [place for place, model in enumerate(models) if model == name]
            if not places:
                continue
            once = list(dict.fromkeys(pair for place in places for pair in self._readings(*pairs[place])))
            with step(CROSS_ENCODER):
                logits = dict(zip(once, scorer().scores(once), strict=True))
            for place in places:
                whole, *own = (float(logits[pair]) for pair in self._readings(*pairs[place]))
                lift = LOOKED_FOR.get(name, 0.0) if only_keywords(pairs[place][0]) else 0.0
                found[place] = (whole + own[0]) / 2 + FOLLOWED[name] if own else whole + lift
        return found

    def _readings(self, question: str, text: str) -> list[Pair]:
        """What is read of a pair: the question, and of a follow-up what it asks by itself."""
        own = self._own.get(question)
        return [(question, text), (own, text)] if own else [(question, text)]
