"""Questions from many chats that wait at the same moment are asked of the library together, off the event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import structlog

from bot import metrics
from index.article import Answer, Question

log = structlog.get_logger()

MOST = 8
"""Questions in one batch. Each waits for the whole batch, and reading pairs costs the same for each: more would buy
little and make everybody wait."""


class Answers(Protocol):
    """The part of `index.library.Library` that is needed here."""

    def ask_many(self, questions: Sequence[Question]) -> list[Answer]: ...


class Together:
    """Batches form by themselves: what arrives while one batch is being answered is the next one."""

    def __init__(self, library: Answers) -> None:
        self._library = library
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="questions")
        self._waiting: list[tuple[Question, asyncio.Future[Answer]]] = []
        self._running: asyncio.Task[None] | None = None

    async def ask(self, question: Question) -> Answer:
        """The library's answer. Raises what the library raises for this question, whatever others asked."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, future))
        came = time.perf_counter()
        future.add_done_callback(lambda done: _count(done, came))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run(), name="questions")
        answer = await future
        log.info("question", outcome=_outcome(answer), seconds=round(answer.ms / 1000, 4))
        return answer

    def close(self) -> None:
        """Waits for the batch that is being answered; the others were cancelled by whoever asked."""
        self._thread.shutdown(cancel_futures=True)

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            batch = [(question, future) for question, future in batch if not future.done()]
            if batch:
                await self._answer(batch)

    async def _answer(self, batch: list[tuple[Question, asyncio.Future[Answer]]]) -> None:
        metrics.questions_together.observe(len(batch))
        questions = [question for question, _ in batch]
        began = time.perf_counter()
        work = asyncio.get_running_loop().run_in_executor(self._thread, self._library.ask_many, questions)
        await asyncio.wait([work])
        metrics.step_seconds.labels("asking").observe(time.perf_counter() - began)
        error = work.exception()
        if error is not None and len(batch) > 1:
            # One question must not take the others down with it.
            for single in batch:
                await self._answer([single])
            return
        for number, (_, future) in enumerate(batch):
            if future.done():
                continue
            if error is None:
                future.set_result(work.result()[number])
            else:
                future.set_exception(error)


def _outcome(answer: Answer) -> str:
    return "answered" if answer.answered else "silent"


def _count(done: asyncio.Future[Answer], came: float) -> None:
    if done.cancelled():
        return
    if done.exception() is not None:
        metrics.questions.labels("failed").inc()
        return
    answer = done.result()
    metrics.questions.labels(_outcome(answer)).inc()
    metrics.step_seconds.labels("waiting").observe(max(0.0, time.perf_counter() - came - answer.ms / 1000))
