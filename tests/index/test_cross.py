from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.cross import CrossEncoder
from index.errors import ModelError
from index.models.package import take
from index.models.prepare import prepare_reranker
from index.models.prepared import GRAPH
from index.models.reranker import READY_PACKAGE, chosen
from index.models.session import Session, padded
from index.models.words import TOKENIZER, JsonTokenizer
from index.settings import LibrarySettings

ANSWER = "Troops in Russia. About 10,000 North Korean soldiers are in Russia, the Pentagon said on Thursday."
QUESTION = "How many North Korean soldiers are in Russia?"
PAIRS = [
    (QUESTION, ANSWER),
    (QUESTION, "Weather. Rain is expected in the north on Friday."),
    ("hello", ANSWER),
    ("What did the Pentagon say?", "Budget. " + "The committee discussed the ministry's plan at length. " * 8),
    ("Who counted the soldiers?", ANSWER),
]


@pytest.fixture(scope="module")
def cross() -> CrossEncoder:
    settings = LibrarySettings.load(cross_encoder="auto")
    prepare_reranker(settings.models, chosen("auto", "en"))
    return CrossEncoder.open(settings)


def test_the_sentence_that_answers_scores_above_all_others(cross: CrossEncoder) -> None:
    scores = cross.scores(PAIRS)
    assert scores.shape == (len(PAIRS),)
    assert scores.dtype == np.float32
    assert scores[0] > scores[1:3].max() + 3


def test_a_pairs_score_depends_neither_on_order_nor_on_company(cross: CrossEncoder) -> None:
    scores = cross.scores(PAIRS)
    alone = np.concatenate([cross.scores([pair]) for pair in PAIRS])
    np.testing.assert_allclose(scores, alone, atol=1e-4)
    np.testing.assert_allclose(cross.scores(PAIRS[::-1])[::-1], scores, atol=1e-4)


def test_no_pair_gives_no_score(cross: CrossEncoder) -> None:
    assert cross.scores([]).shape == (0,)


def test_a_pair_beyond_the_limit_is_read_by_its_beginning(cross: CrossEncoder) -> None:
    long = ANSWER + " And so on." * 100
    np.testing.assert_allclose(cross.scores([(QUESTION, long)]), cross.scores([(QUESTION, long + " More.")]), atol=1e-4)


def test_the_ready_one_scores_as_its_packages_own_graph(tmp_path: Path) -> None:
    prepared = prepare_reranker(tmp_path / "models", chosen("auto", "en", trained=tmp_path))
    take(READY_PACKAGE, tmp_path)
    tokens = JsonTokenizer(tmp_path / TOKENIZER, 192).pairs(PAIRS)
    original = Session(tmp_path / GRAPH, 1)
    expected = []
    for ids, types in tokens:  # one by one: the package's graph lets a pair's company change its score
        rows, mask = padded([ids])
        expected.append(original.run({"input_ids": rows, "attention_mask": mask, "token_type_ids": np.array([types])}))
    np.testing.assert_allclose(CrossEncoder(prepared, 2).scores(PAIRS), np.concatenate(expected)[:, 0], atol=0.5)


def test_switched_off_it_cannot_be_opened() -> None:
    with pytest.raises(ModelError, match="switched off"):
        CrossEncoder.open(LibrarySettings.load(cross_encoder="off"))


def test_one_of_ones_own_that_is_no_cross_encoder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert", "num_labels": 3}', encoding="utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(ModelError, match="cross-encoder") as failure:
        prepare_reranker(tmp_path / "models", chosen(str(tmp_path), "en"))
    assert "\n" not in str(failure.value)
