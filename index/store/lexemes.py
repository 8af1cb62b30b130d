"""Words in PostgreSQL: the terms of each sentence as a `tsvector`, and in how many sentences each term is.

Terms are made by `index.terms`, not by a configuration of PostgreSQL. A lexeme's weight says where it stands: A in the
title; in the sentence itself B once, C twice, D more often. Whoever analyses in another way has rows of its own, so
that an old and a new version can run side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, SmallInteger, String, Table
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR, insert

from index.store.dialect import Exact, Moment
from index.store.scope import Scope
from index.store.tables import changes
from index.store.tables import metadata as shared

metadata = MetaData(naming_convention=shared.naming_convention)

analyses = Table(
    "analyses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String, nullable=False, unique=True, comment="A hash of the code that makes terms."),
    Column("seq", BigInteger, nullable=False, comment="The change up to which its rows are complete."),
    Column("sentences", BigInteger, nullable=False),
    Column("title_terms", BigInteger, nullable=False, comment="In all titles together."),
    Column("body_terms", BigInteger, nullable=False),
    Column("used_at", Moment, nullable=False),
)

word_rows = Table(
    "word_rows",
    metadata,
    Column("analysis", Integer, primary_key=True, autoincrement=False),
    Column("sentence", BigInteger, primary_key=True, autoincrement=False),
    Column("terms", TSVECTOR, nullable=False),
    Column("title_length", SmallInteger, nullable=False, comment="In terms."),
    Column("body_length", SmallInteger, nullable=False),
    # Without a list of what is yet to be indexed, which every search would have to read.
    Index("ix_word_rows_terms", "terms", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
)

word_counts = Table(
    "word_counts",
    metadata,
    Column("analysis", Integer, primary_key=True, autoincrement=False),
    Column("term", Exact, primary_key=True),
    Column("titles", Integer, nullable=False, comment="Live sentences under a title that has it."),
    Column("bodies", Integer, nullable=False),
)

_IDS, _TEXTS = ARRAY(sa.BigInteger()), ARRAY(sa.Text())
_NUMBERS: ARRAY[float] = ARRAY(sa.Double())
LONGEST = 500
"""Characters of a term that is kept: a lexeme has at most 2,046 bytes, and no word is so long."""
_OFTEN, _TIMES = "BCD", ("once", "twice", "thrice")
"""Weights of a term that a sentence has once, twice, three times or more."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """A sentence's terms, in order and with repetition."""

    id: int
    title: Sequence[str]
    body: Sequence[str]


@dataclass(frozen=True, slots=True)
class Analysis:
    """How far one way of making terms has come: up to change `seq`, over so many sentences with so many terms."""

    id: int
    seq: int
    sentences: int
    title_terms: int
    body_terms: int


@dataclass(frozen=True, slots=True)
class Term:
    """A term in the library: the sentences under titles that have it, and the sentences that have it themselves."""

    text: str
    titles: int
    bodies: int


def analysis(connection: sa.Connection, code: str) -> Analysis | None:
    """The analysis of this code, None where nothing was analysed by it."""
    return stand(connection, code)[0]


def stand(connection: sa.Connection, code: str) -> tuple[Analysis | None, int]:
    """The analysis of this code, and the newest change of the store."""
    newest = sa.select(sa.func.coalesce(sa.func.max(changes.c.seq), 0)).scalar_subquery()
    columns = [analyses.c[name] for name in Analysis.__slots__]
    one = sa.select(newest.label("newest")).subquery()
    row = connection.execute(sa.select(one, *columns).outerjoin_from(one, analyses, analyses.c.code == code)).one()
    return (Analysis(*row[1:]) if row[1] is not None else None), row[0]


def begin_analysis(connection: sa.Connection, code: str, now: datetime) -> None:
    """Notes an analysis that begins; one that is there stays as it is."""
    begun = {"code": code, "seq": 0, "sentences": 0, "title_terms": 0, "body_terms": 0, "used_at": now}
    connection.execute(insert(analyses).values(begun).on_conflict_do_nothing())


def follow(
    connection: sa.Connection, about: Analysis, until: int, gone: Sequence[int], new: Sequence[Analysed], now: datetime
) -> None:
    """Takes out the retired and puts in the new sentences of the changes up to `until`; their order is the log's."""
    titles, bodies, left = _take_out(connection, about.id, gone)
    for row in new:
        titles.update(set(row.title))
        bodies.update(set(row.body))
    if new:
        connection.execute(word_rows.insert(), [_row(about.id, row) for row in new])
    _count(connection, about.id, titles, bodies)
    values = {
        "seq": until,
        "sentences": about.sentences + len(new) - left[0],
        "title_terms": about.title_terms + sum(len(row.title) for row in new) - left[1],
        "body_terms": about.body_terms + sum(len(row.body) for row in new) - left[2],
        "used_at": now,
    }
    connection.execute(analyses.update().where(analyses.c.id == about.id).values(values))


