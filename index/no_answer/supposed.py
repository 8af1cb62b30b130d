"""Sentences that only suppose something: "Had the council listened, it would have hired 40 nurses." says that it did
not."""

from __future__ import annotations

import re

_SUPPOSES = re.compile(
    r"\A\W*(?:[A-Z][\w.’' ]{0,30}: )?(?:if|had|were|suppose|imagine|let us assume|wenn|falls|hätten?)\b.*"
    r"\b(?:would|could|might|went|were|had|würden?|wären?|hätten?|könnten?)\b|"
    r"\b(?:would|could|might)\b.*\bif\b|\b(?:would|should|could|might|ought to) have \w+|"
    r"\bwürden?\b.*\b(?:wenn|falls)\b|\bесли бы\b|\bякби\b|\bякщо б\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:not|no|never|den(?:y|ied|ies)|cancelled|instead|but|expected|nicht|kein\w*|не|ні)\b|n['’]t\b", re.IGNORECASE
)
_ASKED = re.compile(
    r"\A\W*(?:did|does|do|is|are|was|were|has|have|had|when (?:did|is|was|were)|how (?:many|much)|"
    r"hat|haben|ist|sind|war|waren|wurde|wurden|wann|kam|чи|когда|коли)\b|\bли\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:would|could|should|might|may|if|suppos\w*|plan\w*|expect\w*|want\w*|hop\w*|promis\w*|said|says?|thinks?|"
    r"thought|würde\w*|wäre\w*|hätte\w*|könnte\w*|wenn|falls|бы|б|якби|якщо|если)\b",
    re.IGNORECASE,
)


def only_supposes(question: str, sentence: str) -> bool:
    """Whether a question asks what is or was, and a sentence tells only what would be or have been, and does not say
    itself that it is not so."""
    if not _ASKED.search(question) or _OPEN.search(question):
        return False
    return bool(_SUPPOSES.search(sentence)) and not _DENIES.search(sentence)
