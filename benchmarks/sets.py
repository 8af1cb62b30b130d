"""Benchmark data as drafts and questions. Read from `../shared/bench`, or from the folder in PULLQUOTE_BENCH."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.article import ArticleId, Draft, Span
from index.readers.plain import normalise
from index.segment import segment

FOLDER = Path(os.environ.get("PULLQUOTE_BENCH", "../shared/bench"))
SQUAD_TRAINING_TITLES = 8
"""Titles in alphabetical order: the first eight of the half are for training and tuning, the others are the test."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the sentences that answer it (none: it must meet silence) and the article it was asked of; of a
    follow-up also the question `previous` to it."""

    id: str
    question: str
    article: ArticleId
    gold: frozenset[str]
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Set:
    """Articles and questions over them."""

    name: str
    drafts: tuple[Draft, ...]
    questions: tuple[Asked, ...]


def read(path: str) -> Any:
    """A JSON file of the benchmark folder; stops with one line when it is not there."""
    file = FOLDER / path
    if not file.exists():
        raise SystemExit(f"{file} is not there. Name the folder of the benchmark data in PULLQUOTE_BENCH.")
    return json.loads(file.read_text(encoding="utf-8"))


def draft_of(id: str, title: str, sentences: Sequence[str], lang: str = "en") -> Draft:
    """An article of sentences that are split already."""
    spans, at = [], 0
    for sentence in sentences:
        spans.append(Span(at, at + len(sentence)))
        at += len(sentence) + 1
    return Draft(title, " ".join(sentences), lang=lang, id=ArticleId(id), spans=tuple(spans))


def selqa(split: str) -> Set:
    """SelQA: one article for each Wikipedia article, its sections' sentences in order, each once."""
    rows = read(f"selqa/{split}.json")
    sections: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        cleaned = [normalise(text).strip() for text in row["candidates"]]
        sections.setdefault(row["article"], {}).setdefault(row["section"], cleaned)
    drafts = [
        draft_of(
            article, article.replace("_", " "), list(dict.fromkeys(s for part in parts.values() for s in part if s))
        )
        for article, parts in sections.items()
    ]
    questions = [
        Asked(
            f"{split}-{n}",
            row["question"],
            ArticleId(row["article"]),
            frozenset(normalise(row["candidates"][at]).strip() for at in row["answers"]),
        )
        for n, row in enumerate(rows)
    ]
    return Set(f"selqa-{split}", tuple(drafts), tuple(questions))


def squad2(split: str) -> Set:
    """The SQuAD 2.0 half: `dev` is its first eight titles, `test` its last eight. Our own segmenter splits it."""
    data = sorted(read("squad2/dev-half.json")["data"], key=lambda article: article["title"])
    chosen = data[:SQUAD_TRAINING_TITLES] if split == "dev" else data[SQUAD_TRAINING_TITLES:]
    return _reading_set(f"squad2-{split}", chosen, "en")


def xquad(lang: str) -> Set:
    """XQuAD-R in one language, without the articles that the SQuAD half holds too."""
    known = {p["context"][:80] for article in read("squad2/dev-half.json")["data"] for p in article["paragraphs"]}
    english = read("xquad-r/en.json")["data"]
    kept = [
        n for n, article in enumerate(english) if not any(p["context"][:80] in known for p in article["paragraphs"])
    ]
    data = read(f"xquad-r/{lang}.json")["data"]
    return _reading_set(f"xquad-{lang}", [data[n] | {"title": data[n].get("title") or f"{n}"} for n in kept], lang)


def languages() -> Set:
    """What training keeps back of the sets in other languages, all languages in one library."""
    from benchmarks.train.languages import in_development, read_languages

    drafts, questions = {}, []
    for name, paragraphs in read_languages(FOLDER).items():
        for n, paragraph in enumerate(each for each in paragraphs if in_development(each)):
            id = f"{name}-{n}"
            texts = (normalise(sentence).strip() for sentence in paragraph.sentences)
            sentences = list(dict.fromkeys(text for text in texts if text))
            drafts[id] = draft_of(id, paragraph.title or "", sentences, paragraph.lang)
            for m, asked in enumerate(paragraph.questions):
                gold = frozenset(normalise(paragraph.sentences[place]).strip() for place in asked.gold)
                questions.append(Asked(f"{id}-{m}", asked.text, ArticleId(id), gold))
    return Set("languages", tuple(drafts.values()), tuple(questions))


def _reading_set(name: str, data: Sequence[dict[str, Any]], lang: str) -> Set:
    drafts, questions = [], []
    for article in data:
        sentences: dict[str, None] = {}
        for paragraph in article["paragraphs"]:
            text = normalise(paragraph["context"])
            spans = _given(paragraph) or segment(text, lang)
            sentences |= dict.fromkeys(text[span.start : span.end] for span in spans)
            questions += list(_questions(article["title"], paragraph, text, spans))
        title = article["title"].replace("_", " ")
        drafts.append(draft_of(article["title"], "" if title.isdigit() else title, list(sentences), lang))
    return Set(name, tuple(drafts), tuple(questions))


def _given(paragraph: dict[str, Any]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in paragraph.get("sentence_breaks", ()))


def _questions(title: str, paragraph: dict[str, Any], text: str, spans: Sequence[Span]) -> Iterator[Asked]:
    for qa in paragraph["qas"]:
        starts = [] if qa.get("is_impossible") else [answer["answer_start"] for answer in qa["answers"]]
        gold = frozenset(text[s.start : s.end] for s in spans for at in starts if s.start <= at < s.end)
        if gold or qa.get("is_impossible"):
            yield Asked(qa["id"], qa["question"], ArticleId(title), gold)
