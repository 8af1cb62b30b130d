"""What is said once candidates are scored."""

from index.answer.compose import Neighbours, compose, newest_first, quote

__all__ = ["Neighbours", "compose", "newest_first", "quote"]
