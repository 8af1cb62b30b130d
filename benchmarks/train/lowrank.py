"""Corrections of low rank (LoRA; Hu et al., 2021): what a model learns after it shipped, in a tenth of its size.

Each matrix of the layers that may change becomes `weight + share x up @ down`; only `up` and `down` are trained.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils import parametrize

from benchmarks.train.train import is_frozen


class Correction(nn.Module):
    """Adds `share` of `up` (out, rank) times `down` (rank, in) to a weight (out, in); at first that is nothing."""

    def __init__(self, weight: Tensor, rank: int) -> None:
        super().__init__()
        out, width = weight.shape
        self.share = 1.0
        self.up = nn.Parameter(torch.zeros(out, rank))
        self.down = nn.Parameter(torch.randn(rank, width) / math.sqrt(width))

    def forward(self, weight: Tensor) -> Tensor:
        """The corrected weight, in float32 whatever the arithmetic around it is."""
        with torch.autocast("cpu", enabled=False):
            return weight + self.share * (self.up @ self.down)


def attach(module: nn.Module, rank: int, frozen: int) -> dict[str, Correction]:
    """Give the linear layers above the `frozen` lowest a correction; everything else of the module is held still.
    Returns the corrections by the names of the weights that they change."""
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    found: dict[str, Correction] = {}
    for name, linear in list(module.named_modules()):
        if isinstance(linear, nn.Linear) and ".layer." in f".{name}" and not is_frozen(f"{name}.weight", frozen):
            found[f"{name}.weight"] = Correction(linear.weight, rank)
            parametrize.register_parametrization(linear, "weight", found[f"{name}.weight"])
    return found


def put_under(module: nn.Module, layers: Mapping[str, NDArray[np.float32]]) -> None:
    """Put these layers in place of those that the corrections of a module change, and of those that they don't."""
    names = dict(module.named_parameters()).keys()
    for name, array in layers.items():
        parent, _, last = name.rpartition(".")
        under = f"{parent}.parametrizations.{last}.original"
        module.get_parameter(under if under in names else name).data.copy_(torch.from_numpy(array))


def keep_share(corrections: Mapping[str, Correction], share: float) -> None:
    """Let this share of each correction count."""
    for each in corrections.values():
        each.share = share


def factors(corrections: dict[str, Correction], share: float = 1.0, by_rank: bool = False) -> dict[str, Tensor]:
    """Return `NAME.up`, which holds the share, and `NAME.down` of each corrected weight; `by_rank`: `NAME.up` as
    (rank, out), which takes half the room in a file where ranks are few."""
    found = {f"{name}.up": share * each.up.detach() for name, each in corrections.items()}
    found = {name: up.T.contiguous() for name, up in found.items()} if by_rank else found
    return found | {f"{name}.down": each.down.detach().clone() for name, each in corrections.items()}
