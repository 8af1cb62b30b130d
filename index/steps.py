"""How long each step of a question takes, told to whoever listens: a running bot counts it for /metrics."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EMBED, WORDS, VECTORS, CROSS_ENCODER = STEPS = ("embed", "words", "vectors", "cross-encoder")

Listener = Callable[[str, float], None]
"""Gets a step's name and its seconds, in the thread that took it."""

_listeners: list[Listener] = []


@contextmanager
def step(name: str) -> Iterator[None]:
    """What is done inside of this is that step."""
    if not _listeners:
        yield
        return
    began = time.perf_counter()
    try:
        yield
    finally:
        seconds = time.perf_counter() - began
        for listener in tuple(_listeners):
            listener(name, seconds)


@contextmanager
def heard(listener: Listener) -> Iterator[None]:
    """The listener hears of every step of this process inside of this."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
