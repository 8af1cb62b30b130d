"""Files and folders to drafts of articles: one module per format, this one in front."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from index.article import Draft
from index.errors import ReadError
from index.readers.failure import ReadFailure
from index.surrogates import path_text

__all__ = ["LARGEST_FILE", "SUFFIXES", "ReadFailure", "count", "passed_over", "read"]

LARGEST_FILE = 50_000_000
"""Bytes in the largest file that is read as a whole; JSONL is streamed and may be larger."""

_TEXT, _MARKDOWN, _HTML, _JSONL = {".txt", ".text"}, {".md", ".markdown"}, {".html", ".htm"}, {".jsonl", ".ndjson"}
_FEED = {".xml", ".rss", ".atom"}
SUFFIXES = frozenset(_TEXT | _MARKDOWN | _HTML | _JSONL | _FEED | {".json"})


def read(path: Path) -> Iterator[Draft | ReadFailure]:
    """The articles of a file, or of a folder's files: recursively, in the order of their names, one at a time.

    A draft's address is the absolute path as a string, with "#" and the line, the place or the post's number where one
    file holds many. In a folder, hidden files, links that lead in a circle and files of other suffixes are passed over.
    A broken file is a ReadFailure and stops nothing. Raises ReadError for no such file, for a suffix that is not known,
    and for a folder without articles.
    """
    path = Path(os.path.abspath(path))
    if path.is_dir():
        yield from _read_folder(path)
        return
    _must_be_readable(path)
    yield from _read_file(path)


def count(path: Path) -> int | None:
    """How many files, or lines of one JSONL file, there are to read, for a progress bar; None if that can't be told."""
    try:
        if path.is_dir():
            return sum(1 for _ in _files(path))
        if path.suffix.lower() in _JSONL:
            return _count_lines(path)
    except OSError:
        return None
    return 1 if path.is_file() else None


def passed_over(path: Path) -> Iterator[Path]:
    """The files of a folder that are of no format that is read; none of a file."""
    return (found for found in _all_files(path) if not _is_known(found)) if path.is_dir() else iter(())


def _count_lines(path: Path) -> int:
    lines, last = 0, b"\n"
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            lines += block.count(b"\n")
            last = block[-1:]
    return lines + (last != b"\n")


def _read_folder(folder: Path) -> Iterator[Draft | ReadFailure]:
    found = False
    for path in _files(folder):
        found = True
        yield from _read_file(path)
    if not found:
        raise ReadError(f"There are no articles in {folder}: files that end in {_listed()} are read.")


def _listed() -> str:
    return ", ".join(sorted(SUFFIXES))


def _must_be_readable(path: Path) -> None:
    if not path.exists():
        raise ReadError(f"There is no file or folder {path}: check the name.")
    if not _is_known(path):
        raise ReadError(f"{path.name} is of no format that can be read: give it one of {_listed()}.")


def _is_known(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES


def _files(folder: Path) -> Iterator[Path]:
    """Files of known suffixes below a folder, by name."""
    return filter(_is_known, _all_files(folder))


def _all_files(folder: Path, above: frozenset[tuple[int, int]] = frozenset()) -> Iterator[Path]:
    """Files below a folder, by name, but for hidden ones; a folder that is its own ancestor is not entered again."""
    try:
        own = folder.stat()
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    identity = (own.st_dev, own.st_ino)
    if identity in above:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = folder / entry.name
        if path.is_dir():
            yield from _all_files(path, above | {identity})
        else:
            yield path


def _read_file(path: Path) -> Iterator[Draft | ReadFailure]:
    """What a file holds; whatever is wrong with it is its one ReadFailure."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ReadError("It is no regular file.")
        if path.suffix.lower() in _JSONL:
            yield from _streamed(path)
        else:
            yield from _whole(path)
    except ReadError as error:
        yield ReadFailure(path_text(path), str(error))
    except PermissionError:
        yield ReadFailure(path_text(path), "It may not be read by this user: change its permissions.")
    except OSError as error:
        yield ReadFailure(path_text(path), f"It can't be read: {error.strerror or error}.")


def _streamed(path: Path) -> Iterator[Draft | ReadFailure]:
    from index.readers.jsonl import read_jsonl

    found = False
    for item in read_jsonl(path):
        found = True
        yield item
    if not found:
        raise ReadError("It is empty.")


def _whole(path: Path) -> Iterator[Draft | ReadFailure]:
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise ReadError(f"It has {size:,} bytes, and {LARGEST_FILE:,} are read at most: split it, or make it JSONL.")
    data = path.read_bytes()
    if not data.strip():
        raise ReadError("It is empty.")
    suffix = path.suffix.lower()
    if suffix == ".json":
        yield from _json(data, path)
    elif suffix in _FEED:
        yield from _feed(data, path)
    else:
        yield _reader(suffix)(data, path_text(path.stem), path_text(path))


def _reader(suffix: str) -> Callable[[bytes, str, str], Draft]:
    if suffix in _MARKDOWN:
        from index.readers.markdown import read_markdown

        return read_markdown
    if suffix in _HTML:
        from index.readers.html import read_html

        return read_html
    from index.readers.plain import read_plain

    return read_plain


def _json(data: bytes, path: Path) -> Iterator[Draft | ReadFailure]:
    from index.readers.feed import is_json_feed
    from index.readers.jsonl import draft_of, parse, read_list
    from index.readers.plain import decode
    from index.readers.telegram_export import is_export, posts

    value = parse(decode(data))
    if is_export(value):
        yield from posts(value, path_text(path))
    elif is_json_feed(value):
        yield from _feed(data, path)
    elif isinstance(value, list):
        yield from read_list(value, path)
    else:
        yield draft_of(value, path_text(path.stem), path_text(path))


def _feed(data: bytes, path: Path) -> Iterator[Draft | ReadFailure]:
    from index.readers.feed import read_feed

    entries = read_feed(data, path_text(path)).entries
    if not entries:
        raise ReadError("The feed has no entries.")
    yield from (entry.draft for entry in entries)
