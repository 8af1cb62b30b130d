"""Which row of the outbox goes next. Pure: rows in memory, the time an argument.

Each chat is a lane: one row of it is on its way at a time, answers before alerts, otherwise in the order of the
outbox. A lane whose first row waits (for its pace, or after a failure) holds nobody else up.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, field

from bot.pace import Pace
from bot.store.outbox import Waiting

Lane = tuple[str, int]


def lane_of(row: Waiting) -> Lane:
    """A row without a chat (an answer to a query) waits for nobody."""
    return ("chat", row.chat) if row.chat is not None else ("row", row.id)


@dataclass(slots=True)
class _Line:
    """The rows of one lane: a heap of (priority, id)."""

    rows: list[tuple[int, int, Waiting]] = field(default_factory=list)
    busy: bool = False

    @property
    def head(self) -> Waiting:
        return self.rows[0][2]


class Queue:
    """Rows to be sent, each once. `next_…` hands one out and marks its lane busy until `release`."""

    def __init__(self) -> None:
        self._lines: dict[Lane, _Line] = {}
        self._messages: list[tuple[int, int, Lane]] = []
        self._answers: list[tuple[int, int, Lane]] = []
        self._later: list[tuple[float, int, Lane]] = []
        self._turn = itertools.count()
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def ids(self) -> frozenset[int]:
        """The rows that wait here."""
        return frozenset(row.id for line in self._lines.values() for _, _, row in line.rows)

    def add(self, row: Waiting) -> None:
        """Takes a row in; one that comes back after a failure keeps its place by its id."""
        lane = lane_of(row)
        line = self._lines.setdefault(lane, _Line())
        heapq.heappush(line.rows, (row.priority, row.id, row))
        self._size += 1
        self._announce(lane, line)

    def release(self, row: Waiting) -> None:
        """The row's call is over: the next one of its lane may go."""
        lane = lane_of(row)
        line = self._lines[lane]
        line.busy = False
        if line.rows:
            self._announce(lane, line)
        else:
            del self._lines[lane]

    def take_chat(self, chat: int) -> list[Waiting]:
        """Takes out all the rows of a chat that wait, in order."""
        line = self._lines.get(("chat", chat))
        if line is None:
            return []
        rows = [entry[2] for entry in sorted(line.rows, key=lambda entry: entry[:2])]
        line.rows.clear()
        self._size -= len(rows)
        if not line.busy:
            del self._lines["chat", chat]
        return rows

    def next_answer(self, now: float) -> Waiting | None:
        """The row without a chat to be sent now, or None. These are not paced: Telegram's limits are on messages."""
        self._wake(now)
        while self._answers:
            priority, id, lane = heapq.heappop(self._answers)
            if (line := self._valid(priority, id, lane)) is None:
                continue
            if line.head.next_try <= now:
                return self._hand_out(line)
            heapq.heappush(self._later, (line.head.next_try, next(self._turn), lane))
        return None

    def next_message(self, pace: Pace, now: float) -> Waiting | None:
        """The row to a chat to be sent now, or None."""
        self._wake(now)
        if pace.overall_ready_at(now) > now:
            return None
        while self._messages:
            priority, id, lane = heapq.heappop(self._messages)
            if (line := self._valid(priority, id, lane)) is None:
                continue
            ready_at = max(line.head.next_try, pace.ready_at(lane[1], now))
            if ready_at <= now:
                return self._hand_out(line)
            heapq.heappush(self._later, (ready_at, next(self._turn), lane))
        return None

    def wake_at(self, pace: Pace, now: float) -> float | None:
        """When to look again, after both `next_…` said None; None when only a release or a new row can help."""
        later = [self._later[0][0]] if self._later else []
        held = [pace.overall_ready_at(now)] if self._messages else []
        return min([*later, *held], default=None)

    def _wake(self, now: float) -> None:
        while self._later and self._later[0][0] <= now:
            _, _, lane = heapq.heappop(self._later)
            if lane in self._lines:
                self._announce(lane, self._lines[lane])

    def _valid(self, priority: int, id: int, lane: Lane) -> _Line | None:
        """The lane of an entry, unless the entry was overtaken; then the lane has a newer one."""
        line = self._lines.get(lane)
        if line is None or line.busy or not line.rows or (line.head.priority, line.head.id) != (priority, id):
            return None
        return line

    def _hand_out(self, line: _Line) -> Waiting:
        line.busy = True
        self._size -= 1
        return heapq.heappop(line.rows)[2]

    def _announce(self, lane: Lane, line: _Line) -> None:
        if line.rows and not line.busy:
            heap = self._messages if lane[0] == "chat" else self._answers
            heapq.heappush(heap, (line.head.priority, line.head.id, lane))
