"""One, two and four bots on one PostgreSQL, beside one on a folder: questions and alerts a second through Telegram's
API, and sentences stored a second.

    python -m benchmarks.processes --folder FOLDER [--bots 1,2,4] [--questions 200] [--facts 10] [--database URL]

FOLDER is one that `benchmarks.engines --folder FOLDER` filled: its library and, without --database, its server. The
bots take webhooks behind one address and their pace is lifted; CHATS people ask, each again once it is answered. Then
facts are published that WATCHERS chats wait for. Then as many processes as there were bots add made articles at once,
vectors given. Everything runs on this machine: bots, database, Telegram and those who ask. Results go to
benchmarks/out/processes.json.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.chats import ENGINES, LIFTED, Crowd, Served, measured
from benchmarks.engines import served
from benchmarks.scale import OUT
from benchmarks.scale_made import PER_ARTICLE, Made, drafts, made_library, real_questions, real_vectors
from bot.move import chats_plan
from bot.store.base import FILE as CHATS_FILE
from bot.store.base import open_store
from index.article import ArticleId, Draft
from index.embed import Encoder
from index.library import Library
from index.settings import LibrarySettings
from index.store.engine import writing
from tests.end_to_end.postgres_server import round_robin
from tests.end_to_end.processes import Bot
from tests.end_to_end.test_alerts import leave_watches, sentence
from tests.fake_telegram.client import Telegram, running

CHATS, WATCHERS = 100, 50
ADDED = 160
"""Articles that are added by all processes together."""
START_SECONDS = 300.0

Figures = dict[str, float]


@dataclass
class Fleet:
    """Bots behind one address, and what they share."""

    name: str
    settings: LibrarySettings
    bots: list[Bot] = field(default_factory=list)

    def cpu(self) -> float:
        """Of all bots; what the database takes is not in it."""
        return sum(Served(self.name, bot.process.pid).cpu() for bot in self.bots if bot.process is not None)

    def lags(self) -> dict[str, float]:
        return {}

    def wait(self) -> None:
        """Until each says that it is well."""
        until = time.monotonic() + START_SECONDS
        for bot in self.bots:
            while bot.health() != 200:
                if time.monotonic() > until:
                    raise SystemExit(f"A bot did not start: {bot.written()[-1000:]}")
                time.sleep(0.1)


@contextmanager
def fleet(settings: LibrarySettings, api: str, count: int, engine: str) -> Iterator[Fleet]:
    """So many bots that run."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        kind = "folder" if settings.database_url is None else "PostgreSQL"
        made = Fleet(f"{kind}, {count} x {engine}", settings)
        own = {**LIFTED, "PULLQUOTE_CROSS_ENCODER": ENGINES[engine]}
        for number in range(count):
            data = settings.data if settings.database_url is None else folder / f"bot{number}"
            data.mkdir(exist_ok=True)
            address = {"PULLQUOTE_DATABASE_URL": settings.database_url or ""}
            made.bots.append(Bot(data, api, True, {**own, **address}))
        balancer = stack.enter_context(round_robin([bot.port for bot in made.bots]))
        for bot in made.bots:
            bot.public = balancer.url
            bot.start()
            stack.callback(_stop, bot)
        made.wait()
        yield made


def _stop(bot: Bot) -> None:
    try:
        bot.stop()
    except subprocess.TimeoutExpired:
        print(f"A bot did not stop in time: {bot.written()[-2000:]}", file=sys.stderr, flush=True)
        bot.kill()


def forget(settings: LibrarySettings) -> None:
    """Empties the bot's own tables: a Telegram that begins anew counts its updates from one again."""
    engine = open_store(settings.data, settings.database_url)
    with writing(engine) as connection:
        for table in reversed(list(chats_plan().tables)):
            connection.execute(table.delete())
    engine.dispose()


async def asked(bots: Fleet, telegram: Telegram, questions: Sequence[str]) -> Figures:
    """Questions a second, and milliseconds from each one's arrival at Telegram to its answer's."""
    chats = [await telegram.user(number) for number in range(1, CHATS + 1)]
    read = len(await telegram.log(0, timeout=0))
    row = await measured(bots, f"{CHATS} chats in turn", Crowd(telegram, chats, _read=read), questions, None)
    print(row, flush=True)
    p50, p99 = np.percentile(np.array(row.latencies) * 1000, (50, 99))
    return {"questions/s": row.rate, "question.p50": float(p50), "question.p99": float(p99)}


