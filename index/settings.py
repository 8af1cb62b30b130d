"""Settings of the library: from the environment (PULLQUOTE_…) or `pullquote.toml`, the environment first."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Self

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.errors import SettingsError

SETTINGS_FILE = "pullquote.toml"


def default_models() -> Path:
    """Prepared models live with the environment that prepared them, or in the user's cache outside of one."""
    if sys.prefix != sys.base_prefix:
        return Path(sys.prefix) / "share" / "pullquote" / "models"
    return user_cache_path("pullquote") / "models"


class LibrarySettings(BaseSettings):
    """What the library needs to know. `bot.settings.BotSettings` adds what the bot needs."""

    model_config = SettingsConfigDict(
        env_prefix="PULLQUOTE_", toml_file=SETTINGS_FILE, extra="ignore", env_ignore_empty=True
    )

    data: Path = Field(default_factory=lambda: user_data_path("pullquote"), description="The data folder.")
    database_url: str | None = Field(None, description="PostgreSQL in place of the folder's SQLite.")
    models: Path = Field(default_factory=default_models, description="Where prepared models are kept.")
    model: str = Field(
        "multilingual-e5-small",
        description="The encoder: multilingual-e5-small, all-MiniLM-L6-v2, a hub name or a folder.",
    )
    cross_encoder: str = Field("auto", description="The cross-encoder: auto, off, a hub name or a folder.")
    false_answers: float = Field(
        0.05, ge=0.001, le=0.5, description="The accepted share of false answers: 0.01, 0.05 or 0.10."
    )
    allow_hosts: str = Field(
        "", description="Hosts that may be on a private network: host or host:port, commas between."
    )
    contact: str | None = Field(None, description="An address put into the User-Agent, for those who run the sources.")
    fetch_delay: float = Field(1.0, ge=0, le=60, description="Seconds between two requests to one host.")
    threads: int = Field(0, ge=0, description="Threads for embedding in batches; 0 takes every core.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @classmethod
    def load(cls, **given: Any) -> Self:
        """Reads the settings; raises SettingsError naming the first one that can't be used."""
        try:
            return cls(**given)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise SettingsError(f"The setting {name} can't be used: {first['msg']}.") from None
        except ValueError as error:
            raise SettingsError(f"{SETTINGS_FILE} can't be read: {error}.") from None
