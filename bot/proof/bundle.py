"""The proof as JSON that anyone can check: the whole snapshot, its hash, and where in it the quote stands."""

from __future__ import annotations

from typing import Any

from bot.proof.address import public
from bot.proof.proof import Proof, Step
from bot.render import json

VERSION = 1


def bundle(proof: Proof) -> dict[str, Any]:
    """`snapshot.text[start:end]` is `sentence`, and the SHA-256 of that text in UTF-8 is `snapshot.sha256`. Offsets
    count Unicode code points, as Python does."""
    evidence = proof.evidence
    snapshot = evidence.version.snapshot
    return {
        "proof": VERSION,
        "sentence": proof.sentence.text,
        "start": proof.sentence.start,
        "end": proof.sentence.end,
        "article": json.article(evidence.article),
        "snapshot": {
            "sha256": snapshot.hash,
            "taken_at": snapshot.taken_at.isoformat(timespec="seconds"),
            "address": public(snapshot.address),
            "text": snapshot.text,
        },
        "versions": [_version(step) for step in proof.steps],
        "removed_at": evidence.removed_at.isoformat(timespec="seconds") if evidence.removed_at else None,
        "also": [json.article(article) for article in evidence.also],
        "corrects": [json.article(article) for article in evidence.corrects],
        "corrected_by": [json.article(article) for article in evidence.corrected_by],
    }


def _version(step: Step) -> dict[str, Any]:
    revision, snapshot = step.revision, step.version.snapshot
    return {
        "sha256": snapshot.hash,
        "taken_at": snapshot.taken_at.isoformat(timespec="seconds"),
        "quoted": step.quoted,
        "fate": str(revision.fate),
        "changed": [str(what) for what in revision.what],
        "sentence": revision.new.text if revision.new else None,
    }
