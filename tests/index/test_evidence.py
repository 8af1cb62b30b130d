"""What proves a quote: its versions, the articles beside it, and what its source says today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.article import Draft, SentenceId, hash_of
from index.difference import What
from index.errors import NotFound, ReadError
from index.library import Library
from index.revise import Fate
from index.settings import LibrarySettings
from index.terms.notice import corrected_titles

FIRST = "The bridge fell at night. As many as 20 people might be in the water. Divers are at work."
SECOND = "The bridge fell at night. As many as 8 people were in the water. Divers are at work."
TITLE = "Container ship brings down the bridge"


def put(library: Library, text: str, title: str = TITLE, address: str = "https://news.example/bridge") -> SentenceId:
    """Adds a version; returns the id of its second sentence, or of its only one."""
    outcome = next(iter(library.add([Draft(title, text, "News", address, address=address, lang="en")])))
    assert outcome.article
    lines = library.sentences(outcome.article.id)
    return lines[min(1, len(lines) - 1)].id


def test_evidence_tells_every_version_and_which_one_was_quoted(tmp_path: Path, database: str | None) -> None:
    moment = datetime(2024, 3, 26, 9, tzinfo=UTC)
    clock = iter(moment + timedelta(hours=hour) for hour in range(100))
    settings = LibrarySettings.load(data=tmp_path, database_url=database)
    with Library.open(settings, now=lambda: next(clock)) as library:
        first = put(library, FIRST)
        assert library.evidence(first).current
        second = put(library, SECOND)
        old, new = library.evidence(first), library.evidence(second)
    assert (old.place, new.place, len(old.versions)) == (0, 1, 2)
    assert (old.current, new.current) == (False, True)
    assert old.sentence.text == "As many as 20 people might be in the water."
    for version in old.versions:
        assert hash_of(version.snapshot.text) == version.snapshot.hash
        assert version.snapshot.taken_at.tzinfo is not None
        assert version.snapshot.address == "https://news.example/bridge"
        assert all(version.snapshot.text[each.start : each.end] == each.text for each in version.sentences)
    assert old.versions[0].snapshot.taken_at < old.versions[1].snapshot.taken_at


def test_evidence_stays_when_an_article_is_removed(library: Library) -> None:
    id = put(library, FIRST)
    library.remove(library.sentence(id).article)
    found = library.evidence(id)
    assert found.removed
    assert not found.current
    assert found.version.snapshot.text == FIRST
    with pytest.raises(NotFound):
        library.evidence(SentenceId(9999))


def test_the_same_sentence_elsewhere_is_named_but_not_one_with_another_figure(library: Library) -> None:
    id = put(library, FIRST)
    put(library, "“As many as 20 people might be in the water”.", "A wire report", "https://wire.example/1")
    put(library, "As many as 8 people might be in the water.", "Another", "https://wire.example/2")
    assert [article.title for article in library.evidence(id).also] == ["A wire report"]


@pytest.mark.parametrize(
    "notice",
    [
        f"Correction: an earlier version of our article “{TITLE}” said that 20 people were in the water.",
        f"Виправлення: у попередній версії статті «{TITLE}» ішлося про 20 людей.",
        f"Исправление: в предыдущей версии статьи «{TITLE}» говорилось о 20 людях.",
        f"정정: 이전 기사 ‘{TITLE}’에서 20명이라고 보도했습니다.",
    ],
)
def test_an_article_that_says_it_corrects_another_is_linked_to_it(library: Library, notice: str) -> None:
    id = put(library, FIRST)
    other = put(library, f"{notice}\nEight people were on it.", "A correction", "https://news.example/correction")
    assert [article.title for article in library.evidence(id).corrected_by] == ["A correction"]
    assert [article.title for article in library.evidence(other).corrects] == [TITLE]


def test_an_article_that_merely_names_another_corrects_nothing(library: Library) -> None:
    id = put(library, FIRST)
    put(library, f"The paper printed “{TITLE}” on its first page.", "About papers", "https://media.example/1")
    assert library.evidence(id).corrected_by == ()
    assert corrected_titles("He said “an error” in a correction facility.") == ()


def test_the_shipped_correction_is_linked(seeded: Library) -> None:
    corrections = [article for article in seeded.articles() if article.title.startswith("Correction:")]
    corrected = seeded.evidence(seeded.sentences(corrections[0].id)[0].id).corrects
    assert [article.title for article in corrected] == ["Container ship brings down Baltimore’s Key Bridge"]


def test_a_sentence_is_found_by_the_text_that_a_chat_shows(library: Library) -> None:
    id = put(library, 'It rained. The captain said "we are  safe", twice. They left.')
    assert library.find("The captain said “we are safe”, twice.") == [id]
    assert library.find("The captain said “we were safe”, twice.") == []
    assert library.find("   ") == library.find("…!") == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (FIRST, "The bridge fell at night. As many as 20 people might be in the water."),
        ("Opening hours\n\nDaily from 2 pm.\nThe sauna is closed.", "Opening hours Daily from 2 pm."),
        ("Opening hours\n\nDaily from 2 pm.\nThe sauna is closed.", "Daily from 2 pm.\nThe sauna is closed."),
    ],
)
def test_neighbouring_sentences_are_found_together_as_a_chat_shows_them(
    library: Library, text: str, shown: str
) -> None:
    article = library.sentence(put(library, text)).article
    library.remove(article)
    found = library.look_up(shown)
    assert found.sentences == ()
    assert found.within
    assert found.within.whole
    assert [each.article for each in found.within.sentences] == [article] * 2
    first, last = found.within.sentences
    assert last.ordinal == first.ordinal + 1


def test_a_part_of_a_sentence_is_named_as_one(library: Library) -> None:
    put(library, FIRST)
    found = library.look_up("As many as 20 people")
    assert found.sentences == ()
    assert found.within
    assert not found.within.whole
    assert [each.text for each in found.within.sentences] == ["As many as 20 people might be in the water."]


@pytest.mark.parametrize(
    "text",
    [
        "The bridge fell at night. Divers are at work.",
        "As many as 21 people",
        "many as 20 people might be in water",
        "…",
    ],
)
def test_what_stands_nowhere_so_is_found_nowhere(library: Library, text: str) -> None:
    put(library, FIRST)
    found = library.look_up(text)
    assert found.sentences == ()
    assert found.within is None


def test_whether_the_source_still_says_so_is_read_anew_and_not_stored(library: Library, tmp_path: Path) -> None:
    page = tmp_path / "bridge.txt"
    page.write_text(f"Title: {TITLE}\n\n{FIRST}", encoding="utf-8")
    article = next(outcome.article for outcome in library.add(library.read(page)))
    assert article
    evidence = library.evidence(library.sentences(article.id)[1].id)
    version = library.version
    assert library.today(evidence).fate is Fate.UNCHANGED
    page.write_text(f"Title: {TITLE}\n\n{SECOND}", encoding="utf-8")
    found = library.today(evidence)
    assert found.fate is Fate.CHANGED
    assert found.new
    assert found.new.text == "As many as 8 people were in the water."
    assert What.FIGURES in found.what
    page.write_text(f"Title: {TITLE}\n\nNothing more is known.", encoding="utf-8")
    assert library.today(evidence).fate is Fate.GONE
    page.unlink()
    with pytest.raises(ReadError):
        library.today(evidence)
    assert library.version == version
