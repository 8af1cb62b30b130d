"""What readers said of quotes: useful or not, each reader once for a sentence in a chat."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.base import metadata

judgements = sa.Table(
    "judgements",
    metadata,
    sa.Column("chat", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("user", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("sentence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("question", sa.Text, comment="Kept only when the one who judged had asked it."),
    sa.Column("useful", sa.Boolean, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)


def judge(
    connection: sa.Connection, chat: int, user: int, sentence: int, question: str | None, useful: bool | None, at: float
) -> None:
    """Stores a judgement in place of the reader's earlier one; `useful` of None takes it back."""
    connection.execute(
        sa.delete(judgements).where(
            judgements.c.chat == chat, judgements.c.user == user, judgements.c.sentence == sentence
        )
    )
    if useful is not None:
        connection.execute(
            sa.insert(judgements).values(
                chat=chat, user=user, sentence=sentence, question=question, useful=useful, at=at
            )
        )


def move(connection: sa.Connection, old: int, new: int) -> None:
    """A group became a supergroup: its judgements go with it."""
    connection.execute(sa.update(judgements).where(judgements.c.chat == old).values(chat=new))


def forget(connection: sa.Connection, chat: int) -> None:
    """Removes what was judged in a chat."""
    connection.execute(sa.delete(judgements).where(judgements.c.chat == chat))
