"""The commands in Telegram's menus, in each language."""

from __future__ import annotations

import structlog

from bot.errors import ApiRefused, ApiUnreachable
from bot.outbox import Api
from bot.words import DEFAULT, LANGUAGES, commands

log = structlog.get_logger()


async def register(api: Api, admins: frozenset[int]) -> None:
    """Sets the menus for private chats, groups, and the librarians' own chats. What fails is logged: a menu is not
    worth stopping for, and it is set again at the next start."""
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
            try:
                await api.call("setMyCommands", params)
            except (ApiRefused, ApiUnreachable) as error:
                log.info("a menu was not set", scope=scope, lang=lang, error=str(error))
