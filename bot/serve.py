"""The running bot: every part built and joined here, started in order, and stopped so that nothing is lost.

Telegram ─> poller or webhook ─> inbox ─> talk ─> outbox ─> Telegram
                                   └──── chats.db ────┘
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

import sqlalchemy as sa
import structlog

from bot import log as logging
from bot import metrics
from bot.alerts import Alerts
from bot.conversation.setup import ALERTS, PROOFS, Setup
from bot.conversation.setup import Limits as QuestionLimits
from bot.corrections.telling import Corrections
from bot.errors import AddressInUse, ApiRefused, ApiUnreachable, TokenMissing
from bot.inbox import Inbox
from bot.jobs import Jobs
from bot.outbox import Outbox
from bot.pace import Limits, Rate
from bot.pages import routes
from bot.peers import ALERTS as ALERTS_ROLE
from bot.peers import CORRECTIONS, POLLING, SOURCES, TIDY, Peers, look_after
from bot.proof import Pages
from bot.settings import BotSettings
from bot.stock import measured
from bot.store import outbox, secrets, updates
from bot.store.base import open_store
from bot.store.writer import Writer
from bot.talk import Talk
from bot.telegram.api import UPDATE_KINDS, BotApi, rejected
from bot.telegram.menu import register
from bot.telegram.polling import Poller
from bot.tidy import Retention, tidy
from bot.together import Together
from bot.watchbook import StoredWatchbook
from bot.watches.watch import WatchLimits
from bot.web import Webhook, WebServer, application
from index.article import Question
from index.errors import LibraryError, LibraryUnreachable, SettingsError
from index.library import Library
from index.steps import heard
from index.store.engine import reading

log = structlog.get_logger()
T = TypeVar("T")

PROCESSING_GRACE, SENDING_GRACE = 3.0, 4.0
"""Seconds for what is under way when the bot is told to stop; together well inside ten."""
LAG_SECONDS = 0.1
STALE_SECONDS = 120.0
"""Telegram not reached, or a message that could go not gone, for so long: /healthz says so."""


def run(settings: BotSettings, webhook: str | None = None) -> None:
    """Runs the bot until SIGTERM or Ctrl-C. Raises BotError or PullquoteError with one line on what to do."""
    logging.configure()
    token = settings.telegram_bot_token
    if token is None:
        raise TokenMissing(
            "There is no bot token. Get one from @BotFather in Telegram (/newbot) and run: pullquote init. It checks "
            "the token and writes it down. Or, for once: TELEGRAM_BOT_TOKEN=<the token> pullquote serve"
        )
    if webhook is not None and settings.listen_address is None:
        raise SettingsError("A webhook needs PULLQUOTE_LISTEN to be a host:port that Telegram's calls come to.")
    asyncio.run(_Bot(settings, token.get_secret_value(), webhook).run())


@dataclass
class _Bot:
    """One run of the bot."""

    settings: BotSettings
    token: str
    webhook: str | None

    async def run(self) -> None:
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        async with AsyncExitStack() as stack:
            patiently = partial(_patiently, stopping)
            library = stack.enter_context(await patiently(self._open_library))
            engine = await patiently(partial(open_store, self.settings.data, self.settings.database_url))
            stack.callback(engine.dispose)
            writer = stack.enter_context(Writer(engine))
            stack.enter_context(measured(engine, library))
            stack.enter_context(heard(metrics.observe_step))
            api = await self._connect(stack, stopping)
            if api is not None:
                peers = Peers(engine)
                await patiently(peers.join)
                stack.callback(peers.leave)
                await self._serve(library, engine, writer, api, peers, stopping)

    def _open_library(self) -> Library:
        """The library, with its models loaded: the first question must not wait for them."""
        library = Library.open(self.settings, serving=True)
        with ExitStack() as stack:
            stack.callback(library.close)
            library.encoder.warm()
            library.ask_many([Question("?")])
            stack.pop_all()
        return library

    async def _connect(self, stack: AsyncExitStack, stopping: asyncio.Event) -> BotApi | None:
        """The Bot API once it can be reached; None when the bot is told to stop before that."""
        pause = 1.0
        while not stopping.is_set():
            try:
                return await stack.enter_async_context(BotApi(self.token, self.settings.telegram_api))
            except (ApiRefused, ApiUnreachable) as error:
                if isinstance(error, ApiRefused) and (fatal := rejected(error)) is not None:
                    raise fatal from None
                log.warning("Telegram can't be reached; trying again", error=str(error), seconds=pause)
            await _first([stopping.wait(), asyncio.sleep(pause)])
            pause = min(30.0, pause * 2)
        return None

    async def _serve(
        self, library: Library, engine: sa.Engine, writer: Writer, api: BotApi, peers: Peers, stopping: asyncio.Event
    ) -> None:
        sender = Outbox(engine, writer, api, self._limits(), owner=peers.name)
        jobs = Jobs(api, library, engine, writer, sender, peers.name)
        together = Together(library)
        setup = self._setup(api, await self._pages(writer))
        talk = Talk(engine, api, library, together, jobs, setup, StoredWatchbook(engine, library))
        days = self.settings.correction_days
        apologies = (talk.apologise, talk.apologise_barely)
        inbox = Inbox(engine, writer, talk, sender.wake, reassure=talk.reassure, apologies=apologies, owner=peers.name)
        poller = None if self.webhook else Poller(api, inbox.accept)
        web = self._web(partial(self._health, engine, poller, peers), inbox, library, setup.pages)
        try:
            await inbox.start()
        except LibraryUnreachable as error:
            log.warning("what waits from before is taken up later", error=str(error))
        once = partial(_once, peers)
        corrections = Corrections(engine, writer, library, setup, days, sender.wake)
        running = [
            *([] if web is None else [_named("web", web.run())]),
            _named("outbox", _started(sender.start, sender.run)),
            _named("jobs", jobs.run()),
            _named("peers", look_after(engine, (inbox.look, jobs.look), sender.wake)),
            _named("updates", peers.holding(POLLING, poller.run) if poller else self._set_webhook(api)),
            _named("menu", _started(partial(register, api, self.settings.admin_ids), _forever)),
            once(
                ALERTS_ROLE, lambda: Alerts(engine, writer, library, setup, sender.wake, correct=corrections.step).run()
            ),
            once(CORRECTIONS, corrections.run),
            _named("lag", _measure_lag()),
            once(SOURCES, partial(_followed, library)),
            once(TIDY, partial(tidy, engine, writer, Retention.of(self.settings))),
        ]
        log.info("serving", bot=api.username, mode="webhook" if self.webhook else "polling", port=web and web.port)
        stop = asyncio.create_task(stopping.wait())
        done, _ = await asyncio.wait([stop, *running], return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        await self._stop(running, web, inbox, sender, jobs)
        await asyncio.to_thread(together.close)
        for task in done - {stop}:
            task.result()

    async def _stop(
        self, running: list[asyncio.Task[Any]], web: WebServer | None, inbox: Inbox, sender: Outbox, jobs: Jobs
    ) -> None:
        """First nothing new comes in, then what is under way ends, then what is out comes back. The rest is stored."""
        jobs.stop()
        if web is not None:
            web.stop()
        for task in running:
            if task.get_name() not in ("web", "outbox"):
                task.cancel()
        await inbox.stop(PROCESSING_GRACE)
        sender.stop()
        await asyncio.wait(running, timeout=SENDING_GRACE)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _limits(self) -> Limits:
        chat, overall = self.settings.messages_per_second_per_chat, self.settings.messages_per_second
        usual = Limits()
        return Limits(Rate(overall, overall), Rate(usual.chat.burst * chat, chat), usual.group)

    async def _pages(self, writer: Writer) -> Pages | None:
        """Where the pages of quotes are reached, if they are; the secret of their addresses is made the first time."""
        address = self.settings.public_url
        if address is None or self.settings.listen_address is None:
            return None
        key = await writer.write(lambda connection: secrets.kept(connection, "pages", os.urandom))
        return Pages(address, key)

    def _setup(self, api: BotApi, pages: Pages | None) -> Setup:
        limits = QuestionLimits(
            user_burst=self.settings.questions_at_once, user_per_minute=self.settings.questions_per_minute
        )
        return Setup(
            username=api.username,
            bot_id=api.id,
            secret=hashlib.sha256(b"pullquote buttons" + self.token.encode()).digest(),
            admins=self.settings.admin_ids,
            features=frozenset({ALERTS, PROOFS}),
            false_answers=self.settings.false_answers,
            limits=limits,
            pages=pages,
            watches=WatchLimits(self.settings.watches_per_chat, self.settings.watches),
        )

    def _web(
        self, health: partial[dict[str, Any]], inbox: Inbox, library: Library, pages: Pages | None
    ) -> WebServer | None:
        address = self.settings.listen_address
        if address is None:
            return None
        webhook = None
        if self.webhook is not None:
            webhook = Webhook(urlsplit(self.webhook).path or "/", self._secret(), inbox.accept)
        shown = routes(library, pages) if pages else ()
        try:
            return WebServer(application(health, webhook, shown), *address)
        except AddressInUse as error:
            # Answering does not need the web: only an address that somebody asked for must be had.
            if webhook or shown or "listen" in self.settings.model_fields_set:
                raise
            log.warning("serving without /healthz and /metrics", reason=str(error))
            return None

    def _secret(self) -> str:
        """What Telegram says with every update; the same in every process that has the token."""
        return hashlib.sha256(b"pullquote webhook" + self.token.encode()).hexdigest()

    async def _set_webhook(self, api: BotApi) -> None:
        """Tells Telegram where to post updates, then stays. Raises TokenRejected."""
        params = {"url": self.webhook, "secret_token": self._secret(), "allowed_updates": list(UPDATE_KINDS)}
        while True:
            try:
                await api.call("setWebhook", params)
                break
            except (ApiRefused, ApiUnreachable) as error:
                if isinstance(error, ApiRefused) and error.code == 400:
                    raise SettingsError(
                        f"Telegram does not take {self.webhook} as a webhook: {error.description}."
                    ) from None
                if isinstance(error, ApiRefused) and (fatal := rejected(error)) is not None:
                    raise fatal from None
                log.warning("the webhook could not be set; trying again", error=str(error))
                await asyncio.sleep(error.retry_after or 1.0 if isinstance(error, ApiRefused) else 1.0)
        await _forever()

    def _health(self, engine: sa.Engine, poller: Poller | None, peers: Peers) -> dict[str, Any]:
        """Blocking: what /healthz says."""
        now = time.time()
        try:
            with reading(engine) as connection:
                inbox, sent = updates.counts(connection), outbox.counts(connection)
                oldest = outbox.oldest_due(connection, now - STALE_SECONDS)
        except LibraryError as error:
            return {"ok": False, "store": str(error)}
        found: dict[str, Any] = {
            "ok": oldest is None,
            "inbox": inbox,
            "outbox": sent,
            "outbox_stuck": oldest is not None,
        }
        if poller is not None and peers.holds(POLLING):
            found["telegram_reached"] = poller.reached_within(STALE_SECONDS)
            found["ok"] = found["ok"] and found["telegram_reached"]
        return found


def _named(name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    return asyncio.create_task(work, name=name)


def _once(peers: Peers, role: str, work: Callable[[], Awaitable[Any]]) -> asyncio.Task[Any]:
    """What one process does for all, wherever it is this one."""
    return _named(role, peers.holding(role, work))


async def _patiently(stopping: asyncio.Event, open: Callable[[], T]) -> T:
    """What `open` gives, in a thread, once the database can be reached. Raises LibraryError: what waiting can't help,
    and what it last was when the bot is told to stop."""
    pause = 1.0
    while True:
        try:
            return await asyncio.to_thread(open)
        except LibraryUnreachable as error:
            if stopping.is_set():
                raise
            log.warning("the database can't be reached; trying again", error=str(error), seconds=pause)
        await _first([stopping.wait(), asyncio.sleep(pause)])
        pause = min(30.0, pause * 2)


async def _started(*steps: Callable[[], Awaitable[Any]]) -> None:
    for step in steps:
        await step()


async def _followed(library: Library) -> None:
    """Visits the sources that are followed, in a thread that is left behind when the bot stops: a visit stores nothing
    before it is whole."""
    stop, following = threading.Event(), library.following
    threading.Thread(target=following.run, args=(stop,), name="sources", daemon=True).start()
    try:
        await _forever()
    finally:
        stop.set()
        following.close()


async def _forever() -> None:
    await asyncio.Event().wait()


async def _first(works: list[Coroutine[Any, Any, Any]]) -> None:
    """Returns when one of them is done; the others are cancelled."""
    tasks = [asyncio.ensure_future(work) for work in works]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()


async def _measure_lag() -> None:
    """How late the loop wakes up: what a blocking call would show in."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + LAG_SECONDS
        await asyncio.sleep(LAG_SECONDS)
        metrics.loop_lag_seconds.observe(max(0.0, loop.time() - due))
