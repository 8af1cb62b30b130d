"""The image: the script that stands in for a container build does its steps, and the last stage has no torch."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path

import httpx
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
SCRIPT = (ROOT / "deploy" / "image.sh").read_text("utf-8")
NOT_IN_A_FOLDER = ("useradd", "install --directory")
"""Steps that only a machine of its own has: a user, the owner of its volume."""
sys.path.insert(0, str(ROOT / "deploy"))


def instructions(kind: str) -> list[str]:
    whole = re.sub(r"\\\n\s*", " ", DOCKERFILE)
    return [line.removeprefix(f"{kind} ") for line in whole.splitlines() if line.startswith(f"{kind} ")]


def plain(step: str) -> str:
    """A step without what differs between a machine and a folder."""
    return re.sub(r"\s+", " ", step.replace("$ROOT", "").replace('"', "").replace("python3", "python")).strip()


STEPS = {plain(line) for line in SCRIPT.splitlines()}


@pytest.mark.parametrize("step", [step for run in instructions("RUN") for step in run.split(" && ")])
def test_the_script_does_each_step_of_the_dockerfile(step: str) -> None:
    if not step.startswith(NOT_IN_A_FOLDER):
        assert plain(step) in STEPS


def test_the_script_takes_along_what_the_dockerfile_takes_along() -> None:
    copied = [line.split()[:-1] for line in instructions("COPY") if not line.startswith("--from")]
    assert copied == [line.split()[1:-1] for line in SCRIPT.splitlines() if line.startswith("copy ")]


def runtime_lock() -> set[str]:
    """Names in the lock of the last stage, as the Dockerfile filters them."""
    [pattern] = set(re.findall(r"grep -viE '([^']+)' requirements\.lock", DOCKERFILE + SCRIPT))
    lock = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    return {canonicalize_name(line.split("==")[0]) for line in lock if not re.match(pattern, line, re.IGNORECASE)}


def needed_by(name: str, seen: set[str]) -> set[str]:
    """What a package needs here, and what that needs, by the metadata of what is installed."""
    for line in requires(name) or []:
        requirement = Requirement(line)
        found = canonicalize_name(requirement.name)
        if found not in seen and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            seen.add(found)
            needed_by(found, seen)
    return seen


def test_the_runtime_lock_has_no_torch_and_nothing_that_tests() -> None:
    heavy = {"torch", "sentence-transformers", "transformers", "onnx", "pytest", "hypothesis", "ruff", "mypy"}
    assert runtime_lock() & heavy == set()


def test_the_runtime_lock_has_everything_that_the_program_needs_and_what_that_needs() -> None:
    named = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    direct = {canonicalize_name(Requirement(line).name) for line in named}
    needed = direct.union(*(needed_by(name, set()) for name in direct))
    assert len(needed) > 40
    assert needed - runtime_lock() == set()


def test_the_image_runs_as_nobody_in_particular_keeps_one_volume_and_has_a_health_check() -> None:
    last = DOCKERFILE.split("\nFROM ")[-1]
    assert re.search(r"^USER 10001$", last, re.MULTILINE)
    assert re.findall(r"^VOLUME (.+)$", last, re.MULTILINE) == ["/data"]
    assert 'CMD ["pullquote", "health"]' in last
    assert "/opt/prepare" not in last


def test_the_dockerfile_passes_hadolint() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    if not hadolint.exists():
        pytest.skip("hadolint has no wheel for this platform")
    done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("answer", "code", "word"),
    [
        (httpx.Response(200, json={"results": [{}, {}]}), 0, "none of 2"),
        (httpx.Response(200, json={"results": [{"vulns": [{"id": "GHSA-1"}]}, {}]}), 1, "a==1.0 is in GHSA-1"),
        (httpx.Response(200, json={"results": [{}]}), 0, "not audited"),
        (httpx.Response(503), 0, "not audited"),
        (httpx.Response(200, text="<html>"), 0, "not audited"),
    ],
    ids=["clean", "vulnerable", "partial", "down", "foreign"],
)
def test_an_audit_fails_on_an_advisory_and_says_when_it_could_not_be_made(
    tmp_path: Path, answer: httpx.Response, code: int, word: str
) -> None:
    from audit import audit

    (tmp_path / "lock").write_text('a==1.0\nb==2.0; sys_platform == "linux"\n')
    with httpx.Client(transport=httpx.MockTransport(lambda request: answer)) as client:
        said, ended = audit(tmp_path / "lock", client)
    assert ended == code
    assert word in said


@pytest.mark.soak
def test_the_steps_of_the_image_make_a_program_that_answers_without_torch(tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", ROOT / "deploy" / "image.sh", tmp_path / "image"], capture_output=True, text=True, check=False
    )
    shutil.rmtree(tmp_path / "image" / "opt", ignore_errors=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "10,000" in done.stdout


def test_the_lock_pins_whatever_any_extra_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    lock = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    pinned = {canonicalize_name(line.split("==")[0]) for line in lock}
    assert {canonicalize_name(Requirement(line).name) for line in named} - pinned == set()
