"""`pullquote doctor`: settings, models, library, caches, disk, processor; what to do about what is not well."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer

from bot.commands.shared import JsonOption, print_json
from index.errors import PullquoteError
from index.library import Library
from index.settings import LibrarySettings

SECRETS = ("token", "secret", "password")
LEAST_FREE = 200 * 1024 * 1024
"""Bytes of free disk under which adding articles is at risk."""
TRIALS = {
    "FAISS": "import faiss, numpy as n; x = n.ones((2, 8), 'f4'); i = faiss.IndexFlatIP(8); i.add(x); i.search(x, 1)",
    "ONNX Runtime": "import onnxruntime; onnxruntime.get_available_providers()",
    "tantivy": "import tantivy; s = tantivy.SchemaBuilder(); s.add_text_field('t'); tantivy.Index(s.build())",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `advice` is what to do when it is not well."""

    name: str
    value: str
    well: bool = True
    advice: str = ""


def doctor(as_json: JsonOption = False) -> None:
    """Look at settings, models, library, caches, disk and processor, and say what to do about each problem.

    Exit code 1: something is not well.

    Example:

      pullquote doctor
    """
    well = True
    for finding in findings():
        well = well and finding.well
        if as_json:
            print_json({"name": finding.name, "value": finding.value, "well": finding.well, "advice": finding.advice})
        else:
            typer.echo(f"{'ok ' if finding.well else 'NO '} {finding.name}: {finding.value}")
            if not finding.well and finding.advice:
                typer.echo(f"      {finding.advice}")
    if not well:
        raise typer.Exit(1)


def findings() -> Iterator[Finding]:
    """Everything that is looked at, the settings first; what fails is a finding, never an error."""
    try:
        settings = settings_class().load()
    except PullquoteError as error:
        yield Finding("settings", str(error), False, "Correct it in the environment or in pullquote.toml.")
        return
    for name, value in settings:
        yield Finding(f"setting {name}", masked(name, value))
    yield from processor()
    yield from models(settings)
    yield from disk(settings)
    yield from library(settings)
    if settings.database_url:
        yield from database(settings.database_url)


def settings_class() -> type[LibrarySettings]:
    """The settings of the whole program."""
    from bot.settings import BotSettings

    return BotSettings


def masked(name: str, value: object) -> str:
    """A setting's value, with a secret shown only as being there."""
    if value is None or value == "":
        return "not set"
    if any(word in name for word in SECRETS):
        return "set (hidden)"
    if name == "database_url":
        from sqlalchemy.engine import make_url

        return make_url(str(value)).render_as_string(hide_password=True)
    return str(value)


def processor() -> Iterator[Finding]:
    """Each native library is tried in a child process: one built for newer instructions kills the process that
    imports it."""
    for name, trial in TRIALS.items():
        done = subprocess.run([sys.executable, "-c", trial], capture_output=True, text=True, timeout=120, check=False)  # noqa: S603
        said = "runs here" if done.returncode == 0 else f"fails here (exit {done.returncode})"
        last = (done.stderr.strip().splitlines() or [""])[-1]
        yield Finding(
            name, said, done.returncode == 0, last or "This wheel needs a newer processor; install another build of it."
        )


def models(settings: LibrarySettings) -> Iterator[Finding]:
    """The prepared models and whether every file still has its hash."""
    from index.models.prepare import encoder_folder
    from index.models.prepared import COMMAND, check_hashes
    from index.models.reranker import available, chosen

    folders = {settings.model: encoder_folder(settings.models, settings.model)}
    for kind in available(settings.cross_encoder):
        reranker = chosen(settings.cross_encoder, kind)
        folders[reranker.name] = reranker.folder(settings.models)
    for name, folder in folders.items():
        try:
            check_hashes(folder, name)
        except PullquoteError as error:
            yield Finding(f"model {name}", str(error), False, f"Run: {COMMAND}")
        else:
            yield Finding(f"model {name}", "every hash matches")


def disk(settings: LibrarySettings) -> Iterator[Finding]:
    """Room on the disk that holds the data folder."""
    folder = settings.data
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    yield Finding(
        "disk",
        f"{free / 1e9:.1f} GB free",
        free > LEAST_FREE,
        "Free some space: a full disk stops articles from coming in.",
    )


def database(address: str) -> Iterator[Finding]:
    """The PostgreSQL that holds everything: whether it is reached, and has what is needed."""
    from index.store.engine import connect
    from index.store.postgresql import OLDEST_PGVECTOR, about

    try:
        engine = connect(address)
        said = about(engine)
    except PullquoteError as error:
        yield Finding("database", str(error), False)
        return
    engine.dispose()
    yield Finding("database", f"PostgreSQL {said.version}" + ("" if said.owner else ", as a role that can't migrate"))
    advice = f"Install pgvector {OLDEST_PGVECTOR} or newer on the server, then run there: CREATE EXTENSION vector;"
    fits = said.pgvector is not None and _numbers(said.pgvector) >= _numbers(OLDEST_PGVECTOR)
    yield Finding("pgvector", said.pgvector or "missing", fits, advice)
    way = "private" if said.private else "not encrypted"
    yield Finding("connection", way, said.private, "Add ?sslmode=verify-full to PULLQUOTE_DATABASE_URL.")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def library(settings: LibrarySettings) -> Iterator[Finding]:
    """What the library holds, and how its caches stand."""
    try:
        with Library.open(settings) as opened:
            yield Finding("library", f"{len(opened.articles())} articles, {opened.count()} sentences")
            missing = opened.unembedded()
            yield Finding(
                "embeddings", f"{missing} missing", not missing, "Run: pullquote ask or add; they are made then."
            )
            strange = ", ".join(opened.uncalibrated())
            advice = "Confidence is a guess with these models: measure heads with `python -m benchmarks.head`."
            yield Finding("thresholds", strange or "measured with these models", not strange, advice)
            for name, state in opened.cache_states():
                yield Finding(f"cache {name}", state)
            yield Finding("data folder", f"{_bytes(settings.data) / 1e6:.1f} MB in {settings.data}")
    except PullquoteError as error:
        yield Finding("library", str(error), False)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
