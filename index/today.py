"""Whether a source still says what was quoted: the sentence against what its address gives today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.article import Draft, Sentence, SentenceId, hash_of
from index.errors import NotFound
from index.evidence import Evidence
from index.readers.failure import ReadFailure
from index.revise import Revision, revise
from index.segment import segment


def page_of(address: str) -> str:
    """What must be read to have the article of this address: entries of a feed and lines of a file follow a `#`."""
    return address.partition("#")[0]


def its_draft(evidence: Evidence, drafts: Iterable[Draft | ReadFailure]) -> Draft:
    """The article's own draft among those that its address gives. Raises NotFound where it is not among them."""
    others: list[Draft] = []
    for draft in drafts:
        if isinstance(draft, ReadFailure):
            continue
        if evidence.version.snapshot.address in (draft.address, draft.url) or draft.id == evidence.article.id:
            return draft
        others.append(draft)
    if len(others) == 1:
        return others[0]
    raise NotFound("Its source no longer lists this article.")


def compared(evidence: Evidence, draft: Draft) -> Revision:
    """What became of the sentence in the article as it is given today."""
    lines = revise(evidence.version.sentences, _lines(evidence, draft), evidence.article.lang)
    return lines[evidence.sentence.ordinal]


def _lines(evidence: Evidence, draft: Draft) -> Sequence[Sentence]:
    """Sentences that are in no library, and have the id 0."""
    spans = draft.spans if draft.spans is not None else segment(draft.text, draft.lang or evidence.article.lang)
    article, hash = evidence.article.id, hash_of(draft.text)
    return [
        Sentence(SentenceId(0), article, hash, number, span.start, span.end, draft.text[span.start : span.end])
        for number, span in enumerate(spans)
    ]
