"""The lexical index (tantivy), as a cache: rebuilt from the store wherever it can't be used."""

from index.words.live import Words
from index.words.source import WordLimits, WordSource, WordState

__all__ = ["WordLimits", "WordSource", "WordState", "Words"]
