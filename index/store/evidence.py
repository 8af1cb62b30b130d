"""What a quote is proved from, gathered from the tables; and which sentence a text is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import sqlalchemy as sa

from index.article import Article, ArticleId, Sentence, SentenceId, Snapshot
from index.evidence import Evidence, Found, Version, Within
from index.store import articles as article_rows
from index.store import sentences as sentence_rows
from index.store.dialect import holding
from index.store.tables import articles, sentences, snapshots
from index.terms.notice import SHORTEST, corrected_titles
from index.terms.typography import heard

MOST = 20
"""Articles named beside a quote, at most."""
READ = 100
"""Texts in which it is looked for what is no sentence of its own, at most."""
WORDS = 5
"""Words by which the database finds the texts that may hold another: what stands between them may differ."""
_NEEDLE = re.compile(r"[^\W_]+(?: [^\W_]+)*")
"""A run of words that typography leaves alone."""


def evidence(connection: sa.Connection, id: SentenceId, beside: bool = True) -> Evidence | None:
    """Everything about a sentence, current or not; None for one that never was. Without `beside`, other articles are
    not looked for (which reads every text)."""
    row = connection.execute(
        sa.select(*article_rows.COLUMNS, sentences.c.snapshot, articles.c.removed_at)
        .join(snapshots, snapshots.c.id == sentences.c.snapshot)
        .join(articles, articles.c.id == snapshots.c.article)
        .where(sentences.c.id == id)
    ).first()
    if row is None:
        return None
    article = article_rows.of_row(row)
    rows, versions = _versions(connection, article.id)
    place = rows.index(row[-2])
    sentence = next(each for each in versions[place].sentences if each.id == id)
    found = Evidence(sentence, article, place, versions, row[-1])
    if not beside:
        return found
    return replace(
        found,
        also=tuple(_with_sentence(connection, sentence, article)),
        corrects=tuple(_corrected(connection, versions[-1].snapshot.text, article.id)),
        corrected_by=tuple(_correcting(connection, {version.title for version in versions}, article.id)),
    )


def _versions(connection: sa.Connection, id: ArticleId) -> tuple[list[int], tuple[Version, ...]]:
    """Rows of an article's snapshots, and what they hold; both the oldest first."""
    query = sa.select(snapshots).where(snapshots.c.article == id).order_by(snapshots.c.id)
    rows = connection.execute(query).all()
    held: defaultdict[int, list[Sentence]] = defaultdict(list)
    lines = (
        sa.select(*sentence_rows.COLUMNS, sentences.c.snapshot)
        .join(snapshots, snapshots.c.id == sentences.c.snapshot)
        .where(snapshots.c.article == id)
        .order_by(sentences.c.ordinal)
    )
    for line in connection.execute(lines):
        held[line[-1]].append(sentence_rows.of_row(line))
    versions = (
        Version(
            Snapshot(row.hash, row.article, row.text, row.taken_at, row.address),
            row.title,
            tuple(held[row.id]),
        )
        for row in rows
    )
    return [row.id for row in rows], tuple(versions)


def look_up(connection: sa.Connection, text: str, most: int = MOST) -> Found:
    """Sentences, current or not, that are this text, the newest first; where there are none, those that are it but for
    typography (a chat trims it, people retype it); where there are none, neighbours that it is made of, or a part of:
    of the newest snapshots that may hold it `READ` are read. The database looks through every text once."""
    texts = _texts_with(connection, text)
    alike = _alike(connection, text, texts)
    exact = [id for id, stored in alike if stored.strip() == text.strip()]
    if alike:
        return Found(tuple((exact or [id for id, _ in alike])[:most]))
    return Found(within=_within(connection, text, texts[:READ]))


def _needle(text: str) -> str:
    return max(_NEEDLE.findall(text), key=len, default="")


