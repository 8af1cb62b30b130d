"""A list in a text: its items, and what leads to it ("You need the following documents:"). Told from the text alone,
whatever its file was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.article import CELLS, Sentence
from index.segment.line_forms import ENDED, LONGEST_HEADING, heads_block, is_blank, is_question
from index.segment.marks import ITEM, with_mark

MOST_ITEMS, LONGEST_LIST, LONGEST_LEAD = 20, 1_500, 300
"""Items, and characters, of a list that is read and quoted whole, at most; characters of what leads to one."""
MOST_SENTENCES = 60
"""Sentences around one among which those of its list are."""
FEWEST, FEWEST_UNMARKED = 2, 3
"""Items of a list, at least: of one with marks, and of short lines without."""
SENTENCES = 2
"""Sentences behind the first of an item, from which on it is a paragraph: half of a list's may be such."""
_REACH = LONGEST_LIST + LONGEST_LEAD + 200
"""How far around a sentence its list is looked for."""
_FOLLOWING = re.compile(
    r"\b(?:the following|as follows|(?:listed|given|set out|named) below"
    r"|these (?:\w+ ){0,2}(?:steps|items|documents|things|rules)"
    r"|folgende[rnms]?|wie folgt|следующ\w+|наступн\w+|такі|suivante?s?|siguientes?)\b",
    re.IGNORECASE,
)
"""What a sentence that ends with a full stop says where a list follows it."""
_SENTENCE_END = re.compile(r"(?:(?<=\w{3})\.|[!?…])[\"'”’»)\]]*\s+(?=[^\W\d_a-z])")
_FULL_STOP = re.compile(r"""[.!?…][\s"'”’»)\]*_]*\Z""")
_SHORTENED = re.compile(r"\w\.\w\.\Z")
"""What ends no sentence though a full stop does: "9 p.m."."""
_SPOKEN = re.compile(r"[–—]\s.*[.!?…][\"'”’»]*\Z", re.DOTALL)
"""What two items of a list do not look like: lines of a dialogue."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of a snapshot's text, from `start` to `end`; `items` as they are read, without their marks; `lead`: the
    sentence that leads to it, from `lead_start` to `lead_end`, "" where there is none."""

    start: int
    end: int
    items: tuple[str, ...]
    lead: str = ""
    lead_start: int = -1
    lead_end: int = -1

    @property
    def text(self) -> str:
        """The list as it is read: its items in their order, behind what leads to it."""
        items = " ".join(item if ENDED.search(item) else f"{item};" for item in self.items).rstrip(";")
        return f"{self.lead} {items}" if self.lead else items

    def has(self, start: int) -> bool:
        """Whether a sentence that begins there is of one of its items."""
        return self.start <= start < self.end


class _Line(NamedTuple):
    """A line that is not blank, as it stands and where; `apart`: a blank line, or nothing, stands above it."""

    raw: str
    start: int
    apart: bool

    @property
    def text(self) -> str:
        return self.raw.strip()

    @property
    def begins(self) -> int:
        return self.start + len(self.raw) - len(self.raw.lstrip())

    @property
    def ends(self) -> int:
        return self.start + len(self.raw.rstrip())


def listing(above: str, start: int, sentence: str, below: str) -> Listing | None:
    """The list that the sentence which begins at `start` of its text is of, or leads to; `above` and `below` are the
    text around it, as much as is known of it. None where there is none, or one too long to be read whole."""
    before, own = with_mark(above, sentence)
    start -= len(own) - len(sentence)
    line = before[before.rfind("\n") + 1 :] + own
    rest = below.partition("\n")[0]
    marked = ITEM.match(line.lstrip()) is not None
    leads = not (marked or rest) and (_leads(sentence) or (line.strip() != own and _runs_on(sentence)))
    if not (leads or marked or line[:1].isspace() or _may_be_item(line + rest)):
        return None
    before, below = before[-_REACH:], below[:_REACH]
    lines = list(_lines(before + own + below, start - len(before)))
    at = next((n for n, each in enumerate(lines) if each.start <= start < each.start + len(each.raw) + 1), None)
    if at is None:
        return None
    if leads:
        last = next((n for n, each in enumerate(lines) if each.ends >= start + len(own)), at)
        found = _from(lines, last + 1)
        return _with_lead(found, own, start, start + len(own)) if found and found.start > start else None
    return _around(lines, at)


def shares_line(above: Sentence, below: Sentence) -> bool:
    """Whether the next sentence of a list goes on in the line of the one above it: it opens no item, and no more than a
    space parts them, behind a full stop."""
    opens = ITEM.match(below.text) or _SHORTENED.search(above.text) or not _FULL_STOP.search(above.text)
    return below.start - above.end <= 1 and not opens


