"""What proves a quote: in a chat, in a file that anyone can check, and on the command line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.conversation import ChatState, Setup, respond
from bot.conversation.setup import PROOFS
from bot.incoming import Chat, ChatKind, Earlier, Message, User
from bot.proof import Pages, bundle, prove
from bot.render.telegram import calls
from bot.reply import Message as Sent
from index.article import SentenceId
from index.revise import Fate
from tests.bot.conftest import START, Newsroom
from tests.bot.scripted import ScriptedLibrary

DOCS = Path(__file__).parents[2] / "docs" / "proof.md"
CHECK = re.search(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
TEXT = ("The bridge 🌉 fell at night.", "As many as 20 people were in the water.", "Divers came at once.")
PAGES = Pages("https://bot.example", b"secret")


def checked(path: Path) -> subprocess.CompletedProcess[str]:
    """Runs the lines of docs/proof.md, as a third party would."""
    assert CHECK
    return subprocess.run([sys.executable, "-c", CHECK[1], str(path)], capture_output=True, text=True, check=False)


@pytest.fixture
def quoted(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SentenceId:
    """A sentence of a library that the commands open too."""
    monkeypatch.setenv("PULLQUOTE_DATA", str(tmp_path / "library"))
    article = newsroom.put(*TEXT)
    return newsroom.library.sentences(article)[-2].id


def test_ten_lines_of_python_check_a_bundle(quoted: SentenceId, tmp_path: Path) -> None:
    assert CHECK
    assert len(CHECK[1].splitlines()) <= 10
    done = CliRunner().invoke(app, ["proof", TEXT[1], "--out", str(tmp_path / "bridge")])
    assert done.exit_code == 0, done.output
    assert "The quote stands in snapshot" in checked(tmp_path / "bridge.json").stdout
    page = (tmp_path / "bridge.html").read_text(encoding="utf-8")
    assert f'<mark id="quote">{TEXT[1]}</mark>' in page
    assert "Content-Security-Policy" in page


@pytest.mark.parametrize("part", ["text", "sentence", "start"])
def test_they_find_out_what_was_altered(quoted: SentenceId, tmp_path: Path, newsroom: Newsroom, part: str) -> None:
    said = bundle(prove(newsroom.library.evidence(quoted)))
    if part == "text":
        said["snapshot"]["text"] = said["snapshot"]["text"].replace("20", "21")
    else:
        said[part] = said[part] + 1 if part == "start" else said[part].replace("20", "21")
    path = tmp_path / "altered.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    assert checked(path).returncode == 1


def test_verify_proves_one_quote_by_its_text_or_its_id(quoted: SentenceId, newsroom: Newsroom) -> None:
    newsroom.put(TEXT[0], "As many as 8 people were in the water.", TEXT[2])
    snapshot = newsroom.library.evidence(quoted).version.snapshot
    for wanted in (TEXT[1], str(quoted)):
        done = CliRunner().invoke(app, ["verify", wanted])
        assert done.exit_code == 0, done.output
        assert f"> {TEXT[1]}" in done.output
        assert snapshot.hash in done.output
        assert "changed (figures): As many as 8 people were in the water." in done.output
    done = CliRunner().invoke(app, ["verify", TEXT[1], "--json"])
    assert json.loads(done.output)["sound"] is True


def test_verify_says_when_nobody_ever_said_so(quoted: SentenceId) -> None:
    done = CliRunner().invoke(app, ["verify", "As many as 21 people were in the water."])
    assert done.exit_code == 1
    assert "ever said that" in done.output


def test_verify_proves_each_of_neighbouring_sentences_that_were_shown_together(quoted: SentenceId) -> None:
    shown = " ".join(TEXT[:2])
    done = CliRunner().invoke(app, ["verify", shown])
    assert done.exit_code == 0, done.output
    assert [line for line in done.output.splitlines() if line.startswith("> ")] == [f"> {text}" for text in TEXT[:2]]
    done = CliRunner().invoke(app, ["verify", shown, "--json"])
    assert [json.loads(line)["sentence"] for line in done.output.splitlines()] == list(TEXT[:2])


def test_verify_says_in_which_sentence_a_part_of_it_stands(quoted: SentenceId) -> None:
    done = CliRunner().invoke(app, ["verify", "20 people were"])
    assert done.exit_code == 1
    assert "ever said that" not in done.output
    (line,) = done.output.splitlines()
    assert f"“{TEXT[1]}”" in line
    assert line.endswith(f"by number: {quoted}.")


def test_a_proof_of_several_sentences_is_asked_for_one_by_one(quoted: SentenceId, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["proof", " ".join(TEXT[:2]), "--out", str(tmp_path / "two")])
    assert done.exit_code == 1
    assert "several sentences" in done.output
    assert not list(tmp_path.glob("two.*"))


def test_a_proof_tells_the_versions_in_which_the_quote_reads_otherwise(newsroom: Newsroom) -> None:
    first = newsroom.library.sentences(newsroom.put(*TEXT))[-2].id
    newsroom.put(*TEXT, "One line more.")
    newsroom.put(TEXT[0], "As many as 8 people were in the water.", TEXT[2])
    newsroom.put(TEXT[0], TEXT[2])
    proved = prove(newsroom.library.evidence(first))
    assert proved.count == 4
    assert [step.revision.fate for step in proved.steps] == [Fate.UNCHANGED, Fate.CHANGED, Fate.GONE]
    assert [step.quoted for step in proved.steps] == [True, False, False]


def said(text: str, chat: Chat, reply_to: Earlier | None = None) -> Message:
    return Message("u9", chat, User(101, "Ann", "en"), 9, text, reply_to=reply_to)


@pytest.mark.parametrize(("kind", "action"), [(ChatKind.PRIVATE, "web_app"), (ChatKind.SUPERGROUP, "url")])
def test_the_page_opens_inside_of_telegram_in_private_chats_alone(kind: ChatKind, action: str) -> None:
    setup = Setup("pullquote_bot", 1, b"secret", features=frozenset({PROOFS}), pages=PAGES)
    chat = Chat(101 if kind is ChatKind.PRIVATE else -101, kind)
    event = said("/ask When did the bridge open again?", chat)
    turn = respond(ScriptedLibrary(), ChatState(), event, START, setup)
    (call,) = calls(turn.replies[0])
    rows = call.params["reply_markup"]["inline_keyboard"]  # type: ignore[index, call-overload]
    (button,) = [one for row in rows for one in row if "Proof" in one["text"]]  # type: ignore[union-attr, index]
    address = button[action]["url"] if action == "web_app" else button[action]  # type: ignore[index, call-overload]
    assert PAGES.opened(str(address).rpartition("/")[2]) == 2
    assert str(address).startswith("https://bot.example/q/")


def test_a_quote_that_stands_while_what_is_shown_beside_it_has_changed_is_told_apart(newsroom: Newsroom) -> None:
    id = newsroom.library.sentences(newsroom.put(*TEXT))[-2].id
    newsroom.put(TEXT[0], TEXT[1], "Divers came after an hour.")
    setup = Setup("pullquote_bot", 1, b"secret", features=frozenset({PROOFS}))
    earlier = Earlier(5, "…", from_self=True, from_bot=True, key="u1.0", shows=(id,))
    event = said("/proof", Chat(101, ChatKind.PRIVATE), earlier)
    (reply,) = respond(newsroom.library, ChatState(), event, START, setup).replies
    assert isinstance(reply, Sent)
    assert "still says what stands in bold; what stands beside it has changed." in reply.content.text
    assert "still says so" not in reply.content.text


def test_an_answer_that_is_no_longer_remembered_is_proved_from_the_record(newsroom: Newsroom) -> None:
    id = newsroom.library.sentences(newsroom.put(*TEXT))[-2].id
    setup = Setup("pullquote_bot", 1, b"secret", features=frozenset({PROOFS}))
    earlier = Earlier(5, "…", from_self=True, from_bot=True, key="u1.0", shows=(id,))
    event = said("/proof", Chat(101, ChatKind.PRIVATE), earlier)
    (reply,) = respond(newsroom.library, ChatState(), event, START, setup).replies
    assert isinstance(reply, Sent)
    assert TEXT[1] in reply.content.text
    assert newsroom.library.evidence(id).version.snapshot.hash in reply.content.text
