"""The Bot API's methods on messages. Each takes the world and the call's parameters and gives the `result`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.fake_telegram import markup, text
from tests.fake_telegram.access import chat_named, own_message, topic_in, writable
from tests.fake_telegram.errors import bad_request
from tests.fake_telegram.world import ADMINISTRATORS, Chat, File, Json, World, from_bot

Method = Callable[[World, Json], Any]


def send_message(world: World, params: Json) -> Json:
    if not params.get("text"):
        raise bad_request("message text is empty")
    chat = writable(world, params.get("chat_id"))
    topic = topic_in(chat, params.get("message_thread_id"))
    replied = _replied(chat, params.get("reply_parameters") or _old_reply(params))
    clean, entities = _text(params)
    message: Json = {"text": clean}
    if entities:
        message["entities"] = entities
    return _sent(world, chat, topic, replied, {**message, **_keyboard(params)})


def send_document(world: World, params: Json) -> Json:
    chat = writable(world, params.get("chat_id"))
    topic = topic_in(chat, params.get("message_thread_id"))
    document = params.get("document")
    if isinstance(document, File):
        file_id = f"file{world.new_id()}"
        world.files[file_id] = document
    elif document in world.files:
        file_id = str(document)
    else:
        raise bad_request("wrong file identifier/HTTP URL specified")
    body: Json = {"document": document_json(world, file_id), **_keyboard(params)}
    if params.get("caption"):
        body["caption"] = text.clean(str(params["caption"]), params.get("caption_entities") or [])[0]
    return _sent(world, chat, topic, _replied(chat, params.get("reply_parameters")), body)


def document_json(world: World, file_id: str) -> Json:
    file = world.files[file_id]
    return {
        "file_id": file_id,
        "file_unique_id": f"u{file_id}",
        "file_name": file.name,
        "file_size": len(file.content),
        "mime_type": "application/octet-stream",
    }


def edit_message_text(world: World, params: Json) -> Json | bool:
    if not params.get("text"):
        raise bad_request("message text is empty")
    clean, entities = _text(params)
    if params.get("inline_message_id"):
        return True
    message = own_message(_editable(world, params), params.get("message_id"), "message to edit")
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    changed = {"text": clean, **({"entities": entities} if entities else {}), **_keyboard(params)}
    return _edited(message, changed, ("text", "entities", "reply_markup"))


def edit_message_reply_markup(world: World, params: Json) -> Json | bool:
    keyboard = _keyboard(params)
    if params.get("inline_message_id"):
        return True
    message = own_message(_editable(world, params), params.get("message_id"), "message to edit")
    return _edited(message, keyboard, ("reply_markup",))


def delete_message(world: World, params: Json) -> bool:
    chat = _editable(world, params)
    message = chat.messages.get(int(params.get("message_id") or 0))
    if message is not None and not from_bot(message) and chat.bot_status in ADMINISTRATORS:
        del chat.messages[message["message_id"]]
        return True
    own_message(chat, params.get("message_id"), "message to delete")
    del chat.messages[int(params["message_id"])]
    return True


def send_chat_action(world: World, params: Json) -> bool:
    chat = writable(world, params.get("chat_id"))
    if params.get("action") not in ("typing", "upload_document", "find_location"):
        raise bad_request("wrong parameter action in request")
    topic_in(chat, params.get("message_thread_id"))
    return True


def _editable(world: World, params: Json) -> Chat:
    """Blocked and left chats refuse edits too; a chat that merely muted the bot does not."""
    chat = chat_named(world, params.get("chat_id"))
    return chat if chat.bot_status in ("member", *ADMINISTRATORS) and not chat.migrated_to else writable(world, chat.id)


def _text(params: Json) -> tuple[str, list[Json]]:
    if params.get("parse_mode"):
        raise bad_request("unsupported parse_mode")
    return text.clean(str(params["text"]), params.get("entities") or [])


def _keyboard(params: Json) -> Json:
    keyboard = markup.checked(params.get("reply_markup"))
    return {"reply_markup": keyboard} if keyboard else {}


def _old_reply(params: Json) -> Json | None:
    if not params.get("reply_to_message_id"):
        return None
    return {
        "message_id": int(params["reply_to_message_id"]),
        "allow_sending_without_reply": params.get("allow_sending_without_reply", False),
    }


def _replied(chat: Chat, reply: Json | None) -> Json | None:
    if not reply:
        return None
    if not isinstance(reply, dict) or not isinstance(reply.get("message_id"), int):
        raise bad_request("can't parse reply parameters JSON object")
    found = chat.messages.get(reply["message_id"])
    if found is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return found


def _sent(world: World, chat: Chat, topic: int | None, replied: Json | None, body: Json) -> Json:
    author: Json = {"from": world.bot_user()}
    if chat.type == "channel":
        author = {"sender_chat": chat.json(), "by_bot": True}
    if topic is None and replied is not None and replied.get("is_topic_message"):
        topic = replied["message_thread_id"]
    thread: Json = {"message_thread_id": topic, "is_topic_message": True} if topic else {}
    reply: Json = {}
    if replied is not None:
        reply["reply_to_message"] = {name: value for name, value in replied.items() if name != "reply_to_message"}
    return world.add(chat, {**author, **thread, **reply, **body})


def _edited(message: Json, changed: Json, names: tuple[str, ...]) -> Json:
    if all(message.get(name) == changed.get(name) for name in names):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    for name in names:
        message.pop(name, None)
    message.update(changed)
    message["edit_date"] = int(time.time())
    message["edits"] = message.get("edits", 0) + 1
    return message


METHODS: dict[str, Method] = {
    "sendmessage": send_message,
    "senddocument": send_document,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "sendchataction": send_chat_action,
}