def _around(lines: Sequence[_Line], at: int) -> Listing | None:
    """The list that a line is of, with what leads to it."""
    first = _first(lines, at)
    found = _from(lines, first)
    if found is None or not found.has(lines[at].begins):
        return None
    paragraph: list[_Line] = []
    for n in reversed(range(first)):
        if paragraph and lines[n + 1].apart:
            break
        paragraph.insert(0, lines[n])
    if not paragraph or ITEM.match(paragraph[-1].text):
        return found
    said = "\n".join(each.raw for each in paragraph).strip()
    lead = said[[0, *(end.end() for end in _SENTENCE_END.finditer(said))][-1] :]
    if not (_leads(lead) or (len(lead) < len(said) and _runs_on(lead))) or len(lead) > LONGEST_LEAD:
        return found
    end = paragraph[-1].ends
    return _with_lead(found, lead, end - len(lead), end)


def _first(lines: Sequence[_Line], at: int) -> int:
    """Which line a list begins with that a line is of."""
    if _is_marked(lines, at):
        first = at
        for n in reversed(range(at + 1)):
            if ITEM.match(lines[n].text):
                first = n
            elif not _continues(lines[n]):
                break
        return first
    first = at
    while first and not lines[first].apart:
        first -= 1
    below = lines[first + 1].text if first + 1 < len(lines) else ""
    leads = lines[first].text.endswith(":") or heads_block(lines[first].text, below)
    return first + 1 if leads and first < at and not lines[first + 1].apart else first


def _is_marked(lines: Sequence[_Line], at: int) -> bool:
    """Whether a line is of an item with a mark: it has one, or goes on from one."""
    for n in reversed(range(at + 1)):
        if ITEM.match(lines[n].text):
            return True
        if lines[n].apart or not _continues(lines[n]):
            return False
    return False


def _from(lines: Sequence[_Line], first: int) -> Listing | None:
    """The list that begins with a line."""
    if first >= len(lines):
        return None
    marked = bool(ITEM.match(lines[first].text))
    items: list[str] = []
    last = first
    for n in range(first, len(lines)):
        line = lines[n]
        mark = ITEM.match(line.text)
        if marked and mark:
            items.append(line.text[mark.end() :])
        elif marked and items and not line.apart and _continues(line):
            items[-1] += f" {line.text}"
        elif not marked and not mark and (n == first or not line.apart) and _may_be_item(line.raw):
            items.append(line.text)
        elif not marked and not line.apart:
            return None
        else:
            break
        last = n
    if 2 * sum(len(_SENTENCE_END.findall(item)) >= SENTENCES for item in items) >= len(items):
        return None
    if sum(bool(_SPOKEN.match(line.text)) for line in lines[first : last + 1]) > 1:
        return None
    start, end = lines[first].begins, lines[last].ends
    fewest = FEWEST if marked else FEWEST_UNMARKED
    if not fewest <= len(items) <= MOST_ITEMS or end - start > LONGEST_LIST:
        return None
    return Listing(start, end, tuple(items))


def _with_lead(found: Listing, lead: str, start: int, end: int) -> Listing:
    return Listing(found.start, found.end, found.items, " ".join(lead.split()), start, end)


def _leads(sentence: str) -> bool:
    """Whether a list may follow a sentence: a colon ends it, or it says so."""
    if len(sentence) > LONGEST_LEAD or ITEM.match(sentence):
        return False
    return sentence.endswith((":", "：")) or bool(_FOLLOWING.search(sentence) and ENDED.search(sentence))


def _runs_on(sentence: str) -> bool:
    """Whether a sentence behind another in its paragraph has no end: "For an outing you need"."""
    return sentence[-1:].isalpha() and len(sentence) <= LONGEST_LEAD


def _continues(line: _Line) -> bool:
    """Whether a line without a mark goes on from the item above it: it is set in, or begins with a small letter."""
    return line.raw[:1].isspace() or line.text[:1].islower()


def _may_be_item(line: str) -> bool:
    """Whether a line is as short as an item without a mark."""
    text = line.strip()
    return (
        0 < len(text) <= LONGEST_HEADING
        and (not ENDED.search(text) or bool(_SHORTENED.search(text)))
        and not text[0].islower()
        and CELLS not in text
        and not is_question(text, apart=False)
        and not is_blank(text)
    )


def _lines(text: str, start: int) -> Iterator[_Line]:
    """The lines of a text that begins at `start` of another, with something on them."""
    apart = True
    for raw in text.split("\n"):
        if raw.strip():
            yield _Line(raw, start, apart)
        apart = not raw.strip()
        start += len(raw) + 1
