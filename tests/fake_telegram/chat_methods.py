"""The Bot API's other methods: who is who, queries, commands, files."""

from __future__ import annotations

from typing import Any

from telegram.constants import InlineQueryLimit

from tests.fake_telegram import markup, text
from tests.fake_telegram.access import chat_named
from tests.fake_telegram.errors import bad_request
from tests.fake_telegram.methods import Method
from tests.fake_telegram.world import ADMINISTRATORS, ANONYMOUS_ADMIN, BOT_ID, Chat, Json, Query, World

LARGEST_DOWNLOAD = 20 * 1024 * 1024
MOST_RESULTS = InlineQueryLimit.RESULTS


def get_me(world: World, params: Json) -> Json:
    return world.bot()


def get_chat(world: World, params: Json) -> Json:
    chat = chat_named(world, params.get("chat_id"))
    body = {**chat.json(), "accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": {}}
    if chat.linked is not None:
        body["linked_chat_id"] = chat.linked
    return body


def get_chat_member(world: World, params: Json) -> Json:
    chat = chat_named(world, params.get("chat_id"))
    user_id = int(params.get("user_id") or 0)
    if user_id != BOT_ID and user_id not in world.users:
        raise bad_request("invalid user_id specified" if user_id <= 0 else "user not found")
    return _member(world, chat, user_id)


def get_chat_administrators(world: World, params: Json) -> list[Json]:
    chat = chat_named(world, params.get("chat_id"))
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    return [_member(world, chat, user) for user, status in chat.members.items() if status in ADMINISTRATORS]


def _member(world: World, chat: Chat, user_id: int) -> Json:
    user = world.bot_user() if user_id == BOT_ID else world.users[user_id].json()
    status = chat.members.get(user_id, "left")
    body: Json = {"user": user, "status": status}
    if status in ADMINISTRATORS:
        body["is_anonymous"] = False
    return body


def answer_callback_query(world: World, params: Json) -> bool:
    query = _query(world, params.get("callback_query_id"))
    if len(str(params.get("text", ""))) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer = {"text": params.get("text", ""), "show_alert": bool(params.get("show_alert"))}
    return True


def answer_inline_query(world: World, params: Json) -> bool:
    results = params.get("results") or []
    if not isinstance(results, list):
        raise bad_request("expected an Array of inline query results")
    if len(results) > MOST_RESULTS:
        raise bad_request("too many inline query results specified")
    ids = [str(result.get("id", "")) for result in results]
    if any(not 1 <= len(id.encode()) <= 64 for id in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) != len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(str(params.get("next_offset", "")).encode()) > InlineQueryLimit.MAX_OFFSET_LENGTH:
        raise bad_request("NEXT_OFFSET_INVALID")
    checked = [_result(result) for result in results]
    query = _query(world, params.get("inline_query_id"))
    query.answer = {**params, "results": checked}
    return True


def _result(result: Json) -> Json:
    if result.get("type") == "article" and not result.get("title"):
        raise bad_request('can\'t parse inline query result: Field "title" must be of type String')
    content = result.get("input_message_content")
    if not isinstance(content, dict) or not content.get("message_text"):
        raise bad_request("can't parse inline query result: Message text is empty")
    clean, entities = text.clean(content["message_text"], content.get("entities") or [])
    markup.checked(result.get("reply_markup"))
    return {**result, "input_message_content": {**content, "message_text": clean, "entities": entities}}


def _query(world: World, query_id: Any) -> Query:
    query = world.queries.get(str(query_id))
    if query is None or query.expired:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return query


def set_my_commands(world: World, params: Json) -> bool:
    commands = params.get("commands") or []
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        name, description = str(command.get("command", "")), str(command.get("description", ""))
        if not 1 <= len(name) <= 32 or not name.replace("_", "a").isalnum() or name != name.lower():
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    scope = (params.get("scope") or {}).get("type", "default")
    world.commands[f"{scope}:{params.get('language_code') or ''}"] = commands
    return True


def get_my_commands(world: World, params: Json) -> list[Json]:
    scope = (params.get("scope") or {}).get("type", "default")
    return world.commands.get(f"{scope}:{params.get('language_code') or ''}", [])


def get_file(world: World, params: Json) -> Json:
    file = world.files.get(str(params.get("file_id")))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    file_id = str(params["file_id"])
    return {
        "file_id": file_id,
        "file_unique_id": f"u{file_id}",
        "file_size": len(file.content),
        "file_path": f"documents/{file_id}",
    }


def leave_chat(world: World, params: Json) -> bool:
    chat_named(world, params.get("chat_id")).members[BOT_ID] = "left"
    return True


def anonymous(user_id: int) -> bool:
    return user_id == ANONYMOUS_ADMIN["id"]


METHODS: dict[str, Method] = {
    "getme": get_me,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "getchatadministrators": get_chat_administrators,
    "answercallbackquery": answer_callback_query,
    "answerinlinequery": answer_inline_query,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "getfile": get_file,
    "leavechat": leave_chat,
}
