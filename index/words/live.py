"""The lexical cache, kept level with the store."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from threading import Event, Lock, Thread

import numpy as np

from index import caches
from index.caches import CacheBroken, writers_turn
from index.words.committed import Committed, Found, Window
from index.words.source import Analyse, Analysed, Ids, WordLimits, WordSource, WordState
from index.words.view import View

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which folder holds the index, of which store, and by which analysis its terms were made."""

    format: int
    identity: str
    analysis: str
    generation: str


def analysis_of_terms() -> str:
    """A hash of the code of `index.terms`: terms of another analysis would not match."""
    import index.terms

    code = b"".join(path.read_bytes() for path in sorted(Path(index.terms.__file__).parent.glob("*.py")))
    return sha256(code).hexdigest()


class Words:
    """Sentences by BM25 over their title and text. Any thread may search, while another one catches up or commits."""

    def __init__(self, folder: Path, source: WordSource, analyse: Analyse, analysis: str, limits: WordLimits) -> None:
        self._folder = folder
        self._source = source
        self._analyse = analyse
        self._analysis = analysis
        self._limits = limits
        self._serving = False
        self._turn = Lock()
        self._view = View()
        self._closing = Event()
        self._trouble: str | None = None
        self._worker: Thread | None = None

    @classmethod
    def open(
        cls,
        folder: Path,
        source: WordSource,
        *,
        serving: bool = False,
        analyse: Analyse | None = None,
        limits: WordLimits | None = None,
    ) -> Words:
        """Opens the cache in `folder`, or rebuilds it from `source`, and catches up with the store.

        `serving`: commits are made in a background thread. `analyse` takes the place of `index.terms.terms`.
        """
        if analyse is None:
            from index.terms import terms

            words = cls(folder, source, terms, analysis_of_terms(), limits or WordLimits())
        else:
            words = cls(folder, source, analyse, getattr(analyse, "__qualname__", ""), limits or WordLimits())
        committed = words._opened()
        words._view = View(committed, seq=committed.mark.seq if committed else 0)
        words.catch_up()
        if words._view.waiting > words._limits.tail_at_open:
            words.maintain()
        words._serving = serving
        return words

    def close(self) -> None:
        """Gives up background work after the commit at hand."""
        self._closing.set()
        if self._worker is not None:
            self._worker.join(timeout=2)

    def catch_up(self) -> bool:
        """Takes in what changed in the store; says whether anything did. Cheap where nothing did."""
        if self._source.seq() == self._view.seq:
            return False
        with self._turn:
            view, seq = self._view, self._source.seq()
            if seq < view.seq:  # another store, or an older copy of it, took this one's place
                view = View()
            self._view = self._caught_up(view, seq)
        if self._view.waiting > self._limits.tail:
            if self._serving:
                self._start()
            else:
                self.maintain()
        return True

    def search(self, terms: Sequence[str], k: int, allowed: Ids | None = None) -> Found:
        """The `k` best sentences that hold any of `terms`: scores (n,) float32, descending, and ids (n,) int64.

        n <= k. `allowed`: ascending ids to which the search keeps. Of equal scores the smaller id comes
        first, but which of them are the last to fit in is open.
        """
        return self._view.search(list(dict.fromkeys(terms)), k, allowed, self._limits)

    @property
    def state(self) -> WordState:
        """For `doctor`."""
        view = self._view
        return WordState(
            count=view.count - len(view.dead),
            tail=len(view.tail),
            retired=len(view.dead),
            bytes=view.committed.size if view.committed else 0,
            segments=view.committed.segments if view.committed else 0,
            seq=view.seq,
            trouble=self._trouble,
        )

    def maintain(self) -> bool:
        """Commits all that waits; False where it still waits, as another process writes or saving failed."""
        with self._saving() as ours:
            self._show(self._commit(self._source.seq()) if ours else self._opened())
        return not self._view.waiting

    def _show(self, committed: Committed | None) -> None:
        """Searches use this commit from now on; what came since is read from the store again."""
        if committed is not None and not self._closing.is_set():
            with self._turn:
                self._view = self._caught_up(View(committed, seq=committed.mark.seq), self._source.seq())

    def _opened(self) -> Committed | None:
        """The index that the manifest names, as any process left it; None where it can't be used with this store."""
        mine = self._view.committed
        for _ in range(3):  # another process may replace or merge files between two reads
            try:
                folder = self._folder / self._generation()
                committed = mine.newest() if mine is not None and mine.folder == folder else Committed(folder)
            except CacheBroken:
                continue
            return committed if committed.mark.seq <= self._source.seq() else None
        return None

    def _generation(self) -> str:
        try:
            manifest = Manifest(**json.loads((self._folder / MANIFEST).read_bytes()))
        except (OSError, ValueError, TypeError) as error:
            raise CacheBroken(str(error)) from error
        if manifest != Manifest(FORMAT, self._source.identity, self._analysis, manifest.generation):
            raise CacheBroken("another store, analysis or format")
        return manifest.generation

    def _commit(self, until: int) -> Committed:
        """The index with all changes up to `until`. The caller has the writers' turn. Raises OSError."""
        committed = self._opened() or self._create()
        after = committed.mark.seq
        if after >= until:
            return committed
        return committed.commit(self._windows(after, until), until - after > self._limits.changes, self._closing.is_set)

    def _create(self) -> Committed:
        """A new, empty index under a new name; the manifest names it before it is filled, so that filling resumes."""
        generation = token_hex(4)
        committed = Committed.create(self._folder / generation)
        manifest = Manifest(FORMAT, self._source.identity, self._analysis, generation)
        caches.replace(self._folder / MANIFEST, json.dumps(asdict(manifest)).encode())
        for path in self._folder.iterdir():
            if path.is_dir() and path.name != generation:
                shutil.rmtree(path, ignore_errors=True)
        return committed

    def _windows(self, after: int, until: int) -> Iterator[Window]:
        for start in range(after, until, self._limits.changes):
            end = min(start + self._limits.changes, until)
            yield Window(end, self._source.retired(start, end), self._analysed(start, end))

    def _analysed(self, after: int, until: int) -> Iterator[list[Analysed]]:
        title: tuple[str, str | None] | None = None
        terms: Sequence[str] = ()
        for block in self._source.added(after, until):
            found = []
            for id, written, text, lang in block:
                langs = (lang,) if lang else ()
                if title != (written, lang):  # the sentences of an article come one after the other
                    title, terms = (written, lang), self._analyse(written, langs)
                found.append(Analysed(id, terms, self._analyse(text, langs)))
            yield found

    def _caught_up(self, view: View, seq: int) -> View:
        """The view with the changes up to `seq`; what is too much for memory is committed at once."""
        if seq <= view.seq:
            return view
        retired = self._source.retired(view.seq, seq)
        tail, may_save = view.tail.without(retired), True
        for block in self._analysed(view.seq, seq):
            tail = tail.plus(block)
            if may_save and len(tail) > self._limits.in_memory:
                with self._saving() as ours:
                    if ours:
                        committed = self._commit(seq)
                        return View(committed, seq=committed.mark.seq)
                may_save = False
        held = retired[view.committed.has(retired)] if view.committed is not None else retired[:0]
        return View(view.committed, tail.without(retired), np.union1d(view.dead, held).astype(np.int64), seq)

    def _start(self) -> None:
        """Commits in the background."""
        if self._worker is None or not self._worker.is_alive():
            self._worker = Thread(target=self.maintain, name="words", daemon=True)
            self._worker.start()

    @contextmanager
    def _saving(self) -> Iterator[bool]:
        """The writers' turn. A failed save leaves everything in memory, and its reason in `state.trouble`."""
        with ExitStack() as turn:
            try:
                ours = turn.enter_context(writers_turn(self._folder))
            except OSError as error:  # not even the lock can be made
                self._failed(error)
                ours = False
            try:
                yield ours
            except (OSError, CacheBroken) as error:
                self._failed(error)
            else:
                if ours:
                    self._trouble = None

    def _failed(self, error: Exception) -> None:
        self._trouble = f"The word cache can't be saved in {self._folder}: {error}."
