"""`python deploy/audit.py requirements.lock`: compares every pin with the OSV advisory database.

Exit code 1: a pin is in an advisory. Where the database can't be reached it says so and exits 0: a check that can't be
made is no failure, and no proof either. Protocol: https://google.github.io/osv.dev/post-v1-querybatch/
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

DATABASE = "https://api.osv.dev/v1/querybatch"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)")
SECONDS = 10.0


def pins(lock: str) -> list[tuple[str, str]]:
    """Every pinned (name, version) of a lock file."""
    return [(match[1], match[2]) for line in lock.splitlines() if (match := PIN.match(line))]


def advisories(pinned: Sequence[tuple[str, str]], client: httpx.Client) -> Mapping[str, list[str]]:
    """Ids of the advisories for each pin that has some, by `name==version`. Raises httpx.HTTPError, ValueError."""
    queries = [{"package": {"ecosystem": "PyPI", "name": name}, "version": version} for name, version in pinned]
    said = client.post(DATABASE, json={"queries": queries}).raise_for_status().json()
    results = said["results"] if isinstance(said, dict) and len(said.get("results", ())) == len(pinned) else None
    if results is None:
        raise ValueError("the database did not answer every query")
    found = zip(pinned, results, strict=True)
    return {
        f"{pin[0]}=={pin[1]}": [one["id"] for one in result["vulns"]] for pin, result in found if result.get("vulns")
    }


def audit(lock: Path, client: httpx.Client) -> tuple[str, int]:
    """What to say, and the exit code."""
    pinned = pins(lock.read_text("utf-8"))
    try:
        found = advisories(pinned, client)
    except (httpx.HTTPError, ValueError) as error:
        return f"{lock}: not audited, no advisory database can be reached ({type(error).__name__})", 0
    if not found:
        return f"{lock}: none of {len(pinned)} pins is in an advisory", 0
    return "\n".join(f"{lock}: {pin} is in {', '.join(ids)}" for pin, ids in found.items()), 1


if __name__ == "__main__":
    with httpx.Client(timeout=SECONDS) as opened:
        text, code = audit(Path(sys.argv[1]), opened)
    sys.stdout.write(text + "\n")
    raise SystemExit(code)
