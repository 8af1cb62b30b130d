"""Measures the heads: weights and thresholds of `index/head.json`, from development data that no cross-encoder was
trained on (`benchmarks.train.english.is_held`). `python -m benchmarks.head` prints what each feature adds.

Asked on a whole library, without the question's article, and without only its answers. The first candidates are the
examples: a logistic regression on whether the sentence answers. Thresholds are split-conformal: with n unanswerable
calibration questions the (n + 1)(1 - rate) smallest of their top confidences bounds the false answers by `rate`
on exchangeable questions (Vovk, Gammerman, Shafer, 2005; Angelopoulos and Bates, 2021).
"""

from __future__ import annotations

import argparse
import json
import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.preprocessing import StandardScaler

from benchmarks import protocols
from benchmarks.sets import Asked, Set, languages, selqa, squad2
from index.article import Answer
from index.cross import CrossEncoder
from index.embed import Encoder
from index.head import HEADS
from index.metrics import answered_at, auroc, calibration_error
from index.settings import LibrarySettings

RATES = (0.01, 0.05, 0.10)
DEPTH = 3
"""Candidates of each question that become examples."""
SAMPLE = 300
HELD_TITLE = "Huguenot"


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate's features, whether it answers, which article its question is of, and its place."""

    parts: dict[str, float]
    right: bool
    group: str
    place: int
    answerable: bool


def held(set: Set) -> list[Asked]:
    """The questions that training kept back."""
    if set.name.startswith("selqa"):
        return [each for each in set.questions if zlib.crc32(each.article.replace("_", " ").encode()) % 4 == 0]
    return [each for each in set.questions if each.article == HELD_TITLE]


def examples(questions: Sequence[Asked], answers: dict[str, Answer], answerable: bool) -> list[Example]:
    """The first candidates of each answer."""
    return [
        Example(dict(quote.parts), answerable and quote.sentence.text in each.gold, each.article, place, answerable)
        for each in questions
        if each.id in answers
        for place, quote in enumerate(answers[each.id].ranked[:DEPTH])
    ]


def gather_languages(across: bool) -> list[Example]:
    """Examples in languages other than English, a sample of what training kept back: all of them, or without those
    whose question is in another language than the sentences. Answerable questions are there for the unanswerable ones,
    and again for themselves without their answers."""
    data = languages()
    if not across:
        data = replace(data, questions=tuple(each for each in data.questions if not each.id.startswith("across")))
    answerable, unanswerable = protocols.split(data)
    rng = random.Random(0)
    answerable = rng.sample(answerable, min(SAMPLE, len(answerable)))
    unanswerable = rng.sample(unanswerable, min(SAMPLE, len(unanswerable)))
    with protocols.library_of(data.drafts) as library:
        whole = examples(answerable, protocols.pooled(library, answerable), True)
        made = whole + examples(unanswerable, protocols.pooled(library, unanswerable), False)
        return made + whole + examples(answerable, protocols.without_answers(library, data.drafts, answerable), False)


def gather(**settings: object) -> list[Example]:
    """Examples of every English development protocol, each with its own answerable questions: those of SelQA, which
    are answerable in two, are there twice."""
    made: list[Example] = []
    wikipedia = selqa("dev")
    asked = held(wikipedia)
    with protocols.library_of(wikipedia.drafts, **settings) as library:
        whole = examples(asked, protocols.pooled(library, asked), True)
        made += whole + examples(asked, protocols.without_article(library, wikipedia.drafts, asked), False)
        made += whole + examples(asked, protocols.without_answers(library, wikipedia.drafts, asked), False)
    squad = squad2("dev")
    answerable, unanswerable = protocols.split(Set(squad.name, squad.drafts, tuple(held(squad))))
    with protocols.library_of(squad.drafts, **settings) as library:
        made += examples(answerable, protocols.pooled(library, answerable), True)
        made += examples(unanswerable, protocols.pooled(library, unanswerable), False)
    return made


def matrix(made: Sequence[Example], names: Sequence[str]) -> npt.NDArray[np.float64]:
    """(n, features)."""
    return np.array([[each.parts[name] for name in names] for each in made])


