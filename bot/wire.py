"""One message on its way at a time, so that a crash can leave only one of which nobody knows whether it arrived."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

PATIENCE = 0.25
"""Seconds after which a message that is out no longer holds up the others: a stalled call is one chat's trouble."""


class Wire:
    """Let through in the order of asking."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._turn = asyncio.Lock()
        self._freed = asyncio.Event()
        self._out: dict[object, float] = {}

    @property
    def out(self) -> int:
        """How many are on their way: more than one only where calls take longer than PATIENCE."""
        return len(self._out)

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Inside, a message is on its way; from here on until its outcome is stored."""
        async with self._turn:
            await self._free()
            mine = object()
            self._out[mine] = self._clock()
        try:
            yield
        finally:
            del self._out[mine]
            self._freed.set()

    async def _free(self) -> None:
        while self._out and (rest := max(self._out.values()) + PATIENCE - self._clock()) > 0:
            self._freed.clear()
            try:
                await asyncio.wait_for(self._freed.wait(), rest)
            except TimeoutError:
                return
