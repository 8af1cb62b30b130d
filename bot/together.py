"""Questions from many chats that wait at the same moment are asked of the library together, off the event loop."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Protocol

import structlog

from bot import metrics
from index.article import Answer, Question
from index.several import has_follow_up

log = structlog.get_logger()

FEW, MANY = 2, 32
"""Questions in one batch: few where reading pairs takes long, since everybody waits for the whole batch and the pairs
of each cost the same; many where what a batch costs by itself is worth sharing."""
BATCH_SECONDS = 0.4
"""How long a batch of more than FEW should take. A stop waits for the batch under way."""
KEPT = 256
"""Answers kept for as long as the library stays as it is: an inline query comes with every pause in typing, and many
people ask the same when something happens."""


class Answers(Protocol):
    """The part of `index.library.Library` that is needed here."""

    @property
    def version(self) -> int: ...

    def ask_many(self, questions: Sequence[Question]) -> list[Answer]: ...


class Kept:
    """Answers of one version of the library, each computed once. The very same question only: its text, what it
    follows, its filters, how many are wanted, the accepted share of false answers. For one thread."""

    def __init__(self, library: Answers) -> None:
        self._library = library
        self._version: int | None = None
        self._answers: OrderedDict[Question, Answer] = OrderedDict()

    def ask_many(self, questions: Sequence[Question]) -> list[Answer]:
        """Answers in the questions' order. Raises what the library raises."""
        began, version = time.perf_counter(), self._library.version
        if version != self._version:
            self._version = version
            self._answers.clear()
        questions = [_alone(question) for question in questions]
        asked = dict.fromkeys(questions)
        new = [question for question in asked if question not in self._answers]
        ms = (time.perf_counter() - began) * 1000
        found = {question: replace(self._answers[question], ms=ms) for question in asked if question in self._answers}
        if new:
            found.update(zip(new, self._library.ask_many(new), strict=True))
        for question, answer in found.items():
            self._answers[question] = answer
            self._answers.move_to_end(question)
        while len(self._answers) > KEPT:
            self._answers.popitem(last=False)
        return [found[question] for question in questions]


def _alone(question: Question) -> Question:
    """The question without the one before it, where that has no say in the answer."""
    return question if has_follow_up(question) else replace(question, previous=None)


class Together:
    """Batches form by themselves: what arrives while one batch is being answered is the next one."""

    def __init__(self, library: Answers) -> None:
        self._library = Kept(library)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="questions")
        self._waiting: list[tuple[Question, asyncio.Future[Answer]]] = []
        self._running: asyncio.Task[None] | None = None
        self._most = MANY // 4

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
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            batch = [(question, future) for question, future in batch if not future.done()]
            if batch:
                await self._answer(batch)

    async def _answer(self, batch: list[tuple[Question, asyncio.Future[Answer]]]) -> None:
        metrics.questions_together.observe(len(batch))
        questions = [question for question, _ in batch]
        began = time.perf_counter()
        work = asyncio.get_running_loop().run_in_executor(self._thread, self._library.ask_many, questions)
        await asyncio.wait([work])
        seconds = time.perf_counter() - began
        metrics.step_seconds.labels("asking").observe(seconds)
        self._most = max(FEW, min(MANY, 2 * self._most, int(BATCH_SECONDS * len(batch) / max(seconds, 1e-6))))
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
