"""A prepared model: a folder with a manifest that names its files with their hashes.

It is written beside its place and renamed into it, under a lock: it is there whole or not at all. Opening compares
sizes and times with what was recorded (hashing 120 MB at each start would take longer than the answer);
`check_hashes` reads everything.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from index.errors import ModelError
from index.models.package import sha256_of

MANIFEST = "manifest.json"
GRAPH = "model.onnx"
FORMAT = 3
"""Grows when a folder that was prepared by an older version can't be used any more."""
NUMBERS = 2
"""Grows when the same weights give other vectors or scores than before."""
COMMAND = "python -m index.models"

Precision = Literal["int8", "float32"]
Inputs = Literal["embeddings", "ids"]


@dataclass(frozen=True, slots=True)
class FileMark:
    """What a file was when it was prepared. `modified`: whole seconds since 1970."""

    sha256: str
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a prepared folder holds.

    `weights`: the hash of the weights that it was made from. `question` and `passage` are the prompts put before a
    text. `inputs`: what the graph takes, ids or word embeddings that were looked up before. `words`: the folder beside
    this one whose tokenizer and table it uses, when not its own. `origins`: files that it was made from and that may be
    exchanged later, by name.
    """

    name: str
    precision: Precision
    weights: str
    inputs: Inputs
    dimension: int
    max_length: int
    question: str
    passage: str
    padding: int
    files: Mapping[str, FileMark]
    words: str | None = None
    origins: Mapping[str, FileMark] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def fingerprint(self) -> str:
        """32 hex digits; vectors and scores of two fingerprints are never compared."""
        parts = (str(NUMBERS), self.weights, self.precision, self.question, self.passage)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An opened folder: its manifest was read and its files are as they were prepared."""

    folder: Path
    manifest: Manifest

    @property
    def words(self) -> Path:
        """The folder that holds the tokenizer and the word table."""
        return self.folder.parent / self.manifest.words if self.manifest.words else self.folder


def folder_name(name: str, precision: Precision) -> str:
    """A folder's name for a model's name: readable, and unique for names with odd characters."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")
    if plain != name:
        plain = f"{plain[-40:]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return f"{plain}-{precision}"


def open_prepared(folder: Path, name: str) -> Prepared:
    """Raises ModelError, naming the command to run, when the folder is missing, foreign, torn or changed."""
    manifest = _read_manifest(folder, name)
    for file, mark in manifest.files.items():
        if not is_unchanged(folder / file, mark):
            raise _changed(folder / file, name)
    return Prepared(folder, manifest)


def check_hashes(folder: Path, name: str) -> None:
    """Reads every file of a prepared folder and raises ModelError for the first that has another hash."""
    for file, mark in _read_manifest(folder, name).files.items():
        path = folder / file
        if not path.is_file() or sha256_of(path) != mark.sha256:
            raise _changed(path, name)


def _read_manifest(folder: Path, name: str) -> Manifest:
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {file: FileMark(**mark) for file, mark in found.pop("files").items()}
        origins = {file: FileMark(**mark) for file, mark in found.pop("origins").items()}
        manifest = Manifest(**found, files=files, origins=origins)
    except FileNotFoundError:
        raise ModelError(f"The model {name} is not prepared yet: run `{COMMAND}`.") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ModelError(f"{folder / MANIFEST} can't be read: remove {folder} and run `{COMMAND}`.") from None
    if manifest.format != FORMAT:
        raise ModelError(f"The model {name} was prepared by another version: run `{COMMAND}`.")
    return manifest


def is_unchanged(path: Path, mark: FileMark) -> bool:
    """A file whose time changed though its size did not (a copied folder) is read in full."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return False
    if status.st_size != mark.size:
        return False
    return int(status.st_mtime) == mark.modified or sha256_of(path) == mark.sha256


def _changed(path: Path, name: str) -> ModelError:
    return ModelError(
        f"{path} of the model {name} is missing or not as it was prepared: remove {path.parent} and run `{COMMAND}`."
    )


def marks(folder: Path) -> dict[str, FileMark]:
    """The marks of every file in a folder, by name."""
    return {path.name: file_mark(path) for path in sorted(folder.iterdir()) if path.is_file()}


def file_mark(path: Path) -> FileMark:
    """The mark of a file as it is now."""
    status = path.stat()
    return FileMark(sha256_of(path), status.st_size, int(status.st_mtime))


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Writes the manifest, which makes the folder a prepared one."""
    text = json.dumps(asdict(manifest), indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Gives an empty folder that takes the place of `target` when the block ends well, and is gone when it does not.

    Call it within `alone(target)`. What an interrupted run left is removed.
    """
    for left in target.parent.glob(f".{target.name}.*.part"):
        shutil.rmtree(left)
    part = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    part.chmod(0o755)  # another user may run what this one prepared
    try:
        yield part
        if target.exists():
            old = part.with_suffix(".old.part")
            os.rename(target, old)
            os.rename(part, target)
            shutil.rmtree(old)
        else:
            os.rename(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def scratch(target: Path) -> Iterator[Path]:
    """A folder for what preparing `target` needs on the way; should it stay after a crash, `replacing` removes it."""
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", suffix=".part", dir=target.parent) as work:
        yield Path(work)


@contextmanager
def alone(target: Path) -> Iterator[None]:
    """One process at a time prepares `target`; another waits until it is done."""
    from filelock import FileLock

    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.parent / f".{target.name}.lock"):
        yield
