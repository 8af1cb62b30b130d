"""One file that holds everything a data folder can't make again, written while the bot runs; and the way back.

The file is a zip: `manifest.json` first (format, program, when, and of each database its schema, bytes and sha256),
then `chats.db` and `library.db`. Search caches are left out: they are rebuilt. Settings and the token are left out too.

The chats are copied before the library, so that whatever they point at in it is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from bot.errors import BackupError
from bot.store.base import FILE as CHATS
from bot.store.base import MIGRATIONS as CHAT_MIGRATIONS
from bot.store.base import open_store
from index import backup as databases
from index.backup import FILE as LIBRARY
from index.caches import replace, sync_folder, writers_turn
from index.library import MIGRATIONS as LIBRARY_MIGRATIONS
from index.settings import LibrarySettings
from index.store.engine import explained

FORMAT = 1
MANIFEST = "manifest.json"
MIGRATIONS = {CHATS: CHAT_MIGRATIONS, LIBRARY: LIBRARY_MIGRATIONS}
"""The databases of a data folder, in the order in which they are copied and put in place."""
BLOCK = 1 << 20
LONGEST_MANIFEST = 64 * 1024
STAGED = "restoring"
"""The folder inside the data folder where a backup is unpacked and checked before anything is replaced."""
INTERRUPTED = b"A restore was interrupted here. Run `pullquote restore FILE --force` again.\n"
"""Stands in the library's place while the databases are exchanged: no command takes it for a library."""


@dataclass(frozen=True, slots=True)
class Part:
    """A database in a backup."""

    schema: str | None
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    program: str
    made_at: str
    parts: dict[str, Part]


def save(settings: LibrarySettings, file: Path, force: bool = False) -> Manifest:
    """Writes a backup, whole or not at all; readable by its owner alone. Raises BackupError, LibraryError."""
    _refuse_postgresql(settings)
    present = [name for name in MIGRATIONS if (settings.data / name).exists()]
    if LIBRARY not in present:
        raise BackupError(f"There is no library in {settings.data}, so there is nothing to back up.")
    _refuse_overwriting(file, force)
    with explained(file), _working_folder(file.with_name(f".{file.name}.part")) as folder:
        for name in present:
            databases.copy(settings.data / name, folder / name)
        manifest = Manifest(
            FORMAT, _version(), _now(), {name: _part(folder / name, MIGRATIONS[name]) for name in present}
        )
        whole = _packed(manifest, folder)
        _refuse_overwriting(file, force)
        whole.replace(file)
        sync_folder(file.parent)
    return manifest


def restore(settings: LibrarySettings, file: Path, force: bool = False) -> tuple[Manifest, int]:
    """Puts a backup in the place of what the data folder holds; returns what it said and its sentences.

    Everything is unpacked, compared with its hash, brought up to date and verified before anything is replaced. Killed
    in the middle, the folder holds either what it held, or what no command takes for a library until this is run again.
    Raises BackupError, LibraryError.
    """
    _refuse_postgresql(settings)
    data = settings.data
    if not force and any((data / name).exists() for name in MIGRATIONS):
        raise BackupError(f"{data} is in use: it holds a library. Name another folder, or replace it with --force.")
    with explained(data), _read(file) as (manifest, packed), _working_folder(data / STAGED) as folder:
        for name, part in manifest.parts.items():
            _unpack(packed, name, part, folder / name, file)
        sentences = databases.adopt(folder, settings)
        if CHATS in manifest.parts:
            open_store(folder).dispose()
            databases.close(folder / CHATS)
        _exchange(folder, data)
    return manifest, sentences


def _exchange(folder: Path, data: Path) -> None:
    for name in MIGRATIONS:
        databases.clear_the_way(data / name)
    replace(data / LIBRARY, INTERRUPTED)
    for name in MIGRATIONS:
        if (folder / name).exists():
            (folder / name).replace(data / name)
        else:
            (data / name).unlink(missing_ok=True)
        sync_folder(data)


@contextmanager
def _read(file: Path) -> Iterator[tuple[Manifest, zipfile.ZipFile]]:
    foreign = f"{file} is no whole backup of Pullquote: it is something else, or was cut off. Nothing was changed."
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    try:
        packed = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BackupError(foreign) from error
    with packed:
        try:
            if packed.getinfo(MANIFEST).file_size > LONGEST_MANIFEST:
                raise BackupError(foreign)
            said = json.loads(packed.read(MANIFEST))
            if said["format"] > FORMAT:
                raise BackupError(f"{file} was made by a newer Pullquote ({said['program']}). Install that one.")
            parts = {name: Part(**part) for name, part in said["parts"].items() if name in MIGRATIONS}
            manifest = Manifest(int(said["format"]), str(said["program"]), str(said["made_at"]), parts)
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise BackupError(foreign) from error
        if LIBRARY not in parts:
            raise BackupError(foreign)
        yield manifest, packed


def _unpack(packed: zipfile.ZipFile, name: str, part: Part, to: Path, file: Path) -> None:
    """Never writes more than the manifest says, and takes nothing whose hash differs."""
    digest, left = hashlib.sha256(), part.bytes
    try:
        with packed.open(name) as source, to.open("wb") as target:
            while left >= 0 and (block := source.read(BLOCK)):
                left -= len(block)
                digest.update(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError):
        left = -1
    if left or digest.hexdigest() != part.sha256:
        raise BackupError(f"{file} is damaged: its {name} is not what was backed up. Nothing was changed.")


def _packed(manifest: Manifest, folder: Path) -> Path:
    whole = folder / "whole.zip"
    with open(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
        # Texts shrink to a third at the quickest level; vectors hardly shrink at any.
        with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            packed.writestr(MANIFEST, json.dumps(asdict(manifest), indent=2))
            for name in manifest.parts:
                packed.write(folder / name, name)
        handle.flush()
        os.fsync(handle.fileno())
    return whole


@contextmanager
def _working_folder(folder: Path) -> Iterator[Path]:
    """A folder for one process at a time; what a killed one left in it is cleared away."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with writers_turn(folder) as mine:
        if not mine:
            raise BackupError(f"Another backup or restore is at work in {folder}. Wait for it.")
        folder.chmod(0o700)
        for left in folder.iterdir():
            if left.name != "lock":
                left.unlink()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _part(database: Path, migrations: Path) -> Part:
    with database.open("rb") as handle:
        digest = _digest(handle)
    return Part(databases.schema(database, migrations), database.stat().st_size, digest)


def _digest(handle: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := handle.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _refuse_overwriting(file: Path, force: bool) -> None:
    if file.is_dir():
        raise BackupError(f"{file} is a folder. Name a file, such as {file / 'pullquote.zip'}.")
    if file.exists() and not force:
        raise BackupError(f"{file} is there already. Name another file, or overwrite it with --force.")


def _refuse_postgresql(settings: LibrarySettings) -> None:
    if settings.database_url:
        raise BackupError("The library is in PostgreSQL; back it up and restore it with pg_dump and pg_restore.")


def _version() -> str:
    from importlib.metadata import version

    return version("pullquote")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
