"""What a sentence stands under: a question that its text answers, a claim that it judges, the heading of its section,
or the head of its table. Told from the text alone, whatever its file was."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from index.article import CELLS, Sentence
from index.segment.line_forms import (
    ENDED,
    ENDS_ASKING,
    LONGEST_HEADING,
    RUN_IN,
    SENTENCE_END,
    bare_line,
    heads_block,
    is_blank,
    is_question,
    is_short,
    run_in,
    speaker_of,
)
from index.segment.lists import listing
from index.segment.marks import unmarked, with_mark
from index.segment.rows import read_row
from index.terms.claims import reports_a_claim
from index.terms.ruling import rules
from index.terms.verdicts import judges

ANSWER_LINES, ANSWER_REACH = 4, 800
"""How far below a question its answer goes on: in lines that are no list's (a paragraph is one), and in characters."""
HEADING_REACH, PART_REACH = 16, 80
"""Sentences before one among which the heading that it stands under is looked for, and what that is part of."""
LIST = 3
"""Lines without a full stop, one after the other, from which on they are a list and not headings."""
ASKS = ("?", "？", "؟")
"""What a question ends with."""

_STANDS_ALONE = re.compile(rf"(?:\A|(?<=\n\n))[^\n]{{1,{LONGEST_HEADING}}}(?=\n\n)")


class Kind(Enum):
    """What stands above: a question in a line of its own, one that the sentence's own paragraph opens with, a claim, a
    section's heading, a table's head, or the sentence that leads to a list."""

    QUESTION = "question"
    CLAIM = "claim"
    OPENING = "opening"
    SECTION = "section"
    TABLE = "table"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Heading:
    """What a sentence stands under; `start` is where it begins in the snapshot's text. `part_of`: the heading that a
    section's own stands under ("Sauna", of "Opening hours"), where the text shows it. `mark`: characters of the mark
    before it, with which its own sentence may begin."""

    text: str
    start: int
    kind: Kind
    part_of: Heading | None = None
    mark: int = 0

    @property
    def path(self) -> str:
        """The heading behind what it is part of: "Sauna, Opening hours"."""
        return f"{self.part_of.text.rstrip(':')}, {self.text.rstrip(':')}" if self.part_of else self.text

    @property
    def starts(self) -> tuple[int, ...]:
        """Where its sentence may begin, and before that what it is part of."""
        own = (self.start - self.mark, self.start) if self.mark else (self.start,)
        return (*self.part_of.starts, *own) if self.part_of else own

    @property
    def reach(self) -> int:
        """How many sentences before one that stands under it are looked through for it."""
        return PART_REACH if self.part_of else HEADING_REACH

    @property
    def rules(self) -> bool:
        """Whether it permits or forbids what stands under it: "Don't"."""
        return self.kind is Kind.SECTION and rules(self.text)

    def among(self, before: Sequence[Sentence]) -> tuple[Sentence, ...]:
        """Those of the sentences before one that it stands under, in the text's order."""
        return tuple(each for each in before if each.start in self.starts)

    def over(self, sentence: str) -> str:
        """The sentence as it reads under it: behind the question or the heading, or each cell behind its column's."""
        if self.kind is Kind.TABLE:
            return read_row(self.text, sentence)
        if self.part_of:
            return f"{self.path}: {sentence}"
        return f"{self.text} {sentence}" if ENDED.search(self.text) else f"{self.text}. {sentence}"


class _Line(NamedTuple):
    """A line that is not blank, trimmed; `start` counts from the sentence that is looked from (negative), `apart`
    whether a blank line or nothing stands above it."""

    text: str
    start: int
    apart: bool

    def heads(self, text: str, start: int, kind: Kind, part_of: Heading | None = None) -> Heading:
        """What it says as a heading of the sentence that begins at `start` of its text."""
        mark = len(self.text) - len(unmarked(self.text))
        return Heading(text, start + self.start + mark, kind, part_of, mark)


def heading(above: str, start: int, sentence: str, below: str = "") -> Heading | None:
    """What the `sentence` that begins at `start` of its text stands under, the nearest of all; `above` and `below` are
    the text before and after it, as much as is known of them."""
    before, marked = with_mark(above, sentence)
    found = _heading(before, start - len(above) + len(before), marked, below)
    if found is not None and found.kind is not Kind.SECTION:
        return found
    of = listing(above, start, sentence, below)
    if of is None or not of.has(start) or not of.lead or (found is not None and found.start >= of.lead_start):
        return found
    return Heading(of.lead, of.lead_start, Kind.LEAD, found)


