from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embed import Encoder
from index.models.prepare import prepare_encoder
from index.settings import LibrarySettings

TEXTS = [
    "About 10,000 North Korean soldiers are in Russia, the Pentagon said.",
    "Der Bundestag wählte am 6. Mai einen neuen Kanzler.",
    "Президент підписав закон про бюджет.",
    "Причины аварии выясняются.",
    "정부는 예산안을 발표했다.",
    "央行周四将利率下调二十五个基点。",
    "Yes.",
    "The budget " + "of the ministry of defence " * 12 + "grew.",
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    chosen = LibrarySettings.load(model="multilingual-e5-small")
    prepare_encoder(chosen.models, chosen.model)
    return Encoder.open(chosen)


def test_vectors_are_of_unit_length_in_the_order_of_the_texts(encoder: Encoder) -> None:
    vectors = encoder.passages(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dim)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(encoder.passages(TEXTS[::-1])[::-1], vectors, atol=1e-5)


def test_no_text_gives_no_vector(encoder: Encoder) -> None:
    assert encoder.questions([]).shape == (0, encoder.dim)


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=12), st.data())
@settings(max_examples=15, deadline=None)
def test_a_texts_vector_does_not_depend_on_its_company(encoder: Encoder, texts: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(texts) - 1))
    alone = encoder.passages([texts[place]])[0]
    np.testing.assert_allclose(encoder.passages(texts)[place], alone, atol=1e-5)


def test_a_question_is_nearest_to_the_sentence_that_answers_it(encoder: Encoder) -> None:
    questions = [
        "How many North Koreans are in Russia?",
        "Who signed the budget law?",
        "Um wie viel fiel der Leitzins?",
    ]
    found = (encoder.questions(questions) @ encoder.passages(TEXTS).T).argmax(axis=1)
    assert found.tolist() == [0, 2, 5]


def test_questions_and_passages_have_prompts_of_their_own(encoder: Encoder) -> None:
    assert np.abs(encoder.questions(TEXTS) - encoder.passages(TEXTS)).max() > 0.01


def test_a_text_beyond_the_limit_is_embedded_by_its_beginning(encoder: Encoder) -> None:
    long = "word " * 600
    np.testing.assert_allclose(encoder.passages([long + "end"]), encoder.passages([long]), atol=1e-5)


def test_many_threads_at_once_get_the_vectors_of_one(encoder: Encoder) -> None:
    expected = encoder.passages(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(lambda _: encoder.passages(TEXTS), range(4)):
            np.testing.assert_allclose(vectors, expected, atol=1e-5)


ASK = """
import sys
from index.cross import CrossEncoder
from index.embed import Encoder
from index.models.prepare import prepare_all
from index.settings import LibrarySettings
settings = LibrarySettings.load()
prepare_all(settings)
Encoder.open(settings).passages(["one", "two"])
CrossEncoder.open(settings).scores([("one", "two")])
print(sorted({"torch", "sentence_transformers", "transformers", "onnx"} & set(sys.modules)))
"""


def test_asking_and_adding_import_no_torch() -> None:
    from index.models.prepare import prepare_all

    prepare_all(LibrarySettings.load())
    run = subprocess.run(
        [sys.executable, "-c", ASK], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
