"""What a model reads before a sentence."""

from __future__ import annotations

import pytest

from index.article import passage


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("Oil crisis", "Oil crisis. It rose."),
        ("Who won?", "Who won? It rose."),
        ("Warsaw", "Warsaw. It rose."),
        ("Chandrayaan-3", "Chandrayaan-3. It rose."),
        ("1973_oil_crisis", "1973 oil crisis. It rose."),
        ("000_9c206f8219a4b9a9", "It rose."),
        ("12345", "It rose."),
        ("  ", "It rose."),
        ("", "It rose."),
        ("Київ", "Київ. It rose."),
    ],
)
def test_a_title_is_read_before_the_sentence_and_a_code_is_not(title, read):
    assert passage(title, "It rose.") == read
