"""Labelled paragraphs -> training pairs: positives, hard negatives, wrong articles, and silence by construction."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log, sqrt
from pathlib import Path
from typing import Any

from benchmarks.train.silence import Kinds, restored_case, unanswerable


@dataclass(frozen=True)
class Question:
    """A question of a paragraph; an empty `gold` means that the paragraph does not answer it."""

    text: str
    gold: frozenset[int]
    plausible: tuple[int, ...] = ()
    lang: str = "en"


@dataclass(frozen=True)
class Paragraph:
    """Sentences that stand together in an article, and the questions about them."""

    source: str
    lang: str
    title: str | None
    sentences: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Pair:
    """One example. `keep` marks a pair whose score should also stay near the teacher's."""

    question: str
    passage: str
    label: float
    kind: str
    keep: bool = False


@dataclass(frozen=True)
class Mixture:
    """How many examples of each kind a question gives, on average."""

    title: float = 0.88
    near: float = 1.0
    built: float = 0.6
    foreign: float = 0.2
    random: float = 0.05


def passage(title: str | None, sentence: str) -> str:
    """Return the passage as the model reads it, the title before the sentence."""
    return f"{title}. {sentence}" if title else sentence


def read_paragraphs(path: Path, lang: str = "en") -> list[Paragraph]:
    """Return the paragraphs of one JSONL file of the training folder."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [_paragraph(row, lang) for row in rows]


def _paragraph(row: dict[str, Any], lang: str) -> Paragraph:
    own = row.get("lang", lang)
    questions = tuple(
        Question(
            unbracketed(q["question"]),
            frozenset(q["gold"]),
            tuple(q.get("plausible", ())),
            row.get("question_lang", own),
        )
        for q in row["questions"]
    )
    return Paragraph(row["source"], own, row["title"], tuple(map(unbracketed, row["sentences"])), questions)


def unbracketed(text: str) -> str:
    """Undo the treebank's names for brackets and quotation marks (`-lrb-`, two back-ticks)."""
    return text.replace("-lrb- ", "(").replace(" -rrb-", ")").replace("`` ", '"').replace(" ''", '"')


