"""What takes long and was asked for in a chat: adding and removing articles, told by editing one message.

A job is stored in the commit that answers its request, and runs again after a crash, here or in another process:
adding is idempotent.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog

from bot import conversation
from bot.conversation.turn import (
    AddFile,
    Adding,
    AddLink,
    Done,
    Failed,
    Job,
    Reading,
    Recheck,
    Rechecked,
    Remove,
    Removed,
    Step,
    TakePost,
)
from bot.errors import ApiRefused, ApiUnreachable
from bot.outbox import Outbox, outgoing
from bot.render import telegram as render
from bot.store import jobs, outbox
from bot.store.jobs import StoredJob
from bot.store.writer import Writer
from bot.telegram.api import BotApi
from index.article import ArticleId, SentenceId
from index.errors import LibraryLocked, LibraryUnreachable, PullquoteError
from index.readers.telegram_export import read_post
from index.store.engine import reading

if TYPE_CHECKING:
    from index.ingest import Outcome
    from index.library import Library

log = structlog.get_logger()

TELL_SECONDS = 2.0
"""Progress is told no more often: Telegram counts edits as messages."""
REASONS = 3
AGAIN_SECONDS = 2.0
"""A job that the database broke off begins again after so long."""

Work = AddFile | AddLink | Remove | Recheck | TakePost


def stored(work: Work) -> StoredJob:
    """A job as it is kept."""
    return StoredJob(work.job.key, json.dumps({"kind": type(work).__name__, **asdict(work)}, ensure_ascii=False))


def restored(row: StoredJob) -> Work:
    """The inverse of `stored`."""
    body: dict[str, Any] = json.loads(row.body)
    job = Job(**body["job"])
    match body["kind"]:
        case "AddFile":
            return AddFile(job, body["file_id"], body["name"])
        case "AddLink":
            return AddLink(job, body["url"])
        case "Recheck":
            return Recheck(job, SentenceId(body["sentence"]))
        case "TakePost":
            return TakePost(job, **{name: body[name] for name in TakePost.__slots__ if name != "job"})
    return Remove(job, ArticleId(body["article"]))


class Jobs:
    """Runs jobs one after another; writers of a library take turns anyway."""

    def __init__(
        self, api: BotApi, library: Library, engine: sa.Engine, writer: Writer, sender: Outbox, owner: str = ""
    ) -> None:
        self._api = api
        self._library = library
        self._engine = engine
        self._writer = writer
        self._sender = sender
        self._owner = owner
        self._waiting: asyncio.Queue[Work] = asyncio.Queue()
        self._known: set[str] = set()
        self._stopping = threading.Event()

    def keep(self, work: Work, now: float) -> Callable[[sa.Connection], None]:
        """What to write in the commit that promises the job."""
        return lambda connection: jobs.add(connection, stored(work), now, self._owner)

    def begin(self, work: Work) -> None:
        """After that commit."""
        if work.job.key not in self._known:
            self._known.add(work.job.key)
            self._waiting.put_nowait(work)

    def stop(self) -> None:
        """The job under way ends after the article it is at, and is taken up at the next start."""
        self._stopping.set()

    async def look(self) -> None:
        """Takes up what was not finished, of this process and of those that are gone. Raises LibraryError."""
        for row in await asyncio.to_thread(self._read_waiting):
            self.begin(restored(row))

    def _read_waiting(self) -> list[StoredJob]:
        with reading(self._engine) as connection:
            orphaned = jobs.orphaned(connection, self._owner)
        if orphaned:
            self._writer.submit(partial(jobs.adopt, owner=self._owner)).result()
        with reading(self._engine) as connection:
            return jobs.waiting(connection, self._owner)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            work = await self._waiting.get()
            while (error := await self._tried(work)) is not None:
                log.warning("a job must wait", request=work.job.key, error=str(error))
                await asyncio.sleep(AGAIN_SECONDS)
            self._known.discard(work.job.key)

    async def _tried(self, work: Work) -> PullquoteError | None:
        """One attempt; what stood in its way where that will pass."""
        with tempfile.TemporaryDirectory(prefix="pullquote-") as folder:
            try:
                path = await self._fetched(work, Path(folder))
                await asyncio.to_thread(self._carry_out, work, path, asyncio.get_running_loop())
            except (LibraryUnreachable, LibraryLocked, ApiUnreachable) as error:
                return error
        return None

    async def _fetched(self, work: Work, folder: Path) -> Path | str:
        """Where the file of a job was put, or why it can't be had. Raises ApiUnreachable where it may be had later."""
        if not isinstance(work, AddFile):
            return folder
        try:
            return await self._api.download(work.file_id, folder, work.name)
        except ApiRefused as error:
            if error.code == 429 or error.code >= 500:
                raise ApiUnreachable(str(error)) from error
            return error.description

    def _carry_out(self, work: Work, path: Path | str, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread: the work, step by step."""
        with reading(self._engine) as connection:
            number = outbox.count_keys(connection, f"{work.job.key}.p")
            if not jobs.stands(connection, work.job.key):
                return
        told_at = 0.0
        try:
            for step in self._steps(work, path):
                if self._stopping.is_set() and not isinstance(step, Done | Removed | Rechecked | Failed):
                    return
                if not isinstance(step, Adding) or time.monotonic() - told_at >= TELL_SECONDS:
                    self._tell(work.job, step, number, loop)
                    number, told_at = number + 1, time.monotonic()
        except (LibraryUnreachable, LibraryLocked):
            raise
        except PullquoteError as error:
            self._tell(work.job, Failed(str(error)), number, loop)
        self._writer.submit(lambda connection: jobs.finish(connection, work.job.key)).result()

    def _steps(self, work: Work, path: Path | str) -> Iterator[Step]:
        match work:
            case AddFile(_, _, name):
                if isinstance(path, str):
                    yield Failed(path)
                    return
                yield Reading(name)
                yield from _added(self._library.add(self._library.read(path)))
            case AddLink(_, url):
                yield Reading(url)
                yield from _added(self._library.add(self._library.read_address(url)))
            case Recheck(_, sentence):
                yield Rechecked(self._library.today(self._library.evidence(sentence, beside=False)))
            case Remove(_, article):
                yield Removed(self._library.remove(article).title)
            case TakePost():
                yield from self._taken(work)

    def _taken(self, post: TakePost) -> Iterator[Step]:
        draft = read_post(post.article, post.text, post.source, post.url, date.fromisoformat(post.day), post.author)
        if draft is None:
            yield Removed(self._library.remove(post.article).title)
        else:
            yield from _added(self._library.add([draft]))

    def _tell(self, job: Job, step: Step, number: int, loop: asyncio.AbstractEventLoop) -> None:
        if not job.message:
            log.info("a post", post=job.key, step=step)
            return
        edit = conversation.progress(job, step, number)
        rows = [outgoing(call, time.time()) for call in render.calls(edit)]
        self._writer.submit(partial(outbox.add, calls=rows)).result()
        loop.call_soon_threadsafe(self._sender.wake)


def _added(outcomes: Iterator[Outcome]) -> Iterator[Step]:
    counts: Counter[str] = Counter()
    reasons: list[str] = []
    title: str | None = None
    for outcome in outcomes:
        counts[outcome.state] += 1
        title = outcome.article.title if outcome.article else title
        if outcome.reason and len(reasons) < REASONS:
            reasons.append(outcome.reason)
        yield Adding(counts.total())
    one = title if counts.total() == 1 else None
    yield Done(counts["added"], counts["changed"], counts["unchanged"], counts["refused"], one, tuple(reasons))
