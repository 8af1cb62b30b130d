"""Silence by construction: from a question and the sentence that answers it, a pair that does not fit, by rule.

The rules follow how SQuAD 2.0's writers made questions unanswerable (Rajpurkar, Jia, Liang 2018, table 1: negation,
antonym, entity swap, mutual exclusion, impossible condition). So that a model cannot tell the made pairs by their
clumsiness, some are edited on both sides in the same way and stay answerable.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.train.antonyms import ANTONYMS

NUMBER = re.compile(r"(?<![\w.,])\d[\d.,]*\d|(?<![\w.,])\d(?!\w)")
YEAR = re.compile(r"(?:1[0-9]|20)\d\d$")
CAPITALISED = re.compile(r"(?<=[^\s.!?:;«\"“(¿¡]\s)[^\W\d_a-z]\w+(?:[ -][^\W\d_a-z]\w+)*")
CASED = {"en", "ru", "fi", "fr", "tr", "pt", "no", "vi", "id", "sw", "es", "it", "uk"}

AUXILIARY = re.compile(r"\b(did|does|do|was|were|is|are|has|have|had|can|could|would|will)\b", re.I)


def names_in(text: str) -> list[str]:
    """Return runs of capitalised words that do not open a sentence."""
    found = (match[0] for match in CAPITALISED.finditer(text))
    return [name for name in found if all(part[0].isupper() for part in re.split("[ -]", name))]


@dataclass(frozen=True)
class Built:
    """A pair made by rule, and which rule made it."""

    question: str
    title: str | None
    sentence: str
    label: float
    kind: str


@dataclass(frozen=True)
class Kinds:
    """What an article offers for exchange: its names, years and other numbers."""

    lang: str
    names: tuple[str, ...]
    years: tuple[str, ...]
    numbers: tuple[str, ...]

    @classmethod
    def of(cls, sentences: Iterable[str], lang: str) -> Kinds:
        """Collect the names and numbers of an article's sentences."""
        names: dict[str, None] = {}
        figures: dict[str, None] = {}
        for sentence in sentences:
            figures.update(dict.fromkeys(NUMBER.findall(sentence)))
            if lang in CASED:
                names.update(dict.fromkeys(names_in(sentence)))
        years = tuple(n for n in figures if YEAR.match(n))
        return cls(lang, tuple(names), years, tuple(n for n in figures if not YEAR.match(n)))


def restored_case(question: str, sentence: str) -> str:
    """Return a lower-cased, tokenised question with the capitals that its sentence shows, and its spaces closed up.

    Without it a cased model learns that lower-case questions have no answer.
    """
    if question != question.lower():
        return question
    shown = {word.lower(): word for word in re.findall(r"\w+", sentence) if word != word.lower()}
    text = re.sub(r"\w+", lambda match: shown.get(match[0], match[0]), question)
    text = re.sub(r"\s+(n't|'s|'re|'ve|'ll|[?.,;:!%)])", r"\1", text)
    text = re.sub(r"(\d) , (\d)", r"\1,\2", text.replace("( ", "(").replace(" - ", "-"))
    return text[:1].upper() + text[1:]


def unanswerable(
    question: str, sentence: str, title: str | None, kinds: Kinds, titles: Sequence[str], rng: random.Random
) -> Built | None:
    """Return one pair made from an answerable one by a rule that applies, or None when none does."""
    rules = [_exchanged_names, _exchanged_names, _exchanged_number, _antonym, _other_title, _negation]
    rng.shuffle(rules)
    for rule in rules:
        made = rule(question, sentence, title, kinds, titles, rng)
        if made is not None:
            return made
    return None


def _other_figure(found: str, kinds: Kinds, avoid: str, rng: random.Random) -> str:
    pool = [n for n in (kinds.years if YEAR.match(found) else kinds.numbers) if n != found and n not in avoid]
    if pool and rng.random() < 0.6:
        return rng.choice(pool)
    digits = re.sub(r"\D", "", found) or "1"
    moved = max(1, int(digits) + rng.choice([-1, 1]) * rng.randint(1, 9 if len(digits) > 2 else 4))
    return f"{moved:,}" if "," in found else str(moved)


