"""Follow-ups made of SelQA: a question whose article's name is exchanged for "it", behind another question of the same
article. `python -m benchmarks.follow_ups [dev|test]` prints how they are answered, in one run

- as they were asked, with the name in them (no follow-up can be better),
- behind the question before them, as one text (without its question mark, or it were a question of its own),
- as follow-ups (`index/restated.py`).
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Sequence
from dataclasses import replace

from benchmarks import protocols
from benchmarks.sets import Asked, Set, selqa
from index.terms.follow_ups import ASKING
from index.terms.function_words import ENGLISH

VERBS = re.compile(
    r"(?:\w+(?:s|ed)|get|become|come|take|begin|start|appear|win|receive|use|make|contain)\b", re.IGNORECASE
)
NOUNS = frozenset(("film", "movie", "song", "term", "word", "show", "series", "album", "painting", "called", "game"))
"""What stands before a name as its apposition, or makes no name of it: "the film it" is no English."""
ASKS = re.compile(rf"\b(?:{ASKING['en']})\b", re.IGNORECASE)


def made_of(set: Set) -> list[tuple[Asked, Asked]]:
    """Questions with the name of their article in them, each with itself as a follow-up."""
    named: dict[str, list[tuple[Asked, str]]] = {}
    for asked in set.questions:
        text = with_pronoun(asked.question, str(asked.article))
        if text:
            named.setdefault(asked.article, []).append((asked, text))
    return [
        (asked, replace(asked, question=text, previous=random.Random(n).choice(others).question))
        for of_one in named.values()
        for n, (asked, text) in enumerate(of_one)
        if (others := [other for other, _ in of_one if not other.gold & asked.gold])
    ]


def with_pronoun(question: str, article: str) -> str | None:
    """The question with "it" for the name of its article; None where it has no such name, or that is no English."""
    name = re.escape(article.replace("_", " ").split(" (")[0])
    found = re.search(rf"(?:\bthe\s+)?[\"“”']?{name}[\"“”']?(['’]s?\b)?", question, re.IGNORECASE)
    if not found or not found.start() or not re.sub("^the ", "", found[0].strip("\"' "), flags=re.I)[:1].isupper():
        return None
    before, behind = question[: found.start()], question[found.end() :]
    last = re.findall(r"[\w'-]+", before)[-1:]
    following = re.match(r"\s*([\w'-]+)", behind)
    fits = not following or following[1].lower() in ENGLISH or VERBS.fullmatch(following[1]) is not None
    if behind[:1].isalnum() or not (fits or found[1]) or not NOUNS.isdisjoint(word.lower() for word in last):
        return None
    text = f"{before}{'its' if found[1] else 'it'}{behind}".strip()
    return text if ASKS.search(text) else None


def main() -> None:
    """Prints a row for each way of asking."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("split", nargs="?", choices=("dev", "test"), default="test")
    data = selqa(parser.parse_args().split)
    pairs = made_of(data)
    print(f"{len(pairs)} follow-ups made of {data.name}")
    ways: dict[str, Sequence[Asked]] = {
        "with the name in it": [asked for asked, _ in pairs],
        "one text with the question before": [
            replace(each, question=f"{(each.previous or '').rstrip(' ?')} {each.question}", previous=None)
            for _, each in pairs
        ],
        "as follow-ups": [each for _, each in pairs],
    }
    with protocols.library_of(data.drafts) as library:
        for name, questions in ways.items():
            found = protocols.pooled(library, questions)
            order = protocols.order(questions, found)
            silence = protocols.silence(questions, found, protocols.without_answers(library, data.drafts, questions))
            print(
                f"{name:36s} mrr {order.mrr:.3f}  p1 {order.p1:.3f}  without the answers: auroc {silence.auroc:.3f}"
                f"  answered {silence.answered:.3f}  false {silence.false:.3f}  calibration {silence.calibration:.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
