"""Filters whose sentences are remembered from question to question say what is true now."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from index.article import ArticleId, Draft, Question
from index.library import Library
from index.settings import LibrarySettings


def test_a_remembered_filter_sees_what_came_and_what_went(tmp_path: Path) -> None:
    first = Draft(
        "Bridges", "The bridge was opened in May.", source="Herald", published=date(2024, 5, 2), id=ArticleId("a")
    )
    second = Draft(
        "Tunnels", "The tunnel was opened in June.", source="Herald", published=date(2024, 6, 2), id=ArticleId("b")
    )
    other = Draft(
        "Ports", "The port was opened in July.", source="Gazette", published=date(2023, 7, 2), id=ArticleId("c")
    )

    def found(library: Library, **only: object) -> set[str]:
        question = Question("When was it opened?", k=10, **only)  # type: ignore[arg-type]
        return {quote.article.id for quote in library.ask(question).ranked}

    with Library.open(LibrarySettings.load(data=tmp_path, cross_encoder="off")) as library:
        list(library.add([first, other]))
        for _ in range(2):
            assert found(library, source="herald") == {"a"}
            assert found(library, since=date(2024, 1, 1)) == {"a"}
            assert found(library, article=ArticleId("c")) == {"c"}
        list(library.add([second]))
        assert found(library, source="herald") == {"a", "b"}
        library.remove(ArticleId("a"))
        assert found(library, source="herald") == {"b"}
        assert found(library, since=date(2024, 1, 1)) == {"b"}
        assert found(library) == {"b", "c"}