def _replaced(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text)


def _both_or_one(
    question: str, sentence: str, title: str | None, old: str, new: str, kind: str, rng: random.Random
) -> Built | None:
    """Exchange in the question, in the sentence, or (rarely) in both, which keeps the answer."""
    draw = rng.random()
    if draw < 0.6 or old not in sentence:
        made = Built(_replaced(question, old, new), title, sentence, 0.0, kind)
    elif draw < 0.82:
        made = Built(question, title, _replaced(sentence, old, new), 0.0, kind + "-sentence")
    else:
        both = title and _replaced(title, old, new)
        made = Built(_replaced(question, old, new), both, _replaced(sentence, old, new), 1.0, kind + "-both")
    return None if (made.question, made.sentence) == (question, sentence) else made


def _exchanged_names(
    question: str, sentence: str, title: str | None, kinds: Kinds, titles: Sequence[str], rng: random.Random
) -> Built | None:
    shown = [name for name in names_in(question) if name in sentence or (title and name in title)]
    if not shown or kinds.lang not in CASED:
        return None
    old = rng.choice(shown)
    words = set(sentence.lower().split()) | set(question.lower().split())
    pool = [
        n
        for n in kinds.names
        if not words & set(n.lower().split()) and n not in (title or "") and abs(len(n.split()) - len(old.split())) <= 1
    ]
    if not pool:
        return None
    return _both_or_one(question, sentence, title, old, rng.choice(pool), "name", rng)


def _exchanged_number(
    question: str, sentence: str, title: str | None, kinds: Kinds, titles: Sequence[str], rng: random.Random
) -> Built | None:
    found = [n for n in NUMBER.findall(question) if n in sentence]
    if not found:
        return None
    old = rng.choice(found)
    return _both_or_one(question, sentence, title, old, _other_figure(old, kinds, sentence, rng), "number", rng)


def _antonym(
    question: str, sentence: str, title: str | None, kinds: Kinds, titles: Sequence[str], rng: random.Random
) -> Built | None:
    pairs = ANTONYMS.get(kinds.lang, {})
    found = [w for w in re.findall(r"\w+", question.lower()) if w in pairs and pairs[w] not in sentence.lower()]
    if not found:
        return None
    old = rng.choice(found)
    return Built(re.sub(rf"\b{old}\b", pairs[old], question, count=1, flags=re.I), title, sentence, 0.0, "antonym")


def _negation(
    question: str, sentence: str, title: str | None, kinds: Kinds, titles: Sequence[str], rng: random.Random
) -> Built | None:
    if kinds.lang != "en" or rng.random() < 0.85 or " not " in question or "n't" in question:
        return None
    if rng.random() < 0.5:
        text = re.sub(r"\b(did|does|was|were|is|are|has|have|had|could|would)\b", r"\1n't", question, count=1)
    else:
        text = AUXILIARY.sub(r"\1 not", question, count=1)
        text = re.sub(r"\b(\w+) not (\w+)\b", r"\1 \2 not", text, count=1) if rng.random() < 0.3 else text
    return None if text == question else Built(text, title, sentence, 0.0, "negation")


def _other_title(
    question: str, sentence: str, title: str | None, kinds: Kinds, titles: Sequence[str], rng: random.Random
) -> Built | None:
    """The question names its article: ask it of another, or show the sentence under another article's title."""
    if not title or len(titles) < 5:
        return None
    name = re.sub(r"\s*\(.*\)$", "", title)
    other = re.sub(r"\s*\(.*\)$", "", rng.choice(titles))
    if other.lower() in question.lower() or other.lower() in sentence.lower() or name.lower() not in question.lower():
        return None
    if name.lower() in sentence.lower() or rng.random() < 0.5:
        text = re.sub(re.escape(name), lambda _: other, question, flags=re.I)
        return Built(text, title, sentence, 0.0, "title-question")
    return Built(question, other, sentence, 0.0, "title")
