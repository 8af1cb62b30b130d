"""What people do in chats, and which of it the bot gets to see."""

from __future__ import annotations

import re
import time
from typing import Any

from tests.fake_telegram import text as texts
from tests.fake_telegram.errors import bad_request
from tests.fake_telegram.methods import document_json
from tests.fake_telegram.updates import Updates
from tests.fake_telegram.world import (
    ADMINISTRATORS,
    ANONYMOUS_ADMIN,
    BOT_ID,
    BOT_USERNAME,
    CHANNEL_WRITER,
    TELEGRAM,
    Chat,
    File,
    Json,
    Query,
    Topic,
    World,
    from_bot,
)


def say(world: World, updates: Updates, act: Json) -> Json:
    """A person writes `text` in `chat` (`user`; `written_as`: "anonymous", or the id of a channel; `reply_to`, `topic`,
    `document`, `via_bot`, `forwarded`). Returns the message."""
    chat = world.chats[act["chat"]]
    if chat.type == "channel":
        return _post(world, updates, chat, act)
    message = world.add(chat, {**_author(world, chat, act), **_place(chat, act), **_content(world, act)})
    if chat.type == "private":
        chat.members.setdefault(BOT_ID, "member")
    if _reaches_bot(world, chat, message):
        updates.add("message", message)
    return message


def _post(world: World, updates: Updates, chat: Chat, act: Json) -> Json:
    post = world.add(chat, {"sender_chat": chat.json(), **_place(chat, act), **_content(world, act)})
    if chat.bot_status in ADMINISTRATORS:
        updates.add("channel_post", post)
    if chat.linked is not None:
        group = world.chats[chat.linked]
        copy = world.add(group, {
            "from": TELEGRAM, "sender_chat": chat.json(), "is_automatic_forward": True, **_content(world, act),
            "forward_origin": {"type": "channel", "chat": chat.json(), "message_id": post["message_id"], "date": 0},
        })  # fmt: skip
        if _reaches_bot(world, group, copy):
            updates.add("message", copy)
    return post


def _author(world: World, chat: Chat, act: Json) -> Json:
    written_as = act.get("written_as")
    if written_as == "anonymous":
        return {"from": ANONYMOUS_ADMIN, "sender_chat": chat.json()}
    if written_as is not None:
        return {"from": CHANNEL_WRITER, "sender_chat": world.chats[int(written_as)].json()}
    return {"from": world.users[act["user"]].json()}


def _place(chat: Chat, act: Json) -> Json:
    body: Json = {}
    if act.get("topic"):
        body |= {"message_thread_id": act["topic"], "is_topic_message": True}
    if act.get("reply_to"):
        replied = chat.messages[act["reply_to"]]
        body["reply_to_message"] = {name: value for name, value in replied.items() if name != "reply_to_message"}
    return body


