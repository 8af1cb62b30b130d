"""A few texts to pieces without loading the tokenizer: the same segmentation, by look-ups in a small database.

Loading SentencePiece's 250,000 pieces takes half a second and 67 MB, which is most of a cold question; a question needs
two hundred of them. For many texts SentencePiece is far faster, so this is for the first few only (see words.py).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

PIECES_TABLE = "pieces.db"
_SPACE = "▁"
_UNKNOWN_PENALTY = 10
"""SentencePiece's: an unknown character scores this much less than the least probable piece."""

Found = dict[str, tuple[int, np.float32]]


def write_lookup(pieces: Iterable[tuple[str, int, float]], unknown: int, path: Path) -> None:
    """Writes the pieces that may be found in a text: text, id and score of each; `unknown` is the id of no piece."""
    rows = list(pieces)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute(
            "CREATE TABLE pieces (text TEXT PRIMARY KEY, id INTEGER NOT NULL, score REAL NOT NULL) WITHOUT ROWID"
        )
        connection.execute("CREATE TABLE bounds (longest INTEGER, lowest REAL, unknown INTEGER)")
        connection.executemany("INSERT INTO pieces VALUES (?, ?, ?)", sorted(rows))
        longest = max(len(text) for text, _, _ in rows)
        lowest = min(score for _, _, score in rows)
        connection.execute("INSERT INTO bounds VALUES (?, ?, ?)", (longest, lowest, unknown))


def segmented(texts: Sequence[str], path: Path) -> list[list[int]]:
    """The ids of each normalised text, as SentencePiece gives them."""
    marked = [_SPACE + text.replace(" ", _SPACE) if text else "" for text in texts]
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
        longest, lowest, unknown = connection.execute("SELECT longest, lowest, unknown FROM bounds").fetchone()
        wanted = json.dumps(sorted({part for text in marked for part in _parts(text, longest)}))
        query = "SELECT text, id, score FROM pieces WHERE text IN (SELECT value FROM json_each(?))"
        found = {text: (token, np.float32(score)) for text, token, score in connection.execute(query, (wanted,))}
    penalty = np.float32(lowest) - np.float32(_UNKNOWN_PENALTY)
    return [_best(text, found, longest, penalty, unknown) for text in marked]


def _parts(text: str, longest: int) -> Iterable[str]:
    for start in range(len(text)):
        for end in range(start + 1, min(len(text), start + longest) + 1):
            yield text[start:end]


def _best(text: str, found: Found, longest: int, penalty: np.float32, unknown: int) -> list[int]:
    """The segmentation of the greatest sum of scores (Viterbi); a run of unknown characters is one id."""
    best: list[tuple[np.float32, int, int] | None] = [None] * (len(text) + 1)  # score so far, last id, where it begins
    best[0] = (np.float32(0), unknown, 0)
    for start in range(len(text)):
        before = best[start]
        if before is None:
            continue
        for end in range(start + 1, min(len(text), start + longest) + 1):
            piece = found.get(text[start:end]) or ((unknown, penalty) if end == start + 1 else None)
            if piece is None:
                continue
            score, known = before[0] + piece[1], best[end]
            if known is None or score > known[0]:
                best[end] = (score, piece[0], start)
    return _backwards(best, unknown)


def _backwards(best: Sequence[tuple[np.float32, int, int] | None], unknown: int) -> list[int]:
    ids: list[int] = []
    end = len(best) - 1
    while end > 0 and (step := best[end]):
        _, token, end = step
        if not (token == unknown and ids and ids[-1] == unknown):
            ids.append(token)
    return ids[::-1]
