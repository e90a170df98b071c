"""How far a long job is, on stderr: one line that moves in a terminal, a plain line every ten seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_EVERY_TTY, _EVERY_PLAIN = 0.2, 10.0


@contextmanager
def progress(
    doing: str, quiet: bool = False, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[int], None]]:
    """A function to call with the number of records done so far.

    Parameters
    ----------
    doing
        What is being done to records, in the past tense.
    quiet
        Say nothing.
    stream
        Where to; default stderr.
    clock
        Seconds, from anywhere.

    Examples
    --------
    >>> import io
    >>> out, ticks = io.StringIO(), iter([0.0, 11.0])
    >>> with progress("labelled", stream=out, clock=lambda: next(ticks)) as advance:
    ...     advance(2200)
    >>> out.getvalue()
    '2,200 records labelled, 200 a second\\n'
    """
    to = stream or sys.stderr
    tty = to.isatty()
    every = _EVERY_TTY if tty else _EVERY_PLAIN
    start = last = clock()
    moved = False

    def advance(n_done: int) -> None:
        nonlocal last, moved
        now = clock() if not quiet else last
        if now - last < every:
            return
        last, moved = now, True
        line = f"{n_done:,} records {doing}, {n_done / max(now - start, 1e-9):,.0f} a second"
        to.write(f"\r{line}\x1b[K" if tty else line + "\n")
        to.flush()

    try:
        yield advance
    finally:
        if tty and moved:
            to.write("\r\x1b[K")
            to.flush()
