"""Text to unit vectors, with the model's own prompt for questions and for passages."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from index.models import words
from index.models.prepare import encoder_folder
from index.models.prepared import GRAPH, Precision, Prepared, open_prepared
from index.models.session import Feed, Session, batches_by_length, padded
from index.settings import LibrarySettings

Vectors = npt.NDArray[np.float32]

BATCH_TOKENS = 512
"""Tokens in a batch, padding included: more is not faster and takes more memory."""


class Encoder:
    """A prepared encoder. Thread-safe: nothing is changed after opening.

    `fingerprint` names weights, precision and prompts: vectors of two fingerprints are not comparable.
    """

    def __init__(self, prepared: Prepared, threads: int) -> None:
        self._manifest = prepared.manifest
        self.fingerprint = prepared.manifest.fingerprint
        self.dim = prepared.manifest.dimension
        self._threads = threads
        with ThreadPoolExecutor(1) as beside:  # the tokenizer and the graph take about as long as each other
            tokenizer = beside.submit(_open_tokenizer, prepared)
            self._session = Session(prepared.folder / GRAPH, threads)
            self._tokenizer = tokenizer.result()
        has_table = prepared.manifest.inputs == "embeddings"
        self._table = words.open_table(prepared.words) if has_table else None

    @classmethod
    def open(cls, settings: LibrarySettings, precision: Precision = "int8") -> Encoder:
        """The encoder that the settings name. Raises ModelError when it is not prepared, or was changed since."""
        folder = encoder_folder(settings.models, settings.model, precision)
        return cls(open_prepared(folder, settings.model), settings.threads or os.cpu_count() or 1)

    def warm(self) -> None:
        """Loads now what the first questions do without: for a process that stays."""
        if isinstance(self._tokenizer, words.PieceTokenizer):
            self._tokenizer.load()

    def questions(self, texts: Sequence[str]) -> Vectors:
        """The vectors of questions: (n, dim) float32, unit length."""
        return self._embed(texts, self._manifest.question)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of passages: (n, dim) float32, unit length."""
        return self._embed(texts, self._manifest.passage)

    def _embed(self, texts: Sequence[str], prompt: str) -> Vectors:
        """Batches of similar length; a text beyond the model's limit is embedded by its beginning."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        if not texts:
            return vectors
        ids = self._tokenizer.ids([prompt + text for text in texts], self._manifest.max_length)
        batches = batches_by_length([len(row) for row in ids], BATCH_TOKENS, self._threads)
        results = self._session.run_each(batches, lambda batch: self._feed([ids[place] for place in batch]))
        for batch, result in zip(batches, results, strict=True):
            vectors[batch] = result
        return vectors

    def _feed(self, rows: list[words.Ids]) -> Feed:
        ids, mask = padded(rows, self._manifest.padding)
        if self._table is not None:
            return {"embeddings": self._table.rows(ids), "attention_mask": mask}
        return {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}


def _open_tokenizer(prepared: Prepared) -> words.Tokenizer:
    if (prepared.words / words.PIECES).exists():
        return words.open_pieces(prepared.words)
    return words.JsonTokenizer(prepared.words / words.TOKENIZER, prepared.manifest.max_length)