def _heading(above: str, start: int, sentence: str, below: str) -> Heading | None:
    """What a sentence with its mark stands under, unless a list is led to."""
    lines = list(_lines(above, whole=len(above) == start))
    own = lines.pop() if lines and not above[lines[-1].start + len(lines[-1].text) :].count("\n") else None
    if CELLS in sentence and own is None:
        return _head_of_table(lines, start, sentence)
    if own is not None and (asked := _opening_question(own)):
        return own.heads(bare_line(asked), start, _kind(asked, Kind.OPENING))
    apart = own.apart if own else _stands_apart(above)
    listed = own is None and apart and is_short(sentence)
    opening = own.text if own else sentence
    at = _over(lines, apart, listed, speaker=speaker_of(opening))
    first = _head_of_block(lines, apart, f"{own.text if own else ''} {sentence}{below}".strip())
    if first is not None and (at is None or at < first) and not (own and run_in(own.text)):
        return _heads(lines[first], start, lines[at] if at == first - 1 and not _line_asks(lines[at]) else None)
    if at is not None and _is_claim(lines[at]) and not _reaches(lines[at + 1 :], opening):
        at = None
    if at is not None and _line_asks(lines[at]):
        kind = _kind(lines[at].text, Kind.QUESTION)
        group = _heads(_group(lines, at, start), start) if kind is Kind.QUESTION else None
        return lines[at].heads(bare_line(lines[at].text), start, kind, group)
    if own is not None and (named := run_in(own.text)):
        return own.heads(named, start, Kind.SECTION)
    if at is None:
        return None
    section, part = _section(lines, lines[at], standing_alone(f"{above}{sentence}{below}"))
    return _heads(section, start, part)


def standing_alone(text: str) -> list[str]:
    """The lines of a text that are as short as headings and stand alone, in order."""
    return [line for line in _STANDS_ALONE.findall(text) if is_short(line)]


def asks(above: str, sentence: str) -> bool:
    """Whether a sentence is a question, or a claim, that begins a line: its text goes on to answer or to judge it, or
    nobody does, and it is itself no answer. `above` is the text before it."""
    above, sentence = with_mark(above, sentence)
    return _begins_a_line(above) and is_question(sentence, _stands_apart(above))


def may_be_heading(above: str, sentence: str, below: str) -> bool:
    """Whether sentences may stand under this one: it asks, or is as short as a heading between blank lines; `above` and
    `below` are the text around it."""
    above, sentence = with_mark(above, sentence)
    if asks(above, sentence):
        return True
    if _begins_a_line(above) and not below.startswith("\n"):
        return bool(RUN_IN.fullmatch(f"{sentence} ") and run_in(sentence))
    heads = is_short(sentence) if below.startswith("\n\n") else heads_block(sentence, below[1:].partition("\n")[0])
    return heads and _stands_apart(above)


def _heads(line: _Line | None, start: int, part: _Line | None = None) -> Heading | None:
    """A line above the sentence that begins at `start` as a section's heading, of the part that another heads."""
    return line.heads(line.text, start, Kind.SECTION, _heads(part, start)) if line else None


def _over(lines: Sequence[_Line], apart: bool, listed: bool, speaker: str) -> int | None:
    """Which of the lines above a sentence is the nearest question or heading. `apart`: a blank line stands above its
    own; `listed`: it is short as a list's items are; `speaker`: whom its line is of in a transcript. Who asks there has
    had an answer when it is their turn again."""
    if listed and lines and not (is_short(lines[-1].text) or _line_asks(lines[-1])):
        return None  # a new heading
    run = paragraphs = 0
    spoken = {speaker}
    for at in reversed(range(len(lines))):
        line = lines[at]
        asker = speaker_of(line.text)
        if _line_asks(line):
            if run and _is_claim(line):
                return _of_run(lines, at + 1, run, listed)
            reaches = paragraphs < ANSWER_LINES and -line.start <= ANSWER_REACH + len(line.text)
            return at if reaches and not (asker and asker in spoken) else None
        if line.apart and is_short(line.text) and (apart if at + 1 == len(lines) else lines[at + 1].apart):
            run += 1
            continue
        if run and (place := _of_run(lines, at + 1, run, listed)) is not None:
            return place
        run = 0
        spoken.add(asker)
        paragraphs += bool(ENDED.search(line.text)) or len(line.text) > LONGEST_HEADING
    return _of_run(lines, 0, run, listed) if run else None


def _reaches(between: Sequence[_Line], opening: str) -> bool:
    """Whether a claim is judged as far below as behind these lines, in a line that begins so: there is nothing but its
    verdict between, or the truth is told there."""
    return judges(opening) or all(judges(line.text) for line in between)


def _of_run(lines: Sequence[_Line], first: int, run: int, listed: bool) -> int | None:
    """Which of so many short lines that follow each other is the heading of what follows them: the last, or of a list
    that goes on below all lines the first, which is no heading of what stands behind the list."""
    if listed and first + run == len(lines):
        return first
    return first + run - 1 if run < LIST else None


def _head_of_block(lines: Sequence[_Line], apart: bool, last: str) -> int | None:
    """Which of the lines above a sentence heads its block; `apart`: its own line begins one; `last`: that line on."""
    at = None if apart else next((n for n in reversed(range(len(lines))) if lines[n].apart), None)
    if at is None:
        return None
    below = lines[at + 1].text if at + 1 < len(lines) else last.partition("\n")[0]
    return at if heads_block(lines[at].text, below) else None


