"""Two peers from the package registry, on the same questions in the same run: txtai 9 and Cairn 0.3.

    pip install 'txtai==9.14.0' 'cairn-assistant==0.3.0'    in an environment beside this one
    python -m benchmarks.peers [--questions 100]

txtai: its hybrid search (MiniLM and BM25), as its documentation sets it up; its extractive question answering needs a
model from a hub and is left out. Cairn: its lexical retrieval, which refuses below a threshold. Both give the best
sentences of each question with scores; an article or the answers alone are taken out of that list (their statistics
stay, which favours them), where Pullquote asks a library that really lacks them.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import protocols
from benchmarks.sets import Asked, Set, selqa
from index.article import Question
from index.metrics import answered_at, auroc, reciprocal_rank
from index.settings import LibrarySettings

DEEP = 200
"""Sentences asked of a peer: enough that some are left when an article is taken out."""


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence that a peer ranked."""

    article: str
    text: str
    score: float


Search = Callable[[str], list[Found]]


def txtai_search(data: Set) -> Search:
    """Hybrid search over the sentences, each with its title before it."""
    from txtai import Embeddings

    rows = [(draft, draft.text[span.start : span.end]) for draft in data.drafts for span in draft.spans or ()]
    embeddings = Embeddings({"path": str(LibrarySettings.load().models / "plain-minilm"), "hybrid": True})
    embeddings.index((n, f"{draft.title}. {text}", None) for n, (draft, text) in enumerate(rows))

    def search(question: str) -> list[Found]:
        return [Found(str(rows[n][0].id), rows[n][1], score) for n, score in embeddings.search(question, DEEP)]

    return search


def cairn_search(data: Set, folder: Path) -> Search:
    """Its own retrieval over a corpus of one document for each article, a sentence a passage."""
    from cairn.index import build_index
    from cairn.retrieve import retrieve

    articles = {}
    for n, draft in enumerate(data.drafts):
        body = "\n\n".join(draft.text[span.start : span.end].replace("\n", " ") for span in draft.spans or ())
        head = f"---\nid: a{n}\ntitle: {draft.title}\nlang: en\n---\n"
        (folder / f"{n}.md").write_text(head + body + "\n", encoding="utf-8")
        articles[f"a{n}"] = str(draft.id)
    index = build_index(folder)

    def search(question: str) -> list[Found]:
        trace = retrieve(question, index, threshold=0.01, candidates=DEEP)
        return [Found(articles[c.passage.doc_id], c.passage.text, c.score) for c in trace.candidates]

    return search


@dataclass(frozen=True, slots=True)
class Row:
    """What one system reached: order, silence with the article out and with only the answers out, and its time."""

    name: str
    ranks: list[float]
    whole: list[float]
    article_out: list[float]
    answers_out: list[float]
    milliseconds: list[float]

    def line(self) -> str:
        mrr, p1 = np.mean(self.ranks), np.mean(np.equal(self.ranks, 1))
        out, hard = auroc(self.whole, self.article_out), auroc(self.whole, self.answers_out)
        at = answered_at(self.whole, self.answers_out, 0.05)
        return (
            f"{self.name:24s} MRR {mrr:.3f}  P@1 {p1:.3f}  article out: AUROC {out:.3f}"
            f"  answers out: AUROC {hard:.3f}, answered at 5 % {at:.3f}  {np.median(self.milliseconds):.0f} ms"
        )


def peer(name: str, search: Search, asked: Sequence[Asked]) -> Row:
    """One search of each question, and what is left of it when something is taken out."""
    row = Row(name, [], [], [], [], [])
    for each in asked:
        began = time.perf_counter()
        found = search(each.question)
        row.milliseconds.append((time.perf_counter() - began) * 1000)
        row.ranks.append(reciprocal_rank([one.text for one in found[: protocols.DEPTH]], each.gold))
        row.whole.append(_best(found))
        row.article_out.append(_best([one for one in found if one.article != each.article]))
        row.answers_out.append(_best([one for one in found if one.text not in each.gold]))
    return row


def ours(data: Set, asked: Sequence[Asked]) -> Row:
    """The whole engine, through `Library`, one question at a time."""
    row = Row("Pullquote", [], [], [], [], [])
    with protocols.library_of(data.drafts) as library:
        library.ask(Question("warm"))
        for each in asked:
            began = time.perf_counter()
            answer = library.ask(Question(each.question, protocols.DEPTH))
            row.milliseconds.append((time.perf_counter() - began) * 1000)
            row.ranks.append(reciprocal_rank([quote.sentence.text for quote in answer.ranked], each.gold))
            row.whole.append(answer.confidence)
        row.article_out.extend(a.confidence for a in protocols.without_article(library, data.drafts, asked).values())
        row.answers_out.extend(a.confidence for a in protocols.without_answers(library, data.drafts, asked).values())
    return row


def rows(data: Set, asked: Sequence[Asked]) -> Iterator[Row]:
    """Pullquote, then each peer."""
    yield ours(data, asked)
    yield peer("txtai 9.14, hybrid", txtai_search(data), asked)
    with tempfile.TemporaryDirectory() as folder:
        yield peer("Cairn 0.3", cairn_search(data, Path(folder)), asked)


def _best(found: Sequence[Found]) -> float:
    return max((one.score for one in found), default=0.0)


def main() -> None:
    """Prints a row for each system as it is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=100, help="a sample of SelQA test's")
    said = parser.parse_args()
    try:
        import cairn  # noqa: F401
        import txtai  # noqa: F401
    except ImportError as missing:
        raise SystemExit(f"{missing.name} is not installed: pip install txtai==9.14.0 cairn-assistant==0.3.0") from None
    data = selqa("test")
    for row in rows(data, random.Random(0).sample(list(data.questions), said.questions)):
        print(row.line(), flush=True)


if __name__ == "__main__":
    main()
