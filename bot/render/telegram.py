"""Replies into Bot API calls: text with entities whose offsets count UTF-16 units, never a parse mode.

Telegram changes what it is sent before anyone sees it. `as_telegram_shows` is that change, made here first, so that
offsets are those of the text as it will stand, and a quote reads exactly as this function of the
snapshot's sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from bot.reply import (
    Block,
    Button,
    Buttons,
    Content,
    Delete,
    Edit,
    InlineAnswer,
    InlineResult,
    Keyboard,
    Message,
    Reply,
    SentRef,
    Span,
    Toast,
    Typing,
    utf16,
)

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"

_TO_SPACE = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
_REMOVED = re.compile("[\r\u2028-\u202e\u030a\u0333\u033f]")
_MARKS = re.compile("[\u200e\u200f]+")
_TRIMMED = " \n"


@dataclass(frozen=True, slots=True)
class Call:
    """A Bot API method and its parameters, ready for JSON. An earlier message of the bot is named by its id, or by
    `{"$sent": key}`, the outbox key of the call that sent it. `durable`: it must arrive, however late."""

    key: str
    method: str
    params: dict[str, JSON]
    durable: bool = True


def as_telegram_shows(text: str) -> str:
    """What is left of a text in a message: the one normalisation between a snapshot and a chat.

    Control characters become spaces, except the line feed, which stays, and the carriage return, which goes; so do
    U+2028–U+202E (line separators and direction overrides) and three combining lines (U+030A, U+0333, U+033F); in a
    run of direction marks (U+200E, U+200F) all but the last become U+200C; spaces and line feeds at the ends go.
    Source: `clean_input_string` and `replace_offending_characters` in td/telegram/misc.cpp of TDLib, which the Bot API
    server is built on.
    """
    return _cleaned(text).strip(_TRIMMED)


def calls(reply: Reply) -> list[Call]:
    """The calls that bring about a reply, in order; their keys are unique as the reply's is."""
    match reply:
        case Message():
            return [Call(reply.key, "sendMessage", _message(reply))]
        case Edit():
            params = {**_target(reply.chat, reply.target), **_content(reply.content)}
            return [Call(reply.key, "editMessageText", params)]
        case Buttons():
            params = {**_target(reply.chat, reply.target), "reply_markup": _keyboard(reply.keyboard)}
            return [Call(reply.key, "editMessageReplyMarkup", params)]
        case Delete():
            return [Call(reply.key, "deleteMessage", _target(reply.chat, reply.target))]
        case Toast():
            return [Call(reply.key, "answerCallbackQuery", _toast(reply), durable=False)]
        case InlineAnswer():
            return [Call(reply.key, "answerInlineQuery", _inline(reply), durable=False)]
        case Typing():
            return [Call(reply.key, "sendChatAction", _typing(reply), durable=False)]


def plain(call: Call) -> Call:
    """The same call without entities, for a server that refuses one of them: better plain than lost."""
    return replace(call, params={name: value for name, value in call.params.items() if name != "entities"})


def text_and_entities(blocks: Iterable[Block]) -> tuple[str, list[JSON]]:
    """The text as Telegram will show it, and its entities in the order of their offsets, the outer ones first."""
    text = ""
    entities: list[JSON] = []
    for block in blocks:
        spans = shown(block)
        if not spans:
            continue
        if text:
            text += "\n\n" if block.gap else "\n"
        start = utf16(text)
        inner: list[JSON] = []
        for span in spans:
            inner += _styles(span, utf16(text))
            text += span.text
        if block.quotation:
            entities.append(_entity("blockquote", start, utf16(text) - start))
        entities += inner
    return text, _at_most(entities)


def shown(block: Block) -> list[Span]:
    """The spans of a block as they will stand: quotes trimmed at both ends, the block's own ends too; none if empty."""
    spans = [
        replace(span, text=as_telegram_shows(span.text) if span.quote is not None else _cleaned(span.text))
        for span in block.spans
    ]
    while spans and not spans[0].text.lstrip(_TRIMMED):
        spans.pop(0)
    while spans and not spans[-1].text.rstrip(_TRIMMED):
        spans.pop()
    if spans:
        spans[0] = replace(spans[0], text=spans[0].text.lstrip(_TRIMMED))
        spans[-1] = replace(spans[-1], text=spans[-1].text.rstrip(_TRIMMED))
    return [span for span in spans if span.text]