def _content(world: World, act: Json) -> Json:
    body: Json = {}
    if act.get("via_bot"):
        body["via_bot"] = world.bot_user()
    if act.get("forwarded"):
        body["forward_origin"] = {"type": "hidden_user", "sender_user_name": "Someone", "date": 0}
    if "document" in act:
        file_id = f"file{world.new_id()}"
        world.files[file_id] = File(act["document"]["name"], bytes.fromhex(act["document"]["hex"]))
        return {**body, "document": document_json(world, file_id), "caption": act.get("text", "")}
    if "text" not in act:
        return {**body, "sticker": {"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1, "type": "regular"}}
    entities = texts.found(act["text"]) + act.get("entities", [])
    return {**body, "text": act["text"], **({"entities": entities} if entities else {})}


def _reaches_bot(world: World, chat: Chat, message: Json) -> bool:
    """Privacy mode (core.telegram.org/bots/features#privacy-mode): in groups a bot sees commands, mentions of it, and
    replies to it, unless it is an administrator or the mode is off."""
    if chat.bot_status not in ("member", "restricted", *ADMINISTRATORS):
        return False
    if chat.type == "private" or not world.privacy or chat.bot_status in ADMINISTRATORS:
        return True
    text = message.get("text") or message.get("caption") or ""
    named = re.match(r"/\w+@(\w+)", text)
    if named and named[1].lower() != BOT_USERNAME:
        return False
    if text.startswith("/") or f"@{BOT_USERNAME}" in text.lower() or message.get("via_bot"):
        return True
    return from_bot(message.get("reply_to_message", {}))


def edit(world: World, updates: Updates, act: Json) -> Json:
    """A person changes their message (`chat`, `message_id`, `text`)."""
    chat = world.chats[act["chat"]]
    message = chat.messages[act["message_id"]]
    message.pop("entities", None)
    message.update(_content(world, act), edit_date=int(time.time()))
    if chat.type == "channel":
        updates.add("edited_channel_post", message)
    elif _reaches_bot(world, chat, message):
        updates.add("edited_message", message)
    return message


def press(world: World, updates: Updates, act: Json) -> Json:
    """A person presses a button (`chat`, `message_id`, `user`, `label` or `data`; `inaccessible`: a very old one)."""
    chat = world.chats[act["chat"]]
    message = chat.messages.get(act["message_id"])
    data = act.get("data") or _data_of(message, act["label"])
    if message is None or act.get("inaccessible"):
        message = {"chat": chat.json(), "message_id": act["message_id"], "date": 0}
    query_id = str(10_000 + world.new_id())
    world.queries[query_id] = Query(act["user"])
    body = {"id": query_id, "from": world.users[act["user"]].json(), "message": message, "data": data}
    updates.add("callback_query", {**body, "chat_instance": str(chat.id)})
    return {"query": query_id}


def _data_of(message: Json | None, label: str) -> str:
    rows = (message or {}).get("reply_markup", {}).get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        if label in button["text"] and "callback_data" in button:
            return str(button["callback_data"])
    raise bad_request(f"no button named {label}")


def ask_inline(world: World, updates: Updates, act: Json) -> Json:
    """A person types `@bot query` (`user`, `query`, `offset`)."""
    query_id = str(20_000 + world.new_id())
    world.queries[query_id] = Query(act["user"])
    body = {"id": query_id, "from": world.users[act["user"]].json(), "query": act["query"]}
    updates.add("inline_query", {**body, "offset": act.get("offset", ""), "chat_type": "sender"})
    return {"query": query_id}


def set_member(world: World, updates: Updates, act: Json) -> Json:
    """Someone's standing changes (`chat`, `user` or "bot", `status`, `by`): joined, left, kicked, promoted; a private
    chat's bot "kicked" is one that was blocked."""
    chat = world.chats[act["chat"]]
    user = BOT_ID if act["user"] == "bot" else act["user"]
    before, after = chat.members.get(user, "left"), act["status"]
    chat.members[user] = after
    if user == BOT_ID:
        who = world.bot_user()
        body = {"chat": chat.json(), "from": world.users[act["by"]].json(), "date": int(time.time())}
        standing = {
            "old_chat_member": {"user": who, "status": before},
            "new_chat_member": {"user": who, "status": after},
        }
        updates.add("my_chat_member", body | standing)
    return {"before": before, "after": after}


def migrate(world: World, updates: Updates, act: Json) -> Json:
    """The group `chat` becomes the supergroup `to`."""
    old = world.chats[act["chat"]]
    new = Chat(act["to"], "supergroup", old.title, members=dict(old.members))
    world.chats[new.id] = new
    old.migrated_to = new.id
    author = {"from": ANONYMOUS_ADMIN}
    if not act.get("silent"):
        updates.add("message", world.add(old, {**author, "migrate_to_chat_id": new.id}))
        updates.add("message", world.add(new, {**author, "migrate_from_chat_id": old.id}))
    return new.json()


def set_topic(world: World, updates: Updates, act: Json) -> Json:
    """A topic of the forum `chat` is opened (`name`), or the topic `topic` is "closed", "reopened" or "deleted"."""
    chat = world.chats[act["chat"]]
    if "name" in act:
        body = {"from": world.users[act["user"]].json(), "forum_topic_created": {"name": act["name"], "icon_color": 1}}
        message = world.add(chat, body)
        topic = message["message_id"]
        message |= {"message_thread_id": topic, "is_topic_message": True}
        chat.messages[topic] = message
        chat.topics[topic] = Topic(act["name"])
        updates.add("message", message)
        return {"topic": topic}
    if act["state"] == "deleted":
        del chat.topics[act["topic"]]
    else:
        chat.topics[act["topic"]].closed = act["state"] == "closed"
    return {}


def expire(world: World, updates: Updates, act: Json) -> Json:
    """The query `query` is too old to be answered."""
    world.queries[act["query"]].expired = True
    return {}


ACTS: dict[str, Any] = {
    "say": say,
    "edit": edit,
    "press": press,
    "ask_inline": ask_inline,
    "set_member": set_member,
    "migrate": migrate,
    "set_topic": set_topic,
    "expire": expire,
}
