"""Sentences embedded in a second: ours beside sentence-transformers with its defaults, in turn, on the same sentences.

python -m benchmarks.embedding [--sentences 1000] [--runs 3]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

from benchmarks.plain import model
from benchmarks.sets import selqa
from index.embed import Encoder
from index.settings import LibrarySettings


def rate(embed: Callable[[list[str]], object], sentences: Sequence[str]) -> float:
    """Sentences in a second, once."""
    began = time.perf_counter()
    embed(list(sentences))
    return len(sentences) / (time.perf_counter() - began)


def main() -> None:
    """Prints the rates and their ratio, pair by pair."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    texts = [draft.text[span.start : span.end] for draft in selqa("dev").drafts for span in draft.spans or ()]
    texts = texts[: chosen.sentences]
    ours, plain = Encoder.open(LibrarySettings.load()), model()
    for embed in (ours.passages, plain.encode):
        embed(texts[:64])
    pairs = [(rate(ours.passages, texts), rate(plain.encode, texts)) for _ in range(chosen.runs)]
    print(f"{LibrarySettings.load().model}: {statistics.median(a for a, _ in pairs):.0f} sentences/s")
    print(f"sentence-transformers, MiniLM: {statistics.median(b for _, b in pairs):.0f} sentences/s")
    print(f"ratio, pair by pair: {statistics.median(a / b for a, b in pairs):.2f}")


if __name__ == "__main__":
    main()
