"""`pullquote replay`: a conversation script played again, and compared with what it says."""

from __future__ import annotations

import difflib
from pathlib import Path

from bot import script, transcript
from bot.script import Script
from bot.stage import Stage, StageLibrary


def run(path: Path, library: StageLibrary, update: bool = False) -> str:
    """The unified diff from what the script says to what the bot does now; "" where they agree.

    With `update` the script is rewritten to what the bot does now. Raises ScriptError for a script that can't be read.
    """
    written = script.read(path)
    before = path.read_text(encoding="utf-8")
    after = played(written, library)
    if update and before != after:
        path.write_text(after, encoding="utf-8")
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"{path} (as written)", f"{path} (as played)", lineterm=""
    )
    return "\n".join(lines)


def played(written: Script, library: StageLibrary) -> str:
    """The whole script with what the bot does now: the head as it stands, a paragraph for each event."""
    stage = Stage(library, written.cast)
    paragraphs = ["\n".join(transcript.played(stage, event)) for event in written.events]
    return written.head + "".join(f"\n{paragraph}\n" for paragraph in paragraphs)