def _group(lines: Sequence[_Line], at: int, start: int) -> _Line | None:
    """The heading of a question's group ("Delivery"): right above its first question, and behind a text, since a short
    line behind a question may be what answers it."""
    for n in reversed(range(at)):
        line, first = lines[n], lines[n + 1]
        heads = line.apart and is_short(line.text) and first.apart and _line_asks(first)
        if heads and _begins_a_group(lines, n, start):
            return line
    return None


def _begins_a_group(lines: Sequence[_Line], n: int, start: int) -> bool:
    """Whether the lines before the n-th end in a text, or are headings alone, from the first of the text on."""
    if n and ENDED.search(lines[n - 1].text):
        return not _line_asks(lines[n - 1])
    return start + lines[0].start == 0 and all(is_short(line.text) for line in lines[:n])


def _section(lines: Sequence[_Line], found: _Line, alone: Sequence[str]) -> tuple[_Line, _Line | None]:
    """The heading of the section that a heading was found of, and that of the part that it stands in, where the text
    shows which. `alone`: the lines of the text, as much as is known of it, that are as short as headings and stand
    alone."""
    counted = Counter(alone)
    runs = list(_runs(lines))
    at = next((n for n, run in enumerate(runs) if found in run), None)
    if at is None:
        return found, None
    run = runs[at]
    own = run.index(found)
    if not own and _opens(run, counted) and len(run) >= LIST:
        own = 1  # the first of these lines is the part's, the second its section's, and the others are a list
    return run[own], run[own - 1] if own else _part(run[own].text, runs[:at], alone, counted)


def _part(
    section: str, runs: Sequence[Sequence[_Line]], alone: Sequence[str], counted: Mapping[str, int]
) -> _Line | None:
    """Which of the headings above a section's heads the part that it stands in; None where that is not certain. Only a
    section that comes in several parts ("Opening hours") is known to be one: a part's heading comes once, and either
    directly above a section's or, as others do, as the last before the section that parts begin with."""
    if counted[section] < 2:
        return None
    before: dict[str, set[str]] = {}
    for above, text in pairwise(alone):
        before.setdefault(text, set()).add(above)
    begin = {text for text, found in before.items() if len(found) > 1 and all(counted[each] == 1 for each in found)}
    parts = {above for above, text in pairwise(alone) if text in begin}
    for run in reversed(runs):
        opens = _opens(run, counted)
        if section == run[0].text or (opens and section == run[1].text):
            return None
        if counted[run[0].text] == 1:
            return run[0] if opens or run[0].text in parts else None
    return None


def _opens(run: Sequence[_Line], counted: Mapping[str, int]) -> bool:
    """Whether the first of short lines that directly follow each other is the heading of a part, and the second of its
    first section: they are two, or a list follows them, and the second comes in other parts as well."""
    return len(run) > 1 and (len(run) < LIST or counted[run[1].text] > 1)


def _runs(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Lines as short as headings, with blank lines around, those together that directly follow each other."""
    run: list[_Line] = []
    for line, after in zip(lines, [*lines[1:], None], strict=True):
        if line.apart and is_short(line.text) and (after is None or after.apart):
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _head_of_table(lines: Sequence[_Line], start: int, row: str) -> Heading | None:
    cells = row.count(CELLS)
    head = None
    for line in reversed(lines):
        if line.text.count(CELLS) != cells:
            break
        head = line
    return Heading(head.text, start + head.start, Kind.TABLE) if head else None


def _lines(above: str, whole: bool) -> Iterator[_Line]:
    """The lines above a sentence; unless that is the `whole` text, the first may be the end of one, and is left out."""
    at, apart = 0, True
    for number, raw in enumerate(above.split("\n")):
        text, blank = raw.strip(), is_blank(raw)
        if not blank and (number or whole):
            yield _Line(text, at + raw.index(text) - len(above), apart)
        apart = blank
        at += len(raw) + 1


def _opening_question(own: _Line) -> str:
    """The question that a line begins with, where the sentence that is looked from stands behind it."""
    end = SENTENCE_END.search(f"{own.text} X")
    first = own.text[: end.start() + 1].strip() if end else own.text
    return first if -own.start <= ANSWER_REACH and is_question(first, own.apart) else ""


def _begins_a_line(above: str) -> bool:
    return not above or above.endswith("\n")


def _stands_apart(above: str) -> bool:
    """Whether a line begins behind this text, and the one before it has nothing to read: blank, or a rule."""
    return not above or (above.endswith("\n") and is_blank(above[:-1].rpartition("\n")[2]))


def _line_asks(line: _Line) -> bool:
    return is_question(line.text, line.apart)


def _is_claim(line: _Line) -> bool:
    return _line_asks(line) and _kind(line.text, Kind.QUESTION) is Kind.CLAIM


def _kind(line: str, asked: Kind) -> Kind:
    """What a line is that asks or claims."""
    return asked if ENDS_ASKING.search(line) or not reports_a_claim(line) else Kind.CLAIM
