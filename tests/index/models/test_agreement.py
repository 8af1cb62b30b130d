"""The default encoder against the package's own engine and against sentence-transformers."""

from __future__ import annotations

import numpy as np
import pytest

from index.embed import Encoder
from index.models.prepare import prepare_encoder
from index.models.prepared import Precision
from index.settings import LibrarySettings
from tests.index.models.conftest import Engine


@pytest.fixture(scope="module")
def expected(engine: Engine, lines: list[str]) -> tuple[list[str], np.ndarray]:
    """Questions, and the engine's vectors of them."""
    questions = ["How many soldiers?", "Скільки солдатів?", "军队有多少人？", "몇 명?", "Wann wurde gewählt?"]
    texts = [line[:160].strip() for line in lines[::6]] + questions
    return texts, engine.questions(texts)


@pytest.mark.parametrize(("precision", "least"), [("float32", 0.999), ("int8", 0.99)])
def test_vectors_agree_with_the_packages_own_engine(
    expected: tuple[list[str], np.ndarray], precision: Precision, least: float
) -> None:
    texts, vectors = expected
    settings = LibrarySettings.load(model="multilingual-e5-small")
    prepare_encoder(settings.models, settings.model, precision)
    cosines = (Encoder.open(settings, precision).questions(texts) * vectors).sum(axis=1)
    assert len(texts) >= 40
    assert float(cosines.min()) >= least
