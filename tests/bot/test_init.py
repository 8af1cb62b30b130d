"""`pullquote init`: the token is tried before anything is written, and what the file said stays."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import BotSettings
from tests.bot.test_cli import refuses
from tests.fake_telegram.client import ROOT, running
from tests.fake_telegram.world import TOKEN

WRONG_TOKEN = "999999:AAFakeTokenThatNobodyKnows-0123456789abc"


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    with running() as url:
        yield url


def init(folder: Path, api: str, *args: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PULLQUOTE", "TELEGRAM"))}
    environment |= {"PULLQUOTE_TELEGRAM_API": api, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "init", *args]
    return subprocess.run(
        command, cwd=folder, env=environment, input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_token_that_telegram_knows_is_written_for_its_owner_alone_and_the_next_step_is_told(
    tmp_path: Path, api: str
) -> None:
    done = init(tmp_path, api, "--token", TOKEN, "--admins", "7, 8", "--data", "here")
    assert done.returncode == 0, done.stderr
    file = tmp_path / "pullquote.toml"
    assert tomllib.loads(file.read_text()) == {"telegram_bot_token": TOKEN, "admins": "7, 8", "data": "here"}
    assert file.stat().st_mode & 0o777 == 0o600
    assert "@pullquote_test_bot" in done.stdout
    assert "pullquote serve" in done.stdout
    assert TOKEN not in done.stdout + done.stderr


def test_what_it_writes_is_what_the_bot_reads(tmp_path: Path, api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert init(tmp_path, api, "--admins", "7", stdin=f"{TOKEN}\n").returncode == 0
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)
    settings = BotSettings.load()
    assert settings.telegram_bot_token is not None
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    assert settings.admin_ids == {7}


def test_what_the_file_said_is_kept_comments_and_tables_too(tmp_path: Path, api: str) -> None:
    file = tmp_path / "pullquote.toml"
    file.write_text('# mine\ndata = "d"  # here\ntelegram_bot_token = "1:old"\n\n[other]\nadmins = "not ours"\n')
    assert init(tmp_path, api, "--token", TOKEN, "--admins", "7").returncode == 0
    assert file.read_text().startswith('# mine\ndata = "d"  # here\ntelegram_bot_token = "' + TOKEN)
    said = tomllib.loads(file.read_text())
    assert said["admins"] == "7"
    assert said["other"] == {"admins": "not ours"}


def test_on_a_terminal_it_asks_shows_no_token_and_writes_for_its_owner_alone(tmp_path: Path, api: str) -> None:
    import pty

    mine, its = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PULLQUOTE", "TELEGRAM"))}
    environment |= {"PULLQUOTE_TELEGRAM_API": api, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    command = [sys.executable, "-m", "bot", "init"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdin=its, stdout=its, stderr=its) as asking:
        os.close(its)
        shown = answered(mine, "The token", TOKEN) + answered(mine, "user id", "7")
        shown += rest_of(mine)
        assert asking.wait(60) == 0, shown
    assert "@BotFather" in shown
    assert "@pullquote_test_bot" in shown
    assert "pullquote serve" in shown
    assert TOKEN not in shown
    file = tmp_path / "pullquote.toml"
    assert tomllib.loads(file.read_text()) == {"telegram_bot_token": TOKEN, "admins": "7"}
    assert file.stat().st_mode & 0o777 == 0o600


def answered(terminal: int, prompt: str, answer: str) -> str:
    """What was shown until the prompt stood there; then the answer is typed.

    The blank after the colon comes last: what is typed before it is thrown away, as the echo is turned off.
    """
    shown = ""
    while prompt not in shown or not shown.endswith(": "):
        assert select.select([terminal], [], [], 60)[0], shown
        shown += os.read(terminal, 4096).decode()
    os.write(terminal, f"{answer}\n".encode())
    return shown


def rest_of(terminal: int) -> str:
    shown = ""
    try:
        while part := os.read(terminal, 4096):
            shown += part.decode()
    except OSError:  # The other side has gone: what Linux says at the end of a terminal.
        pass
    return shown


def test_serve_without_a_token_says_what_to_type(tmp_path: Path, api: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PULLQUOTE", "TELEGRAM"))}
    environment |= {"PULLQUOTE_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "serve"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    refuses(done, "no bot token", "@BotFather", "pullquote init", "TELEGRAM_BOT_TOKEN=")
    assert not list(tmp_path.iterdir())


def test_a_token_in_the_file_of_the_folder_is_all_that_serve_needs(tmp_path: Path, api: str) -> None:
    assert init(tmp_path, api, "--token", TOKEN, "--data", "here").returncode == 0
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PULLQUOTE", "TELEGRAM"))}
    environment |= {"PULLQUOTE_TELEGRAM_API": api, "PYTHONPATH": str(ROOT), "PULLQUOTE_LISTEN": ""}
    command = [sys.executable, "-m", "bot", "serve"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as bot:
        assert bot.stderr is not None
        assert any('"event": "serving"' in line for line in bot.stderr)
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(20) == 0
    assert (tmp_path / "here" / "chats.db").exists()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--token", WRONG_TOKEN), ("@BotFather",)),
        (("--token", "hunter2"), ("no bot token",)),
        ((), ("no token", "--token")),
        (("--token", TOKEN, "--admins", "ada"), ("ada", "user id")),
    ],
)
def test_what_cannot_be_a_token_or_an_admin_writes_nothing(
    tmp_path: Path, api: str, args: tuple[str, ...], words: tuple[str, ...]
) -> None:
    refuses(init(tmp_path, api, *args), *words)
    assert not list(tmp_path.iterdir())


def test_a_telegram_that_is_down_writes_nothing(tmp_path: Path) -> None:
    refuses(init(tmp_path, "http://127.0.0.1:9", "--token", TOKEN), "http://127.0.0.1:9", "can't be reached")
    assert not list(tmp_path.iterdir())


def test_a_settings_file_that_is_no_toml_is_left_as_it_is(tmp_path: Path, api: str) -> None:
    (tmp_path / "pullquote.toml").write_text("data = \n")
    refuses(init(tmp_path, api, "--token", TOKEN), "pullquote.toml")
    assert (tmp_path / "pullquote.toml").read_text() == "data = \n"


def test_a_file_that_git_follows_comes_with_a_warning(tmp_path: Path, api: str) -> None:
    (tmp_path / "pullquote.toml").write_text('data = "data"\n')
    for command in (["init", "-q"], ["add", "pullquote.toml"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    assert "skip-worktree" in init(tmp_path, api, "--token", TOKEN).stdout
