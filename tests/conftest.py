"""One setting for every property test: the same examples on every run, so that a red run means a changed program.

`make soak` looks for new ones: HYPOTHESIS_PROFILE=search draws other examples each time. Tests of what is stored run on
both engines (`database`, see `tests/postgresql.py`).
"""

from __future__ import annotations

import os

from hypothesis import settings

from tests.postgresql import database, postgresql

__all__ = ["database", "postgresql"]

settings.register_profile("same", derandomize=True, database=None)
settings.register_profile("search", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