def _at_most(entities: list[JSON]) -> list[JSON]:
    from telegram.constants import MessageLimit

    return entities[: int(MessageLimit.MESSAGE_ENTITIES)]


def _cleaned(text: str) -> str:
    spaced = _TO_SPACE.sub(" ", text)
    kept = _REMOVED.sub("", spaced)
    return _MARKS.sub(lambda run: "\u200c" * (len(run[0]) - 1) + run[0][-1], kept)


def _styles(span: Span, offset: int) -> Iterator[JSON]:
    length = utf16(span.text)
    if span.link:
        yield {**_entity("text_link", offset, length), "url": span.link}
    if span.bold:
        yield _entity("bold", offset, length)
    if span.italic:
        yield _entity("italic", offset, length)


def _entity(kind: str, offset: int, length: int) -> dict[str, JSON]:
    return {"type": kind, "offset": offset, "length": length}


def _content(content: Content) -> dict[str, JSON]:
    text, entities = text_and_entities(content.blocks)
    params: dict[str, JSON] = {"text": text, "link_preview_options": {"is_disabled": True}}
    if entities:
        params["entities"] = entities
    if content.keyboard:
        params["reply_markup"] = _keyboard(content.keyboard)
    return params


def _message(message: Message) -> dict[str, JSON]:
    params: dict[str, JSON] = {"chat_id": message.chat, **_content(message.content)}
    if message.topic is not None:
        params["message_thread_id"] = message.topic
    if message.reply_to is not None:
        params["reply_parameters"] = {"message_id": _named(message.reply_to), "allow_sending_without_reply": True}
    return params


def _target(chat: int, target: SentRef) -> dict[str, JSON]:
    return {"chat_id": chat, "message_id": _named(target)}


def _named(target: SentRef) -> JSON:
    return target if isinstance(target, int) else {"$sent": target}


def _keyboard(keyboard: Keyboard) -> JSON:
    rows: list[JSON] = []
    for row in keyboard:
        buttons: list[JSON] = []
        for button in row:
            buttons.append({"text": _cleaned(button.label), **_action(button)})
        rows.append(buttons)
    return {"inline_keyboard": rows}


def _action(button: Button) -> dict[str, JSON]:
    if button.url and button.app:
        return {"web_app": {"url": button.url}}
    return {"url": button.url} if button.url else {"callback_data": button.payload}


def _toast(toast: Toast) -> dict[str, JSON]:
    from telegram.constants import CallbackQueryLimit

    params: dict[str, JSON] = {"callback_query_id": toast.query_id}
    if toast.text:
        params["text"] = toast.text[: int(CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH)]
        params["show_alert"] = toast.alert
    return params


def _inline(answer: InlineAnswer) -> dict[str, JSON]:
    # Personal: the answer depends on its asker's language and settings, which Telegram's cache knows nothing of.
    params: dict[str, JSON] = {
        "inline_query_id": answer.query_id,
        "results": [_result(result) for result in answer.results],
        "next_offset": answer.next_offset,
        "cache_time": answer.cache_seconds,
        "is_personal": True,
    }
    if answer.hint:
        params["button"] = {"text": answer.hint, "start_parameter": answer.start}
    return params


def _result(result: InlineResult) -> JSON:
    content = _content(result.content)
    text = content.pop("text")
    markup = content.pop("reply_markup", None)
    params: dict[str, JSON] = {
        "type": "article",
        "id": result.id,
        "title": _cleaned(result.title),
        "description": _cleaned(result.description),
        "input_message_content": {"message_text": text, **content},
    }
    if result.url:
        params["url"] = result.url
    if markup:
        params["reply_markup"] = markup
    return params


def _typing(typing: Typing) -> dict[str, JSON]:
    params: dict[str, JSON] = {"chat_id": typing.chat, "action": "typing"}
    if typing.topic is not None:
        params["message_thread_id"] = typing.topic
    return params
