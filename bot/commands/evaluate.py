"""`pullquote eval`: how good the answers are on somebody's own questions."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.shared import JsonOption, console, library, print_json
from index.errors import ReadError

if TYPE_CHECKING:
    from index.evaluate import Report, Verdict

BAR = 40


def evaluate(
    questions: Annotated[Path, typer.Argument(help='JSONL: {"question": "…", "gold": ["start of a sentence", …]}')],
    as_json: JsonOption = False,
    plots: Annotated[Path | None, typer.Option("--plots", help="Write the two curves as PNG into this folder.")] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Keep this run, to compare with later.")] = None,
    against: Annotated[Path | None, typer.Option("--against", help="Compare with a run that was kept.")] = None,
) -> None:
    """Measure the answers on your own questions; an empty `gold` means that the bot must be silent.

    A follow-up has its `"previous"` question beside it.

    Prints order (MRR, P@1), what was answered, false answers, calibration, the ten worst mistakes with their scores.

    Examples:

      pullquote eval questions.jsonl --save before.json

      pullquote eval questions.jsonl --against before.json --plots curves/
    """
    from index import evaluate as measures

    cases = measures.read_cases(questions)
    with library(embedded=True) as opened:
        verdicts = list(_watched(measures.evaluate(opened, cases), len(cases)))
    made = measures.report(verdicts)
    better, worse, before = measures.compare(made, against) if against else ([], [], {})
    if save:
        measures.save(made, save)
    if plots:
        _plot(verdicts, plots)
    if as_json:
        print_json(_object(made, better, worse, before))
    else:
        _print(made, before)
        _print_changes("better", better)
        _print_changes("worse", worse)


def _watched(verdicts: Any, total: int) -> Any:
    if not sys.stderr.isatty():
        return verdicts
    from rich.progress import track

    return track(verdicts, "asking", total, console=console(stderr=True))


def _object(
    made: Report, better: Sequence[Verdict], worse: Sequence[Verdict], before: dict[str, Any]
) -> dict[str, Any]:
    from dataclasses import asdict

    from index.evaluate import reliability, risk_coverage, worst

    said = made.figures() | {
        "risk_coverage": risk_coverage(made.verdicts),
        "reliability": reliability(made.verdicts),
        "worst": [asdict(each) for each in worst(made.verdicts)],
    }
    if before:
        said |= {"before": before, "better": [v.question for v in better], "worse": [v.question for v in worse]}
    return said


def _print(made: Report, before: dict[str, Any]) -> None:
    from index.evaluate import reliability, risk_coverage, worst

    for name, value in made.figures().items():
        if value is not None:
            was = before.get(name)
            shown = f"{value:.3f}" if isinstance(value, float) else str(value)
            typer.echo(
                f"{name.replace('_', ' '):20s} {shown}" + (f"  (was {was:.3f})" if isinstance(was, float) else "")
            )
    typer.echo("\nreliability: confidence, share that is right, how many")
    for said, right, count in reliability(made.verdicts):
        typer.echo(f"  {said:5.2f}  {right:5.2f}  {count:5d}  {'#' * round(right * BAR)}")
    typer.echo("\nrisk and coverage: of the most confident share, how many are wrong")
    points = risk_coverage(made.verdicts)
    for share in range(10, 101, 10):
        coverage, risk = points[max(0, len(points) * share // 100 - 1)]
        typer.echo(f"  {coverage:5.2f}  {risk:5.2f}  {'#' * round(risk * BAR)}")
    typer.echo("\nworst mistakes")
    for each in worst(made.verdicts):
        parts = ", ".join(f"{name} {value:.2f}" for name, value in each.parts.items())
        wanted = "silence" if each.must_be_silent else each.expected
        typer.echo(f"  {'answered' if each.answered else 'silent'} at {each.confidence:.2f}: {each.question}")
        typer.echo(f"    said: {each.sentence}\n    wanted: {wanted}\n    [{parts}]")


def _print_changes(name: str, verdicts: Sequence[Verdict]) -> None:
    if verdicts:
        typer.echo(f"\ngot {name}: {len(verdicts)}")
        for each in verdicts:
            typer.echo(f"  {each.question}")


def _plot(verdicts: Sequence[Verdict], folder: Path) -> None:
    """Both curves as PNG files. Raises ReadError where matplotlib is not installed or the folder can't be written."""
    from index.evaluate import reliability, risk_coverage

    try:
        import matplotlib as mpl

        mpl.use("Agg")
        from matplotlib import pyplot
    except ImportError:
        raise ReadError("Plots need matplotlib; install it with: pip install 'pullquote[bench]'.") from None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReadError(f"{folder} can't be made: {error.strerror}.") from error
    curves = {
        "reliability": (
            [(said, right) for said, right, _ in reliability(verdicts)],
            "confidence",
            "share that is right",
        ),
        "risk-coverage": (risk_coverage(verdicts), "share answered", "share of them wrong"),
    }
    for name, (points, x, y) in curves.items():
        figure, axes = pyplot.subplots(figsize=(5, 5))
        axes.plot(*zip(*points, strict=True), marker="o" if name == "reliability" else None)
        if name == "reliability":
            axes.plot([0, 1], [0, 1], linestyle=":", color="grey")
        axes.set(xlabel=x, ylabel=y, xlim=(0, 1), ylim=(0, 1))
        try:
            figure.savefig(folder / f"{name}.png", dpi=120, bbox_inches="tight")
        except OSError as error:
            raise ReadError(f"{folder / name}.png can't be written: {error.strerror}.") from error
        finally:
            pyplot.close(figure)
