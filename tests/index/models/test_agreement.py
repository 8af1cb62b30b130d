"""The default encoder against the package's own engine and against sentence-transformers."""

from __future__ import annotations

import numpy as np
import pytest

from index.embed import Encoder
from index.models.prepare import prepare_encoder
from index.models.prepared import Precision
from index.settings import LibrarySettings
from tests.index.models.conftest import Engine


@pytest.mark.parametrize(("precision", "least"), [("float32", 0.999), ("int8", 0.99)])
def test_vectors_agree_with_the_packages_own_engine(
    engine: Engine, lines: list[str], precision: Precision, least: float
) -> None:
    questions = ["How many soldiers?", "Скільки солдатів?", "军队有多少人？", "몇 명?"]
    texts = [line[:300].strip() for line in lines[::5]] + questions
    settings = LibrarySettings.load(model="multilingual-e5-small")
    prepare_encoder(settings.models, settings.model, precision)
    ours = Encoder.open(settings, precision).questions(texts)
    cosines = (ours * engine.questions(texts)).sum(axis=1)
    assert len(texts) >= 40
    assert float(np.min(cosines)) >= least
