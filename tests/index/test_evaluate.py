"""Somebody's own questions: what counts as right, the figures over all of them, and what an earlier run says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import ReadError
from index.evaluate import (
    Case,
    Verdict,
    compare,
    evaluate,
    read_cases,
    reliability,
    report,
    risk_coverage,
    save,
    worst,
)
from index.library import Library

TROOPS = Case("How many North Korean soldiers are in Russia?", ("About 10,000 North Korean soldiers are in Russia",))
SILENT = Case("How many South Korean soldiers are in Russia?", ())


def verdict(confidence: float, *, right: bool = True, answered: bool = True, silent: bool = False) -> Verdict:
    """The verdict on a question of its own."""
    rank = 1.0 if right else 0.0
    return Verdict(f"{confidence}?", silent, answered, right, rank, confidence, "A sentence.", None, {})


@pytest.mark.parametrize(
    ("sentence", "right"),
    [
        ("It opened in 1932, at noon.", True),
        ("- It opened in 1932.", True),
        ("2. It opened in 1932.", True),
        ("• It opened in 1932.", True),
        ("In 1932 it opened.", False),
        ("It opened.", False),
    ],
)
def test_a_sentence_is_right_that_begins_as_said_whatever_marks_it_in_a_list(sentence: str, right: bool) -> None:
    assert Case("When did it open?", ("It closed", "It opened in 1932")).right(sentence) is right


def test_a_marker_that_is_asked_for_counts_too() -> None:
    assert Case("What is banned?", ("- Social scoring",)).right("- Social scoring is banned.")


def test_answers_and_silence_are_judged(seeded: Library) -> None:
    answered, silent = evaluate(seeded, [TROOPS, SILENT])
    assert (answered.answered, answered.right, answered.good, answered.cost) == (True, True, True, 0.0)
    assert answered.parts["cross"] > 0
    assert (silent.must_be_silent, silent.answered, silent.good) == (True, False, True)


def test_a_follow_up_is_asked_behind_its_question(seeded: Library, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps({"previous": TROOPS.question, "question": "and when?", "gold": []}))
    (case,) = read_cases(path)
    (said,) = evaluate(seeded, [case])
    assert said.question == f"{TROOPS.question} and when?"
    assert "first half of October" in (said.sentence or "")


def test_the_figures_over_right_wrong_silent_and_false_answers() -> None:
    made = report(
        [
            verdict(0.9),
            verdict(0.8, right=False),
            verdict(0.3, answered=False),
            verdict(0.7, right=False, silent=True),
            verdict(0.1, right=False, answered=False, silent=True),
        ]
    )
    assert made.questions == 5
    assert made.mrr == made.p1 == made.answered == pytest.approx(2 / 3)
    assert made.wrong_answers == made.false_answers == 0.5
    assert made.auroc == pytest.approx(5 / 6)
    assert 0 < made.calibration_error < 1


def test_without_unanswerable_questions_nothing_is_said_of_silence() -> None:
    made = report([verdict(0.9)])
    assert (made.false_answers, made.auroc) == (None, None)
    assert report([verdict(0.1, silent=True, answered=False)]).mrr is None


def test_the_curves_and_the_worst_mistakes() -> None:
    sure, wrong, shy = verdict(0.95), verdict(0.65, right=False), verdict(0.05, answered=False)
    assert risk_coverage([shy, sure, wrong]) == [(1 / 3, 0.0), (2 / 3, 0.5), (1.0, 1 / 3)]
    assert reliability([shy, sure, wrong]) == [(0.05, 1.0, 1), (0.65, 0.0, 1), (0.95, 1.0, 1)]
    assert worst([shy, sure, wrong]) == [wrong, shy], "confident and wrong is worse than silent for no reason"


def test_an_earlier_run_tells_what_got_better_and_worse(tmp_path: Path) -> None:
    before = [verdict(0.9), verdict(0.5, right=False), verdict(0.4)]
    save(report(before), tmp_path / "run.json")
    now = [verdict(0.9), verdict(0.5), verdict(0.4, answered=False), verdict(0.2)]
    better, worse, figures = compare(report(now), tmp_path / "run.json")
    assert [each.question for each in better] == ["0.5?"]
    assert [each.question for each in worse] == ["0.4?"]
    assert figures["questions"] == 3


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"verdicts": []}', '{"verdicts": [{"question": 1}], "figures": {}}']
)
def test_what_is_no_earlier_run_is_one_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(ReadError, match="no earlier run"):
        compare(report([verdict(0.9)]), tmp_path / "run.json")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: not JSON"),
        ("[]", "line 2: write"),
        ('{"question": " "}', "line 2: write"),
        ('{"question": "x", "gold": "y"}', "line 2: `gold`"),
        ('{"question": "x", "gold": [""]}', "line 2: `gold`"),
        ('{"question": "x", "gold": [], "previous": 1}', "line 2: `previous`"),
    ],
)
def test_a_question_that_is_none_is_named_by_its_line(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps({"question": "Who?", "gold": []}) + "\n" + line + "\n")
    with pytest.raises(ReadError, match=said):
        read_cases(path)


def test_a_file_without_questions_says_so(tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("\n\n")
    with pytest.raises(ReadError, match="holds no question"):
        read_cases(tmp_path / "none.jsonl")
