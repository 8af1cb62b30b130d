"""Speed and size, side by side with the plain design, over the size of the library: the table, and its plot.

    python -m benchmarks.scale [--sizes 1000,10000,100000] [--folder FOLDER] [--sentences 1000]

`make bench` goes to 100,000 sentences, `make bench-full` to a million. The library is filled through `Library.add` with
made texts and vectors (`scale_made.py`); a folder that was filled before goes on from there. The plain design is the
same vectors in a flat float32 FAISS index and the same texts in SQLite FTS5, in memory and warm, its questions embedded
by sentence-transformers. A question is what comes before the cross-encoder reads: embedding, both searches, the texts
of the candidates out of the store. Every design is measured in a process of its own. Results go to
benchmarks/out/scale.json and scale.png.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import scale_limits, scale_made
from benchmarks.scale_made import Made, real_vectors
from benchmarks.scale_table import plot, table
from index.embed import Encoder
from index.settings import LibrarySettings

OUT = Path(__file__).parent / "out"
SIZES = (1_000, 10_000, 100_000)
KILLED = 20_000
"""Sentences of the build that is killed."""
COLD_RUNS = 3


def main() -> None:
    """Fills, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--folder", type=Path, help="kept afterwards; a scratch folder otherwise")
    parser.add_argument("--sentences", type=int, default=1000, help="of the embedding benchmark; 0 leaves it out")
    parser.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.fill:
        print(json.dumps(filled(said.folder, said.fill)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = said.folder or Path(scratch)
        found = run(folder, [int(size) for size in said.sizes.split(",")], said.sentences)
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "scale.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    print("\n".join(table(found)))
    plot(found, OUT / "scale.png")


def run(folder: Path, sizes: list[int], sentences: int) -> dict[str, Any]:
    """All figures, by part."""
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {"cores": os.cpu_count(), "limits": asdict(scale_limits.measured(folder)), "sizes": {}}
    if sentences:
        from benchmarks import embedding

        found["embedding"] = asdict(embedding.measured(sentences, 3))
    for size in sizes:
        _say(f"filling to {size:,}")
        rate = filled(folder, size)
        _say("measuring")
        figures = {side: _measured(side, folder) for side in ("ours", "plain")}
        found["sizes"][size] = {**figures, "filled": rate, "bytes": sizes_of(folder / "data")}
    _say("a cold question")
    found["cold"] = cold(folder)
    _say("a build that is killed")
    found["killed"] = killed()
    return found


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line} …", file=sys.stderr, flush=True)


def filled(folder: Path, sentences: int) -> dict[str, float]:
    """Fills a folder; sentences stored in a second, and how many were embedded."""
    settings = LibrarySettings.load(data=folder / "data")
    encoder = Encoder.open(settings)
    made = Made(real_vectors(OUT, encoder), encoder.fingerprint)
    rate = scale_made.fill(settings, made, sentences)
    return {"rate": rate, "embedded": float(made.embedded)}


def _measured(side: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.scale_measure", side, str(folder)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def sizes_of(data: Path) -> dict[str, int]:
    """Bytes on disk by part: tables and indices of the store, files of the caches."""
    found: dict[str, int] = {}
    with closing(sqlite3.connect(data / "library.db")) as store:
        for name, size in store.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"):
            found[f"store: {name}"] = size
    for path in (data / "cache").rglob("*"):
        if path.is_file():
            kind = path.relative_to(data / "cache").parts[0]
            part = path.name.partition("-")[0] if kind == "vectors" else "index"
            found[f"{kind}: {part}"] = found.get(f"{kind}: {part}", 0) + path.stat().st_size
    return found


def cold(folder: Path) -> dict[str, float]:
    """A question from a cold terminal beside the plain script, in turn."""
    from benchmarks.cold import QUESTION, compare

    environment = os.environ | {"PULLQUOTE_DATA": str(folder / "data")}
    ask = [sys.executable, "-m", "bot", "ask", QUESTION]
    plain = [sys.executable, "-m", "benchmarks.plain", "ask", str(folder), QUESTION]
    found = {}
    for setting in ("auto", "off"):
        pairs = compare(ask, plain, environment | {"PULLQUOTE_CROSS_ENCODER": setting}, COLD_RUNS)
        first, second = min(one.seconds for one, _ in pairs), min(other.seconds for _, other in pairs)
        found[setting], found[f"{setting}.mb"] = first, max(one.megabytes for one, _ in pairs)
        found[f"{setting}.plain"], found[f"{setting}.plain.mb"] = second, max(other.megabytes for _, other in pairs)
    return found


def killed() -> dict[str, float]:
    """A build killed with -9 and run again: sentences embedded by both runs together, beside those that there are."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "benchmarks.scale", "--folder", scratch, "--fill"]
        with subprocess.Popen([*command, str(KILLED)], stdout=subprocess.DEVNULL) as first:
            store = Path(scratch) / "data" / "library.db"
            while first.poll() is None and _stored(store) < KILLED // 2:
                time.sleep(0.05)
            first.send_signal(signal.SIGKILL)
        kept = _stored(store)
        done = subprocess.run([*command, str(KILLED)], check=True, stdout=subprocess.PIPE, text=True)
        again = json.loads(done.stdout)
        return {"sentences": KILLED, "kept": kept, "again": again["embedded"], "stored": _stored(store)}


def _stored(store: Path) -> int:
    if not store.exists():
        return 0
    with closing(sqlite3.connect(store)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM embeddings").fetchone()[0])
        except sqlite3.OperationalError:
            return 0  # not made yet


if __name__ == "__main__":
    main()
