"""The table of `benchmarks.scale` as text, and its plot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.scale_limits import HIDDEN, LAYERS, SKETCH_BYTES

Found = dict[str, Any]


def table(found: Found) -> Iterator[str]:
    """Lines of Markdown."""
    yield f"\n{found['cores']} cores. Ratio: how many times better than what stands beside it."
    if "embedding" in found:
        yield from _embedding(found["embedding"])
    for size, figures in found["sizes"].items():
        yield from _head(f"{int(size):,} sentences", "ours", "flat float32 + FTS5", "ratio")
        yield from _questions(figures["ours"], figures["plain"])
        yield from _changes(figures["ours"], figures["plain"])
        yield from _space(int(size), figures)
    yield from _cold(found)
    yield from _limits(found)


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _head(*cells: str) -> Iterator[str]:
    yield ""
    yield row(*cells)
    yield "|" + "---|" * len(cells)


def _both(name: str, first: float, second: float, unit: str, digits: int = 1) -> str:
    return row(name, f"{first:.{digits}f} {unit}", f"{second:.{digits}f} {unit}", f"{second / first:.1f}")


def _embedding(said: Found) -> Iterator[str]:
    yield from _head("embedding", "ours", "sentence-transformers", "ratio, pair by pair")
    for name, key in (("an archive, the same model", "e5"), ("an archive, MiniLM", "minilm")):
        yield row(name, f"{said['ours']:.0f} /s", f"{said[key]:.0f} /s", f"{said[f'to_{key}']:.2f}")
    yield row(
        f"P@1 by the vectors alone, {said['asked']} questions", f"{said['p1_ours']:.3f}", f"{said['p1_e5']:.3f}", ""
    )
    yield row("one question", f"{said['one_ours']:.1f} ms", f"{said['one_e5']:.1f} ms", f"{said['one_ratio']:.1f}")


def _questions(ours: Found, plain: Found) -> Iterator[str]:
    yield _both("a question, p50, embedding included", ours["question.p50"], plain["question.p50"], "ms")
    yield _both("a question, p99, embedding included", ours["question.p99"], plain["question.p99"], "ms")
    yield row("of it the two searches, p50", "", f"{plain['search.p50']:.1f} ms", "")
    yield row("recall@10 of exact", f"{ours['recall']:.4f}", "1", "")
    yield row("an answer, read by the cross-encoder, p50", f"{ours['answer.p50']:.0f} ms", "", "")
    for name in ("in", "source", "since"):
        usual, first = ours[f"filter.{name}.p50"], ours[f"filter.{name}.first"]
        yield row(f"a question with --{name}, p50", f"{usual:.1f} ms, the first {first:.0f}", "", "")
    rates = [ours[f"at_once.{count}"] for count in (1, 10, 100)]
    one = 1000 / plain["question.p50"]
    said = ", ".join(f"{rate:.0f}" for rate in rates)
    yield row("questions/s with 1, 10, 100 at once", said, f"{one:.0f}, one at a time", f"{max(rates) / one:.1f}")


def _changes(ours: Found, plain: Found) -> Iterator[str]:
    yield _both("opening", ours["open"], plain["open"], "s", 2)
    for name, key in (("durable", "add.durable"), ("answered from", "add.answerable")):
        yield _both(f"adding an article: {name}", ours[key], plain["rebuild"], "s", 2)
    yield _both("removing an article: gone", ours["remove"], plain["rebuild"], "s", 2)


def _space(size: int, figures: Found) -> Iterator[str]:
    ours, plain, parts = figures["ours"], figures["plain"], figures["bytes"]
    yield _both("memory of the process, with its models", ours["mb"], plain["mb"], "MB", 0)
    own = [f"{side['mb.own']:.0f}; {side['mb.peak']:.0f} MB" for side in (ours, plain)]
    yield row("of it not shared with files; all at the peak", *own, "")
    yield row("stored, without embedding", f"{figures['filled']['rate']:.0f} sentences/s", "", "")
    shares = {name: part / size for name, part in sorted(parts.items(), key=lambda part: -part[1])}
    said = ", ".join(f"{name} {share:.0f}" for name, share in shares.items() if share >= 1)
    beside = (plain["bytes.flat"] + plain["bytes.words"]) / size
    yield row("bytes a sentence on disk", f"{sum(shares.values()):.0f}: {said}", f"{beside:.0f}, in memory", "")


def _cold(found: Found) -> Iterator[str]:
    said, killed = found["cold"], found["killed"]
    yield from _head(f"{max(map(int, found['sizes'])):,} sentences, cold", "ours", "plain script", "ratio")
    for setting in ("auto", "off"):
        yield _both(f"`pullquote ask`, cross-encoder {setting}", said[setting], said[f"{setting}.plain"], "s", 2)
        yield _both("its memory", said[f"{setting}.mb"], said[f"{setting}.plain.mb"], "MB", 0)
    twice = killed["kept"] + killed["again"] - killed["sentences"]
    yield (
        f"\nA build of {killed['sentences']:,.0f} killed with -9 at {killed['kept']:,.0f}: the next run embedded "
        f"{killed['again']:,.0f}, {twice:,.0f} of them twice, and has all {killed['stored']:,.0f}."
    )


def _limits(found: Found) -> Iterator[str]:
    limits, sizes = found["limits"], {int(size): figures for size, figures in found["sizes"].items()}
    size = max(sizes)
    ours, plain = sizes[size]["ours"], sizes[size]["plain"]
    yield from _head("this machine's limit", "", "how near")
    sketch = size * SKETCH_BYTES / (ours["nearest.p50"] * 1e6)
    flat = size * 4 * HIDDEN / (plain["flat.p50"] * 1e6)
    near = f"the vector search reads its sketch at {sketch:.1f} GB/s; a flat float32 index at {flat:.1f}"
    yield row("reading memory, one core", f"{limits['read'] / 1e9:.1f} GB/s", near)
    if "embedding" in found:
        done = found["embedding"]["ours"] * found["embedding"]["tokens"] * LAYERS * 24 * HIDDEN**2
        for name in ("int8", "float32"):
            near = f"embedding's products: {done / 1e9:.0f} Gop/s, {done / limits[name]:.0%}"
            yield row(f"{name} products, all cores", f"{limits[name] / 1e9:.0f} Gop/s", near)
    near = f"adding an article takes {ours['add.durable'] / limits['fsync']:.0f} of them"
    yield row("fsync of a page", f"{limits['fsync'] * 1000:.1f} ms", near)


def plot(found: Found, path: Path) -> None:
    """Four panels over the size of the library, both axes logarithmic."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    sizes = [int(size) for size in found["sizes"]]
    panels = (
        ("a question, p50 (ms)", "question.p50", "question.p50"),
        ("opening (s)", "open", "open"),
        ("an article answered from (s)", "add.answerable", "rebuild"),
        ("memory of the process (MB)", "mb", "mb"),
    )
    figure, axes = pyplot.subplots(1, len(panels), figsize=(16, 3.6))
    for axis, (title, first, second) in zip(axes, panels, strict=True):
        for side, name in (("ours", first), ("plain", second)):
            label = "Pullquote" if side == "ours" else "flat float32 + FTS5"
            axis.loglog(sizes, [each[side][name] for each in found["sizes"].values()], marker="o", label=label)
        axis.set(title=title, xlabel="sentences")
    axes[0].legend()
    figure.savefig(path, dpi=120, bbox_inches="tight")
