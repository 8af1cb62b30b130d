"""Conversation scripts: the project's own, played; and the format that they are written in."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from bot import chat, replay, script
from bot.incoming import ChatKind
from bot.reply import Content, Edit, Message
from bot.script import ScriptError
from bot.stage import Stage, StageLibrary
from index.article import SentenceId
from index.library import Library
from index.settings import LibrarySettings
from tests.bot.scripted import ScriptedLibrary

SCRIPTS = sorted((Path(__file__).parents[1] / "conversations").glob("*.txt"))
SEEDS = Path(__file__).parents[2] / "seeds"
EVERYONES = {"start", "help", "ask", "sources", "settings", "forget"}
LIBRARIANS = {"add", "remove"}
TYPED = (
    "/ask How often does the ferry run?",
    "2",
    "1",
    "/ask and in winter?",
    "> Olha: /settings",
    "dance",
    "> Olha dances",
    "> Ann types: When did the bridge open again?",
    "/forget",
    "1",
    "/remove museum",
)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The real library of the shipped articles."""
    with Library.open(LibrarySettings.load(data=tmp_path_factory.mktemp("seeded"))) as library:
        assert all(outcome.state == "added" for outcome in library.add(library.read(SEEDS)))
        yield library


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_conversation_goes_as_it_is_written(path: Path, request: pytest.FixtureRequest) -> None:
    real = script.read(path).cast.library == "seeds"
    library: StageLibrary = request.getfixturevalue("seeded") if real else ScriptedLibrary()
    assert replay.run(path, library) == ""


@pytest.mark.parametrize(
    "question",
    [
        "Which bridge collapsed in Baltimore?",
        "How many troops did North Korea send?",
        "Коли зруйнували Каховську ГЕС?",
        "What is the capital of Mars?",
    ],
)
def test_what_the_real_engine_quotes_stands_in_its_snapshot(question: str, seeded: Library) -> None:
    stage = Stage(seeded, script.parse("A chat.\n").cast)
    for line in (f"Ann: {question}", "Ann presses ›", "Ann presses Context"):
        turn = stage.play(script.event(line))
        assert turn is not None
        content = getattr(turn.replies[0], "content", Content(()))
        quotes = [span for block in content.blocks for span in block.spans if span.quote is not None]
        for span in quotes:
            sentence = seeded.sentence(span.quote or SentenceId(0))
            assert span.text == seeded.snapshot(sentence.snapshot).text[sentence.start : sentence.end]
        assert {shown.sentence for shown in content.shows} <= {span.quote for span in quotes}
    assert quotes


@pytest.mark.parametrize(
    "question", ["How many North Korean soldiers are in Russia?", "Which bridge collapsed in Baltimore?"]
)
def test_an_answer_reads_the_same_when_it_is_drawn_again(question: str, seeded: Library) -> None:
    """At first it comes from the engine, later from what is remembered of it."""
    stage = Stage(seeded, script.parse("A chat.\n").cast)
    drawn = []
    for line in (f"Ann: {question}", "Ann presses Context", "Ann presses Less context"):
        turn = stage.play(script.event(line))
        assert turn is not None
        reply = turn.replies[0]
        assert isinstance(reply, Message | Edit)
        drawn.append(reply.content)
    assert drawn[2].text == drawn[0].text
    assert drawn[1].text != drawn[0].text


def test_every_command_is_shown_in_every_kind_of_chat_and_to_every_role() -> None:
    shown = defaultdict(set)
    for path in SCRIPTS:
        read = script.read(path)
        for event in read.events:
            found = re.match(r"/(\w+)", event.words)
            person = read.cast.person(event.who)
            place = read.cast.chat(event.where) if event.where else read.cast.chats[0]
            if found and person and place:
                kind = ChatKind.SUPERGROUP if place.kind is ChatKind.GROUP else place.kind
                shown[found[1].lower()] |= {(kind, role) for role in person.roles | {"anyone"}}
    for name in EVERYONES | LIBRARIANS:
        kinds = {kind for kind, _ in shown[name]}
        assert kinds == {ChatKind.PRIVATE, ChatKind.SUPERGROUP, ChatKind.CHANNEL}, name
    for name in ("settings", "forget"):
        roles = {role for kind, role in shown[name] if kind is ChatKind.SUPERGROUP}
        assert {"anyone", "administrator", "anonymous"} <= roles, name
    for name in LIBRARIANS:
        assert {"librarian", "anyone"} <= {role for _, role in shown[name]}, name


def test_there_are_enough_conversations_and_each_says_what_it_shows() -> None:
    assert len(SCRIPTS) >= 60
    assert all(script.read(path).cast.prose.endswith(".") for path in SCRIPTS)


