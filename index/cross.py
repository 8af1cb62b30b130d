"""Question and sentence read together: one logit for each pair, by a cross-encoder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.models import words
from index.models.prepared import COMMAND, GRAPH, Prepared, open_prepared
from index.models.reranker import QUESTION_PIECES, Kind, chosen, fits
from index.models.session import Feed, Session, batches_by_length, padded
from index.settings import LibrarySettings
from index.terms.dates import redated
from index.terms.spelling import respelt

Pair = tuple[str, str]
Logits = npt.NDArray[np.float32]

BATCH_TOKENS = 512
"""Tokens in a batch, padding included: more is not faster and takes more memory."""
KNOWN_WORDS = 4096
"""Words of questions of which it is remembered whether the model knows them."""


class CrossEncoder:
    """A prepared cross-encoder. Thread-safe: nothing is changed after opening.

    `fingerprint` names its weights: a threshold holds only for the fingerprint that it was measured with.
    """

    def __init__(self, prepared: Prepared, threads: int) -> None:
        self.fingerprint = prepared.manifest.fingerprint
        self._threads = threads
        self._reader: _WordPieces | _SharedPieces
        self._reader = _SharedPieces(prepared) if prepared.manifest.words else _WordPieces(prepared)
        self._session = Session(prepared.folder / GRAPH, threads)

    @classmethod
    def open(cls, settings: LibrarySettings, kind: Kind = "en") -> CrossEncoder:
        """The cross-encoder that the settings name.

        Raises ModelError when there is none of this kind, when it is not prepared, or was changed since.
        """
        reranker = chosen(settings.cross_encoder, kind)
        prepared = open_prepared(reranker.folder(settings.models), reranker.name)
        if not fits(prepared, reranker):
            raise ModelError(f"The trained layers of {reranker.name} were exchanged: run `{COMMAND}`.")
        return cls(prepared, settings.threads or os.cpu_count() or 1)

    def scores(self, pairs: Sequence[Pair]) -> Logits:
        """A logit for each pair of a question and "Title. sentence": (n,) float32, higher is better."""
        logits = np.zeros(len(pairs), dtype=np.float32)
        if not pairs:
            return logits
        tokens = self._reader.tokens([(redated(question, passage), passage) for question, passage in pairs])
        batches = batches_by_length([len(ids) for ids, _ in tokens], BATCH_TOKENS, self._threads)
        results = self._session.run_each(batches, lambda batch: self._reader.feed([tokens[place] for place in batch]))
        for batch, result in zip(batches, results, strict=True):
            logits[batch] = result[:, 0]
        return logits


Tokens = tuple[words.Ids, words.Ids]
"""A pair's token ids, and for each of them which of the two texts it belongs to."""


class _WordPieces:
    """Pairs by a tokenizer.json; the graph looks its embeddings up itself."""

    def __init__(self, prepared: Prepared) -> None:
        self._padding = prepared.manifest.padding
        self._tokenizer = words.JsonTokenizer(prepared.words / words.TOKENIZER, prepared.manifest.max_length)
        self._knows = lru_cache(KNOWN_WORDS)(self._tokenizer.knows)

    def tokens(self, pairs: Sequence[Pair]) -> list[Tokens]:
        spelt = [(respelt(question, passage, self._knows), passage) for question, passage in pairs]
        return self._tokenizer.pairs(spelt)

    def feed(self, rows: list[Tokens]) -> Feed:
        ids, mask = padded([row for row, _ in rows], self._padding)
        types, _ = padded([row for _, row in rows])
        return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}


class _SharedPieces:
    """Pairs by the encoder's own tokenizer and word table: `<s> question </s> passage </s>`."""

    def __init__(self, prepared: Prepared) -> None:
        self._manifest = prepared.manifest
        self._tokenizer = words.open_pieces(prepared.words)
        self._table = words.open_table(prepared.words)

    def tokens(self, pairs: Sequence[Pair]) -> list[Tokens]:
        manifest = self._manifest
        texts = [(manifest.question + question, manifest.passage + passage) for question, passage in pairs]
        return [(row, []) for row in self._tokenizer.pairs(texts, manifest.max_length, QUESTION_PIECES)]

    def feed(self, rows: list[Tokens]) -> Feed:
        ids, mask = padded([row for row, _ in rows], self._manifest.padding)
        return {"embeddings": self._table.rows(ids), "attention_mask": mask}
