"""One setting for every property test: the same examples on every run, so that a red run means a changed program.

`make soak` looks for new ones: HYPOTHESIS_PROFILE=search draws other examples each time.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True, database=None)
settings.register_profile("search", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
