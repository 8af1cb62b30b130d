"""The bot as a process: started, killed, stopped, and asked how it is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.fake_telegram.client import ROOT
from tests.fake_telegram.world import TOKEN

UNSET = ("PULLQUOTE_DATABASE_URL", "PULLQUOTE_ADMINS", "PULLQUOTE_FALSE_ANSWERS")
"""Settings of whoever runs the tests that the bots of the tests must not have."""
STOP_SECONDS = 10.0
"""A graceful stop takes no longer: issue C."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Bot:
    """One data folder and the processes that serve it, one after another."""

    data: Path
    api: str
    webhook: bool = False
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    public: str | None = None
    """Where Telegram is told to post, if that is not the process itself."""

    @property
    def log(self) -> Path:
        return self.data / "serve.log"

    def start(self) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if name not in UNSET},
            "PULLQUOTE_DATA": str(self.data),
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "PULLQUOTE_TELEGRAM_API": self.api,
            "PULLQUOTE_LISTEN": f"127.0.0.1:{self.port}",
            "PULLQUOTE_QUESTIONS_AT_ONCE": "1000",
            "PULLQUOTE_MESSAGES_PER_SECOND": "1000",
            "PULLQUOTE_MESSAGES_PER_SECOND_PER_CHAT": "1000",
            **self.settings,
        }
        command = [sys.executable, "-m", "bot", "serve"]
        if self.webhook:
            command += ["--webhook", f"{self.public or f'http://127.0.0.1:{self.port}'}/telegram"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log, stdout=log)

    def kill(self) -> None:
        """kill -9: nothing of it gets to say goodbye."""
        self._signal(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; returns the exit code. Raises TimeoutExpired when it takes more than STOP_SECONDS."""
        return self._signal(signal.SIGTERM)

    def wait(self, seconds: float = 60) -> int:
        """The exit code of a process that ends by itself."""
        assert self.process is not None
        return self.process.wait(seconds)

    def health(self) -> int:
        """The status of /healthz; 0 where nobody answers."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=30, trust_env=False).status_code
        except httpx.HTTPError:
            return 0

    def written(self) -> str:
        """Everything it ever logged."""
        return self.log.read_text("utf-8", "replace")

    def _signal(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(STOP_SECONDS)
        self.process = None
        return code
