"""What the Bot API is sent: read back as Telegram reads it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

from bot import conversation
from bot.conversation import ChatState, Setup, layout
from bot.incoming import Chat, ChatKind, Message, Press, User
from bot.render.telegram import Call, as_telegram_shows, calls, plain, text_and_entities
from bot.reply import (
    Block,
    Button,
    Buttons,
    Content,
    Delete,
    Edit,
    InlineAnswer,
    Span,
    Toast,
    Typing,
    utf16,
)
from bot.reply import Message as Sent
from index.article import SentenceId
from tests.bot.reading import as_received
from tests.bot.scripted import ScriptedLibrary

NOW = datetime(2024, 11, 6, 9, 0, tzinfo=UTC)
SETUP = Setup("pullquote_bot", 1, b"secret")
ANN = User(101, "Ann", "en")
PRIVATE = Chat(101, ChatKind.PRIVATE)

TROUBLE = st.sampled_from(
    ["👩‍👩‍👧‍👦", "🏳️‍🌈", "🇺🇦", "👍🏽", "שלום", "مرحبا", "e\u0301", "Å", "A\u030a", "\u200f", "\u200e", "\u202e", "\t",
     "\r\n", "\x00", "\x0b", "<b>", "&amp;", "*_[`", "\u2028", "\ufeff", "\u200b", "\U0010ffff", "한국어", " ", "\n"]
)  # fmt: skip
ANY_TEXT = st.lists(st.one_of(TROUBLE, st.text(max_size=8)), max_size=25).map("".join)


def sent_for(sentence: str) -> list[Call]:
    library = ScriptedLibrary()
    answer = library.with_sentence(sentence, "What?")
    said = Message("u1", PRIVATE, ANN, 5, "What?")
    turn = conversation.respond(library, ChatState(), said, NOW, SETUP, answer)
    return [call for reply in turn.replies for call in calls(reply)]


def quoted(call: Call) -> list[str]:
    _, entities = as_received(call.params["text"], call.params.get("entities", []))
    return [entity.text for entity in entities if entity.kind == "blockquote"]


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
@example("  \t leading and trailing \r\n ")
@example("A\u030a ring, \u200f\u200e\u200f marks, \u202eoverride")
@example("<b>&amp;</b> [x](y) `z`")
@example("👩‍👩‍👧‍👦" * 30)
def test_a_quote_reads_in_the_chat_exactly_as_the_normalised_sentence(sentence: str) -> None:
    (call,) = sent_for(sentence)
    expected = as_telegram_shows(sentence)
    assert "".join(quoted(call)) == expected
    assert expected in as_received(call.params["text"], call.params.get("entities", []))[0]


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_a_quote_marked_among_its_neighbours_reads_exactly_too(before: str, sentence: str, after: str) -> None:
    spans = (
        Span(f"{before} ", italic=True),
        Span(sentence, bold=True, quote=SentenceId(1)),
        Span(f" {after}", italic=True),
    )
    text, entities = text_and_entities((Block(spans, quotation=True), layout.line("source")))
    bold = [entity.text for entity in as_received(text, entities)[1] if entity.kind == "bold"]
    assert "".join(bold) == as_telegram_shows(sentence)


@settings(max_examples=300)
@given(ANY_TEXT)
@example("a\u200f\u200e\u200fb")
def test_the_normalisation_is_what_telegram_does_and_no_more(text: str) -> None:
    normalised = as_telegram_shows(text)
    if normalised:
        assert as_received(text, [])[0] == normalised


@settings(max_examples=200)
@given(ANY_TEXT)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = as_telegram_shows(text)
    assert as_telegram_shows(once) == once


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(TROUBLE, st.text(min_size=1, max_size=40)), min_size=1, max_size=20), st.integers(200, 900))
def test_a_quote_longer_than_a_message_arrives_whole_over_several(pieces: list[str], times: int) -> None:
    sentence = as_telegram_shows("".join(pieces) * times)
    assume(utf16(sentence) > MessageLimit.MAX_TEXT_LENGTH)
    sentence = sentence[:20_000]
    sent = sent_for(sentence)
    assert len(sent) > 1
    for call in sent:
        assert utf16(call.params["text"]) <= MessageLimit.MAX_TEXT_LENGTH
    joined = "".join(part for call in sent for part in quoted(call))
    assert joined.split() == sentence.split() or "".join(joined.split()) == "".join(sentence.split())


@settings(max_examples=200)
@given(ANY_TEXT, st.integers(1, 60))
def test_a_cut_tears_no_character_apart_and_always_gets_on(text: str, limit: int) -> None:
    assume(text)
    at = layout.border(text, limit)
    assert 1 <= at <= len(text)
    assert utf16(text[:at]) <= max(limit, utf16(text[0]))


@pytest.mark.parametrize("whole", ["🏳️‍🌈", "👍🏽", "e\u0301", "👩‍👩‍👧‍👦"])
def test_an_emoji_or_an_accented_letter_is_not_split_between_messages(whole: str) -> None:
    text = "x" * 20 + whole + "y"
    for limit in range(21, 20 + utf16(whole)):
        assert layout.border(text, limit) == 20


def test_a_long_quotation_is_split_between_sentences_first() -> None:
    spans = (Span("a" * 60 + " ", italic=True), Span("b" * 60, quote=SentenceId(1)), Span(" " + "c" * 60, italic=True))
    parts = layout.parts([Block(spans, quotation=True)], 130)
    assert [block.text for part in parts for block in part] == ["a" * 60 + " " + "b" * 60, " " + "c" * 60]


def test_no_call_uses_a_parse_mode_or_shows_a_link_preview() -> None:
    (call,) = sent_for("Is <this> & that?")
    assert "parse_mode" not in json.dumps(call.params)
    assert call.params["link_preview_options"] == {"is_disabled": True}


def test_every_kind_of_reply_is_one_call_of_its_method() -> None:
    content = Content((layout.line("text"),), ((Button("b", payload="1"),), (Button("u", url="https://a.example"),)))
    replies = {
        "sendMessage": Sent("k", 1, content, topic=7, reply_to=5),
        "editMessageText": Edit("k", 1, "earlier", content),
        "editMessageReplyMarkup": Buttons("k", 1, 9, content.keyboard),
        "deleteMessage": Delete("k", 1, "earlier"),
        "answerCallbackQuery": Toast("k", "q", "Saved."),
        "answerInlineQuery": InlineAnswer("k", "q", (), hint="Type", start="inline"),
        "sendChatAction": Typing("k", 1, 7),
    }
    for method, reply in replies.items():
        (call,) = calls(reply)
        assert (call.method, call.key, call.durable) == (method, "k", reply.durable)
        assert json.loads(json.dumps(call.params)) == call.params
    (sent,) = calls(replies["sendMessage"])
    assert sent.params["message_thread_id"] == 7
    assert sent.params["reply_parameters"] == {"message_id": 5, "allow_sending_without_reply": True}
    (edit,) = calls(replies["editMessageText"])
    assert edit.params["message_id"] == {"$sent": "earlier"}
    (buttons,) = calls(replies["editMessageReplyMarkup"])
    assert buttons.params["message_id"] == 9


def test_a_message_whose_entities_are_refused_keeps_its_words_and_buttons() -> None:
    (call,) = sent_for("A sentence.")
    without = plain(call)
    assert "entities" not in without.params
    assert {**without.params, "entities": call.params["entities"]} == call.params


def test_a_message_has_no_more_entities_than_telegram_takes() -> None:
    blocks = [Block((Span("x", bold=True, italic=True),)) for _ in range(90)]
    assert len(text_and_entities(blocks)[1]) == MessageLimit.MESSAGE_ENTITIES


def test_an_address_that_a_chat_cannot_open_is_no_link() -> None:
    library = ScriptedLibrary()
    said = Message("u1", PRIVATE, ANN, 5, "What does the charter say?")
    turn = conversation.respond(library, ChatState(), said, NOW, SETUP)
    assert "file:///" not in json.dumps([call.params for reply in turn.replies for call in calls(reply)])


def test_every_button_payload_fits() -> None:
    chat = Chat(-1_002_123_456_789, ChatKind.SUPERGROUP)
    olha = User(9_999_999_999, "Olha", "uk")
    library, setup = ScriptedLibrary(), Setup("pullquote_bot", 1, b"s", frozenset({olha.id}), frozenset({"alerts"}))
    state = ChatState()
    payloads = []
    for number, text in enumerate(
        ["/start", "/settings", "/forget", "/sources", "/remove lighthouse", "/ask Who is the king?"]
    ):
        for place in (chat, Chat(olha.id, ChatKind.PRIVATE)):
            said = Message(f"u{number}", place, olha, number, text, is_admin=True)
            turn = conversation.respond(library, state, said, NOW, setup)
            payloads += [button.payload for reply in turn.replies for row in reply.content.keyboard for button in row]
    assert len(payloads) > 40
    assert all(1 <= len(payload.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA for payload in payloads)


def test_a_pressed_message_is_named_by_its_real_id() -> None:
    library = ScriptedLibrary()
    said = Message("u1", PRIVATE, ANN, 5, "Who is the king?")
    first = conversation.respond(library, ChatState(), said, NOW, SETUP)
    payload = first.replies[0].content.keyboard[0][0].payload
    press = Press("u2", "q", ANN, payload, PRIVATE, 6)
    turn = conversation.respond(library, first.state, press, NOW, SETUP)
    assert [call.params.get("message_id") for reply in turn.replies for call in calls(reply)] == [6, None]
