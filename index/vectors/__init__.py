"""FAISS, as a cache: vectors of sentences, rebuilt from the store wherever it can't be used."""

from index.vectors.live import Vectors
from index.vectors.source import Limits, VectorSource, VectorState

__all__ = ["Limits", "VectorSource", "VectorState", "Vectors"]
