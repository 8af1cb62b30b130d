"""Where sentences end inside a block of prose.

Every full stop, mark or CJK stop is a candidate; what stands before and after it decides. The lists of
`abbreviations` come first, then sentencex's opinion for words that are on none of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from index.segment import abbreviations as known

_WESTERN = ".!?…‽؟۔։।॥።"
_EASTERN = "。！？｡"
_CLOSERS = "\"'”’»«“)]}」』）】›*_"
_CLOSING = f"[{re.escape(_CLOSERS)}]"
_REFERENCE = r"\[(?:\d{1,3}|[^\W\dA-ZА-ЯЁІЇЄҐ_][\w\ ]{0,38}\??)\]"
"""A mark that stands behind a sentence and is of it: "[1]", "[a]", "[note 1]", "[citation needed]"."""
_CANDIDATE = re.compile(
    rf"""(?:\.(?:[ \u00a0]\.)+{_CLOSING}*
    |[{_WESTERN}]+(?:{_CLOSING}+[{_WESTERN}]*)?
    |[{_EASTERN}][{_EASTERN}…!?]*[”’"'」』）】》»)]*
    |(?<=[가-힣])(?:~+|\^\^+))
    (?:{_REFERENCE})*(?:[ \u00a0\u202f][»›](?=\s|$))?""",
    re.VERBOSE,
)
_OPENERS = "\"'“„«»‹‘([{¿¡「『（【《*_•"
_OPENING = re.compile(rf"[\s{re.escape(_OPENERS)}]*")
_INITIAL = re.compile(r"[^\W\d_]\.")
_SPACE = re.compile(r"\s*")
_DASHES = frozenset("—–-―")
_DASH = re.compile(r"[\s—–―-]*")
_RESUMING = frozenset(",;:)]}，、")
_TOKEN = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*$")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_MARKER = re.compile(r"\W*(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,5}|[^\W\d_])\.[\s)]*")
_ROMAN = re.compile(r"[IVXLC]+\b(?!['’])")
_NUMBER = re.compile(r"\d|[^\W\d_]{1,3}[-‑]?\d|(?!I\b)[IVXLC]+\b")
"""What "No." stands before; before "I" it is an answer: "No. I have signed"."""
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu)['’]")
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)"
_DAY = re.compile(rf"\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}|{_MONTH}[a-z]*\.?\s+\d", re.IGNORECASE)
_HOUSE = re.compile(r"\b\d+[a-z]?\s(?:[A-Z][\w'’-]+\s){1,3}\w+$")
_REQUEST = re.compile(r"[A-Z][a-z]+\s(?:an?|the|your|our|this|these)\s")
_NO_ORDINAL = re.compile(
    r"(?:\b(?:\w*(?:nr|str)|s|abs|art|kap|seite|nummer|zi|etg|godz|ust|pkt)\.?\s*\S+|\d[:,]\d+"
    r"|\b(?:ul|al|pl|os)\.\s[^.,;]{1,30}\s\w+)$",
    re.IGNORECASE,
)
"""A number, a score, a time or a house behind its street: what follows the full stop is not counted by it."""
_INVERTED = re.compile(r"[^\W\d_]+[A-Z]")
_HALF_OF_A_DAY = re.compile(r"\d\s*[ap](?:\.\s?)?m$", re.IGNORECASE)
"""Spelled "p.m." and, in Spanish, "p. m."."""
_MEASURED = re.compile(r"(?:\d|\b(?:кв|куб|sq|cu)\.)\s\S+$")
_IN_A_YEAR = re.compile(
    r"(?:^\s*|[,;:—–(]\s*(?:(?:что|що|если|якщо|когда|коли|где|де|а|но|але|że)\s+)?|\b(?:[иіта]+|oraz)\s+)"
    r"(?:в|у|на|к|с|до|после|після|за|по|з|із|від|от|станом на|с начала|w|od|do|po|na|przed)\b"
    r"(?:\s+[\w–-]+\.?){0,8}\s*$",
    re.IGNORECASE,
)
_FOUR_DIGITS = re.compile(r"\b\d{4}\s*\w+$")
_COPULA = re.compile(r"\s[—–-]\s|:\s")
_SPOKE = re.compile(r"[^，。！？、,]{0,12}?(?:说|道|称|表示|问|喊|答|指出|强调|补充)|(?:と|って|など)")
_KOREAN_POLITE = re.compile(r"(?:니다|(?<![월화수목금토일])요|죠)$")
"""What "~" and "^^" stand behind in the place of a full stop."""
_KOREAN_END = re.compile(r"[다요까죠오]$")
_LONGEST_UNSPLIT_QUOTE = 100
_PAIRS = tuple(zip("“«„„(「『（《", "”»“”)」』）》", strict=True))
_QUOTED = "|".join(
    f"{re.escape(first)}[^{re.escape(first + last)}\n]{{1,{_LONGEST_UNSPLIT_QUOTE}}}{re.escape(last)}"
    for first, last in _PAIRS
)
_INWARD = rf"»[^»«\n]{{1,{_LONGEST_UNSPLIT_QUOTE}}}«"
_EASTERN_DATE = r"\b\d{4}\.\s?\d{1,2}\.(?:\s?\d{1,2}\.\s?(?=[^\W\da-zA-Z])| )"
_UNSPLIT = re.compile(f"{_QUOTED}|{_EASTERN_DATE}")
_UNSPLIT_INWARD = re.compile(f"{_QUOTED}|{_INWARD}|{_EASTERN_DATE}")
_INNER_STOP = re.compile(r"[\])\"”»’“]\.")


@dataclass(frozen=True, slots=True)
class _Stop:
    """A candidate: `left` is the block up to it, `start` and `end` its place, `after` where the next word begins."""

    block: str
    begun: int
    start: int
    end: int
    after: int

    @property
    def marks(self) -> str:
        return self.block[self.start : self.end]

    @property
    def next_character(self) -> str:
        """The first character of the next word, past opening quotes and brackets; empty at the end."""
        return self.block[self.after : self.after + 1]

    @property
    def next_word(self) -> str:
        found = _WORD.match(self.block, self.after)
        return found.group().casefold() if found else ""

    @property
    def token(self) -> str:
        """The word right before the stop, with the full stops inside it."""
        found = _TOKEN.search(self.block[max(self.begun, self.start - 24) : self.start])
        return found.group() if found else ""

    @property
    def mark_after(self) -> str:
        """The first character after the white space, whatever it is."""
        found = _SPACE.match(self.block, self.end)
        return self.block[found.end() : found.end() + 1] if found else ""

    def before(self, length: int = 60) -> str:
        return self.block[max(self.begun, self.start - length) : self.start]


def borders(block: str, lang: str | None) -> Iterator[int]:
    """The ends of the sentences of one block, ascending, without the block's own end."""
    protected = _unsplit(block)
    starts = [start for start, _ in protected]
    opinion: frozenset[int] | None = None
    begun = 0
    for found in _CANDIDATE.finditer(block):
        end = found.end()
        if end >= len(block) or _inside(protected, starts, end):
            continue
        opening = _OPENING.match(block, end)
        stop = _Stop(block, begun, found.start(), end, opening.end() if opening else end)
        verdict = _verdict(stop, lang)
        if verdict is None:
            opinion = _sentencex(block, lang) if opinion is None else opinion
            verdict = stop.after in opinion
        if verdict:
            yield end
            begun = end


def _unsplit(block: str) -> list[tuple[int, int]]:
    """Ranges that are kept whole: short quotations and brackets, and dates of the form 2024. 10. 31.

    »Inward« quotation marks are told from «outward» ones by which comes first.
    """
    inward = 0 <= block.find("»") < block.find("«")
    pattern = _UNSPLIT_INWARD if inward else _UNSPLIT
    found = [match.span() for match in pattern.finditer(block)]
    marks = [place for place, character in enumerate(block) if character == '"'] if '"' in block else []
    if marks and len(marks) % 2 == 0:
        pairs = zip(marks[::2], marks[1::2], strict=True)
        found += [(first, last + 1) for first, last in pairs if last - first <= _LONGEST_UNSPLIT_QUOTE]
    return _merged(sorted(found))


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _inside(protected: list[tuple[int, int]], starts: list[int], end: int) -> bool:
    """Whether a border at `end` would cut a short quotation, a bracket or a date."""
    place = bisect_right(starts, end - 1) - 1
    return place >= 0 and protected[place][0] < end < protected[place][1]


def _verdict(stop: _Stop, lang: str | None) -> bool | None:
    """Whether a sentence ends here; None where the lists have nothing to say."""
    marks = stop.marks
    if any(mark in _EASTERN for mark in marks):
        return _ends_eastern(stop)
    spaced = stop.block[stop.end].isspace()
    if not spaced:
        return _ends_unspaced(stop)
    if stop.mark_after in _RESUMING:
        return False
    if stop.mark_after in _DASHES:
        return not _quoted(marks) and not _after_dash(stop).islower()
    following = stop.next_character
    if stop.mark_after == "(" and not following.isupper() and not _caseless(following):
        return False
    if following.islower():
        return _INVERTED.match(stop.block, stop.after) is not None
    if "!" in marks or "?" in marks or "‽" in marks:
        return True
    if marks[0] in "~^":
        return _KOREAN_POLITE.search(stop.before()) is not None
    if _INNER_STOP.search(marks):
        return True
    if "…" in marks or ".." in marks or ". ." in marks:
        return following.isupper() or (_caseless(following) and _KOREAN_END.search(stop.before()) is not None)
    if not marks.startswith("."):
        return True
    if marks.startswith(".)") and "(" in stop.block[stop.begun : stop.start].lstrip()[1:]:
        return stop.next_word in known.STARTERS
    return _ends_at_full_stop(stop, lang)


def _caseless(character: str) -> bool:
    return character.isalpha() and not character.isupper() and not character.islower()


def _quoted(marks: str) -> bool:
    return any(mark in "\"'”’»«“」』›" for mark in marks)


def _after_dash(stop: _Stop) -> str:
    found = _DASH.match(stop.block, stop.end)
    return stop.block[found.end() : found.end() + 1] if found else ""


def _ends_eastern(stop: _Stop) -> bool:
    """。！？ end a sentence, but for a quotation that its sentence goes on from (“结束了。”他说)."""
    if not _quoted(stop.marks):
        return True
    return _SPOKE.match(stop.block, stop.end) is None


def _ends_unspaced(stop: _Stop) -> bool:
    """A mark with no space after it: CJK, or a space that was lost ("ended.The next")."""
    if _quoted(stop.marks):
        return False
    following = stop.block[stop.end]
    if "!" in stop.marks or "?" in stop.marks:
        return _caseless(following) or following.isupper()
    if stop.marks != ".":
        return False
    token = stop.token
    if "\uac00" <= following <= "\ud7a3":
        return _KOREAN_END.search(token) is not None
    lost = len(token) > 2 and token.islower() and "." not in token and following.isupper()
    return lost and stop.next_word in known.STARTERS


def _ends_at_full_stop(stop: _Stop, lang: str | None) -> bool | None:
    """A single full stop, a space, and then a capital, a figure, or a letter of a script without capitals."""
    if _MARKER.fullmatch(stop.block, stop.begun, stop.end):
        return False
    token = stop.token
    word = _ELISION.sub("", token.casefold())
    figure_next = stop.next_character.isdigit() or _ROMAN.match(stop.block, stop.after) is not None
    if word in known.CLOSED or word in known.CLOSED_IN.get(lang or "", ()):
        return False
    if word in known.OPEN_IN.get(lang or "", ()):
        return _starts(stop) and not figure_next
    if figure_next and (word.endswith(known.NUMBERED_ENDINGS) or (word in known.BOUNDS and _is_no_name(stop, token))):
        return False
    if word in known.WEEKDAYS and token.istitle() and _DAY.match(stop.block, stop.after):
        return False
    if word in known.MONTHS and (figure_next or re.search(r"\d\.?\s*\w+$", stop.before(16))):
        return stop.next_word in known.STARTERS and not figure_next
    if word == "no":
        return _NUMBER.match(stop.block, stop.after) is None
    if (word in known.NUMBERED and len(word) > 1) or word in known.NUMBERED_IN.get(lang or "", ()):
        return not (figure_next or stop.next_character == "+")
    return _ends_at_word(stop, token, word, figure_next, lang)


def _ends_at_word(stop: _Stop, token: str, word: str, figure_next: bool, lang: str | None) -> bool | None:
    starts = _starts(stop)
    if word in known.YEARS and re.search(r"\d\s*\w+$", stop.before(8)):
        return starts or not _leads_on(stop, word, lang)
    if word in known.ENDING or re.search(r"\b(?:т\.\s?[дп]|и др|та ін)$", stop.before(8)):
        return True
    if _HALF_OF_A_DAY.search(stop.before(10)):
        return stop.next_word not in known.AFTER_AN_HOUR
    if len(token) <= 3 and token.istitle() and _INITIAL.match(stop.block, stop.after):
        return False
    if token in known.MEASURES and _MEASURED.search(stop.before(8)):
        return not figure_next
    if word in known.OPEN or (len(token) == 1 and token.isalpha()):
        return (starts and not figure_next) or (word in known.STREETS and _ends_an_address(stop))
    if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", token):
        return starts
    if lang in known.ORDINAL_LANGS and re.fullmatch(r"\d{1,2}|[IVXLC]+", token):
        return starts or _NO_ORDINAL.search(stop.before(40)) is not None
    if lang == "de" and token.isdigit() and stop.next_word in known.COUNTED:
        return False
    listed_nowhere = not token.isalpha() or len(token) > 6 or _caseless(token[-1]) or word == "may"
    return True if starts or listed_nowhere or (token.islower() and lang == "en") else None


def _leads_on(stop: _Stop, word: str, lang: str | None) -> bool:
    """Whether a year is only when something was: "In 2024." of a clause, or a sentence that has said nothing yet."""
    found = _IN_A_YEAR.search(stop.before(100)[: -len(word)])
    if found and not _tells(found[0], lang):
        return True
    if word not in known.NO_ROUBLES.get(lang or "", ()):
        return False
    said = stop.before(300)
    return _FOUR_DIGITS.search(said) is not None and not _tells(said, lang)


def _tells(said: str, lang: str | None) -> bool:
    """Whether something has been said, by what may be its predicate; of other languages, never."""
    endings = known.PREDICATES.get(lang or "")
    if endings is None:
        return False
    words = (word for word in _WORD.findall(said) if word not in known.NO_PREDICATES)
    return _COPULA.search(said) is not None or any(word.endswith(endings) for word in words)


def _starts(stop: _Stop) -> bool:
    """Whether the next word begins a sentence far more often than it continues a name."""
    return stop.next_word in known.STARTERS and not _INITIAL.match(stop.block, stop.after)


def _is_no_name(stop: _Stop, token: str) -> bool:
    return token.islower() or stop.block[stop.begun : stop.start].strip(_OPENERS + " \n") == token


def _ends_an_address(stop: _Stop) -> bool:
    """Whether a house's number and a street stand before, and what follows is no name: "14 Oak Ave. Bring a torch"."""
    return _HOUSE.search(stop.before()) is not None and _REQUEST.match(stop.block, stop.after) is not None


_MASK = str.maketrans(dict.fromkeys("\"'“”„«»‹›‘’()[]{}「」『』", " ") | dict.fromkeys("0123456789", "X"))


def _sentencex(block: str, lang: str | None) -> frozenset[int]:
    """Where sentencex begins sentences, for the abbreviations it knows.

    Quotes and brackets are hidden from it, because it keeps whole what they hold, and figures look like capitals,
    because it begins no sentence with a figure.
    """
    import sentencex

    masked = block.translate(_MASK)
    starts = set()
    for boundary in sentencex.get_sentence_boundaries(lang or "en", masked):
        opening = _OPENING.match(block, boundary["end_index"])
        starts.add(opening.end() if opening else boundary["end_index"])
    return frozenset(starts)
