"""The articles that ship with Pullquote and the questions that are asked of them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypedDict

import pytest
import sentencex

ROOT = Path(__file__).parents[2]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
QUESTIONS = ROOT / "benchmarks" / "questions" / "seeds.jsonl"
HEADERS = ["Title", "Source", "URL", "Published"]
# A sentence starts a paragraph, or follows one that has ended (with its quotation), or a bullet.
BEFORE_A_SENTENCE = re.compile(r"(?:\A|\n|[.!?…]['’”»)]? |\n- )\Z")
SHORTEST_START = 25


class Asked(TypedDict):
    id: str
    question: str
    lang: str
    kind: str
    gold: list[str]


@dataclass(frozen=True)
class Seed:
    name: str
    headers: list[tuple[str, str]]
    body: str

    @property
    def published(self) -> date:
        return date.fromisoformat(dict(self.headers)["Published"])

    @property
    def lang(self) -> str:
        return dict(self.headers).get("Lang", "en")


def read(path: Path) -> Seed:
    head, _, body = path.read_text("utf-8").partition("\n\n")
    pairs = [line.partition(": ") for line in head.splitlines()]
    return Seed(path.stem, [(name, value) for name, _, value in pairs], body)


ARTICLES = [read(path) for path in SEEDS]
LINES: list[Asked] = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
ANSWERABLE = [asked for asked in LINES if asked["gold"]]
SILENT = [asked for asked in LINES if not asked["gold"]]


@pytest.mark.parametrize("seed", ARTICLES, ids=lambda seed: seed.name)
def test_an_article_says_what_it_is_and_where_its_facts_can_be_checked(seed: Seed) -> None:
    names = [name for name, _ in seed.headers]
    headers = dict(seed.headers)
    assert names in (HEADERS, [*HEADERS, "Lang"])
    assert all(headers.values())
    assert headers["Source"] == "written for Pullquote"
    assert re.fullmatch(r"https://[^\s/]+\.[^\s/]+/\S+", headers["URL"])
    assert seed.name.startswith(f"{seed.published.isoformat()}-")
    assert seed.published < date.today()


@pytest.mark.parametrize("seed", ARTICLES, ids=lambda seed: seed.name)
def test_an_article_is_clean_text_that_no_reader_has_to_repair(seed: Seed) -> None:
    assert unicodedata.normalize("NFC", seed.body) == seed.body
    assert not re.search(r"[ \t]\n|\n{3}|\t|\r|\ufeff|\ufffd", seed.body)


def test_the_shipped_library_is_large_enough_to_be_worth_asking() -> None:
    sentences = sum(
        len([found for found in sentencex.segment(seed.lang, line) if found.strip()])
        for seed in ARTICLES
        for line in seed.body.splitlines()
    )
    assert len(ARTICLES) >= 16
    assert sentences >= 260
    assert {"en", "uk", "ru", "ko"} <= {seed.lang for seed in ARTICLES}


def test_no_two_articles_name_the_same_address() -> None:
    addresses = Counter(dict(seed.headers)["URL"] for seed in ARTICLES)
    assert [address for address, times in addresses.items() if times > 1] == []


def test_one_article_corrects_another_by_its_title() -> None:
    titles = [dict(seed.headers)["Title"] for seed in ARTICLES]
    corrections = [seed for seed in ARTICLES if seed.body.startswith("Correction: an earlier version of")]
    assert corrections
    assert all(any(f"“{title}”" in seed.body for title in titles) for seed in corrections)


@pytest.mark.parametrize("start", sorted({gold for asked in ANSWERABLE for gold in asked["gold"]}))
def test_a_gold_answer_is_the_start_of_exactly_one_shipped_sentence(start: str) -> None:
    holders = [seed for seed in ARTICLES if start in seed.body]
    assert len(holders) == 1
    body = holders[0].body
    assert body.count(start) == 1
    at = body.index(start)
    assert BEFORE_A_SENTENCE.search(body[:at])
    whole = start.endswith((".", "!", "?", "”"))
    assert whole or len(start) >= SHORTEST_START


def test_every_answerable_question_is_asked_in_three_ways() -> None:
    ways: dict[str, list[Asked]] = {}
    for asked in ANSWERABLE:
        ways.setdefault(asked["id"].rpartition("-")[0], []).append(asked)
    assert len(ways) >= 60
    for facts in ways.values():
        assert len(facts) == 3
        assert len({asked["question"] for asked in facts}) == 3
        assert len({tuple(asked["gold"]) for asked in facts}) == 1


def test_the_questions_that_must_stay_unanswered_are_of_every_kind() -> None:
    kinds = {asked["kind"] for asked in SILENT}
    assert len(SILENT) >= 60
    assert kinds == {
        "wrong-premise",
        "other-role",
        "unanswered-detail",
        "greeting",
        "thanks",
        "keyword",
        "other-topic",
    }


def test_questions_are_well_formed_and_asked_in_four_languages_or_more() -> None:
    assert all(set(asked) == {"id", "question", "lang", "kind", "gold"} for asked in LINES)
    assert len({asked["id"] for asked in LINES}) == len(LINES)
    assert len({asked["question"] for asked in LINES}) == len(LINES)
    for questions in (ANSWERABLE, SILENT):
        spoken = Counter(asked["lang"] for asked in questions)
        assert all(spoken[lang] >= 5 for lang in ("en", "uk", "ru", "ko"))
