"""Alerts: how precise they are, and what ten thousand watches cost.

    python -m benchmarks.alerts                 SelQA's test questions as watches, its sentences as a stream
    python -m benchmarks.alerts --cost          10,000 watches: milliseconds for each new sentence, beyond embedding
    python -m benchmarks.alerts --rejected      what is lost because most pairs are not read in full
    python -m benchmarks.alerts --remembered    what it takes to tell whether a watch has told a fact before

A SelQA question is answered by marked sentences of its own article; every other sentence of the stream is taken for a
false alert, though some of them do answer: precision is a lower bound.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from unittest.mock import patch

import numpy as np

from benchmarks.protocols import library_of
from benchmarks.sets import Asked, selqa, squad2, xquad
from bot.store.alerts import COMPARED
from bot.watches.facts import Fact, fact_of, known
from index.article import ArticleId, SentenceId
from index.library import Library
from index.match import LEAST_LIKENESS, near
from index.store.sentences import Passage

SHARES = (0.10, 0.05, 0.01)
STRETCH = 512
"""Sentences that are matched at once, as the running bot does under load."""
WATCHES = 10_000
SENTENCES = 2_048
WIDER = 0.04
"""How much further away what a wider net takes in may lie: some three times as many pairs."""
DRAFTS = 60
"""Articles of the stream: enough for that many sentences."""


@dataclass
class Tally:
    """Alerts of one strictness: those on a marked sentence, the others, and repetitions that were not sent."""

    right: int = 0
    wrong: int = 0
    collapsed: int = 0
    answered: set[str] = field(default_factory=set)
    told: dict[str, list[Fact]] = field(default_factory=dict)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)


def stream(library: Library) -> Iterator[list[SentenceId]]:
    """The library's sentences in the order in which they came."""
    seq = 0
    while (came := library.arrivals(seq, STRETCH)).until > seq:
        seq = came.until
        yield [arrival.sentence for arrival in came.sentences]


def precision(split: str) -> None:
    """Prints precision and recall for each strictness."""
    data = selqa(split)
    watches = [each for each in data.questions if each.gold]
    with library_of(data.drafts) as library:
        tallies = {share: _tallied(library, watches, share) for share in SHARES}
        count = library.count()
    print(f"{len(watches)} watches, {count:,} sentences, as a stream\n")
    print("| false answers accepted | alerts | precision | watches answered | repetitions collapsed |")
    print("|---|---|---|---|---|")
    for share, tally in tallies.items():
        alerts = tally.right + tally.wrong
        answered = len(tally.answered) / len(watches)
        print(f"| {share:.0%} | {alerts} | {tally.precision:.3f} | {answered:.3f} | {tally.collapsed} |")


def _tallied(library: Library, watches: Sequence[Asked], share: float) -> Tally:
    tally = Tally()
    questions = list(dict.fromkeys(each.question for each in watches))
    by_question: dict[str, list[Asked]] = {}
    for each in watches:
        by_question.setdefault(each.question, []).append(each)
    for ids in stream(library):
        found = [match for match in library.match(questions, ids, share) if match.answers]
        vectors = library.vectors_of([match.quote.sentence.id for match in found])
        for match in sorted(found, key=lambda match: match.quote.sentence.id):
            question, sentence = questions[match.question], match.quote.sentence
            fact = fact_of(match.quote, vectors.get(sentence.id))
            told = tally.told.setdefault(question, [])
            if known(question, fact, told) is not None:
                tally.collapsed += 1
                continue
            told.append(fact)
            right = [each for each in by_question[question] if sentence.text in each.gold]
            tally.right += bool(right)
            tally.wrong += not right
            tally.answered |= {each.id for each in right}
    return tally


def rejected(split: str) -> None:
    """Prints how many alerts a wider net would have found, for each strictness, and what it would have cost."""
    data = selqa(split)
    questions = list(dict.fromkeys(each.question for each in data.questions if each.gold))
    print("| false answers accepted | alerts | read in full | alerts in a wider net | read in full | lost |")
    print("|---|---|---|---|---|---|")
    with library_of(data.drafts) as library:
        for share, least in LEAST_LIKENESS.items():
            alerts, read = _found(library, questions, share)
            with patch.dict(LEAST_LIKENESS, {share: least - WIDER}):
                all_alerts, all_read = _found(library, questions, share)
            lost = 1 - alerts / all_alerts
            print(f"| {share:.0%} | {alerts} | {read:,} | {all_alerts} | {all_read:,} | {lost:.2%} |", flush=True)


