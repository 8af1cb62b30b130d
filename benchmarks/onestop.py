"""OneStopQA: 30 articles of the Guardian, rewritten for learners, with 486 questions that test who has read them.

News, and questions in other words than the articles use. No model here was trained on it, and nothing is tuned on it.
Berzak, Malmaud, Levy: STARC, structured annotations for reading comprehension (ACL 2020), CC BY-SA 4.0. Get it with
`git clone https://github.com/berzak/onestop-qa`, and name that folder in PULLQUOTE_ONESTOP.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks.sets import Asked, Set
from index.article import ArticleId, Draft, Span
from index.readers.plain import normalise
from index.segment import segment

FOLDER = Path(os.environ.get("PULLQUOTE_ONESTOP", "../onestop-qa"))
ARTICLES = FOLDER / "annotations" / "annotated_articles"
LEVEL = re.compile(r"^Int:\s*(?P<text>.*?)\n\s*\n(?=Ele:)", re.MULTILINE | re.DOTALL)
QUESTION = re.compile(r"^Q(?P<shared>\d?)\s*:\s*(?P<text>.+)$", re.MULTILINE)
"""A third question may share the span of another, whose number it names."""
MARK = re.compile(r"</?[AD]\d?>")
TOUCH = 3
"""Characters by which a span has to reach into a sentence: a quotation mark alone does not make it an answer."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph without its marks, where its questions are answered in it, and they."""

    text: str
    answers: dict[str, list[Span]]
    questions: tuple[tuple[str, str], ...]
    """(the number of its answer's spans, its text)."""


def there() -> bool:
    """Whether the set is on this machine."""
    return ARTICLES.is_dir()


def onestop() -> Set:
    """All of it. An answer is every sentence that the marked span reaches into."""
    drafts, questions, number = [], [], count()
    for path in sorted(ARTICLES.glob("*.txt")):
        head, *bodies = normalise(path.read_text(encoding="utf-8")).split("# Paragraph")
        id = ArticleId(path.stem)
        paragraphs = [paragraph(body) for body in bodies]
        text = "\n\n".join(each.text for each in paragraphs)
        spans = tuple(segment(text, "en"))
        drafts.append(Draft(head.replace("# Title", "").strip(), text, lang="en", id=id, spans=spans))
        start = 0
        for each in paragraphs:
            for answer, asked in each.questions:
                gold = frozenset(sentences_at(text, spans, each.answers.get(answer, []), start))
                questions.append(Asked(f"onestop-{next(number)}", asked, id, gold))
            start += len(each.text) + 2
    return Set("onestop", tuple(drafts), tuple(each for each in questions if each.gold))


def paragraph(body: str) -> Paragraph:
    """The marked paragraph of one level, and its questions."""
    level = LEVEL.search(body)
    marked = " ".join(level["text"].split()) if level else ""
    text, answers, opened = "", dict[str, list[Span]](), dict[str, int]()
    for piece in re.split(f"({MARK.pattern})", marked):
        if not MARK.fullmatch(piece):
            text += piece
        elif piece.startswith("</"):
            name = piece[2:-1]
            answers.setdefault(name, []).append(Span(opened.pop(name, 0), len(text)))
        else:
            opened[piece[1:-1]] = len(text)
    questions = tuple(
        (f"A{n}" if f"A{n}" in answers else f"A{found['shared']}", found["text"].strip())
        for n, found in enumerate(QUESTION.finditer(body), start=1)
    )
    return Paragraph(text, answers, questions)


def sentences_at(text: str, spans: tuple[Span, ...], answers: list[Span], start: int) -> Iterator[str]:
    """The sentences that the spans of a paragraph reach into, which begins at `start`."""
    for span in spans:
        if any(span.start + TOUCH < start + a.end and span.end - TOUCH > start + a.start for a in answers):
            yield text[span.start : span.end]
