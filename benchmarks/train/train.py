"""The training loop: binary cross-entropy on labels, and a pull towards a teacher's scores where a pair has one."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn

BUCKET = 64
"""Batches that are sorted by length together, so that little is padded and batches still differ."""


@dataclass(frozen=True)
class Encoded:
    """A pair as token ids; `teacher` is NaN where only the label counts, `weight` scales its loss."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    label: float
    teacher: float = float("nan")
    weight: float = 1.0


@dataclass(frozen=True)
class Batch:
    """Padded pairs: `ids`, `types`, `mask` (b, t) int64; `label`, `teacher`, `weight` (b,) float32."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    label: Tensor
    teacher: Tensor
    weight: Tensor


@dataclass(frozen=True)
class Recipe:
    """What a run depends on, all of it written into the provenance file. `rank`: of the corrections that are trained
    in place of the weights themselves, where it is not 0."""

    rate: float
    head_rate: float
    frozen_layers: int
    seed: int = 12
    batch: int = 32
    warm_up: float = 0.05
    decay: float = 0.01
    teacher_weight: float = 0.1
    minutes: float = 60.0
    rank: int = 0


Scorer = Callable[[Batch], Tensor]


def batch_of(pairs: Sequence[Encoded], pad: int) -> Batch:
    """Return the pairs padded to their longest."""
    width = max(len(pair.ids) for pair in pairs)
    ids = torch.full((len(pairs), width), pad, dtype=torch.long)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, pair in enumerate(pairs):
        ids[row, : len(pair.ids)] = torch.tensor(pair.ids)
        types[row, : len(pair.types)] = torch.tensor(pair.types)
        mask[row, : len(pair.ids)] = 1
    label, teacher, weight = (
        torch.tensor([getattr(pair, name) for pair in pairs], dtype=torch.float32)
        for name in ("label", "teacher", "weight")
    )
    return Batch(ids, types, mask, label, teacher, weight)


def batches(pairs: Sequence[Encoded], size: int, pad: int, rng: random.Random) -> Iterator[Batch]:
    """Yield shuffled batches of about equal lengths, every pair once."""
    order = list(range(len(pairs)))
    rng.shuffle(order)
    for start in range(0, len(order), size * BUCKET):
        bucket = sorted(order[start : start + size * BUCKET], key=lambda i: len(pairs[i].ids))
        cuts = [bucket[i : i + size] for i in range(0, len(bucket), size)]
        rng.shuffle(cuts)
        yield from (batch_of([pairs[i] for i in cut], pad) for cut in cuts)


def loss_of(logits: Tensor, batch: Batch, recipe: Recipe) -> Tensor:
    """Cross-entropy with the labels; with the teacher, Huber's loss on the logits themselves."""
    labelled = nn.functional.binary_cross_entropy_with_logits(logits, batch.label, reduction="none")
    taught = ~torch.isnan(batch.teacher)
    target = torch.where(taught, batch.teacher, logits.detach())
    pull = nn.functional.smooth_l1_loss(logits, target, reduction="none")
    return (batch.weight * (labelled + recipe.teacher_weight * pull)).mean()


def is_frozen(name: str, layers: int) -> bool:
    """Whether a weight is of the embeddings or of the so many lowest layers, which training leaves as they are."""
    return "embeddings" in name or any(f"encoder.layer.{i}." in name for i in range(layers))


def freeze(module: nn.Module, layers: int) -> None:
    """Keep the embeddings and the lowest layers as they are."""
    for name, parameter in module.named_parameters():
        parameter.requires_grad_(not is_frozen(name, layers))


def optimiser(module: nn.Module, recipe: Recipe, head: Sequence[str]) -> torch.optim.Optimizer:
    """AdamW; the layers that are new (`head`) learn at their own rate, vectors without decay."""
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in module.named_parameters():
        if parameter.requires_grad:
            rate = recipe.head_rate if name.startswith(tuple(head)) else recipe.rate
            groups.setdefault((rate, recipe.decay if parameter.ndim > 1 else 0.0), []).append(parameter)
    parts = [{"params": found, "lr": rate, "weight_decay": decay} for (rate, decay), found in groups.items()]
    return torch.optim.AdamW(parts, fused=True)


def train(
    module: nn.Module,
    scorer: Scorer,
    pairs: Sequence[Encoded],
    recipe: Recipe,
    *,
    pad: int,
    head: Sequence[str],
    checkpoint: Path,
    save_every: int = 250,
) -> int:
    """Train for one epoch or `recipe.minutes`, whichever ends first; return the steps taken.

    Arithmetic is bfloat16 where torch's autocast allows it (twice as fast where the processor has it), weights and
    optimiser are float32. The rate falls linearly to nothing at the end, by steps or by time, whichever is further.
    """
    torch.manual_seed(recipe.seed)
    if not recipe.rank:
        freeze(module, recipe.frozen_layers)
    module.train()
    rule = optimiser(module, recipe, head)
    base = [group["lr"] for group in rule.param_groups]
    total = -(-len(pairs) // recipe.batch)
    began, seen, taken, running = time.monotonic(), 0, 0, 0.0
    for step, batch in enumerate(batches(pairs, recipe.batch, pad, random.Random(recipe.seed))):
        elapsed = (time.monotonic() - began) / 60
        done = max(step / total, elapsed / recipe.minutes)
        if done >= 1:
            break
        factor = min(1.0, (step + 1) / (recipe.warm_up * total)) * (1 - done)
        for group, rate in zip(rule.param_groups, base, strict=True):
            group["lr"] = rate * factor
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = scorer(batch)
        loss = loss_of(logits.float(), batch, recipe)
        loss.backward()
        nn.utils.clip_grad_norm_([p for group in rule.param_groups for p in group["params"]], 1.0)
        rule.step()
        rule.zero_grad()
        seen += len(batch.label)
        running += (loss.item() - running) / min(step + 1, 100)
        if step % 50 == 0:
            print(
                f"step {step}/{total} loss {running:.4f} {seen / (elapsed * 60 + 1e-9):.1f} pairs/s {elapsed:.1f} min",
                flush=True,
            )
        if step and step % save_every == 0:
            save_file(changing(module), checkpoint)
        taken = step + 1
    save_file(changing(module), checkpoint)
    return taken


def layers(module: nn.Module, frozen: int) -> dict[str, Tensor]:
    """Return the weights that training may change, detached, by their names."""
    freeze(module, frozen)
    return changing(module)


def changing(module: nn.Module) -> dict[str, Tensor]:
    """Return the weights that are being trained, detached, by their names."""
    return {name: p.detach().contiguous() for name, p in module.named_parameters() if p.requires_grad}


def scores(
    module: nn.Module, scorer: Scorer, pairs: Sequence[Encoded], *, pad: int, size: int = 32
) -> NDArray[np.float32]:
    """Return the logits of the pairs, (n,) float32, in the order given."""
    module.eval()
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].ids))
    found = np.empty(len(pairs), dtype=np.float32)
    for start in range(0, len(order), size):
        chosen = order[start : start + size]
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            logits = scorer(batch_of([pairs[i] for i in chosen], pad))
        found[chosen] = logits.float().numpy()
    return found
