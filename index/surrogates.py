"""Halves of characters, which UTF-8 can't hold: JSON may name one, and Python keeps bytes that are no text as such."""

from __future__ import annotations

import re
from pathlib import Path

_SURROGATE = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """The text with U+FFFD in place of each lone surrogate, so that it can be stored, embedded and printed."""
    return _SURROGATE.sub("\ufffd", text)


def path_text(path: Path | str) -> str:
    """A path, or a name, as text that can be stored and printed: its bytes that are no text as "\\xff", so that no two
    look alike."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
