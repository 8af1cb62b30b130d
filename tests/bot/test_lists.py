"""A list that answers as a whole stands whole in a chat, on a terminal and in an alert, an item a line."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.console import Console

from bot import conversation
from bot.conversation import ChatState, Setup, layout
from bot.conversation.alerting import quote_of
from bot.conversation.setup import PROOFS
from bot.incoming import Chat, ChatKind, Incoming, Message, Press, User
from bot.render import json as as_json
from bot.render.text import plain_answer, print_answer
from bot.reply import Content, Edit
from bot.reply import Message as Sent
from index.article import Draft, Question
from index.library import Library
from tests.bot.conftest import Newsroom

LEAD = "To apply for a long-stay visa you need to hand in the following documents:"
ITEMS = ("A passport that is valid for six months", "Two photographs. They must be recent.", "Proof of insurance")
TEXT = f"The consulate opens at nine.\n\n{LEAD}\n\n- {{}}\n- {{}}\n- {{}}\n\nA decision takes six weeks.".format(*ITEMS)
LINES = "\n"
QUESTION = "What documents do I need for a long-stay visa?"
NOW = datetime(2026, 5, 3, 9, 0, tzinfo=UTC)
SETUP = Setup("pullquote_bot", 1, b"secret", features=frozenset({PROOFS}))
ANN, PRIVATE = User(101, "Ann", "en"), Chat(101, ChatKind.PRIVATE)
CITED = "Visas at the consulate — Coast Courier"


@pytest.fixture
def library(newsroom: Newsroom) -> Library:
    put(newsroom.library, TEXT)
    return newsroom.library


def put(library: Library, text: str) -> None:
    draft = Draft("Visas at the consulate", text, "Coast Courier", address="visas.txt", lang="en")
    assert [outcome.state for outcome in library.add([draft])] in (["added"], ["changed"])


def test_a_terminal_shows_a_list_an_item_a_line(library: Library) -> None:
    answer = library.ask(Question(QUESTION))
    assert plain_answer(answer).splitlines() == [LEAD, *ITEMS, f"  {CITED}"]
    screen = io.StringIO()
    print_answer(Console(file=screen, width=200), answer)
    assert all(part in screen.getvalue() for item in ITEMS for part in item.split(". "))


def test_json_has_the_rest_of_a_list_behind_its_first_sentence(library: Library) -> None:
    answer = library.ask(Question(QUESTION))
    (said,) = json.loads(json.dumps(as_json.answer(1, answer)))["quotes"]
    text = library.snapshot(said["snapshot"]).text
    assert said["sentence"] == LEAD == text[said["start"] : said["end"]]
    assert [each["sentence"] for each in said["context"]] == [
        ITEMS[0],
        "Two photographs.",
        "They must be recent.",
        ITEMS[2],
    ]
    assert all(text[each["start"] : each["end"]] == each["sentence"] for each in said["context"])


def told(library: Library, event: Incoming, state: ChatState) -> tuple[Content, ChatState]:
    turn = conversation.respond(library, state, event, NOW, SETUP)
    reply = turn.replies[0]
    assert isinstance(reply, Sent | Edit)
    return reply.content, turn.state


def pressed(content: Content, label: str, number: int) -> Press:
    (data,) = [button.payload for row in content.keyboard for button in row if label in button.label]
    assert data
    return Press(f"u{number}", f"q{number}", ANN, data, PRIVATE, number)


def test_a_chat_shows_a_list_an_item_a_line_with_and_without_what_stands_around_it(library: Library) -> None:
    content, state = told(library, Message("u1", PRIVATE, ANN, 1, QUESTION), ChatState())
    assert content.text.splitlines() == [LEAD, *ITEMS, CITED]
    assert [(shown.sentence, shown.snapshot) for shown in content.shows] == [
        (each.id, each.snapshot) for each in library.sentences(library.articles()[0].id)[1:6]
    ]
    around, state = told(library, pressed(content, "Context", 2), state)
    opening, *others = around.text.splitlines()
    assert opening == f"The consulate opens at nine. {LEAD}"
    assert others == [*ITEMS, "A decision takes six weeks.", CITED]
    again, _ = told(library, pressed(around, "Less context", 3), state)
    assert again.text == content.text


@pytest.mark.parametrize(
    "lines",
    [
        ("1. Fill in the form.", "2. Pay 40 crowns. Keep the receipt.", "3. Hand in both."),
        ("Monday 9 a.m. to 5 p.m.", "Tuesday to Friday 9 a.m. to 6 p.m.", "Sunday closed"),
        ("— fill in the form;", "— pay 40 crowns;", "— hand in both."),
    ],
)
def test_every_item_has_a_line_of_its_own_whatever_marks_it(newsroom: Newsroom, lines: tuple[str, ...]) -> None:
    put(newsroom.library, f"Renewing a visa works like this:\n{LINES.join(lines)}\n\nA decision takes six weeks.")
    (article,) = newsroom.library.articles()
    first, *others = newsroom.library.sentences(article.id)
    quote = quote_of(newsroom.library, "How do I renew a visa?", first.id, 0.9)
    assert len(quote.rest) == len(others) - 1
    assert layout.quotation(first, rest=quote.rest).text.split("\n")[1:] == list(lines)


def test_a_chat_says_that_a_list_has_changed_since(library: Library) -> None:
    content, state = told(library, Message("u1", PRIVATE, ANN, 1, QUESTION), ChatState())
    put(library, TEXT.replace("Two", "Three"))
    around, _ = told(library, pressed(content, "Context", 2), state)
    assert "Two photographs. They must be recent." in around.text
    assert "changed" in around.text.splitlines()[-1]


def test_an_alert_shows_the_list_that_its_sentence_leads_to(library: Library) -> None:
    (article,) = library.articles()
    lead = next(each for each in library.sentences(article.id) if each.text == LEAD)
    quote = quote_of(library, QUESTION, lead.id, 0.9)
    assert plain_answer(replace(library.ask(Question(QUESTION)), quotes=(quote,))).splitlines()[:4] == [LEAD, *ITEMS]


def test_a_proof_is_of_the_whole_list(library: Library) -> None:
    (article,) = library.articles()
    content, state = told(library, Message("u1", PRIVATE, ANN, 1, QUESTION), ChatState())
    proof, _ = told(library, pressed(content, "Proof", 2), state)
    lines = proof.text.splitlines()
    quoted = library.sentences(article.id)[1:6]
    assert "\n".join((LEAD, *ITEMS)) in proof.text
    assert any(f"{quoted[0].start}–{quoted[-1].end}" in line for line in lines)
    assert lines[-1] == "The newest version that I have still says so."
    assert [shown.sentence for shown in proof.shows] == [each.id for each in quoted]
    put(library, TEXT.replace("Two", "Three"))
    changed, _ = told(library, pressed(content, "Proof", 3), state)
    assert "Two photographs." in changed.text
    assert changed.text.splitlines()[-1] == "Three photographs."
    assert "still says so" not in changed.text
