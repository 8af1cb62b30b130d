from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.models.lookup import PIECES_TABLE, segmented
from index.models.prepare import prepare_encoder
from index.models.source import E5
from index.models.words import PieceTokenizer, normalise, open_pieces, open_table, write_table
from index.settings import LibrarySettings
from tests.index.models.conftest import Engine

LONGEST_PIECE = 16
ODD = (
    "a\u00a0b",
    "a \u00a0\u2009 b",
    "tab\there",
    "line\n\nbreak",
    "\ufeffbyte order mark",
    "zero\u200bwidth",
    "a\u2028b",
    "control\x01character",
    "  spaces at the front",
    "①②③ ﬁne ½ km²",
    "Ｆｕｌｌ　ｗｉｄｔｈ",
    "1～3개",
    "朝鲜向俄罗斯派兵约一万人。",
    "乌克兰总统于10月31日表示……",
    "북한군 1만 명이 러시아에 도착했다.",
    "🙂 emoji 🇺🇦 👩\u200d👩\u200d👧 and ❤️",
    "▁under",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "Ω K Å",
    "…",
)


@pytest.fixture(scope="module")
def pieces() -> PieceTokenizer:
    return open_pieces(prepare_encoder(LibrarySettings.load().models, E5).words)


def ids(pieces: PieceTokenizer, text: str) -> list[int]:
    return pieces.ids([f"query: {text}"], 10_000)[0]


def test_as_many_tokens_as_the_packages_own_engine(pieces: PieceTokenizer, engine: Engine, lines: list[str]) -> None:
    texts = [*lines, *(line.upper() for line in lines[:60]), *ODD]
    assert len(texts) > 250
    assert [text for text in texts if len(ids(pieces, text)) != engine.tokens(text)] == []


def best_segmentation(text: str, scores: dict[str, tuple[int, np.float32]], unknown: np.float32) -> list[int]:
    """The definition of a unigram tokenizer, spelled out: the segmentation of the greatest sum of scores."""
    marked = "▁" + text.replace(" ", "▁")
    best: list[tuple[np.float32, int, int]] = [(np.float32(0), 0, 0)]
    for end in range(1, len(marked) + 1):
        options = [(best[end - 1][0] + unknown, 3, end - 1)]
        for start in range(max(0, end - LONGEST_PIECE), end):
            if found := scores.get(marked[start:end]):
                options.append((best[start][0] + found[1], found[0], start))
        best.append(max(options, key=lambda option: option[0]))
    row, end = [], len(marked)
    while end:
        _, token, end = best[end]
        row.append(token)
    return row[::-1]


def test_the_ids_are_those_of_the_best_segmentation(pieces: PieceTokenizer, e5_folder: Path, lines: list[str]) -> None:
    vocabulary = json.loads((e5_folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    scores = {piece: (token, np.float32(score)) for token, (piece, score) in enumerate(vocabulary)}
    unknown = np.float32(min(score for _, score in vocabulary) - 10)
    for line in lines[::2]:
        assert ids(pieces, line)[1:-1] == best_segmentation(normalise(f"query: {line}"), scores, unknown)


def test_the_same_ids_as_the_tokenizer_of_the_folder(pieces: PieceTokenizer, e5_folder: Path, lines: list[str]) -> None:
    tokenizer = Tokenizer.from_file(str(e5_folder / "tokenizer.json"))
    texts = [*lines, *(text for text in ODD if "～" not in text)]
    assert [text for text in texts if ids(pieces, text) != tokenizer.encode(f"query: {text}").ids] == []


def test_white_space_at_the_ends_carries_no_meaning(pieces: PieceTokenizer) -> None:
    assert ids(pieces, "two  words \n ") == ids(pieces, "two words")


def test_letters_and_their_accents_apart_are_the_composed_letter(pieces: PieceTokenizer) -> None:
    assert ids(pieces, "cafe\u0301") == ids(pieces, "café")


def test_a_special_tokens_name_in_a_text_is_plain_text(pieces: PieceTokenizer) -> None:
    inside = ids(pieces, "</s> <mask> <pad>")[1:-1]
    assert not {0, 1, 2, 250_001} & set(inside)


@pytest.fixture(scope="module")
def loaded() -> PieceTokenizer:
    """The same tokenizer with SentencePiece in memory from the start."""
    tokenizer = PieceTokenizer(prepare_encoder(LibrarySettings.load().models, E5).words)
    tokenizer.load()
    return tokenizer


def looked_up(texts: list[str]) -> list[list[int]]:
    folder = prepare_encoder(LibrarySettings.load().models, E5).words
    return segmented([normalise(text) for text in texts], folder / PIECES_TABLE)


def test_looking_up_gives_the_ids_of_sentencepiece(loaded: PieceTokenizer, lines: list[str]) -> None:
    texts = [*lines[::3], *ODD, "", "🫠🫨🫥 unknown 🫠", "\ud800 half a pair"]
    assert looked_up(texts) == [row[1:-1] for row in loaded.ids(texts, 10_000)]


SCRIPTS = st.text(st.characters(categories=("L", "N", "P", "S", "Z"), max_codepoint=0x1FFFF), max_size=60)


@given(st.lists(st.one_of(SCRIPTS, st.text(alphabet="ab .,'’éйкоń가中🙂🫠 ", max_size=60)), max_size=4))
@settings(max_examples=60, deadline=None)
def test_looking_up_gives_the_ids_of_sentencepiece_for_any_text(loaded: PieceTokenizer, texts: list[str]) -> None:
    assert looked_up(texts) == [row[1:-1] for row in loaded.ids(texts, 10_000)]


def test_a_few_texts_do_not_load_sentencepiece_and_many_do() -> None:
    run = subprocess.run([sys.executable, "-c", FEW], cwd=Path(__file__).parents[3], capture_output=True, check=True)
    assert run.stdout.decode().split() == ["False", "True"]


FEW = """
import sys
from index.embed import Encoder
from index.settings import LibrarySettings
encoder = Encoder.open(LibrarySettings.load())
encoder.questions(["How many soldiers are there?"])
print("sentencepiece" in sys.modules)
encoder.passages(["A sentence of an article that is read into the library."] * 100)
print("sentencepiece" in sys.modules)
"""


def test_a_long_text_keeps_its_beginning_and_the_closing_token(pieces: PieceTokenizer) -> None:
    long = "word " * 1000
    assert pieces.ids([long], 512)[0] == [*pieces.ids([long], 10_000)[0][:511], 2]


def test_a_pair_fits_its_limit_and_the_question_its_own(pieces: PieceTokenizer) -> None:
    row = pieces.pairs([("why " * 300, "because " * 300)], 192, 64)[0]
    assert len(row) == 192
    assert [place for place, token in enumerate(row) if token == 2] == [65, 191]


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_text_becomes_ids_within_the_vocabulary(text: str) -> None:
    found = ids(open_pieces(prepare_encoder(LibrarySettings.load().models, E5).words), text)
    assert found[0] == 0
    assert found[-1] == 2
    assert all(0 <= token < 250_002 for token in found)


def test_a_table_gives_back_its_rows(tmp_path: Path) -> None:
    weights = np.random.default_rng(0).normal(size=(50, 16)).astype(np.float32)
    weights[7] = 0
    write_table(weights, tmp_path)
    rows = open_table(tmp_path).rows(np.array([[7, 3], [49, 0]]))
    assert rows.shape == (2, 2, 16)
    np.testing.assert_allclose(rows, weights[[[7, 3], [49, 0]]], atol=np.abs(weights).max() / 250)
