"""`pullquote watch`: scripts leave, list and remove standing questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.store import watches
from bot.store.base import open_store
from index.store.engine import reading

QUESTION = "How many soldiers are in Kursk?"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PULLQUOTE_DATA", str(tmp_path))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["watch", *words])


def test_a_watch_is_left_listed_and_removed(data: Path) -> None:
    made = json.loads(run("add", QUESTION, "--chat", "-100", "--lang", "en", "--with", "Kursk", "--json").stdout)
    (listed,) = map(json.loads, run("list", "--json").stdout.splitlines())
    assert listed == made
    assert (listed["chat"], listed["langs"], listed["with"]) == (-100, ["en"], ["Kursk"])
    engine = open_store(data)
    with reading(engine) as connection:
        (stored,) = watches.every(connection)
    engine.dispose()
    assert (stored.ref, stored.question, stored.since) == (made["ref"], QUESTION, 0)
    assert run("remove", made["ref"]).exit_code == 0
    assert run("list", "--json").stdout == ""


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("add", " ", "--chat", "1"), "The question is empty."),
        (("add", QUESTION, "--chat", "1", "--false-answers", "0.3"), "--false-answers is 0.10, 0.05 or 0.01."),
        (("add", QUESTION, "--chat", "1", "--words", "fr"), "--words is one of en, uk, ru, ko."),
        (("remove", "nothing"), "There is no watch nothing; `pullquote watch list` lists them."),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_two(words: tuple[str, ...], line: str) -> None:
    result = run(*words)
    assert (result.exit_code, result.stderr) == (2, f"pullquote: {line}\n")


def test_lists_of_one_chat_name_no_other() -> None:
    for chat in ("1", "2"):
        run("add", QUESTION, "--chat", chat)
    assert len(run("list", "--chat", "2").stdout.splitlines()) == 1


def test_limits_are_those_of_a_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_WATCHES_PER_CHAT", "2")
    monkeypatch.setenv("PULLQUOTE_WATCHES", "3")
    ref = json.loads(run("add", QUESTION, "--chat", "1", "--json").stdout)["ref"]
    again = run("add", QUESTION.upper(), "--chat", "1")
    assert again.stderr == f"pullquote: That is watched for there already: {ref}.\n"
    assert run("add", QUESTION, "--chat", "1", "--topic", "5").exit_code == 0
    third = run("add", "Who is in Kursk?", "--chat", "1")
    assert (third.exit_code, "at most (PULLQUOTE_WATCHES_PER_CHAT)" in third.stderr) == (2, True)
    assert run("add", QUESTION, "--chat", "2").exit_code == 0
    full = run("add", QUESTION, "--chat", "3")
    assert (full.exit_code, "as many as this bot takes" in full.stderr) == (2, True)
