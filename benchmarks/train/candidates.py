"""Wrong sentences as the library itself finds them: what its first stage takes for an answer is what a cross-encoder
has to tell from one. Half a question's candidates are of the right article."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks import protocols
from benchmarks.sets import Asked, draft_of
from benchmarks.train.data import Pair, Paragraph, Question, passage
from index.article import ArticleId, Draft
from index.readers.plain import normalise

FIRST, LATER = 2, 3
"""Wrong candidates that each question is read with: the first so many, and so many of the others."""
TITLED = 0.93
"""Share of the pairs that show the title."""
IN_CONTEXT = 0.2
"""Share of the pairs that are read behind the sentence before, too, as candidates in doubt are in use."""


@dataclass(frozen=True)
class _Article:
    """The sentences of the paragraphs under one title, each once, and which one stands before a sentence."""

    id: ArticleId
    title: str
    before: dict[str, str]
    questions: tuple[tuple[Question, frozenset[str]], ...]

    @property
    def draft(self) -> Draft:
        return draft_of(self.id, self.title, list(self.before))


def candidate_pairs(paragraphs: Sequence[Paragraph], rng: random.Random) -> list[Pair]:
    """Return the pairs of every question of a titled paragraph: with an answer, if it has one, and with the wrong ones
    among its first candidates in a library of all these paragraphs."""
    articles = _articles(paragraphs)
    asked = [
        (article, gold, Asked(f"{article.id}-{n}", question.text, article.id, gold))
        for article in articles
        for n, (question, gold) in enumerate(article.questions)
    ]
    titles = {article.id: article for article in articles}
    with protocols.library_of([article.draft for article in articles], cross_encoder="off") as library:
        answers = protocols.pooled(library, [each for _, _, each in asked])
    pairs: list[Pair] = []
    for article, gold, each in asked:
        pairs += _right(article, gold, each.question, rng)
        found = [(quote.article.id, quote.sentence.text) for quote in answers[each.id].ranked]
        wrong = [(titles[id], text) for id, text in found if text not in gold]
        for other, text in wrong[:FIRST] + rng.sample(wrong[FIRST:], min(LATER, len(wrong[FIRST:]))):
            pairs += _wrong(other, text, each.question, gold, rng, keep=other.id != article.id)
    return pairs


def _articles(paragraphs: Sequence[Paragraph]) -> list[_Article]:
    grouped: dict[str, list[Paragraph]] = defaultdict(list)
    for paragraph in paragraphs:
        if paragraph.title:
            grouped[paragraph.title].append(paragraph)
    return [_article(ArticleId(f"a{n}"), title, parts) for n, (title, parts) in enumerate(grouped.items())]


def _article(id: ArticleId, title: str, parts: Sequence[Paragraph]) -> _Article:
    before: dict[str, str] = {}
    questions = []
    for part in parts:
        texts = [normalise(text).strip() for text in part.sentences]
        for earlier, text in zip(["", *texts], texts, strict=False):
            if text:
                before.setdefault(text, earlier)
        questions += [
            (asked, frozenset(texts[place] for place in asked.gold if texts[place])) for asked in part.questions
        ]
    return _Article(id, title, before, tuple(questions))


def _right(article: _Article, gold: frozenset[str], question: str, rng: random.Random) -> Iterator[Pair]:
    if not gold:
        return
    text = rng.choice(sorted(gold))
    yield Pair(question, _shown(article, text, rng), 1.0, "gold")
    before = article.before.get(text, "")
    if before and before not in gold and rng.random() < IN_CONTEXT:
        yield Pair(question, passage(article.title, f"{before} {text}"), 1.0, "gold behind its neighbour")
        yield Pair(question, passage(article.title, before), 0.0, "neighbour", doubtful=True)


def _wrong(
    article: _Article, text: str, question: str, gold: frozenset[str], rng: random.Random, *, keep: bool
) -> Iterator[Pair]:
    yield Pair(question, _shown(article, text, rng), 0.0, "candidate", keep=keep, doubtful=True)
    before = article.before.get(text, "")
    if before and before not in gold and rng.random() < IN_CONTEXT:
        yield Pair(
            question, passage(article.title, f"{before} {text}"), 0.0, "candidate behind its neighbour", doubtful=True
        )


def _shown(article: _Article, text: str, rng: random.Random) -> str:
    return passage(article.title if rng.random() < TITLED else None, text)
