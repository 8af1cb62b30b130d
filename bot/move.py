"""Moving everything, library and chats, into another folder or database. The old place is left as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import sqlalchemy as sa

from bot import store
from bot.store.base import FILE as CHATS
from bot.store.base import MIGRATIONS as CHAT_MIGRATIONS
from bot.store.base import TURN, metadata, open_store
from index.backup import FILE as LIBRARY
from index.errors import LibraryError
from index.library import MIGRATIONS, Library
from index.move import PLAN, Move, rename
from index.settings import LibrarySettings
from index.store.copying import Copied, Plan, count
from index.store.engine import connect, reading
from index.store.migrate import upgrade

MARKS = ("secrets", "alert_progress", "correction_progress", "processes", "roles", "paces")
"""Tables in which a bot that was only started has a row."""


@dataclass(frozen=True, slots=True)
class Place:
    """A data folder, or the address of a PostgreSQL."""

    folder: Path
    address: str | None = None

    @classmethod
    def of(cls, said: str, folder: Path) -> Place:
        """What `--to` names. `folder` is where caches and the like go on being."""
        return cls(folder, said) if "://" in said else cls(Path(said))

    def where(self, file: str) -> str | Path:
        """What `connect` takes for one of the two databases, which are one in PostgreSQL."""
        return self.address or self.folder / file

    def __str__(self) -> str:
        if self.address is None:
            return str(self.folder)
        return sa.make_url(self.address).render_as_string(hide_password=True)


def chats_plan() -> Plan:
    """Every table of the bot."""
    for module in iter_modules(store.__path__, f"{store.__name__}."):
        if not module.ispkg:
            import_module(module.name)
    tables = metadata.sorted_tables
    return Plan(
        replaced=[table for table in tables if table.name not in MARKS],
        marks=[table for table in tables if table.name in MARKS],
    )


def _moves(old: Place, new: Place, stack: ExitStack) -> list[Move]:
    """What is to be done, the chats first: whatever they point at is in the library that is read after them."""
    if old == new:
        raise LibraryError(f"{new} is where everything is already. Name another folder or database.")
    found: list[Move] = []
    chats = _opened(old, stack)
    if CHATS in chats:
        target = stack.enter_context(_disposed(connect(new.where(CHATS), TURN)))
        found.append(Move(chats[CHATS], target, chats_plan(), CHAT_MIGRATIONS, "bot's part"))
    target = stack.enter_context(_disposed(connect(new.where(LIBRARY))))
    return [*found, Move(chats[LIBRARY], target, PLAN, MIGRATIONS)]


def _opened(place: Place, stack: ExitStack) -> dict[str, sa.Engine]:
    """The databases of a place, brought up to date; a folder in which no bot ever ran has no chats."""
    if not place.address and not (place.folder / LIBRARY).exists():
        raise LibraryError(f"There is no library in {place}, so there is nothing to move.")
    library = stack.enter_context(_disposed(connect(place.where(LIBRARY))))
    upgrade(library, MIGRATIONS)
    if not place.address and not (place.folder / CHATS).exists():
        return {LIBRARY: library}
    return {LIBRARY: library, CHATS: stack.enter_context(_disposed(open_store(place.folder, place.address)))}


@contextmanager
def _disposed(engine: sa.Engine) -> Iterator[sa.Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


def total(old: Place) -> int:
    """Rows that there are to move."""
    with ExitStack() as stack:
        plans = {LIBRARY: PLAN, CHATS: chats_plan()}
        found = 0
        for file, engine in _opened(old, stack).items():
            with reading(engine) as connection:
                found += count(connection, plans[file].tables)
        return found


def move(old: Place, new: Place) -> Iterator[Copied]:
    """Moves both; each step is durable, and what was broken off is gone on with. Raises LibraryError."""
    with ExitStack() as stack:
        parts = _moves(old, new, stack)
        for part in parts:
            part.begin()
        for part in parts:
            yield from part.rows()
        rename(parts[-1].target)
        for part in parts:
            part.finish()


def ready(settings: LibrarySettings, new: Place) -> int:
    """Makes the new place's search ready, so that no question waits for it; returns its sentences."""
    with Library.open(settings.model_copy(update={"data": new.folder, "database_url": new.address})) as library:
        library.refresh()
        library.vectors.maintain()
        library.words.maintain()
        return library.count()
