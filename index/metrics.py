"""Figures of merit. All are shares from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def reciprocal_rank(ranked: Sequence[str], gold: frozenset[str], depth: int = 10) -> float:
    """1 / the place of the first gold sentence among the first `depth`, 0 when there is none."""
    for place, sentence in enumerate(ranked[:depth], start=1):
        if sentence in gold:
            return 1 / place
    return 0.0


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that an answerable question scores above one that is not (Mann-Whitney, ties count half)."""
    scores = np.concatenate([positive, negative])
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    for value in np.unique(scores[np.concatenate([[False], np.diff(scores[order]) == 0])[np.argsort(order)]]):
        ranks[scores == value] = ranks[scores == value].mean()
    n, m = len(positive), len(negative)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def threshold_at(negative: Sequence[float], rate: float) -> float:
    """The least score above which at most this share of unanswerable questions stands."""
    descending = np.sort(np.asarray(negative))[::-1]
    allowed = int(np.floor(rate * len(descending)))
    return float(np.nextafter(descending[allowed], np.inf)) if allowed < len(descending) else 0.0


def answered_at(positive: Sequence[float], negative: Sequence[float], rate: float) -> float:
    """The share of answerable questions above the threshold that lets `rate` of the unanswerable ones through."""
    return float(np.mean(np.asarray(positive) >= threshold_at(negative, rate)))


def calibration_error(confidence: Sequence[float], right: Sequence[bool], bins: int = 15) -> float:
    """Expected calibration error with equally wide bins (Naeini, Cooper, Hauskrecht, 2015)."""
    scores, hits = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    place = np.minimum((scores * bins).astype(int), bins - 1)
    gaps = [
        abs(scores[place == n].mean() - hits[place == n].mean()) * (place == n).mean()
        for n in range(bins)
        if (place == n).any()
    ]
    return float(sum(gaps))
