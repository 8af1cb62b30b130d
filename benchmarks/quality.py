"""Order and silence, every protocol, each part of the engine a row.

    python -m benchmarks.quality [--only selqa] [--questions 300]

Rows: the plain design (MiniLM, the sentence alone, flat FAISS), with the title, then through the public `Library`:
first stage alone (dense vectors, words, head), the ready cross-encoder, and what was learnt, file by file.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import judged, onestop, protocols
from benchmarks.protocols import Order, Silence
from benchmarks.sets import Asked, Set, selqa, squad2, xquad
from index.article import Draft, Question, passage
from index.library import Library
from index.metrics import answered_at, auroc, reciprocal_rank

Choice = Callable[[Sequence[Asked]], list[Asked]]
OUT = Path("benchmarks/out")
LEARNT = ("ready", "layers")
"""English cross-encoders before all was learnt that is: with none of the trained files, with the first of them."""
ENGINES = ("off", *LEARNT, "auto")
ACROSS = {"en": ("ru", "de"), "ru": ("en",)}
"""Of XQuAD's sentences in a language: the other languages that they are asked in."""
NAMES = {
    "off": "first stage alone",
    "ready": "+ ready cross-encoder",
    "layers": "+ trained layers",
    "auto": "+ correction (the whole engine)",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One engine on one protocol."""

    protocol: str
    engine: str
    figures: dict[str, float]

    def line(self) -> str:
        return f"{self.protocol:34s} {self.engine:34s} " + "  ".join(f"{n} {v:.3f}" for n, v in self.figures.items())


@contextmanager
def engine_of(drafts: Sequence[Draft], engine: str) -> Iterator[Library]:
    """A library with one of the engines."""
    with protocols.library_of(drafts, cross_encoder="off" if engine == "off" else "auto") as library:
        if engine in LEARNT:
            use_files(library, LEARNT.index(engine))
        yield library


def use_files(library: Library, count: int) -> None:
    """Puts the English cross-encoder with the first so many of its trained files in place of the whole; 0 is the one
    that its package ships."""
    from index.answer.context import Surroundings
    from index.cross import CrossEncoder
    from index.models.prepare import prepare_reranker
    from index.models.reranker import READY, Reranker, chosen
    from index.rank import Ranker

    files = chosen("auto", "en").trained[:count]
    prepared = prepare_reranker(library.settings.models, Reranker(f"cross-en-{count}" if count else READY, "en", files))
    opened = CrossEncoder(prepared, 2)
    library._ranker = Ranker({"en": lambda: opened}, Surroundings(library.around))


def selqa_rows(chosen: Choice, engines: Sequence[str]) -> Iterator[Row]:
    """SelQA test: pooled, article out, answers out, and small libraries."""
    data = selqa("test")
    asked = chosen(data.questions)
    if len(engines) > 1:
        yield from plain_rows(data, asked)
    yield from taken_out_rows("selqa", data, asked, engines)
    with_it, without = protocols.small(data.drafts, asked[:: max(1, len(asked) // 400)])
    yield _silence("selqa abstain, 12 articles", "auto", protocols.silence(asked, with_it, without))


def taken_out_rows(name: str, data: Set, asked: Sequence[Asked], engines: Sequence[str]) -> Iterator[Row]:
    """Of the whole library, without each question's article, and without only its answers."""
    for engine in engines:
        with engine_of(data.drafts, engine) as library:
            whole = protocols.pooled(library, asked)
            yield _order(f"{name} pooled", engine, protocols.order(asked, whole))
            out = protocols.without_article(library, data.drafts, asked)
            yield from _silences(f"{name} abstain", engine, asked, whole, out)
            hard = protocols.without_answers(library, data.drafts, asked)
            yield from _silences(f"{name} abstain-hard", engine, asked, whole, hard)


def _silences(
    protocol: str, engine: str, asked: Sequence[Asked], whole: protocols.Answers, out: protocols.Answers
) -> Iterator[Row]:
    """As the set is marked, and without the false answers that were found right, if any."""
    yield _silence(protocol, engine, protocols.silence(asked, whole, out))
    rest = judged.left_out(asked, out)
    if len(rest) < len(out):
        left = f"{protocol}, {len(out) - len(rest)} that are right left out"
        yield _silence(left, engine, protocols.silence(asked, whole, rest))


def squad_rows(chosen: Choice, engines: Sequence[str]) -> Iterator[Row]:
    """The test half of SQuAD 2.0."""
    data = squad2("test")
    answerable, unanswerable = protocols.split(Set(data.name, data.drafts, tuple(chosen(data.questions))))
    for engine in engines:
        with engine_of(data.drafts, engine) as library:
            said, silent = protocols.pooled(library, answerable), protocols.pooled(library, unanswerable)
            yield _order("squad2 pooled", engine, protocols.order(answerable, said))
            yield _silence("squad2 adversarial", engine, protocols.silence(answerable, said, silent))


def news_rows(chosen: Choice, engines: Sequence[str]) -> Iterator[Row]:
    """OneStopQA: pooled, article out, answers out."""
    if not onestop.there():
        print(f"news: not measured, OneStopQA is not in {onestop.FOLDER} (PULLQUOTE_ONESTOP)", flush=True)
        return
    data = onestop.onestop()
    yield from taken_out_rows("onestop", data, chosen(data.questions), engines)


def xquad_rows(chosen: Choice, engines: Sequence[str]) -> Iterator[Row]:
    """XQuAD-R: each language of its own, answers out, and questions of other languages over English and Russian."""
    texts = {lang: {each.id: each.question for each in xquad(lang).questions} for lang in ("en", "ru", "de")}
    for lang in texts:
        data = xquad(lang)
        asked = chosen(data.questions)
        for engine in [each for each in engines if each not in LEARNT]:
            with engine_of(data.drafts, engine) as library:
                whole = protocols.pooled(library, asked)
                yield _order(f"xquad {lang} to {lang}", engine, protocols.order(asked, whole))
                hard = protocols.without_answers(library, data.drafts, asked)
                yield _silence(f"xquad {lang}, answers out", engine, protocols.silence(asked, whole, hard))
                for other in ACROSS.get(lang, ()):
                    across = [
                        replace(each, question=texts[other][each.id]) for each in asked if each.id in texts[other]
                    ]
                    found = protocols.order(across, protocols.pooled(library, across))
                    yield _order(f"xquad {other} to {lang}", engine, found)


def plain_rows(data: Set, asked: Sequence[Asked]) -> Iterator[Row]:
    """MiniLM and a flat FAISS index, the sentence alone and with its title."""
    import faiss

    from benchmarks.plain import model

    encoder = model()
    sentences = [(d, d.text[s.start : s.end]) for d in data.drafts for s in d.spans or ()]
    articles = np.array([d.id for d, _ in sentences])
    texts = [text for _, text in sentences]
    questions = encoder.encode([each.question for each in asked], normalize_embeddings=True)
    for name, read in (("plain: MiniLM, flat FAISS", texts), ("+ title", [passage(d.title, t) for d, t in sentences])):
        vectors = encoder.encode(read, normalize_embeddings=True)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        scores, places = index.search(questions, 200)
        ranks = [reciprocal_rank([texts[n] for n in row], each.gold) for each, row in zip(asked, places, strict=True)]
        found = Order(float(np.mean(ranks)), float(np.mean(np.equal(ranks, 1))), float(np.mean(np.greater(ranks, 0))))
        yield Row("selqa pooled", name, asdict(found))
        top = list(scores[:, 0])
        for protocol, out in (
            ("selqa abstain", [articles[row] != each.article for each, row in zip(asked, places, strict=True)]),
            (
                "selqa abstain-hard",
                [[texts[n] not in each.gold for n in row] for each, row in zip(asked, places, strict=True)],
            ),
        ):
            left = [float(row[np.array(keep)][0]) for row, keep in zip(scores, out, strict=True)]
            figures = {"auroc": auroc(top, left), "answered5": answered_at(top, left, 0.05)}
            yield Row(protocol, name, figures | {"answered1": answered_at(top, left, 0.01)})


def speed_row(questions: int = 200) -> Iterator[Row]:
    """Milliseconds a question, one at a time, on SelQA test's library."""
    data = selqa("test")
    for engine in ("off", "auto"):
        with engine_of(data.drafts, engine) as library:
            library.ask(Question("warm"))
            times = []
            for each in data.questions[:questions]:
                began = time.perf_counter()
                library.ask(Question(each.question))
                times.append((time.perf_counter() - began) * 1000)
        yield Row(
            "ms a question, 14,000 sentences",
            engine,
            dict(zip(("p50", "p95"), np.percentile(times, (50, 95)), strict=True)),
        )


def _order(protocol: str, engine: str, said: Order) -> Row:
    return Row(protocol, NAMES[engine], asdict(said))


def _silence(protocol: str, engine: str, said: Silence) -> Row:
    return Row(protocol, NAMES[engine], asdict(said))


PARTS: dict[str, Callable[..., Iterator[Row]]] = {
    "selqa": selqa_rows,
    "squad": squad_rows,
    "xquad": xquad_rows,
    "news": news_rows,
}


def main() -> None:
    """Prints every row as it is known, and writes them to benchmarks/out/quality.json with a plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=(*PARTS, "speed"))
    parser.add_argument("--engine", choices=ENGINES, help="this row alone")
    parser.add_argument(
        "--questions", type=int, default=0, help="a sample of so many questions of each set; 0 takes all"
    )
    said = parser.parse_args()
    engines = (said.engine,) if said.engine else ENGINES

    def chosen(questions: Sequence[Asked]) -> list[Asked]:
        if not said.questions or len(questions) <= said.questions:
            return list(questions)
        return random.Random(0).sample(list(questions), said.questions)

    rows: list[Row] = []
    for name, part in PARTS.items():
        for row in part(chosen, engines) if said.only in (None, name) else ():
            rows.append(row)
            print(row.line(), flush=True)
    for row in speed_row() if said.only in (None, "speed") else ():
        rows.append(row)
        print(row.line(), flush=True)
    write(rows)


def write(rows: Sequence[Row]) -> None:
    """The rows as JSON, and silence as a bar chart."""
    OUT.mkdir(parents=True, exist_ok=True)
    said: list[dict[str, Any]] = [asdict(row) for row in rows]
    (OUT / "quality.json").write_text(json.dumps(said, indent=1), encoding="utf-8")
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    bars = [(f"{row.protocol}\n{row.engine}", row.figures.get("auroc", row.figures.get("mrr"))) for row in rows]
    bars = [(name, value) for name, value in bars if value is not None]
    figure, axes = pyplot.subplots(figsize=(8, 0.4 * len(bars) + 1))
    axes.barh([name for name, _ in bars], [value for _, value in bars])
    axes.set(xlim=(0.5, 1), xlabel="MRR (order) or AUROC (silence)")
    axes.invert_yaxis()
    axes.tick_params(axis="y", labelsize=6)
    figure.savefig(OUT / "quality.png", dpi=120, bbox_inches="tight")


if __name__ == "__main__":
    main()
