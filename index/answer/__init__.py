"""What is said once candidates are scored."""

from index.answer.compose import Neighbours, compose, quote

__all__ = ["Neighbours", "compose", "quote"]