def _found(library: Library, questions: Sequence[str], share: float) -> tuple[int, int]:
    """How many alerts, and how many pairs were read in full for them."""
    found = [match for ids in stream(library) for match in library.match(questions, ids, share)]
    return sum(match.answers for match in found), len(found)


def cost(count: int) -> None:
    """Prints what one new sentence costs beyond its embedding, with `count` watches standing: finding what to read in
    full, and reading it. Processor time, so that what else runs on the machine counts little."""
    asked = [*selqa("dev").questions, *squad2("dev").questions, *squad2("test").questions]
    asked += [each for lang in ("en", "de", "ru") for each in xquad(lang).questions]
    distinct = list(dict.fromkeys(each.question for each in asked))
    questions = [*distinct, *(f"{text} ({n})" for n in range(20) for text in distinct)][:count]
    data = selqa("test")
    with library_of(data.drafts[:DRAFTS]) as library:
        ids = [id for stretch in stream(library) for id in stretch][:SENTENCES]
        began = time.perf_counter()
        library.match(questions, ids[:STRETCH])
        print(f"{len(questions):,} watches made ready in {time.perf_counter() - began:.1f} s, once")
        near_ms = _near_ms(library, questions, ids)
        began, pairs, alerts = time.process_time(), 0, 0
        for at in range(0, len(ids), STRETCH):
            matches = library.match(questions, ids[at : at + STRETCH])
            pairs, alerts = pairs + len(matches), alerts + sum(match.answers for match in matches)
        all_ms = (time.process_time() - began) / len(ids) * 1000
    print(f"{len(ids):,} sentences, {pairs} pairs read in full, {alerts} alerts")
    print(f"for each sentence: {near_ms:.2f} ms of processor time to find what to read, {all_ms:.2f} ms in all")


def _near_ms(library: Library, questions: Sequence[str], ids: Sequence[SentenceId]) -> float:
    """Milliseconds for each sentence, without the full scores."""
    standing = library._watched.ready(questions)
    sentences = [library.sentence(id) for id in ids]
    articles = {article.id: article for article in library.articles()}
    passages = {each.id: Passage(each, articles[each.article]) for each in sentences}
    vectors = library.vectors_of(ids)
    began = time.process_time()
    for at in range(0, len(ids), STRETCH):
        some = ids[at : at + STRETCH]
        near(standing, some, np.stack([vectors[id] for id in some]), passages, 0.05)
    return (time.process_time() - began) / len(ids) * 1000


def remembered() -> None:
    """Prints how long a new fact is compared with as many as a watch has told at most, none of which says the same."""
    said = dict.fromkeys(draft.text[span.start : span.end] for draft in selqa("dev").drafts for span in draft.spans)
    facts = [Fact(SentenceId(n), ArticleId(str(n)), text, "en", None) for n, text in enumerate(said)]
    told = facts[:COMPARED]
    new = Fact(SentenceId(len(facts)), ArticleId("new"), "The tower of Melby is 312 metres high.", "en", None)
    for when in ("for the first time", "again"):
        began = time.process_time()
        assert known("How high is the tower of Melby?", new, told) is None
        print(f"{len(told)} facts compared {when}: {(time.process_time() - began) * 1000:.0f} ms of processor time")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cost", action="store_true")
    parser.add_argument("--rejected", action="store_true")
    parser.add_argument("--remembered", action="store_true")
    parser.add_argument("--watches", type=int, default=WATCHES)
    parser.add_argument("--split", default="test", choices=("dev", "test"))
    chosen = parser.parse_args()
    if chosen.cost:
        cost(chosen.watches)
    elif chosen.rejected:
        rejected(chosen.split)
    elif chosen.remembered:
        remembered()
    else:
        precision(chosen.split)


if __name__ == "__main__":
    main()
