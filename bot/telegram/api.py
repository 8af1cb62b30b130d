"""Calls to the Bot API through python-telegram-bot, with the server's own codes and words left as they are.

python-telegram-bot turns answers into exceptions that say less (a 500 and a broken line are both NetworkError, a
BadRequest is a NetworkError too, a rejected token is quoted in the text); `_ExactRequest` catches each before that.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any

from telegram.error import TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest, RequestData
from telegram.warnings import PTBUserWarning

from bot.errors import ApiRefused, ApiUnreachable, TokenRejected
from bot.log import masked

POLL_SECONDS = 25
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 45.0
"""A server that needs longer has lost the call, as far as anyone can tell."""
CONNECTIONS = 64
UPDATE_KINDS = (
    "message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "inline_query",
    "my_chat_member",
)  # fmt: skip


class _Answered(TelegramError):
    """An answer that is not a success: its HTTP status and its body."""

    def __init__(self, code: int, payload: bytes) -> None:
        super().__init__(f"HTTP {code}")
        self.code = code
        self.payload = payload


class _ExactRequest(HTTPXRequest):
    """Raises what the server said, before python-telegram-bot makes something else of it."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = HTTPXRequest.DEFAULT_NONE,
        write_timeout: Any = HTTPXRequest.DEFAULT_NONE,
        connect_timeout: Any = HTTPXRequest.DEFAULT_NONE,
        pool_timeout: Any = HTTPXRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        code, payload = await super().do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        if code >= 300:
            raise _Answered(code, payload)
        return code, payload


class BotApi:
    """One bot's Bot API; an async context manager, inside of which it is open."""

    def __init__(self, token: str, address: str) -> None:
        # Methods are called by name, with the parameters that the outbox stored, not through their typed wrappers.
        warnings.filterwarnings("ignore", message="Please use 'Bot", category=PTBUserWarning)
        self._bot = ExtBot(
            token,
            base_url=f"{address}/bot",
            base_file_url=f"{address}/file/bot",
            request=_request(CONNECTIONS, ANSWER_SECONDS),
            get_updates_request=_request(2, POLL_SECONDS + ANSWER_SECONDS),
        )

    async def __aenter__(self) -> BotApi:
        """Opens the connections and asks who the bot is. Raises ApiRefused, ApiUnreachable, TokenRejected."""
        try:
            await self._bot.initialize()
        except TelegramError as error:
            raise _explained(error) from None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._bot.shutdown()

    @property
    def id(self) -> int:
        return self._bot.id

    @property
    def username(self) -> str:
        return self._bot.username

    async def call(self, method: str, params: dict[str, Any]) -> Any:
        """The `result` of a method, as JSON. Raises ApiRefused or ApiUnreachable."""
        try:
            return await self._bot.do_api_request(method, api_kwargs=params)
        except TelegramError as error:
            raise _explained(error) from None

    async def updates(self, offset: int) -> list[dict[str, Any]]:
        """Updates from `offset` on, in order; what came before it is acknowledged. Waits for POLL_SECONDS."""
        params = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": list(UPDATE_KINDS)}
        found: list[dict[str, Any]] = await self.call("getUpdates", params)
        return found

    async def download(self, file_id: str, folder: Path, name: str) -> Path:
        """A file that was sent to the bot, under its own name in `folder`. Raises ApiRefused or ApiUnreachable."""
        try:
            file = await self._bot.get_file(file_id)
            return await file.download_to_drive(folder / (Path(name).name or "file"))
        except TelegramError as error:
            raise _explained(error) from None


def _request(connections: int, seconds: float) -> _ExactRequest:
    return _ExactRequest(
        connection_pool_size=connections,
        read_timeout=seconds,
        write_timeout=ANSWER_SECONDS,
        connect_timeout=CONNECT_SECONDS,
        pool_timeout=ANSWER_SECONDS,
    )


def _explained(error: TelegramError) -> ApiRefused | ApiUnreachable:
    """What happened, in this program's terms, with no token in it."""
    if not isinstance(error, _Answered):
        return ApiUnreachable(masked(f"{type(error).__name__}: {error}"))
    try:
        body = json.loads(error.payload)
        description = str(body["description"])
    except (ValueError, KeyError, TypeError):
        return ApiUnreachable(f"HTTP {error.code} that is not the Bot API's own")
    parameters = body.get("parameters") or {}
    return ApiRefused(
        error.code, masked(description), parameters.get("retry_after"), parameters.get("migrate_to_chat_id")
    )


def rejected(error: ApiRefused) -> TokenRejected | None:
    """The error to stop with when the token is not accepted, or None. 404 is what a malformed token gets."""
    if error.code not in (401, 404):
        return None
    return TokenRejected(
        "Telegram does not accept the bot's token. Copy it again from @BotFather (/mybots, API Token) "
        "into TELEGRAM_BOT_TOKEN."
    )
