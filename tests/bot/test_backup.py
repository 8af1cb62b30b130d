"""Backup and restore: one file, consistent though others write, checked before anything is replaced."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bot.backup import CHATS, INTERRUPTED, LIBRARY, MANIFEST, STAGED, restore, save
from bot.errors import BackupError
from bot.store.base import open_store
from bot.store.chats import save as save_chat
from bot.store.chats import state
from index import backup as databases
from index.errors import LibraryLocked, LibraryTooNew
from index.library import Library
from index.settings import LibrarySettings
from index.store.engine import connect, reading, writing
from tests.bot.test_cli import Command, refuses

ARTICLE = (
    "Title: Mill {n}\n\nThe mill number {n} was sold in 1926. It had stood empty for {n} years. Nobody was hurt.\n"
)
QUESTION = "When was the mill number 7 sold?"


def articles(folder: Path, count: int) -> Path:
    folder.mkdir(exist_ok=True)
    for n in range(count):
        (folder / f"{n}.txt").write_text(ARTICLE.format(n=n))
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with articles and one chat, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    data = folder / "data"
    with Library.open(LibrarySettings.load(data=data)) as library:
        assert all(one.state == "added" for one in library.add(library.read(articles(folder / "articles", 10))))
    remember(data, "asked before the backup")
    return data


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> LibrarySettings:
    shutil.copytree(made, tmp_path / "data")
    return LibrarySettings.load(data=tmp_path / "data")


def remember(data: Path, said: str) -> None:
    engine = open_store(data)
    with writing(engine) as connection:
        save_chat(connection, 7, json.dumps(said), 1.0)
    engine.dispose()


def remembered(data: Path) -> str | None:
    engine = open_store(data)
    with reading(engine) as connection:
        found = state(connection, 7)
    engine.dispose()
    return None if found is None else str(json.loads(found))


def held(data: Path) -> list[str]:
    """Titles, after a look at every sentence."""
    with Library.open(LibrarySettings.load(data=data)) as library:
        assert list(library.verify()) == []
        return sorted(article.title for article in library.articles())


def elsewhere(settings: LibrarySettings, name: str = "elsewhere") -> LibrarySettings:
    return settings.model_copy(update={"data": settings.data.parent / name})


def test_what_was_backed_up_comes_back_in_an_empty_folder(settings: LibrarySettings, tmp_path: Path) -> None:
    save(settings, tmp_path / "b.zip")
    there = elsewhere(settings)
    restore(there, tmp_path / "b.zip")
    assert held(there.data) == held(settings.data)
    assert remembered(there.data) == "asked before the backup"
    assert {path.name for path in there.data.iterdir()} == {LIBRARY, CHATS}


def test_a_restored_library_answers_though_the_caches_are_of_another(settings: LibrarySettings, tmp_path: Path) -> None:
    pullquote = Command(settings.data)
    save(settings, tmp_path / "b.zip")
    articles(tmp_path / "articles", 12)
    for name in ("10", "11"):
        assert pullquote("add", str(tmp_path / "articles" / f"{name}.txt")).returncode == 0
    assert pullquote("ask", "When was the mill number 11 sold?").returncode == 0
    assert pullquote("restore", str(tmp_path / "b.zip"), "--force").returncode == 0
    # The ids that numbers 10 and 11 had are given to other sentences now, and the old caches know them by these ids.
    (tmp_path / "ferry.txt").write_text("Title: Ferry\n\nThe ferry Aurora sank near Gotland on 3 May 2021. All live.\n")
    assert pullquote("add", str(tmp_path / "ferry.txt")).returncode == 0
    said = json.loads(pullquote("ask", "When did the ferry Aurora sink?", "--json").stdout)
    assert said["quotes"][0]["sentence"] == "The ferry Aurora sank near Gotland on 3 May 2021."
    assert "mill number 7 " in pullquote("ask", QUESTION).stdout


def test_a_restored_library_has_a_name_of_its_own(settings: LibrarySettings, tmp_path: Path) -> None:
    with Library.open(settings) as library:
        library.ask_many([])
        library.refresh()
    save(settings, tmp_path / "b.zip")
    restore(elsewhere(settings), tmp_path / "b.zip")
    names = set()
    for data in (settings.data, elsewhere(settings).data):
        with sqlite3.connect(data / LIBRARY) as database:
            names.update(database.execute("SELECT value FROM facts WHERE name = 'identity'").fetchall())
    assert len(names) == 2


def test_the_manifest_names_schemas_and_hashes_and_caches_are_left_out(
    settings: LibrarySettings, tmp_path: Path
) -> None:
    save(settings, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        assert packed.namelist() == [MANIFEST, CHATS, LIBRARY]
        manifest = json.loads(packed.read(MANIFEST))
    assert all(part["schema"] and len(part["sha256"]) == 64 for part in manifest["parts"].values())
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0, "others can't read what chats said"


def test_a_backup_is_not_overwritten_unless_forced(settings: LibrarySettings, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("kept")
    with pytest.raises(BackupError, match="--force"):
        save(settings, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_text() == "kept"
    save(settings, tmp_path / "b.zip", force=True)
    assert zipfile.is_zipfile(tmp_path / "b.zip")


def test_a_folder_in_use_is_not_replaced_unless_forced(settings: LibrarySettings, tmp_path: Path) -> None:
    save(settings, tmp_path / "b.zip")
    remember(settings.data, "asked after the backup")
    with pytest.raises(BackupError, match="--force"):
        restore(settings, tmp_path / "b.zip")
    assert remembered(settings.data) == "asked after the backup"
    restore(settings, tmp_path / "b.zip", force=True)
    assert remembered(settings.data) == "asked before the backup"


def test_a_running_process_is_not_robbed_of_its_library(settings: LibrarySettings, tmp_path: Path) -> None:
    save(settings, tmp_path / "b.zip")
    engine = connect(settings.data / CHATS)
    with reading(engine) as connection:
        assert state(connection, 7)
    with pytest.raises(LibraryLocked, match="Stop the bot"):
        restore(settings, tmp_path / "b.zip", force=True)
    engine.dispose()
    assert held(settings.data)
    restore(settings, tmp_path / "b.zip", force=True)


def test_what_waits_in_the_log_beside_a_database_is_in_its_backup(settings: LibrarySettings, tmp_path: Path) -> None:
    engine = open_store(settings.data)
    with writing(engine) as connection:
        save_chat(connection, 7, json.dumps("in the WAL"), 2.0)
    assert (settings.data / f"{CHATS}-wal").stat().st_size
    save(settings, tmp_path / "b.zip")
    engine.dispose()
    restore(elsewhere(settings), tmp_path / "b.zip")
    assert remembered(elsewhere(settings).data) == "in the WAL"


@pytest.mark.parametrize("cut", [0, 1, 100, 5000, -200, -1])
def test_a_truncated_file_is_one_line_and_changes_nothing(settings: LibrarySettings, tmp_path: Path, cut: int) -> None:
    save(settings, tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[:cut])
    before = held(settings.data)
    with pytest.raises(BackupError, match="cut off"):
        restore(settings, tmp_path / "cut.zip", force=True)
    assert held(settings.data) == before
    assert not (settings.data / STAGED).exists()


def test_a_changed_byte_anywhere_is_found(settings: LibrarySettings, tmp_path: Path) -> None:
    save(settings, tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()
    rng = random.Random(1)
    unharmed = 0
    for _ in range(40):
        place = rng.randrange(len(whole))
        (tmp_path / "bad.zip").write_bytes(
            whole[:place] + bytes([whole[place] ^ rng.randrange(1, 256)]) + whole[place + 1 :]
        )
        try:
            restore(elsewhere(settings), tmp_path / "bad.zip", force=True)
            unharmed += 1  # A date or a flag in the zip's own bookkeeping: what was unpacked has the right hash.
            assert held(elsewhere(settings).data) == held(settings.data)
        except BackupError:
            continue
    assert unharmed < 4


def test_a_foreign_zip_and_other_files_are_one_line(settings: LibrarySettings, tmp_path: Path) -> None:
    pullquote = Command(elsewhere(settings).data)
    with zipfile.ZipFile(tmp_path / "foreign.zip", "w") as packed:
        packed.writestr("holiday.jpg", b"x")
    (tmp_path / "notes.txt").write_text("no zip")
    for name, word in (("foreign.zip", "something else"), ("notes.txt", "something else"), ("none.zip", "no file")):
        refuses(pullquote("restore", str(tmp_path / name)), name, word)
    refuses(pullquote("backup", str(tmp_path / "b.zip")), "nothing to back up")
    assert not elsewhere(settings).data.exists() or not any(elsewhere(settings).data.iterdir())


def rewritten(file: Path, to: Path, **changed: bytes) -> Path:
    """A copy of a backup with members replaced by name (`library`, `manifest`)."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name.partition(".")[0], old.read(name)))
    return to


