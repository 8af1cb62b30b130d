"""Text to token ids, and ids to word embeddings from a memory-mapped table.

The table of a multilingual model is most of its weight (250,000 rows), and a question touches twenty of them: it stays
in a file, and only the pages that are read become resident.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index.models.lookup import PIECES_TABLE, segmented

CODES, SCALES = "words.npy", "words-scales.npy"
PIECES, TOKENIZER = "sentencepiece.model", "tokenizer.json"

# What XLM-RoBERTa's normalisation ("nmt_nfkc" of SentencePiece) does beyond NFKC: control characters go, format
# characters and the replacement character become spaces. The full-width tilde is the one that it leaves alone.
CONTROLS = dict.fromkeys((*range(1, 9), 0xB, *range(0xE, 0x20), 0x7F, 0x8F, 0x9F), "")
SPACES = dict.fromkeys((9, 10, 12, 13, 0x1680, *range(0x200B, 0x2010), 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD), " ")
_HALVES = dict.fromkeys(range(0xD800, 0xE000), " ")  # of surrogate pairs: no text has them, but JSON may
_BEYOND_NFKC = {**CONTROLS, **SPACES, **_HALVES}
_TILDE = "\uff5e"
_RUN_OF_SPACES = re.compile(" {2,}")

LOOKED_UP = 3000
"""Characters: a question and ten sentences, in 50 ms where loading SentencePiece takes 450."""
BOS, EOS = 0, 2
"""XLM-RoBERTa's `<s>` and `</s>`."""

Ids = list[int]


class Tokenizer(Protocol):
    """Text to ids, the model's own first and last tokens included."""

    def ids(self, texts: Sequence[str], limit: int) -> list[Ids]:
        """One list of at most `limit` ids for each text."""
        ...


def normalise(text: str) -> str:
    """A text as the SentencePiece model expects it: NFKC and a little more, single spaces, none at the ends."""
    parts = (unicodedata.normalize("NFKC", part.translate(_BEYOND_NFKC)) for part in text.split(_TILDE))
    return _RUN_OF_SPACES.sub(" ", _TILDE.join(parts)).strip(" ")


class PieceTokenizer:
    """SentencePiece with `<s>` and `</s>` around a text, and one `</s>` between the two of a pair.

    The first LOOKED_UP characters are segmented by look-ups, so that a cold question does not wait for SentencePiece;
    who needs more than that needs it loaded. Safe in threads.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._left = LOOKED_UP
        self._pieces: Any = None
        self._loading = Lock()

    def load(self) -> None:
        """Loads SentencePiece now (half a second, 67 MB) rather than when the look-ups are used up."""
        from sentencepiece import SentencePieceProcessor

        with self._loading:
            if self._pieces is None:
                self._pieces = SentencePieceProcessor(model_file=str(self._folder / PIECES))

    def ids(self, texts: Sequence[str], limit: int) -> list[Ids]:
        return [[BOS, *pieces[: limit - 2], EOS] for pieces in self._encoded(texts)]

    def pairs(self, pairs: Sequence[tuple[str, str]], limit: int, first: int) -> list[Ids]:
        """The ids of each pair, `limit` at most: `first` pieces at most of the first text, then the second."""
        texts = sorted({text for pair in pairs for text in pair})
        pieces = dict(zip(texts, self._encoded(texts), strict=True))
        rows = []
        for one, two in pairs:
            begin = [BOS, *pieces[one][:first], EOS]
            rows.append([*begin, *pieces[two][: limit - len(begin) - 1], EOS])
        return rows

    def _encoded(self, texts: Sequence[str]) -> list[Ids]:
        normal = [normalise(text) for text in texts]
        if self._pieces is None:
            self._left -= sum(map(len, normal))
            if self._left >= 0:
                return segmented(normal, self._folder / PIECES_TABLE)
            self.load()
        found: list[Ids] = self._pieces.encode(normal, num_threads=1)
        return found


class JsonTokenizer:
    """Any tokenizer that is described by a tokenizer.json. Of a pair that is too long, the longer text gives way."""

    def __init__(self, path: Path, limit: int) -> None:
        """`limit`: the most ids of a text or a pair."""
        from tokenizers import Tokenizer as Json

        self._tokenizer: Any = Json.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(limit, strategy="longest_first")

    def ids(self, texts: Sequence[str], limit: int) -> list[Ids]:
        found = (encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts)))
        return [ids if len(ids) <= limit else [*ids[: limit - 1], ids[-1]] for ids in found]

    def pairs(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[Ids, Ids]]:
        """For each pair its ids, and for each id which of the two texts it belongs to (0 or 1)."""
        return [(list(found.ids), list(found.type_ids)) for found in self._tokenizer.encode_batch_fast(list(pairs))]

    def knows(self, word: str) -> bool:
        """Whether it is in the vocabulary as a whole, at the beginning of a text or within one."""
        found = self._tokenizer.encode_batch_fast([word, f" {word}"], add_special_tokens=False)
        return any(len(encoding.ids) == 1 for encoding in found)


@dataclass(frozen=True, slots=True)
class WordTable:
    """Word embeddings as int8. `codes`: (words, width) int8, mapped; `scales`: (words,) float32, one a row."""

    codes: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float32]

    @property
    def width(self) -> int:
        return int(self.codes.shape[1])

    def rows(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """The embeddings of ids of any shape: that shape + (width,), float32."""
        return self.codes[ids].astype(np.float32) * self.scales[ids][..., None]


@lru_cache(maxsize=4)
def open_table(folder: Path) -> WordTable:
    """The table of a prepared folder; opened once a process, so that the models that share it share its pages."""
    return WordTable(np.load(folder / CODES, mmap_mode="r"), np.load(folder / SCALES))


@lru_cache(maxsize=4)
def open_pieces(folder: Path) -> PieceTokenizer:
    """The SentencePiece tokenizer of a prepared folder; one for a process, whatever models share it."""
    return PieceTokenizer(folder)


def write_table(weights: npt.NDArray[np.float32], folder: Path) -> None:
    """Writes (words, width) float32 weights as a table; `open_table` reads it."""
    scales = np.maximum(np.abs(weights).max(axis=1), np.finfo(np.float32).tiny) / 127
    np.save(folder / CODES, np.rint(weights / scales[:, None]).astype(np.int8))
    np.save(folder / SCALES, scales.astype(np.float32))
