"""The queue of updates; its two ways out: getUpdates and a webhook (Client.cpp: do_get_updates, WebhookActor.cpp)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.fake_telegram.errors import Refusal
from tests.fake_telegram.world import Json

TERMINATED = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
FIRST_RETRY, LONGEST_RETRY = 0.05, 1.0
"""The real server waits from a second up to a minute; tests are in more of a hurry."""


@dataclass
class Webhook:
    url: str
    secret: str
    failures: int = 0
    last_error: str = ""


@dataclass
class Updates:
    """What the bot has not acknowledged yet, in order."""

    next_id: int = field(default_factory=lambda: random.randrange(10**8, 2 * 10**9))
    """Telegram begins anywhere, and anew after a quiet week."""
    queue: deque[Json] = field(default_factory=deque)
    webhook: Webhook | None = None
    delivered: int = 0
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _poll: asyncio.Future[None] | None = None
    _lanes: dict[Any, deque[Json]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def add(self, kind: str, body: Json) -> int:
        """Queues an update and returns its id."""
        update = {"update_id": self.next_id, kind: json.loads(json.dumps(body))}
        self.next_id += 1
        self.queue.append(update)
        self._arrived.set()
        if self.webhook is not None:
            self._push(update)
        return int(update["update_id"])

    @property
    def polled(self) -> bool:
        """Whether a getUpdates is waiting now."""
        return self._poll is not None and not self._poll.done()

    async def get(self, offset: int, limit: int, timeout: float) -> list[Json]:
        """Acknowledges what is before `offset`, then gives what is waiting, or waits for it. A newer call ends an
        older one with 409."""
        if self.webhook is not None:
            raise Refusal(409, WEBHOOK_ACTIVE)
        if self._poll is not None and self.polled:
            self._poll.set_exception(Refusal(409, TERMINATED))
        mine = self._poll = asyncio.get_running_loop().create_future()
        ids = [update["update_id"] for update in self.queue]
        if offset > 0 and ids and offset <= ids[-1] + 1:
            while self.queue and self.queue[0]["update_id"] < offset:
                self.queue.popleft()
        if not self.queue and timeout > 0:
            await self._wait(mine, timeout)
        if mine.done():
            mine.result()
        mine.cancel()
        found = list(self.queue)[:limit]
        self.delivered += len(found)
        return found

    async def _wait(self, mine: asyncio.Future[None], timeout: float) -> None:
        self._arrived.clear()
        arrived: asyncio.Future[Any] = asyncio.ensure_future(self._arrived.wait())
        try:
            futures: list[asyncio.Future[Any]] = [mine, arrived]
            await asyncio.wait(futures, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            arrived.cancel()

    def set_webhook(self, url: str, secret: str) -> None:
        """Starts to push, or stops for an empty address; what waits is pushed first."""
        if url and self._poll is not None and self.polled:
            self._poll.set_exception(Refusal(409, "Conflict: terminated by setWebhook request"))
        for task in self._tasks:
            task.cancel()
        self._lanes.clear()
        self.webhook = Webhook(url, secret) if url else None
        if self.webhook is not None:
            for update in list(self.queue):
                self._push(update)

    def _push(self, update: Json) -> None:
        """Chats are pushed side by side, each in its order."""
        key = _lane(update)
        lane = self._lanes.setdefault(key, deque())
        lane.append(update)
        if len(lane) == 1:
            task = asyncio.create_task(self._run_lane(key, lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run_lane(self, key: Any, lane: deque[Json]) -> None:
        async with httpx.AsyncClient(timeout=10) as http:
            while lane:
                await self._deliver(http, lane[0])
                with contextlib.suppress(ValueError):
                    self.queue.remove(lane[0])
                self.delivered += 1
                lane.popleft()
        self._lanes.pop(key, None)

    async def _deliver(self, http: httpx.AsyncClient, update: Json) -> None:
        pause = 0.0
        while self.webhook is not None:
            headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.secret} if self.webhook.secret else {}
            try:
                response = await http.post(self.webhook.url, json=update, headers=headers)
                if response.is_success:
                    return
                self.webhook.last_error = f"Wrong response from the webhook: {response.status_code}"
            except httpx.HTTPError as error:
                self.webhook.last_error = f"Connection failed: {error!r}"
            self.webhook.failures += 1
            await asyncio.sleep(pause)
            pause = min(LONGEST_RETRY, pause * 2 or FIRST_RETRY)


def _lane(update: Json) -> Any:
    body = next(value for name, value in update.items() if name != "update_id")
    chat = body.get("chat") or body.get("message", {}).get("chat") or body.get("from") or {}
    return chat.get("id")