def report(made: Sequence[Example], names: Sequence[str]) -> npt.NDArray[np.float64]:
    """Cross-validated probabilities by article, and what they are worth."""
    right = np.array([each.right for each in made])
    groups = [each.group for each in made]
    scaled = StandardScaler().fit_transform(matrix(made, names))
    said = cross_val_predict(
        LogisticRegression(max_iter=1000), scaled, right, groups=groups, cv=GroupKFold(5), method="predict_proba"
    )[:, 1]
    first = [n for n, each in enumerate(made) if each.place == 0]
    positive = [said[n] for n in first if made[n].answerable]
    negative = [said[n] for n in first if not made[n].answerable]
    error = calibration_error([said[n] for n in first], [bool(right[n]) for n in first])
    print(
        f"{'+'.join(names):56s} AUROC {auroc(positive, negative):.3f}"
        f"  answered at 5 % {answered_at(positive, negative, 0.05):.3f}"
        f"  at 1 % {answered_at(positive, negative, 0.01):.3f}  calibration error {error:.3f}"
    )
    return np.asarray(said)


def fit(made: Sequence[Example], names: Sequence[str]) -> dict[str, object]:
    """The head's weights on unscaled features, calibrated on the first candidates, and its thresholds."""
    scaler = StandardScaler().fit(matrix(made, names))
    right = np.array([each.right for each in made])
    model = LogisticRegression(max_iter=1000).fit(scaler.transform(matrix(made, names)), right)
    weights = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - (weights * scaler.mean_).sum())
    said = report(made, names)
    first = np.array([each.place == 0 for each in made])
    logits = np.log(said / (1 - said))
    # What is shown is the first candidate's probability, so it is calibrated on those (Platt, 1999).
    platt = LogisticRegression(C=1e6).fit(logits[first, None], right[first])
    slope, shift = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    shown = platt.predict_proba(logits[first, None])[:, 1]
    print(f"calibration error of the first, calibrated: {calibration_error(list(shown), list(right[first])):.3f}")
    answerable = np.array([each.answerable for each in made])[first]
    negative = sorted(shown[~answerable])
    return {
        "bias": round(bias * slope + shift, 5),
        "weights": {name: round(float(weight) * slope, 5) for name, weight in zip(names, weights, strict=True)},
        "thresholds": {str(rate): round(conformal(negative, rate), 5) for rate in RATES},
        "articles": len({each.group for each in made}),
        "unanswerable": len(negative),
    }


def conformal(negative: Sequence[float], rate: float) -> float:
    """The split-conformal threshold of ascending scores; 1 where there are too few to promise anything."""
    place = int(np.ceil((len(negative) + 1) * (1 - rate)))
    return float(np.nextafter(negative[place - 1], 1)) if place <= len(negative) else 1.0


def main() -> None:
    """Fits one head: `en` with the English cross-encoder, `multi` and `across` with the multilingual one, `dense` with
    none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("head", choices=("en", "multi", "across", "dense"))
    parser.add_argument("features", nargs="*", default=("cross", "cosine", "coverage", "asked"))
    parser.add_argument("--write", action="store_true", help=f"write it to {HEADS}")
    chosen = parser.parse_args()
    names = [name for name in chosen.features if chosen.head != "dense" or name != "cross"]
    if chosen.head in ("multi", "across"):
        made = [each for each in gather_languages(chosen.head == "across") if "cross" in each.parts]
    else:
        made = gather(cross_encoder="off" if chosen.head == "dense" else "auto")
    for count in range(1, len(names) + 1):
        report(made, names[:count])
    head = fit(made, names)
    print(json.dumps(head, indent=2))
    if chosen.write:
        _write(chosen.head, head)


def _write(name: str, head: dict[str, object], path: Path = HEADS) -> None:
    said = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"heads": {}}
    said["heads"][name] = head | {"models": fingerprints(name)}
    path.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def fingerprints(name: str) -> list[str]:
    """Of the encoder, and of the cross-encoder of a head that has one."""
    settings = LibrarySettings.load()
    encoder = Encoder.open(settings).fingerprint
    if name == "dense":
        return [encoder]
    return [encoder, CrossEncoder.open(settings, "en" if name == "en" else "multi").fingerprint]


if __name__ == "__main__":
    main()
