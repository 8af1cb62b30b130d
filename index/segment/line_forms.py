"""What a line may be, by its form alone: a question or a claim, as short as a heading, a heading that the text goes on
behind in the same line, what a speaker says."""

from __future__ import annotations

import re

from index.article import CELLS
from index.terms.claims import reports_a_claim
from index.terms.verdicts import judges

LONGEST_QUESTION, LONGEST_CLAIM, LONGEST_HEADING, MOST_WORDS = 200, 300, 80, 10
RUN_IN_WORDS = {"numbered": 6, "label": 4, "short": 3}
"""Words of a heading that the text goes on behind in the same line, at most: of one that is numbered, of one that a
colon follows, and of any other. As of all headings, only what names what is asked counts."""
NARROWEST, CLEARLY = 20, 1.5
"""Characters of a line that is no wrapped one; how many times as long as a heading the line directly below it is."""

ENDS_ASKING = re.compile(r"""[?？؟][\s"'”’»)\]*_]*\Z""")
ENDED = re.compile(r"""[.!?…。！？؟।;,:][\s"'”’»)\]*_]*\Z""")
SENTENCE_END = re.compile(r"(?:(?<=\w{4})\.|[!?…。！？؟।])[\"'”’»)\]*_]*\s+(?=[^\W\d_a-z])")
"""A full stop behind three letters or fewer is an abbreviation's ("Dr. Smith") as far as a heading is concerned."""
_NAMED = re.compile(
    r"""\A(?:[•◦▪‣●*·+#–—-]+\s+|\d{1,3}[.)]\s+)?(?:(?:Q|Question|F|Frage|В|Вопрос|П|Питання|질문|문)\s?\d{0,3}\s?[.:)]\s*)?
    """.strip(),
    re.IGNORECASE,
)
_INDIRECT = re.compile(r"(?:what|how|where|when|whom?|which \w+) to\b(?!.*[.!…;,:])", re.IGNORECASE)
"""A heading that asks without a question mark: "What to bring"."""
RUN_IN = re.compile(
    r"""
    (?:§\s?\d{1,3}\w?\.?|\d{1,3}[.)])\s+(?P<numbered>[^.!?:;]{3,60})[.:]\s
    |(?P<label>[^\W\d_][^.!?:;,]{1,40}):\s
    |(?P<short>[^\W\d_][^.!?:;,]{2,30}(?<=\w{4}))\.\s
    """,
    re.VERBOSE,
)
"""A heading that the text goes on behind in the same line: "3. Mill Lane. The county …", "Maren Tolle: We lost …"."""
_STATES = re.compile(
    r"(?!(?:what|who|when|where|which|why|how|if|was|wer|wann|wo|wie|warum|wenn)\b).*?"
    r"(?:\w(?<!\bthat)(?<!\bwhich)(?<!\bwho)\s+(?:is|are|was|were|has|have|had|will|ist|sind|war|waren|hat|haben|hatte|wird|werden)\s+\w"
    r"|\w\s+\d{1,3}\s?[-–:]\s?\d{1,3}\s+[^\W\d_])",
    re.IGNORECASE,
)
"""A short line that says something by itself: "All ferries are cancelled", "Rovers 3-2 Town"."""
_OPENS = re.compile(r"[^\W_a-zа-яёіїєґäöüß]|[¿\"“«„(]")


def run_in(own: str) -> str:
    """The heading that a line begins with, where the sentence that is looked from stands behind it."""
    found = RUN_IN.match(f"{own} ")
    if found is None or found.lastgroup is None:
        return ""
    named = found[found.lastgroup].strip()
    return named if _OPENS.match(named) and len(named.split()) <= RUN_IN_WORDS[found.lastgroup] else ""


def speaker_of(line: str) -> str:
    """Whom a line of a transcript is of: "HOST", of "HOST: Were you ever scared?"; "" in other texts."""
    found = RUN_IN.match(f"{line} ")
    return (found["label"] or "").strip() if found else ""


def is_blank(line: str) -> bool:
    return not any(map(str.isalnum, line))


def is_question(line: str, apart: bool) -> bool:
    """Whether a line is one question or claim; one that does not stand `apart` may be the end of a sentence."""
    bare = bare_line(line)
    if len(line) <= LONGEST_CLAIM and reports_a_claim(line) and not SENTENCE_END.search(bare):
        return True
    if apart and len(bare) <= LONGEST_HEADING and _INDIRECT.match(bare):
        return True
    if not ENDS_ASKING.search(line) or len(line) > LONGEST_QUESTION:
        return False
    return (apart or bool(_OPENS.match(bare))) and not SENTENCE_END.search(bare)


def is_short(line: str) -> bool:
    """Whether a line is as short as a heading, and ends as one does."""
    return (
        len(line) <= LONGEST_HEADING
        and len(line.split()) <= MOST_WORDS
        and (not ENDED.search(line) or line.endswith(":"))
        and CELLS not in line
        and bool(_OPENS.match(line))
        and not _STATES.match(line)
        and not is_blank(line)
        and not judges(line)
    )


def bare_line(line: str) -> str:
    """A line without what numbers it or says that it is a question."""
    return _NAMED.sub("", line, count=1)


def heads_block(line: str, below: str) -> bool:
    """Whether a short line, neither wrapped nor a field ("Name: …"), heads those directly below it."""
    if not is_short(line) or ": " in line or CELLS in below or not _OPENS.match(bare_line(below)):
        return False
    return len(below) >= CLEARLY * len(line) or (len(line) < NARROWEST and bool(ENDED.search(below)))
