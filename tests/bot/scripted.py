"""A small library with hand-made answers: the same calls as `index.library.Library`, no model, fixed confidences.

It tells of a harbour town that does not exist. What is asked word for word as listed in QUESTIONS is answered; nothing
else is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from index.article import Answer, Article, ArticleId, Question, Quote, Sentence, SentenceId, Snapshot, SnapshotHash
from index.errors import NotFound
from index.evidence import Evidence, Version
from index.match import Match
from index.store.arrivals import NONE_MISSED, Arrival, Arrivals, Missed

THRESHOLDS = {0.01: 0.9, 0.05: 0.7, 0.10: 0.5}
EVERYTHING = "What is there?"
LONG = "The charter lists " + ", ".join(f"the right of house number {n} to a berth" for n in range(1, 160)) + "."

TAKEN = datetime(2024, 11, 5, 7, 30, tzinfo=UTC)
TEXTS = {
    ("bridge", "Harbour bridge open again", "Coast Courier", "https://courier.example/bridge", "2024-03-12"): [
        "The old harbour bridge had been closed since the storm of January.",
        "The bridge opened again on 11 March 2024, three weeks earlier than planned.",
        "Lorries over 12 tonnes still have to take the northern road.",
    ],
    ("bridge-2", "First cars cross the bridge", "Radio Haven", "https://haven.example/1", "2024-03-11"): [
        "On 11 March 2024 the harbour bridge was opened again.",
    ],
    ("bridge-uk", "Міст знову відкрито", "Вісник узбережжя", "https://visnyk.example/mist", "2024-03-12"): [
        "Міст через гавань знову відкрили 11 березня 2024 року.",
    ],
    ("lighthouse-1", "Lighthouse draws a crowd", "Coast Courier", "https://courier.example/light", "2024-10-02"): [
        "By the end of September 3,000 people had climbed the lighthouse this year.",
    ],
    ("lighthouse-2", "A record for the lighthouse", "Radio Haven", "https://haven.example/2", "2024-11-04"): [
        "8,000 people have climbed the lighthouse this year, the keeper says.",
    ],
    ("ferry", "The island ferry and its timetable", "Coast Courier", None, "2024-05-20"): [
        "Mayor Ida Holm presented the new timetable on Monday.",
        "She called it “the best that a town of our size can pay for.”",
        "In summer the ferry runs every hour, from six in the morning to midnight.",
        "In winter it runs four times a day, and not at all when the harbour is frozen.",
    ],
    ("regatta", "Four boats share the regatta cup", "Radio Haven", "https://haven.example/3", "2024-06-30"): [
        "The “Tern” won the first race by half a length.",
        "The “Gannet” won the second race.",
        "The third race went to the “Puffin”.",
        "In the last race nobody could catch the “Skua”.",
        "A storm warning came an hour after the prizes were given out.",
    ],
    ("museum", "The rope museum", None, "https://museum.example", None): [
        "On Mondays the museum opens for schools alone.",
    ],
    ("charter", "The harbour charter", "Town archive", "file:///archive/charter.txt", "1898-05-01"): [
        LONG,
        "It was signed in 1898.",
    ],
    ("signs", "Signs & flags of <our> harbour", "Signal club", "https://signs.example/?a=1&b=2", "2023-01-05"): [
        "A flag 🏳️‍🌈 says <hello> & “welcome”, سفينة means ship, and cafe\u0301 is written with two signs.",
    ],
}

# question -> (sentence, confidence) of its candidates, best first
QUESTIONS: dict[str, list[tuple[str, float]]] = {
    "When did the bridge open again?": [("bridge:1", 0.97), ("bridge:0", 0.3), ("bridge:2", 0.2)],
    "Коли відкрили міст?": [("bridge-uk:0", 0.95), ("bridge:1", 0.6)],
    "How many people climbed the lighthouse?": [("lighthouse-2:0", 0.94), ("regatta:4", 0.1)],
    "What did the mayor say about the timetable?": [("ferry:1", 0.92), ("ferry:0", 0.4)],
    "How often does the ferry run?": [("ferry:2", 0.93), ("ferry:3", 0.9), ("ferry:0", 0.2)],
    "and in winter? | How often does the ferry run?": [("ferry:3", 0.95), ("ferry:2", 0.4)],
    "Who won a race of the regatta?": [
        ("regatta:0", 0.96), ("regatta:1", 0.95), ("regatta:2", 0.94), ("regatta:3", 0.93), ("regatta:4", 0.3),
    ],
    "Is the museum open on Mondays?": [("museum:0", 0.6)],
    "What does the charter say?": [("charter:0", 0.9), ("charter:1", 0.5)],
    "What does the flag say?": [("signs:0", 0.9)],
    "What is new in the harbour?": [
        (name, 0.99 - place / 100)
        for place, name in enumerate([
            "bridge:1", "bridge:2", "ferry:2", "ferry:3", "ferry:0", "ferry:1", "regatta:0", "regatta:1", "regatta:2",
            "regatta:3", "regatta:4", "lighthouse-2:0", "charter:0",
        ])
    ],
    "Who is the king?": [("ferry:0", 0.2), ("charter:1", 0.15), ("bridge:0", 0.1), ("museum:0", 0.05)],
}  # fmt: skip

ALSO = {"bridge:1": ("bridge-2:0", "bridge-uk:0"), "bridge-uk:0": ("bridge:1",)}
CONFLICTS = {"lighthouse-2:0": ("lighthouse-1:0",)}
CONTEXT = {"ferry:1": ("ferry:0",)}
SPEAKERS = {"ferry:1": "Mayor Ida Holm"}
EXAMPLES = {
    "en": ["When did the bridge open again?", "How often does the ferry run?", "Who won a race of the regatta?"],
    "uk": ["Коли відкрили міст?"],
}


@dataclass(frozen=True)
class Telling:
    article: Article
    sentence: Sentence


class ScriptedLibrary:
    """Everything that a conversation asks of a library, from the tables above."""

    version = 1

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self._tellings: dict[str, Telling] = {}
        self._removed: set[ArticleId] = set()
        self._stale: set[SentenceId] = set()
        for (id, title, source, url, published), texts in TEXTS.items():
            day = date.fromisoformat(published) if published else None
            self._tell(Article(ArticleId(id), title, source, url, day), texts)

    def _tell(self, article: Article, texts: list[str]) -> None:
        snapshot = SnapshotHash(hashlib.sha256(" ".join(texts).encode()).hexdigest())
        start = 0
        for ordinal, text in enumerate(texts):
            id = SentenceId(len(self._tellings) + 1)
            end = start + len(text)
            sentence = Sentence(id, article.id, snapshot, ordinal, start, end, text)
            self._tellings[f"{article.id}:{ordinal}"] = Telling(article, sentence)
            start = end + 1

    def ask(self, question: Question) -> Answer:
        self.questions.append(question)
        follow_up = f"{question.text} | {question.previous}"
        listed = QUESTIONS.get(follow_up) or QUESTIONS.get(question.text) or []
        threshold = THRESHOLDS[question.false_answers or 0.05]
        found = [
            (name, confidence) for name, confidence in listed if self._tellings[name].article.id not in self._removed
        ][: question.k]
        ranked = tuple(self._quote_alone(name, confidence) for name, confidence in found)
        quotes = tuple(self._quote(name, confidence) for name, confidence in found if confidence >= threshold)
        best = ranked[0].confidence if ranked else 0.0
        return Answer(question, quotes, ranked, best, threshold, 1.0)

    def ask_many(self, questions: list[Question]) -> list[Answer]:
        return [self.ask(question) for question in questions]

    def _quote(self, name: str, confidence: float) -> Quote:
        telling = self._tellings[name]
        return Quote(
            telling.sentence,
            telling.article,
            confidence,
            also=tuple(self._quote_alone(other, confidence) for other in ALSO.get(name, ())),
            conflicts=tuple(self._quote_alone(other, confidence) for other in CONFLICTS.get(name, ())),
            context=tuple(self._tellings[other].sentence for other in CONTEXT.get(name, ())),
            speaker=SPEAKERS.get(name),
        )

    def _quote_alone(self, name: str, confidence: float) -> Quote:
        return Quote(self._tellings[name].sentence, self._tellings[name].article, confidence)

    def _live(self) -> list[Telling]:
        return [one for one in self._tellings.values() if one.article.id not in self._removed]

    def articles(self) -> list[Article]:
        found = {one.article.id: one.article for one in self._live()}
        return sorted(found.values(), key=lambda article: article.published or date.min, reverse=True)

    def article(self, id: ArticleId) -> Article:
        for article in self.articles():
            if article.id == id:
                return article
        raise NotFound(f"There is no article {id}.")

    def sentence(self, id: SentenceId) -> Sentence:
        for one in self._live():
            if one.sentence.id == id:
                return one.sentence
        raise NotFound(f"There is no sentence {id}.")

    def is_live(self, id: SentenceId) -> bool:
        return id not in self._stale and any(one.sentence.id == id for one in self._live())

    def beside(self, id: SentenceId, question: str) -> tuple[Sentence, ...]:
        return ()

    def around(self, id: SentenceId, count: int = 1) -> tuple[list[Sentence], list[Sentence]]:
        middle = self.sentence(id)
        same = [one.sentence for one in self._live() if one.sentence.article == middle.article]
        at = middle.ordinal
        return same[max(at - count, 0) : at], same[at + 1 : at + 1 + count]

    def evidence(self, id: SentenceId, beside: bool = True) -> Evidence:
        told = next((one for one in self._tellings.values() if one.sentence.id == id), None)
        if told is None:
            raise NotFound(f"There is no sentence {id}.")
        lines = tuple(one.sentence for one in self._tellings.values() if one.article.id == told.article.id)
        text = " ".join(line.text for line in lines)
        snapshot = Snapshot(told.sentence.snapshot, told.article.id, text, TAKEN, told.article.url)
        removed = TAKEN if told.article.id in self._removed else None
        return Evidence(told.sentence, told.article, 0, (Version(snapshot, told.article.title, lines),), removed)

    def examples(self, count: int, lang: str) -> list[str]:
        return EXAMPLES.get(lang, EXAMPLES["en"])[:count] if self._live() else []

    def version_at(self, moment: datetime) -> int:
        """Everything here came in the last week."""
        return 0

    def arrivals(self, after: int, most: int = 512, missed: frozenset[Missed] = NONE_MISSED) -> Arrivals:
        came = datetime(2024, 11, 5, tzinfo=UTC)
        new = (Arrival(one.sentence.id, one.article.id, 1, came) for one in self._live())
        return Arrivals(1, tuple(new) if after < 1 else ())

    def match(
        self,
        questions: Sequence[str],
        ids: Sequence[SentenceId],
        false_answers: float | None = None,
        *,
        most: int | None = None,
        live: bool = True,
    ) -> list[Match]:
        """As listed in QUESTIONS; what is asked for everything is answered by every sentence, over and over."""
        threshold = THRESHOLDS[false_answers or 0.05]
        listed = {question: dict(QUESTIONS.get(question, ())) for question in questions}
        everything = [Match(0, self._everything(id), threshold) for id in ids] if EVERYTHING in questions else []
        return everything + [
            Match(place, self._quote_alone(name, listed[question][name]), threshold)
            for place, question in enumerate(questions)
            for name, telling in self._tellings.items()
            if telling.sentence.id in ids and name in listed[question]
        ]

    def _everything(self, id: SentenceId) -> Quote:
        telling = next(one for one in self._live() if one.sentence.id == id)
        return Quote(telling.sentence, telling.article, 0.99)

    def vectors_of(self, ids: Sequence[SentenceId]) -> dict[SentenceId, Any]:
        return {}

    def remove(self, id: ArticleId) -> None:
        self._removed.add(id)

    def change(self, id: ArticleId) -> None:
        """As a new snapshot without these sentences would: they stay readable, and are no longer live."""
        self._stale |= {one.sentence.id for one in self._live() if one.article.id == id}

    def with_sentence(self, text: str, question: str) -> Answer:
        """An answer that quotes any text at all, for properties."""
        article = Article(ArticleId("any"), "Any text", "Test", "https://any.example", date(2024, 1, 1))
        snapshot = SnapshotHash(hashlib.sha256(text.encode()).hexdigest())
        sentence = Sentence(SentenceId(10_000), article.id, snapshot, 0, 0, len(text), text)
        self._tellings["any:0"] = Telling(article, sentence)
        quote = Quote(sentence, article, 0.9)
        return Answer(Question(question), (quote,), (quote,), 0.9, 0.7, 1.0)


WINTER = "How often does the ferry run in winter?"


class Restating(ScriptedLibrary):
    """Reads every follow-up as one question."""

    def ask(self, question: Question) -> Answer:
        return replace(super().ask(question), asked=WINTER if question.previous else question.text)
