"""What is said of a file, a line or an entry that could not become an article."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """`address` as in `Draft.address`; `reason` is one sentence: what was wrong and what to do."""

    address: str
    reason: str