async def alerted(bots: Fleet, telegram: Telegram, library: Library, facts: Sequence[int]) -> Figures:
    """Alerts a second, from the first fact's publication to the last chat's being told of the last."""
    user = await telegram.user(1)
    members = {user: "creator", "bot": "member"}
    groups = [await telegram.chat(-1000 - number, "supergroup", members) for number in range(WATCHERS)]
    leave_watches(bots.settings.data, library, groups, bots.settings.database_url)
    began = time.time()
    for number in facts:
        id = ArticleId(f"port-{int(began)}-{number}")
        if [outcome.state for outcome in library.add([Draft("The port", sentence(number), lang="en", id=id)])] != [
            "added"
        ]:
            raise SystemExit(f"{id} was not added")
    for group in groups:
        for number in facts:
            await telegram.said(group, text=sentence(number), timeout=START_SECONDS)
    seconds = time.time() - began
    for number in facts:
        library.remove(ArticleId(f"port-{int(began)}-{number}"))
    rate = len(groups) * len(facts) / seconds
    print(f"{bots.name}: {len(groups) * len(facts)} alerts, {rate:.1f}/s", flush=True)
    return {"alerts/s": rate}


def stored(settings: LibrarySettings, processes: int) -> Figures:
    """Sentences stored a second by so many processes at once, vectors given; they are taken out again."""
    environment = os.environ | {
        "PULLQUOTE_DATA": str(settings.data),
        "PULLQUOTE_DATABASE_URL": settings.database_url or "",
    }
    share, first = ADDED // processes, int(time.time())  # a number that no made article had before
    commands = [
        [sys.executable, "-m", "benchmarks.processes", "--add", str(first + share * number), str(share)]
        for number in range(processes)
    ]
    running = [
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for command in commands
    ]
    for process in running:
        assert process.stdout is not None
        process.stdout.readline()  # it is ready
    began = time.perf_counter()
    for process in running:
        process.communicate("go\n")
    seconds = time.perf_counter() - began
    if any(process.returncode for process in running):
        raise SystemExit("An adding process failed.")
    with Library.open(settings) as library:
        for number in range(first, first + share * processes):
            library.remove(ArticleId(f"made-{number}"))
    rate = share * processes * PER_ARTICLE / seconds
    print(f"{processes} processes add: {rate:.0f} sentences/s", flush=True)
    return {"sentences/s": rate}


def add(first: int, count: int) -> None:
    """One of the processes that add: says that it is ready, waits for a line, adds."""
    settings = LibrarySettings.load()
    encoder = Encoder.open(settings)
    made = Made(real_vectors(OUT, encoder), encoder.fingerprint)
    articles = list(drafts(first, first + count))
    with made_library(settings, made) as library:
        print("ready", flush=True)
        sys.stdin.readline()
        for outcome in library.add(articles):
            if outcome.state != "added":
                raise SystemExit(f"{outcome.address}: {outcome.state} {outcome.reason or ''}")


async def measure(settings: LibrarySettings, count: int, given: argparse.Namespace, facts: Sequence[int]) -> Figures:
    """All figures of so many bots. Each engine gets questions that it was not asked before."""
    found: Figures = {}
    questions = real_questions(2 * given.questions)
    for name, some in zip(ENGINES, (questions[: given.questions], questions[given.questions :]), strict=True):
        forget(settings)
        with running() as api, fleet(settings, api, count, name) as bots:
            async with Telegram(api) as telegram:
                said = await asked(bots, telegram, some)
                found |= {f"{name}: {figure}": value for figure, value in said.items()}
                if name == "whole engine":
                    with Library.open(settings) as library:
                        found |= await alerted(bots, telegram, library, facts)
    forget(settings)
    return found | stored(settings, count)


def main() -> None:
    """Measures, prints, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--bots", default="1,2,4", help="numbers of bots, commas between")
    parser.add_argument("--questions", type=int, default=200, help="for each engine and number of bots, at least 100")
    parser.add_argument("--facts", type=int, default=10, help=f"each of them {WATCHERS} alerts")
    parser.add_argument("--database", help="the address of the filled PostgreSQL")
    parser.add_argument("--add", type=int, nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.add:
        add(*given.add)
        return
    if given.folder is None:
        parser.error("--folder is needed: where benchmarks.engines left its library")
    facts = iter(range(1000))
    found: dict[str, Figures] = {}
    folder = LibrarySettings.load(data=given.folder / "scale" / "data", database_url=None)
    with served(given.folder, given.database) as addresses:
        server = folder.model_copy(update={"database_url": addresses["scale"]})
        for settings, count in [(folder, 1), *((server, int(count)) for count in given.bots.split(","))]:
            some = [next(facts) for _ in range(given.facts)]
            name = f"{'folder' if settings is folder else 'PostgreSQL'}, {count}"
            found[name] = asyncio.run(measure(settings, count, given, some))
    (folder.data / CHATS_FILE).unlink(missing_ok=True)
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "processes.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    for figure in next(iter(found.values())):
        values = "  ".join(f"{name}: {said[figure]:.1f}" for name, said in found.items())
        print(f"{figure:32s} {values}")


if __name__ == "__main__":
    main()
