"""Settings of the bot, beside those of the library: from the environment or `pullquote.toml`, the environment first."""

from __future__ import annotations

from pydantic import AliasChoices, Field, SecretStr, field_validator

from index.settings import LibrarySettings


class BotSettings(LibrarySettings):
    """What the bot needs to know. The token is a secret: it is never printed."""

    telegram_bot_token: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("TELEGRAM_BOT_TOKEN", "telegram_bot_token"),
        description="The bot's token, from @BotFather.",
    )
    telegram_api: str = Field("https://api.telegram.org", description="The Bot API server.")
    admins: str = Field("", description="User ids that may add and remove articles, commas between.")
    listen: str = Field(
        "127.0.0.1:8080", description="host:port for the webhook, /healthz and /metrics; empty turns them off."
    )
    questions_at_once: int = Field(10, ge=1, description="Questions that one person may ask in a row.")
    questions_per_minute: int = Field(
        20, ge=1, description="Questions a minute that one person may ask in the long run."
    )
    watches: int = Field(10_000, ge=0, description="Standing questions that all chats together may leave.")
    watches_per_chat: int = Field(20, ge=0, description="Standing questions that one chat may leave.")
    public_url: str | None = Field(
        None, description="The address at which PULLQUOTE_LISTEN is reached from outside, for links to pages of quotes."
    )
    correction_days: float = Field(
        30, ge=0, description="Days for which a chat is told when what it was quoted has changed; 0 tells nobody."
    )
    messages_per_second: float = Field(30, gt=0, description="The most messages a second, to all chats together.")
    messages_per_second_per_chat: float = Field(1, gt=0, description="The most messages a second to one chat.")
    keep_updates: float = Field(
        8, ge=2, description="Days for which the ids of processed updates are kept; Telegram repeats one for a day."
    )
    keep_sent: float = Field(
        90, gt=0, description="Days for which it is kept which message was sent where; buttons under older ones rest."
    )
    keep_shown: float | None = Field(
        None, gt=0, description="Days for which it is kept which quote was shown where; for ever when not set."
    )

    @field_validator("admins")
    @classmethod
    def _admins_are_ids(cls, value: str) -> str:
        for part in value.replace(",", " ").split():
            if not part.isascii() or not part.isdigit():
                raise ValueError(f"{part!r} is not a Telegram user id (a number; @userinfobot tells yours)")
        return value

    @field_validator("telegram_api")
    @classmethod
    def _api_is_an_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("it must start with https:// (or http://)")
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _public_url_is_an_address(cls, value: str | None) -> str | None:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("it must start with https:// (or http://)")
        return value.rstrip("/") if value else None

    @field_validator("listen")
    @classmethod
    def _listen_has_a_port(cls, value: str) -> str:
        if value and not value.rpartition(":")[2].isdigit():
            raise ValueError("it must be host:port, such as 127.0.0.1:8080")
        return value

    @property
    def admin_ids(self) -> frozenset[int]:
        return frozenset(int(part) for part in self.admins.replace(",", " ").split())

    @property
    def listen_address(self) -> tuple[str, int] | None:
        """Host and port, or None where nothing is listened to."""
        if not self.listen:
            return None
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]") or "127.0.0.1", int(port)