def _texts_with(connection: sa.Connection, text: str) -> list[int]:
    """Rows of the snapshots that hold the longest words of a text, the newest first."""
    words = sorted(set(_needle(text).split()), key=lambda word: (-len(word), word))[:WORDS]
    if not words:
        return []
    holds = (holding(connection, snapshots.c.text, word) for word in words)
    return list(connection.scalars(sa.select(snapshots.c.id).where(*holds).order_by(snapshots.c.id.desc())))


def _alike(connection: sa.Connection, text: str, texts: Sequence[int]) -> list[tuple[SentenceId, str]]:
    said, needle = heard(text), _needle(text)
    found: list[tuple[SentenceId, str]] = []
    for some in sentence_rows.slices(texts):
        query = (
            sa.select(sentences.c.id, sentence_rows.TEXT)
            .join(snapshots, snapshots.c.id == sentences.c.snapshot)
            .where(snapshots.c.id.in_(some), holding(connection, sentence_rows.TEXT.element, needle))
        )
        found += [(SentenceId(row[0]), row[1]) for row in connection.execute(query) if heard(row[1]) == said]
    return sorted(found, reverse=True)


def _within(connection: sa.Connection, text: str, texts: Sequence[int]) -> Within | None:
    """The newest neighbours that a text is made of, but for typography; else those that it is a part of."""
    said = heard(text)
    part: Within | None = None
    for row in texts if said else ():
        query = (
            sa.select(*sentence_rows.COLUMNS)
            .join(snapshots, snapshots.c.id == sentences.c.snapshot)
            .where(sentences.c.snapshot == row)
            .order_by(sentences.c.ordinal)
        )
        lines = [sentence_rows.of_row(line) for line in connection.execute(query)]
        for found in _holding_it(lines, said):
            if found.whole:
                return found
            part = part or found
    return part


def _holding_it(lines: Sequence[Sentence], said: tuple[str, ...]) -> Iterator[Within]:
    """Runs of sentences in which these words stand one behind the other."""
    words = [(word, place) for place, line in enumerate(lines) for word in heard(line.text)]
    for start, (word, first) in enumerate(words):
        end = start + len(said)
        if word != said[0] or tuple(word for word, _ in words[start:end]) != said:
            continue
        last = words[end - 1][1]
        begins = start == 0 or words[start - 1][1] != first
        ends = end == len(words) or words[end][1] != last
        yield Within(tuple(lines[first : last + 1]), begins and ends)


def _with_sentence(connection: sa.Connection, sentence: Sentence, article: Article) -> Iterator[Article]:
    """Other live articles in which a sentence stands, the oldest first."""
    alike = _alike(connection, sentence.text, _texts_with(connection, sentence.text))
    found = sentence_rows.passages(connection, [id for id, _ in alike])
    others = {each.article.id: each.article for _, each in sorted(found.items()) if each.article.id != article.id}
    yield from list(others.values())[:MOST]


def _correcting(connection: sa.Connection, titles: set[str], id: ArticleId) -> Iterator[Article]:
    """Live articles whose notice names one of these titles."""
    for title in sorted(title for title in titles if len(title) >= SHORTEST):
        needle = max(_NEEDLE.findall(title), key=len, default=title)
        query = (
            sa.select(*article_rows.COLUMNS, snapshots.c.text)
            .join(snapshots, snapshots.c.id == articles.c.snapshot)
            .where(articles.c.id != id, holding(connection, snapshots.c.text, needle))
            .order_by(articles.c.published, articles.c.id)
        )
        for row in connection.execute(query):
            if any(heard(named) == heard(title) for named in corrected_titles(row[-1])):
                yield article_rows.of_row(row)


def _corrected(connection: sa.Connection, text: str, id: ArticleId) -> Iterator[Article]:
    """Live articles whose title this text's notice names."""
    named = {heard(title) for title in corrected_titles(text)}
    if named:
        for article in article_rows.all_live(connection):
            if article.id != id and heard(article.title) in named:
                yield article