def _take_out(
    connection: sa.Connection, analysis: int, gone: Sequence[int]
) -> tuple[Counter[str], Counter[str], tuple[int, int, int]]:
    """Deletes rows; what they counted, negative, and how many they were, with how many terms of titles and bodies."""
    titles, bodies = Counter[str](), Counter[str]()
    if not gone:
        return titles, bodies, (0, 0, 0)
    theirs = (word_rows.c.analysis == analysis) & (word_rows.c.sentence == sa.any_(sa.literal(list(gone), _IDS)))
    lexemes = sa.func.unnest(word_rows.c.terms).table_valued("lexeme", "positions", "weights", joins_implicitly=True)
    lexemes = lexemes.render_derived()
    title = sa.func.count().filter(sa.literal("A") == sa.any_(lexemes.c.weights))
    body = sa.func.count().filter(lexemes.c.weights != sa.literal(["A"], sa.ARRAY(sa.Text())))
    counted = sa.select(lexemes.c.lexeme, title, body).select_from(word_rows, lexemes).where(theirs)
    for text, in_titles, in_bodies in connection.execute(counted.group_by(lexemes.c.lexeme)):
        titles[text], bodies[text] = -in_titles, -in_bodies
    lengths = word_rows.delete().where(theirs).returning(word_rows.c.title_length, word_rows.c.body_length)
    rows = connection.execute(lengths).all()
    return titles, bodies, (len(rows), sum(row[0] for row in rows), sum(row[1] for row in rows))


def _row(analysis: int, row: Analysed) -> dict[str, object]:
    return {
        "analysis": analysis,
        "sentence": row.id,
        "terms": vector_text(row.title, row.body),
        "title_length": min(len(row.title), 32_767),
        "body_length": min(len(row.body), 32_767),
    }


def vector_text(title: Sequence[str], body: Sequence[str]) -> str:
    """A `tsvector` as PostgreSQL reads it."""
    places: dict[str, list[str]] = {term: ["1A"] for term in title}
    for term, often in Counter(body).items():
        places.setdefault(term, []).append(f"2{_OFTEN[min(often, 3) - 1]}")
    return " ".join(f"{_quoted(term)}:{','.join(where)}" for term, where in places.items())


