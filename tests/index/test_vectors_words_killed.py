"""Killed at any moment of saving, merging, training or committing, the next start answers right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def kills(room: str, folder: Path, step: int) -> int:
    """How often `tests.index.kills` killed; fails where one of the kills left something wrong."""
    command = [sys.executable, "-m", "tests.index.kills", room, str(folder), str(step)]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return int(ended.stdout)


@pytest.mark.parametrize(("room", "step"), [("vectors", 503), ("words", 1009)])
def test_a_cache_survives_being_killed(tmp_path: Path, room: str, step: int) -> None:
    assert kills(room, tmp_path, step) >= 8


@pytest.mark.soak
@pytest.mark.parametrize("room", ["vectors", "words"])
def test_a_cache_survives_being_killed_everywhere(tmp_path: Path, room: str) -> None:
    assert kills(room, tmp_path, 13) >= 100
