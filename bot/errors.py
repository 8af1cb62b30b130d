"""Everything that the bot raises on purpose, beside `index.errors`; each text is one line, fit to be shown.

BotError
├── TokenMissing       no TELEGRAM_BOT_TOKEN
├── TokenRejected      Telegram does not know the token (any longer)
├── AnotherPoller      another process gets this bot's updates
├── AddressInUse       the web server's address is taken
├── ApiRefused         the Bot API said no: a code, a description, and sometimes what to do instead
├── ApiUnreachable     no answer from the Bot API: the call may have taken place or not
└── BackupError        a backup can't be written, or what is to be restored is none
"""

from __future__ import annotations

from index.errors import PullquoteError


class BotError(PullquoteError):
    """The base: its text is one line, fit to be shown."""


class TokenMissing(BotError):
    """There is no token to run a bot with."""


class TokenRejected(BotError):
    """Telegram does not know the token, or no longer."""


class AnotherPoller(BotError):
    """Another process asks Telegram for this bot's updates."""


class AddressInUse(BotError):
    """The address of the web server is taken."""


class ApiRefused(BotError):
    """The Bot API said no. `code` as in HTTP; `description` in its words; `retry_after` in seconds."""

    def __init__(
        self, code: int, description: str, retry_after: float | None = None, migrate_to: int | None = None
    ) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrate_to = migrate_to


class ApiUnreachable(BotError):
    """No answer came from the Bot API, or one that is not its own (a proxy's error page)."""


class BackupError(BotError):
    """A backup can't be written where it should be, or the file that is to be restored is none."""
