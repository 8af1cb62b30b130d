"""Updates by long polling: an update is acknowledged (by the next call's offset) only after it was stored."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.errors import ApiRefused, ApiUnreachable
from bot.telegram.api import BotApi, rejected
from bot.telegram.incoming import lane_of
from index.errors import LibraryError

log = structlog.get_logger()

Accept = Callable[[list[tuple[int, dict[str, Any]]]], Awaitable[None]]

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
GATHER_SECONDS = 0.02
"""After updates, so long until the next call: where many are on their way, they come in fewer calls and commits."""
ANOTHER_POLLER = (
    "Another process gets this bot's updates. Stop it: one token can serve one running bot "
    "(409: terminated by other getUpdates request)."
)


class Poller:
    """Asks for updates until it is cancelled.

    It starts without an offset: Telegram then repeats what was not acknowledged, and the inbox knows what it has seen.
    An offset kept from before would lose updates, since Telegram starts its ids anew after a quiet week.
    """

    def __init__(self, api: BotApi, accept: Accept) -> None:
        self._api = api
        self._accept = accept
        self._offset = 0
        self._pause = 0.0
        self._said: str | None = None
        self._reached_at = time.monotonic()

    def reached_within(self, seconds: float) -> bool:
        """Whether Telegram answered lately (or this has only just begun)."""
        return time.monotonic() - self._reached_at < seconds

    async def run(self) -> None:
        """Raises TokenRejected when the token is not accepted (any longer); waits out everything else."""
        await self._stop_webhook()
        while True:
            if await self._poll():
                self._pause, self._said = 0.0, None
                self._reached_at = time.monotonic()
            else:
                self._pause = min(LONGEST_PAUSE, self._pause * 2 or FIRST_PAUSE)
                await asyncio.sleep(self._pause)

    async def _stop_webhook(self) -> None:
        """Telegram gives updates one way at a time."""
        while True:
            try:
                await self._api.call("deleteWebhook", {})
                return
            except (ApiRefused, ApiUnreachable) as error:
                self._explain(error)
                await asyncio.sleep(FIRST_PAUSE)

    async def _poll(self) -> bool:
        try:
            found = await self._api.updates(self._offset)
            await self._accept([(lane_of(update), update) for update in found])
        except (ApiRefused, ApiUnreachable, LibraryError) as error:
            self._explain(error)
            return False
        if found:
            self._offset = int(found[-1]["update_id"]) + 1
            await asyncio.sleep(GATHER_SECONDS)
        return True

    def _explain(self, error: ApiRefused | ApiUnreachable | LibraryError) -> None:
        """Says what is wrong, each thing once until it is over. Raises TokenRejected where waiting can't help."""
        if isinstance(error, ApiRefused):
            if (fatal := rejected(error)) is not None:
                raise fatal from None
            if error.retry_after:  # The pause is doubled before it is taken.
                self._pause = max(self._pause, error.retry_after / 2)
        line = ANOTHER_POLLER if isinstance(error, ApiRefused) and error.code == 409 else f"No updates: {error}"
        if line != self._said:
            log.warning(line)
            self._said = line
