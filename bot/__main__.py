"""`python -m bot` is `pullquote`."""

from __future__ import annotations

import sys


def main() -> None:
    """The console script. Ctrl-C is one line from the first moment on: what the commands import takes a while."""
    try:
        from bot.cli import main as command

        command()
    except KeyboardInterrupt:
        sys.stderr.write("pullquote: stopped; nothing was done.\n")
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
