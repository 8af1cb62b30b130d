"""A quote with what became of it: the same sentence in every version of its article."""

from __future__ import annotations

from dataclasses import dataclass

from index.article import Sentence
from index.evidence import Evidence, Version
from index.revise import Fate, Revision, became


@dataclass(frozen=True, slots=True)
class Step:
    """A version of the article, and how the quote reads in it; `quoted`: this is the one that was quoted."""

    version: Version
    revision: Revision
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """`steps`: the quoted version, and of the others those in which the quote reads otherwise than in the one before,
    with the newest; the oldest first. `count`: how many versions there are."""

    evidence: Evidence
    steps: tuple[Step, ...]
    count: int

    @property
    def sentence(self) -> Sentence:
        return self.evidence.sentence

    @property
    def last(self) -> Step:
        """The newest version."""
        return self.steps[-1]

    def around(self, count: int = 1) -> tuple[list[Sentence], list[Sentence]]:
        """Up to `count` sentences before and after the quote, in the snapshot that it was quoted from."""
        lines = self.evidence.version.sentences
        at = self.sentence.ordinal
        return list(lines[max(at - count, 0) : at]), list(lines[at + 1 : at + 1 + count])

    @property
    def changed_beside(self) -> bool:
        """Whether a sentence that stands `around` it reads otherwise in the newest version, or is gone."""
        old, new, lang = self.evidence.version.sentences, self.last.version.sentences, self.evidence.article.lang
        before, after = self.around()
        return any(became(old, each.ordinal, new, lang).fate.matters for each in (*before, *after))


def prove(evidence: Evidence) -> Proof:
    """What became of a quote, version by version."""
    quoted = evidence.version.sentences
    every = [
        Step(
            version,
            Revision(evidence.sentence, Fate.UNCHANGED, evidence.sentence)
            if place == evidence.place
            else became(quoted, evidence.sentence.ordinal, version.sentences, evidence.article.lang),
            place == evidence.place,
        )
        for place, version in enumerate(evidence.versions)
    ]
    kept = [
        step
        for place, step in enumerate(every)
        if step.quoted or place == len(every) - 1 or (not place or _reads(step) != _reads(every[place - 1]))
    ]
    return Proof(evidence, tuple(kept), len(every))


def _reads(step: Step) -> str | None:
    return step.revision.new.text if step.revision.new else None
