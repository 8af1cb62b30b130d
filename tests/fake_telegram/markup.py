"""How Telegram checks an inline keyboard (td/telegram/ReplyMarkup.cpp, and the server's codes in capitals)."""

from __future__ import annotations

import re
from typing import Any

from telegram.constants import InlineKeyboardButtonLimit

from tests.fake_telegram.errors import bad_request

MOST_BUTTONS = 100


def checked(markup: Any) -> dict[str, Any] | None:
    """The keyboard as it is stored, or None for an empty one."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("Object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list):
        raise bad_request("Inline keyboard expected")
    kept = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, kept)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: Inline keyboard button must be an Object")
    if not str(button.get("text", "")).strip():
        raise bad_request("Inline keyboard button text must be non-empty")
    if "callback_data" in button:
        size = len(str(button["callback_data"]).encode())
        if not InlineKeyboardButtonLimit.MIN_CALLBACK_DATA <= size <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
    elif "url" in button:
        if not re.match(r"(https?|tg)://[^\s/]+", str(button["url"]), re.IGNORECASE):
            raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    elif "switch_inline_query" not in button and "switch_inline_query_current_chat" not in button:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    return dict(button)
