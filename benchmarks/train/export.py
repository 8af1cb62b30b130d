"""Trained layers -> the file that ships: safetensors, matrices as int8 (`index.models.trained` reads it)."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

FORMAT = "pullquote-cross/1"


def eight_bit(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Return (out, in) weights as int8 and the float32 scale of each output channel, symmetric."""
    scale = weight.abs().amax(dim=1).clamp_min(1e-12) / 127
    return torch.round(weight / scale[:, None]).to(torch.int8), scale


def ship(
    layers: dict[str, Tensor], path: Path, *, kind: str, base: str, head: tuple[str, ...] = (), **more: str
) -> None:
    """Write the trained layers: matrices as int8 `NAME` with float32 `NAME.scale`, vectors as float32, and the small
    matrices whose names start with one of `head` as float16. `base` is the sha256 of the file started from; `more`
    is said of the file beside it."""
    stored: dict[str, Tensor] = {}
    for name, tensor in layers.items():
        if tensor.ndim < 2:
            stored[name] = tensor.float().contiguous()
        elif head and name.startswith(head):
            stored[name] = tensor.half().contiguous()
        else:
            stored[name], stored[f"{name}.scale"] = eight_bit(tensor.float())
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(stored, path, metadata={"format": FORMAT, "kind": kind, "base": base, **more})