def test_a_member_that_escapes_the_folder_is_not_written(settings: LibrarySettings, tmp_path: Path) -> None:
    save(settings, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip", "a") as packed:
        packed.writestr("../../escaped", b"x")
        manifest = json.loads(packed.read(MANIFEST))
    manifest["parts"]["../../escaped"] = {"schema": None, "bytes": 1, "sha256": "0" * 64}
    file = rewritten(tmp_path / "b.zip", tmp_path / "evil.zip", manifest=json.dumps(manifest).encode())
    restore(elsewhere(settings), file)
    assert not list(tmp_path.parent.rglob("escaped"))


def test_a_newer_backup_is_refused(settings: LibrarySettings, tmp_path: Path) -> None:
    with sqlite3.connect(settings.data / LIBRARY) as database:
        database.execute("UPDATE alembic_version_index SET version_num = '9999'")
    save(settings, tmp_path / "b.zip")
    with pytest.raises(LibraryTooNew):
        restore(elsewhere(settings), tmp_path / "b.zip")
    assert not (elsewhere(settings).data / LIBRARY).exists()


def test_a_library_with_a_wrong_snapshot_is_not_put_in_place(settings: LibrarySettings, tmp_path: Path) -> None:
    with sqlite3.connect(settings.data / LIBRARY) as database:
        database.execute("UPDATE snapshots SET text = replace(text, '1926', '1927') WHERE id = 3")
    save(settings, tmp_path / "b.zip")
    with pytest.raises(Exception, match="not sound: snapshot"):
        restore(elsewhere(settings), tmp_path / "b.zip")
    assert not (elsewhere(settings).data / LIBRARY).exists()


def test_a_damaged_database_is_not_backed_up_as_if_it_were_whole(settings: LibrarySettings, tmp_path: Path) -> None:
    databases.close(settings.data / LIBRARY)
    with (settings.data / LIBRARY).open("r+b") as file:
        for page in range(20, 60):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)
    with pytest.raises(Exception, match="damaged"):
        save(settings, tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


def test_a_backup_taken_while_another_process_adds_is_whole(made: Path, tmp_path: Path) -> None:
    pullquote = Command(tmp_path / "data")
    articles(tmp_path / "articles", 120)
    command = [sys.executable, "-m", "bot", "add", "--json", str(tmp_path / "articles")]
    sizes = []
    with subprocess.Popen(command, env=pullquote.environment, stdout=-1, text=True) as adding:
        assert adding.stdout is not None
        for number, _ in enumerate(adding.stdout):
            if number in (0, 40, 80):
                save(LibrarySettings.load(data=pullquote.data), tmp_path / f"{number}.zip")
                there = LibrarySettings.load(data=tmp_path / f"restored {number}")
                restore(there, tmp_path / f"{number}.zip")
                sizes.append(len(held(there.data)))
        assert adding.wait(60) == 0
    assert sizes == sorted(sizes)
    assert sizes[0] >= 1
    assert len(held(pullquote.data)) == 120


@pytest.mark.parametrize("kills", [5, pytest.param(100, marks=pytest.mark.soak)])
def test_a_backup_killed_at_any_moment_leaves_the_file_before_or_a_whole_one(
    settings: LibrarySettings, tmp_path: Path, kills: int
) -> None:
    file = tmp_path / "b.zip"
    save(settings, file)
    for moment in range(kills):
        killed(f"save(LibrarySettings.load(data='{settings.data}'), Path('{file}'), True)", 0.2 + moment % 20 * 0.25)
        restore(elsewhere(settings, f"there {moment}"), file)
    save(settings, file, force=True)
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def killed(code: str, share: float) -> None:
    """Runs code in a process that is killed after so many of a restore's or a backup's steps on files, in tens."""
    program = (
        "import os, signal, sys; from pathlib import Path; from bot.backup import *;"
        "from index.settings import LibrarySettings; left = int(sys.argv[1]);\n"
        "def watch(event, args):\n"
        "    global left\n"
        "    if event in ('open', 'os.rename', 'os.remove', 'os.rmdir', 'sqlite3.connect', 'os.mkdir'):\n"
        "        left -= 1\n"
        "        if left < 0: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"sys.addaudithook(watch); {code}"
    )
    done = subprocess.run([sys.executable, "-c", program, str(int(share * 10))], capture_output=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()


@pytest.mark.parametrize("kills", [8, pytest.param(120, marks=pytest.mark.soak)])
def test_a_restore_killed_at_any_moment_leaves_the_old_the_new_or_a_refusal(
    settings: LibrarySettings, tmp_path: Path, kills: int
) -> None:
    save(settings, tmp_path / "b.zip")
    pullquote = Command(settings.data)
    seen = set()
    for moment in range(kills):
        remember(settings.data, "before")
        step = (moment * 120 // kills) / 10
        killed(f"restore(LibrarySettings.load(data='{settings.data}'), Path('{tmp_path / 'b.zip'}'), True)", step)
        if (settings.data / LIBRARY).read_bytes() == INTERRUPTED:
            refuses(pullquote("articles"), "damaged", "Restore")
            seen.add("refused")
            restore(settings, tmp_path / "b.zip", force=True)
        assert len(held(settings.data)) == 10
        seen.add(str(remembered(settings.data)))
    assert seen >= {"before", "asked before the backup"}


def test_a_backup_to_where_nothing_can_be_written_is_one_line(settings: LibrarySettings) -> None:
    refuses(Command(settings.data)("backup", "/proc/nowhere/b.zip"), "/proc/nowhere")