def test_a_wrong_expectation_is_shown_as_a_diff(tmp_path: Path) -> None:
    path = tmp_path / "wrong.txt"
    path.write_text("A wrong one.\n\n> Ann: dance\n< #1:\n<   Hello yourself.\n")
    diff = replay.run(path, ScriptedLibrary())
    assert "-<   Hello yourself." in diff
    assert "+<   Nothing in my sources answers that." in diff


def test_update_accepts_what_the_bot_does_now(tmp_path: Path) -> None:
    path = tmp_path / "new.txt"
    path.write_text("A new one.\n\n> Ann: hello\n")
    assert replay.run(path, ScriptedLibrary(), update=True) != ""
    assert replay.run(path, ScriptedLibrary()) == ""


def test_a_replay_without_update_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new.txt"
    path.write_text("A new one.\n\n> Ann: hello\n")
    replay.run(path, ScriptedLibrary())
    assert path.read_text() == "A new one.\n\n> Ann: hello\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("> Ann dances", "line 1"),
        ("> Ann: hello\nhello yourself", "line 2"),
        ("> Zoe: hello", "Zoe is not in the cast"),
        ("chat: cellar\n\n> Ann: hi", "line 1"),
        ("limits: patience=3\n\n> Ann: hi", "limits are"),
        ("time: noon\n\n> Ann: hi", "line 1"),
        ("> Ann presses Dance", "there is no button Dance"),
        ("> Ann replies to #7: hi", "there is no #7"),
        ("> Ann edits: hi", "Ann has said nothing"),
        ("> [Cellar] Ann: hi", "no chat is called Cellar"),
        ("> the library drops The unicorn", "no article called The unicorn"),
    ],
)
def test_a_script_that_cannot_be_played_is_refused_by_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_text(text + "\n")
    with pytest.raises(ScriptError, match=said):
        replay.run(path, ScriptedLibrary())


def test_a_script_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="can't be read"):
        script.read(tmp_path / "nowhere.txt")


@pytest.mark.parametrize("kind", ["private", "group", "channel"])
def test_a_recorded_chat_replays(tmp_path: Path, kind: str) -> None:
    record = tmp_path / "recorded.txt"
    settings = LibrarySettings.load(data=tmp_path)
    ticks = iter([0.0, 0.4, 3.9, 4.1, 70.0, *range(71, 200)])
    stage = Stage(ScriptedLibrary(), chat.cast(settings, kind, "Ann", "en"))
    with (tmp_path / "screen").open("w") as screen:
        talk = chat.Talk(stage, Console(file=screen), lambda: next(ticks), record)
        talk.hold(TYPED)
    assert replay.run(record, ScriptedLibrary()) == ""
    played = record.read_text()
    assert "> 3 seconds pass" in played
    assert "presses" in played
    drawn = (tmp_path / "screen").read_text()
    assert "▎ In winter it runs four times a day" in drawn
    assert "“Olha dances” is no event" in drawn


def typed(folder: Path, *lines: str) -> tuple[str, ScriptedLibrary]:
    """What a terminal shows of these lines, and what was asked for them; the record replays."""
    library, screen, record = ScriptedLibrary(), io.StringIO(), folder / "recorded.txt"
    stage = Stage(library, chat.cast(LibrarySettings.load(data=folder), "private", "Ann", "en"))
    chat.Talk(stage, Console(file=screen, width=200), lambda: 0.0, record).hold(lines)
    assert replay.run(record, ScriptedLibrary()) == ""
    return screen.getvalue(), library


def test_standing_questions_and_proofs_are_there_in_a_terminal(tmp_path: Path) -> None:
    shown, _ = typed(tmp_path, "When did the bridge open again?", "/proof", "/watch Who is the king?", "/watches")
    assert "🔎 Proof   " in shown
    assert "🔔 Alert me" in shown
    assert "Proof of a quote" in shown
    assert "a server would now (AddWatch" in shown
    assert "1. Who is the king?" in shown


@pytest.mark.parametrize("line", ["{ha * 3}", r"\{ha * 3}", "{a * 2} and {b * 2}"])
def test_what_a_person_types_at_a_terminal_is_taken_as_it_is(tmp_path: Path, line: str) -> None:
    _, library = typed(tmp_path, line)
    assert [question.text for question in library.questions] == [line]


def test_a_terminal_knows_only_its_three_kinds_of_chat(tmp_path: Path) -> None:
    settings = LibrarySettings.load(data=tmp_path)
    with pytest.raises(ScriptError, match="private, group, channel"):
        chat.cast(settings, "cellar", "Ann", "en")
    with pytest.raises(ScriptError, match="letters"):
        chat.cast(settings, "private", "Ann: x", "en")
