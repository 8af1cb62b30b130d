"""The commands in Telegram's menus, in each language."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from bot.errors import ApiRefused, ApiUnreachable
from bot.outbox import Api
from bot.words import DEFAULT, LANGUAGES, commands

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


async def register(api: Api, admins: frozenset[int]) -> None:
    """Sets the menus for private chats, groups, and the librarians' own chats. What Telegram refuses is logged: a menu
    is not worth stopping for, and it is set again at the next start."""
    for lang in LANGUAGES:
        scopes = [
            ({"type": "default"}, commands(lang, alerts=True, proofs=True)),
            ({"type": "all_group_chats"}, commands(lang, shared=True, alerts=True, proofs=True)),
            *(
                ({"type": "chat", "chat_id": admin}, commands(lang, librarian=True, alerts=True, proofs=True))
                for admin in sorted(admins)
            ),
        ]
        for scope, menu in scopes:
            params = {
                "commands": [{"command": name, "description": description} for name, description in menu],
                "scope": scope,
                # English is what every other language sees, so it has no code.
                **({} if lang == DEFAULT else {"language_code": lang}),
            }
            await _set(api, params)


async def _set(api: Api, params: dict[str, Any]) -> None:
    """One menu, tried again for as long as the network or Telegram's servers fail."""
    pause = FIRST_PAUSE
    while True:
        try:
            await api.call("setMyCommands", params)
        except (ApiRefused, ApiUnreachable) as error:
            refused = isinstance(error, ApiRefused) and error.code != 429 and error.code < 500
            asked = error.retry_after or 0.0 if isinstance(error, ApiRefused) else 0.0
            log.info("a menu was not set", scope=params["scope"], error=str(error), again=not refused)
            if refused:
                return
            await asyncio.sleep(max(pause, asked))
            pause = min(LONGEST_PAUSE, pause * 2)
        else:
            return
