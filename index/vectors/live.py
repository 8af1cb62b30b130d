"""The vector cache, kept level with the store."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from os import cpu_count
from pathlib import Path
from threading import Event, Lock, Thread

import numpy as np

from index.caches import CacheBroken, writers_turn
from index.vectors import engine, scan, train
from index.vectors.base import Base, Manifest
from index.vectors.source import Floats, Ids, Limits, VectorSource, VectorState
from index.vectors.train import Stopped
from index.vectors.view import View
from index.vectors.write import MANIFEST, Writer

ASKED = 256
"""Questions remembered, in memory alone, for measuring recall."""


class Vectors:
    """Nearest sentences by inner product. Any thread may search, while another one catches up or rewrites the base."""

    def __init__(self, folder: Path, source: VectorSource, serving: bool, limits: Limits) -> None:
        self._folder = folder
        self._source = source
        self._serving = serving
        self._limits = limits
        self._turn = Lock()
        self._view = View()
        self._asked: deque[Floats] = deque(maxlen=ASKED)
        self._closing = Event()
        self._trouble: str | None = None
        self._retry_at = 0
        self._worker: Thread | None = None
        self._writer = Writer(folder, source, self._closing.is_set)

    @classmethod
    def open(
        cls, folder: Path, source: VectorSource, *, serving: bool = False, limits: Limits | None = None
    ) -> Vectors:
        """Opens the cache in `folder`, or rebuilds it from `source`, and catches up with the store.

        `serving`: this process stays and answers many questions: FAISS is loaded now, and the base is rewritten and
        trained in a background thread when that is due. Otherwise the base is rewritten at once, and a sketch is
        trained by `maintain` alone.
        """
        vectors = cls(folder, source, serving, limits or Limits())
        if serving:
            engine.load()
        base = vectors._saved()
        vectors._view = View(base, seq=base.manifest.seq if base else 0)
        vectors.catch_up()
        return vectors

    def close(self) -> None:
        """Gives up background work at its next step."""
        self._closing.set()
        worker = self._worker
        if worker is not None:
            worker.join(timeout=2)

    def catch_up(self) -> bool:
        """Takes in what changed in the store; says whether anything did. Cheap where nothing did."""
        if self._source.seq() == self._view.seq:
            return False
        with self._turn:
            view, seq = self._view, self._source.seq()
            if seq < view.seq:  # another store, or an older copy of it, took this one's place
                view = View()
            self._view = self._caught_up(view, seq)
        self._tidy()
        return True

    def search(self, queries: Floats, k: int, allowed: Ids | None = None) -> scan.Found:
        """The `k` best of `queries` (n, dim) float32: scores (n, k) float32, descending, and ids (n, k) int64.

        `allowed`: distinct ids to which the search keeps. Missing places are -inf and -1. Of equal scores the
        smaller id comes first, but which of them are the last to fit in is open.
        """
        queries = self._checked(queries)
        if len(queries) == 1:
            self._asked.append(queries[0])
        engine.use_threads(1 if len(queries) == 1 else cpu_count() or 1)
        return self._view.search(queries, k, allowed, self._limits.gather)

    def scores(self, query: Floats, ids: Ids) -> Floats:
        """The exact score of each id for one query (dim,): (n,) float32, -inf where it is not here."""
        scores: Floats = self._view.scores(self._checked(query.reshape(1, -1)), ids)[0]
        return scores

    def recall(self, queries: Floats, k: int = 10) -> float:
        """The share of the exact best `k` that `search` finds for these queries (n, dim)."""
        base = self._view.base
        return 1.0 if base is None else train.recall(base, self._checked(queries), k)

    def _checked(self, queries: Floats) -> Floats:
        queries = np.ascontiguousarray(queries, dtype=np.float32)
        if queries.ndim != 2 or queries.shape[1] != self._source.dim:
            raise ValueError(f"queries have the shape {queries.shape}, not (n, {self._source.dim})")
        return queries

    @property
    def state(self) -> VectorState:
        """For `doctor`."""
        view, base = self._view, self._view.base
        about = base.manifest if base else None
        return VectorState(
            kind="sketch" if base and base.sketch else "exact",
            count=view.count,
            tail=len(view.tail),
            retired=len(view.dead),
            bytes=base.size if base else 0,
            reread=about.reread if about else 0,
            recall=about.recall if about else None,
            seq=view.seq,
            trouble=self._trouble,
        )

    def intact(self) -> bool:
        """Reads the whole saved file against its checksums."""
        base = self._view.base
        return base is None or base.intact()

    def maintain(self, threads: int = 0, training: bool = True) -> bool:
        """Rewrites the base and, with `training`, its sketch, where that is due; says whether nothing is due now.

        `threads`: for FAISS; 0 takes every core. False where another process is writing, or saving failed.
        """
        with self._saving() as ours:
            if ours:
                self._adopt()
                engine.use_threads(threads or cpu_count() or 1)
                if self._rewrite_due():
                    self._publish(self._write(self._view.base, self._source.seq()))
                base = self._view.base
                if training and base is not None and train.due(base, self._limits.exact):
                    self._publish(self._writer.publish(self._writer.train(base, self._limits.exact), self._lately()))
        return not self._due()

    def _saved(self) -> Base | None:
        """The base that the manifest names, None where it can't be used with this store."""
        source = self._source
        for _ in range(3):  # another process may replace the generation between the two reads
            try:
                about = Manifest.read(self._folder / MANIFEST)
                theirs = (about.identity, about.fingerprint, about.dim)
                if theirs != (source.identity, source.fingerprint, source.dim) or about.seq > source.seq():
                    return None
                return Base(self._folder, about)
            except CacheBroken:
                continue
        return None

    def _newest(self) -> Base | None:
        """The saved base where another process wrote a newer one or trained it, this one's own otherwise."""
        mine, saved = self._view.base, self._saved()
        if mine is None or saved is None or saved.manifest.seq < mine.manifest.seq:
            return mine or saved
        return mine if saved.manifest == mine.manifest else saved

    def _caught_up(self, view: View, seq: int) -> View:
        """The view with the changes up to `seq`; what is too much for memory goes to the base at once."""
        if seq <= view.seq:
            return view
        retired = self._source.retired(view.seq, seq)
        tail, may_save = view.tail, True
        for ids, codes in self._source.added(view.seq, seq):
            fresh = ~np.isin(ids, retired)
            if view.base is not None:
                fresh &= view.base.rows(ids) < 0
            tail = tail.plus(ids[fresh], codes[fresh])
            if may_save and len(tail) > self._limits.in_memory:
                with self._saving() as ours:
                    if ours:
                        base = self._newest()
                        if base is None or base.manifest.seq < seq:
                            base = self._write(base, seq)
                        return View(base, seq=base.manifest.seq if base else seq)
                may_save = False
        caught_up = View(view.base, tail, np.union1d(view.dead, retired).astype(np.int64), seq)
        return View(view.base, tail, caught_up.dead[caught_up.has(caught_up.dead)], seq)

    def _write(self, old: Base | None, until: int) -> Base | None:
        """Writes and publishes a base of what is live at `until`."""
        return self._writer.publish(self._writer.write(old, until), self._lately())

    def _lately(self) -> Floats:
        """Questions lately asked, (n, dim)."""
        return np.array(self._asked, dtype=np.float32).reshape(-1, self._source.dim)

    def _adopt(self) -> None:
        """Takes over a base that another process saved."""
        base = self._newest()
        if base is not None and base is not self._view.base:
            self._publish(base)

    def _publish(self, base: Base | None) -> None:
        """Searches use this base from now on; what came since it was written is read from the store again."""
        with self._turn:
            since = base.manifest.seq if base is not None else 0
            self._view = self._caught_up(View(base, seq=since), self._source.seq())

    def _rewrite_due(self) -> bool:
        view = self._view
        held = len(view.base) if view.base else 0
        share = min(self._limits.tail_share * held, self._limits.in_memory)
        return len(view.tail) + len(view.dead) > max(self._limits.tail, share)

    def _due(self) -> bool:
        base = self._view.base
        return self._rewrite_due() or (base is not None and train.due(base, self._limits.exact))

    def _tidy(self) -> None:
        """Does what is due: in a serving process in the background, on one thread, so that the others answer."""
        if len(self._view.tail) + len(self._view.dead) < self._retry_at:
            return
        if not self._serving:
            if self._rewrite_due():
                self.maintain(training=False)
        elif self._due() and (self._worker is None or not self._worker.is_alive()):
            self._worker = Thread(target=self.maintain, args=(1,), name="vectors", daemon=True)
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
            except Stopped:
                return
            except (OSError, CacheBroken) as error:
                self._failed(error)
            else:
                if ours:
                    self._trouble, self._retry_at = None, 0

    def _failed(self, error: Exception) -> None:
        self._trouble = f"The vector cache can't be saved in {self._folder}: {error}."
        self._retry_at = len(self._view.tail) + len(self._view.dead) + self._limits.retry
