"""A question from a cold terminal: `pullquote ask` beside the plain script, in turn, as whole processes.

python -m benchmarks.cold [--runs 5] [--articles seeds]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

QUESTION = "How many North Korean soldiers are in Russia?"


@dataclass(frozen=True, slots=True)
class Run:
    """Wall-clock seconds and peak memory in MB of one process."""

    seconds: float
    megabytes: float


MEASURE = """
import os, subprocess, sys, time
began = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, _, usage = os.wait4(process.pid, 0)
print(time.perf_counter() - began, usage.ru_maxrss / 1024)
"""
"""A small process of its own: the peak of a child counts what its parent held when it was started."""


def run(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Runs a command to its end."""
    measure = [sys.executable, "-I", "-S", "-c", MEASURE, *command]
    said = subprocess.run(measure, env=dict(environment), stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return Run(float(said[0]), float(said[1]))


def compare(
    first: Sequence[str], second: Sequence[str], environment: Mapping[str, str], runs: int
) -> list[tuple[Run, Run]]:
    """Pairs of runs, the two commands in turn; a first pair that warms the disk cache is not counted."""
    return [(run(first, environment), run(second, environment)) for _ in range(runs + 1)][1:]


def report(name: str, pairs: Sequence[tuple[Run, Run]]) -> None:
    """Medians, and the ratio pair by pair."""
    ours, plain = zip(*pairs, strict=True)
    ratio = statistics.median(b.seconds / a.seconds for a, b in pairs)
    print(
        f"{name:36s} {statistics.median(r.seconds for r in ours):6.2f} s {max(r.megabytes for r in ours):6.0f} MB"
        f"   plain {statistics.median(r.seconds for r in plain):6.2f} s {max(r.megabytes for r in plain):6.0f} MB"
        f"   {ratio:5.1f} times as fast"
    )


def main() -> None:
    """Prints one line for each setting of the cross-encoder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--articles", type=Path, default=Path("seeds"))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PULLQUOTE_DATA": f"{folder}/data"}
        ask = [sys.executable, "-m", "bot", "ask", QUESTION]
        plain = [sys.executable, "-m", "benchmarks.plain", "ask", folder, QUESTION]
        subprocess.run([sys.executable, "-m", "bot", "add", str(chosen.articles)], env=environment, check=True)
        subprocess.run([sys.executable, "-m", "benchmarks.plain", "build", str(chosen.articles), folder], check=True)
        for setting in ("auto", "off"):
            pairs = compare(ask, plain, environment | {"PULLQUOTE_CROSS_ENCODER": setting}, chosen.runs)
            report(f"pullquote ask, cross-encoder {setting}", pairs)


if __name__ == "__main__":
    main()
