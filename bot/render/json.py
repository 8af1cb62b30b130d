"""Values as the JSON that the command line promises."""

from __future__ import annotations

from typing import Any

from index.article import Answer, Article, Quote, Sentence


def article(value: Article) -> dict[str, Any]:
    """An article without its text."""
    return {
        "id": value.id,
        "title": value.title,
        "source": value.source,
        "url": value.url,
        "published": value.published.isoformat() if value.published else None,
    }


def sentence(value: Sentence) -> dict[str, Any]:
    """A sentence with what proves it."""
    return {
        "id": value.id,
        "ordinal": value.ordinal,
        "sentence": value.text,
        "start": value.start,
        "end": value.end,
        "snapshot": value.snapshot,
    }


def quote(value: Quote, explain: bool = False) -> dict[str, Any]:
    """A quote, its proof, and what else says the same or something else."""
    said: dict[str, Any] = {
        "sentence": value.sentence.text,
        "confidence": round(value.confidence, 4),
        "start": value.sentence.start,
        "end": value.sentence.end,
        "snapshot": value.sentence.snapshot,
        "article": article(value.article),
        "also": [quote(other) for other in value.also],
    }
    if value.conflicts:
        said["conflicts"] = [quote(other) for other in value.conflicts]
    if value.context:
        said["context"] = [sentence(near) for near in value.context]
    if value.speaker:
        said["speaker"] = value.speaker
    if explain:
        said["parts"] = {name: round(part, 4) for name, part in value.parts.items()}
    return said


def answer(id: Any, value: Answer, explain: bool = False) -> dict[str, Any]:
    """One line of a batch."""
    return {
        "id": id,
        "question": value.question.text,
        "answered": value.answered,
        "confidence": round(value.confidence, 4),
        "ms": round(value.ms, 1),
        "quotes": [quote(each, explain) for each in value.quotes],
        "ranked": [_ranked(each, explain) for each in value.ranked],
    }


def _ranked(value: Quote, explain: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "sentence": value.sentence.text,
        "confidence": round(value.confidence, 4),
        "article_id": value.article.id,
    }
    if explain:
        said["parts"] = {name: round(part, 4) for name, part in value.parts.items()}
    return said