def read_single(path: Path) -> list[Paragraph]:
    """Return labelled (question, sentence) pairs as paragraphs of one sentence."""
    grouped: dict[tuple[str, str], list[Question]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = row["question"] if row["label"] else restored_case(row["question"], row["sentence"])
        grouped[row["source"], row["sentence"]].append(Question(text, frozenset([0] if row["label"] else ())))
    return [Paragraph(source, "en", None, (text,), tuple(qs)) for (source, text), qs in grouped.items()]


def read_selqa(path: Path) -> list[Paragraph]:
    """Return SelQA's sections, one paragraph for each, its questions together."""
    grouped: dict[tuple[str, tuple[str, ...]], list[Question]] = defaultdict(list)
    for row in json.loads(path.read_text(encoding="utf-8")):
        key = row["article"].replace("_", " "), tuple(row["candidates"])
        grouped[key].append(Question(row["question"], frozenset(row["answers"])))
    return [Paragraph("selqa-dev", "en", title, texts, tuple(qs)) for (title, texts), qs in grouped.items()]


BREAK = re.compile(r"(?<=[.!?])[\"”’')]*\s+(?=[\"“‘'(]*[A-Z0-9])")


def spans(text: str) -> list[tuple[int, int]]:
    """Return a plain split into sentences; good enough for training, the library's own is better."""
    cuts = [0, *(match.end() for match in BREAK.finditer(text)), len(text)]
    return [(start, end) for start, end in itertools.pairwise(cuts) if text[start:end].strip()]


def read_squad(path: Path, titles: slice) -> list[Paragraph]:
    """Return the paragraphs of some titles (in alphabetical order) of a SQuAD 2.0 file."""
    articles = sorted(json.loads(path.read_text(encoding="utf-8"))["data"], key=lambda article: str(article["title"]))
    return [
        _squad_paragraph(article["title"].replace("_", " "), item)
        for article in articles[titles]
        for item in article["paragraphs"]
    ]


def _squad_paragraph(title: str, item: dict[str, Any]) -> Paragraph:
    cuts = spans(item["context"])

    def holding(answers: Iterable[dict[str, Any]]) -> tuple[int, ...]:
        starts = {answer["answer_start"] for answer in answers}
        return tuple(i for i, (start, end) in enumerate(cuts) if any(start <= at < end for at in starts))

    questions = tuple(
        Question(
            qa["question"].strip(),
            frozenset(() if qa["is_impossible"] else holding(qa["answers"])),
            holding(qa.get("plausible_answers", ())),
        )
        for qa in item["qas"]
    )
    sentences = tuple(item["context"][start:end].strip() for start, end in cuts)
    return Paragraph("squad2-dev-half", "en", title, sentences, questions)


WORD = re.compile(r"\w+")


def tokens(text: str) -> set[str]:
    """Return the lower-case words of a text, cut to five letters (a stemmer for any language); for scripts
    without spaces its pairs of characters."""
    found: set[str] = set()
    for word in WORD.findall(text.lower()):
        if len(word) > 1 and ord(word[0]) >= 0x2E80:
            found.update(word[i : i + 2] for i in range(len(word) - 1))
        else:
            found.add(word[:5])
    return found


class Overlap:
    """Which sentences look like an answer: shared words, weighted by how rare they are, over all paragraphs."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.bags = [[tokens(text) for text in paragraph.sentences] for paragraph in paragraphs]
        counts: dict[str, int] = defaultdict(int)
        self.places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for at, bags in enumerate(self.bags):
            for i, bag in enumerate(bags):
                for word in bag:
                    counts[word] += 1
                    self.places[word].append((at, i))
        total = sum(map(len, self.bags)) or 1
        self.weight = {word: log(total / count) for word, count in counts.items()}

    def score(self, question: set[str], bag: set[str]) -> float:
        """Return the weight of the shared words, damped by the sentence's length."""
        shared: float = sum(self.weight.get(word, 0.0) for word in question & bag)
        return shared / sqrt(8 + len(bag))

    def elsewhere(self, question: set[str], own: set[int], limit: int = 300) -> list[tuple[int, int]]:
        """Return the best three sentences outside of the paragraphs `own`, by the question's rare words."""
        rare = sorted((w for w in question if len(self.places.get(w, ())) > 0), key=lambda w: len(self.places[w]))[:4]
        places = {place for word in rare for place in self.places[word][:limit] if place[0] not in own}
        return sorted(places, key=lambda p: (-self.score(question, self.bags[p[0]][p[1]]), p))[:3]


class PairMaker:
    """Makes the pairs of paragraphs of one language group; everything random comes from `rng`."""

    def __init__(self, paragraphs: Sequence[Paragraph], mixture: Mixture, rng: random.Random) -> None:
        self.paragraphs, self.mixture, self.rng = paragraphs, mixture, rng
        self.overlap = Overlap(paragraphs)
        self.article: dict[tuple[str | None, str], list[int]] = defaultdict(list)
        for at, paragraph in enumerate(paragraphs):
            if paragraph.title:
                self.article[paragraph.title, paragraph.lang].append(at)
        self.titles: dict[str, list[str]] = defaultdict(list)
        for title, lang in self.article:
            self.titles[lang].append(title or "")

    def pairs(self) -> Iterator[Pair]:
        """Yield every pair, paragraph by paragraph; shuffle before training."""
        for at in range(len(self.paragraphs)):
            yield from self._of_paragraph(at)

    def _of_paragraph(self, at: int) -> Iterator[Pair]:
        paragraph = self.paragraphs[at]
        siblings = self.article.get((paragraph.title, paragraph.lang), [at])
        kinds = Kinds.of((text for i in siblings[:12] for text in self.paragraphs[i].sentences), paragraph.lang)
        for question in paragraph.questions:
            yield from self._of_question(at, siblings, question, kinds)

    def _titled(self, at: int, sentence: str) -> str:
        paragraph = self.paragraphs[at]
        return passage(paragraph.title if self.rng.random() < self.mixture.title else None, sentence)

    def _times(self, rate: float) -> int:
        return int(rate) + (self.rng.random() < rate % 1)

    def _of_question(self, at: int, siblings: list[int], question: Question, kinds: Kinds) -> Iterator[Pair]:
        paragraph, mixture, rng = self.paragraphs[at], self.mixture, self.rng
        words = tokens(question.text)
        if question.gold:
            gold = paragraph.sentences[rng.choice(sorted(question.gold))]
            yield Pair(question.text, self._titled(at, gold), 1.0, "gold")
            for _ in range(self._times(mixture.built)):
                made = unanswerable(question.text, gold, paragraph.title, kinds, self.titles[paragraph.lang], rng)
                if made is not None:
                    yield Pair(made.question, passage(made.title, made.sentence), made.label, made.kind)
        else:
            wrong = [i for i in question.plausible if i < len(paragraph.sentences)]
            ranked = sorted(
                range(len(paragraph.sentences)), key=lambda i: -self.overlap.score(words, self.overlap.bags[at][i])
            )
            nearest = paragraph.sentences[(wrong or ranked)[0]]
            yield Pair(question.text, self._titled(at, nearest), 0.0, "plausible")
        for _ in range(self._times(mixture.near if question.gold else mixture.near / 2)):
            place = self._near(at, siblings, question, words)
            if place:
                yield Pair(question.text, self._titled(place[0], self._text(place)), 0.0, "near")
        yield from self._foreign(siblings, at, question, words)

    def _text(self, place: tuple[int, int]) -> str:
        return self.paragraphs[place[0]].sentences[place[1]]

    def _near(self, at: int, siblings: list[int], question: Question, words: set[str]) -> tuple[int, int] | None:
        """A sentence of the same article that looks like the answer, rarely just any."""
        nearby = siblings if self.rng.random() < 0.5 else [at]
        places = [
            (p, i)
            for p in nearby
            for i in range(len(self.paragraphs[p].sentences))
            if not (p == at and i in question.gold) and not (p == at and i in question.plausible)
        ]
        if not places:
            return None
        if self.rng.random() < 0.2:
            return self.rng.choice(places)
        places.sort(key=lambda p: (-self.overlap.score(words, self.overlap.bags[p[0]][p[1]]), p))
        return self.rng.choice(places[:3])

    def _foreign(self, siblings: list[int], at: int, question: Question, words: set[str]) -> Iterator[Pair]:
        """Sentences of other articles: the likest, and any."""
        if self.rng.random() < self.mixture.foreign:
            places = self.overlap.elsewhere(words, {at, *siblings})
            if places:
                place = self.rng.choice(places)
                text = passage(self.paragraphs[place[0]].title, self._text(place))
                yield Pair(question.text, text, 0.0, "foreign", keep=True)
        if self.rng.random() < self.mixture.random:
            other = self.rng.randrange(len(self.paragraphs))
            if other not in {at, *siblings}:
                text = passage(self.paragraphs[other].title, self.rng.choice(self.paragraphs[other].sentences))
                yield Pair(question.text, text, 0.0, "random", keep=True)
