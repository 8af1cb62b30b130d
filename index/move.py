"""Moving a library into another database, of the same engine or the other. Nothing is embedded again.

    set aside ──copied, in steps──> compared, row by row ──a name of its own──> opened up

Until the end nothing but another move may use the new database. Killed anywhere, it goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from index.errors import LibraryError
from index.library import MIGRATIONS
from index.store import changes, tables
from index.store.copying import Copied, Plan, copy, count, differences
from index.store.engine import reading, writing
from index.store.migrate import open_up, set_aside
from index.store.sources import source_entries, sources

PLAN = Plan(
    kept=(tables.models, tables.articles),
    growing=(tables.snapshots, tables.sentences, tables.embeddings, tables.changes),
    replaced=(tables.addresses, sources, source_entries),
    marks=(tables.facts,),
)


class Move:
    """One database into another. `migrations` and `plan` say of which package; `name` is what errors call it."""

    def __init__(
        self,
        source: sa.Engine,
        target: sa.Engine,
        plan: Plan = PLAN,
        migrations: Path = MIGRATIONS,
        name: str = "library",
    ) -> None:
        self._source = source
        self.target = target
        self._plan = plan
        self._migrations = migrations
        self._name = name

    def begin(self) -> None:
        """Sets the new database aside. Raises LibraryError where it holds something that no move put there."""
        if set_aside(self.target, self._migrations):
            with reading(self.target) as connection:
                held = count(connection, self._plan.tables) - count(connection, self._plan.marks)
            if held:
                open_up(self.target, self._migrations)
                raise LibraryError(f"There is a {self._name} already where you want to move to. Name an empty place.")

    def rows(self) -> Iterator[Copied]:
        """Copies and compares; each step is durable. Raises LibraryError where the two differ in the end."""
        with reading(self._source) as source:
            yield from copy(source, self.target, self._plan)
            with reading(self.target) as target:
                wrong = list(differences(source, target, self._plan))
        if wrong:
            raise LibraryError(f"The copy of the {self._name} differs from the original ({wrong[0]}). Run it again.")
        with reading(self._source) as source, reading(self.target) as target:
            if count(source, self._plan.tables) != count(target, self._plan.tables):
                raise LibraryError(
                    f"The {self._name} was written to while it was moved. Stop the bot and run it again: what is there "
                    "already is not copied again."
                )

    def finish(self) -> None:
        """The new database can be used from here on."""
        open_up(self.target, self._migrations)


def rename(target: sa.Engine) -> None:
    """Gives the moved library a name of its own, so that caches made for the other one are foreign to it."""
    with writing(target) as connection:
        changes.renew_identity(connection)
