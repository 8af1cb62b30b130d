"""The library keeps its word: verbatim, whole or not at all, and nothing twice."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from index.article import ArticleId, Draft, Question
from index.errors import NotFound
from index.library import Library
from index.settings import LibrarySettings
from index.store import tables

TROOPS = "How many North Korean soldiers are in Russia?"
BRIDGE = "The ferry Aurora sank near Gotland on 3 May 2021. All 48 passengers were rescued by the coast guard."


def article(folder: Path, name: str, text: str, **headers: str) -> Path:
    path = folder / name
    lines = [f"{key}: {value}" for key, value in {"Title": name.removesuffix(".txt"), **headers}.items()]
    path.write_text("\n".join(lines) + "\n\n" + text, encoding="utf-8")
    return path


def states(library: Library, path: Path) -> Counter[str]:
    return Counter(outcome.state for outcome in library.add(library.read(path)))


def rows(library: Library, table: sa.Table) -> int:
    with library._engine.connect() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def test_a_question_is_answered_with_a_sentence_of_a_real_article_word_for_word(shipped):
    answer = shipped.ask(Question(TROOPS))
    assert answer.answered
    quote = answer.quotes[0]
    assert "10,000" in quote.sentence.text
    snapshot = shipped.snapshot(quote.sentence.snapshot)
    assert snapshot.text[quote.sentence.start : quote.sentence.end] == quote.sentence.text
    assert quote.article.source == "written for Pullquote"


@pytest.mark.parametrize("question", ["hello", "thanks!", "Who won the 1998 World Cup?", "привіт", "안녕하세요"])
def test_what_no_article_answers_meets_silence(shipped, question):
    assert not shipped.ask(Question(question)).answered


def test_every_stored_sentence_is_its_slice(shipped):
    assert list(shipped.verify()) == []


def test_a_changed_snapshot_is_found_by_verify(library, tmp_path):
    states(library, article(tmp_path, "ferry.txt", BRIDGE))
    with library._engine.begin() as connection:
        connection.execute(tables.snapshots.update().values(text=BRIDGE.replace("48", "84")))
    assert [flaw.reason for flaw in library.verify()] == ["its text does not have this hash."]


def test_a_second_run_changes_nothing_and_embeds_nothing(library, tmp_path, monkeypatch):
    folder = tmp_path / "articles"
    folder.mkdir()
    for n in range(5):
        article(folder, f"{n}.txt", f"Article number {n} speaks. {BRIDGE}")
    assert states(library, folder) == {"added": 5}
    version = library.version
    monkeypatch.setattr(type(library.encoder), "passages", lambda self, texts: pytest.fail("embedded again"))
    assert states(library, folder) == {"unchanged": 5}
    assert library.version == version


def test_an_edited_article_gets_a_new_snapshot_and_keeps_the_old_one(library, tmp_path):
    path = article(tmp_path, "ferry.txt", BRIDGE)
    states(library, path)
    [before] = library.articles()
    article(tmp_path, "ferry.txt", BRIDGE.replace("48", "52"))
    embedded: list[str] = []
    original = library.encoder.passages
    library.encoder.passages = lambda texts: embedded.extend(texts) or original(texts)  # type: ignore[method-assign]
    assert states(library, path) == {"changed": 1}
    assert embedded == ["ferry. All 52 passengers were rescued by the coast guard."]
    assert [found.id for found in library.articles()] == [before.id]
    assert [("48" in old.text, "52" in old.text) for old in library.history(before.id)] == [
        (True, False),
        (False, True),
    ]
    answer = library.ask(Question("How many passengers were rescued from the ferry Aurora?"))
    assert "52" in answer.ranked[0].sentence.text
    assert all("48" not in quote.sentence.text for quote in answer.ranked)


def test_a_removed_article_is_quoted_no_more_and_its_proof_stays(library, tmp_path):
    states(library, article(tmp_path, "ferry.txt", BRIDGE))
    [found] = library.articles()
    sentence = library.sentences(found.id)[0]
    library.remove(found.id)
    assert library.ask(Question("When did the ferry Aurora sank?")).ranked == ()
    assert library.snapshot(sentence.snapshot).text == BRIDGE
    assert not library.is_live(sentence.id)
    with pytest.raises(NotFound):
        library.remove(found.id)


def test_a_removed_article_comes_back_without_embedding(library, tmp_path, monkeypatch):
    path = article(tmp_path, "ferry.txt", BRIDGE)
    states(library, path)
    library.remove(library.articles()[0].id)
    monkeypatch.setattr(type(library.encoder), "passages", lambda self, texts: pytest.fail("embedded again"))
    assert states(library, path) == {"added": 1}
    assert library.ask(Question("Where did the ferry Aurora sink?")).ranked


def test_two_files_that_name_one_page_are_two_articles_and_stay_so(library, tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    article(folder, "a.txt", "The harbour opened in 1904.", URL="https://example.org/page")
    article(folder, "b.txt", "The airport opened in 1956.", URL="https://example.org/page")
    assert states(library, folder) == {"added": 2}
    assert states(library, folder) == {"unchanged": 2}


def test_a_file_that_moved_is_the_same_article(library, tmp_path):
    path = article(tmp_path, "a.txt", "The harbour opened in 1904.", URL="https://example.org/page")
    states(library, path)
    path.rename(tmp_path / "b.txt")
    assert states(library, tmp_path / "b.txt") == {"unchanged": 1}
    assert len(library.articles()) == 1


def test_a_broken_file_among_many_stops_nothing(library, tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    for n in range(20):
        article(folder, f"{n:02d}.txt", f"The bridge number {n} was opened in {1900 + n}.")
    (folder / "05b.txt").write_bytes(b"\x00\x01\x02" * 100)
    (folder / "06b.txt").write_bytes(b"")
    outcomes = list(library.add(library.read(folder)))
    assert Counter(outcome.state for outcome in outcomes) == {"added": 20, "refused": 2}
    assert all(outcome.reason for outcome in outcomes if outcome.state == "refused")


def test_given_sentences_are_kept_as_they_are_split(library):
    from index.article import Span

    text = "One sentence. And. Another one"
    draft = Draft("t", text, id=ArticleId("x"), spans=(Span(0, 18), Span(19, 30)))
    assert [outcome.state for outcome in library.add([draft])] == ["added"]
    assert [s.text for s in library.sentences(ArticleId("x"))] == ["One sentence. And.", "Another one"]


def test_a_question_within_an_article_ranks_every_sentence_of_it(shipped):
    found = next(each for each in shipped.articles() if "North Korean" in each.title)
    lines = shipped.sentences(found.id)
    answer = shipped.ask(Question("zebra", k=100, article=found.id))
    assert {quote.sentence.id for quote in answer.ranked} == {line.id for line in lines}


def test_filters_keep_other_articles_out(shipped):
    since = date(2024, 11, 1)
    answer = shipped.ask(Question(TROOPS, k=10, since=since))
    assert answer.ranked
    assert all(quote.article.published >= since for quote in answer.ranked)
    assert shipped.ask(Question(TROOPS, source="nobody")).ranked == ()


@pytest.mark.parametrize("shipped", ["postgresql"], indirect=True)
def test_both_engines_give_the_same_answers(seeded, shipped):
    questions = [Question(f"What is said of {article.title}?", k=5) for article in seeded.articles()[:4]]
    for mine, other in zip(shipped.ask_many(questions), seeded.ask_many(questions), strict=True):
        assert [quote.sentence for quote in mine.ranked] == [quote.sentence for quote in other.ranked]
        assert mine.answered == other.answered
        assert mine.confidence == pytest.approx(other.confidence, abs=1e-3)


def test_confidence_does_not_depend_on_how_many_sentences_there_are(seeded, tmp_path):
    best = seeded.ask(Question(TROOPS)).ranked[0]
    text = seeded.snapshot(best.sentence.snapshot).text
    with Library.open(LibrarySettings.load(data=tmp_path)) as small:
        list(small.add([Draft(best.article.title, text, id=ArticleId("only"), lang="en")]))
        alone = small.ask(Question(TROOPS)).ranked[0]
    assert alone.sentence.text == best.sentence.text
    assert alone.confidence == pytest.approx(best.confidence, abs=0.05)


def test_another_process_sees_a_new_article_at_its_next_question(library, tmp_path):
    question = Question("When did the ferry Aurora sink?")
    assert library.ask(question).ranked == ()
    with Library.open(library.settings) as other:
        states(other, article(tmp_path, "ferry.txt", BRIDGE))
    assert library.ask(question).ranked[0].sentence.text.startswith("The ferry Aurora")


def test_caches_that_are_lost_or_torn_are_made_again_without_embedding(seeded, tmp_path, monkeypatch):
    question = Question(TROOPS)
    expected = seeded.ask(question).ranked[0].sentence
    shutil.copytree(seeded.settings.data, tmp_path / "data")
    settings = seeded.settings.model_copy(update={"data": tmp_path / "data"})
    files = [path for path in (settings.data / "cache").rglob("*") if path.is_file()]
    assert files
    monkeypatch.setattr(type(seeded.encoder), "passages", lambda self, texts: pytest.fail("embedded again"))
    for file in files:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with Library.open(settings) as torn:
        assert torn.ask(question).ranked[0].sentence == expected
    shutil.rmtree(settings.data / "cache")
    with Library.open(settings) as lost:
        assert lost.ask(question).ranked[0].sentence == expected


def test_another_model_means_embedding_again_and_nothing_is_mixed(library, tmp_path):
    states(library, article(tmp_path, "ferry.txt", BRIDGE))
    other = library.settings.model_copy()
    with Library.open(other) as changed:
        real = changed.encoder
        changed.encoder = _Renamed(real)
        assert changed.unembedded() == 1
        assert sum(changed.embed_missing()) == 2
        assert changed.unembedded() == 0
        assert changed.ask(Question("When did the ferry Aurora sink?")).ranked
    assert rows(library, tables.embeddings) == 4


class _Renamed:
    """The real encoder under another fingerprint."""

    def __init__(self, encoder):
        self.fingerprint, self.dim = "another", encoder.dim
        self.questions, self.passages = encoder.questions, encoder.passages
