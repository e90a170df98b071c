"""`python -m misread` and the command ``misread``."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    # starting makes some ten thousand objects that all stay; looking through them for cycles is a tenth of the time that it takes
    gc.set_threshold(100_000)
    from misread.cli.app import run

    sys.exit(run())


if __name__ == "__main__":
    main()
