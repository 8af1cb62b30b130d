"""What the pages show of a terminal: every `$ command` in a console block, run beside articles, and what it prints."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
ASK = re.compile(r"make ask Q=(.*)")
ENDS = (0, 1)
"""Exit codes of a command that did what it says: 1 is `ask` without an answer, or a `doctor` that found something."""

Run = Callable[[str], str]
"""A command as the page writes it, to what it prints."""


class CommandFailed(Exception):
    """A command of a page ended otherwise than by doing what it says."""


def commands(text: str) -> list[str]:
    """The commands of a page's console blocks, in order."""
    lines = [line for block in CONSOLE.findall(text) for line in block.splitlines()]
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def rewritten(text: str, run: Run) -> str:
    """The page with what its commands print now in its console blocks. Raises CommandFailed."""

    def printed(block: re.Match[str]) -> str:
        parts = [f"$ {command}\n{run(command)}" for command in commands(block[0])]
        # What was set apart by an empty line stays so.
        gap = "\n" if "\n\n$ " in block[1] else ""
        return f"```console\n{gap.join(parts)}```"

    return CONSOLE.sub(printed, text)


def terminal(folder: Path) -> Run:
    """A terminal in the folder of a new operator: the shipped articles, the README's check in `check.py`, and a
    library of its own; what `make ask` asks is another, made of the same articles."""
    shutil.copytree(ROOT / "seeds", folder / "articles")
    (folder / "check.py").write_text(PYTHON.findall(README.read_text("utf-8"))[0], encoding="utf-8")

    def run(command: str) -> str:
        asked = ASK.fullmatch(command)
        if asked is None:
            return _printed(command, folder, folder / "data")
        if not (folder / "made").exists():
            _printed("pullquote add articles", folder, folder / "made")
        return _printed(f"pullquote ask {asked[1]}", folder, folder / "made")

    return run


def _printed(command: str, folder: Path, data: Path) -> str:
    environment = os.environ | {"PULLQUOTE_DATA": str(data), "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = subprocess.run(  # noqa: S603
        _words(command), cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    if done.returncode not in ENDS or "Traceback" in done.stderr:
        raise CommandFailed(f"{command}: exit code {done.returncode}: {done.stderr}")
    return done.stdout


def _words(command: str) -> list[str]:
    """The command with the program and the Python of this environment."""
    name, *rest = shlex.split(command)
    if name == "pullquote":
        return [sys.executable, "-m", "bot", *rest]
    if name == "python":
        return [sys.executable, *rest]
    raise CommandFailed(f"{command}: only pullquote, python and make ask can be shown.")
