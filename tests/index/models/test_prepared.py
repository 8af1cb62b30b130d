from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.embed import Encoder
from index.errors import ModelError
from index.models.prepare import encoder_folder, prepare_encoder
from index.models.prepared import COMMAND, FORMAT, GRAPH, MANIFEST, alone, check_hashes, open_prepared, replacing
from index.models.words import CODES
from index.settings import LibrarySettings


@pytest.fixture(scope="module")
def made(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model, prepared."""
    return prepare_encoder(tmp_path_factory.mktemp("models"), str(tiny_model)).folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil, with the times kept."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_copied_folder_is_as_good(folder: Path) -> None:
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    assert open_prepared(folder, "tiny").manifest.dimension == 64


@pytest.mark.parametrize("name", [GRAPH, CODES])
def test_a_missing_file_is_an_error_that_names_the_command(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match=COMMAND):
        open_prepared(folder, "tiny")


def test_a_truncated_file_is_an_error(folder: Path) -> None:
    os.truncate(folder / GRAPH, 1000)
    with pytest.raises(ModelError, match=GRAPH):
        open_prepared(folder, "tiny")


def test_a_changed_file_is_an_error(folder: Path) -> None:
    flip_a_byte(folder / GRAPH)
    os.utime(folder / GRAPH, (1, 1))
    with pytest.raises(ModelError, match=GRAPH):
        open_prepared(folder, "tiny")


def test_a_file_changed_behind_its_time_is_found_by_its_hash(folder: Path) -> None:
    check_hashes(folder, "tiny")
    status = (folder / GRAPH).stat()
    flip_a_byte(folder / GRAPH)
    os.utime(folder / GRAPH, ns=(status.st_atime_ns, status.st_mtime_ns))
    open_prepared(folder, "tiny")
    with pytest.raises(ModelError, match=GRAPH):
        check_hashes(folder, "tiny")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": {}}', '{"files": 3, "origins": {}}'])
def test_a_torn_manifest_is_an_error(folder: Path, content: str) -> None:
    (folder / MANIFEST).write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=COMMAND):
        open_prepared(folder, "tiny")


def test_a_folder_of_another_version_is_an_error(folder: Path) -> None:
    text = (folder / MANIFEST).read_text(encoding="utf-8")
    (folder / MANIFEST).write_text(text.replace(f'"format": {FORMAT}', '"format": 1'), encoding="utf-8")
    with pytest.raises(ModelError, match="another version"):
        open_prepared(folder, "tiny")


def test_a_spoiled_folder_is_made_again(tiny_model: Path, tmp_path: Path) -> None:
    first = prepare_encoder(tmp_path, str(tiny_model))
    os.truncate(first.folder / GRAPH, 1000)
    again = prepare_encoder(tmp_path, str(tiny_model))
    assert again.manifest.fingerprint == first.manifest.fingerprint
    check_hashes(again.folder, "tiny")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_an_interrupted_replacement_keeps_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "model"
    target.mkdir()
    (target / "old").touch()

    def interrupted() -> None:
        with replacing(target) as part:
            (part / "new").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [path.name for path in target.iterdir()] == ["old"]
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


KILLED = """
import os, sys
from pathlib import Path
from index.models.prepared import replacing, scratch
target = Path(sys.argv[1])
with replacing(target) as part, scratch(target) as work:
    (part / "model.onnx").write_bytes(b"half")
    (work / "weights").write_bytes(b"half")
    os.kill(os.getpid(), 9)
"""


def test_a_killed_preparation_leaves_nothing_half_and_the_next_clears_up(tmp_path: Path) -> None:
    target = tmp_path / "model"
    run = subprocess.run([sys.executable, "-c", KILLED, str(target)], check=False)
    assert run.returncode == -9
    assert not target.exists()
    assert len(list(tmp_path.iterdir())) == 2
    with alone(target), replacing(target) as part:
        (part / "model.onnx").touch()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".model.lock", "model"]


PREPARE = """
import sys
from pathlib import Path
from index.models.prepare import prepare_encoder
prepare_encoder(Path(sys.argv[1]), sys.argv[2], progress=print)
"""


def test_two_processes_at_once_prepare_once(tiny_model: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PREPARE, str(tmp_path), str(tiny_model)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [run.communicate(timeout=240)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sum("exporting" in text for text in said) == 1
    check_hashes(encoder_folder(tmp_path, str(tiny_model)), "tiny")


def test_a_model_that_is_not_prepared_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=COMMAND):
        Encoder.open(LibrarySettings.load(models=tmp_path))
