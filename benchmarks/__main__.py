"""`make bench`: every benchmark, one after another."""

import subprocess
import sys

for name in ("cold", "embedding", "quality"):
    print(f"\n== {name}", flush=True)
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
