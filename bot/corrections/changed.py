"""Which quotes a change of an article touches. Pure: versions and ids in, corrections out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.article import Article, Sentence, SentenceId
from index.evidence import Evidence, Version
from index.revise import Revision, became
from index.terms.typography import heard


@dataclass(frozen=True, slots=True)
class Correction:
    """A sentence that was quoted, and what became of it: `standing` is the same in the version that was retired,
    `revision` is None where its article was removed."""

    quoted: Sentence
    standing: Sentence
    article: Article
    revision: Revision | None


def corrections(evidence: Evidence, new: Version | None, shown: Iterable[SentenceId]) -> Iterator[Correction]:
    """What must be told of the quotes in `shown`, of whichever version, now that `new` (None: nothing) stands in the
    place of the version that `evidence` is about.

    A quote of an older version counts where it still stood in that one; where it did not, it was told of then. What
    differs in typography alone is not told.
    """
    lang = evidence.article.lang
    known = {each.id: each for version in evidence.versions[: evidence.place + 1] for each in version.sentences}
    for id in dict.fromkeys(shown):
        if id not in known:
            continue
        standing = _standing(known[id], evidence.version, lang)
        if standing is None:
            continue
        if new is None:
            yield Correction(known[id], standing, evidence.article, None)
            continue
        revision = became(evidence.version.sentences, standing.ordinal, new.sentences, lang)
        if revision.fate.matters:
            yield Correction(known[id], standing, evidence.article, revision)


def _standing(quoted: Sentence, version: Version, lang: str | None) -> Sentence | None:
    """The sentence as it stands in a version, typography aside."""
    if quoted.snapshot == version.snapshot.hash:
        return version.sentences[quoted.ordinal]
    said = heard(quoted.text, lang)
    return next((each for each in version.sentences if heard(each.text, lang) == said), None)