def _quoted(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _count(connection: sa.Connection, analysis: int, titles: Counter[str], bodies: Counter[str]) -> None:
    rows = [
        {"analysis": analysis, "term": term, "titles": titles[term], "bodies": bodies[term]}
        for term in sorted({**titles, **bodies})
    ]
    if rows:
        more = insert(word_counts)
        added = {
            "titles": word_counts.c.titles + more.excluded.titles,
            "bodies": word_counts.c.bodies + more.excluded.bodies,
        }
        here = [word_counts.c.analysis, word_counts.c.term]
        connection.execute(more.on_conflict_do_update(index_elements=here, set_=added), rows)


def terms_of(connection: sa.Connection, code: str, texts: Sequence[str]) -> tuple[Analysis | None, list[Term]]:
    """The analysis of this code, and those of the terms that a live sentence or its title has; None where there are
    none."""
    about = [analyses.c[name] for name in Analysis.__slots__]
    query = (
        sa.select(*about, word_counts.c.term, word_counts.c.titles, word_counts.c.bodies)
        .join(word_counts, word_counts.c.analysis == analyses.c.id)
        .where(
            analyses.c.code == code,
            word_counts.c.term == sa.any_(sa.literal(list(texts), _TEXTS)),
            word_counts.c.titles + word_counts.c.bodies > 0,
        )
    )
    rows = connection.execute(query).all()
    return (Analysis(*rows[0][: len(about)]) if rows else None), [Term(*row[len(about) :]) for row in rows]


@dataclass(frozen=True, slots=True)
class Weighing:
    """BM25 over title and text, as numbers: `idf` of each term by field, times the field's weight; `k1`, `b`, and the
    mean lengths."""

    titles: Mapping[str, float]
    bodies: Mapping[str, float]
    k1: float
    b: float
    title_length: float
    body_length: float

    def at_most(self, terms: Sequence[str]) -> float:
        """What no sentence that has only these terms can score more than."""
        return (self.k1 + 1) * sum(self.titles.get(term, 0.0) + self.bodies.get(term, 0.0) for term in terms)

    def norm(self, length: sa.ColumnElement[int], mean: float) -> sa.ColumnElement[float]:
        """What a term's frequency is set against, by the length of what it stands in."""
        return self.k1 * (1 - self.b) + sa.cast(length, sa.Float) * (self.k1 * self.b / max(1.0, mean))


def _weighed(weighing: Weighing) -> sa.TableValuedAlias:
    """Each term as a row: queries for it anywhere, in the title, and in the sentence so and so often; its weights."""
    terms = list({**weighing.titles, **weighing.bodies})

    def queries(where: str) -> sa.ColumnElement[Any]:
        return sa.cast(sa.literal([_quoted(term) + where for term in terms], _TEXTS), ARRAY(TSQUERY))

    def weights(of: Mapping[str, float]) -> sa.ColumnElement[Any]:
        values = [of.get(term, 0.0) * (weighing.k1 + 1) for term in terms]
        return sa.cast(sa.literal(values, _NUMBERS), _NUMBERS)

    columns = [queries(""), queries(":A"), *(queries(f":{letter}") for letter in _OFTEN)]
    rows = sa.func.unnest(*columns, weights(weighing.titles), weights(weighing.bodies))
    names = ("anywhere", "in_title", *_TIMES)
    typed = [sa.column(name, TSQUERY) for name in names]
    return rows.table_valued(*typed, sa.column("title", sa.Float), sa.column("body", sa.Float)).render_derived(
        name="weighed"
    )


def _matches(query: sa.ColumnElement[Any], terms: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return terms.op("@@", return_type=sa.Boolean())(query)


def any_of(terms: Sequence[str]) -> str:
    """A `tsquery` for rows that have one of these terms."""
    return " | ".join(map(_quoted, terms))


def all_of(terms: Sequence[str]) -> str:
    """A `tsquery` for rows that have all of these terms."""
    return " & ".join(map(_quoted, terms))


def two_of(terms: Sequence[str]) -> str:
    """A `tsquery` for rows that have two of these terms, at least."""
    pairs = [f"({_quoted(one)} & {_quoted(other)})" for n, one in enumerate(terms) for other in terms[n + 1 :]]
    return " | ".join(pairs)


def best(
    connection: sa.Connection,
    analysis: int,
    matching: str,
    weighing: Weighing,
    count: int,
    most: int,
    scope: Scope | None,
) -> dict[int, float]:
    """Ids and scores of the best `count` among rows that a `tsquery` matches, the best first, of equals the smaller id.
    Of more than `most` matches no more than that are looked at."""
    found = sa.select(word_rows).where(
        word_rows.c.analysis == analysis, _matches(sa.cast(matching, TSQUERY), word_rows.c.terms)
    )
    if scope is not None and scope.article is not None:
        found = found.where(word_rows.c.sentence == sa.any_(sa.literal(scope.ids.tolist(), _IDS)))
    elif scope is not None:
        found = found.where(Scope.admits(word_rows.c.sentence, scope))
    rows, term = found.limit(most).subquery("looked_at"), _weighed(weighing)
    title = 1 + weighing.norm(rows.c.title_length, weighing.title_length)
    body = weighing.norm(rows.c.body_length, weighing.body_length)
    often = [(_matches(term.c[name], rows.c.terms), n / (n + body)) for n, name in enumerate(_TIMES, 1)]
    score = sa.func.sum(
        sa.case((_matches(term.c.in_title, rows.c.terms), term.c.title / title), else_=0.0)
        + term.c.body * sa.case(*often, else_=0.0)
    )
    scored = sa.select(rows.c.sentence, score).join_from(rows, term, _matches(term.c.anywhere, rows.c.terms))
    ordered = scored.group_by(rows.c.sentence).order_by(score.desc(), rows.c.sentence).limit(count)
    return {row[0]: row[1] for row in connection.execute(ordered)}


def forget_unused(connection: sa.Connection, before: datetime) -> None:
    """Drops what was analysed in ways that nobody has used since."""
    old = sa.select(analyses.c.id).where(analyses.c.used_at < before)
    ids = list(connection.scalars(old))
    for table, column in ((word_rows, "analysis"), (word_counts, "analysis"), (analyses, "id")):
        connection.execute(table.delete().where(table.c[column].in_(ids)))


def size(connection: sa.Connection) -> int:
    """Bytes of the rows and their index."""
    return int(connection.scalar(sa.select(sa.func.pg_total_relation_size(word_rows.name))) or 0)
