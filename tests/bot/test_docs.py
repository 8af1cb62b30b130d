"""The pages keep up with the program: what is generated is current, what is shown runs, what is named exists."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.__main__ import FOLDER, PAGES, helps
from docs.shown import README, CommandFailed, commands, rewritten, terminal
from tests.bot.test_cli import Command

ROOT = Path(__file__).parents[2]
PAGES_OF_PEOPLE = [path for path in (ROOT / "README.md", *sorted(FOLDER.glob("*.md"))) if path.name not in PAGES]
MENTIONED = re.compile(r"(?:^ {4}(?:\S+=\S+ )*|`|\$ )(?:\.venv/bin/)?pullquote ([a-z]+)", re.MULTILINE)
NAMES = {name.split()[1] for name, _ in helps()}


@pytest.mark.parametrize("page", PAGES)
def test_a_generated_page_is_what_the_program_says(page: str) -> None:
    assert (FOLDER / page).read_text("utf-8") == PAGES[page](), "run: make docs"


def test_the_readme_prints_what_its_commands_print_and_the_commands_of_every_page_run(tmp_path: Path) -> None:
    readme = README.read_text("utf-8")
    run = terminal(tmp_path)
    assert len(commands(readme)) >= 6
    assert rewritten(readme, run) == readme, "run: make docs"
    others = [command for page in PAGES_OF_PEOPLE if page != README for command in commands(page.read_text("utf-8"))]
    assert len(others) >= 8
    for command in others:
        run(command)


def test_a_page_whose_command_fails_or_prints_something_else_is_noticed(tmp_path: Path) -> None:
    page = "```console\n$ pullquote --version\npullquote 0.0.0\n```"
    assert rewritten(page, lambda command: "pullquote 9\n") == "```console\n$ pullquote --version\npullquote 9\n```"
    with pytest.raises(CommandFailed, match="frobnicate"):
        rewritten("```console\n$ pullquote frobnicate\n```", terminal(tmp_path))


def test_make_ask_runs_what_the_readme_shows_for_it() -> None:
    target = (ROOT / "Makefile").read_text("utf-8").partition("\nask:")[2].partition("\n\n")[0]
    assert '$(BIN)/pullquote ask "$$Q"' in target


@pytest.mark.parametrize("page", PAGES_OF_PEOPLE, ids=lambda page: page.name)
def test_a_command_that_a_page_names_exists(page: Path) -> None:
    for name in MENTIONED.findall(page.read_text("utf-8")):
        assert name in NAMES, f"{page.name}: pullquote {name}"


@pytest.mark.parametrize("page", PAGES_OF_PEOPLE, ids=lambda page: page.name)
def test_a_setting_that_a_page_names_exists(page: Path) -> None:
    known = set(re.findall(r"PULLQUOTE_[A-Z_]+", PAGES["settings.md"]())) | {"PULLQUOTE_BENCH", "PULLQUOTE_DEBUG"}
    assert set(re.findall(r"PULLQUOTE_[A-Z_]*[A-Z]", page.read_text("utf-8"))) <= known


@pytest.mark.parametrize("page", PAGES_OF_PEOPLE, ids=lambda page: page.name)
def test_a_file_that_a_page_links_to_exists(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize(("name", "said"), list(helps()), ids=lambda part: part if len(part) < 40 else "")
def test_the_help_of_every_command_teaches_by_an_example(name: str, said: str) -> None:
    examples = said.partition("Example")[2]
    assert re.search(rf"^\s+(?:\S+=\S+ )*{name}\b", examples, re.MULTILINE), f"{name} --help shows no example"


def test_every_command_that_prints_what_it_knows_prints_it_as_json_too() -> None:
    # These talk to a person, run the bot, write files, or print JSON anyway.
    others = {"init", "serve", "chat", "replay", "proof", "export"}
    with_json = {name.partition(" ")[2] for name, said in helps() if re.search(r"^\s+--json\b", said, re.MULTILINE)}
    assert with_json == {name.partition(" ")[2] for name, _ in helps()} - others


def test_no_color_is_obeyed_even_on_a_terminal(tmp_path: Path) -> None:
    import pty

    pullquote = Command(tmp_path / "data")
    (tmp_path / "mill.txt").write_text("Title: Mill\n\nThe tidal mill of Eling was rebuilt in 1785. It grinds wheat.\n")
    assert pullquote("add", str(tmp_path / "mill.txt")).returncode == 0

    def on_a_terminal(**more: str) -> bytes:
        reading, writing = pty.openpty()
        environment = {name: value for name, value in pullquote.environment.items() if name != "NO_COLOR"}
        command = [sys.executable, "-m", "bot", "ask", "When was the tidal mill of Eling rebuilt?"]
        done = subprocess.run(
            command, env=environment | {"TERM": "xterm-256color"} | more, stdout=writing, stderr=-1, check=False
        )
        os.close(writing)
        assert done.returncode == 0, done.stderr
        with open(reading, "rb", buffering=0) as terminal:
            return terminal.read(65536)

    colour = re.compile(rb"\x1b\[[0-9;]*(?:3[0-7]|4[0-7]|9[0-7]|38;|48;)[0-9;]*m")
    assert b"\x1b[" in on_a_terminal()
    assert not colour.search(on_a_terminal(NO_COLOR="1"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_for_each_shell_and_completes_commands(shell: str) -> None:
    environment = os.environ | {"_PULLQUOTE_COMPLETE": f"source_{shell}"}
    code = "from bot.cli import main; import sys; sys.argv = ['pullquote']; main()"
    script = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert "pullquote" in script.stdout
    asked = {
        "_PULLQUOTE_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": "pullquote ba",
        "COMP_CWORD": "1",
        "_TYPER_COMPLETE_ARGS": "pullquote ba",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    said = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | asked, capture_output=True, text=True, check=False
    )
    assert "backup" in said.stdout
