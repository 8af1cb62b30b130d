"""`python -m index.models`: prepares the encoder and the cross-encoders that the settings name.

Returns at once, without torch, when they are there. Exits 2, with one line, when they can't be prepared.
"""

from __future__ import annotations

import sys

from rich.console import Console

from index.errors import PullquoteError
from index.models.prepare import prepare_all
from index.settings import LibrarySettings


def main() -> int:
    """Prepares, and says on a terminal what it is doing."""
    console = Console(stderr=True)
    try:
        settings = LibrarySettings.load()
        with console.status("looking at the models") as status:
            made = prepare_all(settings, lambda step: status.update(f"{step} …"))
    except PullquoteError as error:
        console.print(f"pullquote: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        return 2
    for prepared in made:
        console.print(f"ready: {prepared.manifest.name}", markup=False, highlight=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
